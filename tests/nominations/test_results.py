"""Results: computed from what is stored, drawn in public, fixed by another, shown in time."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError, InvalidInput, NotFound, WrongState
from jobs import results as jobs
from jobs.runner import JobContext
from nominations.errors import (
    LotDrawn,
    LotNotDrawn,
    LotNotNeeded,
    LotSourceFixed,
    NomineesUnjudged,
    NotWithheld,
    OwnResult,
    PanelNotClosed,
    ResultIsFixed,
    ResultOutdated,
    StageClosed,
)
from nominations.lifecycles import CampaignStatus, NominationStatus, NomineeKind, ResultStatus
from nominations.models.channels import Channel
from nominations.models.nominations import WITHHELD_NAME, Nomination
from nominations.models.results import Result, ResultLine
from nominations.models.tally import TallyCount
from nominations.ranking import lot
from nominations.rules import Quota, Step
from nominations.services import departures, result_views, results
from tests.conftest import stored
from tests.factories.accounts import actor_of, person, site
from tests.factories.nominations import campaign, candidate, nomination, supervisor, window
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


def selected(result: Result) -> list[UUID]:
    return [line.nomination_id for line in results.lines_of(result.id) if line.is_selected]


def ids(nominations: list[Nomination]) -> list[UUID]:
    return [n.id for n in nominations]


def test_a_result_is_computed_from_the_counts_and_fixed_by_another(ctx: Flask) -> None:
    made = judged()
    nominees = with_votes(made, 5, 9, 7)
    result = computed(made)
    assert (result.version, result.status) == (1, ResultStatus.DRAFT)
    assert selected(result) == [nominees[1].id, nominees[2].id]
    with pytest.raises(OwnResult):
        results.fix(Actor(result.computed_by, admin().grants), result.id)
    assert not results.is_fixed(made.id)
    who = admin()
    results.fix(who, result.id)
    assert results.is_fixed(made.id)
    assert (result.status, result.fixed_by) == (ResultStatus.FIXED, who.person_id)
    assert [n.status for n in nominees] == [N.CANDIDATE, N.PROPOSED, N.PROPOSED]


def test_a_fixed_result_is_neither_computed_nor_fixed_again(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 5)
    result = computed(made)
    results.fix(admin(), result.id)
    with pytest.raises(ResultIsFixed):
        computed(made)
    with pytest.raises(WrongState):
        results.fix(admin(), result.id)


def test_computing_again_supersedes_the_draft(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 5, 4)
    first = computed(made)
    second = results.compute(admin(), made.id)
    assert (first.status, second.version) == (ResultStatus.SUPERSEDED, 2)
    assert second.lot_source == SOURCE
    assert results.latest(made.id) is second
    with pytest.raises(WrongState):
        results.fix(admin(), first.id)


def test_the_source_of_the_lot_is_named_first_and_stays(ctx: Flask) -> None:
    made = judged()
    with pytest.raises(InvalidInput):
        results.compute(admin(), made.id)
    computed(made)
    with pytest.raises(LotSourceFixed):
        results.compute(admin(), made.id, lot_source="2027年6月1日“排列三”开奖号码")


@pytest.mark.parametrize("status", [s for s in C if s not in (C.JUDGING, C.DRAFT)])
def test_a_result_is_computed_while_the_campaign_is_judged(
    ctx: Flask, status: CampaignStatus
) -> None:
    with pytest.raises(StageClosed):
        computed(campaign(status))


def test_who_left_is_out_of_the_ranks_and_who_leaves_makes_it_outdated(ctx: Flask) -> None:
    made = judged()
    nominees = with_votes(made, 5, 9, 7)
    nomination(made, N.REMOVED, removal_reason="材料不实")
    nomination(made, N.WITHDRAWN)
    result = computed(made)
    assert len(results.lines_of(result.id)) == 3
    nominees[1].status = N.WITHDRAWN
    db.session.flush()
    with pytest.raises(ResultOutdated):
        results.fix(admin(), result.id)
    assert selected(computed(made)) == [nominees[2].id, nominees[0].id]


@pytest.mark.parametrize(("seconds", "score"), [(-1, "50.7177"), (0, "33.9744")])
def test_who_leaves_from_the_closing_on_stays_in_the_comparison(
    ctx: Flask, seconds: int, score: str
) -> None:
    """106 of 209 votes among two, 106 of 312 among three; a hundred of them are everybody's."""
    made = judged()
    nominees = with_votes(made, 6, 3, 3)
    at = window(made)[1] + timedelta(seconds=seconds)
    with clock.frozen(at):
        departures.withdraw(Actor(nominees[2].nominator_id), nominees[2].id)
    lines = results.lines_of(computed(made).id)
    assert [line.nomination_id for line in lines] == ids(nominees[:2])
    assert lines[0].components["public"] == score


