"""Checking what was uploaded, writing what was confirmed, and forgetting both."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from schemas import imports as volunteer_imports
from schemas import selection_imports
from volunteer.services import import_work, imports
from volunteer.services.import_kinds import Kinds

KINDS: Kinds = {**volunteer_imports.KINDS, **selection_imports.KINDS}
"""All that an import may be."""


def process_imports(context: JobContext) -> int:
    """Check every upload and write every confirmed import, a batch in a transaction; gives the
    number of imports. One that fails is tried again when its lease is over."""
    checked = context.every(
        import_work.to_check, lambda i: import_work.check(context.app, i, KINDS)
    )
    return checked + context.every(
        import_work.to_write, lambda i: import_work.write_all(context.app, i, KINDS)
    )


def forget_imports(context: JobContext) -> int:
    """Cancel what nobody confirmed, and forget old reports and stray uploads."""
    for path in context.read(imports.stray_files):
        path.unlink(missing_ok=True)
    lapsed = context.each(imports.to_lapse, lambda i: imports.lapse(SYSTEM, i))
    return lapsed + context.each(imports.to_forget, imports.forget)
