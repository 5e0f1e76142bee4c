"""Clues (线索): given by citizens, or written down by staff; each ends in a nomination or with an
answer, and a giver with an account is told.

When a clue becomes a nomination its giver is among the nominators, who hear of everything that
happens to it until its end (`nominators.tell`).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, func, select, update
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission, Role
from accounts.services import messages, persons, roles, sites
from core import audit, clock, wechat
from core.actor import Actor, ScopeKind
from core.db import apart, db, lock_exclusively
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.wechat import TextScene, TextVerdict, WeChatRefusal
from nominations import policies
from nominations.errors import CluesTooMany, ContentRefused, StageClosed
from nominations.lifecycles import CampaignStatus, ClueStatus
from nominations.models.campaigns import Campaign
from nominations.models.clues import Clue, ClueSource
from nominations.services import campaigns, channels, nominations, nominators

MOST_A_DAY = 10
"""Clues of one person; a figure of ours."""

ANSWERED_WITHIN = timedelta(days=15)
"""Then reviewers are reminded, and again after as long; a figure of ours."""

OVER = (CampaignStatus.CONCLUDED, CampaignStatus.CANCELLED)
OVER_ANSWER = "本次活动已经结束，这条线索未能转为推荐，欢迎您在下一次活动中继续推荐，感谢您的关注"


# -- givers


def check_text(actor: Actor, *, body: Mapping[str, Any], **_address: UUID) -> TextVerdict:
    """What WeChat thinks of the words of a clue. Outside any transaction.

    Without an openid, or while WeChat is down, they are taken unchecked."""
    openid = apart(lambda: persons.openid_of(actor.id), write=False)
    if openid is None:
        return TextVerdict.UNCHECKED
    words = f"{body['nominee_name']}\n{body['text']}"
    try:
        return wechat.client().check_text(words, openid=openid, scene=TextScene.FORUM)
    except WeChatRefusal:
        return TextVerdict.UNCHECKED


def give(actor: Actor, campaign_id: UUID, *, verdict: TextVerdict, **facts: Any) -> Clue:
    """Tell of somebody (`facts` are columns), from the announcement until nominations close.

    Raises NotFound, StageClosed, ContentRefused, CluesTooMany, exact over all processes."""
    _check_open(campaign_id)
    if verdict is TextVerdict.RISKY:
        raise ContentRefused
    lock_exclusively(f"clues:{actor.id}")
    _check_number(actor)
    return _store(
        actor,
        "give",
        campaign_id=campaign_id,
        source=ClueSource.APP,
        giver_id=actor.id,
        text_verdict=verdict,
        **facts,
    )


def _check_number(actor: Actor) -> None:
    today = clock.start_of(clock.today())
    given = select(func.count()).where(
        Clue.giver_id == actor.id, Clue.source == ClueSource.APP, Clue.created_at >= today
    )
    if db.session.execute(given).scalar_one() >= MOST_A_DAY:
        left = today + timedelta(days=1) - clock.now()
        raise CluesTooMany(retry_after=int(left.total_seconds()) + 1)


def record(
    actor: Actor,
    campaign_id: UUID,
    *,
    site_id: UUID,
    source: ClueSource,
    giver_id: UUID | None = None,
    giver_name: str | None = None,
    giver_phone: str | None = None,
    **facts: Any,
) -> Clue:
    """Write down what somebody told by phone, by letter, at a counter or on a visit. The giver may
    have an account, to which the answer goes, may have left a name or a phone, or stays unknown.

    Raises NotFound, StageClosed, InvalidInput."""
    site = sites.get(site_id)
    if not actor.holds_over_site(Permission.NOMINATIONS_CLUE_RECORD, site.path):
        raise NotFound
    if source is ClueSource.APP:
        raise InvalidInput.at("source", "请选择线索来自电话、来信、柜台还是走访")
    _check_open(campaign_id)
    if giver_id is not None:
        _check_giver(giver_id)
    return _store(
        actor,
        "record",
        campaign_id=campaign_id,
        site_id=site_id,
        source=source,
        giver_id=giver_id,
        giver_name=giver_name,
        giver_phone=giver_phone,
        recorded_by=actor.id,
        text_verdict=TextVerdict.UNCHECKED,
        **facts,
    )


def _check_giver(giver_id: UUID) -> None:
    try:
        persons.get(giver_id)
    except NotFound:
        raise InvalidInput.at("giver_id", "没有这个人") from None


def _check_open(campaign_id: UUID) -> None:
    campaign = campaigns.share(campaign_id)
    campaigns.check_stage(campaign, "give_clue")
    if clock.now() >= campaign.nominations_close_at:
        raise StageClosed("推荐已经截止", state=campaign.status.value)


def _store(actor: Actor, verb: str, *, site_id: UUID, **facts: Any) -> Clue:
    clue = Clue(
        id=new_id(),
        site=sites.get(site_id),
        status=ClueStatus.RECEIVED,
        created_at=clock.now(),
        **facts,
    )
    db.session.add(clue)
    db.session.flush()
    audit.record(actor, clue, verb, to_status=clue.status)
    return _read(clue.id)


def list_mine(actor: Actor, page: PageRequest) -> Page[Clue]:
    """The actor's clues, newest first."""
    query = _query().where(Clue.giver_id == actor.id)
    return paginate(query, page, by=[Clue.id], descending=True)


