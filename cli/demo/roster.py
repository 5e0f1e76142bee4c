"""Who is asked for which shift of the demo, and how long they stay."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count


@dataclass(frozen=True, slots=True)
class Presence:
    """Minutes from the start of the shift to the arrival, and from its end to the leaving.
    `arrives` None: never came; `leaves` None as well: never checked out."""

    arrives: int | None
    leaves: int | None


USUAL = (
    Presence(-8, 2),
    Presence(-3, 0),
    Presence(0, 6),
    Presence(12, 1),
    Presence(-15, -10),
    Presence(-5, 4),
    Presence(4, 0),
    Presence(-2, -18),
)
"""On time, too late, left too early; the first three miss nothing."""

NO_RECORD = Presence(None, None)
LEFT_AT_HALF = Presence(0, -75)
"""Less than 60 % of two or three hours."""
HOUR_LATE = Presence(60, 0)
WHOLE = Presence(-8, 2)
UNTIL_NOON = Presence(-4, -6 * 60)


@dataclass
class Roster:
    """Every volunteer in turn, and nobody twice a day."""

    volunteers: list[int]
    _busy: set[tuple[int, date]] = field(default_factory=set)
    _turns: "count[int]" = field(default_factory=count)

    def take(self, day: date, number: int, *, but: int) -> list[int]:
        """Those who are free that day, who waited longest first; `but` leads and can't."""
        self._busy.add((but, day))
        taken = [n for n in self.volunteers if (n, day) not in self._busy][:number]
        for n in taken:
            self._busy.add((n, day))
            self.volunteers.remove(n)
            self.volunteers.append(n)
        return taken

    def presence(self, *, is_long: bool) -> Presence:
        """Mostly there in time; sometimes not at all, and from short shifts away too soon."""
        turn = next(self._turns)
        if turn % 23 == 11:
            return NO_RECORD
        if turn % 19 == 7 and not is_long:
            return LEFT_AT_HALF
        return USUAL[turn % len(USUAL)]
