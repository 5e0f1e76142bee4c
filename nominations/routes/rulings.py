"""Ballots in quarantine: what was found, and what two people decide about it."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns
from core.paging import Page, PageRequest
from nominations.errors import BallotsRuled, OwnRuling, RulingPending, StageClosed
from nominations.models.rulings import Ruling
from nominations.services import findings, rulings
from schemas.rulings import FindingOut, FindingQuery, HeldBallotOut, RulingIn, RulingOut

blueprint = Blueprint("rulings", __name__, description="可疑选票")


@blueprint.get("/campaigns/<uuid:campaign_id>/quarantine")
@permission(Permission.NOMINATIONS_FINDING_VIEW)
@query(FindingQuery)
@paged
@returns(FindingOut)
def list_findings(
    actor: Actor, *, campaign_id: UUID, query: dict[str, Any], page: PageRequest
) -> Page[findings.FindingView]:
    """暂停计票的选票，按共同点分组，后发现的在前；不显示投票人"""
    return findings.list_of(actor, campaign_id, page, **query)


@blueprint.get("/findings/<uuid:finding_id>")
@permission(Permission.NOMINATIONS_FINDING_VIEW)
@returns(FindingOut)
def view_finding(actor: Actor, *, finding_id: UUID) -> findings.FindingView:
    """一组可疑选票"""
    return findings.get(actor, finding_id)


@blueprint.get("/findings/<uuid:finding_id>/ballots")
@permission(Permission.NOMINATIONS_FINDING_VIEW)
@paged
@returns(HeldBallotOut)
def list_held_ballots(
    actor: Actor, *, finding_id: UUID, page: PageRequest
) -> Page[findings.HeldView]:
    """一组中的每一张选票及其迹象；不显示投票人和所选的人"""
    return findings.list_ballots(actor, finding_id, page)


@blueprint.post("/rulings")
@permission(Permission.NOMINATIONS_RULING_PROPOSE)
@body(RulingIn)
@returns(RulingOut, 201)
@errors(StageClosed, BallotsRuled, RulingPending)
def propose_ruling(actor: Actor, *, body: dict[str, Any]) -> Ruling:
    """提出处理意见：作废或恢复计票，须由另一人复核"""
    return rulings.propose(actor, **body)


@blueprint.post("/rulings/<uuid:ruling_id>/approve")
@permission(Permission.NOMINATIONS_RULING_APPROVE)
@returns(RulingOut)
@errors(StageClosed, OwnRuling)
def approve_ruling(actor: Actor, *, ruling_id: UUID) -> Ruling:
    """同意他人提出的处理意见，立即生效，不能再改"""
    return rulings.approve(actor, ruling_id)


@blueprint.post("/rulings/<uuid:ruling_id>/decline")
@permission(Permission.NOMINATIONS_RULING_DECLINE)
@returns(RulingOut)
@errors(StageClosed)
def decline_ruling(actor: Actor, *, ruling_id: UUID) -> Ruling:
    """不同意处理意见，或撤回自己提出的；之后可以另行提出"""
    return rulings.decline(actor, ruling_id)