# -- reviewers


def queue(actor: Actor, page: PageRequest, *, status: ClueStatus | None = None) -> Page[Clue]:
    """Clues at the actor's sites and of their channels, oldest first."""
    query = _query().join(Clue.site).where(policies.clues_within(actor, sites.root().path))
    if status is not None:
        query = query.where(Clue.status == status)
    return paginate(query, page, by=[Clue.id])


def transfer(
    actor: Actor,
    clue_id: UUID,
    *,
    reason: str,
    site_id: UUID | None = None,
    channel_id: UUID | None = None,
    campaign_id: UUID | None = None,
) -> Clue:
    """Give a clue to those whom it concerns: another site, a channel, or a campaign that takes
    clues.

    Raises NotFound, InvalidInput where nothing changes, StageClosed, WrongState."""
    clue = _hold(actor, Permission.NOMINATIONS_CLUE_TRANSFER, clue_id)
    moved: dict[str, Any] = {
        **_handed_to(clue, site_id, channel_id),
        "campaign_id": campaign_id or clue.campaign_id,
    }
    if all(getattr(clue, name) == value for name, value in moved.items()):
        raise InvalidInput.at("site_id", "请选择另一个阵地、一个渠道，或另一次活动")
    if campaign_id is not None and campaign_id != clue.campaign_id:
        _check_open(campaign_id)
    audit.perform(actor, clue, "transfer", reason=reason, reminded_at=None, **moved)
    clue = _read(clue_id)
    _tell(clue, "已转办", f"由{clue.channel_name or clue.site.name}继续处理")
    return clue


def _handed_to(clue: Clue, site_id: UUID | None, channel_id: UUID | None) -> dict[str, UUID | None]:
    """Who handles it afterwards. A channel leaves the place as it is, another site takes the clue
    from a channel."""
    if channel_id is None:
        kept = clue.channel_id if site_id is None else None
        return {"site_id": sites.get(site_id or clue.site_id).id, "channel_id": kept}
    if site_id is not None:
        raise InvalidInput.at("site_id", "请选择一个阵地或一个渠道")
    if not channels.exists(channel_id):
        raise InvalidInput.at("channel_id", "请选择一个可用的渠道")
    return {"site_id": clue.site_id, "channel_id": channel_id}


def complete(
    actor: Actor,
    clue_id: UUID,
    *,
    nominee_name: str | None = None,
    summary: str = "",
    deeds: str | None = None,
    site_id: UUID | None = None,
    **facts: Any,
) -> Clue:
    """Make a draft of it while nominations are open (`facts` are columns of the nomination). A
    giver who can sign in is its nominator; for another the actor is, and a giver with an account
    stands beside them and is told how it fares.

    Raises NotFound, WrongState, StageClosed, InvalidInput."""
    clue = _hold(actor, Permission.NOMINATIONS_CLUE_COMPLETE, clue_id)
    signs_in = clue.giver_id is not None and persons.openid_of(clue.giver_id) is not None
    nomination = nominations.create(
        actor,
        clue.campaign_id,
        nominator_id=clue.giver_id if signs_in else actor.id,
        nominee_name=nominee_name or clue.nominee_name,
        site_id=site_id or clue.site_id,
        channel_id=clue.channel_id,
        summary=summary,
        deeds=deeds or clue.text,
        **facts,
    )
    if clue.giver_id is not None:
        nominators.add(nomination.id, clue.giver_id)
    _end(actor, clue, "complete", nomination_id=nomination.id)
    _tell(
        clue,
        "已转为推荐",
        "请到“我的推荐”补充事迹并提交" if signs_in else "由工作人员补充并提交，结果会告知您",
    )
    return _read(clue_id)


