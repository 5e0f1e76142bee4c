"""Who sits on a panel: invited by the city's office, accepted or declined by themselves."""

from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission, Role
from accounts.services import messages, persons, roles
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, insert_if_absent
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import JudgingNotOpen, PanelNotUsed, VotedAlready
from nominations.lifecycles import PanelistStatus, PanelStatus
from nominations.models.panel_scores import PanelVoteRoll
from nominations.models.panels import Panel, Panelist
from nominations.rules import Step
from nominations.services import campaigns


def invite(
    actor: Actor, campaign_id: UUID, *, person_id: UUID, unit: str | None = None
) -> Panelist:
    """Ask a registered person to sit on the panel, until judging closes; the first invitation
    forms it. A repeat gives the seat that is there.

    Raises NotFound, StageClosed, PanelNotUsed, JudgingNotOpen, InvalidInput."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_PANELIST_INVITE)
    campaign = campaigns.share(campaign_id)
    campaigns.check_stage(campaign, "invite")
    if not campaign.rules.uses(Step.PANEL):
        raise PanelNotUsed
    panel = _form(campaign_id)
    if persons.get(person_id).registered_at is None:
        raise InvalidInput.at("person_id", "只能邀请已实名登记的人")
    at = clock.now()
    is_new = insert_if_absent(
        Panelist,
        id=new_id(),
        panel_id=panel.id,
        person_id=person_id,
        unit=unit,
        status=PanelistStatus.INVITED,
        invited_by=actor.id,
        invited_at=at,
    )
    live = (PanelistStatus.INVITED, PanelistStatus.ACCEPTED)
    seat = db.session.scalars(
        _seats().where(
            Panelist.panel_id == panel.id,
            Panelist.person_id == person_id,
            Panelist.status.in_(live),
        )
    ).one()
    if is_new:
        audit.record(actor, seat, "invite", to_status=seat.status.value)
        messages.tell(person_id, "panel_invited", seat.id, campaign=campaign.title)
    return seat


def _form(campaign_id: UUID) -> Panel:
    insert_if_absent(
        Panel,
        id=new_id(),
        campaign_id=campaign_id,
        status=PanelStatus.FORMED,
        formed_at=clock.now(),
    )
    panel = panel_of(campaign_id)
    _check_not_closed(panel)
    return panel


def accept(actor: Actor, panelist_id: UUID) -> Panelist:
    """Take one's seat, and with it the role of a panelist of the campaign.

    Raises NotFound, WrongState, StageClosed, JudgingNotOpen."""
    seat = _own(actor, panelist_id)
    campaign_id = seat.panel.campaign_id
    campaigns.check_stage(campaigns.share(campaign_id), "invite")
    _check_not_closed(panel_of(campaign_id))
    audit.perform(actor, seat, "accept", decided_at=clock.now())
    roles.bestow(
        actor,
        actor.id,
        role=Role.PANELIST,
        scope_kind=ScopeKind.CAMPAIGN,
        scope_id=campaign_id,
    )
    return seat


def decline(actor: Actor, panelist_id: UUID) -> Panelist:
    """Leave one's seat to another. Raises NotFound, WrongState."""
    seat = _own(actor, panelist_id)
    audit.perform(actor, seat, "decline", decided_at=clock.now())
    return seat


def remove(actor: Actor, panelist_id: UUID, *, reason: str) -> Panelist:
    """Take somebody off the panel before judging closes; their marks do not count any more.
    Whoever has voted in secret stays, since nobody finds the vote again.

    Raises NotFound, WrongState, JudgingNotOpen, VotedAlready."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_PANELIST_REMOVE)
    found = db.session.scalar(_seats().where(Panelist.id == panelist_id))
    if found is None:
        raise NotFound
    campaign_id = found.panel.campaign_id
    campaigns.share(campaign_id)
    _check_not_closed(panel_of(campaign_id))
    seat = hold(found.id)
    if db.session.scalar(select(exists().where(PanelVoteRoll.panelist_id == seat.id))):
        raise VotedAlready
    at = clock.now()
    audit.perform(actor, seat, "remove", reason=reason, removal_reason=reason, decided_at=at)
    grant_id = roles.holders(Role.PANELIST, ScopeKind.CAMPAIGN, campaign_id).get(seat.person_id)
    if grant_id is not None:
        roles.revoke(actor, grant_id, reason=reason)
    return seat


def list_all(actor: Actor, campaign_id: UUID) -> list[Panelist]:
    """Every seat of a campaign, in order of invitation, for the office and supervisors.
    Raises NotFound."""
    policies.check_oversees(actor, Permission.NOMINATIONS_PANELIST_REVIEW, campaign_id)
    campaigns.get_public(campaign_id)
    query = _seats().join(Panelist.panel).where(Panel.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(Panelist.id)))


def list_mine(actor: Actor, page: PageRequest) -> Page[Panelist]:
    """The actor's own seats, newest first."""
    query = _seats().where(Panelist.person_id == actor.id)
    return paginate(query, page, by=[Panelist.id], descending=True)


def panel_of(campaign_id: UUID) -> Panel:
    """The panel as it is now. Raises NotFound if nobody was ever invited."""
    query = select(Panel).where(Panel.campaign_id == campaign_id)
    panel = db.session.scalar(query.execution_options(populate_existing=True))
    if panel is None:
        raise NotFound
    return panel


def members(panel: Panel) -> list[Panelist]:
    """Those who accepted, with their persons."""
    query = _seats().where(
        Panelist.panel_id == panel.id, Panelist.status == PanelistStatus.ACCEPTED
    )
    return list(db.session.scalars(query.order_by(Panelist.id)))


def seat_of(actor: Actor, campaign_id: UUID) -> Panelist:
    """The actor's seat, if they accepted one. Raises NotFound."""
    seat = db.session.scalar(
        _seats()
        .join(Panelist.panel)
        .where(
            Panel.campaign_id == campaign_id,
            Panelist.person_id == actor.person_id,
            Panelist.status == PanelistStatus.ACCEPTED,
        )
    )
    if seat is None:
        raise NotFound
    return seat


def hold(panelist_id: UUID) -> Panelist:
    """The seat as it is now, its row held until the transaction ends."""
    return db.session.scalars(
        _seats()
        .where(Panelist.id == panelist_id)
        .with_for_update(key_share=True, of=Panelist)
        .execution_options(populate_existing=True)
    ).one()


def hold_accepted(panelist_id: UUID) -> Panelist:
    """`hold`, for a member's own act: of two at once, and of an act and a removal, the second
    sees what the first did. Raises NotFound if the member was removed meanwhile."""
    seat = hold(panelist_id)
    if seat.status is not PanelistStatus.ACCEPTED:
        raise NotFound
    return seat


def _own(actor: Actor, panelist_id: UUID) -> Panelist:
    seat = db.session.scalar(_seats().where(Panelist.id == panelist_id))
    if seat is None or seat.person_id != actor.person_id:
        raise NotFound
    return seat


def _check_not_closed(panel: Panel) -> None:
    if panel.status is PanelStatus.CLOSED:
        raise JudgingNotOpen(state=panel.status.value)


def _seats() -> Select[Panelist]:
    return select(Panelist).options(
        joinedload(Panelist.panel, innerjoin=True), joinedload(Panelist.person, innerjoin=True)
    )
