"""How a case ends before its time: withdrawn by who recommends or who is recommended, or removed.

Ballots stay valid for the others they name. Everybody who recommends the nominee is told.
"""

from uuid import UUID

from sqlalchemy import delete

from accounts.permissions import Permission
from accounts.services import sites
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.ids import new_id
from nominations import policies
from nominations.lifecycles import LIVE, NominationStatus
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.services import campaign_log, campaigns, cases, nominators


def withdraw(actor: Actor, nomination_id: UUID, *, reason: str | None = None) -> Nomination:
    """Take one's recommendation back, until the campaign is over. While others recommend the
    nominee too, only the actor leaves, and the case goes on in the hands of the others.

    Raises NotFound, WrongState, StageClosed."""
    nomination = cases.hold(nomination_id)
    if not nominators.includes(nomination.id, actor.id):
        raise NotFound
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "withdraw")
    others = [person_id for person_id in nominators.of(nomination.id) if person_id != actor.id]
    if others:
        _leave(actor, nomination, others[0], reason)
    else:
        _end(actor, nomination, reason=reason, status="已撤回")
    return nomination


def _leave(actor: Actor, nomination: Nomination, next_: UUID, reason: str | None) -> None:
    if nomination.status not in (NominationStatus.DRAFT, *LIVE):
        raise WrongState(state=nomination.status.value, verb="withdraw")
    mine = (Nominator.nomination_id == nomination.id, Nominator.person_id == actor.id)
    db.session.execute(delete(Nominator).where(*mine))
    note = ""
    if nomination.nominator_id == actor.id:
        nomination.nominator_id = next_
        note = "今后由最早联名的推荐人补充材料"
    db.session.flush()
    audit.record(actor, nomination, "leave", reason=reason)
    nominators.tell(nomination, "nomination_progress", new_id(), status="一人退出", note=note)


def remove_by_office(actor: Actor, nomination_id: UUID, *, reason: str) -> Nomination:
    """The city's reviewers and administrators take a nominee out for good. Raises NotFound,
    WrongState, StageClosed."""
    nomination = cases.hold(nomination_id)
    permission = Permission.NOMINATIONS_NOMINATION_REMOVE
    policies.check_over_site(actor, permission, sites.root().path)
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "remove")
    return remove(actor, nomination, reason=reason)


def remove(actor: Actor, nomination: Nomination, *, reason: str) -> Nomination:
    """Take a nominee out; the caller has decided who may, and holds the row. Raises
    WrongState."""
    campaign_log.note_departure(nomination)
    audit.perform(actor, nomination, "remove", reason=reason, removal_reason=reason, step=None)
    nominators.tell(nomination, "nomination_progress", new_id(), status="已移出", note=reason)
    return nomination


def withdraw_for_nominee(
    actor: Actor, nomination: Nomination, *, status: str, reason: str | None = None
) -> None:
    """The nominee, or who speaks for them, does not want to be nominated. That needs no stage of
    the campaign: consent may be taken back at any time (PIPL art. 15). The caller holds the row.

    `status` says in a word to the nominators what happened. Raises WrongState."""
    campaigns.share(nomination.campaign_id)
    _end(actor, nomination, reason=reason, status=status)


def _end(actor: Actor, nomination: Nomination, *, reason: str | None, status: str) -> None:
    campaign_log.note_departure(nomination)
    audit.perform(actor, nomination, "withdraw", reason=reason, step=None)
    nominators.tell(nomination, "nomination_progress", new_id(), status=status, note=reason or "")
