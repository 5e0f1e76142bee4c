"""Exports."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    paged,
    permission,
    returns,
    returns_file,
    traced,
)
from core.paging import Page, PageRequest
from schemas.exports import ExportIn, ExportOut, UnmaskedExportIn
from volunteer.errors import ExportExpired, ExportNotReady
from volunteer.models.exports import Export
from volunteer.services import exports

blueprint = Blueprint("exports", __name__, description="导出")

File = tuple[Iterator[bytes], dict[str, str]]


@blueprint.post("/exports")
@permission(Permission.VOLUNTEER_EXPORT_CREATE)
@body(ExportIn)
@returns(ExportOut, 202)
def create(actor: Actor, *, body: dict[str, Any]) -> Export:
    """导出表格，姓名已打码；稍后查看状态并下载"""
    return exports.create(actor, exports.ExportRequest(**body))


@blueprint.post("/exports/unmasked")
@permission(Permission.VOLUNTEER_EXPORT_UNMASK)
@body(UnmaskedExportIn)
@returns(ExportOut, 202)
def unmask(actor: Actor, *, body: dict[str, Any]) -> Export:
    """导出含完整个人信息的表格，须说明理由"""
    reason = body.pop("reason")
    return exports.unmask(actor, exports.ExportRequest(**body), reason=reason)


@blueprint.get("/exports")
@permission(Permission.VOLUNTEER_EXPORT_VIEW)
@paged
@returns(ExportOut)
def list_exports(actor: Actor, *, page: PageRequest) -> Page[Export]:
    """我的导出"""
    return exports.list_mine(actor, page)


@blueprint.get("/exports/<uuid:export_id>")
@permission(Permission.VOLUNTEER_EXPORT_VIEW)
@returns(ExportOut)
def view_export(actor: Actor, *, export_id: UUID) -> Export:
    """一次导出的状态"""
    return exports.get(actor, export_id)


@blueprint.get("/exports/<uuid:export_id>/file")
@permission(Permission.VOLUNTEER_EXPORT_VIEW)
@traced
@returns_file("application/octet-stream")
@errors(ExportNotReady, ExportExpired)
def download(actor: Actor, *, export_id: UUID) -> File:
    """下载；每次下载都记入日志"""
    found = exports.download(actor, export_id)
    name = quote(found.name)
    return found.pieces, {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