def test_a_vote_that_changes_makes_it_outdated(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 5)
    result = computed(made)
    db.session.execute(update(TallyCount).values(votes=TallyCount.votes + 1))
    with pytest.raises(ResultOutdated):
        results.fix(admin(), result.id)


def test_the_dead_groups_and_shops_are_judged_like_anybody(ctx: Flask) -> None:
    made = judged()
    (person_,) = with_votes(made, 5)
    (dead,) = with_votes(made, 7, deceased_on=clock.today(), is_posthumous=True)
    (shop,) = with_votes(made, 6, nominee_kind=NomineeKind.UNIT)
    assert selected(computed(made)) == [dead.id, shop.id]
    assert person_.id not in selected(computed(made))


def test_the_panel_must_have_closed(ctx: Flask) -> None:
    made = judged(steps=(Step.PANEL,))
    with_votes(made, 1)
    with pytest.raises(PanelNotClosed):
        computed(made)


def test_the_panel_counts_by_its_weight_and_every_component_is_kept(ctx: Flask) -> None:
    made = judged(steps=(Step.PANEL,))
    nominees = with_votes(made, 40, 20)
    panel = marked(nominees, "80 90 100", "100 90 95")
    result = computed(made, panel_of=panel)
    first, second = results.lines_of(result.id)
    assert (first.nomination_id, first.components["final"]) == (nominees[0].id, "80.5000")
    assert (second.nomination_id, second.components["final"]) == (nominees[1].id, "79.0000")
    assert second.components["committee"]["by_member"] == {
        "m0": "100.0000",
        "m1": "90.0000",
        "m2": "95.0000",
    }
    results.fix(admin(), result.id, panel_of=panel)


def test_whom_too_few_judged_is_decided_on_with_a_reason(ctx: Flask) -> None:
    made = judged(steps=(Step.PANEL,))
    nominees = with_votes(made, 40, 20)
    panel = marked(nominees, "80 - -", "100 90 95")
    result = computed(made, panel_of=panel)
    with pytest.raises(NomineesUnjudged) as refusal:
        results.fix(admin(), result.id, panel_of=panel)
    assert refusal.value.details == {"nominations": [str(nominees[0].id)]}
    results.deviate(
        admin(),
        result.id,
        nomination_id=nominees[0].id,
        is_selected=False,
        reason="评委回避过多，留待下期",
    )
    results.fix(admin(), result.id, panel_of=panel)
    assert [n.status for n in nominees] == [N.CANDIDATE, N.PROPOSED]


def test_equals_wait_for_the_lot_that_a_supervisor_witnesses(ctx: Flask) -> None:
    made = judged(Quota(total=1))
    nominees = with_votes(made, 5, 5)
    result = computed(made)
    assert result.outcome["needs_lot"]
    assert [line.rank for line in results.lines_of(result.id)] == [1, 1]
    with pytest.raises(LotNotDrawn):
        results.fix(admin(), result.id)
    with pytest.raises(LotNotDrawn):
        results.deviate(
            admin(), result.id, nomination_id=nominees[0].id, is_selected=True, reason="破例"
        )
    witness = supervisor(made)
    results.draw_lot(witness, result.id, seed="3-1-4")
    lines = results.lines_of(result.id)
    assert [line.rank for line in lines] == [1, 2]
    assert result.lot_witnessed_by == witness.person_id
    results.draw_lot(witness, result.id, seed="3-1-4")
    with pytest.raises(LotDrawn):
        results.draw_lot(witness, result.id, seed="2-7-1")
    again = results.compute(admin(), made.id)
    assert (again.lot_seed, selected(again)) == ("3-1-4", [lines[0].nomination_id])
    results.fix(admin(), again.id)
    assert sorted(n.status for n in nominees) == [N.CANDIDATE, N.PROPOSED]


def test_a_lot_is_drawn_by_supervisors_of_the_campaign_only_and_only_when_needed(
    ctx: Flask,
) -> None:
    made = judged(Quota(total=1))
    with_votes(made, 5, 4)
    result = computed(made)
    for stranger in (supervisor(judged()), admin(), actor_of(person())):
        with pytest.raises(NotFound):
            results.draw_lot(stranger, result.id, seed="3-1-4")
    with pytest.raises(LotNotNeeded):
        results.draw_lot(supervisor(made), result.id, seed="3-1-4")


