"""Taking honours back, for a while or for good, and the warning talk before it comes to that.

Rules of revocation: Liaoning's of 2016 (domain/nominations). Minor cases get a talk; medal and
certificate come back; benefits stop.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput
from core.ids import new_id
from nominations.errors import HonorNotInForce
from nominations.lifecycles import HonorStatus
from nominations.models.honors import Honor, HonorWarning, RevokeGround
from nominations.services import campaign_log, care_visits, hardship_cases, nominators, referrals
from nominations.services.honors import held, loaded, people_of


def warn(actor: Actor, honor_id: UUID, *, reason: str, talked_on: date) -> HonorWarning:
    """Record a warning talk. Raises NotFound, InvalidInput for a day to come, HonorNotInForce."""
    honor = held(actor, Permission.NOMINATIONS_HONOR_WARN, honor_id)
    if honor.status is HonorStatus.REVOKED:
        raise HonorNotInForce(state=honor.status.value)
    if talked_on > clock.today():
        raise InvalidInput.at("talked_on", "谈话日期不能晚于今天")
    warning = HonorWarning(
        id=new_id(),
        honor_id=honor.id,
        reason=reason,
        talked_on=talked_on,
        recorded_by=actor.id,
        created_at=clock.now(),
    )
    db.session.add(warning)
    db.session.flush()
    audit.record(actor, honor, "warn")
    return warning


def suspend(actor: Actor, honor_id: UUID, *, reason: str) -> Honor:
    """Take it off the roll while it is examined. Raises NotFound, WrongState."""
    honor = held(actor, Permission.NOMINATIONS_HONOR_SUSPEND, honor_id)
    audit.perform(actor, honor, "suspend", reason=reason, suspend_reason=reason)
    _tell(honor, "暂停")
    return honor


def restore(actor: Actor, honor_id: UUID, *, reason: str) -> Honor:
    """Nothing was found: back on the roll. Raises NotFound, WrongState."""
    honor = held(actor, Permission.NOMINATIONS_HONOR_RESTORE, honor_id)
    audit.perform(actor, honor, "restore", reason=reason, suspend_reason=None)
    _tell(honor, "恢复")
    return honor


def revoke(
    actor: Actor, honor_id: UUID, *, ground: RevokeGround, reason: str, document_number: str
) -> Honor:
    """Take an honour back, with every other one that rests on the same nomination: its benefits
    stop at once, open help, planned visits and referrals end.

    Raises NotFound, WrongState."""
    honor = held(actor, Permission.NOMINATIONS_HONOR_REVOKE, honor_id)
    for one in [honor, *_resting_beside(honor)]:
        audit.perform(
            actor,
            one,
            "revoke",
            reason=reason,
            revoke_ground=ground,
            revoke_reason=reason,
            revoke_document=document_number,
            revoked_on=clock.today(),
            suspend_reason=None,
        )
        campaign_log.note_revocation(one)
        hardship_cases.end_all(actor, one, reason=reason)
        care_visits.cancel_all(actor, one)
        referrals.withdraw_all(actor, one, reason=reason)
        _tell(one, "撤销")
    return honor


def _resting_beside(honor: Honor) -> Sequence[Honor]:
    """The other honours in being of the same nomination; none for one of the archive."""
    if honor.nomination_id is None:
        return ()
    query = loaded().where(
        Honor.nomination_id == honor.nomination_id,
        Honor.id != honor.id,
        Honor.status != HonorStatus.REVOKED,
    )
    return db.session.scalars(query.order_by(Honor.id)).all()


def record_return(actor: Actor, honor_id: UUID, *, returned_on: date) -> Honor:
    """Medal and certificate of a revoked honour came back. Raises NotFound, HonorNotInForce for
    one that is not revoked, InvalidInput for a day before or to come."""
    honor = held(actor, Permission.NOMINATIONS_HONOR_RECORD_RETURN, honor_id)
    if honor.revoked_on is None:
        raise HonorNotInForce("荣誉没有被撤销", state=honor.status.value)
    if not honor.revoked_on <= returned_on <= clock.today():
        raise InvalidInput.at("returned_on", "应在撤销之后、今天之前")
    honor.medal_returned_on = returned_on
    db.session.flush()
    audit.record(actor, honor, "record_return")
    return honor


def _tell(honor: Honor, change: str) -> None:
    """Nominators, and the honoured if they have an account."""
    cause, nomination = new_id(), honor.nomination
    values = {"title": honor.title, "change": change}
    told: set[UUID] = set()
    if nomination is not None:
        nominators.tell(nomination, "honor_changed", cause, **values)
        told = set(nominators.of(nomination.id))
    others = [person_id for person_id in people_of(honor) if person_id not in told]
    nominators.tell_of_honor(others, honor, "honor_changed", cause, **values)
