"""Where there is no signal: packets of codes, and rolls that are sent later, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import NotFound
from jobs.shifts import advance_shifts
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer import personal_codes
from volunteer.errors import ActivityNotOpen, CodeExpired, CodeInvalid, CodeUsed, PacketNotDue
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance, CheckMethod, Direction
from volunteer.models.hours import Ledger
from volunteer.models.roll_entries import RollEntry
from volunteer.services import activities, attendances, roll_entries, rolls, shifts, signups
from volunteer.services.roll_entries import Entry, Outcome

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ELEVEN = NINE + 2 * HOUR
IN, OUT = Direction.IN, Direction.OUT


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def packet_code(scene: Scene, at: datetime) -> str:
    """What the leader's phone shows at this time, from a packet fetched beforehand."""
    with clock.frozen(DAY_BEFORE):
        codes = shifts.issue_packet(scene.organizer, scene.shift_id)
    return next(c.code for c in codes if c.since <= at < c.until)


def scanned(volunteer: Actor, at: datetime, direction: Direction, nonce: str) -> Entry:
    """The leader's phone scans a personal code."""
    code = personal_codes.issue(shifts.code_key(), volunteer.id, at).code
    return Entry(nonce, direction, at, personal_code=code)


def marked(volunteer: Actor, at: datetime, direction: Direction, nonce: str) -> Entry:
    return Entry(nonce, direction, at, person_id=volunteer.id)


def sent(scene: Scene, at: datetime, *entries: Entry, by: Actor | None = None) -> list[Outcome]:
    with clock.frozen(at):
        return roll_entries.send(by or scene.organizer, scene.shift_id, entries=entries)


def told(outcomes: list[Outcome]) -> list[str]:
    return [o.outcome for o in outcomes]


def attendance_of(volunteer: Actor) -> Attendance:
    query = select(Attendance).where(Attendance.person_id == volunteer.id)
    return db.session.scalars(query).one()


# -- packets


@pytest.mark.parametrize(
    ("at", "is_due"),
    [
        (NINE - 24 * HOUR - timedelta(seconds=1), False),
        (NINE - 24 * HOUR, True),
        (ELEVEN + 2 * HOUR - timedelta(seconds=1), True),
        (ELEVEN + 2 * HOUR, False),
    ],
)
def test_a_packet_is_given_from_the_day_before(scene: Scene, at: datetime, is_due: bool) -> None:
    with clock.frozen(at):
        if not is_due:
            with pytest.raises(PacketNotDue):
                shifts.issue_packet(scene.organizer, scene.shift_id)
            return
        codes = shifts.issue_packet(scene.organizer, scene.shift_id)
    assert len(codes) == 30 + 120 + 120
    assert (codes[0].since, codes[-1].until) == (NINE - 30 * MINUTE, ELEVEN + 2 * HOUR)


def test_packets_are_for_those_who_lead_what_takes_place(scene: Scene) -> None:
    with clock.frozen(DAY_BEFORE):
        with pytest.raises(NotFound):
            shifts.issue_packet(make.volunteer(), scene.shift_id)
        activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
        with pytest.raises(ActivityNotOpen):
            shifts.issue_packet(scene.organizer, scene.shift_id)


def test_a_packet_code_works_at_once_where_the_volunteer_has_signal(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE):
        attendance = attendances.check_in(volunteer, code=packet_code(scene, NINE))
    assert attendance.check_in_method is CheckMethod.PACKET
    assert not attendance.is_offline


# -- what the volunteer's phone kept


def late(volunteer: Actor, code: str, at: datetime, direction: Direction, nonce: str) -> Outcome:
    return roll_entries.send_late(
        volunteer, code=code, scanned_at=at, nonce=nonce, direction=direction
    )


def test_scans_without_signal_count_when_they_were_made(scene: Scene) -> None:
    volunteer, came, left = make.signed_up(scene), NINE + 5 * MINUTE, NINE + 100 * MINUTE
    with clock.frozen(ELEVEN + 5 * HOUR):
        late(volunteer, packet_code(scene, came), came, IN, "nonce-in-1")
        last = late(volunteer, packet_code(scene, left), left, OUT, "nonce-out-1")
        again = late(volunteer, packet_code(scene, left), left, OUT, "nonce-out-1")
    attendance = attendance_of(volunteer)
    assert (attendance.checked_in_at, attendance.checked_out_at) == (came, left)
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.COUNTED, 95)
    assert (attendance.is_offline, attendance.ledger) == (True, Ledger.VERIFIED)
    assert last == again
    assert last.attendance is attendance


def test_a_rotating_code_does_not_come_late(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE):
        code = make.code_of(scene.shift_id)
    with clock.frozen(ELEVEN), pytest.raises(CodeInvalid):
        late(volunteer, code, NINE, IN, "nonce-in-1")


