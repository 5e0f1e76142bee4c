"""Plays two days person by person: last Saturday, longer than a day may count at once, and the
fair of yesterday, where people came in by every way that there is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from cli.demo import calendar
from cli.demo.roster import NO_RECORD, UNTIL_NOON, WHOLE
from cli.demo.service import Play
from core import clock
from volunteer import codes
from volunteer.geofence import Position
from volunteer.models.attendances import Attendance, Direction
from volunteer.models.shifts import Shift
from volunteer.services import (
    attendance_changes,
    attendances,
    deputies,
    placements,
    reviews,
    shifts,
)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

APPROVED, LEFT_AT_NOON = 36, 35
SATURDAY = {
    13: WHOLE,
    29: WHOLE,
    APPROVED: WHOLE,
    LEFT_AT_NOON: UNTIL_NOON,
    30: NO_RECORD,
    31: NO_RECORD,
    32: NO_RECORD,
}

DEPUTY, FORGOT, WRITTEN_DOWN, WALKED_IN = 10, 4, 42, 43
BY_CODE, BY_DIGITS, BY_PLACE, BY_PERSONAL_CODE, BY_PACKET = 36, 37, 38, 39, 41

STAFF = "demo-weidu"

Way = Callable[[int, Shift, Direction], Attendance]


def plan(play: Play) -> None:
    """Both are over when the load begins; of the Saturday one review has been decided."""
    play.serve(calendar.MOVING, SATURDAY)
    play.script.at(play.cast.now - 12 * HOUR, lambda: _approve_review(play))
    spans = play.spans_of(calendar.FAIR)

    def open_fair() -> None:
        opened = play.open(calendar.FAIR, spans, calendar.FAIR.capacity)
        play.close(opened)
        _Fair(play, opened.shifts[0]).hold()

    play.script.at(spans[0].starts_at - 6 * DAY, open_fair)


def _approve_review(play: Play) -> None:
    shift = play.opened[calendar.MOVING.title].shifts[0]
    reviews.approve(play.cast.staff[STAFF], play.attendances[APPROVED, shift.id])


class _Fair:
    """Who comes, and by what they check in and out."""

    def __init__(self, play: Play, shift: Shift) -> None:
        self.play, self.shift = play, shift
        self.leader = play.leader(calendar.FAIR.project)

    def hold(self) -> None:
        begins, ends = self.shift.starts_at, self.shift.ends_at
        self.play.follow_plan(self.shift)
        ways: dict[int, Way] = {
            BY_CODE: self.by_code,
            BY_DIGITS: self.by_digits,
            BY_PLACE: self.by_place,
            BY_PERSONAL_CODE: self.by_personal_code,
            BY_PACKET: self.by_packet,
            FORGOT: self.by_code,
            WALKED_IN: self.by_code,
        }
        self.play.script.at(begins - 3 * DAY, self.name_deputy)
        self.play.script.at(begins - 9 * MINUTE, self.admit)
        for order, number in enumerate((*ways, WRITTEN_DOWN)):
            if number != WALKED_IN:
                self.play.sign_up(number, self.shift.id, begins - 2 * DAY + order * 11 * MINUTE)
        for order, (number, way) in enumerate(ways.items()):
            self.pass_gate(number, way, begins + (order - 8) * MINUTE, Direction.IN)
            if number != FORGOT:
                self.pass_gate(number, way, ends + order * MINUTE, Direction.OUT)
        self.play.script.at(ends + 20 * MINUTE, self.write_down)

    def pass_gate(self, number: int, way: Way, instant: datetime, direction: Direction) -> None:
        self.play.script.at(instant, partial(way, number, self.shift, direction))

    def name_deputy(self) -> None:
        deputy = self.play.cast.citizens[DEPUTY]
        deputies.replace(self.leader, self.shift.activity_id, [deputy.id])

    def admit(self) -> None:
        """Somebody came by without having signed up."""
        placements.walk_in(
            self.leader, self.shift.id, person_id=self.play.cast.citizens[WALKED_IN].id
        )

    def by_code(self, number: int, shift: Shift, direction: Direction) -> Attendance:
        code = codes.issue(shifts.code_key(), shift.id, clock.now()).code
        return _act(direction)(self.play.cast.citizens[number], code=code)

    def by_digits(self, number: int, shift: Shift, direction: Direction) -> Attendance:
        digits = codes.issue(shifts.code_key(), shift.id, clock.now()).digits
        return _act(direction)(self.play.cast.citizens[number], digits=digits, shift_id=shift.id)

    def by_place(self, number: int, shift: Shift, direction: Direction) -> Attendance:
        where = calendar.FAIR.details
        position = Position(where["latitude"], where["longitude"], accuracy=25)
        citizen = self.play.cast.citizens[number]
        return _act(direction)(citizen, shift_id=shift.id, position=position)

    def by_personal_code(self, number: int, shift: Shift, direction: Direction) -> Attendance:
        """The deputy scans what the volunteer shows."""
        code = attendances.show_personal_code(self.play.cast.citizens[number]).code
        deputy = self.play.cast.citizens[DEPUTY]
        return attendances.scan(deputy, shift.id, code=code, direction=direction)

    def by_packet(self, number: int, shift: Shift, direction: Direction) -> Attendance:
        """The leader's phone has no signal and shows what it fetched before."""
        now = clock.now()
        packet = codes.packet(shifts.code_key(), shift.id, now, now + MINUTE)
        return _act(direction)(self.play.cast.citizens[number], code=next(packet).code)

    def write_down(self) -> None:
        """Somebody's phone was dead: the leader writes it down, and the person has yet to say
        that it is so."""
        attendance_changes.record(
            self.leader,
            self.shift.id,
            person_id=self.play.cast.citizens[WRITTEN_DOWN].id,
            checked_in_at=self.shift.starts_at,
            checked_out_at=self.shift.ends_at,
            reason="手机没电，全程在理发摊帮忙，负责人和副负责人都在场。",
        )


def _act(direction: Direction) -> Callable[..., Attendance]:
    return attendances.check_in if direction is Direction.IN else attendances.check_out
