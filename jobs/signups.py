"""Freed seats go to those who wait, and people are told about their shifts."""

from core.actor import SYSTEM
from jobs.runner import JobContext
from volunteer.services import reminders, waitlists, wards


def promote_waitlist(context: JobContext) -> int:
    """Offer the free seats of every shift in which somebody waits; gives the number of shifts."""
    return context.each(waitlists.to_fill, lambda shift_id: waitlists.fill(SYSTEM, shift_id))


def expire_offers(context: JobContext) -> int:
    """End the offers that nobody took; gives their number."""
    return context.each(waitlists.to_expire, lambda i: waitlists.expire(SYSTEM, i))


def lapse_signups(context: JobContext) -> int:
    """End what was neither seated nor decided when its shift began; gives the number."""
    return context.each(waitlists.to_lapse, lambda i: waitlists.lapse(SYSTEM, i))


def release_wards(context: JobContext) -> int:
    """Give up the seats of minors whose guardian took the consent back; gives their number."""
    return context.each(wards.to_release, lambda i: wards.release(SYSTEM, i))


def tell_seats(context: JobContext) -> int:
    """Tell everybody who has got a seat; gives the number of people."""
    return context.each(reminders.to_tell, reminders.tell_seat)


def remind_people(context: JobContext) -> int:
    """Remind everybody of their shift of the next day, and tell organizers where too few have
    signed up; gives the number of people and shifts."""
    reminded = context.each(reminders.to_remind, reminders.remind)
    return reminded + context.each(reminders.to_warn_thin, reminders.warn_thin)
