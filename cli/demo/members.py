"""Plays who belongs to the organisations of the demo, and who takes part without a phone."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from accounts.services import guardians, registrations
from cli.demo import calendar, content
from cli.demo.cast import site_id
from cli.demo.service import Play
from core import clock
from volunteer.services import memberships, signups

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

HELPER = "demo-helper-weidu"
SUN = "sun"
SECOND_ORGANIZER = 12

MEMBERS = {
    SUN: (2, 3, 4, 10, 11, SECOND_ORGANIZER, 13, 28, 29, 30, 31, 32, 38, content.MINOR),
    "campus": (40, 41, 42, 43),
    "kiln": (45, 46, 47, 48),
    "flower": (49, 50, 51),
    "bee": (52, 53, 54, 55),
    "rescue": (56, 57, 58),
    "media": (59, 60, 61),
}
APPLICANTS = {SUN: (35, 37), "campus": (44,), "media": (39,)}
"""Their organizers have yet to decide."""
DECLINED, LEFT = 36, 38
"""Of the first organisation."""

AT_COUNTER_NAME, AT_COUNTER_AGE = "耿玉山", 78
AT_COUNTER_NUMBER = len(content.CITIZENS) + 1
"""Registered on paper by the helper: has no WeChat and so no account."""
PAPER = "演示档案：西大街街道 2026 年第 1 盒 7 号"


def plan(play: Play) -> None:
    """Members join in the first week; applications of the last two days are open."""
    _Members(play).plan()


class _Members:
    """The requests of this part; keeps the memberships by citizen."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.memberships: dict[int, UUID] = {}

    def plan(self) -> None:
        script, now = self.play.script, self.play.cast.now
        first = self.play.cast.joined_at + 4 * DAY
        script.at(first, self.consent_to_minor)
        for key, numbers in MEMBERS.items():
            for order, number in enumerate(numbers, start=1):
                self.join(key, number, first + order * 20 * MINUTE)
        for key, numbers in APPLICANTS.items():
            for number in numbers:
                script.at(now - 2 * DAY + number * MINUTE, partial(self.apply, key, number))
        script.at(first + 9 * DAY, self.turn_away)
        script.at(first + 60 * DAY, self.leave)
        script.at(now - 7 * HOUR, self.register_at_counter)

    def join(self, key: str, number: int, applied_at: datetime) -> None:
        """Applied, and accepted two hours later; one of them is made an organizer."""

        def accept() -> None:
            organizer = self.play.cast.citizens[self.play.organizer_of[key]]
            membership = memberships.accept(organizer, self.memberships[number]).membership
            if number == SECOND_ORGANIZER:
                memberships.appoint(organizer, membership.id)
                self.play.cast.renew(number)

        self.play.script.at(applied_at, partial(self.apply, key, number))
        self.play.script.at(applied_at + 2 * HOUR, accept)

    def apply(self, key: str, number: int) -> None:
        citizen = self.play.cast.citizens[number]
        self.memberships[number] = memberships.apply(citizen, self.play.organizations[key]).id

    def turn_away(self) -> None:
        self.apply(SUN, DECLINED)
        memberships.decline(
            self.play.cast.citizens[self.play.organizer_of[SUN]],
            self.memberships[DECLINED],
            reason="队里近期主要在周六服务，您周六要上班，欢迎先以个人身份参加平日的活动。",
        )

    def leave(self) -> None:
        memberships.leave(self.play.cast.citizens[LEFT], self.memberships[LEFT])

    def consent_to_minor(self) -> None:
        """The guardian scans the code on the minor's phone."""
        code = guardians.invite(self.play.cast.citizens[content.MINOR]).code
        guardians.give(
            self.play.cast.citizens[content.GUARDIAN], code=code, companion="巩铁军（父亲）"
        )

    def register_at_counter(self) -> None:
        """A helper registers somebody without a phone, and signs them up."""
        helper = self.play.cast.staff[HELPER]
        born = clock.today().year - AT_COUNTER_AGE
        person = registrations.register(
            helper,
            name=AT_COUNTER_NAME,
            id_number=content.id_number(AT_COUNTER_NUMBER, born),
            site_id=site_id("411002001"),
            paper_reference=PAPER,
        )
        shift = self.play.opened[calendar.FOR_ELDERLY].shifts[0]
        signups.sign_up_on_behalf(helper, shift.id, person_id=person.id)
