"""Who may take part in what, and two shifts at the same time."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.models.guardians import Guardianship
from accounts.models.persons import Person
from core import clock
from core.actor import Actor
from core.db import db
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, person
from tests.factories.volunteer import DAY_BEFORE, NINE
from volunteer.errors import (
    AdultsOnly,
    AgeUnsuitable,
    GuardianConsentRequired,
    MembersOnly,
    QualificationRequired,
    SignupOverlaps,
)
from volunteer.lifecycles import MembershipStatus, SignupStatus
from volunteer.models.activities import RiskLevel
from volunteer.models.memberships import Membership
from volunteer.models.qualifications import Qualification, QualificationKind
from volunteer.services import signups

DAY_OF_SHIFT = date(2027, 5, 1)


def born(on: date | None) -> Actor:
    who = person()
    who.born_on = on
    db.session.flush()
    return actor_of(who)


def consent(ward: Actor) -> None:
    db.session.add(
        Guardianship(
            ward_id=ward.id,
            guardian_id=person("家长").id,
            recorded_by=ward.id,
            consented_at=clock.now(),
        )
    )
    db.session.flush()


@pytest.mark.parametrize(
    ("terms", "birthday", "fits"),
    [
        ({"min_age": 40}, date(1987, 5, 1), True),
        ({"min_age": 40}, date(1987, 5, 2), False),
        ({"max_age": 40}, date(1986, 5, 2), True),
        ({"max_age": 40}, date(1986, 5, 1), False),
        ({"min_age": 20, "max_age": 40}, date(2000, 1, 1), True),
        ({"min_age": 20}, None, False),
        ({"min_age": 0}, date(2000, 1, 1), True),
    ],
)
def test_age_is_that_of_the_day_of_the_shift(
    ctx: Flask, terms: dict[str, int], birthday: date | None, fits: bool
) -> None:
    scene = make.scene()
    make.ask(scene, **terms)
    with clock.frozen(DAY_BEFORE):
        if fits:
            signups.sign_up(born(birthday), scene.shift_id)
            return
        with pytest.raises(AgeUnsuitable) as refused:
            signups.sign_up(born(birthday), scene.shift_id)
    assert refused.value.details["min_age"] == terms.get("min_age")


def test_a_minor_needs_a_guardians_consent_until_the_birthday(ctx: Flask) -> None:
    scene = make.scene()
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(born(date(2009, 5, 1)), scene.shift_id)
        minor = born(date(2009, 5, 2))
        with pytest.raises(GuardianConsentRequired):
            signups.sign_up(minor, scene.shift_id)
        consent(minor)
        assert signups.sign_up(minor, scene.shift_id).status is SignupStatus.CONFIRMED


def test_no_minor_in_dangerous_work_whoever_consents(ctx: Flask) -> None:
    scene = make.scene()
    make.ask(scene, risk_level=RiskLevel.DANGEROUS, insurance_number="PICC-1", min_age=18)
    with clock.frozen(DAY_BEFORE):
        minor = born(date(2009, 5, 2))
        consent(minor)
        for refused in (minor, born(None)):
            with pytest.raises(AdultsOnly):
                signups.sign_up(refused, scene.shift_id)
        signups.sign_up(born(date(2009, 5, 1)), scene.shift_id)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "fits"),
    [
        (date(2027, 1, 1), None, True),
        (DAY_OF_SHIFT, DAY_OF_SHIFT, True),
        (date(2027, 5, 2), None, False),
        (date(2026, 1, 1), date(2027, 4, 30), False),
    ],
)
def test_a_qualification_must_be_held_on_the_day(
    ctx: Flask, valid_from: date, valid_until: date | None, fits: bool
) -> None:
    scene, who = make.scene(), make.volunteer()
    kind = QualificationKind(code="diving", name="潜水救援证")
    db.session.add(kind)
    db.session.flush()
    make.ask(scene, qualification_code=kind.code)
    db.session.add(
        Qualification(
            person_id=who.id,
            code=kind.code,
            valid_from=valid_from,
            valid_until=valid_until,
            recorded_by=scene.organizer.id,
            recorded_at=DAY_BEFORE,
        )
    )
    db.session.flush()
    with clock.frozen(DAY_BEFORE):
        if fits:
            signups.sign_up(who, scene.shift_id)
            return
        with pytest.raises(QualificationRequired) as refused:
            signups.sign_up(who, scene.shift_id)
    assert "潜水救援证" in refused.value.detail


def test_what_is_for_members_is_for_active_ones(ctx: Flask) -> None:
    scene, who = make.scene(), make.volunteer()
    make.ask(scene, is_for_members=True)
    membership = Membership(
        person_id=who.id,
        organization_id=scene.organization_id,
        status=MembershipStatus.APPLIED,
        applied_at=DAY_BEFORE,
    )
    db.session.add(membership)
    db.session.flush()
    with clock.frozen(DAY_BEFORE):
        with pytest.raises(MembersOnly):
            signups.sign_up(who, scene.shift_id)
        membership.status = MembershipStatus.ACTIVE
        membership.decided_by, membership.decided_at = scene.organizer.id, DAY_BEFORE
        db.session.flush()
        signups.sign_up(who, scene.shift_id)


@pytest.mark.parametrize(
    ("begins_after", "minutes", "can_accept"),
    [
        (119, 120, True),
        (60, 120, True),
        (59, 120, False),
        (-60, 120, True),
        (30, 60, False),  # inside the first
        (-30, 180, False),  # around the first
        (60, 60, False),  # inside, with the same end
    ],
)
def test_a_shared_hour_may_be_accepted(
    ctx: Flask, begins_after: int, minutes: int, can_accept: bool
) -> None:
    one = make.scene()
    other = make.scene(starts_at=NINE + timedelta(minutes=begins_after), minutes=minutes)
    who = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        first = signups.sign_up(who, one.shift_id)
        with pytest.raises(SignupOverlaps) as refused:
            signups.sign_up(who, other.shift_id)
        assert refused.value.details["signup_id"] == str(first.id)
        assert refused.value.details["can_accept"] is can_accept
        if can_accept:
            second = signups.sign_up(who, other.shift_id, accept_overlap=True)
            assert second.status is SignupStatus.CONFIRMED
            assert signups.sign_up(who, other.shift_id).id == second.id
            return
        with pytest.raises(SignupOverlaps):
            signups.sign_up(who, other.shift_id, accept_overlap=True)


def test_every_shift_in_the_way_is_looked_at(ctx: Flask) -> None:
    """One shares half an hour, which is accepted; the other lies inside, which is not."""
    scenes = [
        make.scene(starts_at=NINE - timedelta(minutes=90)),
        make.scene(starts_at=NINE + timedelta(minutes=60), minutes=30),
    ]
    wanted, who = make.scene(), make.volunteer()
    with clock.frozen(DAY_BEFORE - timedelta(hours=3)):
        for scene in scenes:
            signups.sign_up(who, scene.shift_id)
        with pytest.raises(SignupOverlaps) as refused:
            signups.sign_up(who, wanted.shift_id, accept_overlap=True)
    assert refused.value.details["minutes"] == 30
    assert refused.value.details["can_accept"] is False


def test_the_reasons_are_told(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        one, other = make.scene(), make.scene(starts_at=NINE + timedelta(minutes=90))
        make.ask(other, min_age=18)
        young, who = born(date(2009, 6, 1)), make.volunteer()

    def sign_up(actor: Actor | Person, shift: object, body: dict[str, Any] | None = None) -> Any:
        return http.as_(actor).post(f"/shifts/{shift}/signups", json=body)

    with clock.frozen(DAY_BEFORE):
        refused = sign_up(young, other.shift_id, {})
        assert (refused.status_code, refused.json["code"]) == (403, "age_unsuitable")
        assert "年满 18 周岁" in refused.json["detail"]
        refused = sign_up(young, one.shift_id, {})
        assert (refused.status_code, refused.json["code"]) == (403, "guardian_consent_required")
        assert sign_up(who, one.shift_id, {"accept_overlap": False}).status_code == 201
        refused = sign_up(who, other.shift_id, {})
        assert (refused.status_code, refused.json["code"]) == (409, "signup_overlaps")
        assert (refused.json["minutes"], refused.json["can_accept"]) == (30, True)
        assert sign_up(who, other.shift_id, {"accept_overlap": True}).status_code == 201
