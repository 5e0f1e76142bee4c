"""Results as the public, supervisors and the office see them; and computing them again to see
whether they still follow from what was stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounts.permissions import Permission
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.paging import Page, PageRequest, paginate
from nominations import outcomes, policies
from nominations.errors import ResultNotPublished
from nominations.lifecycles import (
    CANDIDATES,
    SELECTED,
    CampaignStatus,
    NominationStatus,
    ResultStatus,
)
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.nominations import WITHHELD_NAME, Nomination, shown_name
from nominations.models.results import Result, ResultLine
from nominations.rules import Quota, Rules
from nominations.rules import load as load_rules
from nominations.services import campaigns, results
from nominations.services.result_inputs import PanelReader, collect, panel_record

LEFT_NAME = "（已退出）"
"""Stands for the name of a candidate who withdrew or was removed afterwards."""

PUBLISHED = (CampaignStatus.NOTICING, CampaignStatus.CONCLUDED)
CHOSEN = (*SELECTED, NominationStatus.HONORED)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with what is said of the nominee; `components` as `outcomes.dump_line` gives them."""

    nomination_id: UUID
    nominee_name: str
    category: str
    rank: int | None
    tie_rule: str | None
    is_selected: bool
    deviation_reason: str | None
    components: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResultView:
    """`result` is None of what was only asked for. `withheld` names categories in which somebody
    was proposed whose name is withheld."""

    campaign_id: UUID
    result: Result | None
    rules: Rules
    outcome: Mapping[str, Any]
    lines: Sequence[LineView]
    withheld: Sequence[str]


def published(campaign_id: UUID) -> ResultView:
    """The result that stands, for everybody, from the opening of the notice on.

    Raises NotFound unless the campaign was announced, ResultNotPublished."""
    campaign = campaigns.get_public(campaign_id)
    status = campaign.paused_from or campaign.status
    result = results.fixed(campaign_id) if status in PUBLISHED else None
    if result is None:
        raise ResultNotPublished
    return _view(result)


def shown_to(actor: Actor, campaign_id: UUID) -> ResultView:
    """The result as the actor may see it now: what is `published`, and for the office and the
    campaign's supervisors also the draft before. Raises NotFound, ResultNotPublished."""
    if not policies.oversees(actor, Permission.NOMINATIONS_RESULT_VIEW, campaign_id):
        return published(campaign_id)
    result = results.latest(campaigns.get_public(campaign_id).id)
    if result is None:
        raise ResultNotPublished
    return _view(result)


def get(actor: Actor, result_id: UUID) -> ResultView:
    """A result in any state, for the office and the campaign's supervisors. Raises NotFound."""
    result = db.session.get(Result, result_id)
    if result is None:
        raise NotFound
    policies.check_oversees(actor, Permission.NOMINATIONS_RESULT_VIEW, result.campaign_id)
    return _view(result)


def list_versions(actor: Actor, campaign_id: UUID, page: PageRequest) -> Page[Result]:
    """All computations of a campaign, the latest first; for those who may `get`. Raises
    NotFound."""
    campaign = campaigns.get_public(campaign_id)
    policies.check_oversees(actor, Permission.NOMINATIONS_RESULT_VIEW, campaign.id)
    query = select(Result).where(Result.campaign_id == campaign.id)
    return paginate(query, page, by=[Result.version], descending=True)


