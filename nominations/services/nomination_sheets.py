"""The summary table (推荐汇总表) of a campaign as a spreadsheet, for the office and for reviewers
over the cases of their places. Rows are read by key, a batch in a transaction of its own."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select

from accounts.models.sites import Site
from accounts.permissions import Permission
from core import audit
from core.actor import Actor
from core.db import apart, db
from core.sheets import Cell, xlsx_of
from nominations import policies
from nominations.models.campaigns import CampaignCategory
from nominations.models.nominations import Nomination
from nominations.services import campaigns
from nominations.services.progress import LEVELS

HEADINGS = (
    "序号",
    "姓名（名称）",
    "推荐类别",
    "所在地",
    "工作单位",
    "状态",
    "审核层级",
    "支持人数",
    "一句话事迹",
)
BATCH = 500


def export(actor: Actor, *, campaign_id: UUID) -> Iterator[bytes]:
    """All cases handed in that the actor may see, as XLSX; that it was taken is logged. Of who
    is withheld neither name nor place nor deeds are there. Raises NotFound."""
    apart(partial(_begin, actor, campaign_id), write=True)
    return xlsx_of(HEADINGS, _rows(actor, campaign_id))


def _begin(actor: Actor, campaign_id: UUID) -> None:
    audit.record(actor, campaigns.get_public(campaign_id), "export")


def _rows(actor: Actor, campaign_id: UUID) -> Iterator[Sequence[Cell]]:
    written, after = 0, None
    while rows := apart(partial(_batch, actor, campaign_id, after), write=False):
        for number, row in enumerate(rows, start=written + 1):
            yield _cells(number, row)
        written += len(rows)
        after = rows[-1].Nomination.id


def _batch(actor: Actor, campaign_id: UUID, after: UUID | None) -> Sequence[Row[Any]]:
    of_it = and_(
        CampaignCategory.campaign_id == Nomination.campaign_id,
        CampaignCategory.code == Nomination.category_code,
    )
    query: Any = (
        select(Nomination, CampaignCategory.name.label("category"), Site.division.label("place"))
        .join(CampaignCategory, of_it)
        .join(Site, Site.id == Nomination.site_id)
        .where(
            Nomination.campaign_id == campaign_id,
            Nomination.submitted_at.is_not(None),
            policies.reviewable(actor, Permission.NOMINATIONS_NOMINATION_EXPORT),
        )
    )
    if after is not None:
        query = query.where(Nomination.id > after)
    return db.session.execute(query.order_by(Nomination.id).limit(BATCH)).all()


def _cells(number: int, row: Row[Any]) -> Sequence[Cell]:
    case: Nomination = row.Nomination
    is_shown = not case.is_withheld
    return (
        number,
        case.shown_name,
        row.category,
        row.place if is_shown else "",
        case.nominee_unit if is_shown else "",
        case.standing,
        LEVELS[case.step] if case.step else "",
        case.supports_count,
        case.summary if is_shown else "",
    )
