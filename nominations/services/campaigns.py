"""Campaigns: made and announced by the city's office. `stages` moves them on.

The lock of a campaign: whoever acts on the strength of its status shares it, whoever moves the
status or the dates takes it alone. So no ballot, submission or pass slips in behind a stage that
has closed (design/reliability, "Closing an assessment").
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively, lock_shared
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.errors import DatesPassed, RulesFrozen, StageClosed
from nominations.lifecycles import STAGES, CampaignDate, CampaignStatus, ListPeriod
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.channels import Channel
from nominations.presets import BY_CODE, PRESETS, USUAL_RULES, Preset
from nominations.rules import Rules, Step
from nominations.services import reference
from nominations.soundness import faults

Categories = Sequence[Mapping[str, str]]
"""Pairs of `code` and `name`."""


def lock_name(campaign_id: UUID) -> str:
    """The name of a campaign's lock for `core.db.lock_shared` and `lock_exclusively`."""
    return f"campaign:{campaign_id}"


def presets() -> Sequence[Preset]:
    """Selections that are ready to be made."""
    return PRESETS


def create(
    actor: Actor,
    *,
    preset: str | None = None,
    starts_on: date | None = None,
    categories: Categories | None = None,
    rules: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Campaign:
    """A draft. `facts` are columns of Campaign and `rules` fields of Rules; what is left out comes
    from the preset with this code, whose dates count from `starts_on` (a day in Shanghai).
    Without a preset all facts are given, and the rules and categories left out are the usual ones.

    Raises NotFound, InvalidInput."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_CREATE)
    chosen = BY_CODE[preset] if preset is not None else None
    base, listed = USUAL_RULES, [(c.code, c.name) for c in reference.list_all()]
    if chosen is not None:
        base, listed = chosen.rules, list(chosen.categories)
        facts = _facts_of(chosen, starts_on) | facts
    if categories is not None:
        listed = _pairs(categories)
    campaign = Campaign(
        id=new_id(),
        status=CampaignStatus.DRAFT,
        created_by=actor.id,
        created_at=clock.now(),
        rules=_ruled(base, rules or {}),
        categories=_categories(listed),
        **facts,
    )
    _check(campaign)
    db.session.add(campaign)
    db.session.flush()
    audit.record(actor, campaign, "create", to_status=campaign.status)
    return campaign


def update(
    actor: Actor,
    campaign_id: UUID,
    *,
    categories: Categories | None = None,
    rules: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Campaign:
    """Change a campaign until its rules are frozen. Dates that were announced are not changed
    here: they move by a postponement alone.

    Raises NotFound, RulesFrozen, WrongState, InvalidInput."""
    campaign = hold(actor, campaign_id)
    _check_may_change(campaign, facts)
    with db.session.no_autoflush:
        for name, value in facts.items():
            setattr(campaign, name, value)
        if rules is not None:
            campaign.rules = _ruled(campaign.rules, rules)
        if categories is not None:
            campaign.categories = _categories(_pairs(categories))
        _check(campaign)
    db.session.flush()
    audit.record(actor, campaign, "update")
    return campaign


def _check_may_change(campaign: Campaign, facts: Mapping[str, Any]) -> None:
    """The opening instant freezes the rules, even if the job that opens is late."""
    if campaign.status not in (CampaignStatus.DRAFT, CampaignStatus.ANNOUNCED):
        is_frozen = campaign.rules_frozen_at is not None
        raise RulesFrozen if is_frozen else WrongState(state=campaign.status.value, verb="update")
    if campaign.status is CampaignStatus.ANNOUNCED:
        if campaign.nominations_open_at <= clock.now():
            raise RulesFrozen
        for name, at in dates_of(campaign).items():
            if facts.get(name, at) != at:
                raise InvalidInput.at(name, "时间已经公布，只能延期")


def _facts_of(preset: Preset, starts_on: date | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: getattr(preset, name)
        for name in (
            "kind",
            "list_period",
            "max_choices",
            "max_per_category",
            "period",
            "has_hidden_counts",
        )
    }
    if starts_on is not None:
        year, number = preset.numbered(starts_on)
        facts |= preset.dates(starts_on)
        facts |= {"title": preset.titled(starts_on), "list_year": year, "list_number": number}
    return facts


def _pairs(categories: Categories) -> list[tuple[str, str]]:
    return [(c["code"], c["name"]) for c in categories]


def _categories(listed: Sequence[tuple[str, str]]) -> list[CampaignCategory]:
    if len({code for code, _ in listed}) != len(listed):
        raise InvalidInput.at("categories", "类别代码不能重复")
    return [
        CampaignCategory(code=code, name=name, position=position)
        for position, (code, name) in enumerate(listed, start=1)
    ]


def _ruled(base: Rules, changes: Mapping[str, Any]) -> Rules:
    changed = replace(base, **changes)
    return replace(changed, steps=tuple(step for step in Step if step in changed.steps))


def _check(campaign: Campaign) -> None:
    """Raises InvalidInput at the field that contradicts another."""
    codes = [category.code for category in campaign.categories]
    if found := faults(campaign.rules, categories=codes, places=_places()):
        raise InvalidInput(errors={"rules": found})
    check_dates(dates_of(campaign), campaign.rules)
    if campaign.max_per_category > campaign.max_choices:
        raise InvalidInput.at("max_per_category", "每个类别的人数不能超过总人数")
    _check_list(campaign)


def dates_of(campaign: Campaign) -> dict[CampaignDate, datetime | None]:
    """The published instants in order of time."""
    return {name: getattr(campaign, name) for name in CampaignDate}


def check_dates(dates: Mapping[CampaignDate, datetime | None], rules: Rules) -> None:
    """Whether the dates follow one another, and fit rules with or without an assessment.

    Raises InvalidInput."""
    is_assessed = rules.uses(Step.ASSESSMENT)
    for name, wanted in (
        (CampaignDate.REVIEW_CLOSE_AT, not is_assessed),
        (CampaignDate.ASSESSMENT_OPEN_AT, is_assessed),
        (CampaignDate.ASSESSMENT_CLOSE_AT, is_assessed),
    ):
        if (dates[name] is not None) != wanted:
            which = "有群众评议" if is_assessed else "没有群众评议"
            need = "必须填写" if wanted else "不填写"
            raise InvalidInput.at(name, f"本次活动{which}，{need}这一时间")
    given = [(name, at) for name, at in dates.items() if at is not None]
    for (_, before), (name, at) in pairwise(given):
        if at < before or (at == before and name in _LASTING):
            raise InvalidInput.at(name, "应晚于前一个阶段的时间")


_LASTING = (CampaignDate.NOMINATIONS_CLOSE_AT, CampaignDate.ASSESSMENT_CLOSE_AT)
"""Ends of stages that last a while; one that begins may do so at the instant another ends."""


def _check_list(campaign: Campaign) -> None:
    period = campaign.list_period
    for name, is_given, wanted in (
        ("list_year", campaign.list_year is not None, period is not None),
        (
            "list_number",
            campaign.list_number is not None,
            period not in (None, ListPeriod.YEAR),
        ),
    ):
        if is_given != wanted:
            raise InvalidInput.at(name, "名单的期次应与名单的周期一起填写")


def _places() -> set[str]:
    """Codes by which a quota may name where cases come from."""
    counties = select(Site.code).where(Site.level.in_((SiteLevel.CENTER, SiteLevel.ZONE)))
    return {*db.session.scalars(counties), *db.session.scalars(select(Channel.code))}


def list_public(page: PageRequest) -> Page[Campaign]:
    """Campaigns that were announced, newest first."""
    query = select(Campaign).where(Campaign.announced_at.is_not(None))
    return paginate(query, page, by=[Campaign.id], descending=True)


def get_public(campaign_id: UUID) -> Campaign:
    """A campaign that was announced. Raises NotFound."""
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None or campaign.announced_at is None:
        raise NotFound
    return campaign


def exists(campaign_id: UUID) -> bool:
    """Whether there is such a campaign, announced or not."""
    return db.session.get(Campaign, campaign_id) is not None


def list_inside(actor: Actor, page: PageRequest) -> Page[Campaign]:
    """The campaigns that the actor runs or watches over, drafts too, newest first."""
    query = select(Campaign).where(policies.overseen(actor, Permission.NOMINATIONS_CAMPAIGN_VIEW))
    return paginate(query, page, by=[Campaign.id], descending=True)


def get_inside(actor: Actor, campaign_id: UUID) -> Campaign:
    """A campaign for its office and its supervisors. Raises NotFound."""
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    policies.check_oversees(actor, Permission.NOMINATIONS_CAMPAIGN_VIEW, campaign_id)
    return campaign


def hold(actor: Actor, campaign_id: UUID) -> Campaign:
    """The campaign for whoever changes it, its lock held alone, so that what is compared
    (If-Match) is what is then changed. Raises NotFound."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_UPDATE)
    return take(campaign_id)


def share(campaign_id: UUID) -> Campaign:
    """The campaign, whose status stays as it is until the transaction ends. Read the clock
    afterwards. Raises NotFound unless it was announced."""
    lock_shared(lock_name(campaign_id))
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None or campaign.announced_at is None:
        raise NotFound
    return campaign


def take(campaign_id: UUID) -> Campaign:
    """The campaign with its lock held alone, to move its status or dates. Raises NotFound."""
    lock_exclusively(lock_name(campaign_id))
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None:
        raise NotFound
    return campaign


def check_stage(campaign: Campaign, act: str) -> None:
    """Whether `act` on a nomination (a key of STAGES) fits the campaign's status; call after
    `share`. Raises StageClosed."""
    if campaign.status not in STAGES[act]:
        raise StageClosed(state=campaign.status.value)


def announce(actor: Actor, campaign_id: UUID) -> Campaign:
    """Make a draft public. Raises NotFound, WrongState, DatesPassed."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_CAMPAIGN_ANNOUNCE)
    campaign = take(campaign_id)
    at = clock.now()
    if campaign.status is CampaignStatus.DRAFT and campaign.nominations_close_at <= at:
        raise DatesPassed
    audit.perform(actor, campaign, "announce", announced_at=at)
    return campaign
