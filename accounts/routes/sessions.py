"""Signing in and out."""

from typing import Any
from uuid import UUID

from accounts.errors import PasswordWeak, SignInLocked, SignInRefused
from accounts.permissions import Permission
from accounts.services import sessions, staff
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    not_idempotent,
    permission,
    prepare,
    public,
    returns,
)
from core.wechat import LoginCodeInvalid, WeChatSession, WeChatUnavailable, WeChatUserBlocked
from schemas.sessions import PasswordIn, SessionListOut, SignedInOut, StaffSignInIn, WeChatSignInIn

blueprint = Blueprint("sessions", __name__, description="登录与退出")


@blueprint.post("/auth/wechat")
@public
@not_idempotent
@body(WeChatSignInIn)
@prepare(sessions.exchange_code)
@returns(SignedInOut)
@errors(LoginCodeInvalid, WeChatUserBlocked, WeChatUnavailable)
def sign_in_with_wechat(
    _actor: Actor, *, body: dict[str, Any], prepared: WeChatSession
) -> sessions.SignedIn:
    """小程序登录：用 wx.login 的 code 换取令牌"""
    return sessions.sign_in_with_wechat(prepared)


@blueprint.post("/auth/staff")
@public
@not_idempotent
@body(StaffSignInIn)
@prepare(staff.check_password)
@returns(SignedInOut)
@errors(SignInRefused, SignInLocked)
def sign_in_staff(
    _actor: Actor, *, body: dict[str, Any], prepared: staff.PasswordVerdict
) -> sessions.SignedIn:
    """工作人员登录：用户名、密码和动态码"""
    return staff.sign_in(prepared, otp=body["otp"])


@blueprint.post("/auth/logout")
@permission(Permission.ACCOUNTS_SESSION_END)
@not_idempotent
@returns(None, 204)
def sign_out(actor: Actor) -> None:
    """退出当前登录"""
    sessions.end(actor)


@blueprint.get("/me/sessions")
@permission(Permission.ACCOUNTS_SESSION_VIEW)
@returns(SessionListOut)
def list_sessions(actor: Actor) -> dict[str, list[sessions.OpenSession]]:
    """我的登录设备"""
    return {"items": sessions.list_mine(actor)}


@blueprint.delete("/me/sessions/<uuid:session_id>")
@permission(Permission.ACCOUNTS_SESSION_END)
@returns(None, 204)
def end_session(actor: Actor, *, session_id: UUID) -> None:
    """让某个登录失效"""
    sessions.end(actor, session_id)


@blueprint.put("/me/password")
@permission(Permission.ACCOUNTS_PASSWORD_CHANGE)
@body(PasswordIn)
@prepare(staff.check_own_password)
@returns(None, 204)
@errors(SignInRefused, PasswordWeak)
def change_password(
    actor: Actor, *, body: dict[str, Any], prepared: tuple[staff.PasswordVerdict, str]
) -> None:
    """修改工作人员密码"""
    verdict, new_hash = prepared
    staff.change_password(
        actor, verdict, new_hash, old=body["old_password"], new=body["new_password"]
    )
