"""What may be done with a nomination in which state of its campaign."""

from collections.abc import Mapping
from types import MappingProxyType

from nominations.lifecycles.campaigns import RUNNING, C, CampaignStatus

_LIVE = frozenset(RUNNING) | {C.PAUSED}

_REVIEWED = frozenset({C.NOMINATING, C.REVIEWING})

STAGES: Mapping[str, frozenset[CampaignStatus]] = MappingProxyType(
    {
        "create": frozenset({C.NOMINATING}),
        "update": _REVIEWED,
        "submit": frozenset({C.NOMINATING}),
        "resubmit": _REVIEWED,
        "pass": _REVIEWED,
        "send_back": _REVIEWED,
        "refuse_text": _REVIEWED,
        "merge": _REVIEWED,
        "support": _REVIEWED,
        "give_clue": frozenset({C.ANNOUNCED, C.NOMINATING}),
        "admit": _REVIEWED,
        "identify": _REVIEWED,
        "screen": _REVIEWED,
        "transfer": _REVIEWED,
        "consult": _REVIEWED,
        "visit": _REVIEWED,
        "confirm": _LIVE,
        "withhold": _LIVE,
        "reject": _LIVE,
        "withdraw": _LIVE,
        "remove": _LIVE,
        "comment": frozenset({C.ASSESSING, C.COUNTING, C.JUDGING, C.NOTICING}),
        "rule": frozenset({C.ASSESSING, C.COUNTING}),
        "invite": _LIVE - {C.NOTICING, C.PAUSED},
        "declare": frozenset({C.ASSESSING, C.COUNTING, C.JUDGING}),
        "judge": frozenset({C.JUDGING}),
        "propose_withheld": frozenset({C.JUDGING, C.NOTICING}),
        "notice_candidates": frozenset({C.REVIEWING, C.ASSESSING}),
        "notice_winners": frozenset({C.JUDGING, C.NOTICING}),
        "waive_notice": frozenset({C.JUDGING, C.NOTICING}),
        "approve": frozenset({C.NOTICING}),
    }
)
"""What may be done with a nomination, and by its panel, in each state of the campaign. Nobody
becomes a candidate once the assessment is open, so from then on their list can only shrink."""
