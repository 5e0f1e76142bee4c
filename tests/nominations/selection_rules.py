"""What must hold of a selection at every moment, written from domain/nominations.md.

Nothing here asks the tables of `nominations.lifecycles` what is allowed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from accounts.models.inbox import InboxMessage
from accounts.models.sites import Site
from core import audit, clock
from core.db import db
from core.workdays import Workdays
from nominations import rules as campaign_rules
from nominations.lifecycles import (
    ConsultationStatus,
    NominationStatus,
    ObjectionStatus,
    PanelStatus,
    Verdict,
)
from nominations.models.approvals import Approval, ApprovedNominee
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.consultations import Consultation
from nominations.models.declarations import Declaration
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.notices import Notice, NoticeEntry, NoticeSuspension, NoticeWaiver
from nominations.models.objections import Objection
from nominations.models.panels import Panel, Panelist
from nominations.models.recommendations import RecommendationCount
from nominations.models.screenings import Screening
from nominations.models.supports import Support
from nominations.models.tally import SealedBallot, TallyCount
from nominations.models.visits import Visit, VisitSignature
from nominations.rules import Step
from nominations.services import panels
from tests.nominations.selection import C, N, Selection

DAY = timedelta(days=1)

BEFORE: dict[NominationStatus, set[str | None]] = {
    N.DRAFT: {None},
    N.SUBMITTED: {N.DRAFT, N.SENT_BACK, N.SUBMITTED, N.COUNTY_REVIEWED},
    N.SENT_BACK: {
        N.SUBMITTED,
        N.COUNTY_REVIEWED,
        N.CITY_SHORTLISTED,
        N.CONSULTED,
        N.VISITED,
    },
    N.COUNTY_REVIEWED: {N.SUBMITTED},
    N.CITY_SHORTLISTED: {N.SUBMITTED, N.COUNTY_REVIEWED},
    N.CONSULTED: {N.CITY_SHORTLISTED},
    N.VISITED: {N.CONSULTED},
    N.CANDIDATE: {N.VISITED},
    N.PROPOSED: {N.CANDIDATE},
    N.ON_NOTICE: {N.PROPOSED, N.SUSPENDED},
    N.SUSPENDED: {N.ON_NOTICE},
    N.APPROVED: {N.ON_NOTICE, N.PROPOSED},
    N.HONORED: {N.APPROVED},
    N.NOT_SELECTED: {N.CANDIDATE, N.PROPOSED},
}
"""Where a case may come from in a campaign with a county, a city, departments and a visit. From
a county without reviewers, or sent back there, a case comes to the city as submitted."""

CANDIDATES = {
    N.CANDIDATE,
    N.PROPOSED,
    N.ON_NOTICE,
    N.SUSPENDED,
    N.APPROVED,
    N.HONORED,
    N.NOT_SELECTED,
}
ENDS = {N.HONORED, N.NOT_SELECTED, N.REJECTED, N.MERGED, N.WITHDRAWN, N.REMOVED}
DECIDED = (Verdict.PASS, Verdict.SEND_BACK, Verdict.REJECT, Verdict.ADMIT)
FROM_ASSESSMENT_ON = {C.ASSESSING, C.COUNTING, C.JUDGING, C.NOTICING, C.CONCLUDED}
CALENDAR = Workdays()


@dataclass
class Facts:
    """Everything about the cases of a selection, read anew."""

    selection: Selection
    cases: dict[UUID, Nomination] = field(init=False)
    log: dict[UUID, list[audit.Entry]] = field(init=False)
    nominators: dict[UUID, set[UUID]] = field(init=False)

    def __post_init__(self) -> None:
        ids = self.selection.cases
        db.session.expire_all()
        self.cases = {n.id: n for n in db.session.scalars(_of(Nomination, Nomination.id, ids))}
        self.log = defaultdict(list)
        entries = _of(audit.Entry, audit.Entry.thing_id, ids).order_by(audit.Entry.id)
        for entry in db.session.scalars(entries):
            self.log[entry.thing_id].append(entry)
        self.nominators = defaultdict(set)
        for row in db.session.scalars(_of(Nominator, Nominator.nomination_id, ids)):
            self.nominators[row.nomination_id].add(row.person_id)

    def moves(self, nomination_id: UUID) -> list[audit.Entry]:
        return [e for e in self.log[nomination_id] if e.to_status is not None]


def _of(model: Any, column: Any, ids: Iterable[UUID]) -> Any:
    return select(model).where(column.in_(list(ids)))


def hold(selection: Selection) -> None:
    """All that is true of one moment."""
    facts = Facts(selection)
    for nomination in facts.cases.values():
        _came_step_by_step(facts, nomination)
        if nomination.status in CANDIDATES:
            _was_reviewed(nomination)
        if nomination.status in (N.APPROVED, N.HONORED):
            _was_on_notice(nomination)
        if nomination.status is N.HONORED:
            assert nomination.consented_at is not None, "honoured without consent"
        if nomination.status in ENDS:
            _end_was_told(facts, nomination)
    _nobody_judged_their_own(facts)
    _stands_still_by_objection_only(facts)
    _nobody_entered_once_assessing(facts)
    _ballots_are_counted(selection)
    _recused_marks_are_left_out(facts)
    _counts_are_rows(facts)


def _came_step_by_step(facts: Facts, nomination: Nomination) -> None:
    """The log is one unbroken way, and no move of it leaves a step out."""
    before: str | None = None
    for entry in facts.moves(nomination.id):
        assert entry.from_status == before, entry.verb
        arrived = N(entry.to_status or "")
        if arrived in BEFORE:
            assert before in BEFORE[arrived], f"{before} to {arrived}"
        before = entry.to_status
    assert before == nomination.status


def _was_reviewed(nomination: Nomination) -> None:
    """Every step was passed where the case now belongs, departments agree, two have been there."""
    lines = db.session.scalars(_of(Screening, Screening.nomination_id, [nomination.id])).all()
    passed = {
        (line.step, line.site_id)
        for line in lines
        if line.verdict in (Verdict.PASS, Verdict.PASSED_UP)
    }
    county, city = _places_of(nomination)
    assert {(Step.COUNTY, county), (Step.CITY, city)} <= passed, "a step was skipped"
    assert any(line.verdict is Verdict.ADMIT for line in lines)
    answers = db.session.scalars(_of(Consultation, Consultation.nomination_id, [nomination.id]))
    assert {a.status for a in answers} == {ConsultationStatus.AGREED}
    signed = db.session.execute(
        select(VisitSignature.visit_id, func.count(VisitSignature.signed_by.distinct()))
        .join(Visit, Visit.id == VisitSignature.visit_id)
        .where(Visit.nomination_id == nomination.id)
        .group_by(VisitSignature.visit_id)
    )
    assert max(number for _, number in signed) >= 2


def _places_of(nomination: Nomination) -> tuple[UUID, UUID]:
    """The county and the city of the nominee's site, by the codes in its path."""
    codes = db.session.get_one(Site, nomination.site_id).path.strip("/").split("/")
    found = {s.code: s.id for s in db.session.scalars(select(Site).where(Site.code.in_(codes[:2])))}
    return found[codes[1]], found[codes[0]]


