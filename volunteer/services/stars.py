"""Stars (Henan art. 41): awarded for time and quality, with their history.

A star counts the time of both ledgers, of which a part must be verified, and asks for a mean
evaluation where there are any. It follows its facts: when a correction or an evaluation takes
them away the star falls, and the history says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, update

from accounts.services import messages
from core import clock
from core.actor import Actor
from core.db import current_connection, db
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer.models.hours import VolunteerStanding
from volunteer.models.reference import StarLevel
from volunteer.models.stars import StarAward
from volunteer.papers import in_words
from volunteer.services import reference
from volunteer.services.hours_statements import LEVELS, SCORE, said_about

SCORED_AT_ONCE = 500

NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a star rests on."""

    verified_minutes: int
    honorary_minutes: int
    score_tenths: int | None
    """Mean of the evaluations and ratings in tenths, rounded down; None without any."""


@dataclass(frozen=True, slots=True)
class NextStar:
    """What is missing for the next star; all zero and None when the next tally awards it."""

    star: int
    minutes_missing: int
    """Of any kind."""
    verified_minutes_missing: int
    """Of these, how much at least must be verified."""
    score_tenths_needed: int | None
    """The mean evaluation to reach, where the present one is below it."""


def earned(levels: Sequence[StarLevel], facts: Facts) -> int:
    """The highest star that the facts carry; 0 for none."""
    reached = [level.star for level in levels if not _missing(level, facts)]
    return max(reached, default=0)


def _missing(level: StarLevel, facts: Facts) -> bool:
    missing = next_star([level], 0, facts)
    return missing is not None and bool(
        missing.minutes_missing or missing.verified_minutes_missing or missing.score_tenths_needed
    )


def next_star(levels: Sequence[StarLevel], star: int, facts: Facts) -> NextStar | None:
    """What is missing for the level above `star`; None above the highest."""
    for level in levels:
        if level.star > star:
            score = facts.score_tenths
            too_low = score is not None and score < level.score_tenths
            total = facts.verified_minutes + facts.honorary_minutes
            return NextStar(
                level.star,
                max(0, level.minutes - total),
                max(0, level.verified_minutes - facts.verified_minutes),
                level.score_tenths if too_low else None,
            )
    return None


def next_of(
    person_id: UUID, star: int, verified_minutes: int, honorary_minutes: int
) -> NextStar | None:
    """What a person of these sums is shown."""
    connection = current_connection()
    said: Any = SCORE.first(connection, {"person": person_id})
    levels = [StarLevel(**row._asdict()) for row in LEVELS.all(connection, {})]
    facts = Facts(
        verified_minutes,
        honorary_minutes,
        int(said.total) * 10 // said.number if said.number else None,
    )
    return next_star(levels, star, facts)


def review(people: Iterable[UUID]) -> None:
    """Bring the stars of these people up to date. Only within the tally, which holds its lock."""
    wanted = list(people)
    query = select(VolunteerStanding).where(VolunteerStanding.person_id.in_(wanted))
    standings = db.session.scalars(query.execution_options(populate_existing=True)).all()
    levels, scores = reference.list_star_levels(), _scores(wanted)
    for standing in sorted(standings, key=lambda s: s.person_id):
        facts = Facts(
            standing.verified_minutes,
            standing.honorary_minutes,
            scores.get(standing.person_id),
        )
        star = earned(levels, facts)
        if star != standing.star:
            _change(standing, star, facts)


def _scores(people: list[UUID]) -> dict[UUID, int]:
    """Means in tenths of all that was said about each person (see `said_about`)."""
    said = said_about(lambda person_id: person_id.in_(people)).subquery("said")
    query = select(said.c.person_id, func.sum(said.c.score), func.count())
    return {
        person_id: int(total) * 10 // number
        for person_id, total, number in db.session.execute(query.group_by(said.c.person_id))
    }


def _change(standing: VolunteerStanding, star: int, facts: Facts) -> None:
    award = StarAward(
        id=new_id(),
        person_id=standing.person_id,
        star_before=standing.star,
        star=star,
        verified_minutes=facts.verified_minutes,
        honorary_minutes=facts.honorary_minutes,
        score_tenths=facts.score_tenths,
        at=clock.now(),
    )
    db.session.add(award)
    db.session.execute(
        update(VolunteerStanding)
        .where(VolunteerStanding.person_id == award.person_id)
        .values(star=star, starred_at=award.at if star else None)
        .execution_options(synchronize_session=False)
    )
    if star > award.star_before:
        total = facts.verified_minutes + facts.honorary_minutes
        messages.tell(
            award.person_id, "star_awarded", award.id, star=_name(star), hours=in_words(total)
        )
    else:
        messages.tell(
            award.person_id,
            "star_lowered",
            award.id,
            before=_name(award.star_before),
            after=_name(star),
        )


def _name(star: int) -> str:
    return f"{NUMERALS[star - 1]}星级" if star else "暂无星级"


def to_review() -> list[UUID]:
    """People who should have another star than they have: the city changed the levels. Those
    whom only their evaluations hold back are among them."""
    total = VolunteerStanding.verified_minutes + VolunteerStanding.honorary_minutes
    by_time = (
        select(func.coalesce(func.max(StarLevel.star), 0))
        .where(
            StarLevel.minutes <= total,
            StarLevel.minutes * StarLevel.verified_percent
            <= VolunteerStanding.verified_minutes * 100,
        )
        .scalar_subquery()
    )
    found = list(
        db.session.scalars(
            select(VolunteerStanding.person_id).where(VolunteerStanding.star != by_time)
        )
    )
    return found + _below_their_level(by_time)


def _below_their_level(by_time: ScalarSelect[int]) -> list[UUID]:
    """Of those whose time carries their star, whom their evaluations do not."""
    needed = {level.star: level.score_tenths for level in reference.list_star_levels()}
    query = select(VolunteerStanding.person_id, VolunteerStanding.star).where(
        VolunteerStanding.star == by_time, VolunteerStanding.star > 0
    )
    below = []
    for starred in db.session.execute(query).partitions(SCORED_AT_ONCE):
        star_of = {row.person_id: row.star for row in starred}
        scores = _scores(list(star_of))
        below += [one for one, score in scores.items() if score < needed[star_of[one]]]
    return below


def list_own(actor: Actor, page: PageRequest) -> Page[StarAward]:
    """How the actor's star changed, latest first."""
    query = select(StarAward).where(StarAward.person_id == actor.id)
    return paginate(query, page, by=[StarAward.id], descending=True)
