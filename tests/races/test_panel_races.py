"""Closing a panel against the last marks, votes sent twice, and one person invited at once."""

from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from core.db import atomically, db
from nominations.errors import JudgingNotOpen, Recused, VotedAlready
from nominations.lifecycles import PanelStatus
from nominations.models.panel_scores import PanelScore, PanelVote, PanelVoteRoll
from nominations.models.panels import Panel, Panelist
from nominations.services import declarations, panel_scores, panelists, panels
from tests.conftest import stored
from tests.factories import panels as make
from tests.factories.accounts import person
from tests.races.crowd import count, naive_rush, rush

pytestmark = pytest.mark.race


def recorded(app: Flask, campaign_id: UUID) -> set[tuple[str, str]]:
    """Seats and nominees of the marks that count."""
    with app.app_context():
        kept = atomically(app, lambda: panels.record_of(campaign_id), write=False)
    return {(m.member, m.nominee) for m in kept.marks}


def test_a_mark_beside_closing_counts_or_is_refused(committed: Flask) -> None:
    """A quorum has judged; the others mark in the very moment in which the panel closes."""
    with stored(committed):
        court = make.court(members=9, candidates=1)
        (candidate,) = court.candidates
        for member in court.members[:6]:
            panel_scores.score(member, candidate, marks=make.marks())
        late = court.members[6:]
        seats = {m.id: str(panelists.seat_of(m, court.campaign_id).id) for m in late}
    marking = [partial(panel_scores.score, m, candidate, marks=make.marks()) for m in late]
    closing = partial(panels.close_judging, court.office, court.campaign_id)
    *marked, closed = rush(committed, [*marking, closing])
    assert not isinstance(closed, Exception)
    refused = [o for o in marked if isinstance(o, Exception)]
    assert all(isinstance(o, JudgingNotOpen) for o in refused)
    kept = recorded(committed, court.campaign_id)
    for member, outcome in zip(late, marked, strict=True):
        assert ((seats[member.id], str(candidate)) in kept) is not isinstance(outcome, Exception)


def test_without_the_lock_marks_come_in_behind_the_closing(committed: Flask) -> None:
    """Negative control: looking whether the panel still judges, then storing the mark."""
    with stored(committed):
        court = make.court(members=4, candidates=1)
        seats = iter([panelists.seat_of(m, court.campaign_id).id for m in court.members])

    def is_judging() -> bool:
        return panelists.panel_of(court.campaign_id).status is PanelStatus.SCORING

    def close_and_store() -> None:
        close = update(Panel).values(status=PanelStatus.CLOSED, closed_at=Panel.formed_at)
        db.session.execute(close)
        db.session.add(
            PanelScore(
                panelist_id=next(seats), nomination_id=court.candidates[0], criterion="deeds"
            )
        )

    assert naive_rush(committed, 4, is_judging, close_and_store) > 1


def test_one_vote_sent_ten_times_is_one_paper(committed: Flask) -> None:
    with stored(committed):
        court = make.court(candidates=1, rules=make.SECRET)
    vote = partial(panel_scores.vote, court.members[0], court.candidates[0], approves=True)
    receipts = rush(committed, [vote] * 10)
    assert [r.is_first for r in receipts].count(True) == 1
    assert (count(committed, PanelVoteRoll), count(committed, PanelVote)) == (1, 1)


def test_votes_of_all_members_at_once_are_all_in_the_box(committed: Flask) -> None:
    """Every vote puts the papers back anew; none may be lost on the way."""
    with stored(committed):
        court = make.court(members=8, candidates=1, rules=make.SECRET)
    outcomes = rush(
        committed,
        [partial(panel_scores.vote, m, court.candidates[0], approves=True) for m in court.members],
    )
    assert not [o for o in outcomes if isinstance(o, Exception)]
    assert (count(committed, PanelVoteRoll), count(committed, PanelVote)) == (8, 8)


def test_without_the_key_of_the_roll_a_vote_is_many(committed: Flask) -> None:
    """Negative control: looking whether the member has voted, then putting the paper in."""
    with stored(committed):
        court = make.court(candidates=1, rules=make.SECRET)

    def has_not_voted() -> bool:
        return not db.session.scalars(select(PanelVoteRoll.panelist_id)).all()

    def put_in() -> None:
        db.session.add(PanelVote(nomination_id=court.candidates[0], approves=True))

    assert naive_rush(committed, 6, has_not_voted, put_in) > 1


def test_a_member_votes_or_is_recused_and_never_both(committed: Flask) -> None:
    with stored(committed):
        court = make.court(members=8, candidates=1, rules=make.SECRET)
    (candidate,) = court.candidates
    outcomes = rush(
        committed,
        [
            act
            for m in court.members
            for act in (
                partial(panel_scores.vote, m, candidate, approves=True),
                partial(declarations.declare, m, candidate, conflict=True, reason="同事"),
            )
        ],
    )
    pairs = list(zip(outcomes[::2], outcomes[1::2], strict=True))
    for voted, declared in pairs:
        assert isinstance(voted, Recused) is not isinstance(declared, VotedAlready)
    assert count(committed, PanelVote) == sum(not isinstance(v, Exception) for v, _ in pairs)


def test_one_person_invited_at_once_has_one_seat(committed: Flask) -> None:
    with stored(committed):
        campaign, office, who = make.campaign(), make.office(), person()
    invite = partial(panelists.invite, office, campaign.id, person_id=who.id)
    assert len({seat.id for seat in rush(committed, [invite] * 8)}) == 1
    assert count(committed, Panelist) == 1
