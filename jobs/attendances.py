"""No honest hour is lost because somebody forgot to say something."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import attendance_changes, missed_check_outs


def remind_check_outs(context: JobContext) -> int:
    """Remind those who have not checked out; gives their number."""
    return context.each(missed_check_outs.to_remind, missed_check_outs.remind)


def chase_check_outs(context: JobContext) -> int:
    """Ask leaders for the times of leaving that wait for them, once a day; gives the number of
    shifts."""
    return context.each(missed_check_outs.to_chase, missed_check_outs.chase)


def lapse_unconfirmed(context: JobContext) -> int:
    """Count what nobody confirmed in time; gives the number of attendances."""
    return context.each(attendance_changes.to_lapse, lambda i: attendance_changes.lapse(SYSTEM, i))
