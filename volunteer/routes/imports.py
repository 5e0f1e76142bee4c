"""Imports of volunteers and hour records."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    errors,
    files,
    paged,
    permission,
    prepare,
    query,
    returns,
    returns_file,
    upload,
)
from core.paging import Page, PageRequest
from core.sheets import SheetFormat
from schemas.imports import KINDS, BadRowOut, ImportIn, ImportOut, ImportTemplateQuery
from volunteer.errors import ImportEmpty, OwnImport, ProjectNotApproved, SpreadsheetInvalid
from volunteer.models.imports import Import, ImportRow
from volunteer.services import import_kinds, imports

blueprint = Blueprint("imports", __name__, description="导入")


@blueprint.post("/imports")
@permission(Permission.VOLUNTEER_IMPORT_UPLOAD)
@upload(ImportIn)
@prepare(imports.keep)
@returns(ImportOut, 202)
@errors(SpreadsheetInvalid, ProjectNotApproved)
def upload_import(actor: Actor, *, body: dict[str, Any], prepared: UUID) -> Import:
    """上传志愿者名单或历史时长；先逐行检查，确认后才会写入"""
    body.pop("file")
    return imports.upload(actor, prepared, **body)


@blueprint.get("/imports")
@permission(Permission.VOLUNTEER_IMPORT_VIEW)
@paged
@returns(ImportOut)
def list_imports(actor: Actor, *, page: PageRequest) -> Page[Import]:
    """本组织或本阵地的导入"""
    return imports.list_own(actor, page)


@blueprint.get("/imports/template")
@permission(Permission.VOLUNTEER_IMPORT_UPLOAD)
@query(ImportTemplateQuery)
@returns_file(SheetFormat.XLSX.content_type)
def download_template(
    _actor: Actor, *, query: dict[str, Any]
) -> tuple[Iterator[bytes], dict[str, str]]:
    """要填写的表格，含表头和一行示例"""
    kind = query["kind"]
    return import_kinds.template(KINDS[kind]), files.saved_as(f"{kind}.xlsx")


@blueprint.get("/imports/<uuid:import_id>")
@permission(Permission.VOLUNTEER_IMPORT_VIEW)
@returns(ImportOut)
def view_import(actor: Actor, *, import_id: UUID) -> Import:
    """一次导入的进度"""
    return imports.get(actor, import_id)


@blueprint.get("/imports/<uuid:import_id>/problems")
@permission(Permission.VOLUNTEER_IMPORT_VIEW)
@paged
@returns(BadRowOut)
def list_problems(actor: Actor, *, import_id: UUID, page: PageRequest) -> Page[ImportRow]:
    """有问题的行和原因"""
    return imports.list_problems(actor, import_id, page)


@blueprint.get("/imports/<uuid:import_id>/problems.csv")
@permission(Permission.VOLUNTEER_IMPORT_VIEW)
@returns_file("text/csv")
def download_problems(actor: Actor, *, import_id: UUID) -> tuple[str, dict[str, str]]:
    """问题清单，CSV"""
    return imports.problem_report(actor, import_id), files.saved_as("problems.csv")


@blueprint.post("/imports/<uuid:import_id>/confirm")
@permission(Permission.VOLUNTEER_IMPORT_CONFIRM)
@returns(ImportOut)
@errors(OwnImport, ImportEmpty)
def confirm(actor: Actor, *, import_id: UUID) -> Import:
    """确认导入；时长须由上传者以外的人确认"""
    return imports.confirm(actor, import_id)


@blueprint.post("/imports/<uuid:import_id>/cancel")
@permission(Permission.VOLUNTEER_IMPORT_CANCEL)
@returns(ImportOut)
def cancel(actor: Actor, *, import_id: UUID) -> Import:
    """取消尚未写入的导入"""
    return imports.cancel(actor, import_id)
