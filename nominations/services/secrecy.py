"""What was told about a case before its name was withheld, or while it had another name."""

from collections.abc import Iterable

from sqlalchemy import select, update

from accounts.services import messages
from core.db import db
from nominations.models.clues import Clue
from nominations.models.nominations import WITHHELD_NAME, Nomination
from nominations.services import campaign_log


def conceal(nomination: Nomination, reason: str) -> None:
    """Withhold a case, whose row is held, with all that went into it, and take the name out of
    every message about them. What has reached WeChat can't be called back."""
    campaign_log.note_departure(nomination)
    _mark(nomination, is_withheld=True, reason=reason)
    merged = select(Nomination).where(Nomination.merged_into_id == nomination.id)
    cases = [nomination, *db.session.scalars(merged)]
    of_them = Clue.nomination_id.in_([case.id for case in cases])
    clues = list(db.session.execute(select(Clue.id, Clue.nominee_name).where(of_them)))
    names = {case.nominee_name for case in cases} | {clue.nominee_name for clue in clues}
    about = [case.id for case in cases] + [clue.id for clue in clues]
    messages.rewrite(about, lambda said: _without(names, said))


def reveal(nomination: Nomination) -> None:
    """End what `conceal` began; messages stay as they are."""
    campaign_log.note_entrance(nomination)
    _mark(nomination, is_withheld=False, reason=None)


def rename(nomination: Nomination, before: str) -> None:
    """Let messages about a case say its present name, so that no other one is left in them."""
    messages.rewrite([nomination.id], lambda said: said.replace(before, nomination.nominee_name))


def _mark(nomination: Nomination, *, is_withheld: bool, reason: str | None) -> None:
    nomination.is_withheld, nomination.withheld_reason = is_withheld, reason
    db.session.flush()
    db.session.execute(
        update(Nomination)
        .where(Nomination.merged_into_id == nomination.id)
        .values(is_withheld=is_withheld, withheld_reason=reason)
    )


def _without(names: Iterable[str], said: str) -> str:
    """The longest first: one may be a part of another."""
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, WITHHELD_NAME)
    return said
