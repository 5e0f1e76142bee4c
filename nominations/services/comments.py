"""Comments on candidates: checked by WeChat, moderated by people, never on who is withheld."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from accounts.models.consents import ConsentKind
from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import consents, persons
from accounts.services.sessions import REAL_NAME
from core import audit, clock, wechat
from core.actor import Actor
from core.db import apart, db, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.wechat import TextScene, TextVerdict, WeChatRefusal
from nominations.errors import CommentsTooMany, ContentRefused, StageClosed
from nominations.lifecycles import WITH_CANDIDATES, CommentStatus
from nominations.models.campaigns import Campaign
from nominations.models.comments import Comment
from nominations.models.nominations import Nomination
from nominations.services import campaigns, candidates, nominators

WINDOW = timedelta(hours=1)
MAX_OF_ONE_PERSON = 10
"""In a window."""


def check_text(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> TextVerdict:
    """Ask WeChat about a comment. Outside any transaction. Without an openid, or while WeChat is
    down, it is unchecked, and a moderator looks first."""
    openid = apart(lambda: persons.openid_of(actor.id), write=False)
    if openid is None:
        return TextVerdict.UNCHECKED
    try:
        return wechat.client().check_text(body["text"], openid=openid, scene=TextScene.COMMENT)
    except WeChatRefusal:
        return TextVerdict.UNCHECKED


def write(actor: Actor, nomination_id: UUID, *, text: str, verdict: TextVerdict) -> Comment:
    """Comment on a candidate, from the opening of the assessment to the end of the notice. Shown
    at once if WeChat is sure of it. From people with a real name, or who agreed to the privacy
    notice.

    Raises NotFound, ConsentRequired, StageClosed, ContentRefused, and CommentsTooMany, exact over
    all processes."""
    nomination = _candidate(nomination_id)
    if REAL_NAME not in actor.facts:
        consents.require(actor.id, ConsentKind.PRIVACY)
    campaign = campaigns.share(nomination.campaign_id)
    if not campaign.rules.has_comments:
        raise StageClosed("本次活动不开放留言", state=campaign.status.value)
    campaigns.check_stage(campaign, "comment")
    if verdict is TextVerdict.RISKY:
        raise ContentRefused
    _check_rate(actor)
    passed = verdict is TextVerdict.PASS
    comment = Comment(
        id=new_id(),
        nomination_id=nomination_id,
        author=persons.get_own(actor),
        text=text,
        text_verdict=verdict,
        status=CommentStatus.SHOWN if passed else CommentStatus.PENDING,
        created_at=clock.now(),
    )
    db.session.add(comment)
    db.session.flush()
    audit.record(actor, comment, "write", to_status=comment.status)
    return comment


def _check_rate(actor: Actor) -> None:
    lock_exclusively(f"comments:{actor.id}")
    since = clock.now() - WINDOW
    of_them = Comment.author_id == actor.id
    recent = select(func.count()).where(of_them, Comment.created_at > since)
    if db.session.execute(recent).scalar_one() >= MAX_OF_ONE_PERSON:
        raise CommentsTooMany(retry_after=int(WINDOW.total_seconds()))


def list_public(nomination_id: UUID, page: PageRequest) -> Page[Comment]:
    """What is shown of the comments on a candidate, newest first. Raises NotFound."""
    _candidate(nomination_id)
    query = _query().where(
        Comment.nomination_id == nomination_id, Comment.status == CommentStatus.SHOWN
    )
    return paginate(query, page, by=[Comment.id], descending=True)


def list_mine(actor: Actor, page: PageRequest) -> Page[Comment]:
    """The actor's comments that were not taken back, with what became of them, newest first."""
    query = _query().where(Comment.author_id == actor.id, Comment.status != CommentStatus.REMOVED)
    return paginate(query, page, by=[Comment.id], descending=True)


def remove(actor: Actor, comment_id: UUID) -> None:
    """Take one's own comment back, at any time. Raises NotFound, WrongState."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or comment.author_id != actor.person_id:
        raise NotFound
    audit.perform(actor, comment, "remove")


def queue(actor: Actor, page: PageRequest) -> Page[Comment]:
    """Comments within the moderator's sites that wait, but their own, oldest first."""
    query = _moderated().where(
        under_sites(actor, Permission.NOMINATIONS_COMMENT_MODERATE),
        Comment.status == CommentStatus.PENDING,
        Comment.author_id != actor.id,
    )
    return paginate(query, page, by=[Comment.id])


def show(actor: Actor, comment_id: UUID) -> Comment:
    """Let a comment be read by everybody. Raises NotFound, WrongState."""
    comment, _ = _to_decide(actor, Permission.NOMINATIONS_COMMENT_SHOW, comment_id)
    audit.perform(
        actor, comment, "show", decided_by=actor.id, decided_at=clock.now(), hidden_reason=None
    )
    return comment


def hide(actor: Actor, comment_id: UUID, *, reason: str) -> Comment:
    """Take a comment from view; the author is told why. Raises NotFound, WrongState."""
    comment, nomination = _to_decide(actor, Permission.NOMINATIONS_COMMENT_HIDE, comment_id)
    audit.perform(
        actor,
        comment,
        "hide",
        reason=reason,
        decided_by=actor.id,
        decided_at=clock.now(),
        hidden_reason=reason,
    )
    nominators.tell_people(
        [comment.author_id], nomination, "comment_hidden", new_id(), reason=reason
    )
    return comment


def _to_decide(
    actor: Actor, permission: Permission, comment_id: UUID
) -> tuple[Comment, Nomination]:
    """The comment of somebody else at a place of the moderator."""
    query = (
        _moderated()
        .add_columns(Nomination)
        .where(
            Comment.id == comment_id,
            under_sites(actor, permission),
            Comment.author_id != actor.id,
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _candidate(nomination_id: UUID) -> Nomination:
    """A candidate whom everybody may see. Raises NotFound."""
    found = db.session.scalar(
        select(Nomination)
        .join(Campaign, Campaign.id == Nomination.campaign_id)
        .where(
            Nomination.id == nomination_id,
            candidates.IS_PUBLIC,
            Campaign.status.in_(WITH_CANDIDATES),
        )
    )
    if found is None:
        raise NotFound
    return found


def _moderated() -> Select[Comment]:
    return (
        _query()
        .join(Nomination, Nomination.id == Comment.nomination_id)
        .join(Site, Site.id == Nomination.site_id)
    )


def _query() -> Select[Comment]:
    return select(Comment).options(joinedload(Comment.author, innerjoin=True))
