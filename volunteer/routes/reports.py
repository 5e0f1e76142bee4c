"""Monthly reports."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.reports import MonthlyReportOut, ReportQuery
from volunteer.models.reports import MonthlyReport
from volunteer.services import reports

blueprint = Blueprint("reports", __name__, description="月度报告")


@blueprint.get("/reports/monthly")
@permission(Permission.VOLUNTEER_REPORT_VIEW)
@query(ReportQuery)
@paged
@returns(MonthlyReportOut)
def list_visible(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[MonthlyReport]:
    """已定稿的月度报告，按阵地编码和月份排列"""
    return reports.list_visible(actor, page, **query)


@blueprint.get("/reports/monthly/<uuid:report_id>")
@permission(Permission.VOLUNTEER_REPORT_VIEW)
@returns(MonthlyReportOut)
def view(actor: Actor, *, report_id: UUID) -> MonthlyReport:
    """一份月度报告，含指标口径和对以前月份的更正"""
    return reports.get(actor, report_id)
