"""Comments on candidates."""

from typing import Any
from uuid import UUID

from accounts.errors import ConsentRequired
from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    paged,
    permission,
    prepare,
    public,
    returns,
    shared,
)
from core.paging import Page, PageRequest
from core.wechat import TextVerdict
from nominations.errors import CommentsTooMany, ContentRefused, StageClosed
from nominations.models.comments import Comment
from nominations.services import comments
from schemas.comments import (
    CommentHideIn,
    CommentIn,
    CommentOut,
    ModeratedCommentOut,
    OwnCommentOut,
)

blueprint = Blueprint("comments", __name__, description="留言")


@blueprint.post("/nominations/<uuid:nomination_id>/comments")
@permission(Permission.NOMINATIONS_COMMENT_WRITE)
@body(CommentIn)
@prepare(comments.check_text)
@returns(OwnCommentOut, 201)
@errors(ConsentRequired, StageClosed, ContentRefused, CommentsTooMany)
def write_comment(
    actor: Actor, *, nomination_id: UUID, body: dict[str, Any], prepared: TextVerdict
) -> Comment:
    """给候选人留言"""
    return comments.write(actor, nomination_id, text=body["text"], verdict=prepared)


@blueprint.get("/nominations/<uuid:nomination_id>/comments")
@public
@shared(5)
@paged
@returns(CommentOut)
def list_comments(_actor: Actor, *, nomination_id: UUID, page: PageRequest) -> Page[Comment]:
    """候选人的留言，新的在前"""
    return comments.list_public(nomination_id, page)


@blueprint.get("/me/comments")
@permission(Permission.NOMINATIONS_COMMENT_WRITE)
@paged
@returns(OwnCommentOut)
def list_my_comments(actor: Actor, *, page: PageRequest) -> Page[Comment]:
    """我的留言"""
    return comments.list_mine(actor, page)


@blueprint.get("/comments/queue")
@permission(Permission.NOMINATIONS_COMMENT_MODERATE)
@paged
@returns(ModeratedCommentOut)
def list_queue(actor: Actor, *, page: PageRequest) -> Page[Comment]:
    """等待我审核的留言，先写的在前"""
    return comments.queue(actor, page)


@blueprint.delete("/comments/<uuid:comment_id>")
@permission(Permission.NOMINATIONS_COMMENT_REMOVE)
@returns(None, 204)
def remove_comment(actor: Actor, *, comment_id: UUID) -> None:
    """删除自己的留言"""
    comments.remove(actor, comment_id)


@blueprint.post("/comments/<uuid:comment_id>/show")
@permission(Permission.NOMINATIONS_COMMENT_SHOW)
@returns(ModeratedCommentOut)
def show_comment(actor: Actor, *, comment_id: UUID) -> Comment:
    """展示"""
    return comments.show(actor, comment_id)


@blueprint.post("/comments/<uuid:comment_id>/hide")
@permission(Permission.NOMINATIONS_COMMENT_HIDE)
@body(CommentHideIn)
@returns(ModeratedCommentOut)
def hide_comment(actor: Actor, *, comment_id: UUID, body: dict[str, Any]) -> Comment:
    """不展示，并告诉作者原因"""
    return comments.hide(actor, comment_id, reason=body["reason"])
