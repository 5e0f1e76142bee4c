"""Objections, approvals and the job of notices at the same moment."""

from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core import audit, clock
from core.actor import SYSTEM
from core.db import db
from core.errors import WrongState
from core.workdays import DAY
from nominations.errors import NoticeNotOver, ObjectionPending, ObjectionTooMany
from nominations.lifecycles import (
    UNDECIDED,
    NominationStatus,
    NoticeStatus,
    ObjectionChannel,
    ObjectionStatus,
)
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice, NoticeEntry
from nominations.models.objections import Objection
from nominations.services import approvals, notice_days, objections
from tests.conftest import stored
from tests.factories.accounts import actor_of, person
from tests.factories.notices import (
    MONDAY,
    SUNDAY,
    filed,
    handler,
    morning,
    noon,
    office,
    opened,
    proposed,
    scheduled,
)
from tests.races.crowd import naive_rush, rush
from tests.races.test_nomination_races import read

pytestmark = pytest.mark.race

N = NominationStatus
AFTER = SUNDAY + DAY
LAST_SECOND = morning(AFTER) - DAY / 86_400


def objected(app: Flask) -> tuple[UUID, UUID]:
    """A nominee on notice and an objection that nobody has looked at."""
    with stored(app):
        campaign, (one,) = proposed(1)
        notice = opened(campaign)
        return one.id, filed(notice, one, at=noon(MONDAY)).id


def test_of_two_handlers_one_decides(committed: Flask) -> None:
    nominee, objection_id = objected(committed)
    with stored(committed):
        many = [handler(f"查核员{n}") for n in range(8)]
    with clock.frozen(noon(MONDAY)):
        outcomes = rush(
            committed,
            [partial(objections.accept, who, objection_id, substance="内容") for who in many[:4]]
            + [
                partial(objections.not_accept, who, objection_id, reason="理由") for who in many[4:]
            ],
        )
    assert len([o for o in outcomes if isinstance(o, Objection)]) == 1
    assert len([o for o in outcomes if isinstance(o, WrongState)]) == 7
    (status,) = read(committed, select(Objection.status))
    (found,) = read(committed, select(Nomination.status).where(Nomination.id == nominee))
    assert (status is ObjectionStatus.ACCEPTED) == (found is N.SUSPENDED)
    verbs = select(audit.Entry.verb).where(audit.Entry.thing_id == objection_id)
    assert len(read(committed, verbs)) == 2  # filed, and decided once


def test_without_the_condition_all_handlers_decide(committed: Flask) -> None:
    """Negative control: reading the state, then writing it."""
    _, objection_id = objected(committed)

    def is_filed() -> bool:
        return db.session.get_one(Objection, objection_id).status is ObjectionStatus.FILED

    def accept() -> None:
        objection = db.session.get_one(Objection, objection_id)
        objection.substance, objection.status = "内容", ObjectionStatus.ACCEPTED

    assert naive_rush(committed, 4, is_filed, accept) > 1


def test_approval_and_an_objection_never_pass_each_other(committed: Flask) -> None:
    """Whichever is first: a nominee is never approved over an objection that was there, nor
    suspended once approved."""
    for _ in range(4):
        nominee, objection_id = objected(committed)
        with stored(committed):
            campaign_id = db.session.get_one(Nomination, nominee).campaign_id
            admin, one = office(), handler()
            notice_id = db.session.get_one(Objection, objection_id).notice_id
            objections.not_accept(one, objection_id, reason="没有具体内容")
            objector = actor_of(person())

        def object_(
            by: object = objector, at: UUID = notice_id, about: UUID = nominee
        ) -> Objection:
            return objections.file(
                by,  # type: ignore[arg-type]
                at,
                nomination_id=about,
                text="事迹与实际不符",
                is_anonymous=False,
            )

        with clock.frozen(noon(AFTER)):
            approved, objection = rush(
                committed,
                [
                    partial(
                        approvals.approve,
                        admin,
                        campaign_id,
                        nominations=[nominee],
                        document_number="一号",
                        minutes_reference="一",
                        decided_on=AFTER,
                    ),
                    object_,
                ],
            )
        (status,) = read(committed, select(Nomination.status).where(Nomination.id == nominee))
        assert isinstance(objection, Objection)  # late, and taken
        if isinstance(approved, ObjectionPending):
            assert status is N.ON_NOTICE
        else:
            assert status is N.APPROVED
            decided = select(audit.Entry.at).where(
                audit.Entry.thing_id == nominee, audit.Entry.verb == "approve"
            )
            assert len(read(committed, decided)) == 1


def test_accepting_and_approving_one_wins(committed: Flask) -> None:
    nominee, objection_id = objected(committed)
    with stored(committed):
        campaign_id = db.session.get_one(Nomination, nominee).campaign_id
        admin, one = office(), handler()
    approve = partial(
        approvals.approve,
        admin,
        campaign_id,
        nominations=[nominee],
        document_number="一号",
        minutes_reference="一",
        decided_on=AFTER,
    )
    accept = partial(objections.accept, one, objection_id, substance="内容")
    with clock.frozen(noon(AFTER)):
        outcomes = rush(committed, [approve, accept, approve])
    assert isinstance(outcomes[1], Objection)
    assert all(isinstance(o, ObjectionPending) for o in (outcomes[0], outcomes[2]))
    (status,) = read(committed, select(Nomination.status).where(Nomination.id == nominee))
    assert status is N.SUSPENDED


