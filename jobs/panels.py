"""Panels near and at the end of their time."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from nominations.services import panels


def close_panels(context: JobContext) -> int:
    """Close every panel whose date has come, if there is a quorum; gives the number looked at."""
    return context.each(panels.to_close, lambda i: panels.close_due(SYSTEM, i))


def remind_panelists(context: JobContext) -> int:
    """Remind members of what they have left to judge; gives the number looked at."""
    return context.each(panels.to_remind, lambda i: panels.remind(SYSTEM, i))
