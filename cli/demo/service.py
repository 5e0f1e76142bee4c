"""Plays the volunteer service of the demo: who organises, what was served, what comes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from cli.demo import calendar, content
from cli.demo.calendar import LONG_POST, ComingActivity, PastActivity
from cli.demo.cast import Cast, site_id
from cli.demo.content import OrganizationText, ProjectText
from cli.demo.roster import HOUR_LATE, USUAL, Presence, Roster
from cli.demo.script import Script
from core import clock
from core.actor import SYSTEM, Actor
from volunteer import codes
from volunteer.models.attendances import Direction
from volunteer.models.shifts import Rest, Shift
from volunteer.services import (
    activities,
    attendances,
    closings,
    organizations,
    projects,
    rolls,
    shifts,
    signups,
)

FIRST_IN_QUEUE = 3
READY_FOR_SOON = (2, 3, 20, 21, 22, 23)
PLANNED_APART = frozenset(
    {1, 2, 3, 4, 7, 8, content.BACKFILLED, content.OFFERED, content.MINOR, *content.REGULARS}
)
"""What these do is planned one by one, or left to a trial."""

MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
SEATS_SPARE = 4

NO_OTHERS: Mapping[int, Presence] = {}


def plan(cast: Cast, script: Script) -> "Play":
    """From the first application to the present moment."""
    play = Play(cast, script)
    for order, text in enumerate(content.ORGANIZATIONS):
        play.found(text, cast.joined_at + timedelta(hours=1 + order))
    for order, project in enumerate(content.PROJECTS):
        play.start(project, cast.joined_at + timedelta(days=3, hours=order))
    for past in calendar.PAST:
        play.serve(past)
    for coming in (*calendar.COMING, calendar.SOON):
        play.offer(coming)
    play.leave_work_for_staff()
    return play


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a shift, or of one post in it."""

    starts_at: datetime
    ends_at: datetime
    post: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An activity with its shifts in order of time."""

    id: UUID
    leader: int
    shifts: list[Shift]


class Play:
    """Puts the requests of volunteers, organizers and staff into the script.

    What it keeps by title or number comes into being while the script plays."""

    def __init__(self, cast: Cast, script: Script) -> None:
        self.cast, self.script = cast, script
        self.today = clock.day_of(cast.now)
        self.organizations: dict[str, UUID] = {}
        self.projects: dict[str, UUID] = {}
        self.opened: dict[str, Opened] = {}
        self.signups: dict[tuple[int, UUID], UUID] = {}
        self.attendances: dict[tuple[int, UUID], UUID] = {}
        self.organizer_of = {o.key: o.organizer for o in content.ORGANIZATIONS}
        self.leader_of = {p.key: self.organizer_of[p.organization] for p in content.PROJECTS}
        registered = (c.number for c in content.CITIZENS if c.name is not None)
        self.roster = Roster([n for n in registered if n not in PLANNED_APART])

    # -- organisations and projects

    def found(self, text: OrganizationText, applied_at: datetime) -> None:
        """Applied for one day, approved the next."""

        def approve() -> None:
            is_of_weidu = text.site.startswith("411002")
            staff = self.cast.staff["demo-weidu" if is_of_weidu else "demo-city"]
            organizations.approve(staff, self.organizations[text.key])
            self.cast.renew(text.organizer)

        self.script.at(applied_at, lambda: self._apply(text))
        self.script.at(applied_at + DAY, approve)

    def _apply(self, text: OrganizationText) -> None:
        applicant = self.cast.citizens[text.organizer]
        applied = organizations.apply(
            applicant, name=text.name, site_id=site_id(text.site), summary=text.summary
        )
        self.organizations[text.key] = applied.id

    def start(self, text: ProjectText, submitted_at: datetime) -> None:
        """Handed in, and approved two days later."""
        self.script.at(submitted_at, lambda: self._propose(text))
        self.script.at(
            submitted_at + 2 * DAY,
            lambda: projects.approve(self.cast.staff["demo-city"], self.projects[text.key]),
        )

    def _propose(self, text: ProjectText) -> None:
        organizer = self.cast.citizens[self.organizer_of[text.organization]]
        project = projects.create(
            organizer,
            organization_id=self.organizations[text.organization],
            action=text.action,
            category_code=text.category,
            title=text.title,
            summary=text.summary,
        )
        projects.submit(organizer, project.id)
        self.projects[text.key] = project.id

    def leave_work_for_staff(self) -> None:
        """An application and a project to decide on, and a project that was sent back."""
        returned, yesterday = content.SENT_BACK_PROJECT, self.cast.now - DAY
        self.script.at(yesterday - 3 * DAY, lambda: self._propose(returned))
        self.script.at(
            yesterday - DAY,
            lambda: projects.send_back(
                self.cast.staff["demo-weidu"],
                self.projects[returned.key],
                reason=content.SENT_BACK_REASON,
            ),
        )
        self.script.at(yesterday, lambda: self._propose(content.WAITING_PROJECT))
        self.script.at(yesterday + MINUTE, lambda: self._apply(content.APPLYING))

    # -- activities that are over

    def serve(self, past: PastActivity, others: Mapping[int, Presence] = NO_OTHERS) -> None:
        """Published six days before its first shift, held, finished and settled. `others` come
        beside those whom the roster names."""
        monday = self.today - timedelta(days=self.today.weekday())
        day = monday - past.weeks * WEEK + past.weekday * DAY
        first = clock.start_of(day) + timedelta(hours=past.hour)
        spans = [Span(first + n * WEEK, first + n * WEEK + past.length) for n in range(past.shifts)]
        regulars = len(content.REGULARS) if past.project == LONG_POST else 0
        capacity = past.people + regulars + len(others) + SEATS_SPARE

        def open_and_hold() -> None:
            opened = self.open(past, spans, capacity)
            for order, shift in enumerate(opened.shifts):
                self._hold(past, shift, order, others)
            self.close(opened)

        self.script.at(first - 6 * DAY, open_and_hold)

    def _hold(
        self, past: PastActivity, shift: Shift, order: int, others: Mapping[int, Presence]
    ) -> None:
        """One shift: people sign up in the days before, come, and go."""
        self.follow_plan(shift)
        signed_up_at = shift.starts_at - 3 * DAY
        for number, presence in (*self._expected(past, shift, order), *others.items()):
            signed_up_at += 17 * MINUTE
            self.sign_up(number, shift.id, signed_up_at)
            if presence.arrives is not None:
                self._scan(number, shift, shift.starts_at + presence.arrives * MINUTE)
            if presence.leaves is not None:
                self._scan(number, shift, shift.ends_at + presence.leaves * MINUTE, is_leaving=True)

    def follow_plan(self, shift: Shift) -> None:
        """What the job does on the day of a shift and the day after it."""
        for instant, move in (
            (shift.starts_at, rolls.begin),
            (shift.ends_at, rolls.end),
            (shift.ends_at + rolls.CLOSES_AFTER, rolls.close_roll),
        ):
            if instant <= self.cast.now:
                self.script.at(instant, partial(move, SYSTEM, shift.id))

    def _expected(
        self, past: PastActivity, shift: Shift, order: int
    ) -> Iterator[tuple[int, Presence]]:
        """Who comes and how. The n-th of the regulars misses n Saturdays."""
        if past.project == LONG_POST:
            for n, number in enumerate(content.REGULARS):
                is_late = (past.title, order, number) == calendar.CAME_LATE
                if order > 0 or past.weeks > 4 + 4 * n:
                    yield number, HOUR_LATE if is_late else USUAL[(n + order) % 3]
        leader, day = self.leader_of[past.project], clock.day_of(shift.starts_at)
        is_long = past.length == calendar.LONG
        for number in self.roster.take(day, past.people, but=leader):
            yield number, self.roster.presence(is_long=is_long)

    def _scan(
        self, number: int, shift: Shift, instant: datetime, *, is_leaving: bool = False
    ) -> None:
        """Scan the code that the leader shows at that instant; one of the regulars organises too,
        so their own codes are scanned instead (decision 17)."""

        def scan() -> None:
            if number in content.REGULARS:
                code = attendances.show_personal_code(self.cast.citizens[number]).code
                direction = Direction.OUT if is_leaving else Direction.IN
                leader = self.leader(LONG_POST)
                scanned = attendances.scan(leader, shift.id, code=code, direction=direction)
                self.attendances[number, shift.id] = scanned.id
                return
            code = codes.issue(shifts.code_key(), shift.id, clock.now()).code
            act = attendances.check_out if is_leaving else attendances.check_in
            attendance = act(self.cast.citizens[number], code=code)
            self.attendances[number, shift.id] = attendance.id

        self.script.at(instant, scan)

    def close(self, opened: Opened) -> None:
        """What the jobs do after the end: finish it, and once the roll is closed settle it."""

        def finish() -> None:
            for attendance_id in attendances.to_miss():
                attendances.miss_check_out(SYSTEM, attendance_id)
            activities.finish(SYSTEM, opened.id)

        def settle() -> None:
            if opened.id in closings.to_settle():
                closings.settle(SYSTEM, opened.id)

        ends_at = max(shift.ends_at for shift in opened.shifts)
        self.script.at(ends_at + activities.CLOSES_AFTER, finish)
        if (settled_at := ends_at + rolls.CLOSES_AFTER + MINUTE) <= self.cast.now:
            self.script.at(settled_at, settle)

    # -- activities to come

    def offer(self, coming: ComingActivity) -> None:
        """Published three days ago; some have signed up since yesterday."""
        spans = self.spans_of(coming)

        def open_and_fill() -> None:
            opened = self.open(coming, spans, coming.capacity)
            signed_up_at = self.cast.now - DAY
            for order, number in enumerate(self._takers(coming, spans[0].starts_at)):
                signed_up_at += 9 * MINUTE
                shift = opened.shifts[order % len(opened.shifts)]
                self.sign_up(number, shift.id, signed_up_at)

        self.script.at(self.cast.now - 3 * DAY, open_and_fill)

    def spans_of(self, coming: ComingActivity) -> list[Span]:
        """One for each of its posts."""
        start = clock.start_of(self.today + coming.days * DAY) + timedelta(hours=coming.hour)
        if coming is calendar.SOON:
            start = _rounded_up(self.cast.now + calendar.SOON_AFTER)
        return [Span(start, start + coming.length, post) for post in coming.posts]

    def _takers(self, coming: ComingActivity, start: datetime) -> Sequence[int]:
        """In order of sign-up."""
        if coming is calendar.SOON:
            return READY_FOR_SOON
        leader, day = self.leader_of[coming.project], clock.day_of(start)
        takers = self.roster.take(day, coming.signups, but=leader)
        if coming.title == calendar.FULL:
            takers[coming.capacity : coming.capacity] = [content.OFFERED, FIRST_IN_QUEUE]
        return takers

    # -- common to both

    def open(self, text: PastActivity | ComingActivity, spans: list[Span], capacity: int) -> Opened:
        """Hand in an activity; it is approved and published a minute later."""
        opened = self.hand_in(text, spans, capacity)
        organizer, later = self.leader(text.project), clock.now() + MINUTE
        self.script.at(later, lambda: activities.approve(self.cast.staff["demo-city"], opened.id))
        self.script.at(later, lambda: activities.publish(organizer, opened.id))
        return opened

    def hand_in(
        self, text: PastActivity | ComingActivity, spans: list[Span], capacity: int
    ) -> Opened:
        """Draft an activity with a shift for every span, and submit it."""
        organizer = self.leader(text.project)
        details = text.details if isinstance(text, ComingActivity) else {}
        activity = activities.create(
            organizer,
            project_id=self.projects[text.project],
            title=text.title,
            place=text.place,
            **details,
        )
        made = [
            shifts.create(
                organizer,
                activity.id,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                post=span.post,
                capacity=capacity,
                breaks=_lunch(text, span),
            )
            for span in spans
        ]
        activities.submit(organizer, activity.id)
        opened = Opened(activity.id, self.leader_of[text.project], made)
        self.opened[text.title] = opened
        return opened

    def leader(self, project: str) -> Actor:
        return self.cast.citizens[self.leader_of[project]]

    def sign_up(self, number: int, shift_id: UUID, instant: datetime) -> None:
        def sign_up() -> None:
            signup = signups.sign_up(self.cast.citizens[number], shift_id)
            self.signups[number, shift_id] = signup.id

        self.script.at(instant, sign_up)


def _lunch(text: PastActivity | ComingActivity, span: Span) -> list[Rest]:
    if isinstance(text, PastActivity) or text.lunch_at is None:
        return []
    noon = clock.start_of(clock.day_of(span.starts_at)) + timedelta(hours=text.lunch_at)
    return [Rest(noon, noon + timedelta(hours=1))]


def _rounded_up(instant: datetime) -> datetime:
    """The next whole five minutes: a time to be read aloud."""
    past = timedelta(
        minutes=instant.minute % 5, seconds=instant.second, microseconds=instant.microsecond
    )
    return instant - past + (5 * MINUTE if past else timedelta())
