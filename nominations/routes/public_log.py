"""The public log: for everybody, without signing in."""

from typing import Any
from uuid import UUID

from core.actor import Actor
from core.http import Blueprint, errors, public, query, returns, returns_file, shared
from nominations.errors import LogAbsent
from nominations.services import log_reading
from schemas.public_log import ConsistencyQuery, InclusionQuery, LeafQuery, LogKeyOut, ProofOut

blueprint = Blueprint("public_log", __name__, description="公开日志")

NOTE = "text/plain; charset=utf-8"
JSON_LINES = "application/jsonl"


@blueprint.get("/campaigns/<uuid:campaign_id>/log/checkpoint")
@public
@shared(5)
@returns_file(NOTE)
@errors(LogAbsent)
def view_checkpoint(_actor: Actor, *, campaign_id: UUID) -> tuple[str, dict[str, str]]:
    """最新的签名校验点（C2SP signed note）"""
    return log_reading.checkpoint(campaign_id), {}


@blueprint.get("/campaigns/<uuid:campaign_id>/log/leaves")
@public
@shared(5, is_kept=False)
@query(LeafQuery)
@returns_file(JSON_LINES)
@errors(LogAbsent)
def list_leaves(
    _actor: Actor, *, campaign_id: UUID, query: dict[str, Any]
) -> tuple[bytes, dict[str, str]]:
    """日志条目，每行一条 JSON；票数未公开时选票只有哈希值"""
    return log_reading.leaves(campaign_id, **query), {}


@blueprint.get("/campaigns/<uuid:campaign_id>/log/inclusion")
@public
@query(InclusionQuery)
@returns(ProofOut)
@errors(LogAbsent)
def prove_inclusion(
    _actor: Actor, *, campaign_id: UUID, query: dict[str, Any]
) -> log_reading.Proof:
    """证明某一条在日志中（RFC 9162）"""
    return log_reading.inclusion(campaign_id, **query)


@blueprint.get("/campaigns/<uuid:campaign_id>/log/consistency")
@public
@query(ConsistencyQuery)
@returns(ProofOut)
@errors(LogAbsent)
def prove_consistency(
    _actor: Actor, *, campaign_id: UUID, query: dict[str, Any]
) -> log_reading.Proof:
    """证明较早的日志是现在日志的开头（RFC 9162）"""
    return log_reading.consistency(campaign_id, **query)


@blueprint.get("/campaigns/<uuid:campaign_id>/log/key")
@public
@shared(5)
@returns(LogKeyOut)
@errors(LogAbsent)
def view_log_key(_actor: Actor, *, campaign_id: UUID) -> log_reading.LogKey:
    """核验日志用的公钥"""
    return log_reading.key(campaign_id)
