"""What makes a ballot look bought: rules as data, and the score of a set of ballots. Pure.

Ballots are looked at in groups that share something: a network, a device, a choice. A rule speaks
about a ballot because of its group, or because of what WeChat thinks of its account; each adds
points once. No rule reaches the threshold alone, so a ballot is held only where different signs
meet: a proud village that votes for its candidate in one evening, from one network, with new
accounts, stays below it.

A score proves nothing. It decides which ballots two people look at (design/tally, "Fraud").
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from core.clock import SHANGHAI


class Risk(StrEnum):
    """What WeChat says of the account in the scene of cheating in promotions."""

    UNASKED = "unasked"
    """It would change nothing (`wants_rank`)."""
    PENDING = "pending"
    """About to be asked."""
    RANK_0 = "rank_0"
    RANK_1 = "rank_1"
    RANK_2 = "rank_2"
    RANK_3 = "rank_3"
    RANK_4 = "rank_4"
    """The worst."""
    NOT_SEEN = "not_seen"
    """Error 61010: WeChat has not seen the account that has just voted. Suspicious, not safe."""
    UNKNOWN = "unknown"
    """WeChat could not be asked, or not in time."""


class Sign(StrEnum):
    """A reason code: what speaks against a ballot."""

    BURST = "burst"
    RHYTHM = "rhythm"
    SAME_CHOICES = "same_choices"
    NEW_ACCOUNTS = "new_accounts"
    NIGHT = "night"
    SHARED_DEVICE = "shared_device"
    RISKY_ACCOUNT = "risky_account"


class GroupKind(StrEnum):
    """What ballots of a group have in common. In this order a ballot is put to a group that
    several rules speak of."""

    NETWORK = "network"
    DEVICE = "device"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Burst:
    """So many ballots of a network within a short time."""

    points: int
    ballots: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Rhythm:
    """So many ballots of a group one after another at equal distances, each within `tolerance`
    (a part of 1) of the first; distances below `shortest` are no rhythm but a crowd."""

    points: int
    ballots: int
    tolerance: float
    shortest: timedelta


@dataclass(frozen=True, slots=True)
class SameChoices:
    """So many ballots with the very same choices from one network, or from one device."""

    points: int
    from_network: int
    from_device: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class NewAccounts:
    """So many accounts of one network that are at most `days` old."""

    points: int
    ballots: int
    days: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Night:
    """So many ballots of a network in one night, from `begins` to `ends` (hours in Shanghai), and
    at least this percentage of what it cast from noon to noon."""

    points: int
    ballots: int
    percent: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class SharedDevice:
    """So many people on one device."""

    points: int
    voters: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class SuspicionRules:
    """Every figure is ours: none was found in public. A change is another version, which stands in
    the log and with each ballot that was held by it."""

    version: str
    threshold: int
    burst: Burst
    rhythm: Rhythm
    same_choices: SameChoices
    new_accounts: NewAccounts
    night: Night
    shared_device: SharedDevice
    risky_account: Mapping[Risk, int]
    """Points by what WeChat says; what is not listed has none."""


RULES = SuspicionRules(
    version="1",
    threshold=60,
    burst=Burst(points=15, ballots=20, within=timedelta(minutes=10)),
    rhythm=Rhythm(points=40, ballots=10, tolerance=0.1, shortest=timedelta(seconds=5)),
    same_choices=SameChoices(points=10, from_network=15, from_device=5, within=timedelta(hours=24)),
    new_accounts=NewAccounts(points=20, ballots=15, days=3, within=timedelta(hours=24)),
    night=Night(points=20, ballots=15, percent=60, begins=1, ends=5),
    shared_device=SharedDevice(points=45, voters=5, within=timedelta(hours=24)),
    risky_account=MappingProxyType(
        {
            Risk.RANK_2: 10,
            Risk.RANK_3: 25,
            Risk.RANK_4: 35,
            Risk.NOT_SEEN: 35,
            Risk.UNKNOWN: 10,
        }
    ),
)

LOOKS_BACK = timedelta(hours=24)
"""No rule looks at ballots that are further apart than this: noon to noon, and every `within`."""


@dataclass(frozen=True, slots=True)
class Signals:
    """One ballot as the rules see it. `network`, `device` and `choices` are opaque: equal or not.
    None is not known, and equals nothing."""

    ballot: str
    voter: str
    period: str
    revision: int
    cast_at: datetime
    choices: str
    network: str | None = None
    device: str | None = None
    account_age_days: int = 0
    risk: Risk = Risk.UNASKED


Group = tuple[GroupKind, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """`group` is None for what lies in the account alone."""

    sign: Sign
    points: int
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Reasons in the order of `Sign`, each sign once."""

    reasons: tuple[Reason, ...] = ()

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)

    @property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(reason.sign for reason in self.reasons)

    @property
    def group(self) -> Group | None:
        """The group that it belongs to as a finding: its network, device or choices."""
        groups = {reason.group for reason in self.reasons if reason.group is not None}
        order = tuple(GroupKind)
        return min(groups, key=lambda group: (order.index(group[0]), group[1]), default=None)


