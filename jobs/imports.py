"""Checking what was uploaded, writing what was confirmed, and forgetting both."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from schemas.imports import SHAPES
from volunteer.services import import_work, imports


def process_imports(context: JobContext) -> int:
    """Check every upload and write every confirmed import, a batch in a transaction; gives the
    number of imports. One that fails is tried again when its lease is over."""
    checked = context.every(
        import_work.to_check, lambda i: import_work.check(context.app, i, SHAPES)
    )
    return checked + context.every(
        import_work.to_write, lambda i: import_work.write_all(context.app, i)
    )


def forget_imports(context: JobContext) -> int:
    """Cancel what nobody confirmed, and forget old reports and stray uploads."""
    for path in context.read(imports.stray_files):
        path.unlink(missing_ok=True)
    lapsed = context.each(imports.to_lapse, lambda i: imports.lapse(SYSTEM, i))
    return lapsed + context.each(imports.to_forget, imports.forget)
