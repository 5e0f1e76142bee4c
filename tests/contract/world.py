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
from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services import consents, feedback, guardians, roles, sessions
from core import clock
from core.actor import ANONYMOUS, SYSTEM, Actor, Grant, ScopeKind
from core.crypto import mask_name, mask_phone
from core.db import db
from core.ids import new_id
from core.sheets import SheetFormat
from core.wechat import TextVerdict, WeChatSession
from jobs.exports import make_exports
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.care_visits import CareOccasion
from nominations.models.consultations import Department
from nominations.models.imports import ImportedNomination, SelectionImportKind
from nominations.models.nominations import Nomination
from nominations.models.objections import Objection
from nominations.models.referrals import ReferralTarget
from nominations.rules import Rules, Step
from nominations.services import (
    attachments,
    benefit_cards,
    benefits,
    channels,
    clues,
    comments,
    confirmations,
    consultations,
    declarations,
    honors,
    objection_evidence,
    own_honors,
    panel_scores,
    panelists,
    panels,
    referrals,
    results,
    supports,
    visits,
)
from nominations.services import consents as nominee_consents
from nominations.services import imports as selection_imports
from tests.conftest import stored
from tests.contract.operations import almighty
from tests.factories import honors as honoring
from tests.factories import nominations as choosing
from tests.factories import notices as noticing
from tests.factories import panels as judging
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.attachments import attached, jpeg, moderator
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
    for step in (
        _service,
        _service_afterwards,
        _files,
        _selection,
        _clues,
        _ladder,
        _media,
        _panel,
        _result,
        _notice,
        _honor,
        _account,
    ):
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
                **_reviewed(owners),
                **_of_panels(ids),
                **{
                    f"{method} /api/v1/nominations/{{nomination_id}}/comments": {
                        "nomination_id": ids["candidate_id"]
                    }
                    for method in ("GET", "POST")
                },
                "POST /api/v1/results/{result_id}/deviate": {"nomination_id": ids["judged_id"]},
                "GET /api/v1/objections/{objection_id}/evidence/{attachment_id}": {
                    "attachment_id": ids["evidence_id"]
                },
                **{
                    f"POST /api/v1/notices/{{notice_id}}/objections{way}": {
                        "nomination_id": ids["nomination"]
                    }
                    for way in ("", "/enter")
                },
                "POST /api/v1/nominations/{nomination_id}/honor": {
                    "nomination_id": str(_approved(owners).id)
                },
                **_imported(UUID(ids["nomination_id"])),
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
        link = nominee_consents.ask(of.actor, nomination.id)
    return {
        "campaign_id": campaign.id,
        "nomination_id": nomination.id,
        "choice": candidate.id,
        "channel_id": channels.list_all()[0].id,
        "consent_token": link.token,
    }


def _clues(of: _Owners) -> dict[str, object]:
    with clock.frozen(AT):
        clue = clues.give(
            of.actor,
            choosing.campaign(CampaignStatus.NOMINATING).id,
            verdict=TextVerdict.PASS,
            nominee_name="鲜老伯",
            site_id=of.scene.site_id,
            text="他每天清晨为独居的邻居挑水、买菜，一做就是十一年，大家都想推荐他。",
        )
    return {"clue_id": clue.id, "giver_id": of.other.id}


