"""Opinions, the queue of a reviewer, and what happens to a case that waits too long."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.models.roles import RoleGrant
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.paging import PageRequest
from nominations.lifecycles import CampaignStatus, NominationStatus, StepDecision, Verdict
from nominations.models.nominations import Nomination
from nominations.rules import Step
from nominations.services import ladder, overdue_reviews, screenings
from tests.factories.accounts import person, site
from tests.factories.nominations import channel, nomination, reviewer
from tests.nominations.climbing import (
    COUNTY,
    climbing,
    history,
    submitted,
)

C, N, V = CampaignStatus, NominationStatus, Verdict
ALL = (Step.COMMUNITY, Step.TOWNSHIP, Step.COUNTY, Step.CITY)


# Opinions


def test_an_opinion_decides_nothing_and_counts_once_a_reviewer(ctx: Flask) -> None:
    one, two = reviewer(COUNTY), reviewer(COUNTY)
    of = climbing((Step.COUNTY,))
    (_, first), (_, second) = submitted(of), submitted(of)
    for judge in (one, one, two):
        screenings.write(judge, first.id, opinion="事迹感人")
    assert (first.reviews_count, first.status) == (2, N.SUBMITTED)
    assert screenings.queue(one, PageRequest()).items == [second, first]
    said = screenings.write(one, first.id, opinion="同意", verdict=StepDecision.PASS)
    assert (said.verdict, said.opinion, first.status) == (V.PASS, "同意", N.CANDIDATE)
    assert [s.verdict for s in screenings.history(two, first.id)] == [V.OPINION] * 3 + [V.PASS]


@pytest.mark.parametrize(
    ("decision", "status"),
    [(StepDecision.SEND_BACK, N.SENT_BACK), (StepDecision.REJECT, N.REJECTED)],
)
def test_an_opinion_may_decide(
    ctx: Flask, decision: StepDecision, status: NominationStatus
) -> None:
    judge = reviewer(COUNTY)
    _, made = submitted(climbing((Step.COUNTY,)))
    screenings.write(judge, made.id, opinion="材料不全", verdict=decision)
    assert (made.status, made.decision_note) == (status, "材料不全")


# The queue


def test_a_reviewer_of_several_places_has_one_queue(ctx: Flask) -> None:
    school = channel()
    of, at = climbing((Step.COUNTY,)), clock.now()
    made = [
        nomination(of, step_since=at),
        nomination(of, step_since=at - timedelta(hours=2), site_id=site("411024101").id),
        nomination(of, step_since=at - timedelta(hours=1), channel_id=school.id, step_site_id=None),
        nomination(of, step=Step.CITY, step_site_id=site("411000").id, reviews_count=1),
    ]
    places = [reviewer(COUNTY), reviewer("411024"), reviewer(channel=school), reviewer(None)]
    judge = Actor(person().id, tuple(g for p in places for g in p.grants))
    found: list[Nomination] = []
    cursor = None
    while True:
        page = screenings.queue(judge, PageRequest(cursor, limit=1))
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [made[1], made[2], made[0], made[3]]


def test_overdue_means_longer_than_five_working_days(ctx: Flask) -> None:
    judge = reviewer(COUNTY)
    monday = clock.start_of(date(2026, 3, 2))
    made = nomination(climbing((Step.COUNTY,)), step_since=monday + timedelta(hours=9))
    sixth = monday + timedelta(days=8)
    for at, is_overdue in ((sixth - timedelta(microseconds=1), False), (sixth, True)):
        with clock.frozen(at):
            found = screenings.queue(judge, PageRequest(), overdue=True).items
            assert found == ([made] if is_overdue else []), at


# Jobs


def test_when_the_last_reviewer_leaves_the_case_is_passed_up(ctx: Flask) -> None:
    judge, city = reviewer(COUNTY), reviewer(None)
    _, made = submitted(climbing((Step.COUNTY,)))
    assert ladder.to_pass_up() == []
    (held,) = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == judge.id))
    roles.revoke(SYSTEM, held.id, reason="调离")
    assert ladder.to_pass_up() == [made.id]
    for _ in range(2):
        ladder.pass_up(made.id)
    assert (made.step, ladder.to_pass_up()) == (Step.CITY, [])
    assert history(made) == [(Step.COUNTY, V.PASSED_UP)]
    assert screenings.queue(city, PageRequest()).items == [made]


def test_of_a_channel_too(ctx: Flask) -> None:
    school = channel()
    judge = reviewer(channel=school)
    _, made = submitted(climbing(), channel_id=school.id)
    assert ladder.to_pass_up() == []
    (held,) = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == judge.id))
    roles.revoke(SYSTEM, held.id, reason="调离")
    assert ladder.to_pass_up() == [made.id]
    ladder.pass_up(made.id)
    assert made.step is Step.CITY


def test_reviewers_are_reminded_once_a_week_and_the_level_above_later(ctx: Flask) -> None:
    judge, city = reviewer(COUNTY), reviewer("411000")
    monday = clock.start_of(date(2026, 3, 2))
    made = nomination(climbing((Step.COUNTY,)), step_since=monday + timedelta(hours=9))

    def told(after_days: int) -> list[Any]:
        with clock.frozen(monday + timedelta(days=after_days, hours=9)):
            for found in overdue_reviews.to_remind():
                overdue_reviews.remind(found)
        query = select(InboxMessage.person_id).where(InboxMessage.template == "review_overdue")
        return sorted(db.session.scalars(query))

    assert told(7) == []
    assert told(8) == told(9) == told(12) == told(13) == [judge.id]
    assert told(14) == [judge.id, judge.id]
    assert told(15) == sorted([judge.id, judge.id, city.id])
    assert made.step is Step.COUNTY
