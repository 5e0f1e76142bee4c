"""Sign-ups."""

from typing import Any
from uuid import UUID

from accounts.errors import ConsentRequired, RealNameRequired
from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, one_by_one, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.signups import (
    ExcusedSignupOut,
    MoveIn,
    OwnSignupOut,
    ProxySignUpIn,
    ShiftSignupOut,
    ShiftSignupQuery,
    SignUpIn,
    SignupOut,
    SignupReasonIn,
    StandingOut,
    WalkInIn,
)
from volunteer.errors import (
    ActivityNotOpen,
    AdultsOnly,
    AgeUnsuitable,
    AlreadyCheckedIn,
    AlreadySignedUp,
    AnotherActivity,
    GuardianConsentRequired,
    MembersOnly,
    OfferExpired,
    OwnSignup,
    PersonalCodeInvalid,
    QualificationRequired,
    ShiftBegun,
    ShiftEnded,
    ShiftFull,
    SignupOverlaps,
    SignUpPaused,
    WalkInClosed,
    WalkInUninsured,
)
from volunteer.models.signups import Signup
from volunteer.services import absences, approvals, placements, signups, waitlists

INELIGIBLE = (
    AdultsOnly,
    AgeUnsuitable,
    GuardianConsentRequired,
    MembersOnly,
    QualificationRequired,
)

blueprint = Blueprint("signups", __name__, description="活动报名")


@blueprint.post("/shifts/<uuid:shift_id>/signups")
@permission(Permission.VOLUNTEER_SIGNUP_CREATE)
@one_by_one
@body(SignUpIn)
@returns(SignupOut, 201)
@errors(ActivityNotOpen, ShiftBegun, SignupOverlaps, SignUpPaused, *INELIGIBLE)
def sign_up(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> Signup:
    """报名；满员时进入候补，需审核的活动等待审核，重复报名返回已有的报名"""
    return signups.sign_up(actor, shift_id, **body)


@blueprint.post("/shifts/<uuid:shift_id>/signups/on-behalf")
@permission(Permission.VOLUNTEER_SIGNUP_SIGN_UP_ON_BEHALF)
@body(ProxySignUpIn)
@returns(SignupOut, 201)
@errors(ConsentRequired, ActivityNotOpen, ShiftBegun, SignupOverlaps, SignUpPaused, *INELIGIBLE)
def sign_up_on_behalf(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> Signup:
    """帮办员代为报名，本人会收到通知"""
    return signups.sign_up_on_behalf(actor, shift_id, **body)


@blueprint.get("/shifts/<uuid:shift_id>/signups")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT)
@query(ShiftSignupQuery)
@paged
@returns(ShiftSignupOut)
def list_of_shift(
    actor: Actor, *, shift_id: UUID, page: PageRequest, query: dict[str, Any]
) -> Page[Signup]:
    """一个场次的报名，负责人可看"""
    return signups.list_of_shift(actor, shift_id, page, **query)


@blueprint.post("/shifts/<uuid:shift_id>/walk-ins")
@permission(Permission.VOLUNTEER_SIGNUP_WALK_IN)
@body(WalkInIn)
@returns(SignupOut, 201)
@errors(
    PersonalCodeInvalid,
    OwnSignup,
    RealNameRequired,
    ActivityNotOpen,
    WalkInClosed,
    WalkInUninsured,
    AlreadySignedUp,
    SignupOverlaps,
    ShiftFull,
    *INELIGIBLE,
)
def walk_in(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> Signup:
    """负责人让没有报名的人现场加入，凭人员编号或对方的个人码"""
    return placements.walk_in(actor, shift_id, **body)


@blueprint.get("/me/signups")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW)
@paged
@returns(OwnSignupOut)
def list_mine(actor: Actor, *, page: PageRequest) -> Page[Signup]:
    """我的报名"""
    return signups.list_mine(actor, page)


@blueprint.get("/me/standing")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW)
@returns(StandingOut)
def view_standing(actor: Actor) -> absences.Standing:
    """我的报名资格：没有签到记录的场次、是否暂停报名、怎样申诉"""
    return absences.view_standing(actor)


@blueprint.post("/signups/<uuid:signup_id>/cancel")
@permission(Permission.VOLUNTEER_SIGNUP_CANCEL)
@returns(SignupOut)
@errors(ShiftBegun, AlreadyCheckedIn)
def cancel(actor: Actor, *, signup_id: UUID) -> Signup:
    """取消我的报名；帮办员可代为取消"""
    return signups.cancel(actor, signup_id)


@blueprint.post("/signups/<uuid:signup_id>/take")
@permission(Permission.VOLUNTEER_SIGNUP_TAKE)
@returns(SignupOut)
@errors(OfferExpired, ActivityNotOpen, ShiftBegun)
def take(actor: Actor, *, signup_id: UUID) -> Signup:
    """确认为我保留的候补名额"""
    return waitlists.take(actor, signup_id)


@blueprint.post("/signups/<uuid:signup_id>/approve")
@permission(Permission.VOLUNTEER_SIGNUP_APPROVE)
@returns(SignupOut)
@errors(OwnSignup, ActivityNotOpen, ShiftBegun)
def approve(actor: Actor, *, signup_id: UUID) -> Signup:
    """通过报名；满员时进入候补"""
    return approvals.approve(actor, signup_id)


@blueprint.post("/signups/<uuid:signup_id>/decline")
@permission(Permission.VOLUNTEER_SIGNUP_DECLINE)
@body(SignupReasonIn)
@returns(SignupOut)
@errors(OwnSignup, ActivityNotOpen)
def decline(actor: Actor, *, signup_id: UUID, body: dict[str, str]) -> Signup:
    """不通过报名，说明原因"""
    return approvals.decline(actor, signup_id, **body)


@blueprint.post("/signups/<uuid:signup_id>/move")
@permission(Permission.VOLUNTEER_SIGNUP_MOVE)
@body(MoveIn)
@returns(SignupOut)
@errors(
    AnotherActivity,
    ActivityNotOpen,
    ShiftEnded,
    AlreadyCheckedIn,
    AlreadySignedUp,
    SignupOverlaps,
    ShiftFull,
)
def move(actor: Actor, *, signup_id: UUID, body: dict[str, Any]) -> Signup:
    """调到同一活动的另一场次，返回新的报名"""
    return placements.move(actor, signup_id, **body)


@blueprint.post("/signups/<uuid:signup_id>/excuse")
@permission(Permission.VOLUNTEER_SIGNUP_EXCUSE)
@body(SignupReasonIn)
@returns(ExcusedSignupOut)
@errors(OwnSignup)
def excuse(actor: Actor, *, signup_id: UUID, body: dict[str, str]) -> Signup:
    """撤销一条没有签到的记录，说明原因"""
    return absences.excuse(actor, signup_id, **body)
