"""Forgetting the bytes of files that nobody may see any more."""

from jobs.runner import JobContext
from nominations.services import attachments


def forget_attachments(context: JobContext) -> int:
    """Forget the bytes of removed and long refused files, and of uploads that never became one."""
    purged = context.every(attachments.to_purge, lambda i: attachments.purge(context.app, i))
    return purged + attachments.sweep(context.app)