def score_all(ballots: Iterable[Signals], rules: SuspicionRules = RULES) -> dict[str, Score]:
    """The score of every ballot that stands: of a voter and period the highest revision. Their
    order does not matter, and a ballot that shares no network, device or choice with another
    changes nothing about it."""
    standing = _standing(ballots)
    spoken: dict[str, dict[Sign, Reason]] = defaultdict(dict)

    def speak(sign: Sign, points: int, group: Group | None, about: Iterable[Signals]) -> None:
        for ballot in about:
            spoken[ballot.ballot].setdefault(sign, Reason(sign, points, group))

    for group, members in _groups(standing):
        for sign, points, find in _ASKED[group[0]](rules):
            speak(sign, points, group, find(members))
    for ballot in standing:
        if risky := rules.risky_account.get(ballot.risk):
            speak(Sign.RISKY_ACCOUNT, risky, None, [ballot])
    return {ballot.ballot: _score(spoken[ballot.ballot]) for ballot in standing}


def _score(said: Mapping[Sign, Reason]) -> Score:
    return Score(tuple(said[sign] for sign in Sign if sign in said))


def is_held(score: Score, rules: SuspicionRules = RULES) -> bool:
    """Whether a ballot of this score is put in quarantine."""
    return score.points >= rules.threshold


def wants_rank(score: Score, rules: SuspicionRules = RULES) -> bool:
    """Whether a rank by WeChat could put a ballot of this score, known without one, in quarantine:
    of all others WeChat is told nothing."""
    worst = max(rules.risky_account.values())
    return score.points < rules.threshold <= score.points + worst


Find = Callable[[Sequence[Signals]], Iterable[Signals]]
"""From the ballots of a group, in order of time, to those that a rule speaks about."""


def _of_network(rules: SuspicionRules) -> Iterable[tuple[Sign, int, Find]]:
    burst, night, new = rules.burst, rules.night, rules.new_accounts
    same = rules.same_choices
    yield Sign.BURST, burst.points, lambda of: _crowded(of, burst.ballots, burst.within)
    yield Sign.RHYTHM, rules.rhythm.points, lambda of: _rhythmic(of, rules.rhythm)
    yield (
        Sign.SAME_CHOICES,
        same.points,
        lambda of: _alike(of, same.from_network, same.within),
    )
    yield Sign.NEW_ACCOUNTS, new.points, lambda of: _new(of, new)
    yield Sign.NIGHT, night.points, lambda of: _at_night(of, night)


def _of_device(rules: SuspicionRules) -> Iterable[tuple[Sign, int, Find]]:
    shared, same = rules.shared_device, rules.same_choices
    yield Sign.SHARED_DEVICE, shared.points, lambda of: _shared(of, shared)
    yield Sign.SAME_CHOICES, same.points, lambda of: _alike(of, same.from_device, same.within)


def _of_choices(rules: SuspicionRules) -> Iterable[tuple[Sign, int, Find]]:
    yield Sign.RHYTHM, rules.rhythm.points, lambda of: _rhythmic(of, rules.rhythm)


