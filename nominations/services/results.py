"""The result: computed from what is stored, its lot drawn in public, fixed by another person.

Whatever is done with the results of a campaign holds their lock, so that a seed drawn at the
moment of a new computation is not lost.
"""

from uuid import UUID

from sqlalchemy import delete, func, insert, select

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.db import Base, db, lock_exclusively
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from nominations import outcomes, policies, rules
from nominations.errors import (
    LotDrawn,
    LotNotDrawn,
    LotNotNeeded,
    LotSourceFixed,
    NomineesUnjudged,
    NotWithheld,
    OwnResult,
    ResultIsFixed,
    ResultOutdated,
)
from nominations.lifecycles import SELECTED, NominationStatus, ResultStatus
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.results import Result, ResultLine
from nominations.outcomes import Outcome
from nominations.services import campaign_log, campaigns
from nominations.services.result_inputs import PanelReader, collect, panel_record

_lines = Base.metadata.tables[ResultLine.__tablename__]


def compute(
    actor: Actor,
    campaign_id: UUID,
    *,
    lot_source: str | None = None,
    panel_of: PanelReader = panel_record,
) -> Result:
    """Compute the result, in place of a draft that there may be. `lot_source` says what the seed
    of a lot will be; the first version needs it, later ones keep it.

    Raises NotFound, StageClosed, PanelNotClosed, ResultIsFixed, LotSourceFixed, InvalidInput,
    and OwnResult for whoever witnessed the lot."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_RESULT_COMPUTE)
    campaign = _judged(campaign_id)
    before = latest(campaign_id)
    if before is not None and before.status is ResultStatus.FIXED:
        raise ResultIsFixed
    if before is not None and before.lot_witnessed_by == actor.id:
        raise OwnResult
    source = _source_of_lot(before, lot_source)
    inputs = collect(campaign, panel_of)
    seed = before.lot_seed if before else None
    outcome = outcomes.decide(inputs, seed)
    if before is not None:
        audit.perform(actor, before, "supersede")
    result = Result(
        id=new_id(),
        campaign_id=campaign_id,
        version=before.version + 1 if before else 1,
        status=ResultStatus.DRAFT,
        inputs=outcomes.dump_inputs(inputs),
        outcome=outcomes.dump(outcome),
        lot_source=source,
        lot_seed=seed,
        lot_witnessed_by=before.lot_witnessed_by if before else None,
        lot_drawn_at=before.lot_drawn_at if before else None,
        computed_by=actor.id,
        computed_at=clock.now(),
    )
    db.session.add(result)
    db.session.flush()
    _write_lines(result.id, outcome)
    audit.record(actor, result, "compute", to_status=result.status)
    return result


def draw_lot(actor: Actor, result_id: UUID, *, seed: str) -> Result:
    """Write down the seed that came out of the source named beforehand, with the actor as the
    witness, and order the equals by it. Once for all; the same seed again changes nothing.

    Raises NotFound, OwnResult, WrongState, StageClosed, LotDrawn, LotNotNeeded."""
    result, campaign = _hold(result_id)
    policies.check_oversees(actor, Permission.NOMINATIONS_RESULT_DRAW_LOT, campaign.id)
    if result.computed_by == actor.id:
        raise OwnResult
    if result.lot_seed == seed:
        return result
    _check_draft(result, campaign, "draw_lot")
    if result.lot_seed is not None:
        raise LotDrawn
    if not result.outcome["needs_lot"]:
        raise LotNotNeeded
    outcome = outcomes.decide(outcomes.load_inputs(result.inputs), seed)
    result.outcome = outcomes.dump(outcome)
    result.lot_seed, result.lot_witnessed_by = seed, actor.id
    result.lot_drawn_at = clock.now()
    db.session.flush()
    _write_lines(result.id, outcome)
    audit.record(actor, result, "draw_lot")
    return result


def deviate(
    actor: Actor, result_id: UUID, *, nomination_id: UUID, is_selected: bool, reason: str
) -> Result:
    """Select out of order or beyond the quota, or do not select, with a reason that is
    published; what the rules say anyway takes an earlier decision back.

    Raises NotFound, WrongState, StageClosed, LotNotDrawn."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_RESULT_DEVIATE)
    result, campaign = _hold(result_id)
    _check_draft(result, campaign, "deviate")
    _check_lot(result)
    line = db.session.get(ResultLine, (result_id, nomination_id))
    if line is None:
        raise NotFound
    is_by_rule = line.rank is not None and line.components["is_selected"] == is_selected
    line.is_selected = is_selected
    line.deviation_reason = None if is_by_rule else reason
    line.deviated_by = None if is_by_rule else actor.id
    db.session.flush()
    audit.record(actor, result, "deviate", reason=reason)
    return result


