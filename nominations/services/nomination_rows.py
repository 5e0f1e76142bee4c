"""Rows of nominations that an office collected: judged by the very services that a citizen's
nomination goes through, so that no rule of a campaign is written a second time.

To check a row it is nominated in a savepoint that is rolled back. Photos are not in a table: where
a campaign asks for them, the row becomes a draft of who uploaded it, to add them and submit.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from core.actor import Actor
from core.crypto import vault
from core.db import db, insert_if_absent
from core.errors import DomainError
from core.ids import new_id
from core.wechat import TextVerdict
from nominations.errors import (
    NominatedElsewhere,
    NomineeTooYoung,
    SelfNominationRefused,
)
from nominations.lifecycles import NomineeKind
from nominations.models.imports import CampaignImport, ImportedNomination
from nominations.models.nominations import Nomination
from nominations.services import campaigns, nominations, nominees
from nominations.services.import_places import STEPS, Places
from nominations.services.nominations import TextCheck
from volunteer.models.imports import Import
from volunteer.services.import_kinds import FirstSeen, GoodRow, Problem, Problems, Values

NAME, NOMINEE_KIND, ID_NUMBER, CATEGORY = "被推荐人", "对象类型", "身份证号码", "类别"
SUMMARY, SHORT_DEEDS, DEEDS = "一句话介绍", "事迹简介", "事迹材料"
REPRESENTATIVE, MEMBERS, DIED_ON = "代表人", "人数", "去世日期"

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "category": CATEGORY,
        "nominee_kind": NOMINEE_KIND,
        "nominee_id_number": ID_NUMBER,
        "deceased_on": DIED_ON,
        "summary": SUMMARY,
        "short_deeds": SHORT_DEEDS,
        "deeds": DEEDS,
        "representative_name": REPRESENTATIVE,
        "members_count": MEMBERS,
        NomineeTooYoung.code: ID_NUMBER,
        SelfNominationRefused.code: ID_NUMBER,
        NominatedElsewhere.code: CATEGORY,
    }
)
"""Where a refusal is told: by the field that it names, or by its code; else at the name."""

REPEATED = "这条推荐已经导入过"
PLACES = frozenset(key for key, _, _ in STEPS)


class NominationRows:
    most_at_once = 10
    """Each takes some twenty statements, during which others wait to write."""

    def repeats(self) -> Callable[[GoodRow], Problem | None]:
        seen = FirstSeen()

        def problem(row: GoodRow) -> Problem | None:
            number = row.values.get("nominee_id_number")
            if number is not None:
                return seen.problem(ID_NUMBER, row.number, number)
            where = "|".join(row.values.get(key, "") for key, _, _ in STEPS)
            what = f"{row.values['nominee_name']}|{row.values['category']}|{where}"
            return seen.problem(NAME, row.number, what)

        return problem

    def problems_of(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        return _tried(of, rows, is_kept=False)

    def write(self, of: Import, rows: Sequence[GoodRow]) -> Problems:
        return _tried(of, rows, is_kept=True)


class _Undone(Exception):
    """Takes back what a row did; `problem` is what is against it, if anything is."""

    def __init__(self, problem: Problem | None) -> None:
        super().__init__()
        self.problem = problem


def _tried(of: Import, rows: Sequence[GoodRow], *, is_kept: bool) -> Problems:
    """Nominate by each row, and keep it if nothing is against it, and if so wanted; gives what is
    against the others."""
    places = Places(of.site, rows)
    campaign_id = db.session.get_one(CampaignImport, of.id).campaign_id
    found: dict[int, Problem] = {}
    for row in rows:
        try:
            with db.session.begin_nested():
                _nominate(of, campaign_id, places, row.values)
                if not is_kept:
                    raise _Undone(None)
        except _Undone as undone:
            if undone.problem is not None:
                found[row.number] = undone.problem
        except DomainError as refusal:
            found[row.number] = _told(refusal)
    return found


def _nominate(of: Import, campaign_id: UUID, places: Places, values: Values) -> None:
    place = places.of(values)
    if isinstance(place, Problem):
        raise _Undone(place)
    actor = Actor(person_id=of.uploaded_by)
    campaign = campaigns.share(campaign_id)
    category = {c.name: c.code for c in campaign.categories}.get(values["category"])
    if category is None:
        raise _Undone(Problem(CATEGORY, "本次活动没有这个类别"))
    facts = _facts(values)
    paper_nominator = facts.pop("paper_nominator", None)
    made = nominations.create(
        actor,
        campaign_id,
        nominator_id=of.uploaded_by,
        category_code=category,
        site_id=place.id,
        **facts,
    )
    if not _keep_source(of, made, paper_nominator):
        raise _Undone(Problem(NAME, REPEATED))
    if campaign.rules.life_photos_min:
        nominations.check_complete(
            actor, made, campaign.rules, photos=campaign.rules.life_photos_min
        )
        nominees.check_one_category(made)
    else:
        nominations.submit(actor, made.id, check=TextCheck(TextVerdict.UNCHECKED, b""))


def _keep_source(of: Import, made: Nomination, paper_nominator: str | None) -> bool:
    """False if a row like this one was imported before. A transient row encrypts for its id."""
    source = ImportedNomination(id=new_id(), paper_nominator=paper_nominator)
    return insert_if_absent(
        ImportedNomination,
        id=source.id,
        nomination_id=made.id,
        import_id=of.id,
        record_key=_record_key(made),
        paper_nominator_cipher=source.paper_nominator_cipher,
    )


def _facts(values: Values) -> dict[str, Any]:
    """Columns of a nomination but for category and place."""
    facts = {k: v for k, v in values.items() if k not in PLACES and k != "category"}
    facts["nominee_kind"] = NomineeKind(values["nominee_kind"])
    if "deceased_on" in facts:
        facts["deceased_on"] = date.fromisoformat(facts["deceased_on"])
    return facts


def _record_key(made: Nomination) -> UUID:
    index = made.nominee_id_number_index
    who = str(made.site_id) if index is None else index.hex()
    text = "|".join((str(made.campaign_id), made.category_code, made.nominee_name, who))
    return UUID(bytes=vault().index.digest(text, purpose="imported_nomination")[:16])


def _told(refusal: DomainError) -> Problem:
    """A refusal as a problem of the row: of its first field, if it names some."""
    for field, reasons in (refusal.errors or {}).items():
        return Problem(COLUMNS.get(field, NAME), "；".join(reasons))
    return Problem(COLUMNS.get(refusal.code, NAME), refusal.detail)