def _reviewed(of: _Owners) -> dict[str, dict[str, str]]:
    """Two nominations of a campaign that is reviewed, the second supported by `other`."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.REVIEWING)
        first, second = (
            str(choosing.nomination(campaign, by=of.owner, consented_at=AT).id) for _ in range(2)
        )
        supports.give(actor_of(of.other), UUID(second))
    path = "/api/v1/nominations/{nomination_id}"
    return {
        f"POST {path}/merge": {"nomination_id": first, "into": second},
        f"GET {path}/card": {"nomination_id": second},
        f"POST {path}/supports": {"nomination_id": second},
        f"DELETE {path}/supports": {"nomination_id": second},
    }


def _ladder(of: _Owners) -> dict[str, object]:
    """A case above the ladder: a department asked, a visit, a confirmation."""
    steps = (Step.COUNTY, Step.CONSULTATION, Step.VISIT)
    rules = Rules(steps=steps, departments=("police",))
    with clock.frozen(AT):
        of_bravery = choosing.nomination(
            choosing.campaign(CampaignStatus.REVIEWING, rules=rules),
            NominationStatus.CITY_SHORTLISTED,
            by=of.owner,
            category_code="bravery",
        )
        judge = actor_of(person("暨评审"), grant(Role.REVIEWER, over=site("411002")))
        city = actor_of(person("隗评审"), grant(Role.REVIEWER))
        (asked,) = consultations.open_all(judge, of_bravery.id)
        visit = visits.record(
            judge, of_bravery.id, visited_on=AT.date(), place="西大街", notes="属实"
        )
        confirmation = confirmations.apply(city, of_bravery.id, applied_on=AT.date())
        return {
            "consultation_id": asked.id,
            "answer_token": consultations.link(judge, asked.id).token,
            "department_id": asked.department_id,
            "visit_id": visit.id,
            "confirmation_id": confirmation.id,
            "channel_id": choosing.channel().id,
        }


def _media(of: _Owners) -> dict[str, object]:
    """What citizens add to a selection: files of a case, a comment on a candidate."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.ASSESSING)
        candidate = choosing.candidate(campaign, by=of.other)
        attachment = attached(choosing.nomination(campaign, by=of.owner))
        attached(candidate, AttachmentKind.ID_PHOTO, cleared=True)
        comment = comments.write(
            of.actor, candidate.id, text="向好人学习", verdict=TextVerdict.REVIEW
        )
    return {
        "attachment_id": attachment.id,
        "candidate_id": candidate.id,
        "photo_number": 0,
        "comment_id": comment.id,
    }


def _panel(of: _Owners) -> dict[str, object]:
    """Panels of selections of their own: one is about to judge and waits for an answer to its
    last invitation, two judge, one has judged."""
    with clock.frozen(AT):
        ready, closed = judging.court(opened=False), judging.court()
        scored, secret = judging.court(), judging.court(rules=judging.SECRET)
        for member in closed.members:
            for candidate in closed.candidates:
                panel_scores.score(member, candidate, marks=judging.marks())
        panels.close_judging(closed.office, closed.campaign_id)
        for court in (scored, secret):
            other = judging.member(court.campaign_id, who=of.other)
            declarations.declare(other, court.candidates[0], conflict=False)
        seat = panelists.invite(ready.office, ready.campaign_id, person_id=of.owner.id)
        judged = db.session.get_one(Nomination, scored.candidates[0])
        photo = attached(judged, cleared=True)
    return {
        "panelist_id": seat.id,
        "ready": ready.campaign_id,
        "judging": scored.campaign_id,
        "judged": closed.campaign_id,
        "scored": scored.candidates[0],
        "judged_file": photo.id,
        "voted": secret.candidates[0],
    }


def _of_panels(ids: dict[str, str]) -> dict[str, dict[str, str]]:
    campaign, panel = "/api/v1/campaigns/{campaign_id}", "/api/v1/panel/{nomination_id}"
    files = f"GET {panel}/attachments/{{attachment_id}}"
    campaigns_of = {
        "ready": (
            f"POST {campaign}/panelists",
            f"GET {campaign}/panelists",
            f"POST {campaign}/open_judging",
        ),
        "judging": (
            f"POST {campaign}/close_judging",
            f"GET {campaign}/panel/progress",
            f"POST {campaign}/panel/submit",
            "GET /api/v1/panel/{campaign_id}/assignments",
        ),
        "judged": (
            f"GET {campaign}/panel/record",
            f"GET {campaign}/panel/minutes",
            f"GET {campaign}/panel/minutes.docx",
        ),
    }
    nominations_of = {
        "scored": (f"POST {panel}/declaration", f"GET {panel}/file", f"PUT {panel}/scores"),
        "voted": (f"POST {panel}/vote",),
    }
    of_files = {files: {"nomination_id": ids["scored"], "attachment_id": ids["judged_file"]}}
    return of_files | {
        operation: {name: ids[kept]}
        for name, groups in (("campaign_id", campaigns_of), ("nomination_id", nominations_of))
        for kept, operations in groups.items()
        for operation in operations
    }