def test_whoever_computes_does_not_witness_and_the_witness_does_not_compute(ctx: Flask) -> None:
    made = judged(Quota(total=1))
    with_votes(made, 5, 5)
    witness = supervisor(made)
    both = Actor(witness.id, (*witness.grants, *admin().grants))
    result = results.compute(both, made.id, lot_source=SOURCE)
    with pytest.raises(OwnResult):
        results.draw_lot(both, result.id, seed="3-1-4")
    again = results.compute(admin(), made.id)
    results.draw_lot(both, again.id, seed="3-1-4")
    with pytest.raises(OwnResult):
        results.compute(both, made.id)


def test_out_of_order_needs_a_reason_that_everybody_reads(ctx: Flask) -> None:
    made = judged(Quota(by_category={"helping_others": 1}))
    best, other = with_votes(made, 9, 5)
    result, office = computed(made), admin()
    results.deviate(
        office,
        result.id,
        nomination_id=other.id,
        is_selected=True,
        reason="事迹特别突出，增加一名",
    )
    assert selected(result) == [best.id, other.id]
    with pytest.raises(OwnResult):
        results.fix(office, result.id)
    results.fix(admin(), result.id)
    move(made, C.NOTICING)
    shown = result_views.published(made.id)
    assert [line.deviation_reason for line in shown.lines] == [None, "事迹特别突出，增加一名"]


def test_the_reason_of_a_deviation_says_no_name_that_was_withheld_later(ctx: Flask) -> None:
    made = judged()
    (only,) = with_votes(made, 9, nominee_name="高望山")
    result = computed(made)
    results.deviate(
        admin(), result.id, nomination_id=only.id, is_selected=False, reason="高望山另行单列"
    )
    (line,) = result_views.get(admin(), result.id).lines
    assert line.deviation_reason == "高望山另行单列"
    for name, value in WITHHELD.items():
        setattr(only, name, value)
    db.session.flush()
    (line,) = result_views.get(admin(), result.id).lines
    assert (line.nominee_name, line.deviation_reason) == (WITHHELD_NAME, f"{WITHHELD_NAME}另行单列")


def test_what_the_rules_say_takes_a_deviation_back(ctx: Flask) -> None:
    made = judged()
    (only,) = with_votes(made, 9)
    result = computed(made)
    for is_selected in (False, True):
        results.deviate(
            admin(), result.id, nomination_id=only.id, is_selected=is_selected, reason="复核"
        )
    (line,) = results.lines_of(result.id)
    assert (line.is_selected, line.deviation_reason, line.deviated_by) == (True, None, None)


def test_nobody_outside_the_result_is_selected_by_a_deviation(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 9)
    result = computed(made)
    stranger = candidate(judged())
    with pytest.raises(NotFound):
        results.deviate(
            admin(), result.id, nomination_id=stranger.id, is_selected=True, reason="破例"
        )


def test_quotas_go_by_county_and_by_channel(ctx: Flask) -> None:
    made = judged(Quota(by_place={"411002": 1, "education": 1}))
    channel = Channel(code="education", name="教育系统")
    db.session.add(channel)
    db.session.flush()
    weidu = with_votes(made, 9, 8)
    taught = with_votes(made, 7, 6, channel_id=channel.id)
    (changge,) = with_votes(made, 5, site_id=site("411082").id)
    result = computed(made)
    assert selected(result) == [weidu[0].id, taught[0].id, changge.id]
    places = [line.place_code for line in results.lines_of(result.id)]
    assert places == ["411002", "411002", "education", "education", "411082"]


def test_next_in_line_is_the_best_ranked_who_fits_and_was_not_left_out(ctx: Flask) -> None:
    made = judged(Quota(total=2, by_place={"411002": 1}))
    weidu = with_votes(made, 9, 8)
    elsewhere = with_votes(made, 7, 6, 5, site_id=site("411082").id)
    assert results.next_in_line(made.id, "helping_others") is None
    result = computed(made)
    assert selected(result) == [weidu[0].id, elsewhere[0].id]
    results.deviate(
        admin(), result.id, nomination_id=elsewhere[0].id, is_selected=False, reason="经核实不宜"
    )
    results.fix(admin(), result.id)
    assert results.next_in_line(made.id, "helping_others") is elsewhere[1]
    weidu[0].status = N.REMOVED
    weidu[0].removal_reason = "材料不实"
    db.session.flush()
    assert results.next_in_line(made.id, "helping_others") is weidu[1]
    results.propose(admin(), weidu[1])
    assert results.next_in_line(made.id, "helping_others") is elsewhere[1]
    assert results.next_in_line(made.id, "bravery") is None


