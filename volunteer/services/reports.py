"""Monthly reports: the figures of a month, frozen on the third of the next one.

What is corrected afterwards never changes a report; it appears in the next one, as an adjustment
of the month to which it belongs. So do months from before the first report, once they have figures:
all reports of a site together always say what the ledger said when the last was frozen.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager

from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import sites
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.evaluations import Evaluation
from volunteer.models.hours import EntryKind, HoursEntry, SourceType
from volunteer.models.projects import Project
from volunteer.models.reports import MonthlyReport
from volunteer.models.service_requests import Rating, ServiceRequest
from volunteer.models.shifts import Shift
from volunteer.models.statistics import PersonMonth
from volunteer.services import statistics
from volunteer.services.statistics import By, Span

FREEZE_DAY = 3
"""Of the month after."""

REPORTING = (SiteLevel.CITY, SiteLevel.CENTER, SiteLevel.ZONE)

DEFINITIONS_VERSION = "2026-12-2"
DEFINITIONS: Mapping[str, str] = {
    "people": "人数：当月有服务时长（更正后仍大于零）的人，同一人只计一次",
    "verified_times": "签到人次：由签到、签退记录的服务次数，已撤销的不计",
    "honorary_times": "补记人次：事后补记并经他人审核的服务次数，已撤销的不计",
    "verified_minutes": "签到时长：由签到、签退记录的分钟数，含更正",
    "honorary_minutes": "补记时长：事后补记的分钟数，含更正，单独列出",
    "activities_with_check_ins": "有签到记录的活动：当月结束且至少一人签到的活动",
    "activities_without_check_ins": "没有签到记录的活动：当月结束而无人签到的活动",
    "evaluations": "评价份数：参加者对当月结束的活动的评价",
    "score_tenths": "满意度：上述评价的平均分乘以 10（满分 50），没有评价时为空",
    "channels": "记录方式：当月场次的签到按方式分列，以及补记（backfill）和导入（import）的条数，"
    "以定稿时的记录为准",
    "orders": "点单数：当月提交的点单",
    "orders_done": "完成的点单：当月完成服务并报告的点单",
    "people_served": "服务人数：当月完成的点单报告的服务人数之和",
    "order_ratings": "点单评价数：当月收到的点单评价",
    "order_score_tenths": "点单满意度：当月点单评价的平均分乘以 10（满分 50），没有评价时为空",
    "adjustments": "更正：以前月份的数字在上一次报告以后的变化；从未报告过的月份列出全部数字",
}

ADJUSTED = ("people", "verified_times", "honorary_times", "verified_minutes", "honorary_minutes")
"""Figures whose later changes are reported."""

ENTERED = (SourceType.BACKFILL, SourceType.IMPORT)
"""Channels beside the check-ins."""


EARLIEST = "0001-01"


def to_freeze() -> list[UUID]:
    """Sites whose report of the latest month that is due is missing."""
    reported = select(MonthlyReport.site_id).where(MonthlyReport.month == _due())
    query = select(Site.id).where(Site.level.in_(REPORTING), Site.id.not_in(reported))
    return list(db.session.scalars(query.order_by(Site.path)))


def freeze(actor: Actor, site_id: UUID) -> MonthlyReport:
    """Write the next report that is due: of the month after the last one, or the first of all for
    the latest month. With nothing due gives the latest one."""
    site, month = sites.get(site_id), _next_of(site_id)
    where = Site.path.startswith(site.path, autoescape=True)
    is_new = insert_if_absent(
        MonthlyReport,
        id=new_id(),
        site_id=site_id,
        month=month,
        definitions_version=DEFINITIONS_VERSION,
        definitions=dict(DEFINITIONS),
        figures=_figures(month, where),
        adjustments=_adjustments(site_id, month, where),
        frozen_at=clock.now(),
    )
    report = db.session.scalars(
        _query().where(MonthlyReport.site_id == site_id, MonthlyReport.month == month)
    ).one()
    if is_new:
        audit.record(actor, report, "freeze")
    return report


def _due() -> str:
    """The latest month (YYYY-MM) whose report should exist."""
    today = clock.today()
    return _month_after(f"{today:%Y-%m}", -1 if today.day >= FREEZE_DAY else -2)


def _next_of(site_id: UUID) -> str:
    latest = db.session.scalar(
        select(func.max(MonthlyReport.month)).where(MonthlyReport.site_id == site_id)
    )
    return _due() if latest is None else min(_due(), _month_after(latest, 1))


def _month_after(month: str, number: int) -> str:
    year, index = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + number, 12)
    return f"{date(year, index + 1, 1):%Y-%m}"


def _figures(month: str, where: ColumnElement[bool]) -> dict[str, Any]:
    of_month = Span(month, month)
    sums = _by_month(of_month, where).get(month, Counter())
    told = statistics.participation_in(of_month, where)
    number, mean = _satisfaction(month, where)
    return {name: sums[name] for name in ADJUSTED} | {
        "activities_with_check_ins": told.activities_with_check_ins,
        "activities_without_check_ins": told.activities_without_check_ins,
        "evaluations": number,
        "score_tenths": mean,
        "channels": _channels(of_month, where),
        **_orders(of_month, where),
    }


def _channels(span: Span, where: ColumnElement[bool]) -> dict[str, int]:
    """How service of these months came to be recorded: every way with its number."""
    first, after = statistics.bounds(span)
    here = Project.site_id.in_(select(Site.id).where(where))
    came = (
        select(Attendance.check_in_method, func.count())
        .join(Attendance.shift)
        .join(Shift.activity)
        .join(Activity.project)
        .where(Shift.starts_at >= first, Shift.starts_at < after, here)
        .group_by(Attendance.check_in_method)
    )
    entered = (
        select(HoursEntry.source_type, func.count())
        .where(
            HoursEntry.kind == EntryKind.EARNED,
            HoursEntry.source_type.in_(ENTERED),
            HoursEntry.served_on >= clock.day_of(first),
            HoursEntry.served_on < clock.day_of(after),
            HoursEntry.site_id.in_(select(Site.id).where(where)),
        )
        .group_by(HoursEntry.source_type)
    )
    found = [*db.session.execute(came), *db.session.execute(entered)]
    numbers = {channel.value: number for channel, number in found}
    return {channel.value: numbers.get(channel.value, 0) for channel in (*CheckMethod, *ENTERED)}


def _orders(span: Span, where: ColumnElement[bool]) -> dict[str, int | None]:
    """Each figure counts what happened in these months, so no later step changes it."""
    first, after = statistics.bounds(span)

    def happened(at: Any) -> ColumnElement[bool]:
        return and_(at >= first, at < after, where)

    query = select(func.count()).select_from(ServiceRequest).join(ServiceRequest.site)
    submitted = db.session.scalars(query.where(happened(ServiceRequest.created_at))).one()
    done = select(func.count(), func.sum(ServiceRequest.people_served)).join(ServiceRequest.site)
    completed, served = db.session.execute(done.where(happened(ServiceRequest.done_at))).one()
    rated = (
        select(func.count(), func.sum(Rating.score))
        .select_from(ServiceRequest)
        .join(ServiceRequest.rating)
        .join(ServiceRequest.site)
    )
    ratings, scores = db.session.execute(rated.where(happened(Rating.rated_at))).one()
    return {
        "orders": submitted,
        "orders_done": completed,
        "people_served": int(served or 0),
        "order_ratings": ratings,
        "order_score_tenths": int(scores) * 10 // ratings if ratings else None,
    }


def _by_month(span: Span, where: ColumnElement[bool]) -> dict[str, Counter[str]]:
    """The adjustable figures of these months, as the ledger has them now."""
    here = (
        PersonMonth.month.between(span.first, span.last),
        PersonMonth.site_id.in_(select(Site.id).where(where)),
    )
    names = ADJUSTED[1:]
    sums = select(
        PersonMonth.month, *(func.sum(getattr(PersonMonth, name)) for name in names)
    ).where(*here)
    found = {
        month: Counter({name: int(value) for name, value in zip(names, values, strict=True)})
        for month, *values in db.session.execute(sums.group_by(PersonMonth.month))
    }
    if found:
        people, _ = statistics.people_by(By.MONTH, span, where)
        for month, sums_of_month in found.items():
            sums_of_month["people"] = people.get(month, 0)
    return found


def _adjustments(site_id: UUID, month: str, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """How earlier months differ from what the reports so far add up to."""
    told: dict[str, Counter[str]] = {}
    query = select(MonthlyReport).where(
        MonthlyReport.site_id == site_id, MonthlyReport.month < month
    )
    for report in db.session.scalars(query):
        _tell(told, report.month, report.figures)
        for adjustment in report.adjustments:
            _tell(told, adjustment["month"], adjustment)
    present = _by_month(Span(EARLIEST, _month_after(month, -1)), where)
    found = []
    for earlier in sorted(told.keys() | present.keys()):
        now, before = present.get(earlier, Counter()), told.get(earlier, Counter())
        changes = {name: now[name] - before[name] for name in ADJUSTED}
        if any(changes.values()):
            found.append({"month": earlier, **changes})
    return found


def _tell(told: dict[str, Counter[str]], month: str, figures: Mapping[str, Any]) -> None:
    sums = told.setdefault(month, Counter())
    for name in ADJUSTED:
        sums[name] += figures[name]


def _satisfaction(month: str, where: ColumnElement[bool]) -> tuple[int, int | None]:
    """Number and mean (tenths) of what those who took part said of the month's activities."""
    first, after = statistics.bounds(Span(month, month))
    query = (
        select(func.count(), func.sum(Evaluation.score))
        .join(Evaluation.activity)
        .join(Activity.project)
        .join(Project.site)
        .where(
            Evaluation.person_id.is_(None),
            Activity.ends_at >= first,
            Activity.ends_at < after,
            where,
        )
    )
    number, total = db.session.execute(query).one()
    return number, int(total) * 10 // number if number else None