def test_without_the_lock_an_approval_passes_an_objection(committed: Flask) -> None:
    """Negative control: looking for objections, then approving, while one is filed between."""
    with stored(committed):
        campaign, (one,) = proposed(1)
        notice = opened(campaign)
        nominee, notice_id = one.id, notice.id
    is_done: list[bool] = []

    def finds_none() -> bool:
        pending = select(Objection.id).where(Objection.status.in_(UNDECIDED))
        return not db.session.scalars(pending).all()

    def file_or_approve() -> None:
        if is_done:
            db.session.get_one(Nomination, nominee).status = N.APPROVED
            return
        is_done.append(True)
        objection = Objection(
            id=nominee,
            notice_id=notice_id,
            nomination_id=nominee,
            status=ObjectionStatus.FILED,
            channel=ObjectionChannel.APP,
            is_anonymous=True,
            objector_index=b"x",
            filed_at=clock.now(),
            is_in_time=True,
        )
        objection.text = "事迹与实际不符"
        db.session.add(objection)

    assert naive_rush(committed, 2, finds_none, file_or_approve) == 2
    assert read(committed, select(Nomination.status)) == [N.APPROVED]
    assert read(committed, select(Objection.status)) == [ObjectionStatus.FILED]


def test_in_the_last_second_an_objection_is_in_time_whatever_the_job_does(
    committed: Flask,
) -> None:
    with stored(committed):
        campaign, (one,) = proposed(1)
        notice = opened(campaign)
        nominee, notice_id = one.id, notice.id
        many = [actor_of(person(f"异议人{n}")) for n in range(6)]
    file = [
        partial(
            objections.file,
            who,
            notice_id,
            nomination_id=nominee,
            text="事迹与实际不符",
            is_anonymous=False,
        )
        for who in many
    ]
    advance = partial(notice_days.advance, SYSTEM, notice_id)
    with clock.frozen(LAST_SECOND):
        outcomes = rush(committed, [*file[:3], advance, advance])
    assert [o.is_in_time for o in outcomes[:3]] == [True] * 3
    assert outcomes[3:] == [NoticeStatus.OPEN] * 2
    with clock.frozen(morning(AFTER)):
        outcomes = rush(committed, [*file[3:], advance, advance])
    assert [o.is_in_time for o in outcomes[:3]] == [False] * 3
    assert outcomes[3:] == [NoticeStatus.CLOSED] * 2
    closings = select(audit.Entry.id).where(
        audit.Entry.thing_id == notice_id, audit.Entry.verb == "close"
    )
    assert len(read(committed, closings)) == 1


def test_many_jobs_open_a_notice_once(committed: Flask) -> None:
    with stored(committed):
        campaign, _ = proposed(3)
        notice_id = scheduled(campaign).id
    with clock.frozen(morning(MONDAY)):
        outcomes = rush(committed, [partial(notice_days.advance, SYSTEM, notice_id)] * 4)
    assert outcomes == [NoticeStatus.OPEN] * 4
    openings = select(audit.Entry.verb).where(audit.Entry.verb.in_(("open", "put_on_notice")))
    assert sorted(read(committed, openings)) == ["open", *["put_on_notice"] * 3]
    assert len(read(committed, select(NoticeEntry.nomination_id))) == 3
    assert len(read(committed, select(Notice.id))) == 1


def test_a_person_objects_five_times_and_no_more(committed: Flask) -> None:
    with stored(committed):
        campaign, (one,) = proposed(1)
        notice = opened(campaign)
        nominee, notice_id, who = one.id, notice.id, actor_of(person())
    file = partial(
        objections.file,
        who,
        notice_id,
        nomination_id=nominee,
        text="事迹与实际不符",
        is_anonymous=True,
    )
    with clock.frozen(noon(MONDAY)):
        outcomes = rush(committed, [file] * 12)
    assert len([o for o in outcomes if isinstance(o, ObjectionTooMany)]) == 7
    assert len(read(committed, select(Objection.id))) == objections.MAX_OF_ONE_PERSON


def test_approving_on_the_last_day_is_refused_however_many_try(committed: Flask) -> None:
    with stored(committed):
        campaign, (one,) = proposed(1)
        opened(campaign)
        nominee, campaign_id, admin = one.id, campaign.id, office()
    approve = partial(
        approvals.approve,
        admin,
        campaign_id,
        nominations=[nominee],
        document_number="一号",
        minutes_reference="一",
    )
    with clock.frozen(LAST_SECOND):
        outcomes = rush(committed, [partial(approve, decided_on=SUNDAY)] * 3)
    assert all(isinstance(o, NoticeNotOver) for o in outcomes)
    with clock.frozen(morning(AFTER)):
        outcomes = rush(committed, [partial(approve, decided_on=AFTER)] * 3)
    assert len({o.id for o in outcomes}) == 1
