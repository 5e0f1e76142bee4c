"""How many cases a county or channel sends up to the city: counted always, limited where the
rules of the campaign say so."""

from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from accounts.models.sites import Site
from accounts.services import sites
from core.db import db, insert_if_absent
from nominations.errors import RecommendationsUsedUp
from nominations.models.campaigns import Campaign
from nominations.models.channels import Channel
from nominations.models.nominations import Nomination
from nominations.models.recommendations import RecommendationCount
from nominations.services.places import COUNTY_LEVELS

Count = RecommendationCount


def take(nomination: Nomination, campaign: Campaign) -> None:
    """Count the case as sent up by its county or channel, once. One conditional UPDATE decides,
    so that a county with one recommendation left sends up one. Raises RecommendationsUsedUp."""
    place = _place_of(nomination)
    if place is None or nomination.recommended_from == place:
        return
    give_back(nomination)
    insert_if_absent(Count, campaign_id=campaign.id, place=place, taken=0)
    limit = campaign.rules.recommendations.by_place.get(place)
    statement = update(Count).where(Count.campaign_id == campaign.id, Count.place == place)
    if limit is not None:
        statement = statement.where(Count.taken < limit)
    if not _moved(statement.values(taken=Count.taken + 1)):
        raise RecommendationsUsedUp(limit=limit)
    nomination.recommended_from = place


def give_back(nomination: Nomination) -> None:
    """The case goes to another place, whose recommendation it will need."""
    if nomination.recommended_from is None:
        return
    _moved(
        update(Count)
        .where(
            Count.campaign_id == nomination.campaign_id,
            Count.place == nomination.recommended_from,
        )
        .values(taken=Count.taken - 1)
    )
    nomination.recommended_from = None


def _moved(statement: Any) -> bool:
    statement = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1


def _place_of(nomination: Nomination) -> str | None:
    """None above the counties, where nothing is limited."""
    if nomination.channel_id is not None:
        return db.session.get_one(Channel, nomination.channel_id).code
    path = db.session.get_one(Site, nomination.site_id).path
    return db.session.scalar(
        select(Site.code).where(
            Site.path.in_(sites.paths_down_to(path)), Site.level.in_(COUNTY_LEVELS)
        )
    )
