"""Who comes first with a nominee: submissions, drafts, consent, and ends of a case."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import messages
from core import audit, clock
from core.actor import ANONYMOUS, Actor
from core.db import atomically, db
from core.ids import new_id
from core.wechat import TextVerdict
from nominations.errors import CandidateAlready, NominatedElsewhere, NotReady, TooManyDrafts
from nominations.lifecycles import CampaignStatus, ConsentStatus, NominationStatus, NomineeKind
from nominations.models.consents import NomineeConsent
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.services import (
    confirmations,
    consents,
    departures,
    nominations,
    nominators,
    nominees,
    screenings,
)
from nominations.services.nominations import MAX_DRAFTS
from tests.conftest import stored
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.nominations import DEEDS, UNCHECKED
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race

N = NominationStatus
NAME = "高望山"
CATEGORIES = ("helping_others", "integrity", "dedication", "filial_piety")


def read(app: Flask, query: Any) -> list[Any]:
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def refusals(outcomes: list[Any]) -> list[Exception]:
    return [o for o in outcomes if isinstance(o, Exception)]


# One person, one category


def drafts_of_one_nominee(app: Flask) -> list[tuple[Actor, UUID]]:
    """The same person in four categories, by four citizens who do not know of each other."""
    with stored(app):
        of, number = make.campaign(CampaignStatus.NOMINATING), id_number()
        made = []
        for category in CATEGORIES:
            who = person()
            draft = make.nomination(of, N.DRAFT, by=who, category_code=category)
            for name, value in nominees.settled({"nominee_id_number": number}).items():
                setattr(draft, name, value)
            made.append((actor_of(who), draft.id))
        return made


def test_of_four_categories_at_once_one_is_taken(committed: Flask) -> None:
    drafts = drafts_of_one_nominee(committed)
    outcomes = rush(
        committed, [partial(nominations.submit, who, made, check=UNCHECKED) for who, made in drafts]
    )
    refused = refusals(outcomes)
    assert [type(r) for r in refused] == [NominatedElsewhere] * 3
    taken = read(committed, select(Nomination.id).where(Nomination.status == N.SUBMITTED))
    assert len(taken) == 1


def test_without_the_lock_one_person_stands_in_several_categories(committed: Flask) -> None:
    """Negative control: looking whether the nominee is live elsewhere, then submitting."""
    waiting = iter([made for _, made in drafts_of_one_nominee(committed)])

    def is_nowhere() -> bool:
        live = select(Nomination.id).where(Nomination.status == N.SUBMITTED)
        return not db.session.scalars(live).all()

    def submit() -> None:
        db.session.execute(
            update(Nomination)
            .where(Nomination.id == next(waiting))
            .values(
                status=N.SUBMITTED, submitted_at=clock.now(), text_verdict=TextVerdict.UNCHECKED
            )
        )

    assert naive_rush(committed, len(CATEGORIES), is_nowhere, submit) > 1


# One person, one candidate


def shortlisted_twice(app: Flask) -> tuple[Actor, list[UUID]]:
    """Two cases of one person, and who may admit them."""
    with stored(app):
        of = make.campaign(CampaignStatus.REVIEWING)
        known = nominees.settled({"nominee_id_number": id_number()})
        made = [make.nomination(of, N.CITY_SHORTLISTED, **known).id for _ in range(2)]
        return make.reviewer(None), made


def test_of_two_cases_of_one_person_one_becomes_a_candidate(committed: Flask) -> None:
    city, made = shortlisted_twice(committed)
    outcomes = rush(committed, [partial(screenings.admit, city, one) for one in made])
    (refused,) = refusals(outcomes)
    assert isinstance(refused, CandidateAlready | NotReady)
    assert len(read(committed, select(Nomination.id).where(Nomination.status == N.CANDIDATE))) == 1


@pytest.mark.parametrize("has_key", [True, False])
def test_the_key_decides_when_both_have_looked(committed: Flask, has_key: bool) -> None:
    """With the negative control: without the key there are two candidates."""
    city, made = shortlisted_twice(committed)
    if not has_key:
        with stored(committed):
            db.session.execute(text("DROP INDEX uq_nominations_candidate"))
    waiting = iter(made)

    def is_none() -> bool:
        return not db.session.scalars(
            select(Nomination.id).where(Nomination.status == N.CANDIDATE)
        ).all()

    def admit() -> None:
        audit.perform(city, db.session.get_one(Nomination, next(waiting)), "admit")

    assert naive_rush(committed, len(made), is_none, admit) == (1 if has_key else 2)


# Drafts


def one_less_than_allowed(app: Flask) -> tuple[Person, UUID, dict[str, Any]]:
    with stored(app):
        of, who = make.campaign(CampaignStatus.NOMINATING), person()
        for _ in range(MAX_DRAFTS - 1):
            make.nomination(of, N.DRAFT, by=who)
        return who, of.id, facts()


def facts() -> dict[str, Any]:
    return {
        "category_code": "helping_others",
        "nominee_name": "李四",
        "nominee_kind": NomineeKind.PERSON,
        "site_id": site().id,
        "summary": "十年照顾孤寡老人",
        "deeds": DEEDS,
    }


def count_of_drafts() -> Any:
    return select(func.count()).where(Nomination.status == N.DRAFT)


def test_of_eight_drafts_at_once_the_last_allowed_one_is_made(committed: Flask) -> None:
    who, campaign_id, told = one_less_than_allowed(committed)
    with committed.app_context():
        actor = actor_of(who)
    outcomes = rush(committed, [partial(nominations.create, actor, campaign_id, **told)] * 8)
    assert [type(r) for r in refusals(outcomes)] == [TooManyDrafts] * 7
    assert read(committed, count_of_drafts()) == [MAX_DRAFTS]


def test_without_the_lock_there_are_too_many_drafts(committed: Flask) -> None:
    """Negative control: counting, then storing."""
    who, campaign_id, told = one_less_than_allowed(committed)

    def has_room() -> bool:
        return (db.session.scalar(count_of_drafts()) or 0) < MAX_DRAFTS

    def store() -> None:
        db.session.add(
            Nomination(
                id=new_id(),
                campaign_id=campaign_id,
                nominator_id=who.id,
                status=N.DRAFT,
                created_at=clock.now(),
                **told,
            )
        )

    assert naive_rush(committed, 8, has_room, store) > 1
    assert read(committed, count_of_drafts())[0] > MAX_DRAFTS


# Withdrawing against passing


def submitted(app: Flask) -> tuple[Actor, Actor, UUID]:
    with stored(app):
        who = person()
        reviewer = actor_of(person(), grant(Role.REVIEWER, over=site("411002")))
        made = make.nomination(make.campaign(CampaignStatus.REVIEWING), by=who)
        return actor_of(who), reviewer, made.id


def test_nobody_who_was_withdrawn_becomes_a_candidate(committed: Flask) -> None:
    nominator, reviewer, made = submitted(committed)
    outcomes = rush(
        committed,
        [
            partial(departures.withdraw, nominator, made),
            *[partial(screenings.pass_, reviewer, made)] * 4,
        ],
    )
    assert not isinstance(outcomes[0], Exception)
    assert len(refusals(outcomes[1:])) >= 3
    assert read(committed, select(Nomination.status)) == [N.WITHDRAWN]
    moves = select(audit.Entry.to_status).where(audit.Entry.thing_id == made)
    assert read(committed, moves.order_by(audit.Entry.id))[-1] == "withdrawn"


def test_without_the_condition_both_decide(committed: Flask) -> None:
    """Negative control: looking at the status, then writing another one."""
    _, _, made = submitted(committed)
    wanted = iter((N.WITHDRAWN, N.CANDIDATE))

    def waits() -> bool:
        return db.session.get_one(Nomination, made).status is N.SUBMITTED

    def decide() -> None:
        db.session.execute(
            update(Nomination).where(Nomination.id == made).values(status=next(wanted), step=None)
        )

    assert naive_rush(committed, 2, waits, decide) == 2


def test_two_who_recommend_and_leave_at_once_end_the_case(committed: Flask) -> None:
    first, _, made = submitted(committed)
    with stored(committed):
        second = actor_of(person())
        db.session.add(Nominator(nomination_id=made, person_id=second.id, since=clock.now()))
    outcomes = rush(committed, [partial(departures.withdraw, w, made) for w in (first, second)])
    assert refusals(outcomes) == []
    assert read(committed, select(Nomination.status)) == [N.WITHDRAWN]
    assert len(read(committed, select(Nominator.person_id))) == 1


# Consent


def asked(app: Flask) -> tuple[UUID, str]:
    nominator, _, made = submitted(app)
    with stored(app):
        return made, consents.ask(nominator, made).token


def test_consent_given_eight_times_is_given_and_told_once(committed: Flask) -> None:
    _, token = asked(committed)
    outcomes = rush(committed, [partial(consents.give, ANONYMOUS, token)] * 8)
    assert refusals(outcomes) == []
    assert {o.status for o in outcomes} == {ConsentStatus.GIVEN}
    given = select(func.count()).where(audit.Entry.verb == "give")
    assert read(committed, given) == [1]
    assert len(read(committed, select(InboxMessage.id))) == 1


def test_a_yes_and_a_no_at_once_leave_one_answer(committed: Flask) -> None:
    _, token = asked(committed)
    acts = (consents.give, consents.decline)
    outcomes = rush(committed, [partial(act, ANONYMOUS, token) for act in acts * 3])
    (answer,) = read(committed, select(NomineeConsent.status))
    (status,) = read(committed, select(Nomination.status))
    assert (answer, status) in (
        (ConsentStatus.GIVEN, N.SUBMITTED),
        (ConsentStatus.DECLINED, N.WITHDRAWN),
    )
    assert len(refusals(outcomes)) == 3


def test_without_the_row_held_an_answer_is_taken_several_times(committed: Flask) -> None:
    """Negative control: looking whether it was answered, then answering."""
    _, token = asked(committed)

    def is_open() -> bool:
        return consents.view(token).status is ConsentStatus.ASKED

    def answer() -> None:
        db.session.execute(
            update(NomineeConsent).values(status=ConsentStatus.GIVEN, answered_at=clock.now())
        )

    assert naive_rush(committed, 4, is_open, answer) > 1


# A name withheld while people are told of it


def waiting_case(app: Flask) -> tuple[UUID, Actor]:
    """A case that waits for somebody, and who may withhold its name."""
    with stored(app):
        of = make.campaign(CampaignStatus.REVIEWING)
        made = make.nomination(of, nominee_name=NAME)
        return made.id, make.reviewer(None)


def told_in(app: Flask) -> list[str]:
    with app.app_context():
        found = atomically(app, lambda: db.session.scalars(select(InboxMessage)).all(), write=False)
        return [str(message.text) for message in found]


@pytest.mark.parametrize("turn", range(3))
def test_whoever_is_told_while_a_name_is_withheld_does_not_read_it(
    committed: Flask, turn: int
) -> None:
    made, city = waiting_case(committed)
    with stored(committed):
        people = [person(f"审核{n}").id for n in range(8)]

    def tell(person_id: UUID) -> None:
        case = db.session.get_one(Nomination, made)
        nominators.tell_people([person_id], case, "care_visit_due", new_id(), day=str(turn))

    works: list[Any] = [partial(tell, person_id) for person_id in people]
    works.insert(4, partial(confirmations.withhold, city, made, reason="家属申请保密"))
    assert refusals(rush(committed, works)) == []
    texts = told_in(committed)
    assert len(texts) == len(people)
    assert [text for text in texts if NAME in text] == []


def test_without_the_lock_a_message_keeps_the_name(committed: Flask) -> None:
    """Negative control: the name as it was read before, told after it was withheld."""
    made, city = waiting_case(committed)
    with stored(committed):
        who = person().id
    with committed.app_context():
        case = atomically(committed, lambda: db.session.get_one(Nomination, made), write=False)
        name = case.shown_name
        atomically(committed, lambda: confirmations.withhold(city, made, reason="保密"), write=True)
        values = {"nominee": name, "day": "1"}
        tell = partial(messages.tell, who, "care_visit_due", new_id(), made, **values)
        atomically(committed, tell, write=True)
    assert NAME in told_in(committed)[-1]