def _was_on_notice(nomination: Nomination) -> None:
    """Five working days before the public and more, or a waiver for who is withheld; and a
    decision afterwards, while no objection was open."""
    approval = db.session.scalars(
        select(Approval)
        .join(ApprovedNominee, ApprovedNominee.approval_id == Approval.id)
        .where(ApprovedNominee.nomination_id == nomination.id)
    ).one()
    if db.session.get(NoticeWaiver, nomination.id) is not None:
        return
    entry, notice = db.session.execute(
        select(NoticeEntry, Notice)
        .join(Notice, Notice.id == NoticeEntry.notice_id)
        .where(NoticeEntry.nomination_id == nomination.id, NoticeEntry.is_binding)
    ).one()
    shown = _days(notice.opens_on, entry.closes_on)
    for stop in db.session.scalars(
        _of(NoticeSuspension, NoticeSuspension.nomination_id, [nomination.id])
    ):
        again = stop.resumed_at or datetime.max.replace(tzinfo=stop.suspended_at.tzinfo)
        last = clock.day_of(again) if stop.resumed_at else entry.closes_on
        shown -= _days(clock.day_of(stop.suspended_at), last)
    assert sum(CALENDAR.is_workday(day) for day in shown) >= 5, "too few working days"
    assert len(shown) >= 7
    assert approval.decided_on > entry.closes_on
    assert clock.day_of(approval.created_at) > entry.closes_on


def _days(first: date, last: date) -> set[date]:
    return {first + n * DAY for n in range((last - first).days + 1)}


