"""Seats on a panel: offered, taken, left, lost."""

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.models.roles import RoleGrant
from accounts.permissions import Role
from accounts.services import roles
from core.actor import ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from nominations.errors import JudgingNotOpen, PanelNotUsed, StageClosed, VotedAlready
from nominations.lifecycles import CampaignStatus, PanelistStatus
from nominations.rules import Rules
from nominations.services import panel_scores, panelists, panels
from tests.conftest import Http, stored
from tests.factories import panels as make
from tests.factories.accounts import actor_of, grant, person, site


def test_an_invitation_is_told_and_a_repeat_gives_the_same_seat(ctx: Flask) -> None:
    campaign, office, who = make.campaign(), make.office(), person()
    first = panelists.invite(office, campaign.id, person_id=who.id, unit="市报社")
    again = panelists.invite(office, campaign.id, person_id=who.id)
    assert (again.id, again.unit) == (first.id, "市报社")
    (message,) = db.session.scalars(select(InboxMessage).where(InboxMessage.person_id == who.id))
    assert campaign.title in (message.text or "")


def test_whoever_accepts_is_a_panelist_of_this_campaign(ctx: Flask) -> None:
    campaign, who = make.campaign(), person()
    make.member(campaign.id, who=who)
    assert list(roles.holders(Role.PANELIST, ScopeKind.CAMPAIGN, campaign.id)) == [who.id]
    seat = panelists.seat_of(actor_of(who), campaign.id)
    with pytest.raises(WrongState):
        panelists.accept(actor_of(who), seat.id)


def test_only_the_invited_answer(ctx: Flask) -> None:
    campaign, who = make.campaign(), person()
    seat = panelists.invite(make.office(), campaign.id, person_id=who.id)
    with pytest.raises(NotFound):
        panelists.accept(actor_of(person()), seat.id)
    assert panelists.decline(actor_of(who), seat.id).status is PanelistStatus.DECLINED
    with pytest.raises(NotFound):
        panelists.seat_of(actor_of(who), campaign.id)


def test_whoever_declined_may_be_asked_again(ctx: Flask) -> None:
    campaign, office, who = make.campaign(), make.office(), person()
    seat = panelists.invite(office, campaign.id, person_id=who.id)
    panelists.decline(actor_of(who), seat.id)
    assert panelists.invite(office, campaign.id, person_id=who.id).id != seat.id


def test_who_can_not_be_invited(ctx: Flask) -> None:
    office, who = make.office(), person()
    with pytest.raises(PanelNotUsed):
        panelists.invite(office, make.campaign(rules=Rules()).id, person_id=who.id)
    with pytest.raises(StageClosed):
        panelists.invite(office, make.campaign(CampaignStatus.NOTICING).id, person_id=who.id)
    campaign = make.campaign()
    with pytest.raises(InvalidInput):
        panelists.invite(office, campaign.id, person_id=person(registered=False).id)
    of_a_county = actor_of(person(), grant(Role.ADMIN, over=site("411002")))
    with pytest.raises(NotFound):
        panelists.invite(of_a_county, campaign.id, person_id=who.id)


def test_a_removed_member_loses_the_role_and_the_marks(ctx: Flask) -> None:
    court = make.court(members=4)
    lost = court.members[0]
    for member in court.members:
        for candidate in court.candidates:
            panel_scores.score(
                member, candidate, marks=make.marks("90" if member is lost else "60")
            )
    seat = panelists.seat_of(lost, court.campaign_id)
    panelists.remove(court.office, seat.id, reason="长期在外")
    granted = select(RoleGrant).where(
        RoleGrant.person_id == lost.id, RoleGrant.revoked_at.is_(None)
    )
    assert db.session.scalars(granted).all() == []
    with pytest.raises(NotFound):
        panel_scores.view_file(lost, court.candidates[0])
    panels.close_judging(court.office, court.campaign_id)
    kept = panels.record_of(court.campaign_id)
    assert str(seat.id) not in kept.members
    assert {points for m in kept.marks for points in m.points.values()} == {60}
    with pytest.raises(JudgingNotOpen):
        panelists.remove(court.office, seat.id, reason="长期在外")


def test_whoever_has_voted_in_secret_stays(ctx: Flask) -> None:
    court = make.court(rules=make.SECRET)
    panel_scores.vote(court.members[0], court.candidates[0], approves=True)
    seat = panelists.seat_of(court.members[0], court.campaign_id)
    with pytest.raises(VotedAlready):
        panelists.remove(court.office, seat.id, reason="长期在外")


def test_seats_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        campaign, office, who = make.campaign(), make.office(), person("钱评委")
        other = person("孙评委")
        supervisor = actor_of(person(), make.over(Role.SUPERVISOR, campaign.id))
    path = f"/campaigns/{campaign.id}/panelists"
    body = {"person_id": str(who.id), "unit": "市报社"}
    made = http.as_(office).post(path, json=body)
    assert (made.status_code, made.json["name"]) == (201, "钱**")  # type: ignore[index]
    made_too = http.as_(office).post(path, json={"person_id": str(other.id)})
    (own,) = http.as_(who).get("/me/panelists").json["items"]  # type: ignore[index]
    assert own["campaign_id"] == str(campaign.id)
    seat = f"/panelists/{own['id']}"
    assert http.as_(other).post(f"{seat}/accept").status_code == 404
    assert http.as_(who).post(f"{seat}/accept").json["status"] == "accepted"  # type: ignore[index]
    declined = http.as_(other).post(f"/panelists/{made_too.json['id']}/decline")  # type: ignore[index]
    assert declined.json["status"] == "declined"  # type: ignore[index]
    removed = http.as_(office).post(f"{seat}/remove", json={"reason": "长期在外"})
    assert removed.json["status"] == "removed"  # type: ignore[index]
    listed = http.as_(supervisor).get(path)
    assert [i["status"] for i in listed.json["items"]] == ["removed", "declined"]  # type: ignore[index]
    assert http.as_(who).get(path).status_code == 403
