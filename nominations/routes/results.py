"""Results: computed, drawn, fixed, and shown to everybody from the opening of the notice on."""

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
    paged,
    permission,
    prepare,
    public,
    returns,
    returns_file,
    shared,
)
from core.paging import Page, PageRequest
from core.sheets import SheetFormat
from nominations.errors import (
    LotDrawn,
    LotNotDrawn,
    LotNotNeeded,
    LotSourceFixed,
    NomineesUnjudged,
    NotWithheld,
    OwnResult,
    PanelNotClosed,
    ResultIsFixed,
    ResultNotPublished,
    ResultOutdated,
    StageClosed,
)
from nominations.models.nominations import Nomination
from nominations.models.results import Result
from nominations.papers import DOCX
from nominations.services import result_papers, result_views, results
from nominations.services.result_views import ResultView
from schemas.nominations import NominationOut
from schemas.results import (
    DeviationIn,
    LotIn,
    ResultComputeIn,
    ResultOut,
    ResultOutcomeOut,
    ResultVersionOut,
    WhatIfIn,
    WithheldProposalIn,
)

blueprint = Blueprint("results", __name__, description="评选结果")


@blueprint.post("/campaigns/<uuid:campaign_id>/result")
@permission(Permission.NOMINATIONS_RESULT_COMPUTE)
@body(ResultComputeIn)
@returns(ResultVersionOut, 201)
@errors(StageClosed, PanelNotClosed, ResultIsFixed, LotSourceFixed, OwnResult)
def compute_result(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Result:
    """计算结果；确认之前可以重新计算"""
    return results.compute(actor, campaign_id, **body)


@blueprint.get("/campaigns/<uuid:campaign_id>/result")
@public
@shared(5)
@returns(ResultOut)
@errors(ResultNotPublished)
def view_published_result(_actor: Actor, *, campaign_id: UUID) -> ResultView:
    """公示的结果：各项得分、权重和同分时的规则"""
    return result_views.published(campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/result.docx")
@public
@shared(60, is_personal=True, is_kept=False)
@prepare(result_papers.print_result)
@returns_file(DOCX)
@errors(ResultNotPublished)
def print_result(
    _actor: Actor, *, campaign_id: UUID, prepared: bytes
) -> tuple[bytes, dict[str, str]]:
    """结果的文件；公示之前主办方和监督员可见"""
    return prepared, files.saved_as(f"result-{campaign_id}.docx")


@blueprint.get("/campaigns/<uuid:campaign_id>/result.xlsx")
@public
@shared(60, is_personal=True, is_kept=False)
@prepare(result_papers.export_result)
@returns_file(SheetFormat.XLSX.content_type)
@errors(ResultNotPublished)
def export_result(
    _actor: Actor, *, campaign_id: UUID, prepared: Iterator[bytes]
) -> tuple[Iterator[bytes], dict[str, str]]:
    """结果的表格，含各项得分和规则；公示之前主办方和监督员可见"""
    return prepared, files.saved_as(f"result-{campaign_id}.xlsx")


@blueprint.get("/campaigns/<uuid:campaign_id>/results")
@permission(Permission.NOMINATIONS_RESULT_VIEW)
@paged
@returns(ResultVersionOut)
def list_results(actor: Actor, *, campaign_id: UUID, page: PageRequest) -> Page[Result]:
    """历次计算，新的在前"""
    return result_views.list_versions(actor, campaign_id, page)


@blueprint.get("/results/<uuid:result_id>")
@permission(Permission.NOMINATIONS_RESULT_VIEW)
@returns(ResultOut)
def view_result(actor: Actor, *, result_id: UUID) -> ResultView:
    """一次计算的结果：主办方和监督员可见"""
    return result_views.get(actor, result_id)


@blueprint.post("/results/<uuid:result_id>/draw_lot")
@permission(Permission.NOMINATIONS_RESULT_DRAW_LOT)
@body(LotIn)
@returns(ResultVersionOut)
@errors(StageClosed, OwnResult, LotDrawn, LotNotNeeded)
def draw_lot(actor: Actor, *, result_id: UUID, body: dict[str, Any]) -> Result:
    """监督员见证抽签：录入从公布的依据取得的种子"""
    return results.draw_lot(actor, result_id, **body)


@blueprint.post("/results/<uuid:result_id>/deviate")
@permission(Permission.NOMINATIONS_RESULT_DEVIATE)
@body(DeviationIn)
@returns(ResultVersionOut)
@errors(StageClosed, LotNotDrawn)
def deviate_from_rules(actor: Actor, *, result_id: UUID, body: dict[str, Any]) -> Result:
    """超出名额、不按名次，或对评分人数不足者作出决定；理由公布"""
    return results.deviate(actor, result_id, **body)


@blueprint.post("/results/<uuid:result_id>/fix")
@permission(Permission.NOMINATIONS_RESULT_FIX)
@returns(ResultVersionOut)
@errors(StageClosed, OwnResult, LotNotDrawn, NomineesUnjudged, ResultOutdated, PanelNotClosed)
def fix_result(actor: Actor, *, result_id: UUID) -> Result:
    """由另一人确认结果，入选者进入拟表彰名单"""
    return results.fix(actor, result_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/result/what_if")
@permission(Permission.NOMINATIONS_RESULT_WHAT_IF)
@body(WhatIfIn)
@returns(ResultOutcomeOut)
@errors(StageClosed, PanelNotClosed)
def ask_what_if(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> ResultView:
    """试算：换一种规则会怎样；不改变任何数据，但会记录"""
    return result_views.what_if(actor, campaign_id, **body)


@blueprint.post("/nominations/<uuid:nomination_id>/propose_withheld")
@permission(Permission.NOMINATIONS_NOMINATION_PROPOSE_WITHHELD)
@body(WithheldProposalIn)
@returns(NominationOut)
@errors(StageClosed, NotWithheld)
def propose_withheld_nominee(
    actor: Actor, *, nomination_id: UUID, body: dict[str, Any]
) -> Nomination:
    """依法不公开姓名的见义勇为人选，经决定单独列入拟表彰名单"""
    return results.propose_withheld(actor, nomination_id, **body)