def what_if(
    actor: Actor,
    campaign_id: UUID,
    *,
    public_percent: int | None = None,
    winners: Mapping[str, Any] | None = None,
    panel_of: PanelReader = panel_record,
    **changes: Any,
) -> ResultView:
    """What the result would be under other rules, computed and forgotten; that it was asked is
    written down. Only while the campaign is judged. `public_percent` leaves the rest to the
    committee; `winners` are `total` and lists of `code` and `limit`; other `changes` are fields
    of Rules.

    Raises NotFound, StageClosed, PanelNotClosed, InvalidInput."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_RESULT_WHAT_IF)
    campaign = campaigns.share(campaign_id)
    campaigns.check_stage(campaign, "judge")
    if public_percent is not None:
        changes["public_weight"] = Decimal(public_percent) / 100
        changes["committee_weight"] = 1 - changes["public_weight"]
    if winners is not None:
        changes["winners"] = _quota(campaign, **winners)
    inputs = collect(campaign, panel_of)
    tried = replace(inputs, rules=replace(inputs.rules, **changes))
    before = results.latest(campaign_id)
    outcome = outcomes.decide(tried, before.lot_seed if before else None)
    audit.record(actor, campaign, "what_if", reason=", ".join(sorted(changes)) or None)
    names = _names(UUID(c.id) for c in tried.candidates)
    lines = [
        LineView(
            nomination_id=id_,
            nominee_name=names[id_],
            category=told["category"],
            rank=told["rank"],
            tie_rule=told["tie_rule"],
            is_selected=told["is_selected"],
            deviation_reason=None,
            components=told,
        )
        for told in map(outcomes.dump_line, outcome.lines)
        for id_ in [UUID(told["nomination_id"])]
    ]
    return ResultView(
        campaign_id, None, tried.rules, outcomes.dump(outcome), lines, _withheld(campaign_id)
    )


def _quota(
    campaign: Campaign,
    *,
    total: int | None,
    by_category: Iterable[Mapping[str, Any]],
    by_place: Iterable[Mapping[str, Any]],
) -> Quota:
    limits = {limit["code"]: limit["limit"] for limit in by_category}
    if not limits.keys() <= {c.code for c in campaign.categories}:
        raise InvalidInput.at("winners", "本次活动没有这个类别")
    return Quota(total, limits, {limit["code"]: limit["limit"] for limit in by_place})


def standing() -> list[UUID]:
    """Results that somebody may rely on."""
    query = select(Result.id).where(Result.status != ResultStatus.SUPERSEDED)
    return list(db.session.scalars(query))


def recheck(result_id: UUID) -> list[str]:
    """Compute a result again from its stored inputs; gives what differs, by the name of a field
    of the outcome or the id of a nomination. Nothing is right."""
    result = db.session.get(Result, result_id)
    if result is None:
        return []
    again = outcomes.dump(outcomes.decide(outcomes.load_inputs(result.inputs), result.lot_seed))
    differing = [name for name, value in again.items() if result.outcome.get(name) != value]
    lines = {str(line.nomination_id): line for line in results.lines_of(result_id)}
    computed = {line["nomination_id"]: line for line in again["lines"]}
    differing += [
        id_
        for id_ in sorted(lines.keys() | computed.keys())
        if id_ not in lines or id_ not in computed or not _agrees(lines[id_], computed[id_])
    ]
    return differing


def _agrees(line: ResultLine, computed: Mapping[str, Any]) -> bool:
    is_by_rule = line.deviation_reason is None
    return (
        line.components == computed
        and line.rank == computed["rank"]
        and (not is_by_rule or line.is_selected == computed["is_selected"])
    )


def _view(result: Result) -> ResultView:
    return ResultView(
        campaign_id=result.campaign_id,
        result=result,
        rules=load_rules(result.inputs["rules"]),
        outcome=result.outcome,
        lines=_lines(result.id),
        withheld=_withheld(result.campaign_id),
    )


def _lines(result_id: UUID) -> list[LineView]:
    """As rows: hundreds of candidates, of whom nothing is shown but the name."""
    rows = db.session.execute(
        select(
            ResultLine.nomination_id,
            ResultLine.category_code,
            ResultLine.rank,
            ResultLine.tie_rule,
            ResultLine.is_selected,
            ResultLine.deviation_reason,
            ResultLine.components,
        )
        .where(ResultLine.result_id == result_id)
        .order_by(ResultLine.position)
    ).all()
    names = _names(row.nomination_id for row in rows)
    secret = _secret_names(row.nomination_id for row in rows)
    return [
        LineView(
            nomination_id=row.nomination_id,
            nominee_name=names[row.nomination_id],
            category=row.category_code,
            rank=row.rank,
            tie_rule=row.tie_rule.value if row.tie_rule else None,
            is_selected=row.is_selected,
            deviation_reason=_without(secret.get(row.nomination_id), row.deviation_reason),
            components=row.components,
        )
        for row in rows
    ]


def _names(nomination_ids: Iterable[UUID]) -> dict[UUID, str]:
    facts = Nomination.id, Nomination.status, Nomination.nominee_name, Nomination.is_withheld
    rows = db.session.execute(select(*facts).where(Nomination.id.in_(list(nomination_ids))))
    return {
        id_: shown_name(name, is_withheld=is_withheld) if status in CANDIDATES else LEFT_NAME
        for id_, status, name, is_withheld in rows
    }


def _secret_names(nomination_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of those of these nominees that are withheld by now."""
    query = select(Nomination.id, Nomination.nominee_name).where(
        Nomination.id.in_(list(nomination_ids)), Nomination.is_withheld
    )
    return dict(db.session.execute(query).all())


def _without(name: str | None, reason: str | None) -> str | None:
    if name is None or reason is None:
        return reason
    return reason.replace(name, WITHHELD_NAME)


def _withheld(campaign_id: UUID) -> list[str]:
    query = (
        select(Nomination.category_code)
        .join(
            CampaignCategory,
            and_(
                CampaignCategory.campaign_id == Nomination.campaign_id,
                CampaignCategory.code == Nomination.category_code,
            ),
        )
        .where(
            Nomination.campaign_id == campaign_id,
            Nomination.is_withheld,
            Nomination.status.in_(CHOSEN),
        )
        .order_by(CampaignCategory.position)
    )
    return list(db.session.scalars(query))