def _result(of: _Owners) -> dict[str, object]:
    """The draft of a result, of a campaign in judging."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.JUDGING)
        judged = choosing.candidate(campaign, by=of.owner)
        office = actor_of(person("查主任"), grant(Role.ADMIN))
        result = results.compute(office, campaign.id, lot_source="次日第一期开奖号码")
    return {"result_id": result.id, "judged_id": judged.id}


def _notice(of: _Owners) -> dict[str, object]:
    """A nominee of the owner on notice, and an accepted objection."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.NOTICING)
        one = choosing.nomination(campaign, NominationStatus.PROPOSED, by=of.owner)
    notice = noticing.opened(campaign, opens_on=AT.date() - timedelta(days=1))
    objection = noticing.accepted(notice, one, at=AT)
    with clock.frozen(AT):
        file = attachments.keep(jpeg(), AttachmentKind.EVIDENCE)
        evidence = objection_evidence.add(_objector(), objection.id, file=file)
    return {
        "notice_id": notice.id,
        "objection_id": objection.id,
        "nomination": one.id,
        "evidence_id": evidence.id,
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
        "care_visit_id": visit.id,
        "benefit_id": benefits.list_public()[0].id,
        "code": benefit_cards.issue(granted).code,
    }


def _approved(of: _Owners) -> Nomination:
    with clock.frozen(AT):
        selection = choosing.campaign(CampaignStatus.NOTICING)
        return honoring.approved_by_the_office(
            choosing.nomination(selection, NominationStatus.APPROVED, by=of.owner)
        )


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
        actor_of(person("暨评审"), grant(Role.REVIEWER, over=site("411002"))),
        _consultant(),
        _objector(),
        actor_of(person("晏帮办"), grant(Role.HELPER, over=home)),
        moderator(),
        actor_of(of.other, judging.over(Role.PANELIST, new_id())),
        actor_of(person("郗管理"), grant(Role.ADMIN)),
        almighty(),
    ]


def _objector() -> Actor:
    objects = select(Person).join(Objection, Objection.objector_id == Person.id)
    return actor_of(db.session.scalars(objects).one())


def _consultant() -> Actor:
    department_id = db.session.scalars(
        select(Department.id).where(Department.code == "police")
    ).one()
    held = frozenset(ROLE_PERMISSIONS[Role.CONSULTANT])
    consultant = Grant(Role.CONSULTANT, held, ScopeKind.CHANNEL, department_id)
    return actor_of(person("胥民警"), consultant)


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
        "moderator": moderator(ELSEWHERE),
        "admin": actor_of(person("仉管理"), grant(Role.ADMIN)),
    }


def _imported(nomination_id: UUID) -> dict[str, dict[str, str]]:
    """An import of nominations by the office of Weidu, from which the nomination comes."""
    office = actor_of(person("殳干事"), grant(Role.SITE_STAFF, over=site("411002")))
    with clock.frozen(AT):
        kept = selection_imports.keep(office, body={"file": "被推荐人".encode()})
        selection_imports.upload(
            office,
            kept,
            kind=SelectionImportKind.HONORS,
            site_id=site("411002").id,
            note="区文明办纸质档案",
        )
    db.session.add(ImportedNomination(nomination_id=nomination_id, import_id=kept, record_key=kept))
    db.session.flush()
    path = "/api/v1/selection-imports/{import_id}"
    operations = (
        f"GET {path}",
        f"GET {path}/problems",
        f"GET {path}/problems.csv",
        f"POST {path}/confirm",
        f"POST {path}/cancel",
    )
    return {operation: {"import_id": str(kept)} for operation in operations}
