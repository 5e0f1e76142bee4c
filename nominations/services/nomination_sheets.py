"""The summary table (推荐汇总表) of a campaign as a spreadsheet, for the office and for reviewers
over the cases of their places. Rows are read by key, a batch in a transaction of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import and_, select

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


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the table, with the name of its category."""

    case: Nomination
    category: str
    site: Site


def export(actor: Actor, *, campaign_id: UUID) -> Iterator[bytes]:
    """All cases handed in that the actor may see, as XLSX; that it was taken is logged. Of who
    is withheld neither name nor place nor deeds are there. Raises NotFound."""
    apart(partial(_begin, actor, campaign_id), write=True)
    return xlsx_of(HEADINGS, _rows(actor, campaign_id))


def _begin(actor: Actor, campaign_id: UUID) -> None:
    audit.record(actor, campaigns.get_public(campaign_id), "export")


def _rows(actor: Actor, campaign_id: UUID) -> Iterator[Sequence[Cell]]:
    written, after = 0, None
    while lines := apart(partial(read, actor, campaign_id, after=after, limit=BATCH), write=False):
        for number, line in enumerate(lines, start=written + 1):
            yield _cells(number, line)
        written += len(lines)
        after = lines[-1].case.id


def read(
    actor: Actor, campaign_id: UUID, *, after: UUID | None = None, limit: int
) -> Sequence[Line]:
    """So many cases handed in that the actor may see, those behind the case `after`."""
    of_it = and_(
        CampaignCategory.campaign_id == Nomination.campaign_id,
        CampaignCategory.code == Nomination.category_code,
    )
    query = (
        select(Nomination, CampaignCategory.name, Site)
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
    rows = db.session.execute(query.order_by(Nomination.id).limit(limit)).all()
    return [Line(*row) for row in rows]


def _cells(number: int, line: Line) -> Sequence[Cell]:
    case = line.case
    is_shown = not case.is_withheld
    return (
        number,
        case.shown_name,
        line.category,
        line.site.division if is_shown else "",
        case.nominee_unit if is_shown else "",
        case.standing,
        LEVELS[case.step] if case.step else "",
        case.supports_count,
        case.summary if is_shown else "",
    )
