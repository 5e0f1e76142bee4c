"""Policies of courtesy: which honoured people have what."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from nominations import policies
from nominations.models.benefits import Benefit, BenefitKind
from nominations.models.honors import Honor, HonorLevel

USUAL: tuple[tuple[str, str, str, str, BenefitKind, int | None], ...] = (
    ("bus", "免费乘坐市内公交", "市内公交线路", "市公共交通公司", BenefitKind.AUTOMATIC, None),
    ("scenic_spots", "免费游览景区", "首道门票", "市文化广电和旅游局", BenefitKind.AUTOMATIC, None),
    ("check_up", "健康体检", "每年一次", "市卫生健康委员会", BenefitKind.AUTOMATIC, 1),
    (
        "hardship_help",
        "困难帮扶",
        "申请，县区提出意见",
        "文明办",
        BenefitKind.APPLICATION,
        None,
    ),
)
"""A beginning, as sister cities have it; the office adds its own."""


def load() -> int:
    """Add the usual benefits that are missing; gives the number added."""
    return sum(
        insert_if_absent(
            Benefit,
            id=new_id(),
            code=code,
            name=name,
            description=description,
            provider=provider,
            kind=kind,
            honor_kind=None,
            level=None,
            category_code=None,
            uses_a_year=uses,
            starts_on=date(2026, 1, 1),
            ends_on=None,
            created_by=None,
            created_at=clock.now(),
        )
        for code, name, description, provider, kind, uses in USUAL
    )


def create(actor: Actor, *, starts_on: date, ends_on: date | None = None, **facts: Any) -> Benefit:
    """A new policy (`facts` are columns). Raises NotFound, InvalidInput, BenefitCodeTaken."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_BENEFIT_CREATE)
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput.at("ends_on", "截止日不能早于起始日")
    made = Benefit(
        id=new_id(),
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=actor.id,
        created_at=clock.now(),
        **facts,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, made, "create")
    return made


def end(actor: Actor, benefit_id: UUID, *, ends_on: date) -> Benefit:
    """Let a policy end with a day that is not past. Raises NotFound, InvalidInput."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_BENEFIT_END)
    benefit = db.session.get(Benefit, benefit_id)
    if benefit is None:
        raise NotFound
    if ends_on < max(clock.today(), benefit.starts_on):
        raise InvalidInput.at("ends_on", "截止日不能早于今天和起始日")
    benefit.ends_on = ends_on
    db.session.flush()
    audit.record(actor, benefit, "end")
    return benefit


def list_public() -> list[Benefit]:
    """Policies in force today, in order of their codes."""
    today = clock.today()
    query = select(Benefit).where(
        Benefit.starts_on <= today, or_(Benefit.ends_on.is_(None), Benefit.ends_on >= today)
    )
    return list(db.session.scalars(query.order_by(Benefit.code)))


def on_card(honor: Honor) -> Sequence[Benefit]:
    """What the holder of an honour has today by level, kind and category."""
    return [benefit for benefit in list_public() if _is_for(benefit, honor)]


def _is_for(benefit: Benefit, honor: Honor) -> bool:
    levels = list(HonorLevel)
    return (
        benefit.honor_kind in (None, honor.kind)
        and benefit.category_code in (None, honor.category_code)
        and (benefit.level is None or levels.index(honor.level) >= levels.index(benefit.level))
    )
