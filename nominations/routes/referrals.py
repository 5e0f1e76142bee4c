"""Recommending honoured people further up."""

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
    returns,
    returns_file,
)
from core.paging import Page, PageRequest
from core.storage import StorageUnavailable
from nominations.errors import (
    AlreadyHonored,
    AlreadyReferred,
    HonorFromArchive,
    HonorNotInForce,
)
from nominations.models.referrals import Referral
from nominations.services import referral_archives, referrals
from schemas.referrals import (
    ReferralIn,
    ReferralListIn,
    ReferralNotListIn,
    ReferralOut,
    ReferralSendIn,
    ReferralWithdrawIn,
)

blueprint = Blueprint("referrals", __name__, description="推荐上报")


@blueprint.post("/honors/<uuid:honor_id>/referrals")
@permission(Permission.NOMINATIONS_REFERRAL_PREPARE)
@body(ReferralIn)
@returns(ReferralOut, 201)
@errors(AlreadyReferred, HonorFromArchive, HonorNotInForce)
def prepare_referral(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> Referral:
    """准备向省级、国家级榜单推荐"""
    return referrals.prepare(actor, honor_id, **body)


@blueprint.get("/referrals")
@permission(Permission.NOMINATIONS_REFERRAL_VIEW)
@paged
@returns(ReferralOut)
def list_referrals(actor: Actor, *, page: PageRequest) -> Page[Referral]:
    """推荐上报的情况，新的在前"""
    return referrals.list_within(actor, page)


@blueprint.get("/referrals/<uuid:referral_id>/material.zip")
@permission(Permission.NOMINATIONS_REFERRAL_EXPORT)
@prepare(referral_archives.make)
@returns_file("application/zip")
@errors(StorageUnavailable)
def export_material(
    _actor: Actor, *, referral_id: UUID, prepared: bytes
) -> tuple[bytes, dict[str, str]]:
    """推荐材料：推荐表、事迹材料、照片，一个压缩包"""
    return prepared, files.saved_as(f"{referral_id}.zip")


@blueprint.post("/referrals/<uuid:referral_id>/send")
@permission(Permission.NOMINATIONS_REFERRAL_SEND)
@body(ReferralSendIn)
@returns(ReferralOut)
@errors(HonorNotInForce)
def send(actor: Actor, *, referral_id: UUID, body: dict[str, Any]) -> Referral:
    """登记已报送"""
    return referrals.send(actor, referral_id, **body)


@blueprint.post("/referrals/<uuid:referral_id>/list")
@permission(Permission.NOMINATIONS_REFERRAL_LIST)
@body(ReferralListIn)
@returns(ReferralOut)
@errors(HonorNotInForce, AlreadyHonored)
def list_(actor: Actor, *, referral_id: UUID, body: dict[str, Any]) -> Referral:
    """登记上榜，上一级的荣誉随即进入光荣榜"""
    return referrals.list_(actor, referral_id, **body)


@blueprint.post("/referrals/<uuid:referral_id>/not_list")
@permission(Permission.NOMINATIONS_REFERRAL_NOT_LIST)
@body(ReferralNotListIn)
@returns(ReferralOut)
def not_list(actor: Actor, *, referral_id: UUID, body: dict[str, Any]) -> Referral:
    """登记未上榜"""
    return referrals.not_list(actor, referral_id, **body)


@blueprint.post("/referrals/<uuid:referral_id>/withdraw")
@permission(Permission.NOMINATIONS_REFERRAL_WITHDRAW)
@body(ReferralWithdrawIn)
@returns(ReferralOut)
def withdraw(actor: Actor, *, referral_id: UUID, body: dict[str, Any]) -> Referral:
    """撤回推荐"""
    return referrals.withdraw(actor, referral_id, **body)
