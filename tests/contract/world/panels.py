"""Panels and the results they lead to."""

from collections.abc import Sequence

from accounts.permissions import Role
from core import clock
from core.db import db
from nominations.lifecycles import CampaignStatus
from nominations.models.nominations import Nomination
from nominations.services import (
    declarations,
    panel_scores,
    panelists,
    panels,
    results,
)
from tests.contract.world.people import AT, Ids, Instead, Making, Owners
from tests.factories import nominations as choosing
from tests.factories import panels as judging
from tests.factories.accounts import actor_of, grant, person
from tests.factories.attachments import attached


def _panel(of: Owners) -> dict[str, object]:
    """Panels of selections of their own: one is about to judge and waits for an answer to its
    last invitation, two judge, one has judged."""
    with clock.frozen(AT):
        ready, closed = judging.court(opened=False), judging.court()
        scored, secret = judging.court(), judging.court(rules=judging.SECRET)
        for member in closed.members:
            for candidate in closed.candidates:
                panel_scores.score(member, candidate, marks=judging.marks())
        panels.close_judging(closed.office, closed.campaign_id)
        for court in (scored, secret):
            other = judging.member(court.campaign_id, who=of.other)
            declarations.declare(other, court.candidates[0], conflict=False)
        seat = panelists.invite(ready.office, ready.campaign_id, person_id=of.owner.id)
        judged = db.session.get_one(Nomination, scored.candidates[0])
        photo = attached(judged, cleared=True)
    return {
        "panelist_id": seat.id,
        "ready": ready.campaign_id,
        "judging": scored.campaign_id,
        "judged": closed.campaign_id,
        "scored": scored.candidates[0],
        "judged_file": photo.id,
        "voted": secret.candidates[0],
    }


def _result(of: Owners) -> dict[str, object]:
    """The draft of a result, of a campaign in judging."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.JUDGING)
        judged = choosing.candidate(campaign, by=of.owner)
        office = actor_of(person("查主任"), grant(Role.ADMIN))
        result = results.compute(office, campaign.id, lot_source="次日第一期开奖号码")
    return {"result_id": result.id, "judged_id": judged.id}


def _of_panels(ids: Ids) -> Instead:
    campaign, panel = "/api/v1/campaigns/{campaign_id}", "/api/v1/panel/{nomination_id}"
    files = f"GET {panel}/attachments/{{attachment_id}}"
    campaigns_of = {
        "ready": (
            f"POST {campaign}/panelists",
            f"GET {campaign}/panelists",
            f"POST {campaign}/open_judging",
        ),
        "judging": (
            f"POST {campaign}/close_judging",
            f"GET {campaign}/panel/progress",
            f"POST {campaign}/panel/submit",
            "GET /api/v1/panel/{campaign_id}/assignments",
        ),
        "judged": (
            f"GET {campaign}/panel/record",
            f"GET {campaign}/panel/minutes",
            f"GET {campaign}/panel/minutes.docx",
        ),
    }
    nominations_of = {
        "scored": (f"POST {panel}/declaration", f"GET {panel}/file", f"PUT {panel}/scores"),
        "voted": (f"POST {panel}/vote",),
    }
    of_files = {files: {"nomination_id": ids["scored"], "attachment_id": ids["judged_file"]}}
    return of_files | {
        operation: {name: ids[kept]}
        for name, groups in (("campaign_id", campaigns_of), ("nomination_id", nominations_of))
        for kept, operations in groups.items()
        for operation in operations
    }


STEPS: Sequence[Making] = (_panel, _result)


def instead(_of: Owners, ids: Ids) -> Instead:
    return _of_panels(ids) | {
        "POST /api/v1/results/{result_id}/deviate": {"nomination_id": ids["judged_id"]},
    }
