"""Visits to honoured people."""

from jobs.runner import JobContext
from nominations.services import care_visits


def plan_festival_visits(context: JobContext) -> int:
    """Plan the visits of a festival that is near; gives their number."""
    return context.write(care_visits.plan_festivals)


def remind_care_visits(context: JobContext) -> int:
    """Tell staff of visits that are due; gives the number of visits."""
    return context.each(care_visits.to_remind, care_visits.remind)
