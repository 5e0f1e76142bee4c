"""The public log under many writers: no gap, no leaf twice, one checkpoint, one farewell."""

import json
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from core.db import atomically, db
from nominations import leaves
from nominations.leaves import LeafKind
from nominations.lifecycles import CampaignStatus
from nominations.models.public_log import Checkpoint, LogLeaf, PublicLog
from nominations.services import ballots, checkpoints, log_recount, pseudonyms, public_log, tally
from tests.conftest import stored
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, people
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race

WRITERS = 8


def begun(app: Flask, status: CampaignStatus = CampaignStatus.ASSESSING) -> UUID:
    with stored(app):
        made = make.campaign(status)
        public_log.append(made.id, [])
        return made.id


def transition(campaign_id: UUID, verb: str = "test") -> leaves.Body:
    return leaves.transition(str(campaign_id), verb=verb, to="test", hour="2027-05-10T10")


def read(app: Flask, query: Any) -> list[Any]:
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def is_right(app: Flask, campaign_id: UUID) -> bool:
    with app.app_context():
        return atomically(app, lambda: log_recount.recount(campaign_id), write=True).is_right


def test_many_appenders_and_sealers_leave_no_gap(committed: Flask) -> None:
    """Also the first of all, who begins the log with its rules."""
    with stored(committed):
        made = make.campaign()
        (chosen,) = make.candidates(made, 1)
        for voter in people(30):
            ballots.cast(actor_of(voter), made.id, choices=[chosen])
    works = [partial(public_log.append, made.id, [transition(made.id)] * 3)] * WRITERS
    works += [partial(tally.seal, made.id, limit=7)] * 5
    outcomes = rush(committed, works)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    indices = read(committed, select(LogLeaf.leaf_index).order_by(LogLeaf.leaf_index))
    assert indices == list(range(1 + 3 * WRITERS + 30))
    assert len(set(outcomes[:WRITERS])) == WRITERS
    assert is_right(committed, made.id)


def test_without_the_lock_appenders_overwrite_one_another(committed: Flask) -> None:
    """The control: who reads the size and writes it on loses what others wrote meanwhile."""
    campaign_id = begun(committed)
    size = select(PublicLog.size).where(PublicLog.campaign_id == campaign_id)

    def may() -> bool:
        return bool(db.session.scalars(size).one() == 1)

    def write() -> None:
        db.session.execute(update(PublicLog).values(size=2))

    assert naive_rush(committed, WRITERS, may, write) == WRITERS
    assert read(committed, size) == [2]


def test_one_size_is_signed_once(committed: Flask) -> None:
    campaign_id = begun(committed)
    outcomes = rush(committed, [partial(checkpoints.write, campaign_id)] * WRITERS)
    assert sorted(outcomes) == [False] * (WRITERS - 1) + [True]
    assert len(read(committed, select(Checkpoint.size))) == 1


def test_a_key_is_destroyed_and_told_once(committed: Flask) -> None:
    campaign_id = begun(committed, CampaignStatus.CONCLUDED)
    with committed.app_context():
        pseudonyms.keep(campaign_id)
    outcomes = rush(committed, [partial(pseudonyms.decide_to_forget, campaign_id)] * WRITERS)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    told = read(committed, select(LogLeaf.body).where(LogLeaf.kind == LeafKind.TRANSITION))
    assert [json.loads(body)["verb"] for body in told] == ["destroy_key"]
    outcomes = rush(committed, [partial(pseudonyms.forget, campaign_id)] * WRITERS)
    assert outcomes.count(True) >= 1
    with committed.app_context():
        assert atomically(committed, pseudonyms.decided, write=False) == []


def test_without_the_conditional_update_it_would_be_told_again_and_again(
    committed: Flask,
) -> None:
    """The control: all see that nobody has decided, and all write."""
    campaign_id = begun(committed, CampaignStatus.CONCLUDED)
    open_ = select(PublicLog.key_destroyed_at).where(PublicLog.campaign_id == campaign_id)
    wrote = naive_rush(
        committed,
        WRITERS,
        lambda: db.session.scalars(open_).one() is None,
        lambda: public_log.append(campaign_id, [transition(campaign_id, "destroy_key")]),
    )
    assert wrote == WRITERS