def fix(actor: Actor, result_id: UUID, *, panel_of: PanelReader = panel_record) -> Result:
    """Let the result stand, as somebody other than who computed it or deviated from the rules,
    and propose the selected.

    Raises NotFound, OwnResult, WrongState, StageClosed, LotNotDrawn, NomineesUnjudged,
    ResultOutdated, PanelNotClosed."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_RESULT_FIX)
    result, campaign = _hold(result_id)
    if result.computed_by == actor.id:
        raise OwnResult
    _check_draft(result, campaign, "fix")
    _check_lot(result)
    lines = lines_of(result_id)
    if any(line.deviated_by == actor.id for line in lines):
        raise OwnResult
    unjudged = [str(n.nomination_id) for n in lines if n.rank is None and not n.deviation_reason]
    if unjudged:
        raise NomineesUnjudged(nominations=unjudged)
    if outcomes.dump_inputs(collect(campaign, panel_of)) != result.inputs:
        raise ResultOutdated
    audit.perform(actor, result, "fix", fixed_by=actor.id, fixed_at=clock.now())
    selected = [line.nomination_id for line in lines if line.is_selected]
    query = select(Nomination).where(Nomination.id.in_(selected)).order_by(Nomination.id)
    for nomination in db.session.scalars(query):
        propose(actor, nomination)
    campaign_log.note_result(result, lines)
    return result


def propose(actor: Actor, nomination: Nomination) -> None:
    """Put a candidate into the result, to be put on notice: one selected, or one who takes the
    place of another. Raises WrongState."""
    audit.perform(actor, nomination, "propose")


def propose_withheld(
    actor: Actor, nomination_id: UUID, *, bravery_number: str, reason: str
) -> Nomination:
    """Propose a candidate whose name is withheld, outside assessment and ranking, on the legal
    confirmation of the bravery (Henan's rules on bravery, 23). Raises NotFound, WrongState,
    StageClosed, NotWithheld."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_NOMINATION_PROPOSE_WITHHELD)
    nomination = db.session.get(
        Nomination, nomination_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if nomination is None:
        raise NotFound
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "propose_withheld")
    if not nomination.is_withheld:
        raise NotWithheld
    audit.perform(actor, nomination, "propose", reason=reason, bravery_number=bravery_number)
    return nomination


def next_in_line(campaign_id: UUID, category_code: str) -> Nomination | None:
    """Who takes the place of a selected one who has left: the best ranked of the category who is
    a candidate still, was not left out by a decision, and fits the quota of the county or
    channel. Call it when the one who leaves is no longer among the selected."""
    result = fixed(campaign_id)
    if result is None:
        return None
    limits = rules.load(result.inputs["rules"]).winners.by_place
    taken = _taken_places(result.id)
    waiting = db.session.execute(
        select(Nomination, ResultLine.place_code)
        .join(ResultLine, ResultLine.nomination_id == Nomination.id)
        .where(
            ResultLine.result_id == result.id,
            ResultLine.category_code == category_code,
            ResultLine.rank.is_not(None),
            ResultLine.deviation_reason.is_(None),
            Nomination.status == NominationStatus.CANDIDATE,
        )
        .order_by(ResultLine.position)
    )
    for nomination, place in waiting:
        limit = limits.get(place) if place else None
        if limit is None or taken.get(place, 0) < limit:
            return nomination
    return None


def _taken_places(result_id: UUID) -> dict[str | None, int]:
    """How many of each county or channel are selected now."""
    rows = db.session.execute(
        select(ResultLine.place_code, func.count().label("number"))
        .join(Nomination, Nomination.id == ResultLine.nomination_id)
        .where(
            ResultLine.result_id == result_id,
            Nomination.status.in_((*SELECTED, NominationStatus.HONORED)),
        )
        .group_by(ResultLine.place_code)
    )
    return {row.place_code: row.number for row in rows}


def is_fixed(campaign_id: UUID) -> bool:
    """Whether a result stands."""
    return fixed(campaign_id) is not None


def fixed(campaign_id: UUID) -> Result | None:
    """The result that stands."""
    query = select(Result).where(
        Result.campaign_id == campaign_id, Result.status == ResultStatus.FIXED
    )
    return db.session.scalars(query).one_or_none()


def latest(campaign_id: UUID) -> Result | None:
    """The draft or the fixed result: there is one at most."""
    query = select(Result).where(
        Result.campaign_id == campaign_id, Result.status != ResultStatus.SUPERSEDED
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def lines_of(result_id: UUID) -> list[ResultLine]:
    """By category, then by rank."""
    query = select(ResultLine).where(ResultLine.result_id == result_id)
    return list(db.session.scalars(query.order_by(ResultLine.position)))


def _judged(campaign_id: UUID) -> Campaign:
    """The campaign in judging, and its results held. Raises NotFound, StageClosed."""
    campaign = campaigns.share(campaign_id)
    lock_exclusively(f"results:{campaign_id}")
    campaigns.check_stage(campaign, "judge")
    return campaign


def _hold(result_id: UUID) -> tuple[Result, Campaign]:
    """The result as it is now, held until the transaction ends. Raises NotFound."""
    result = db.session.get(Result, result_id)
    if result is None:
        raise NotFound
    campaign = campaigns.share(result.campaign_id)
    lock_exclusively(f"results:{campaign.id}")
    db.session.refresh(result)
    return result, campaign


def _check_draft(result: Result, campaign: Campaign, verb: str) -> None:
    if result.status is not ResultStatus.DRAFT:
        raise WrongState(state=result.status.value, verb=verb)
    campaigns.check_stage(campaign, "judge")


def _check_lot(result: Result) -> None:
    if result.outcome["needs_lot"]:
        raise LotNotDrawn


def _source_of_lot(before: Result | None, named: str | None) -> str:
    if before is None:
        if named is None:
            raise InvalidInput.at("lot_source", "请先写明抽签依据，如某日某期开奖号码")
        return named
    if named is not None and named != before.lot_source:
        raise LotSourceFixed
    return before.lot_source


def _write_lines(result_id: UUID, outcome: Outcome) -> None:
    """The lines of an outcome, in place of those before."""
    db.session.execute(delete(ResultLine).where(ResultLine.result_id == result_id))
    rows = []
    for position, line in enumerate(outcome.lines):
        candidate = line.place.score.candidate
        rows.append(
            {
                "result_id": result_id,
                "nomination_id": UUID(candidate.id),
                "category_code": candidate.category,
                "place_code": candidate.place,
                "position": position,
                "rank": line.place.rank,
                "tie_rule": line.place.tie_rule,
                "is_selected": line.is_selected,
                "components": outcomes.dump_line(line),
            }
        )
    if rows:
        db.session.execute(insert(_lines), rows)
