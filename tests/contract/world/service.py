"""Volunteer service: a team, its morning and what comes of it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.actor import SYSTEM
from core.db import db
from core.ids import new_id
from core.sheets import SheetFormat
from tests.contract.world.people import AT, OTHER, OWNER, PHONE, Ids, Instead, Making, Owners
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, site
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.lifecycles import FlagStatus
from volunteer.models.attendances import Attendance
from volunteer.models.disputes import DisputeAbout
from volunteer.models.exports import ExportKind
from volunteer.models.flags import Flag, FlagKind
from volunteer.models.imports import ImportKind
from volunteer.models.service_requests import ServiceRequest
from volunteer.models.sync_batches import SyncBatch
from volunteer.services import (
    attendances,
    backfills,
    certificates,
    disputes,
    exports,
    imports,
    memberships,
    qualifications,
    reports,
    service_requests,
    signups,
)


def _service(of: Owners) -> dict[str, object]:
    """A morning of two volunteers, from their memberships to their way home."""
    scene, owner = of.scene, of.actor
    with clock.frozen(DAY_BEFORE):
        membership = memberships.apply(owner, scene.organization_id)
        memberships.accept(scene.organizer, membership.id)
        held = qualifications.record(
            scene.organizer, of.owner.id, code="guide", valid_from=NINE.date()
        )
        signup = signups.sign_up(owner, scene.shift_id)
        signups.sign_up(actor_of(of.other), scene.shift_id)
    with clock.frozen(NINE):
        attendances.check_in(owner, code=make.code_of(scene.shift_id))
    with clock.frozen(NINE + timedelta(hours=2)):
        attendance = attendances.check_out(owner, code=make.code_of(scene.shift_id))
    return {
        "organization_id": scene.organization_id,
        "project_id": scene.project_id,
        "activity_id": scene.activity_id,
        "shift_id": scene.shift_id,
        "membership_id": membership.id,
        "qualification_id": held.id,
        "signup_id": signup.id,
        "attendance_id": attendance.id,
        "person_id": of.owner.id,
        "into": of.other.id,
        "site_id": scene.site_id,
    }


def _afterwards(of: Owners) -> dict[str, object]:
    """What people claim, doubt, ask for and take home."""
    scene, owner = of.scene, of.actor
    attendance = db.session.scalars(
        select(Attendance).where(Attendance.person_id == of.owner.id)
    ).one()
    with clock.frozen(AT):
        (backfill,) = backfills.claim(
            actor_of(of.other),
            activity_id=scene.activity_id,
            shift_id=scene.shift_id,
            minutes=60,
            evidence="签到表照片",
            reference="2027-015 号",
            reason="现场没有信号",
        )
        dispute = disputes.open(
            owner,
            about_type=DisputeAbout.ATTENDANCE,
            about_id=attendance.id,
            reason="我多服务了半小时",
        )
        certificate = certificates.issue(owner, from_day=NINE.date(), to_day=NINE.date())
        request = _request(of, "陪老人去医院")
        service_requests.dispatch(scene.staff, request.id, organization_id=scene.organization_id)
        report = reports.freeze(SYSTEM, site("411002").id)
    return {
        "backfill_id": backfill.id,
        "dispute_id": dispute.id,
        "about_id": dispute.about_id,
        "number": certificate.number,
        "check": certificate.check_code,
        "request_id": request.id,
        "report_id": report.id,
        "flag_id": _flag(scene).id,
    }


def _request(of: Owners, title: str) -> ServiceRequest:
    return service_requests.submit(
        of.actor,
        site_id=of.scene.site_id,
        category_code="elderly_and_orphans",
        title=title,
        description="老人行动不便",
        place="西大街甲 1 号院 2 单元",
        contact_phone=PHONE,
        beneficiary_name=OTHER,
        wanted_from=AT + timedelta(days=5),
        wanted_until=AT + timedelta(days=6),
    )


def _flag(scene: Scene) -> Flag:
    made = Flag(
        id=new_id(),
        key="rapid_approvals:world",
        kind=FlagKind.RAPID_APPROVALS,
        status=FlagStatus.RAISED,
        site_id=scene.site_id,
        organization_id=scene.organization_id,
        activity_id=scene.activity_id,
        person_id=scene.organizer.id,
        count=3,
        raised_at=AT,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _files(of: Owners) -> dict[str, object]:
    """An import that was handed in, and an export of records that waits to be made."""
    scene = of.scene
    table = f"姓名,身份证号码,手机号码,同意书编号\n{OWNER},{of.id_number},,甲-1\n"
    with clock.frozen(AT):
        kept = imports.keep(scene.organizer, body={"file": table.encode()})
        imports.upload(
            scene.organizer,
            kept,
            kind=ImportKind.VOLUNTEERS,
            organization_id=scene.organization_id,
            note="历年纸质台账",
        )
        wanted = exports.ExportRequest(
            ExportKind.DECREE67, SheetFormat.CSV, organization_id=scene.organization_id
        )
        export = exports.unmask(scene.staff, wanted, reason="月度上报")
    batch = db.session.scalars(select(SyncBatch).where(SyncBatch.export_id == export.id)).one()
    return {"import_id": kept, "export_id": export.id, "batch_id": batch.id}


def another_team() -> tuple[Scene, UUID]:
    """A team of the same site, and who signed up with it."""
    made = make.scene(title="周六植树")
    with clock.frozen(DAY_BEFORE):
        return made, signups.sign_up(make.volunteer("亓志愿"), made.shift_id).id


STEPS: Sequence[Making] = (_service, _afterwards, _files)


def instead(of: Owners, _ids: Ids) -> Instead:
    """A request for the teams to claim."""
    with clock.frozen(AT):
        opened = service_requests.open(of.scene.staff, _request(of, "替老人取药").id)
    return {
        "POST /api/v1/service-requests/{request_id}/claim": {"request_id": str(opened.id)},
    }
