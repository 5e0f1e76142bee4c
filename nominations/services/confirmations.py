"""The legal confirmation of an act of bravery, as the city's reviewers enter it, and secrecy.

A committee at the police confirms; here stand its status, number and day. Nominee or kin may ask
for secrecy (Henan's rules on bravery, art. 23): then name, picture and place are hidden from
everything public by a recorded decision.
"""

from datetime import date
from uuid import UUID

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from nominations.lifecycles import LIVE, ConfirmationStatus
from nominations.models.confirmations import Confirmation
from nominations.models.nominations import Nomination
from nominations.services import admissions, campaigns, screenings, secrecy


def apply(actor: Actor, nomination_id: UUID, *, applied_on: date) -> Confirmation:
    """Note that the confirmation was applied for.

    Raises NotFound, OwnNomination, NotYourStep, StageClosed, WrongState, InvalidInput,
    ConfirmationExists."""
    nomination = _live(actor, nomination_id, Permission.NOMINATIONS_CONFIRMATION_APPLY, "confirm")
    if nomination.category_code not in admissions.NEEDS_CONFIRMATION:
        raise InvalidInput.at("nomination_id", "这个类别不需要见义勇为确认")
    _check_past("applied_on", applied_on)
    made = Confirmation(
        id=new_id(),
        nomination_id=nomination.id,
        status=ConfirmationStatus.APPLIED,
        applied_on=applied_on,
        recorded_by=actor.id,
        recorded_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, made, "apply", to_status=made.status.value)
    return made


def confirm(actor: Actor, confirmation_id: UUID, *, number: str, decided_on: date) -> Confirmation:
    """Note the number of the confirmation. Raises as `apply`."""
    permission = Permission.NOMINATIONS_CONFIRMATION_CONFIRM
    made, nomination = _applied(actor, confirmation_id, permission, decided_on)
    audit.perform(actor, made, "confirm", number=number, decided_on=decided_on)
    nomination.bravery_number = number
    db.session.flush()
    return made


def refuse(actor: Actor, confirmation_id: UUID, *, reason: str, decided_on: date) -> Confirmation:
    """Note that it was refused; after an appeal there may be another. Raises as `apply`."""
    permission = Permission.NOMINATIONS_CONFIRMATION_REFUSE
    made, _ = _applied(actor, confirmation_id, permission, decided_on)
    audit.perform(actor, made, "refuse", refusal_reason=reason, decided_on=decided_on)
    return made


def withhold(actor: Actor, nomination_id: UUID, *, reason: str) -> Nomination:
    """Hide who the nominee is from everything public, for safety or at the kin's request; the
    case skips assessment and notice, and what people were told before is rewritten. Raises
    NotFound, OwnNomination, NotYourStep, StageClosed, WrongState."""
    permission = Permission.NOMINATIONS_NOMINATION_WITHHOLD
    nomination = _live(actor, nomination_id, permission, "withhold")
    secrecy.conceal(nomination, reason)
    audit.record(actor, nomination, "withhold", reason=reason)
    return nomination


def disclose(actor: Actor, nomination_id: UUID, *, reason: str) -> Nomination:
    """End what `withhold` began. Raises as `withhold`."""
    permission = Permission.NOMINATIONS_NOMINATION_DISCLOSE
    nomination = _live(actor, nomination_id, permission, "withhold")
    secrecy.reveal(nomination)
    audit.record(actor, nomination, "disclose", reason=reason)
    return nomination


def _live(actor: Actor, nomination_id: UUID, permission: Permission, act: str) -> Nomination:
    """A case without an end, held, for a reviewer of the city."""
    nomination, campaign = screenings.for_the_city(actor, nomination_id, permission)
    campaigns.check_stage(campaign, act)
    if nomination.status not in LIVE:
        raise WrongState(state=nomination.status.value, verb=act)
    return nomination


def _applied(
    actor: Actor, confirmation_id: UUID, permission: Permission, decided_on: date
) -> tuple[Confirmation, Nomination]:
    made = db.session.get(Confirmation, confirmation_id)
    if made is None:
        raise NotFound
    nomination = _live(actor, made.nomination_id, permission, "confirm")
    _check_past("decided_on", decided_on)
    if decided_on < made.applied_on:
        raise InvalidInput.at("decided_on", "不能早于申请日期")
    return made, nomination


def _check_past(field: str, day: date) -> None:
    if day > clock.today():
        raise InvalidInput.at(field, "日期不能晚于今天")