def _end_was_told(facts: Facts, nomination: Nomination) -> None:
    """Everybody who recommends the nominee heard of the end when it came."""
    ended = facts.moves(nomination.id)[-1]
    told = select(InboxMessage.person_id).where(
        InboxMessage.template.in_(("nomination_progress", "nominee_honored")),
        InboxMessage.created_at == ended.at,
        InboxMessage.person_id.in_(facts.nominators[nomination.id]),
    )
    missing = facts.nominators[nomination.id] - set(db.session.scalars(told))
    assert not missing, f"{nomination.status} was not told"


def _nobody_judged_their_own(facts: Facts) -> None:
    """No nominator decided on the case or signed its visit; nobody decided on two steps."""
    steps: dict[tuple[UUID, UUID], set[Step]] = defaultdict(set)
    for line in db.session.scalars(_of(Screening, Screening.nomination_id, facts.cases)):
        if line.verdict in DECIDED and line.decided_by is not None:
            steps[line.nomination_id, line.decided_by].add(line.step)
    for (nomination_id, person_id), decided in steps.items():
        if facts.cases[nomination_id].status is N.MERGED:
            continue
        assert person_id not in facts.nominators[nomination_id], "decided on their own case"
        assert len(decided) == 1, "decided on two steps"


def _stands_still_by_objection_only(facts: Facts) -> None:
    rows = db.session.scalars(_of(Objection, Objection.nomination_id, facts.cases)).all()
    accepted = [o for o in rows if o.status is ObjectionStatus.ACCEPTED]
    ids = [o.id for o in rows]
    took = select(audit.Entry.thing_id, audit.Entry.at).where(
        audit.Entry.thing_id.in_(ids), audit.Entry.verb == "accept"
    )
    accepted_at: dict[UUID, set[datetime]] = defaultdict(set)
    by_id = {o.id: o.nomination_id for o in rows}
    for objection_id, at in db.session.execute(took):
        accepted_at[by_id[objection_id]].add(at)
    for nomination in facts.cases.values():
        of_case = [o for o in accepted if o.nomination_id == nomination.id]
        if nomination.status is N.SUSPENDED:
            assert of_case
        if of_case:
            assert nomination.status is not N.ON_NOTICE, "the days run on under an objection"
            assert nomination.status not in (N.APPROVED, N.HONORED)
        for entry in facts.moves(nomination.id):
            if entry.to_status == N.SUSPENDED:
                assert entry.at in accepted_at[nomination.id]


def _nobody_entered_once_assessing(facts: Facts) -> None:
    opened = db.session.scalar(
        select(func.min(audit.Entry.at)).where(
            audit.Entry.thing_id == facts.selection.campaign_id,
            audit.Entry.verb == "open_assessment",
        )
    )
    for nomination_id in facts.cases:
        for entry in facts.moves(nomination_id):
            if opened is not None and entry.to_status == N.CANDIDATE:
                assert entry.at <= opened


def _ballots_are_counted(selection: Selection) -> None:
    """None was taken outside the window; of each voter the last that is sealed counts, once."""
    campaign = selection.campaign
    cast = select(Ballot).where(Ballot.campaign_id == campaign.id)
    opens, closes = campaign.assessment_open_at, campaign.assessment_close_at
    closed = db.session.scalar(
        select(func.min(audit.Entry.at)).where(
            audit.Entry.thing_id == campaign.id, audit.Entry.verb == "close_assessment"
        )
    )
    latest: dict[UUID, Ballot] = {}
    sealed = select(SealedBallot.ballot_id).where(SealedBallot.campaign_id == campaign.id)
    counted = set(db.session.scalars(sealed))
    waiting = select(func.count()).where(UnsealedBallot.campaign_id == campaign.id)
    ballots = db.session.scalars(cast.order_by(Ballot.revision)).all()
    for ballot in ballots:
        assert opens is not None
        assert closes is not None
        assert opens <= ballot.cast_at < closes
        assert closed is None or ballot.cast_at <= closed
        if ballot.id in counted:
            latest[ballot.voter_id] = ballot
    assert len(ballots) == len(counted) + (db.session.scalar(waiting) or 0), "a ballot is lost"
    if campaign.status in (C.JUDGING, C.NOTICING, C.CONCLUDED):
        assert len(counted) == len(ballots)
    folded = Counter(choice for ballot in latest.values() for choice in ballot.choices)
    kept = select(TallyCount).where(TallyCount.campaign_id == campaign.id, TallyCount.votes != 0)
    assert {str(t.nomination_id): t.votes for t in db.session.scalars(kept)} == dict(folded)