def test_the_withheld_are_outside_the_ranking_and_nameless(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 9)
    hidden = nomination(made, N.CANDIDATE, **WITHHELD)
    result = computed(made)
    assert hidden.id not in selected(result)
    results.propose_withheld(
        admin(), hidden.id, bravery_number="许见义〔2027〕3号", reason="依条例第二十三条单列"
    )
    assert (hidden.status, hidden.bravery_number) == (N.PROPOSED, "许见义〔2027〕3号")
    results.fix(admin(), result.id)
    move(made, C.NOTICING)
    assert result_views.published(made.id).withheld == ["bravery"]


def test_only_the_withheld_are_proposed_outside_the_ranking(ctx: Flask) -> None:
    made = judged()
    (plain,) = with_votes(made, 9)
    decision = {"bravery_number": "1号", "reason": "依条例单列"}
    with pytest.raises(NotWithheld):
        results.propose_withheld(admin(), plain.id, **decision)
    early = nomination(campaign(C.ASSESSING), N.CANDIDATE, **WITHHELD)
    with pytest.raises(StageClosed):
        results.propose_withheld(admin(), early.id, **decision)
    with pytest.raises(NotFound):
        results.propose_withheld(supervisor(made), plain.id, **decision)


def test_the_database_refuses_what_must_not_be(ctx: Flask) -> None:
    made = judged()
    with_votes(made, 9)
    result = computed(made)
    line = results.lines_of(result.id)[0]
    wrongs: tuple[tuple[Any, Mapping[str, Any]], ...] = (
        (Result, {"status": ResultStatus.FIXED}),
        (
            Result,
            {
                "status": ResultStatus.FIXED,
                "fixed_by": result.computed_by,
                "fixed_at": clock.now(),
            },
        ),
        (Result, {"lot_seed": "3-1-4"}),
        (ResultLine, {"deviation_reason": "破例"}),
    )
    for model, values in wrongs:
        key = model.id == result.id if model is Result else model.result_id == line.result_id
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(model).where(key).values(values))


def test_a_result_that_does_not_follow_from_its_inputs_is_an_alarm(
    rolled_back: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with stored(rolled_back):
        made = judged(Quota(total=1))
        nominees = with_votes(made, 9, 5)
        result = computed(made)
        results.deviate(
            admin(), result.id, nomination_id=nominees[1].id, is_selected=True, reason="增加一名"
        )
    with rolled_back.app_context():
        context = JobContext(rolled_back)
        assert jobs.recheck_results(context) == 1
        assert context.failures == 0
    with stored(rolled_back):
        tampered = db.session.get_one(ResultLine, (result.id, nominees[0].id))
        tampered.is_selected = False
    with rolled_back.app_context():
        assert jobs.recheck_results(context) == 1
    assert context.failures == 1
    assert "a result does not follow from its inputs" in caplog.text


@pytest.mark.parametrize("field", ["lot_seed", "inputs", "outcome"])
def test_every_stored_part_is_rechecked(ctx: Flask, field: str) -> None:
    made = judged(Quota(total=1))
    with_votes(made, 5, 5)
    result = computed(made)
    results.draw_lot(supervisor(made), result.id, seed="2027051")
    assert result_views.recheck(result.id) == []
    drawn = [str(line.nomination_id) for line in results.lines_of(result.id)]
    if field == "lot_seed":
        result.lot_seed = next(s for s in map(str, range(100)) if lot(s, drawn) != drawn)
    elif field == "inputs":
        more = [dict(c, votes=c["votes"] + 1) for c in result.inputs["candidates"]]
        result.inputs = {**result.inputs, "candidates": more}
    else:
        result.outcome = {**result.outcome, "needs_lot": True}
    db.session.flush()
    assert result_views.recheck(result.id) != []


def test_outsiders_compute_nothing(ctx: Flask) -> None:
    made = judged()
    for stranger in (actor_of(person()), supervisor(made)):
        for refused in (
            lambda who: results.compute(who, made.id, lot_source=SOURCE),
            lambda who: result_views.what_if(who, made.id),
        ):
            with pytest.raises(DomainError) as refusal:
                refused(stranger)
            assert isinstance(refusal.value, NotFound)
