"""Memberships: applying, deciding, leaving; and who organises."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.roles import RoleGrant
from accounts.permissions import Role
from accounts.services import guardians, roles
from core import clock
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import NotFound, WrongState
from core.outbox import Message
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, person, site
from volunteer.errors import GuardianConsentRequired, LastOrganizer, NotMember, OwnMembership
from volunteer.lifecycles import MembershipStatus
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization
from volunteer.services import memberships, organizations

ALL = PageRequest(limit=100)
S = MembershipStatus


def team() -> tuple[Actor, Organization]:
    founder = person("赵队长")
    organization = make.organization(founder)
    return make.organizer_of(founder, organization), organization


def member(organizer: Actor, organization: Organization, name: str = "钱队员") -> Membership:
    applied = memberships.apply(make.volunteer(name), organization.id)
    return memberships.accept(organizer, applied.id).membership


def told(template: str) -> int:
    query = select(Message.dedupe_key).where(Message.dedupe_key.startswith(f"{template}:"))
    return len(db.session.scalars(query).all())


def test_whoever_applies_is_taken_in_by_an_organizer(ctx: Flask) -> None:
    organizer, organization = team()
    me = make.volunteer()
    applied = memberships.apply(me, organization.id)
    assert applied.status is S.APPLIED
    assert not memberships.is_member(me.id, organization.id)
    accepted = memberships.accept(organizer, applied.id)
    assert (accepted.membership.status, accepted.is_organizer) == (S.ACTIVE, False)
    assert memberships.is_member(me.id, organization.id)
    assert told("membership_accepted") == 1


def test_applying_again_gives_the_first_membership(ctx: Flask) -> None:
    organizer, organization = team()
    me = make.volunteer()
    applied = memberships.apply(me, organization.id)
    assert memberships.apply(me, organization.id).id == applied.id
    memberships.accept(organizer, applied.id)
    assert memberships.apply(me, organization.id).status is S.ACTIVE


def test_whoever_is_declined_reads_why_and_may_apply_again(ctx: Flask) -> None:
    organizer, organization = team()
    me = make.volunteer()
    applied = memberships.apply(me, organization.id)
    declined = memberships.decline(organizer, applied.id, reason="请先参加一次培训")
    assert declined.membership.decision_reason == "请先参加一次培训"
    assert told("membership_declined") == 1
    with pytest.raises(WrongState):
        memberships.accept(organizer, applied.id)
    assert memberships.apply(me, organization.id).id != applied.id


def test_an_application_can_be_taken_back_and_a_member_can_leave(ctx: Flask) -> None:
    organizer, organization = team()
    me = make.volunteer()
    applied = memberships.apply(me, organization.id)
    assert memberships.leave(me, applied.id).status is S.LEFT
    joined = member(organizer, organization)
    other = actor_of(joined.person)
    assert memberships.leave(other, joined.id).ended_at is not None
    assert not memberships.is_member(other.id, organization.id)
    with pytest.raises(WrongState):
        memberships.leave(other, joined.id)


def test_only_the_member_leaves_and_only_an_organizer_decides(ctx: Flask) -> None:
    organizer, organization = team()
    applied = memberships.apply(make.volunteer(), organization.id)
    stranger, (elsewhere, _) = make.volunteer(), team()
    with pytest.raises(NotFound):
        memberships.leave(stranger, applied.id)
    for outsider in (stranger, elsewhere):
        with pytest.raises(NotFound):
            memberships.accept(outsider, applied.id)
        with pytest.raises(NotFound):
            memberships.list_of_organization(outsider, organization.id, ALL)
    memberships.accept(organizer, applied.id)


def test_an_organisation_that_is_not_approved_takes_nobody(ctx: Flask) -> None:
    applied = organizations.apply(
        make.volunteer(), name="待审核的队", site_id=site().id, summary="服务"
    )
    with pytest.raises(NotFound):
        memberships.apply(make.volunteer(), applied.id)


@pytest.mark.parametrize(
    ("today", "is_minor"), [(date(2027, 4, 30), True), (date(2027, 5, 1), False)]
)
def test_a_minor_needs_a_guardian_until_the_eighteenth_birthday(
    ctx: Flask, today: date, is_minor: bool
) -> None:
    _, organization = team()
    young = person("小明", born="20090501")
    with clock.frozen(clock.start_of(today)):
        if is_minor:
            with pytest.raises(GuardianConsentRequired):
                memberships.apply(actor_of(young), organization.id)
            guardians.record_for(make.staff(), young, paper_reference="纸-1")
        assert memberships.apply(actor_of(young), organization.id).status is S.APPLIED


def test_a_member_is_removed_with_a_reason_and_loses_the_role(ctx: Flask) -> None:
    organizer, organization = team()
    joined = member(organizer, organization)
    memberships.appoint(organizer, joined.id)
    removed = memberships.remove(organizer, joined.id, reason="长期不参加活动")
    assert (removed.membership.status, removed.is_organizer) == (S.REMOVED, False)
    assert told("membership_removed") == 1


def organizers_of(organization: Organization) -> set[UUID | None]:
    return {*roles.holders(Role.ORGANIZER, ScopeKind.ORGANIZATION, organization.id)}


def test_members_are_appointed_and_dismissed_as_organizers(ctx: Flask) -> None:
    organizer, organization = team()
    joined = member(organizer, organization)
    for _ in range(2):
        assert memberships.appoint(organizer, joined.id).is_organizer
    assert organizers_of(organization) == {organizer.person_id, joined.person_id}
    assert not memberships.dismiss(organizer, joined.id).is_organizer
    assert memberships.is_member(joined.person_id, organization.id)


def test_an_applicant_is_not_appointed(ctx: Flask) -> None:
    organizer, organization = team()
    applied = memberships.apply(make.volunteer(), organization.id)
    with pytest.raises(NotMember):
        memberships.appoint(organizer, applied.id)


def test_the_last_organizer_stays(ctx: Flask) -> None:
    organizer, _ = team()
    own = memberships.list_mine(organizer, ALL).items[0]
    with pytest.raises(LastOrganizer):
        memberships.leave(organizer, own.id)
    db.session.expire_all()
    for verb in (memberships.dismiss, memberships.appoint):
        with pytest.raises(OwnMembership):
            verb(organizer, own.id)


def test_staff_of_the_site_give_an_orphaned_organisation_another_organizer(ctx: Flask) -> None:
    organizer, organization = team()
    successor = member(organizer, organization)
    staff, elsewhere = make.staff(), make.staff(site("411002002"))
    for outsider in (elsewhere, make.volunteer()):
        with pytest.raises(NotFound):
            memberships.appoint(outsider, successor.id)
        with pytest.raises(NotFound):
            memberships.list_of_organization(outsider, organization.id, ALL)
    found = memberships.list_of_organization(staff, organization.id, ALL).items
    (founding,) = [m.membership for m in found if m.is_organizer]
    assert memberships.appoint(staff, successor.id).is_organizer
    assert not memberships.dismiss(staff, founding.id).is_organizer
    with pytest.raises(LastOrganizer):
        memberships.dismiss(staff, successor.id)
    with pytest.raises(NotFound):
        memberships.remove(staff, founding.id, reason="由组织自己决定")


def test_an_organizer_who_leaves_is_none_any_longer(ctx: Flask) -> None:
    organizer, organization = team()
    joined = member(organizer, organization)
    memberships.appoint(organizer, joined.id)
    own = memberships.list_mine(organizer, ALL).items[0]
    memberships.leave(organizer, own.id)
    assert organizers_of(organization) == {joined.person_id}
    revoked = select(RoleGrant).where(RoleGrant.person_id == organizer.person_id)
    assert db.session.scalars(revoked).one().revoked_at is not None


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        organizer, organization = team()
        me, other = make.volunteer("欧阳志愿"), make.volunteer("孙志愿")
        team_path = f"/organizations/{organization.id}/memberships"
    made = http.as_(me).post(team_path)
    assert (made.status_code, made.json["status"]) == (201, "applied")  # type: ignore[index]
    listed = http.as_(organizer).get(f"{team_path}?status=applied").json["items"]  # type: ignore[index]
    assert [m["name"] for m in listed] == ["欧阳**"]
    path = f"/memberships/{listed[0]['id']}"
    assert http.as_(me).post(f"{path}/accept").status_code == 403
    assert http.as_(organizer).post(f"{path}/accept").json["status"] == "active"  # type: ignore[index]
    assert http.as_(organizer).post(f"{path}/appoint").json["is_organizer"] is True  # type: ignore[index]
    assert http.as_(organizer).post(f"{path}/dismiss").json["is_organizer"] is False  # type: ignore[index]
    gone = http.as_(organizer).post(f"{path}/remove", json={"reason": "长期不参加"})
    assert gone.json["status"] == "removed"  # type: ignore[index]
    mine = http.as_(me).get("/me/memberships").json["items"]  # type: ignore[index]
    assert [(m["status"], m["reason"]) for m in mine] == [("removed", "长期不参加")]
    second = http.as_(other).post(team_path).json["id"]  # type: ignore[index]
    declined = http.as_(organizer).post(
        f"/memberships/{second}/decline", json={"reason": "人数已满"}
    )
    assert declined.json["status"] == "declined"  # type: ignore[index]
    third = http.as_(other).post(team_path).json["id"]  # type: ignore[index]
    left = http.as_(other).post(f"/memberships/{third}/leave")
    assert (left.status_code, left.json["status"]) == (200, "left")  # type: ignore[index]


def test_the_calls_of_staff(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        organizer, organization = team()
        successor, staff = member(organizer, organization), make.staff()
    office = http.as_(staff)
    listed = office.get(f"/organizations/{organization.id}/memberships")
    assert [m["is_organizer"] for m in listed.json["items"]] == [True, False]  # type: ignore[index]
    appointed = office.post(f"/memberships/{successor.id}/appoint")
    assert (appointed.status_code, appointed.json["is_organizer"]) == (200, True)  # type: ignore[index]
    dismissed = office.post(f"/memberships/{successor.id}/dismiss")
    assert (dismissed.status_code, dismissed.json["is_organizer"]) == (200, False)  # type: ignore[index]


def test_the_last_organizer_is_told_so(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        organizer, _ = team()
        own = memberships.list_mine(organizer, ALL).items[0].id
    refused = http.as_(organizer).post(f"/memberships/{own}/leave")
    assert (refused.status_code, refused.json["code"]) == (409, "last_organizer")  # type: ignore[index]
