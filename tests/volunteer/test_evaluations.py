"""Evaluations: who may give one of whom, when, and once."""

from datetime import date, timedelta

import pytest
from flask import Flask

from core import clock
from core.actor import Actor
from core.errors import NotFound
from core.paging import PageRequest
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import site
from tests.factories.hours import know_holidays
from tests.factories.ledger import present
from tests.factories.volunteer import NINE, Scene
from volunteer.errors import AlreadyEvaluated, EvaluationClosed, OwnEvaluation
from volunteer.models.evaluations import Evaluation
from volunteer.services import evaluations

ENDS = NINE + timedelta(hours=2)
CLOSES = clock.start_of(date(2027, 5, 15))
"""Ten working days after Saturday, 1 May, where no holiday lies between."""


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    know_holidays(2027)
    return make.scene()


@pytest.fixture
def served(scene: Scene) -> Actor:
    who = make.volunteer()
    present(who, scene)
    return who


def of_person(scene: Scene, who: Actor, score: int = 5, text: str | None = None) -> Evaluation:
    return evaluations.create(
        scene.organizer, scene.activity_id, person_id=who.id, score=score, text=text
    )


def test_the_leader_evaluates_who_was_there(scene: Scene, served: Actor) -> None:
    with clock.frozen(ENDS):
        made = of_person(scene, served, text="认真负责")
        assert (made.score, made.text, made.at) == (5, "认真负责", ENDS)
        assert of_person(scene, served, text="认真负责").id == made.id
        with pytest.raises(AlreadyEvaluated):
            of_person(scene, served, score=1)
        with pytest.raises(NotFound):
            of_person(scene, make.volunteer())
        (seen,) = evaluations.list_about(served, PageRequest()).items
    assert seen.id == made.id


def test_who_was_there_evaluates_the_activity(scene: Scene, served: Actor) -> None:
    with clock.frozen(ENDS):
        made = evaluations.create(served, scene.activity_id, score=4)
        assert made.person_id is None
        with pytest.raises(NotFound):
            evaluations.create(make.volunteer(), scene.activity_id, score=1)


def test_what_was_said_of_an_activity_is_read_by_those_who_answer_for_it(
    scene: Scene, served: Actor
) -> None:
    with clock.frozen(ENDS):
        said = evaluations.create(served, scene.activity_id, score=2, text="集合地点不清楚")
        of_person(scene, served)

    def read(who: Actor) -> list[Evaluation]:
        return list(evaluations.list_of_activity(who, scene.activity_id, PageRequest()).items)

    assert read(scene.organizer) == read(scene.staff) == [said], "and not what was said of people"
    for other in (served, make.scene().organizer, make.staff(site("411025"))):
        with pytest.raises(NotFound):
            read(other)


def test_nobody_evaluates_themself(scene: Scene, served: Actor) -> None:
    present(scene.organizer, scene)
    with clock.frozen(ENDS):
        with pytest.raises(OwnEvaluation):
            of_person(scene, scene.organizer)
        with pytest.raises(OwnEvaluation):
            evaluations.create(scene.organizer, scene.activity_id, score=5)


def test_a_stranger_evaluates_nobody(scene: Scene, served: Actor) -> None:
    other = make.volunteer()
    present(other, scene)
    with clock.frozen(ENDS), pytest.raises(NotFound):
        evaluations.create(other, scene.activity_id, person_id=served.id, score=1)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (ENDS - timedelta(seconds=1), False),
        (ENDS, True),
        (CLOSES - timedelta(seconds=1), True),
        (CLOSES, False),
    ],
)
def test_it_is_open_for_so_many_days(scene: Scene, served: Actor, at, is_open: bool) -> None:  # type: ignore[no-untyped-def]
    with clock.frozen(at):
        if is_open:
            of_person(scene, served)
        else:
            with pytest.raises(EvaluationClosed) as refused:
                of_person(scene, served)
            assert refused.value.details == {"since": "2027-05-01", "until": "2027-05-14"}


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, who = make.scene(), make.volunteer()
        present(who, scene)
    path = f"/activities/{scene.activity_id}/evaluations"
    body = {"person_id": str(who.id), "score": 5, "text": "热心"}
    assert http.post(path, json=body).status_code == 401
    with clock.frozen(ENDS):
        made = http.as_(scene.organizer).post(path, json=body)
        assert made.status_code == 201
        assert http.as_(who).post(path, json={"score": 3}).status_code == 201
        assert http.as_(who).post(path, json={"score": 6}).status_code == 422
        assert http.as_(who).post(path, json={"score": 3, "text": "x" * 501}).status_code == 422
    assert http.as_(who).get(path).status_code == 404
    (said,) = http.as_(scene.organizer).get(path).json["items"]  # type: ignore[index]
    assert said.keys() == {"id", "score", "text", "at"}
    assert said["score"] == 3
    (seen,) = http.as_(who).get("/me/evaluations").json["items"]  # type: ignore[index]
    assert (seen["score"], seen["text"]) == (5, "热心")
    assert "evaluator_id" not in seen
