"""Making the exports that were asked for, and removing old files."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import exports


def make_exports(context: JobContext) -> int:
    """Make every export that waits; gives the number made."""
    return context.every(exports.to_make, lambda i: exports.make(context.app, i))


def expire_exports(context: JobContext) -> int:
    """Remove the files that were kept long enough, and what interrupted makers left."""
    exports.sweep()
    return context.each(exports.to_expire, lambda i: exports.expire(SYSTEM, i))
