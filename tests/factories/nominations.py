"""Campaigns, nominations and candidates, stored as they would be at their stage."""

import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.models.persons import Person
from accounts.models.sites import Site
from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, Grant, ScopeKind
from core.db import db
from core.ids import new_id
from core.wechat import TextVerdict
from nominations.lifecycles import (
    UNDER_REVIEW,
    BallotPeriod,
    CampaignStatus,
    HonorKind,
    NominationStatus,
    NomineeKind,
)
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.channels import Channel
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.rules import Rules, Step
from nominations.services import nominees, reference
from nominations.services.nominations import TextCheck
from tests.factories.accounts import actor_of, grant, id_number, person, site

_serial = itertools.count(1)

DEEDS = "他十年如一日照顾村里的老人。" * 58

_STAGES = (
    CampaignStatus.ANNOUNCED,
    CampaignStatus.NOMINATING,
    CampaignStatus.REVIEWING,
    CampaignStatus.ASSESSING,
    CampaignStatus.COUNTING,
)
"""In the order of time; a stage lasts ten days."""

_DAYS = timedelta(days=10)

PAUSE = {"paused_from": CampaignStatus.ASSESSING, "pause_reason": "核实票数"}
UNFROZEN = (CampaignStatus.DRAFT, CampaignStatus.ANNOUNCED, CampaignStatus.CANCELLED)

UNCHECKED = TextCheck(TextVerdict.UNCHECKED, b"")
"""Of a text that WeChat was not asked about."""


def dates(status: CampaignStatus, at: datetime) -> dict[str, datetime]:
    """Dates under which `at` lies in the middle of the stage."""
    stage = _STAGES.index(status) if status in _STAGES else 0
    opens = at + _DAYS / 2 - stage * _DAYS
    names = (
        "nominations_open_at",
        "nominations_close_at",
        "assessment_open_at",
        "assessment_close_at",
    )
    return {name: opens + n * _DAYS for n, name in enumerate(names)}


def campaign(status: CampaignStatus = CampaignStatus.ASSESSING, **facts: Any) -> Campaign:
    """A campaign with the five usual categories; at most 10 choices, 2 in a category, once."""
    at = clock.now()
    is_public = status is not CampaignStatus.DRAFT
    values: dict[str, Any] = {
        "title": f"许昌好人第{next(_serial)}期",
        "kind": HonorKind.GOOD_PERSON,
        "max_choices": 10,
        "max_per_category": 2,
        "period": BallotPeriod.ONCE,
        "has_hidden_counts": False,
        "rules": Rules(),
        "rules_frozen_at": at if status not in UNFROZEN else None,
        "announced_at": at if is_public else None,
        "created_at": at,
        **dates(status, at),
        **(PAUSE if status is CampaignStatus.PAUSED else {}),
        **facts,
    }
    if "created_by" not in values:
        values["created_by"] = person().id
    if not values["rules"].uses(Step.ASSESSMENT) and "review_close_at" not in values:
        values["review_close_at"] = values["assessment_open_at"]
        values["assessment_open_at"] = values["assessment_close_at"] = None
    made = Campaign(id=new_id(), status=status, **values)
    made.categories = [
        CampaignCategory(code=code, name=name, position=position)
        for position, (code, name) in enumerate(reference.CATEGORIES, start=1)
    ]
    db.session.add(made)
    db.session.flush()
    return made


def window(of: Campaign) -> tuple[datetime, datetime]:
    """When the assessment opens and closes, of a campaign that has one."""
    assert of.assessment_open_at is not None
    assert of.assessment_close_at is not None
    return of.assessment_open_at, of.assessment_close_at


