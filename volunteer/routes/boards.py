"""Boards of personal hours. Public, of people who agreed."""

from typing import Any

from core.actor import Actor
from core.http import Blueprint, errors, public, query, returns, shared
from schemas.boards import BoardOut, BoardQuery
from volunteer.errors import BoardsOff
from volunteer.services import boards

blueprint = Blueprint("boards", __name__, description="个人时长榜")


@blueprint.get("/boards/hours")
@public
@shared(60)
@query(BoardQuery)
@returns(BoardOut)
@errors(BoardsOff)
def list_hours(_actor: Actor, *, query: dict[str, Any]) -> dict[str, Any]:
    """同意上榜的个人的当月签到时长；默认关闭"""
    return {"items": boards.list_hours(**query)}
