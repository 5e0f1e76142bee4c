"""One of every kind of thing that an address can name, all of it of people of Weidu district.

Made by the services that people use, so that the things hang together as they really do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from accounts.models.consents import ConsentKind
from accounts.models.feedback import FeedbackKind
from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import consents, feedback, guardians, roles, sessions
from core import clock
from core.actor import ANONYMOUS, SYSTEM, Actor, ScopeKind
from core.crypto import mask_name, mask_phone
from core.db import db
from core.ids import new_id
from core.sheets import SheetFormat
from core.wechat import WeChatSession
from jobs.exports import make_exports
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.care_visits import CareOccasion
from nominations.models.nominations import Nomination
from nominations.models.referrals import ReferralTarget
from nominations.services import benefit_cards, benefits, honors, own_honors, referrals
from tests.conftest import stored
from tests.contract.operations import almighty
from tests.factories import honors as honoring
from tests.factories import nominations as choosing
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
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
    calendars,
    certificates,
    disputes,
    exports,
    imports,
    memberships,
    reports,
    service_requests,
    signups,
)

AT = NINE + timedelta(hours=8)
"""When strangers come: after the shift, on its day."""

OWNER, OTHER, WARD = "澹台灵均", "鲜于望舒", "澹台小满"
PHONE = "+8613912345678"
OPENID = "o-owner"

OF_A_TEAM = ("organization_id", "project_id", "activity_id", "shift_id", "site_id")

COUNTY, ELSEWHERE = "411002001", "411082"
"""A site of Weidu district, where everything is, and the centre of Changge."""


@dataclass(frozen=True)
class World:
    ids: dict[str, str]
    """What stands in an address or a body, by the name it has there."""
    own: dict[str, str]
    """The same of the organizer of another team, as far as they have it."""
    instead: dict[str, dict[str, str]]
    """Ids for the one operation that takes a thing in another state only."""
    insiders: Sequence[Actor]
    """For every thing, one of those who may see it."""
    strangers: dict[str, Actor]
    """Everybody else, by what they are; none is of Weidu but the organizer of another team."""
    secrets: frozenset[str]
    """What no stranger is ever shown."""
    masked: frozenset[str]
    """The same people as insiders see them."""


def build(app: Flask) -> World:
    owners = _people(app)
    ids: dict[str, str] = {}
    for step in (_service, _service_afterwards, _files, _selection, _honor, _account):
        with stored(app):
            ids |= {name: str(value) for name, value in step(owners).items()}
    with clock.frozen(AT):
        make.run(app, make_exports)
    with stored(app):
        other_team, signup_id = _another_team()
        return World(
            ids=ids,
            own={name: str(getattr(other_team, name)) for name in OF_A_TEAM}
            | {"signup_id": str(signup_id)},
            instead={
                "POST /api/v1/service-requests/{request_id}/claim": {
                    "request_id": str(_open_request(owners).id)
                },
                "POST /api/v1/nominations/{nomination_id}/honor": {
                    "nomination_id": str(_approved(owners).id)
                },
            },
            insiders=_insiders(owners),
            strangers=_strangers(other_team),
            secrets=frozenset(
                {OWNER, OTHER, WARD, PHONE, PHONE.removeprefix("+86"), owners.id_number}
            ),
            masked=frozenset({mask_name(OWNER), mask_name(OTHER), mask_phone(PHONE)}),
        )


@dataclass(frozen=True)
class _Owners:
    scene: Scene
    owner: Person
    other: Person
    ward: Person
    id_number: str

    @property
    def actor(self) -> Actor:
        return actor_of(self.owner)


def _people(app: Flask) -> _Owners:
    with stored(app):
        made = make.scene()
        with clock.frozen(DAY_BEFORE):
            owner, other = person(OWNER, openid=OPENID), person(OTHER)
            ward = person(WARD, born="20120101")
        owner.phone, owner.nickname = PHONE, "小澹"
        for one in (owner, other, ward):
            one.site_id = made.site_id
        consents.record(made.staff, owner.id, ConsentKind.REAL_NAME, paper_reference="纸-1")
        assert owner.id_number is not None
        return _Owners(made, owner, other, ward, owner.id_number)


def _service(of: _Owners) -> dict[str, object]:
    """A morning of two volunteers, from their memberships to their way home."""
    scene, owner = of.scene, of.actor
    with clock.frozen(DAY_BEFORE):
        membership = memberships.apply(owner, scene.organization_id)
        memberships.accept(scene.organizer, membership.id)
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
        "signup_id": signup.id,
        "attendance_id": attendance.id,
        "person_id": of.owner.id,
        "into": of.other.id,
        "site_id": scene.site_id,
    }


def _service_afterwards(of: _Owners) -> dict[str, object]:
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


def _request(of: _Owners, title: str) -> ServiceRequest:
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


def _open_request(of: _Owners) -> ServiceRequest:
    with clock.frozen(AT):
        return service_requests.open(of.scene.staff, _request(of, "替老人取药").id)


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


def _files(of: _Owners) -> dict[str, object]:
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


def _selection(of: _Owners) -> dict[str, object]:
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.ASSESSING)
        nomination = choosing.nomination(campaign, by=of.owner)
        candidate = choosing.candidate(campaign, by=of.owner)
    return {
        "campaign_id": campaign.id,
        "nomination_id": nomination.id,
        "choice": candidate.id,
    }


def _honor(of: _Owners) -> dict[str, object]:
    """The owner was honoured, and what follows is under way."""
    with clock.frozen(AT):
        granted = honoring.honor(nominee=of.owner)
        runs = honoring.office()
        referral = referrals.prepare(
            runs, granted.id, target=ReferralTarget.HENAN_GOOD_PEOPLE, batch="2027年5月"
        )
        case = own_honors.apply_for_help(of.actor, granted.id, need=f"{OWNER}家中有病人")
        visit = honors.plan_visit(
            of.scene.staff,
            granted.id,
            occasion=CareOccasion.OTHER,
            planned_on=AT.date() + timedelta(days=1),
        )
    return {
        "honor_id": granted.id,
        "referral_id": referral.id,
        "case_id": case.id,
        "visit_id": visit.id,
        "benefit_id": benefits.list_public()[0].id,
        "code": benefit_cards.issue(granted).code,
    }


def _approved(of: _Owners) -> Nomination:
    with clock.frozen(AT):
        selection = choosing.campaign(CampaignStatus.NOTICING)
        return choosing.nomination(selection, NominationStatus.APPROVED, by=of.owner)


def _account(of: _Owners) -> dict[str, object]:
    """What belongs to a person and to the office, beside their service."""
    owner = of.actor
    with clock.frozen(AT):
        invitation = guardians.invite(actor_of(of.ward))
        guardianship = guardians.give(owner, code=invitation.code, companion=OTHER)
        sessions.sign_in_with_wechat(WeChatSession(OPENID, None, ""))
        feed = calendars.create_feed(owner)
        said = feedback.send(owner, kind=FeedbackKind.COMPLAINT, text=f"{OWNER}的电话 {PHONE}")
        grant_id = roles.bestow(
            SYSTEM,
            of.scene.staff.id,
            role=Role.SITE_STAFF,
            scope_kind=ScopeKind.SITE,
            scope_id=of.scene.site_id,
        ).id
        (opened,) = sessions.list_mine(owner)
    message = select(InboxMessage).where(InboxMessage.person_id == of.owner.id).limit(1)
    return {
        "guardianship_id": guardianship.id,
        "session_id": opened.session.id,
        "token": feed.token,
        "feedback_id": said.id,
        "grant_id": grant_id,
        "message_id": db.session.scalars(message).one().id,
    }


def _insiders(of: _Owners) -> list[Actor]:
    home = site(COUNTY)
    return [
        of.actor,
        actor_of(of.other),
        of.scene.organizer,
        of.scene.staff,
        actor_of(person("荀评审"), grant(Role.REVIEWER, over=home)),
        actor_of(person("晏帮办"), grant(Role.HELPER, over=home)),
        actor_of(person("郗管理"), grant(Role.ADMIN)),
        almighty(),
    ]


def _another_team() -> tuple[Scene, UUID]:
    """A team of the same site, and who signed up with it."""
    made = make.scene(title="周六植树")
    with clock.frozen(DAY_BEFORE):
        return made, signups.sign_up(make.volunteer("亓志愿"), made.shift_id).id


def _strangers(other_team: Scene) -> dict[str, Actor]:
    there = site(ELSEWHERE)
    return {
        "anonymous": ANONYMOUS,
        "citizen": actor_of(person("贲市民", registered=False)),
        "volunteer": actor_of(person("邴志愿")),
        "organizer": other_team.organizer,
        "site_staff": actor_of(person("殳站长"), grant(Role.SITE_STAFF, over=there)),
        "reviewer": actor_of(person("阚评审"), grant(Role.REVIEWER, over=there)),
        "helper": actor_of(person("迮帮办"), grant(Role.HELPER, over=there)),
        "admin": actor_of(person("仉管理"), grant(Role.ADMIN)),
    }