def _recused_marks_are_left_out(facts: Facts) -> None:
    panel = db.session.scalar(select(Panel).where(Panel.campaign_id == facts.selection.campaign_id))
    if panel is None or panel.status is not PanelStatus.CLOSED:
        return
    seats = {
        seat.id: seat.person_id
        for seat in db.session.scalars(select(Panelist).where(Panelist.panel_id == panel.id))
    }
    last: dict[tuple[UUID, UUID], Declaration] = {}
    said = _of(Declaration, Declaration.panelist_id, seats).order_by(Declaration.number)
    for word in db.session.scalars(said):
        last[word.panelist_id, word.nomination_id] = word
    for given in panels.record_of(facts.selection.campaign_id).marks:
        seat, nomination_id = UUID(given.member), UUID(given.nominee)
        word = last.get((seat, nomination_id))
        assert word is not None, "marked without having declared"
        assert not word.has_conflict
        assert seats[seat] not in facts.nominators[nomination_id]


def _counts_are_rows(facts: Facts) -> None:
    supporters: dict[UUID, set[UUID]] = defaultdict(set)
    for row in db.session.scalars(_of(Support, Support.nomination_id, facts.cases)):
        supporters[row.nomination_id].add(row.person_id)
    for nomination in facts.cases.values():
        assert nomination.supports_count == len(supporters[nomination.id])
        if nomination.status is not N.MERGED:
            assert not supporters[nomination.id] & facts.nominators[nomination.id]
    campaign = facts.selection.campaign
    taken = Counter(n.recommended_from for n in facts.cases.values() if n.recommended_from)
    kept = db.session.scalars(
        select(RecommendationCount).where(RecommendationCount.campaign_id == campaign.id)
    ).all()
    assert {r.place: r.taken for r in kept if r.taken} == dict(taken)
    for place, limit in campaign.rules.recommendations.by_place.items():
        assert taken[place] <= limit


@dataclass(frozen=True)
class Seen:
    """What was true a moment ago and may only change in one direction."""

    rules: str | None = None
    dates: tuple[datetime | None, ...] = ()
    candidates: frozenset[UUID] | None = None
    withheld: frozenset[UUID] = frozenset()
    ended: frozenset[tuple[UUID, NominationStatus]] = frozenset()


def go_one_way(selection: Selection, before: Seen) -> Seen:
    """Rules stay once frozen, dates move later, candidates only leave, an end is an end."""
    campaign = selection.campaign
    cases = [selection.case(n) for n in selection.cases]
    dates = (
        campaign.nominations_open_at,
        campaign.nominations_close_at,
        campaign.assessment_open_at,
        campaign.assessment_close_at,
        campaign.judging_close_at,
    )
    is_frozen = campaign.rules_frozen_at is not None
    now_rules = str(campaign_rules.dump(campaign.rules)) if is_frozen else None
    assert before.rules in (None, now_rules), "frozen rules changed"
    for earlier, later in zip(before.dates, dates, strict=bool(before.dates)):
        assert later is not None
        assert earlier is None or earlier <= later, "a date came earlier"
    is_fixed = (campaign.paused_from or campaign.status) in FROM_ASSESSMENT_ON
    candidates = frozenset(n.id for n in cases if n.status in CANDIDATES)
    assert before.candidates is None or candidates <= before.candidates
    ended = frozenset((n.id, n.status) for n in cases if n.status in ENDS)
    assert before.ended <= ended
    return Seen(
        now_rules,
        dates,
        candidates if is_fixed else None,
        frozenset(n.id for n in cases if n.is_withheld),
        ended,
    )


def latest_message() -> UUID:
    last = select(InboxMessage.id).order_by(InboxMessage.id.desc()).limit(1)
    return db.session.scalar(last) or UUID(int=0)


def name_nobody_withheld(selection: Selection, withheld: Iterable[UUID], said: UUID) -> UUID:
    """No message that came since `said` names who was withheld before it; gives the last one."""
    hidden = {selection.names[n] for n in withheld if selection.case(n).is_withheld}
    query = select(InboxMessage).where(InboxMessage.id > said).order_by(InboxMessage.id)
    messages: Sequence[InboxMessage] = db.session.scalars(query).all()
    for message in messages:
        assert not any(name in (message.text or "") for name in hidden), message.template
    return messages[-1].id if messages else said
