"""Who reads a result, and when; what other rules would have given; the calls."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import audit
from core.db import Base, db
from core.errors import InvalidInput, NotFound
from nominations.errors import (
    ResultNotPublished,
    StageClosed,
)
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.nominations import WITHHELD_NAME
from nominations.rules import PublicFormula, Quota, Step
from nominations.services import result_views, results
from tests.conftest import Http, stored
from tests.factories.nominations import PAUSE, campaign, nomination, supervisor
from tests.nominations.ranking import (
    SOURCE,
    WITHHELD,
    admin,
    computed,
    judged,
    marked,
    move,
    with_votes,
)

C, N = CampaignStatus, NominationStatus


@pytest.mark.parametrize("status", [C.JUDGING, C.CANCELLED, C.ASSESSING])
def test_the_result_is_not_public_before_its_notice(ctx: Flask, status: CampaignStatus) -> None:
    made = judged()
    with_votes(made, 9)
    results.fix(admin(), computed(made).id)
    move(made, status)
    with pytest.raises(ResultNotPublished):
        result_views.published(made.id)


def test_the_result_stays_public_while_its_notice_is_paused(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 9)
    result = computed(made)
    results.fix(admin(), result.id)
    facts = {**PAUSE, "status": C.PAUSED, "paused_from": C.NOTICING}
    db.session.execute(update(Campaign).where(Campaign.id == made.id).values(facts))
    db.session.refresh(made)
    assert result_views.published(made.id).result is result


def test_who_left_after_the_result_is_no_longer_named(ctx: Flask) -> None:
    made = judged()
    (only,) = with_votes(made, 9)
    results.fix(admin(), computed(made).id)
    only.status = N.WITHDRAWN
    db.session.flush()
    move(made, C.CONCLUDED)
    (line,) = result_views.published(made.id).lines
    assert line.nominee_name == result_views.LEFT_NAME


def test_supervisors_read_drafts_of_their_campaign(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 9)
    result = computed(made)
    assert result_views.get(supervisor(made), result.id).result is result
    with pytest.raises(NotFound):
        result_views.get(supervisor(judged()), result.id)


def everything(but: str) -> dict[str, list[str]]:
    return {
        name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        for name, table in Base.metadata.tables.items()
        if name != but
    }


def test_what_if_changes_nothing_and_is_written_down(ctx: Flask) -> None:
    made = judged()
    nominees = with_votes(made, 5, 9, 7)
    computed(made)
    who = admin()
    before = everything(but="audit_entries")
    seen = result_views.what_if(
        who,
        made.id,
        public_formula=PublicFormula.SHARE,
        winners={"total": 1, "by_category": [], "by_place": []},
    )
    assert [line.nomination_id for line in seen.lines if line.is_selected] == [nominees[1].id]
    assert everything(but="audit_entries") == before
    entry = db.session.scalars(select(audit.Entry).where(audit.Entry.verb == "what_if")).one()
    assert (entry.actor_id, entry.reason) == (who.person_id, "public_formula, winners")


def test_what_if_is_asked_before_the_publication_and_of_known_categories(ctx: Flask) -> None:
    with pytest.raises(StageClosed):
        result_views.what_if(admin(), campaign(C.NOTICING).id)
    limits = {"total": None, "by_category": [{"code": "beauty", "limit": 1}], "by_place": []}
    with pytest.raises(InvalidInput):
        result_views.what_if(admin(), judged().id, winners=limits)


def test_what_if_with_another_weight(ctx: Flask) -> None:
    made = judged(steps=(Step.PANEL,))
    nominees = with_votes(made, 40, 20)
    panel = marked(nominees, "80 80", "90 90")
    for percent, first in ((0, nominees[1]), (100, nominees[0])):
        seen = result_views.what_if(admin(), made.id, public_percent=percent, panel_of=panel)
        assert seen.lines[0].nomination_id == first.id


def test_a_result_by_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = judged(Quota(total=1))
        with_votes(made, 5, 5)
        nomination(made, N.PROPOSED, **WITHHELD)
        office, other, witness = admin(), admin(), supervisor(made)
    path = f"/campaigns/{made.id}/result"
    assert (http.get(path).json or {})["code"] == "result_not_published"
    answer = http.as_(office).post(path, json={"lot_source": SOURCE})
    assert answer.status_code == 201
    own = f"/results/{(answer.json or {})['id']}"
    assert (http.as_(other).post(f"{own}/fix").json or {})["code"] == "lot_not_drawn"
    drawn = http.as_(witness).post(f"{own}/draw_lot", json={"seed": "3-1-4"})
    assert (drawn.json or {})["lot_seed"] == "3-1-4"
    assert (http.as_(office).post(f"{own}/fix").json or {})["code"] == "own_result"
    assert http.as_(witness).post(f"{own}/fix").status_code == 403
    assert (http.as_(other).post(f"{own}/fix").json or {})["status"] == "fixed"
    listed = http.as_(witness).get(f"/campaigns/{made.id}/results").json or {}
    assert [item["version"] for item in listed["items"]] == [1]
    with stored(rolled_back):
        move(made, C.NOTICING)
    rolled_back.extensions["liancheng.cache"].clear()
    public = http.get(path)
    told = public.json or {}
    assert "max-age" in public.headers["Cache-Control"]
    assert told["items"] == (http.as_(witness).get(own).json or {})["items"]
    first, second = told["items"]
    assert (first["is_selected"], second["is_selected"]) == (True, False)
    assert (first["tie_rule"], second["bar"]) == ("lot", "total")
    assert (first["public"], first["final"], first["committee"]) == ("50.0000", "50.0000", None)
    assert told["winners"] == {"total": 1, "by_category": {}, "by_place": {}}
    assert told["withheld"] == [{"category": "bravery", "nominee_name": WITHHELD_NAME}]
    assert (told["lot_source"], told["lot_seed"]) == (SOURCE, "3-1-4")


def test_deviating_and_asking_by_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = judged(Quota(total=1))
        _, second = with_votes(made, 6, 5)
        hidden = nomination(made, N.CANDIDATE, **WITHHELD)
        office = admin()
        result = results.compute(office, made.id, lot_source=SOURCE)
    http = http.as_(office)
    body = {"nomination_id": str(second.id), "is_selected": True, "reason": "增加一名"}
    assert http.post(f"/results/{result.id}/deviate", json=body).status_code == 200
    shown = (http.get(f"/results/{result.id}").json or {})["items"]
    assert [line["is_selected"] for line in shown] == [True, True]
    assert [line["is_selected_by_rules"] for line in shown] == [True, False]
    asked = http.post(
        f"/campaigns/{made.id}/result/what_if",
        json={"public_percent": 40, "winners": {"by_category": [{"code": "bravery", "limit": 1}]}},
    )
    assert [line["is_selected"] for line in (asked.json or {})["items"]] == [True, True]
    proposed = http.post(
        f"/nominations/{hidden.id}/propose_withheld",
        json={"bravery_number": "许见义〔2027〕3号", "reason": "依条例单列"},
    )
    assert (proposed.json or {})["status"] == "proposed"


def test_no_member_of_the_panel_is_named_to_anybody(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = judged(steps=(Step.PANEL,))
        nominees = with_votes(made, 40, 20)
        panel = marked(nominees, "80 100 90", "70 80 60")
        result = computed(made, panel_of=panel)
        watcher = supervisor(made)
    answer = http.as_(watcher).get(f"/results/{result.id}")
    first = (answer.json or {})["items"][0]["committee"]
    assert first["member_scores"] == ["100.0000", "90.0000", "80.0000"]
    assert "m0" not in answer.get_data(as_text=True)
    assert (first["spread"], first["top_marks"], first["is_trimmed"]) == ("20.0000", 3, False)
