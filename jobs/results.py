"""Computing every result again at night."""

import logging

from jobs.runner import JobContext
from nominations.services import result_views

log = logging.getLogger(__name__)


def recheck_results(context: JobContext) -> int:
    """Compute every result from its stored inputs. A difference is an alarm: it is logged as an
    error and fails the run, so that readiness says `degraded`. Gives the number of results."""
    standing = context.read(result_views.standing)
    for result_id in standing:
        differing = context.read(lambda result_id=result_id: result_views.recheck(result_id))  # type: ignore[misc]
        if differing:
            context.failures += 1
            log.error(
                "a result does not follow from its inputs",
                extra={"result": str(result_id), "differing": differing},
            )
    return len(standing)
