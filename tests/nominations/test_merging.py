"""Nominations that look alike, and what merging moves."""

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import persons
from cli.demo.deeds import DEEDS as TEXTS
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from nominations.errors import NominatorDecided, OwnNomination, StageClosed, WithheldNotMergeable
from nominations.lifecycles import LIVE, NOMINATION, CampaignStatus, NominationStatus
from nominations.models.nominations import Nomination
from nominations.models.supports import Support
from nominations.rules import Rules, Step
from nominations.services import merging, nominators, screenings, supports
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.nominations import DEEDS, campaign, nomination

C, N = CampaignStatus, NominationStatus
SAME = "同一人由两位市民推荐"
MERGEABLE = NOMINATION["merge"].sources


def reviewer(over: str = "411002") -> Actor:
    return actor_of(person("审核员"), grant(Role.REVIEWER, over=site(over)))


def inbox(of: Person, template: str = "nomination_progress") -> list[str]:
    found = select(InboxMessage).where(
        InboxMessage.person_id == of.id, InboxMessage.template == template
    )
    return [str(m.text) for m in db.session.scalars(found.order_by(InboxMessage.id))]


def supported(of: Nomination, by: Iterable[Person]) -> Nomination:
    for who in by:
        db.session.add(Support(nomination_id=of.id, person_id=who.id, since=clock.now()))
        of.supports_count += 1
    db.session.flush()
    return of


def supporters(of: Nomination) -> set[object]:
    found = select(Support.person_id).where(Support.nomination_id == of.id)
    return set(db.session.scalars(found))


# Looking alike


def test_the_likeliest_comes_first_with_its_reasons(ctx: Flask) -> None:
    of = campaign(C.REVIEWING)
    number = id_number()
    same: dict[str, Any] = {
        "nominee_id_number": number,
        "nominee_id_number_index": persons.index_of(number),
    }
    one = nomination(of, nominee_name="李桂兰", **same)
    by_number = nomination(of, nominee_name="李桂蓝", **same, summary="别的")
    by_name = nomination(
        of,
        nominee_name="李桂兰",
        nominee_id_number=None,
        summary="另一件事",
        deeds=TEXTS["courier"],
    )
    copied = nomination(of, nominee_name="王五", summary="又一件事", deeds=DEEDS[::-1] + DEEDS)
    nomination(of, nominee_name="赵六", summary="救火", deeds=TEXTS["trucker"])
    found = merging.similar(reviewer(), one.id)
    assert [s.nomination.id for s in found] == [by_number.id, by_name.id, copied.id]
    assert [s.is_certain for s in found] == [True, False, False]
    assert found[0].reasons[0] == "身份证号码相同"
    assert found[1].reasons == ("名称相同，同一县（市、区）",)


def test_drafts_other_campaigns_and_merged_ones_are_not_compared(ctx: Flask) -> None:
    of = campaign(C.REVIEWING)
    one = nomination(of)
    nomination(of, N.DRAFT, nominee_name=one.nominee_name)
    nomination(campaign(C.REVIEWING), nominee_name=one.nominee_name)
    nomination(of, N.MERGED, nominee_name=one.nominee_name, merged_into_id=one.id)
    assert merging.similar(reviewer(), one.id) == []


def test_reviewers_compare_what_they_may_see(ctx: Flask) -> None:
    of = campaign(C.REVIEWING)
    one = nomination(of, nominee_name="李桂兰", nominee_id_number=None)
    there = nomination(of, nominee_name="李桂兰", site_id=site("411082").id)
    assert merging.similar(reviewer(), one.id) == []
    (found,) = merging.similar(actor_of(person(), grant(Role.REVIEWER)), one.id)
    assert found.nomination.id == there.id
    assert "名称相同，不同县（市、区）" in found.reasons
    with pytest.raises(NotFound):
        merging.similar(reviewer("411082"), one.id)
    nominator = person()
    own = nomination(of, by=nominator)
    with pytest.raises(OwnNomination):
        merging.similar(actor_of(nominator, grant(Role.REVIEWER)), own.id)


