"""What enters a campaign's public log, beside its ballots and the rulings on them.

Each is called where the thing happens, in its transaction. Only ids, codes and hours go in.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.crypto import vault
from core.db import db
from nominations import leaves, outcomes, scoring
from nominations.leaves import Body
from nominations.lifecycles import CANDIDATES, CampaignStatus, NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.honors import Honor
from nominations.models.nominations import Nomination
from nominations.models.objections import Objection
from nominations.models.results import Result, ResultLine
from nominations.rules import Rules
from nominations.scoring import CommitteeScore, PanelRecord
from nominations.services import checkpoints, pseudonyms, public_log

LISTING = ("open_assessment", "skip_assessment")
"""Steps after which nobody becomes a candidate any more."""
WITH_LISTED = (CampaignStatus.ASSESSING, CampaignStatus.COUNTING, CampaignStatus.JUDGING)


def note_transition(campaign: Campaign, verb: str) -> None:
    """A step that was taken, with a checkpoint after it. The log begins when the rules freeze;
    the list of candidates and the key of the pseudonyms come before the first ballot."""
    if campaign.rules_frozen_at is None:
        return
    facts: dict[str, Any] = {}
    if verb in LISTING:
        facts["candidates"] = _listed(campaign.id)
        pseudonyms.keep(campaign.id)
    leaf = leaves.transition(str(campaign.id), verb=verb, to=campaign.status, hour=_hour(), **facts)
    public_log.append(campaign.id, [leaf])
    checkpoints.write(campaign.id)


def _listed(campaign_id: UUID) -> list[Body]:
    query = select(Nomination.id, Nomination.category_code).where(
        Nomination.campaign_id == campaign_id,
        Nomination.status == NominationStatus.CANDIDATE,
        ~Nomination.is_withheld,
    )
    rows = db.session.execute(query.order_by(Nomination.id))
    return [{"id": str(row.id), "category": row.category_code} for row in rows]


def note_departure(nomination: Nomination) -> None:
    """Whoever is still a candidate is one no longer from now on; why is said elsewhere."""
    if nomination.status in CANDIDATES and not nomination.is_withheld:
        _note_listing(nomination, "leave")


def note_entrance(nomination: Nomination) -> None:
    """Whoever is still withheld is a candidate like others from now on."""
    if nomination.status in CANDIDATES and nomination.is_withheld:
        _note_listing(nomination, "enter", category=nomination.category_code)


def _note_listing(nomination: Nomination, verb: str, **facts: str) -> None:
    campaign = db.session.get_one(Campaign, nomination.campaign_id)
    if (campaign.paused_from or campaign.status) not in WITH_LISTED:
        return
    leaf = leaves.transition(
        str(campaign.id),
        verb=verb,
        to=campaign.status,
        hour=_hour(),
        nomination=str(nomination.id),
        **facts,
    )
    public_log.append(campaign.id, [leaf])


def note_committee(campaign: Campaign, panel: PanelRecord, nominees: Sequence[Nomination]) -> None:
    """The panel has closed: what it said of each stands from now on, before anybody reads it."""
    ids = [str(nominee.id) for nominee in nominees if not nominee.is_withheld]
    commitments = {
        nominee: leaves.commitment(pseudonyms.salt(campaign.id, nominee), judged)
        for nominee, judged in _judged(ids, panel, campaign.rules).items()
    }
    leaf = leaves.committee(str(campaign.id), commitments=commitments, hour=_hour())
    public_log.append(campaign.id, [leaf])


def note_result(result: Result, lines: Sequence[ResultLine]) -> None:
    """The result that was fixed, with everything that a recount needs."""
    inputs = outcomes.load_inputs(result.inputs)
    judged = _judged([c.id for c in inputs.candidates], inputs.panel, inputs.rules)
    by_id = {str(line.nomination_id): line for line in lines}
    told = [
        _line(result.campaign_id, candidate, by_id.get(candidate.id), judged.get(candidate.id))
        for candidate in inputs.candidates
    ]
    leaf = leaves.result(
        str(result.campaign_id),
        version=result.version,
        seed=result.lot_seed,
        lines=told,
        hour=_hour(),
    )
    public_log.append(result.campaign_id, [leaf])


def _line(
    campaign_id: UUID,
    candidate: scoring.Candidate,
    line: ResultLine | None,
    judged: Body | None,
) -> Body:
    """`line` is None of who has left since the assessment closed. By the nominee's id only."""
    told: dict[str, Any] = {
        "nomination": candidate.id,
        "category": candidate.category,
        "place": candidate.place,
        "votes": candidate.votes,
    }
    if line is None:
        return told | {"has_left": True}
    facts: Mapping[str, Any] = line.components
    told |= {name: facts[name] for name in ("rank", "public", "final", "tie_rule")}
    told |= {
        "is_selected": line.is_selected,
        "is_selected_by_rules": facts["is_selected"],
        "has_left": False,
    }
    if judged is not None:
        told |= {"committee": judged, "salt": pseudonyms.salt(campaign_id, candidate.id)}
    return told


def _judged(ids: Sequence[str], panel: PanelRecord | None, rules: Rules) -> dict[str, Body]:
    """What the panel said of each, as far as it is published: no member is told from another."""
    if panel is None:
        return {}
    scores = scoring.committee_scores(ids, panel, rules)
    return {nominee: _published(score) for nominee, score in scores.items()}


def _published(judged: CommitteeScore) -> Body:
    return {
        "exact": None if judged.exact is None else str(judged.exact),
        "score": None if judged.score is None else str(judged.score),
        "member_scores": [str(score) for score in sorted(judged.by_member.values())],
        "eligible": judged.eligible,
        "judged_by": judged.judged_by,
        "approvals": judged.approvals,
        "top_marks": judged.top_marks,
    }


def note_objection(objection: Objection) -> None:
    """That one was decided, and how; not about whom, since a wrong one would stay for ever."""
    campaign_id = objection.notice.campaign_id
    reference = vault().index.digest(str(objection.id), purpose="objection in the log").hex()
    leaf = leaves.objection(
        str(campaign_id), reference=reference, outcome=objection.status, hour=_hour()
    )
    public_log.append(campaign_id, [leaf])


def note_revocation(honor: Honor) -> None:
    """An honour of the campaign was taken back; those of the archive belong to no log."""
    if honor.campaign_id is None or honor.nomination_id is None or honor.revoke_ground is None:
        return
    leaf = leaves.revocation(
        str(honor.campaign_id),
        nomination=str(honor.nomination_id),
        reason=honor.revoke_ground,
        hour=_hour(),
    )
    public_log.append(honor.campaign_id, [leaf])


def _hour() -> str:
    return leaves.hour_of(clock.now())