_ASKED = MappingProxyType(
    {
        GroupKind.NETWORK: _of_network,
        GroupKind.DEVICE: _of_device,
        GroupKind.CHOICES: _of_choices,
    }
)
"""Which rules look at a group of a kind."""


def _standing(ballots: Iterable[Signals]) -> list[Signals]:
    last: dict[tuple[str, str], Signals] = {}
    for ballot in ballots:
        slot = (ballot.voter, ballot.period)
        if slot not in last or last[slot].revision < ballot.revision:
            last[slot] = ballot
    return sorted(last.values(), key=lambda ballot: (ballot.cast_at, ballot.ballot))


def _groups(standing: Iterable[Signals]) -> list[tuple[Group, list[Signals]]]:
    """By kind in its order, then by key; within a group in order of time."""
    found: dict[Group, list[Signals]] = defaultdict(list)
    for ballot in standing:
        keys = (ballot.network, ballot.device, ballot.choices)
        for kind, key in zip(GroupKind, keys, strict=True):
            if key is not None:
                found[kind, key].append(ballot)
    order = tuple(GroupKind)
    return sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))


def _windows(of: Sequence[Signals], within: timedelta) -> Iterable[Sequence[Signals]]:
    """The longest runs of ballots that lie no further apart than `within`."""
    first = 0
    for last, ballot in enumerate(of):
        while ballot.cast_at - of[first].cast_at > within:
            first += 1
        ends = last + 1 == len(of) or of[last + 1].cast_at - of[first].cast_at > within
        if ends:
            yield of[first : last + 1]


def _crowded(of: Sequence[Signals], ballots: int, within: timedelta) -> Iterable[Signals]:
    for window in _windows(of, within):
        if len(window) >= ballots:
            yield from window


def _alike(of: Sequence[Signals], ballots: int, within: timedelta) -> Iterable[Signals]:
    by_choices: dict[str, list[Signals]] = defaultdict(list)
    for ballot in of:
        by_choices[ballot.choices].append(ballot)
    for same in by_choices.values():
        yield from _crowded(same, ballots, within)


def _new(of: Sequence[Signals], rule: NewAccounts) -> Iterable[Signals]:
    young = [ballot for ballot in of if ballot.account_age_days <= rule.days]
    return _crowded(young, rule.ballots, rule.within)


def _shared(of: Sequence[Signals], rule: SharedDevice) -> Iterable[Signals]:
    for window in _windows(of, rule.within):
        if len({ballot.voter for ballot in window}) >= rule.voters:
            yield from window


def _at_night(of: Sequence[Signals], rule: Night) -> Iterable[Signals]:
    days: dict[Any, list[Signals]] = defaultdict(list)
    for ballot in of:
        days[(ballot.cast_at.astimezone(SHANGHAI) - timedelta(hours=12)).date()].append(ballot)
    for day in days.values():
        late = [
            ballot
            for ballot in day
            if rule.begins <= ballot.cast_at.astimezone(SHANGHAI).hour < rule.ends
        ]
        if len(late) >= rule.ballots and len(late) * 100 >= rule.percent * len(day):
            yield from late


def _rhythmic(of: Sequence[Signals], rule: Rhythm) -> Iterable[Signals]:
    run: list[Signals] = []
    step = timedelta()
    for ballot in of:
        gap = ballot.cast_at - run[-1].cast_at if run else timedelta()
        if len(run) > 1 and abs(gap - step) > step * rule.tolerance:
            if len(run) >= rule.ballots:
                yield from run
            run = run[-1:]
        if len(run) == 1:
            step = gap
            if not rule.shortest <= step <= LOOKS_BACK:
                run = []
        run.append(ballot)
    if len(run) >= rule.ballots:
        yield from run


def dump(rules: SuspicionRules = RULES) -> dict[str, Any]:
    """As JSON for the public log: durations in seconds, parts of 1 as text."""
    plain: dict[str, Any] = _plain(rules)
    return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return str(value) if isinstance(value, float) else value
