"""Candidates as everybody sees them: fair orders, cleared photos, nobody who is withheld."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from core import clock
from core.db import atomically, db
from core.errors import NotFound
from nominations.lifecycles import WITH_CANDIDATES, CampaignStatus, NominationStatus, NomineeKind
from nominations.models.attachments import AttachmentKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.services import attachments, candidates
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, person, site
from tests.factories.attachments import attached, moderator, storage_in
from tests.factories.nominations import campaign, candidate, nomination

C, N, K = CampaignStatus, NominationStatus, AttachmentKind


@pytest.fixture(autouse=True)
def files(rolled_back: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        rolled_back.extensions, "liancheng.storage", storage_in(rolled_back, tmp_path)
    )


def withheld(of: Campaign) -> Nomination:
    return candidate(of, nominee_name="勇者", is_withheld=True, withheld_reason="人身安全")


# The order


def test_a_voter_has_an_order_of_their_own_at_every_visit(ctx: Flask) -> None:
    made = campaign()
    shown = {candidate(made).id for _ in range(12)}
    voters = [person().id for _ in range(3)]
    orders = [[c.id for c in candidates.list_public(made.id, voter_id=v)] for v in voters]
    assert len({tuple(order) for order in orders}) == 3
    assert all(set(order) == shown for order in orders)
    with clock.frozen(clock.now() + timedelta(days=1)):
        again = [c.id for c in candidates.list_public(made.id, voter_id=voters[0])]
    assert again == orders[0]


def test_voters_see_what_changed_after_five_seconds(ctx: Flask) -> None:
    made, voter, at = campaign(), person().id, clock.now()
    gone = candidate(made)
    with clock.frozen(at):
        assert [c.id for c in candidates.list_public(made.id, voter_id=voter)] == [gone.id]
        gone.status = N.WITHDRAWN
    with clock.frozen(at + candidates.KEPT_FOR):
        assert candidates.list_public(made.id, voter_id=voter) == []
    assert candidates.list_public(made.id) == []


def test_another_campaign_is_another_order(ctx: Flask) -> None:
    made, voter = campaign(), person().id
    listed = [candidate(made) for _ in range(12)]
    seeds = [f"{voter}:{made.id}", f"{voter}:{campaign().id}"]
    shown = candidates.list_public(made.id, voter_id=voter)
    orders = [[c.id for c in candidates.shuffled(shown, seed)] for seed in seeds]
    assert orders[0] == [c.id for c in shown] != orders[1]
    assert len(shown) == len(listed)


def test_the_common_order_is_shared_and_ones_own_is_not(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign()
        for _ in range(12):
            candidate(made)
        path, voters = f"/campaigns/{made.id}/candidates", [actor_of(person()) for _ in range(2)]
    common = http.get(path)
    assert common.headers["Cache-Control"] == "public, max-age=5"
    assert common.headers["Vary"] == "Authorization"
    assert http.get(path).data == common.data
    own = [http.as_(v).get(path) for v in voters]
    assert all(a.headers["Cache-Control"] == "private, no-cache" for a in own)
    assert len({a.data for a in (common, *own)}) == 3
    assert http.get(path).data == common.data
    assert http.as_(voters[0]).get(path).data == own[0].data
    known = {"If-None-Match": own[0].headers["ETag"]}
    assert http.as_(voters[0]).get(path, headers=known).status_code == 304
    assert http.as_(voters[1]).get(path, headers=known).status_code == 200
    known = {"If-None-Match": common.headers["ETag"]}
    assert http.get(path, headers=known).headers["Vary"] == "Authorization"


def test_a_token_that_is_none_is_told_so(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        path = f"/campaigns/{campaign().id}/candidates"
    assert http.get(path).status_code == 200
    assert http.get(path, headers={"Authorization": "Bearer gone"}).status_code == 401


# What is shown


def test_a_candidate_is_shown_with_photos_and_place_in_words(ctx: Flask) -> None:
    made = candidate(
        campaign(),
        nominee_kind=NomineeKind.GROUP,
        members_count=7,
        is_posthumous=True,
        deceased_on=clock.today(),
        site_id=site("411082").id,
    )
    third = [attached(made) for _ in range(3)][2]
    by = moderator("411082")
    attachments.clear(by, third.id)
    attachments.clear(by, attached(made, K.ID_PHOTO).id)
    attachments.clear(by, attached(made, K.EVIDENCE).id)
    shown = candidates.get_public(made.id)
    assert [p.number for p in shown.photos] == [candidates.PORTRAIT, 3]
    assert (shown.county, shown.members_count, shown.is_posthumous) == ("长葛市", 7, True)
    assert shown.deeds == made.deeds
    assert candidates.list_public(made.campaign_id) == [replace(shown, deeds=None)]


def test_a_case_of_the_city_itself_is_of_the_city(ctx: Flask) -> None:
    made = candidate(campaign(), site_id=site("411000").id)
    assert candidates.get_public(made.id).county == "许昌市"


def test_the_page_of_a_candidate_is_public_as_long_as_the_list(ctx: Flask) -> None:
    for status in C:
        made = candidate(campaign(status))
        if status in WITH_CANDIDATES:
            assert candidates.get_public(made.id).id == made.id
        else:
            with pytest.raises(NotFound):
                candidates.get_public(made.id)


@pytest.mark.parametrize("status", [N.SUBMITTED, N.REJECTED, N.WITHDRAWN, N.DRAFT])
def test_who_is_no_candidate_has_no_page(ctx: Flask, status: NominationStatus) -> None:
    made = nomination(campaign(), status)
    with pytest.raises(NotFound):
        candidates.get_public(made.id)


def test_who_is_withheld_is_shown_nowhere(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        of = campaign()
        made = withheld(of)
        made.is_withheld = False
        attached(made, K.ID_PHOTO, cleared=True)
        made.is_withheld = True
        ids, voter = (of.id, made.id), actor_of(person())
    for reader in (http, http.as_(voter)):
        assert reader.get(f"/campaigns/{ids[0]}/candidates").json == {"items": []}
    for path in (f"/candidates/{ids[1]}", f"/candidates/{ids[1]}/photos/0"):
        assert http.get(path).status_code == 404


# Photos


def test_cleared_photos_are_public_and_cached(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = candidate(campaign())
        attached(made, cleared=True)
        attached(made)
        path = f"/candidates/{made.id}"
    page: Any = http.get(path)
    assert page.json["photos"] == [{"number": 1, "width": 64, "height": 48}]
    answer = http.get(f"{path}/photos/1")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert http.get(f"{path}/photos/1", headers=known).status_code == 304
    for number in ("0", "2", "3", "99", "100", "9" * 30, "-1", "x"):
        assert http.get(f"{path}/photos/{number}").status_code == 404, number


def test_a_photo_that_is_refused_later_is_gone(ctx: Flask) -> None:
    made = candidate(campaign())
    kept = attached(made, cleared=True)
    assert candidates.photo(made.id, 1).startswith(b"\xff\xd8")
    attachments.refuse(moderator(), kept.id, reason="本人要求撤下")
    assert candidates.get_public(made.id).photos == []
    with pytest.raises(NotFound):
        candidates.photo(made.id, 1)


# The cost


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_five_hundred_candidates_cost_as_many_queries_as_one(committed: Flask) -> None:
    with stored(committed):
        of, nominator = campaign(), person()
        for _ in range(500):
            candidate(of, by=nominator)
        campaign_id = of.id
    with committed.app_context(), counted(committed) as statements:
        began = time.perf_counter()
        shown = atomically(committed, lambda: candidates.list_public(campaign_id), write=False)
        seconds = time.perf_counter() - began
    assert len(shown) == 500
    assert len(statements) <= 5
    assert seconds < 1