def answer(actor: Actor, clue_id: UUID, *, text: str) -> Clue:
    """Close a clue with an answer; the giver reads it. Raises NotFound, WrongState."""
    clue = _hold(actor, Permission.NOMINATIONS_CLUE_ANSWER, clue_id)
    _end(actor, clue, "answer", answer=text)
    _tell(clue, "已答复", text)
    return _read(clue_id)


def contact(actor: Actor, clue_id: UUID) -> Clue:
    """Name and phone of the giver in clear, while the clue waits; every look is logged.

    Raises NotFound, WrongState."""
    clue = _hold(actor, Permission.NOMINATIONS_CLUE_CONTACT, clue_id)
    audit.record(actor, clue, "contact")
    return _read(clue_id)


def _hold(actor: Actor, permission: Permission, clue_id: UUID) -> Clue:
    """A clue of the actor's that still waits, its row held. Raises NotFound, WrongState."""
    row = select(Clue.id).where(Clue.id == clue_id).with_for_update(key_share=True)
    if db.session.scalar(row) is None:
        raise NotFound
    clue = _read(clue_id)
    policies.check_handles_clue(actor, permission, clue, clue.site.path, sites.root().path)
    if clue.status is not ClueStatus.RECEIVED:
        raise WrongState(state=clue.status.value, verb=permission.rpartition(":")[2])
    return clue


def _end(actor: Actor, clue: Clue, verb: str, **facts: Any) -> None:
    audit.perform(actor, clue, verb, decided_by=actor.person_id, decided_at=clock.now(), **facts)


def _tell(clue: Clue, status: str, note: str) -> None:
    if clue.giver_id is not None:
        values = {"nominee": clue.nominee_name, "status": status, "note": note}
        messages.tell(clue.giver_id, "clue_progress", new_id(), clue.id, **values)


def _query() -> Select[Clue]:
    return select(Clue).options(
        joinedload(Clue.site, innerjoin=True), joinedload(Clue.channel), joinedload(Clue.giver)
    )


def _read(clue_id: UUID) -> Clue:
    query = _query().where(Clue.id == clue_id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


# -- time


def to_remind() -> list[UUID]:
    """Clues that wait for an answer longer than they should."""
    query = select(Clue.id).where(_is_overdue())
    return list(db.session.scalars(query.order_by(Clue.id)))


def remind(_actor: Actor, clue_id: UUID) -> bool:
    """Remind those who handle the clue; once in the time that an answer may take."""
    at = clock.now()
    marked = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(Clue)
            .where(Clue.id == clue_id, _is_overdue())
            .values(reminded_at=at)
            .execution_options(synchronize_session=False)
        ),
    )
    if marked.rowcount != 1:
        return False
    clue, event = _read(clue_id), new_id()
    values = {"nominee": clue.nominee_name, "received_at": clue.created_at.isoformat()}
    for person_id in _handlers(clue):
        messages.tell(person_id, "clue_waiting", event, clue.id, **values)
    return True


def _handlers(clue: Clue) -> list[UUID]:
    """The reviewers over its site, or of its channel; where that has none, the city's."""
    if clue.channel_id is None:
        return roles.holders_at(Role.REVIEWER, clue.site)
    of_channel = roles.holders(Role.REVIEWER, ScopeKind.CHANNEL, clue.channel_id)
    return list(of_channel) or roles.holders_at(Role.REVIEWER, sites.root())


def _is_overdue() -> Any:
    last = func.coalesce(Clue.reminded_at, Clue.created_at)
    return (Clue.status == ClueStatus.RECEIVED) & (last <= clock.now() - ANSWERED_WITHIN)


def to_close() -> list[UUID]:
    """Clues that wait although their campaign is over."""
    query = (
        select(Clue.id)
        .join(Campaign, Campaign.id == Clue.campaign_id)
        .where(Clue.status == ClueStatus.RECEIVED, Campaign.status.in_(OVER))
    )
    return list(db.session.scalars(query.order_by(Clue.id)))


def close(actor: Actor, clue_id: UUID) -> None:
    """Answer a clue of a campaign that is over, since nobody else did. Raises WrongState."""
    clue = _read(clue_id)
    _end(actor, clue, "answer", answer=OVER_ANSWER)
    _tell(clue, "已答复", OVER_ANSWER)