def test_without_a_number_those_without_one_are_not_the_same(ctx: Flask) -> None:
    of = campaign(C.REVIEWING)
    unknown: dict[str, Any] = {"nominee_id_number": None}
    one = nomination(of, nominee_name="李桂兰", deeds=TEXTS["courier"], summary="甲", **unknown)
    nomination(of, nominee_name="高望山", deeds=TEXTS["trucker"], summary="乙", **unknown)
    assert merging.similar(reviewer(), one.id) == []


def test_the_number_compared_is_bounded_and_keeps_the_likeliest(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MOST_COMPARED", 2)
    of = campaign(C.REVIEWING)
    one = nomination(of, nominee_name="李桂兰")
    namesake = nomination(of, nominee_name="李桂兰")
    for _ in range(3):
        nomination(of)
    found = merging.similar(reviewer(), one.id)
    assert len(found) == 2
    assert found[0].nomination.id == namesake.id


# Merging


def test_nominators_and_supports_go_on_with_the_other(ctx: Flask) -> None:
    of, first, second = campaign(C.REVIEWING), person(), person()
    both, mine, theirs = person(), person(), person()
    merged = supported(nomination(of, by=first), [both, mine, second])
    kept = supported(nomination(of, by=second), [both, theirs, first])
    done = merging.merge(reviewer(), merged.id, into=kept.id, reason=SAME)
    assert (done.status, done.merged_into_id, done.step) == (N.MERGED, kept.id, None)
    assert nominators.of(kept.id) == [second.id, first.id]
    assert supporters(kept) == {both.id, mine.id, theirs.id}
    assert (kept.supports_count, merged.supports_count) == (3, 0)
    assert supporters(merged) == set()
    assert "已合并" in inbox(first)[0]
    assert "有推荐并入" in inbox(second)[0]
    assert "已合并" in inbox(mine, "support_progress")[0]
    assert inbox(both, "support_progress") == []
    screenings.reject(reviewer(), kept.id, reason="材料不实")
    assert "未通过" in inbox(first)[-1]


def test_a_repeat_changes_nothing(ctx: Flask) -> None:
    of, nominator = campaign(C.REVIEWING), person()
    merged, kept = nomination(of, by=nominator), nomination(of)
    for _ in range(2):
        assert merging.merge(reviewer(), merged.id, into=kept.id, reason=SAME).id == merged.id
    assert len(inbox(nominator)) == 1


def test_there_are_no_chains(ctx: Flask) -> None:
    of, nominator = campaign(C.REVIEWING), person()
    first, second, third = nomination(of, by=nominator), nomination(of), nomination(of)
    merging.merge(reviewer(), first.id, into=second.id, reason=SAME)
    with pytest.raises(WrongState):
        merging.merge(reviewer(), third.id, into=first.id, reason=SAME)
    merging.merge(reviewer(), second.id, into=third.id, reason=SAME)
    db.session.refresh(first)
    assert first.merged_into_id == second.merged_into_id == third.id
    assert nominator.id in nominators.of(third.id)


@pytest.mark.parametrize("status", [s for s in N if s is not N.MERGED])
def test_what_may_be_merged_and_into_what(ctx: Flask, status: NominationStatus) -> None:
    of = campaign(C.REVIEWING)
    reason = "删除" if status is N.REMOVED else None
    one, other = nomination(of, status, removal_reason=reason), nomination(of)
    office = reviewer()
    if status in MERGEABLE:
        assert merging.merge(office, one.id, into=other.id, reason=SAME).status is N.MERGED
    else:
        with pytest.raises((WrongState, NotFound)):
            merging.merge(office, one.id, into=other.id, reason=SAME)
        db.session.refresh(other)
        one, other = nomination(of), one
        if status in LIVE:
            assert merging.merge(office, one.id, into=other.id, reason=SAME).status is N.MERGED
        else:
            with pytest.raises((WrongState, NotFound)):
                merging.merge(office, one.id, into=other.id, reason=SAME)


@pytest.mark.parametrize("status", [C.ANNOUNCED, C.ASSESSING, C.JUDGING, C.PAUSED, C.CANCELLED])
def test_merging_ends_with_the_review(ctx: Flask, status: CampaignStatus) -> None:
    of = campaign(status)
    with pytest.raises(StageClosed):
        merging.merge(reviewer(), nomination(of).id, into=nomination(of).id, reason=SAME)


def test_both_belong_to_one_campaign_and_are_two(ctx: Flask) -> None:
    one, other = nomination(campaign(C.REVIEWING)), nomination(campaign(C.REVIEWING))
    for into in (one.id, other.id):
        with pytest.raises(InvalidInput):
            merging.merge(reviewer(), one.id, into=into, reason=SAME)


def test_a_reviewer_stands_over_both_and_nominates_neither(ctx: Flask) -> None:
    of, nominator = campaign(C.REVIEWING), person()
    here, there = nomination(of, by=nominator), nomination(of, site_id=site("411082").id)
    for pair in ((here, there), (there, here)):
        with pytest.raises(NotFound):
            merging.merge(reviewer(), pair[0].id, into=pair[1].id, reason=SAME)
        own = actor_of(nominator, grant(Role.REVIEWER))
        with pytest.raises(OwnNomination):
            merging.merge(own, pair[0].id, into=pair[1].id, reason=SAME)
    other = nomination(of)
    nominators.add(other.id, nominator.id)
    with pytest.raises(OwnNomination):
        merging.merge(own, other.id, into=there.id, reason=SAME)
    city = actor_of(person(), grant(Role.REVIEWER))
    assert merging.merge(city, here.id, into=there.id, reason=SAME).status is N.MERGED


def test_nobody_comes_to_recommend_a_case_that_they_decided(ctx: Flask) -> None:
    """A reviewer passed one case and recommends the other: the first goes into theirs, where they
    never decided, and not the other way round."""
    rules = Rules(steps=(Step.COUNTY, Step.CITY))
    made = campaign(CampaignStatus.NOMINATING, rules=rules)
    both = person("审核人")
    decided, own = nomination(made), nomination(made, by=both)
    judge = actor_of(both, grant(Role.REVIEWER, over=site("411002")))
    screenings.pass_(judge, decided.id)
    with pytest.raises(NominatorDecided):
        merging.merge(reviewer(), own.id, into=decided.id, reason="同一人")
    merging.merge(reviewer(), decided.id, into=own.id, reason="同一人")
    assert set(nominators.of(own.id)) == {both.id, decided.nominator_id}


def test_a_withheld_name_is_not_told_by_merging(ctx: Flask) -> None:
    of, nominator = campaign(C.REVIEWING), person()
    withheld: dict[str, Any] = {"is_withheld": True, "withheld_reason": "本人要求保密"}
    hidden = nomination(of, by=nominator, nominee_name="李桂兰", **withheld)
    shown = nomination(of)
    for pair in ((hidden, shown), (shown, hidden)):
        with pytest.raises(WithheldNotMergeable):
            merging.merge(reviewer(), pair[0].id, into=pair[1].id, reason=SAME)
    merging.merge(reviewer(), hidden.id, into=nomination(of, **withheld).id, reason=SAME)
    assert "李桂兰" not in inbox(nominator)[0]


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        of, office, nominator = campaign(C.REVIEWING), reviewer(), person()
        merged = nomination(of, nominee_name="李桂兰", by=nominator).id
        kept = nomination(of, nominee_name="李桂兰", nominee_id_number=None).id
    listed = http.as_(office).get(f"/nominations/{merged}/similar")
    (found,) = listed.json["items"]  # type: ignore[index]
    assert (found["nomination_id"], found["is_certain"]) == (str(kept), False)
    assert "名称相同，同一县（市、区）" in found["reasons"]
    path, body = f"/nominations/{merged}/merge", {"into": str(kept), "reason": SAME}
    assert http.as_(nominator).post(path, json=body).status_code == 403
    done = http.as_(office).post(path, json=body)
    assert (done.status_code, done.json["merged_into_id"]) == (200, str(kept))  # type: ignore[index]
    mine = http.as_(nominator).get(f"/nominations/{merged}").json
    assert mine is not None
    assert mine["status"] == "merged"
    with rolled_back.app_context():
        number = db.session.scalar(select(func.count()).select_from(Support))
    assert number == 0


def test_a_card_of_a_merged_case_shows_the_one_with_which_it_goes_on(ctx: Flask) -> None:
    of, at = campaign(C.REVIEWING), clock.now()
    merged, kept = nomination(of, consented_at=at), nomination(of, consented_at=at)
    merging.merge(reviewer(), merged.id, into=kept.id, reason=SAME)
    assert supports.card(merged.id).nomination_id == kept.id
