"""Nominations by citizens."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    files,
    not_idempotent,
    paged,
    permission,
    prepare,
    replaces,
    returns,
    returns_file,
    traced,
)
from core.paging import Page, PageRequest
from core.sheets import SheetFormat
from nominations.errors import (
    CandidateAlready,
    ContentRefused,
    NominatedElsewhere,
    NominationIncomplete,
    NomineeTooYoung,
    OwnNomination,
    SelfNominationRefused,
    StageClosed,
    TableTooLong,
    TooManyDrafts,
)
from nominations.models.nominations import Nomination
from nominations.papers import DOCX
from nominations.services import (
    nomination_forms,
    nomination_sheets,
    nomination_tables,
    nominations,
    nominees,
    progress,
)
from schemas.nominations import (
    IdentifyIn,
    NominationIn,
    NominationOut,
    NominationPatchIn,
    ProgressOut,
    UnmaskedNomineeOut,
    UnmaskNomineeIn,
)

blueprint = Blueprint("nominations", __name__, description="我推荐身边好人")


@blueprint.post("/campaigns/<uuid:campaign_id>/nominations")
@permission(Permission.NOMINATIONS_NOMINATION_CREATE)
@body(NominationIn)
@returns(NominationOut, 201)
@errors(StageClosed, TooManyDrafts, SelfNominationRefused)
def create_nomination(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Nomination:
    """推荐一个人、群体、家庭或单位（草稿）"""
    return nominations.create(actor, campaign_id, **body)


@blueprint.patch("/nominations/<uuid:nomination_id>")
@permission(Permission.NOMINATIONS_NOMINATION_UPDATE)
@body(NominationPatchIn)
@replaces(nominations.hold_own)
@returns(NominationOut)
@errors(StageClosed, SelfNominationRefused, NominatedElsewhere)
def update_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """修改草稿或被退回的推荐"""
    return nominations.update(actor, nomination_id, **body)


@blueprint.get("/me/nominations")
@permission(Permission.NOMINATIONS_NOMINATION_VIEW)
@paged
@returns(NominationOut)
def list_my_nominations(actor: Actor, *, page: PageRequest) -> Page[Nomination]:
    """我的推荐"""
    return nominations.list_mine(actor, page)


@blueprint.get("/nominations/<uuid:nomination_id>")
@permission(Permission.NOMINATIONS_NOMINATION_VIEW)
@returns(NominationOut)
def view_nomination(actor: Actor, *, nomination_id: UUID) -> Nomination:
    """一份推荐：推荐人和所在地的审核人员可见"""
    return nominations.get(actor, nomination_id)


@blueprint.post("/nominations/<uuid:nomination_id>/submit")
@permission(Permission.NOMINATIONS_NOMINATION_SUBMIT)
@prepare(nominations.check_text)
@returns(NominationOut)
@errors(
    StageClosed,
    NominationIncomplete,
    SelfNominationRefused,
    NomineeTooYoung,
    NominatedElsewhere,
    ContentRefused,
)
def submit_nomination(
    actor: Actor, *, nomination_id: UUID, prepared: nominations.TextCheck
) -> Nomination:
    """提交审核"""
    return nominations.submit(actor, nomination_id, check=prepared)


@blueprint.get("/nominations/<uuid:nomination_id>/form.docx")
@permission(Permission.NOMINATIONS_NOMINATION_VIEW)
@prepare(nomination_forms.print_form)
@returns_file(DOCX)
def print_form(
    _actor: Actor, *, nomination_id: UUID, prepared: bytes
) -> tuple[bytes, dict[str, str]]:
    """推荐表；各级意见只在审核人员的表上"""
    return prepared, files.saved_as(f"nomination-{nomination_id}.docx")


@blueprint.get("/campaigns/<uuid:campaign_id>/nominations.xlsx")
@permission(Permission.NOMINATIONS_NOMINATION_EXPORT)
@traced
@prepare(nomination_sheets.export)
@returns_file(SheetFormat.XLSX.content_type)
def export_nominations(
    _actor: Actor, *, campaign_id: UUID, prepared: Iterator[bytes]
) -> tuple[Iterator[bytes], dict[str, str]]:
    """推荐汇总表：我所在地和渠道的推荐，主办方为全部；每次下载都会记录"""
    return prepared, files.saved_as(f"nominations-{campaign_id}.xlsx")


@blueprint.get("/campaigns/<uuid:campaign_id>/nominations.docx")
@permission(Permission.NOMINATIONS_NOMINATION_EXPORT)
@prepare(nomination_tables.print_table)
@returns_file(DOCX)
@errors(TableTooLong)
def print_nominations(
    _actor: Actor, *, campaign_id: UUID, prepared: bytes
) -> tuple[bytes, dict[str, str]]:
    """推荐汇总表的纸质版，与电子表格同样的推荐；每次下载都会记录"""
    return prepared, files.saved_as(f"nominations-{campaign_id}.docx")


@blueprint.get("/nominations/<uuid:nomination_id>/progress")
@permission(Permission.NOMINATIONS_NOMINATION_VIEW)
@returns(ProgressOut)
def view_progress(actor: Actor, *, nomination_id: UUID) -> progress.Progress:
    """到了哪一步、现在由哪一级处理、还缺什么"""
    return progress.view(actor, nomination_id)


@blueprint.post("/nominations/<uuid:nomination_id>/identify")
@permission(Permission.NOMINATIONS_NOMINATION_IDENTIFY)
@body(IdentifyIn)
@returns(NominationOut)
@errors(OwnNomination, StageClosed, NomineeTooYoung, NominatedElsewhere, CandidateAlready)
def identify_nominee(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """补齐被推荐人的身份证号码"""
    return nominees.identify(actor, nomination_id, **body)


@blueprint.post("/nominations/<uuid:nomination_id>/unmask")
@permission(Permission.NOMINATIONS_NOMINATION_UNMASK)
@not_idempotent
@body(UnmaskNomineeIn)
@returns(UnmaskedNomineeOut)
@errors(OwnNomination)
def unmask_nominee(
    actor: Actor, *, nomination_id: UUID, body: dict[str, Any]
) -> dict[str, str | None]:
    """查看被推荐人未遮盖的信息；每次查看连同理由都会记录"""
    return nominees.unmask(actor, nomination_id, fields=body["asked"], reason=body["reason"])