def nomination(
    of: Campaign,
    status: NominationStatus = NominationStatus.SUBMITTED,
    *,
    by: Person | None = None,
    **facts: Any,
) -> Nomination:
    """A complete nomination at Xidajie, Weidu, in the first category, of a person whose ID number
    is known."""
    at = clock.now()
    handed_in = status not in (NominationStatus.DRAFT, NominationStatus.WITHDRAWN)
    ladder = {"step": Step.COUNTY, "step_since": at} if status in UNDER_REVIEW else {}
    refused = status in (NominationStatus.SENT_BACK, NominationStatus.REJECTED)
    values: dict[str, Any] = {
        "category_code": "helping_others",
        "nominee_name": f"好人{next(_serial)}",
        "nominee_kind": NomineeKind.PERSON,
        "summary": "十年照顾孤寡老人",
        "deeds": DEEDS,
        "submitted_at": at if handed_in else None,
        "text_verdict": TextVerdict.PASS if handed_in else None,
        "decision_note": "请补充" if refused else None,
        "consented_at": at if handed_in else None,
        "created_at": at,
        **ladder,
        **facts,
    }
    if "site_id" not in values:
        values["site_id"] = site().id
    if ladder and "step_site_id" not in values:
        values["step_site_id"] = _county_of(values["site_id"])
    index = values.get("nominee_id_number_index")
    if index is not None and "nominee_id_number" not in values:
        known = select(Person).where(Person.id_number_index == index)
        values["nominee_id_number"] = db.session.scalars(known).one().id_number
    elif values["nominee_kind"] is NomineeKind.PERSON:
        number = values["nominee_id_number"] if "nominee_id_number" in values else id_number()
        values = nominees.settled({"nominee_id_number": number}) | values
    made = Nomination(
        id=new_id(),
        campaign_id=of.id,
        nominator_id=(by or person()).id,
        status=status,
        **values,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(Nominator(nomination_id=made.id, person_id=made.nominator_id, since=at))
    db.session.flush()
    return made


def own(of: Campaign, status: NominationStatus, **facts: Any) -> tuple[Actor, Nomination]:
    """A nomination after whoever recommends it."""
    who = person()
    return actor_of(who), nomination(of, status, by=who, **facts)


def _county_of(site_id: UUID) -> UUID:
    """The city for what lies in no county."""
    codes = db.session.get_one(Site, site_id).path.strip("/").split("/")
    return site(codes[min(1, len(codes) - 1)]).id


def reviewer(over: str | None = "411002", *, channel: Channel | None = None) -> Actor:
    """A reviewer whose grant is stored: at a site by its code, for a channel, or (None) over the
    whole city."""
    who = person("审核员")
    if channel is not None:
        kind, scope_id = ScopeKind.CHANNEL, channel.id
        held = Grant(Role.REVIEWER, frozenset(ROLE_PERMISSIONS[Role.REVIEWER]), kind, scope_id)
    elif over is not None:
        kind, scope_id = ScopeKind.SITE, site(over).id
        held = grant(Role.REVIEWER, over=site(over))
    else:
        roles.bestow(SYSTEM, who.id, role=Role.REVIEWER, scope_kind=ScopeKind.CITY, scope_id=None)
        return actor_of(who, grant(Role.REVIEWER))
    roles.bestow(SYSTEM, who.id, role=Role.REVIEWER, scope_kind=kind, scope_id=scope_id)
    return actor_of(who, held)


def supervisor(of: Campaign) -> Actor:
    """Of this campaign."""
    permissions = frozenset(ROLE_PERMISSIONS[Role.SUPERVISOR])
    return actor_of(person(), Grant(Role.SUPERVISOR, permissions, ScopeKind.CAMPAIGN, of.id))


def channel(code: str = "xuchang_university") -> Channel:
    """A channel of the reference data."""
    return db.session.scalars(select(Channel).where(Channel.code == code)).one()


def candidate(of: Campaign, category: str = "helping_others", **facts: Any) -> Nomination:
    return nomination(of, NominationStatus.CANDIDATE, category_code=category, **facts)


def candidates(of: Campaign, count: int, **facts: Any) -> list[UUID]:
    """Ids of so many candidates, two in each category and then round again."""
    codes = itertools.cycle(code for code, _ in reference.CATEGORIES for _ in range(2))
    nominator = person()
    return [candidate(of, next(codes), by=nominator, **facts).id for _ in range(count)]
