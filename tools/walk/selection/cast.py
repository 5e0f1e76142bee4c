"""Who is in the selection, all invented, and what is known of each case."""

from dataclasses import dataclass, field
from fractions import Fraction

from tools.walk.selection.stage import Player, Stage

COUNTIES = {"魏都区": "411002", "禹州市": "411081", "长葛市": "411082", "襄城县": "411025"}
"""Codes of civil affairs. Nobody reviews for 襄城县, so its cases pass up at once."""
WITHOUT_REVIEWER = "襄城县"

HELPING, FILIAL, DEDICATION, INTEGRITY, BRAVERY = (
    "helping_others",
    "filial_piety",
    "dedication",
    "integrity",
    "bravery",
)
QUOTAS = {HELPING: 2, FILIAL: 1, DEDICATION: 1, INTEGRITY: 1, BRAVERY: 1}
TOTAL = 4
"""Places in the ranking; the withheld one stands beside it, which makes five."""

PROGRESS = "nomination_progress"
"""The message that says how a case fares."""

HIDDEN_NAME = "端木惊涛"
"""The name that nobody may read."""


@dataclass(frozen=True)
class Nominee:
    """`merit` is about what the panel gives, of 100."""

    key: str
    name: str
    category: str
    county: str
    merit: int
    kind: str = "person"


NOMINEES = (
    Nominee("doctor", "马清泉", HELPING, "魏都区", 94),
    Nominee("cook", "王桂兰", HELPING, "魏都区", 91),
    Nominee("twin", "王桂兰", HELPING, "魏都区", 0),
    Nominee("drivers", "颍川爱心车队", HELPING, "禹州市", 84, kind="group"),
    Nominee("teacher", "周继红", HELPING, "长葛市", 81),
    Nominee("barber", "高文静", HELPING, "襄城县", 78),
    Nominee("daughter", "郭小英", FILIAL, "长葛市", 89),
    Nominee("son", "陈守义", FILIAL, "魏都区", 80),
    Nominee("engineer", "韩志强", DEDICATION, "禹州市", 85),
    Nominee("nurse", "宋玉梅", DEDICATION, "襄城县", 85),
    Nominee("grocer", "刘长顺", INTEGRITY, "长葛市", 87),
    Nominee("trader", "钱进宝", INTEGRITY, "禹州市", 0),
    Nominee("rescuer", HIDDEN_NAME, BRAVERY, "禹州市", 90),
)
"""`twin` is the second nomination of `cook`; `doctor` comes from a clue. The merits of the two of
DEDICATION are equal, as their votes will be: only a lot tells them apart."""

BY_KEY = {nominee.key: nominee for nominee in NOMINEES}
CANDIDATES = tuple(n.key for n in NOMINEES if n.merit)
RANKED = tuple(key for key in CANDIDATES if key != "rescuer")
"""Candidates whom citizens assess."""


@dataclass
class Staff:
    """Who works at the selection."""

    admin: Player
    deputy: Player
    """Another administrator: fixes what the first has computed."""
    reviewers: dict[str, Player]
    """By county."""
    city: Player
    """Decides for the city, and admits."""
    visitor: Player
    """Goes and sees, with the reviewer of the city."""
    handlers: tuple[Player, Player]
    """Of the city, without a part in any case: look into objections."""
    moderator: Player
    supervisor: Player
    partner: Player


@dataclass
class Play:
    """The state of the walk, passed from act to act."""

    stage: Stage
    staff: Staff
    campaign_id: str = ""
    sites: dict[str, str] = field(default_factory=dict)
    """County to a site in it."""
    ids: dict[str, str] = field(default_factory=dict)
    """Nominee to nomination."""
    nominators: dict[str, Player] = field(default_factory=dict)
    accounts: dict[str, Player] = field(default_factory=dict)
    """Nominees who have an account of their own."""
    numbers: dict[str, str] = field(default_factory=dict)
    """Nominee to ID number."""
    ballots: list[list[str]] = field(default_factory=list)
    """The last choices of every voter, by nominee."""
    sheets: dict[str, list[dict[str, Fraction | None]]] = field(default_factory=dict)
    """What the members gave, by nominee."""
    panelists: list[Player] = field(default_factory=list)
    notice_id: str = ""
    honors: dict[str, str] = field(default_factory=dict)

    def nomination(self, key: str) -> str:
        return f"/nominations/{self.ids[key]}"

    @property
    def campaign(self) -> str:
        return f"/campaigns/{self.campaign_id}"

    def key_of(self, nomination_id: str) -> str:
        return next(key for key, id_ in self.ids.items() if id_ == nomination_id)

    def names(self, keys: "list[str] | set[str] | tuple[str, ...]") -> list[str]:
        """In the order of NOMINEES."""
        return [n.name for n in NOMINEES if n.key in keys]
