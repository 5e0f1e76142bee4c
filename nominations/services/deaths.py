"""The nominee dies while the case is alive: messages to them stop, and the kin choose."""

from datetime import date
from uuid import UUID

from accounts.permissions import Permission
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, WrongState
from core.ids import new_id
from nominations.errors import NomineeAlive
from nominations.lifecycles import LIVE, NomineeKind
from nominations.models.consents import ConsentGiver
from nominations.models.nominations import Nomination
from nominations.services import cases, consents, nominators, nominees


def record_death(actor: Actor, nomination_id: UUID, *, deceased_on: date) -> Nomination:
    """The nominee died while the case was alive. No link to the nominee is valid any more, and
    what they agreed to does not bind the kin, who choose; until then the case can't become a
    candidate. The same day again changes nothing.

    Raises NotFound, OwnNomination, WrongState, InvalidInput."""
    nomination = _hold_live(actor, Permission.NOMINATIONS_NOMINATION_RECORD_DEATH, nomination_id)
    if nomination.nominee_kind is not NomineeKind.PERSON:
        raise InvalidInput.at("deceased_on", "推荐个人时才填写")
    if nomination.deceased_on == deceased_on:
        return nomination
    nominees.check_day_of_death(nomination, deceased_on)
    if nomination.deceased_on is None:
        consents.lapse(actor, nomination)
        nomination.nominee_phone = None
        note = "请联系亲属，由亲属决定是否继续推荐"
        nominators.tell(nomination, "nomination_progress", new_id(), status="已去世", note=note)
    nomination.deceased_on = deceased_on
    db.session.flush()
    audit.record(actor, nomination, "record_death")
    return nomination


def continue_posthumously(
    actor: Actor,
    nomination_id: UUID,
    *,
    paper_reference: str,
    signer_name: str,
    signer_relation: str,
) -> Nomination:
    """The kin of a dead nominee chose, on paper, that the case goes on; by a link they choose in
    `consents.give`. Raises NotFound, OwnNomination, WrongState, NomineeAlive."""
    permission = Permission.NOMINATIONS_NOMINATION_CONTINUE_POSTHUMOUSLY
    nomination = _hold_live(actor, permission, nomination_id)
    if consents.giver_of(nomination) is not ConsentGiver.NEXT_OF_KIN:
        raise NomineeAlive
    consents.put_on_record(
        actor,
        nomination,
        paper_reference=paper_reference,
        signer_name=signer_name,
        signer_relation=signer_relation,
    )
    audit.record(actor, nomination, "continue_posthumously")
    return nomination


def _hold_live(actor: Actor, permission: Permission, nomination_id: UUID) -> Nomination:
    nomination = cases.hold_for_staff(actor, permission, nomination_id)
    if nomination.status not in LIVE:
        raise WrongState(state=nomination.status.value, verb=permission.rpartition(":")[2])
    return nomination
