"""Imports of earlier honours and of collected nominations."""

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
from nominations.errors import StageClosed
from nominations.models.imports import ImportedNomination
from nominations.services import imports
from schemas.imports import BadRowOut
from schemas.selection_imports import (
    KINDS,
    NominationSourceOut,
    SelectionImportIn,
    SelectionImportOut,
    SelectionImportTemplateQuery,
)
from volunteer.errors import ImportEmpty, OwnImport, SpreadsheetInvalid
from volunteer.models.imports import Import, ImportRow
from volunteer.services import import_kinds

blueprint = Blueprint("selection_imports", __name__, description="评选导入")


@blueprint.post("/selection-imports")
@permission(Permission.NOMINATIONS_IMPORT_UPLOAD)
@upload(SelectionImportIn)
@prepare(imports.keep)
@returns(SelectionImportOut, 202)
@errors(SpreadsheetInvalid, StageClosed)
def upload_selection_import(actor: Actor, *, body: dict[str, Any], prepared: UUID) -> Import:
    """上传以往荣誉或收集的推荐；先逐行检查，由另一人确认后才会写入"""
    body.pop("file")
    return imports.upload(actor, prepared, **body)


@blueprint.get("/selection-imports")
@permission(Permission.NOMINATIONS_IMPORT_VIEW)
@paged
@returns(SelectionImportOut)
def list_selection_imports(actor: Actor, *, page: PageRequest) -> Page[Import]:
    """本单位范围内的评选导入"""
    return imports.list_own(actor, page)


@blueprint.get("/selection-imports/template")
@permission(Permission.NOMINATIONS_IMPORT_UPLOAD)
@query(SelectionImportTemplateQuery)
@returns_file(SheetFormat.XLSX.content_type)
def download_selection_template(
    _actor: Actor, *, query: dict[str, Any]
) -> tuple[Iterator[bytes], dict[str, str]]:
    """要填写的表格，含表头和一行示例"""
    kind = query["kind"]
    return import_kinds.template(KINDS[kind]), files.saved_as(f"{kind}.xlsx")


@blueprint.get("/selection-imports/<uuid:import_id>")
@permission(Permission.NOMINATIONS_IMPORT_VIEW)
@returns(SelectionImportOut)
def view_selection_import(actor: Actor, *, import_id: UUID) -> Import:
    """一次导入的进度"""
    return imports.get(actor, import_id)


@blueprint.get("/selection-imports/<uuid:import_id>/problems")
@permission(Permission.NOMINATIONS_IMPORT_VIEW)
@paged
@returns(BadRowOut)
def list_selection_problems(actor: Actor, *, import_id: UUID, page: PageRequest) -> Page[ImportRow]:
    """有问题的行和原因"""
    return imports.list_problems(actor, import_id, page)


@blueprint.get("/selection-imports/<uuid:import_id>/problems.csv")
@permission(Permission.NOMINATIONS_IMPORT_VIEW)
@returns_file("text/csv")
def download_selection_problems(actor: Actor, *, import_id: UUID) -> tuple[str, dict[str, str]]:
    """问题清单，CSV"""
    return imports.problem_report(actor, import_id), files.saved_as("problems.csv")


@blueprint.post("/selection-imports/<uuid:import_id>/confirm")
@permission(Permission.NOMINATIONS_IMPORT_CONFIRM)
@returns(SelectionImportOut)
@errors(OwnImport, ImportEmpty)
def confirm(actor: Actor, *, import_id: UUID) -> Import:
    """确认导入；须由上传者以外的人确认"""
    return imports.confirm(actor, import_id)


@blueprint.post("/selection-imports/<uuid:import_id>/cancel")
@permission(Permission.NOMINATIONS_IMPORT_CANCEL)
@returns(SelectionImportOut)
def cancel(actor: Actor, *, import_id: UUID) -> Import:
    """取消尚未写入的导入"""
    return imports.cancel(actor, import_id)


@blueprint.get("/nominations/<uuid:nomination_id>/source")
@permission(Permission.NOMINATIONS_NOMINATION_VIEW)
@returns(NominationSourceOut)
def view_source(actor: Actor, *, nomination_id: UUID) -> ImportedNomination:
    """由表格导入的推荐的来源；不是导入的没有"""
    return imports.source_of(actor, nomination_id)
