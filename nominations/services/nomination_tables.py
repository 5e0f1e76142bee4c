"""The summary table (推荐汇总表) of a campaign as a paper for the file: the rows of the spreadsheet
in the columns of the paper form."""

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select

from accounts.models.sites import Site, SiteLevel
from accounts.services import sites
from core import audit, clock
from core.actor import Actor
from core.db import atomically, db
from core.deferred import Deferred
from nominations.errors import TableTooLong
from nominations.lifecycles import NomineeKind
from nominations.models.channels import Channel
from nominations.models.nominations import Nomination
from nominations.papers import SIGNATURE, Paper, Table, in_words
from nominations.services import campaigns, nomination_forms, nomination_sheets
from nominations.services.nomination_sheets import Line
from nominations.services.places import COUNTY_LEVELS

printing = Deferred("nominations.printing")

HEADINGS = (
    "序号",
    "姓名（名称）",
    "性别",
    "出生年月",
    "工作单位",
    "推荐类别",
    "推荐单位",
    "一句话事迹",
)
MOST_PRINTED = 500
"""Cases in a paper; a longer list is for the spreadsheet (ours)."""


def print_table(actor: Actor, *, campaign_id: UUID) -> bytes:
    """The cases handed in that the actor may see, as DOCX, drawn outside any transaction; that it
    was taken is logged. Of who is withheld nothing but the category is there. Raises NotFound,
    TableTooLong."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    paper = atomically(app, lambda: _paper(actor, campaign_id), write=True)
    return cast(bytes, printing.draw(paper))


def _paper(actor: Actor, campaign_id: UUID) -> Paper:
    campaign = campaigns.get_public(campaign_id)
    lines = nomination_sheets.read(actor, campaign_id, limit=MOST_PRINTED + 1)
    if len(lines) > MOST_PRINTED:
        raise TableTooLong(limit=MOST_PRINTED)
    audit.record(actor, campaign, "print")
    places = _recommending()
    rows = [_row(number, line, places) for number, line in enumerate(lines, start=1)]
    return Paper(
        title=f"{campaign.title}推荐汇总表",
        parts=[Table(HEADINGS, rows)],
        closing=[f"填报单位（盖章）：{SIGNATURE}", in_words(clock.today())],
        is_landscape=True,
    )


def _row(number: int, line: Line, places: Mapping[UUID | str, str]) -> Sequence[str]:
    case = line.case
    if case.is_withheld:
        return (str(number), case.shown_name, "", "", "", line.category, "", "")
    by = case.channel_id or sites.county_path(line.site.path)
    return (
        str(number),
        _name(case),
        nomination_forms.sex(case.nominee_id_number),
        nomination_forms.month(case.nominee_born_on),
        case.nominee_unit or "",
        line.category,
        places[by],
        case.summary,
    )


def _name(case: Nomination) -> str:
    """Of several people with their number, as the forms have it: 清晨五点半车队（19人）."""
    if case.nominee_kind is NomineeKind.PERSON or case.members_count is None:
        return case.nominee_name
    return f"{case.nominee_name}（{case.members_count}人）"


def _recommending() -> dict[UUID | str, str]:
    """Names of those who recommend: of channels by id, of counties and the city by path."""
    levels = (SiteLevel.CITY, *COUNTY_LEVELS)
    counties = select(Site.path, Site.division).where(Site.level.in_(levels))
    channels = select(Channel.id, Channel.name)
    names: dict[UUID | str, str] = {}
    names.update(db.session.execute(counties).all())
    names.update(db.session.execute(channels).all())
    return names
