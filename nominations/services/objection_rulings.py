"""What becomes of an accepted objection: two people look, each by themselves, then it is upheld or
dismissed."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import exists, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import WrongState
from core.ids import new_id
from core.workdays import DAY
from nominations.errors import VerificationIncomplete
from nominations.lifecycles import (
    LIVE,
    SELECTED,
    STAGES,
    NominationStatus,
    NoticeKind,
    ObjectionStatus,
)
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice
from nominations.models.objections import Objection, ObjectionVerification
from nominations.services import departures, notice_days, notices, results
from nominations.services.objections import decide, nominee_of, to_handle

VERIFIERS = 2

MoveUp = Callable[[Actor, UUID, str], Nomination | None]
"""Given a campaign and a category: proposes the next in line and gives them, or None."""


def next_moves_up(actor: Actor, campaign_id: UUID, category_code: str) -> Nomination | None:
    """By the result that was fixed."""
    following = results.next_in_line(campaign_id, category_code)
    if following is not None:
        results.propose(actor, following)
    return following


def verify(actor: Actor, objection_id: UUID, *, findings: str) -> Objection:
    """Write down what one found out. A second time by the same person the first words stand.

    Raises NotFound, HandlerNotIndependent, WrongState."""
    objection = to_handle(actor, Permission.NOMINATIONS_OBJECTION_VERIFY, objection_id)
    if objection.status is not ObjectionStatus.ACCEPTED:
        raise WrongState(state=objection.status.value, verb="verify")
    row_id = new_id()
    is_new = insert_if_absent(
        ObjectionVerification,
        id=row_id,
        objection_id=objection.id,
        verified_by=actor.id,
        verified_at=clock.now(),
        findings_cipher=ObjectionVerification(id=row_id, findings=findings).findings_cipher,
    )
    if is_new:
        audit.record(actor, objection, "verify")
        db.session.refresh(objection, ["verifications"])
    return objection


def uphold(
    actor: Actor, objection_id: UUID, *, reason: str, move_up: MoveUp = next_moves_up
) -> Objection:
    """Find the objection right: the nominee is removed, and the next in line by the rules of the
    result has a notice of full length. Who was honoured meanwhile is for a revocation to judge.

    Raises NotFound, HandlerNotIndependent, VerificationIncomplete, WrongState."""
    objection = to_handle(actor, Permission.NOMINATIONS_OBJECTION_UPHOLD, objection_id)
    _check_verified(objection)
    decide(actor, objection, "uphold", "异议成立", reason)
    nomination = nominee_of(objection)
    if nomination.status not in LIVE:
        return objection
    leaves_a_place = nomination.status in SELECTED
    departures.remove(actor, nomination, reason=reason)
    if leaves_a_place:
        _fill(actor, objection.notice, nomination, move_up)
    return objection


def dismiss(actor: Actor, objection_id: UUID, *, reason: str) -> Objection:
    """Find the objection wrong: the nominee's notice goes on with the days that are left, unless
    another objection is still looked into.

    Raises NotFound, HandlerNotIndependent, VerificationIncomplete, WrongState."""
    objection = to_handle(actor, Permission.NOMINATIONS_OBJECTION_DISMISS, objection_id)
    _check_verified(objection)
    decide(actor, objection, "dismiss", "异议不成立", reason)
    nomination = nominee_of(objection)
    another = exists().where(
        Objection.nomination_id == nomination.id, Objection.status == ObjectionStatus.ACCEPTED
    )
    if nomination.status is NominationStatus.SUSPENDED and not db.session.scalar(select(another)):
        notice_days.resume(actor, nomination)
    return objection


def _check_verified(objection: Objection) -> None:
    """Raises WrongState before it is accepted or after it is decided, VerificationIncomplete."""
    if objection.status is not ObjectionStatus.ACCEPTED:
        raise WrongState(state=objection.status.value)
    if (done := len(objection.verifications)) < VERIFIERS:
        raise VerificationIncomplete(verified=done)


def _fill(actor: Actor, notice: Notice, removed: Nomination, move_up: MoveUp) -> None:
    """Let the next one move up and be noticed from tomorrow on; a withheld one needs no notice.
    In a paused campaign the place waits for the office."""
    campaign = db.session.get_one(Campaign, removed.campaign_id)
    if campaign.status not in STAGES["notice_winners"]:
        return
    following = move_up(actor, campaign.id, removed.category_code)
    if following is None or following.is_withheld:
        return
    replacement = Notice(
        kind=NoticeKind.REPLACEMENT,
        title=f"{campaign.title[:50]}递补人选公示",
        text="公示中有人选被取消资格，按评选规则由下列人选递补，现予公示。",
        contact=notice.contact,
        opens_on=clock.today() + DAY,
    )
    notices.schedule(actor, campaign, replacement, [following])
