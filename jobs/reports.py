"""Freezing monthly reports."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import reports


def freeze_reports(context: JobContext) -> int:
    """Write every report that is due; gives their number."""
    return context.each(reports.to_freeze, lambda site_id: reports.freeze(SYSTEM, site_id))
