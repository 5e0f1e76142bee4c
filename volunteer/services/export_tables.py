"""What stands in each kind of export. To add one: a member of ExportKind and a row of TABLES."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from accounts.models.persons import Person
from accounts.models.sites import Site
from core.clock import SHANGHAI
from core.crypto import mask_name
from core.db import db
from core.sheets import Cell
from volunteer.actions import ACTION_NAMES
from volunteer.lifecycles import CertificateStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.certificates import Certificate, CertificateEntry
from volunteer.models.exports import Export, ExportKind
from volunteer.models.hours import HoursEntry, Ledger
from volunteer.models.organizations import Organization
from volunteer.models.profiles import VolunteerProfile
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.models.sync_batches import HoursSync, SyncBatch
from volunteer.services import reference

Row = Any
"""A result row, with the names of what its query selects."""


@dataclass(frozen=True, slots=True)
class Table:
    """`query` selects the rows of an export, `keys` the columns by which they are read in order
    (unique together, and selected first)."""

    title: str
    targets: tuple[str, ...]
    """Which target of the export it is made of."""
    has_days: bool
    is_personal: bool
    """Whether it makes no sense without personal data, so is only made unmasked."""
    headings: tuple[str, ...]
    keys: tuple[Any, ...]
    query: Callable[[Export], Select[*tuple[Any, ...]]]
    cells: Callable[[Row, bool], tuple[Cell, ...]]
    """Of a row, and whether names may be shown."""


STATUS_NAMES: Mapping[str, str] = {
    "pending": "待审核",
    "confirmed": "已报上",
    "waitlisted": "候补",
    "offered": "待确认名额",
    "declined": "未通过",
    "expired": "名额过期",
    "cancelled": "已取消",
    "moved": "已调换",
    "attended": "已参加",
    "no_record": "没有签到记录",
    "checked_in": "已签到",
    "pending_check_out": "待确认离开时间",
    "checked_out": "已签退",
    "counted": "已计入",
    "below_threshold": "未达到计入标准",
    "under_review": "审核中",
    "rejected": "未通过",
}
"""Of sign-ups and attendances, for people; a status that is not here is written as it is."""

LEDGER_NAMES = {Ledger.VERIFIED: "签到时长", Ledger.HONORARY: "补记时长"}
CERTIFICATE_NAMES = {CertificateStatus.ISSUED: "有效", CertificateStatus.REVOKED: "已失效"}
WHO_HEADING = "志愿者编号"
WHO = func.coalesce(Person.merged_into_id, Person.id).label("who")
"""Tells apart people whose masked names are the same, and finds one again in another sheet."""

CATEGORY_NAMES = dict(reference.SERVICE_CATEGORIES)
KIND_NAMES: Mapping[str, str] = {"earned": "记录", "adjusted": "更正", "reversed": "撤销"}


def _name(name: str | None, is_unmasked: bool) -> str:
    return (name or "") if is_unmasked else mask_name(name)


def _at(instant: datetime | None) -> str:
    return "" if instant is None else instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _signups(export: Export) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Signup.id,
            Person.name,
            Activity.title,
            Shift.starts_at,
            Shift.post,
            Signup.status,
            Signup.created_at,
            WHO,
        )
        .join(Signup.person)
        .join(Signup.shift)
        .join(Shift.activity)
    )
    return query.where(_of_shifts(export))


def _of_shifts(export: Export) -> Any:
    if export.shift_id is not None:
        return Shift.id == export.shift_id
    return Shift.activity_id == export.activity_id


def _signup_cells(row: Row, is_unmasked: bool) -> tuple[Cell, ...]:
    status = STATUS_NAMES.get(row.status.value, row.status.value)
    name = _name(row.name, is_unmasked)
    signed_up_at = _at(row.created_at)
    return name, row.title, _at(row.starts_at), row.post, status, signed_up_at, str(row.who)


def _attendances(export: Export) -> Select[*tuple[Any, ...]]:
    query = (
        select(Attendance.id, Attendance, Person.name, Activity.title, Shift.starts_at, WHO)
        .join(Attendance.person)
        .join(Attendance.shift)
        .join(Shift.activity)
    )
    return query.where(_of_shifts(export))


def _attendance_cells(row: Row, is_unmasked: bool) -> tuple[Cell, ...]:
    attendance: Attendance = row.Attendance
    return (
        _name(row.name, is_unmasked),
        row.title,
        _at(row.starts_at),
        _at(attendance.checked_in_at),
        _at(attendance.checked_out_at),
        STATUS_NAMES.get(attendance.status.value, attendance.status.value),
        attendance.minutes,
        "；".join(f"{part.sentence}（{part.minutes} 分钟）" for part in attendance.not_counted),
        str(row.who),
    )


def of_unit(export: Export) -> Any:
    """Filter on `HoursEntry`: of the organisation, or of the site and all below it, in the days."""
    if export.organization_id is not None:
        unit = HoursEntry.organization_id == export.organization_id
    else:
        path = db.session.scalars(select(Site.path).where(Site.id == export.site_id)).one()
        below = select(Site.id).where(Site.path.startswith(path, autoescape=True))
        unit = HoursEntry.site_id.in_(below)
    if export.from_day is not None:
        unit = unit & (HoursEntry.served_on >= export.from_day)
    if export.to_day is not None:
        unit = unit & (HoursEntry.served_on <= export.to_day)
    return unit


def _hours(export: Export) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            HoursEntry.id,
            HoursEntry.served_on,
            Person.name.label("person"),
            Organization.name.label("organization"),
            Site.name.label("site"),
            Activity.title,
            HoursEntry.action,
            HoursEntry.minutes,
            HoursEntry.ledger,
            HoursEntry.kind,
            WHO,
        )
        .join(Person, Person.id == HoursEntry.person_id)
        .join(Organization, Organization.id == HoursEntry.organization_id)
        .join(Site, Site.id == HoursEntry.site_id)
        .join(Activity, Activity.id == HoursEntry.activity_id)
    )
    return query.where(of_unit(export))


def _hours_cells(row: Row, is_unmasked: bool) -> tuple[Cell, ...]:
    return (
        row.served_on.isoformat(),
        _name(row.person, is_unmasked),
        row.organization,
        row.site,
        row.title,
        ACTION_NAMES[row.action],
        row.minutes,
        LEDGER_NAMES[row.ledger],
        KIND_NAMES.get(row.kind.value, row.kind.value),
        str(row.who),
    )


def _minutes(ledger: Ledger) -> Any:
    of_ledger = case((HoursEntry.ledger == ledger, CertificateEntry.minutes), else_=0)
    return func.sum(of_ledger).label(f"{ledger.value}_minutes")


def _certificates(export: Export) -> Select[*tuple[Any, ...]]:
    """A unit learns of a certificate what rests on its own records, and no more."""
    of_person = (
        Certificate.id,
        Certificate.number,
        Person.name,
        Certificate.from_day,
        Certificate.to_day,
        Certificate.issued_at,
        Certificate.status,
    )
    return (
        select(*of_person, _minutes(Ledger.VERIFIED), _minutes(Ledger.HONORARY))
        .join(Certificate.person)
        .join(CertificateEntry, CertificateEntry.certificate_id == Certificate.id)
        .join(HoursEntry, HoursEntry.id == CertificateEntry.entry_id)
        .where(of_unit(export))
        .group_by(*of_person)
    )


def _certificate_cells(row: Row, is_unmasked: bool) -> tuple[Cell, ...]:
    return (
        row.number,
        _name(row.name, is_unmasked),
        row.from_day.isoformat(),
        row.to_day.isoformat(),
        int(row.verified_minutes),
        int(row.honorary_minutes),
        _at(row.issued_at),
        CERTIFICATE_NAMES[row.status],
    )


_Leader = aliased(Person)


def _records(export: Export) -> Select[*tuple[Any, ...]]:
    """The entries of the batch of this export (see `sync_batches`), with what decree 67 asks of
    the volunteer (art. 5) and of the service (art. 7)."""
    return (
        select(
            HoursSync.entry_id,
            HoursEntry,
            Person,
            Site.division.label("region"),
            VolunteerProfile.skills,
            VolunteerProfile.category_codes,
            Activity,
            Organization.name.label("organization"),
            _Leader.name.label("leader"),
        )
        .join(SyncBatch, SyncBatch.id == HoursSync.batch_id)
        .join(HoursEntry, HoursEntry.id == HoursSync.entry_id)
        .join(Person, Person.id == HoursEntry.person_id)
        .join(Organization, Organization.id == HoursEntry.organization_id)
        .join(Activity, Activity.id == HoursEntry.activity_id)
        .join(_Leader, _Leader.id == Activity.leader_id)
        .outerjoin(Site, Site.id == Person.site_id)
        .outerjoin(VolunteerProfile, VolunteerProfile.person_id == Person.id)
        .where(SyncBatch.export_id == export.id)
    )


def _record_cells(row: Row, _is_unmasked: bool) -> tuple[Cell, ...]:
    entry: HoursEntry = row.HoursEntry
    who: Person = row.Person
    return (
        str(entry.id),
        KIND_NAMES.get(entry.kind.value, entry.kind.value),
        str(entry.corrects_id or ""),
        who.name,
        _sex(who.id_number),
        who.born_on.isoformat() if who.born_on else "",
        who.id_number,
        row.region,
        (who.phone or "").removeprefix("+86"),
        "、".join(row.skills or ()),
        "、".join(CATEGORY_NAMES.get(code, code) for code in row.category_codes or ()),
        row.Activity.title,
        entry.served_on.isoformat(),
        row.Activity.place,
        row.Activity.content or row.Activity.title,
        entry.minutes,
        LEDGER_NAMES[entry.ledger],
        row.organization,
        row.leader,
    )


def _sex(id_number: str | None) -> str:
    """The last digit of the order is odd for men (GB 11643-1999)."""
    if id_number is None:
        return ""
    return "男" if int(id_number[16]) % 2 else "女"


OF_SHIFTS = ("shift_id", "activity_id")
OF_UNITS = ("organization_id", "site_id")

TABLES: Mapping[ExportKind, Table] = {
    ExportKind.SIGNUPS: Table(
        "报名名单",
        OF_SHIFTS,
        has_days=False,
        is_personal=False,
        headings=("姓名", "活动", "场次开始", "岗位", "状态", "报名时间", WHO_HEADING),
        keys=(Signup.id,),
        query=_signups,
        cells=_signup_cells,
    ),
    ExportKind.ATTENDANCES: Table(
        "签到记录",
        OF_SHIFTS,
        has_days=False,
        is_personal=False,
        headings=(
            "姓名",
            "活动",
            "场次开始",
            "签到",
            "签退",
            "状态",
            "计入分钟",
            "未计入的时间和原因",
            WHO_HEADING,
        ),
        keys=(Attendance.id,),
        query=_attendances,
        cells=_attendance_cells,
    ),
    ExportKind.HOURS: Table(
        "服务时长",
        OF_UNITS,
        has_days=True,
        is_personal=False,
        headings=(
            "服务日期",
            "姓名",
            "组织",
            "阵地",
            "活动",
            "行动",
            "分钟",
            "时长类别",
            "记录类别",
            WHO_HEADING,
        ),
        keys=(HoursEntry.id,),
        query=_hours,
        cells=_hours_cells,
    ),
    ExportKind.CERTIFICATES: Table(
        "服务记录证明",
        OF_UNITS,
        has_days=False,
        is_personal=False,
        headings=(
            "证明编号",
            "姓名",
            "起始日",
            "截止日",
            "本单位签到时长（分钟）",
            "本单位补记时长（分钟）",
            "开具时间",
            "状态",
        ),
        keys=(Certificate.id,),
        query=_certificates,
        cells=_certificate_cells,
    ),
    ExportKind.DECREE67: Table(
        "志愿服务记录",
        OF_UNITS,
        has_days=True,
        is_personal=True,
        headings=(
            "记录编号",
            "记录类别",
            "更正的记录编号",
            "姓名",
            "性别",
            "出生日期",
            "身份证号码",
            "居住区域",
            "联系方式",
            "服务技能",
            "服务类别",
            "活动名称",
            "服务日期",
            "服务地点",
            "服务内容",
            "服务时长（分钟）",
            "时长类别",
            "活动组织单位",
            "活动负责人",
        ),
        keys=(HoursSync.entry_id,),
        query=_records,
        cells=_record_cells,
    ),
}
