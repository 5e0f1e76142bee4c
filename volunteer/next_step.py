"""What a person should do next: one thing, in words. Pure.

First what is lost by waiting (an offer ends), then what has to be done where the person stands,
then what others wait for; a seat of today or tomorrow goes before a rating, a later one after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from core import clock


class StepCode(StrEnum):
    TAKE_OFFER = "take_offer"
    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    CONFIRM_RECORD = "confirm_record"
    COME = "come"
    RATE_ORDER = "rate_order"
    WAIT_FOR_LEADER = "wait_for_leader"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that may ask for a step. `since` and `until` are when it can be done: an offer
    taken, a check-in or a check-out made."""

    id: UUID
    title: str
    place: str = ""
    starts_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Matters:
    """All that is open for one person, the most urgent of each kind first."""

    offers: Sequence[Matter] = ()
    presences: Sequence[Matter] = ()
    """Checked in and not out."""
    seats: Sequence[Matter] = ()
    """Confirmed, and not come yet."""
    records: Sequence[Matter] = ()
    """Written down by the leader, to be confirmed by the person."""
    orders: Sequence[Matter] = ()
    """Served, and not rated."""
    unresolved: Sequence[Matter] = ()
    """Attendances whose check-out was missed."""
    undecided: Sequence[Matter] = ()
    """Sign-ups that the organizer has not decided on."""


@dataclass(frozen=True, slots=True)
class NextStep:
    code: StepCode
    sentence: str
    about_id: UUID | None = None
    """Of the sign-up, attendance or order that it is about."""


NOTHING = NextStep(StepCode.NONE, "目前没有要办的事")


def next_step(matters: Matters, at: datetime) -> NextStep:
    """The one thing to do next at this instant."""
    soon = clock.start_of(clock.day_of(at) + timedelta(days=2))
    to_come = [seat for seat in matters.seats if seat.since is not None and at < seat.since]
    candidates = (
        (StepCode.TAKE_OFFER, _open(matters.offers, at)),
        (StepCode.CHECK_OUT, _open(matters.presences, at)),
        (StepCode.CHECK_IN, _open(matters.seats, at)),
        (StepCode.CONFIRM_RECORD, matters.records),
        (StepCode.COME, [s for s in to_come if s.starts_at is not None and s.starts_at < soon]),
        (StepCode.RATE_ORDER, matters.orders),
        (StepCode.COME, to_come),
        (StepCode.WAIT_FOR_LEADER, _unresolved(matters, at)),
    )
    for code, found in candidates:
        if found:
            return NextStep(code, _sentence(code, found[0], at), found[0].id)
    if matters.undecided:
        first = matters.undecided[0]
        words = f"您报名的“{first.title}”正在等待组织者审核"
        return NextStep(StepCode.WAIT_FOR_LEADER, words, first.id)
    return NOTHING


def _open(found: Sequence[Matter], at: datetime) -> Sequence[Matter]:
    return [matter for matter in found if matter.is_open(at)]


def _unresolved(matters: Matters, at: datetime) -> Sequence[Matter]:
    """Those missed, and those about to be called so: nobody can check out any more."""
    too_late = [p for p in matters.presences if p.until is not None and p.until <= at]
    return [*matters.unresolved, *too_late]


def _sentence(code: StepCode, about: Matter, at: datetime) -> str:
    title, place = about.title, about.place
    starts, until = _when(about.starts_at, at), _when(about.until, at)
    match code:
        case StepCode.TAKE_OFFER:
            return f"“{title}”为您保留了名额，请在{until}前确认"
        case StepCode.CHECK_OUT:
            return f"您已签到“{title}”，离开时请签退，最晚{until.rstrip()}"
        case StepCode.CHECK_IN:
            return f"请到{place}，为“{title}”签到"
        case StepCode.CONFIRM_RECORD:
            return f"负责人登记您参加了“{title}”，请确认是否属实"
        case StepCode.COME:
            return f"{starts}到{place}，参加“{title}”"
        case StepCode.RATE_ORDER:
            return f"您的点单“{title}”已完成，请评价"
        case _:
            return f"“{title}”没有签退，正在等待负责人确认您的离开时间"


def _when(instant: datetime | None, at: datetime) -> str:
    if instant is None:
        return ""
    local = instant.astimezone(clock.SHANGHAI)
    days = (local.date() - clock.day_of(at)).days
    day = {0: "今天", 1: "明天"}.get(days, f"{local.month}月{local.day}日")
    return f"{day} {local:%H:%M} "