def list_visible(
    actor: Actor, page: PageRequest, *, site: UUID | None = None, month: str | None = None
) -> Page[MonthlyReport]:
    """Reports of the actor's sites in the order of site codes, and of time at each; of one site,
    or of one month. Raises NotFound for a site outside them."""
    query = _query().where(under_sites(actor, Permission.VOLUNTEER_REPORT_VIEW))
    if site is not None:
        found = sites.get(site)
        policies.require_over_site(actor, Permission.VOLUNTEER_REPORT_VIEW, found)
        query = query.where(MonthlyReport.site_id == site)
    if month is not None:
        query = query.where(MonthlyReport.month == month)
    return paginate(query, page, by=[Site.path, MonthlyReport.month])


def get(actor: Actor, report_id: UUID) -> MonthlyReport:
    """A report of one of the actor's sites. Raises NotFound."""
    report = db.session.scalar(
        _query().where(
            MonthlyReport.id == report_id,
            under_sites(actor, Permission.VOLUNTEER_REPORT_VIEW),
        )
    )
    if report is None:
        raise NotFound
    return report


def _query() -> Select[MonthlyReport]:
    """Reports joined with their `Site`, for the filters of policies."""
    return (
        select(MonthlyReport).join(MonthlyReport.site).options(contains_eager(MonthlyReport.site))
    )