def test_a_packet_code_was_shown_in_its_minute_only(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(ELEVEN), pytest.raises(CodeExpired):
        late(volunteer, packet_code(scene, NINE), NINE + 3 * MINUTE, IN, "nonce-in-1")


def test_one_packet_code_is_not_both_in_and_out(scene: Scene) -> None:
    volunteer, code = make.signed_up(scene), packet_code(scene, NINE)
    with clock.frozen(ELEVEN):
        late(volunteer, code, NINE, IN, "nonce-in-1")
        outcome = late(volunteer, code, NINE + 2 * MINUTE, OUT, "nonce-out-1")
    assert outcome.outcome == CodeUsed.code


@pytest.mark.parametrize(("hours", "outcome"), [(71.99, "accepted"), (72, "entry_too_late")])
def test_entries_arrive_within_three_days(scene: Scene, hours: float, outcome: str) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(ELEVEN + timedelta(hours=hours)):
        assert late(volunteer, packet_code(scene, NINE), NINE, IN, "nonce-1").outcome == outcome


def test_what_comes_after_the_roll_was_closed_still_counts(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        volunteer = make.signed_up(scene)
        came, left = packet_code(scene, NINE), packet_code(scene, ELEVEN)
    with clock.frozen(ELEVEN + 25 * HOUR):
        make.run(rolled_back, advance_shifts)
        with stored(rolled_back):
            activities.finish(SYSTEM, scene.activity_id)
            assert late(volunteer, came, NINE, IN, "nonce-in-1").outcome == "accepted"
            assert late(volunteer, left, ELEVEN, OUT, "nonce-out-1").outcome == "accepted"
            assert attendance_of(volunteer).minutes == 120


def test_a_missed_check_out_is_mended_by_the_one_that_was_scanned(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with clock.frozen(NINE):
        attendance = attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
    with clock.frozen(ELEVEN + 2 * HOUR):
        attendances.miss_check_out(SYSTEM, attendance.id)
    with clock.frozen(ELEVEN + 3 * HOUR):
        late(volunteer, packet_code(scene, ELEVEN), ELEVEN, OUT, "nonce-out-1")
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.COUNTED, 120)


def test_a_morning_without_signal_is_told_during_the_afternoon(scene: Scene) -> None:
    """The person is checked in elsewhere by then, which is no reason to lose the morning."""
    volunteer, after = make.signed_up(scene), make.scene(starts_at=ELEVEN)
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, after.shift_id)
    came, left = packet_code(scene, NINE), packet_code(scene, ELEVEN)
    with clock.frozen(ELEVEN - MINUTE):
        attendances.check_in(volunteer, code=make.code_of(after.shift_id))
        elsewhere = late(volunteer, came, NINE, IN, "nonce-too-soon")
        assert elsewhere.outcome == "checked_in_elsewhere", "the shift is not over yet"
    with clock.frozen(ELEVEN + 10 * MINUTE):
        waiting = late(volunteer, came, NINE, IN, "nonce-in-1").attendance
        assert waiting is not None
        assert waiting.status is AttendanceStatus.PENDING_CHECK_OUT
        counted = late(volunteer, left, ELEVEN, OUT, "nonce-out-1").attendance
    assert counted is not None
    assert (counted.id, counted.minutes) == (waiting.id, 120)


def test_the_phone_of_a_volunteer_confirms_the_roll_of_the_leader(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    entries = (marked(volunteer, NINE, IN, "nonce-1"), marked(volunteer, ELEVEN, OUT, "nonce-2"))
    sent(scene, ELEVEN, *entries)
    assert attendance_of(volunteer).awaits_person
    with clock.frozen(ELEVEN + HOUR):
        late(volunteer, packet_code(scene, NINE), NINE, IN, "nonce-3")
    attendance = attendance_of(volunteer)
    assert (attendance.status, attendance.ledger) == (AttendanceStatus.COUNTED, Ledger.VERIFIED)


# -- what the leader's phone kept


def test_a_roll_is_entered_in_the_order_of_time(scene: Scene) -> None:
    """However the phone lists it, arrival comes before leaving."""
    volunteer = make.signed_up(scene)
    outcomes = sent(
        scene,
        ELEVEN + HOUR,
        scanned(volunteer, ELEVEN, OUT, "nonce-2"),
        scanned(volunteer, NINE, IN, "nonce-1"),
    )
    assert [(o.nonce, o.outcome) for o in outcomes] == [
        ("nonce-2", "accepted"),
        ("nonce-1", "accepted"),
    ]
    attendance = attendance_of(volunteer)
    assert (attendance.minutes, attendance.check_in_method) == (120, CheckMethod.PERSONAL_CODE)
    assert (attendance.is_offline, attendance.awaits_person) == (True, False)


def test_one_bad_entry_does_not_lose_the_rest(scene: Scene) -> None:
    good, guest = make.signed_up(scene), make.volunteer("没报名的人")
    stale = scanned(make.signed_up(scene, "李志愿"), NINE - 5 * MINUTE, IN, "nonce-3")
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(scene.organizer, scene.shift_id)
    entries = (
        scanned(guest, NINE, IN, "nonce-1"),
        scanned(good, NINE, IN, "nonce-2"),
        Entry("nonce-3", IN, NINE, personal_code=stale.personal_code),
        scanned(scene.organizer, NINE, IN, "nonce-4"),
        marked(good, ELEVEN + HOUR, OUT, "nonce-5"),
        scanned(good, NINE - 31 * MINUTE, IN, "nonce-6"),
    )
    first = sent(scene, ELEVEN, *entries)
    assert told(first) == [
        "not_signed_up",
        "accepted",
        "personal_code_invalid",
        "own_attendance",
        "invalid_input",
        "check_in_closed",
    ]
    assert first == sent(scene, ELEVEN + HOUR, *entries), "a repeat has the same answer"
    assert first[0].sentence.startswith("您没有")
    assert attendance_of(good).checked_in_at == NINE
    assert db.session.scalar(select(func.count()).select_from(RollEntry)) == 6


def test_a_nonce_stands_for_one_entry(scene: Scene) -> None:
    one, other = make.signed_up(scene), make.signed_up(scene, "李志愿")
    sent(scene, ELEVEN, scanned(one, NINE, IN, "nonce-1"))
    outcomes = sent(scene, ELEVEN, scanned(other, NINE, IN, "nonce-1"))
    assert told(outcomes) == ["nonce_reused"]
    assert outcomes[0].attendance is None


@pytest.mark.parametrize(
    ("hours", "status", "ledger"),
    [
        (0, AttendanceStatus.UNCONFIRMED, Ledger.VERIFIED),
        (5, AttendanceStatus.COUNTED, Ledger.HONORARY),
    ],
)
def test_people_marked_by_hand_confirm_or_count_apart(
    scene: Scene, hours: int, status: AttendanceStatus, ledger: Ledger
) -> None:
    volunteer = make.signed_up(scene)
    sent(
        scene,
        ELEVEN + hours * HOUR,
        marked(volunteer, NINE, IN, "nonce-1"),
        marked(volunteer, ELEVEN, OUT, "nonce-2"),
    )
    attendance = attendance_of(volunteer)
    assert (attendance.status, attendance.ledger) == (status, ledger)


def test_rolls_are_of_those_who_lead(scene: Scene) -> None:
    volunteer = make.signed_up(scene)
    with pytest.raises(NotFound):
        sent(scene, ELEVEN, scanned(volunteer, NINE, IN, "nonce-1"), by=make.volunteer())


def test_a_roll_over_midnight(ctx: Flask) -> None:
    starts_at = datetime(2028, 2, 28, 23, 30, tzinfo=clock.SHANGHAI)
    scene = make.scene(starts_at=starts_at, minutes=60)
    volunteer = make.volunteer()
    with clock.frozen(starts_at - HOUR):
        signups.sign_up(volunteer, scene.shift_id)
    left = starts_at + HOUR
    sent(
        scene,
        left + HOUR,
        scanned(volunteer, starts_at, IN, "nonce-1"),
        scanned(volunteer, left, OUT, "nonce-2"),
    )
    assert attendance_of(volunteer).minutes == 60
    assert rolls.to_close_roll() == []


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        one, other = make.signed_up(scene), make.signed_up(scene, "李志愿")
        own = scanned(other, NINE, IN, "x").personal_code
    leader, path = http.as_(scene.organizer), f"/shifts/{scene.shift_id}"
    with clock.frozen(DAY_BEFORE):
        assert http.as_(one).post(f"{path}/code-packets").status_code == 404
        packet: Any = leader.post(f"{path}/code-packets").json
    code = next(i["code"] for i in packet["items"] if i["since"].startswith("2027-05-01T09:00"))
    with clock.frozen(ELEVEN + HOUR):
        body = {
            "code": code,
            "scanned_at": (NINE + MINUTE).isoformat(),
            "nonce": "nonce-of-one",
            "direction": "in",
        }
        outcome: Any = http.as_(one).post("/attendances/late", json=body)
        assert (outcome.status_code, outcome.json["outcome"]) == (200, "accepted")
        assert outcome.json["attendance"]["status"] == "checked_in"
        entries = [
            {"nonce": "nonce-of-1", "direction": "in", "at": NINE.isoformat(), **who}
            for who in ({"personal_code": own}, {"person_id": str(scene.staff.id)})
        ]
        entries[1]["nonce"] = "nonce-of-2"
        roll: Any = leader.post(f"{path}/rolls", json={"entries": entries})
        assert [i["outcome"] for i in roll.json["items"]] == ["accepted", "not_signed_up"]
        assert roll.json["items"][1]["sentence"]
        both = {**entries[0], **entries[1]}
        assert leader.post(f"{path}/rolls", json={"entries": [both]}).status_code == 422
        assert leader.post(f"{path}/rolls", json={"entries": []}).status_code == 422
