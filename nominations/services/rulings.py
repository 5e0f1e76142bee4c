"""Ruling on ballots in quarantine: proposed by one person, approved by another, final."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, insert, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from nominations import policies
from nominations.errors import BallotsRuled, OwnRuling
from nominations.lifecycles import RULING_REASONS, BallotFate, RulingReason, RulingStatus
from nominations.models.campaigns import Campaign
from nominations.models.quarantine import Finding, HeldBallot
from nominations.models.rulings import RuledBallot, Ruling, RulingBallot
from nominations.services import campaigns, findings, public_log, quarantine

P = Permission


def propose(
    actor: Actor,
    *,
    finding_id: UUID,
    ruling: BallotFate,
    reason_code: RulingReason,
    ballots: Sequence[UUID] | None = None,
) -> Ruling:
    """Propose what shall become of the ballots of a finding that wait, or of those named.

    Raises NotFound, StageClosed, InvalidInput, BallotsRuled, RulingPending."""
    finding = findings.find(finding_id)
    policies.check_oversees(actor, P.NOMINATIONS_RULING_PROPOSE, finding.campaign_id)
    campaigns.check_stage(campaigns.share(finding.campaign_id), "rule")
    if reason_code not in RULING_REASONS.get(ruling, ()):
        raise InvalidInput.at("reason_code", "这一原因不适用于所选的处理方式")
    public_log.lock(finding.campaign_id)
    about = _about(finding_id, ballots)
    proposed = Ruling(
        id=new_id(),
        finding_id=finding_id,
        status=RulingStatus.PROPOSED,
        fate=ruling,
        reason=reason_code,
        number=len(about),
        proposed_by=actor.id,
        proposed_at=clock.now(),
    )
    db.session.add(proposed)
    db.session.flush()
    db.session.execute(
        insert(RulingBallot),
        [{"ruling_id": proposed.id, "ballot_id": ballot} for ballot in about],
    )
    audit.record(actor, proposed, "propose", to_status=proposed.status, reason=reason_code.value)
    return proposed


def _about(finding_id: UUID, named: Sequence[UUID] | None) -> list[UUID]:
    """The ballots that wait: of the finding, or those named. Under the lock of the log, so that
    none is added or ruled on meanwhile. Raises InvalidInput, BallotsRuled."""
    of_finding = select(HeldBallot.ballot_id).where(HeldBallot.finding_id == finding_id)
    waiting = set(
        db.session.scalars(
            of_finding.where(~exists().where(RuledBallot.ballot_id == HeldBallot.ballot_id))
        )
    )
    if named is not None and not set(named) <= set(db.session.scalars(of_finding)):
        raise InvalidInput.at("ballots", "所列选票不属于这一组")
    about = waiting if named is None else set(named)
    if not about or not about <= waiting:
        raise BallotsRuled
    return sorted(about)


def approve(actor: Actor, ruling_id: UUID) -> Ruling:
    """Let a proposal take effect, as another person than who made it: the votes move in the same
    transaction. Raises NotFound, StageClosed, OwnRuling, WrongState."""
    ruling, campaign = _hold(actor, ruling_id, P.NOMINATIONS_RULING_APPROVE)
    if ruling.proposed_by == actor.id:
        raise OwnRuling
    now = clock.now()
    audit.perform(
        actor,
        ruling,
        "approve",
        reason=ruling.reason.value,
        decided_by=actor.id,
        decided_at=now,
    )
    query = select(RulingBallot.ballot_id).where(RulingBallot.ruling_id == ruling_id)
    about = sorted(db.session.scalars(query))
    db.session.execute(
        insert(RuledBallot),
        [
            {"ballot_id": b, "ruling_id": ruling_id, "fate": ruling.fate, "ruled_at": now}
            for b in about
        ],
    )
    if ruling.fate is BallotFate.RESTORED:
        quarantine.release(campaign.id, about)
    reasons = dict.fromkeys(about, ruling.reason.value)
    quarantine.write_down(campaign.id, reasons, ruling.fate, now)
    return ruling


def decline(actor: Actor, ruling_id: UUID) -> Ruling:
    """Put a proposal aside, so that another can be made; who made it may take it back so.

    Raises NotFound, StageClosed, WrongState."""
    ruling, _ = _hold(actor, ruling_id, P.NOMINATIONS_RULING_DECLINE)
    audit.perform(actor, ruling, "decline", decided_by=actor.id, decided_at=clock.now())
    return ruling


def _hold(actor: Actor, ruling_id: UUID, permission: Permission) -> tuple[Ruling, Campaign]:
    """The ruling, with the status of its campaign and its log held. Raises NotFound,
    StageClosed."""
    ruling = db.session.get(Ruling, ruling_id)
    if ruling is None:
        raise NotFound
    finding = db.session.get_one(Finding, ruling.finding_id)
    policies.check_oversees(actor, permission, finding.campaign_id)
    campaign = campaigns.share(finding.campaign_id)
    campaigns.check_stage(campaign, "rule")
    public_log.lock(campaign.id)
    db.session.refresh(ruling)
    return ruling, campaign
