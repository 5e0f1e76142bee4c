"""Imports of the selection: confirmed once, and a row written once, however many work at it.

The negative control is that of `test_import_races`: without a key the same rows are written twice.
"""

from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import Actor
from core.db import atomically, db
from core.errors import WrongState
from jobs.imports import KINDS
from nominations.lifecycles import CampaignStatus
from nominations.models.archive_entries import ArchiveEntry
from nominations.models.benefits import BenefitCard
from nominations.models.honors import Honor
from nominations.models.imports import ImportedNomination, SelectionImportKind
from nominations.models.nominations import Nomination
from nominations.services import imports
from tests.conftest import stored
from tests.factories.accounts import site
from tests.factories.nominations import DEEDS, campaign, reviewer
from tests.factories.volunteer import NINE
from tests.races.crowd import rush
from volunteer.models.imports import Import
from volunteer.services import import_work

pytestmark = pytest.mark.race
ROWS = 20

HONORS = "姓名或名称,对象类型,荣誉类型,级别,类别,荣誉称号,年度,文号,授予日期,事迹简介,同意公开姓名"
CASES = "被推荐人,对象类型,类别,一句话介绍,事迹材料"


def honor_lines() -> str:
    lines = [
        f"申屠{n},个人,好人,市级,助人为乐,许昌好人,2014,许文明〔2014〕12号,2014-10-10,照顾老人,是"
        for n in range(ROWS)
    ]
    return "\n".join([HONORS, *lines])


def case_lines() -> str:
    return "\n".join([CASES, *(f"申屠{n},个人,助人为乐,照顾老人,{DEEDS}" for n in range(ROWS))])


def checked(app: Flask, kind: SelectionImportKind, uploads: int) -> tuple[list[UUID], list[Actor]]:
    """Uploads of the same rows, checked; and two who may confirm them."""
    with stored(app):
        clerk, *chiefs = (reviewer("411000") for _ in range(3))
        place = site("411000").id
        cases = kind is SelectionImportKind.NOMINATIONS
        into = campaign(CampaignStatus.NOMINATING).id if cases else None
    text = case_lines() if cases else honor_lines()
    ids = []
    for _ in range(uploads):
        with app.app_context():
            kept = imports.keep(clerk, body={"file": text.encode()})
        with stored(app):
            imports.upload(
                clerk, kept, kind=kind, site_id=place, campaign_id=into, note="历年纸质档案"
            )
        with app.app_context():
            assert import_work.check(app, kept, KINDS)
        ids.append(kept)
    return ids, chiefs


def begun(app: Flask, import_id: UUID, by: Actor) -> None:
    with stored(app):
        imports.confirm(by, import_id)
    with stored(app):
        assert import_work._claim(import_id, import_work.TO_WRITE, "begin")


def finish(app: Flask, import_id: UUID) -> tuple[str, int, int]:
    def counters() -> tuple[str, int, int]:
        found = db.session.get_one(Import, import_id)
        return found.status.value, found.checked, found.bad + found.written

    with app.app_context():
        while atomically(app, partial(import_work.write_batch, import_id, KINDS), write=True):
            pass
        return atomically(app, counters, write=False)


def counted(app: Flask, *models: type) -> tuple[int, ...]:
    def read() -> tuple[int, ...]:
        return tuple(
            db.session.scalars(select(func.count()).select_from(model)).one() for model in models
        )

    with app.app_context():
        return atomically(app, read, write=False)


def test_of_two_who_confirm_one_does(committed: Flask) -> None:
    with clock.frozen(NINE):
        (import_id,), chiefs = checked(committed, SelectionImportKind.HONORS, 1)
        outcomes = rush(committed, [partial(imports.confirm, c, import_id) for c in chiefs])
    assert len([o for o in outcomes if isinstance(o, WrongState)]) == 1


@pytest.mark.parametrize("kind", SelectionImportKind)
def test_the_same_file_twice_at_once_is_once(
    committed: Flask, monkeypatch: pytest.MonkeyPatch, kind: SelectionImportKind
) -> None:
    monkeypatch.setattr(import_work, "BATCH", 5)
    with clock.frozen(NINE):
        ids, chiefs = checked(committed, kind, 2)
        for import_id in ids:
            begun(committed, import_id, chiefs[0])
        work = [partial(import_work.write_batch, import_id, KINDS) for import_id in ids] * 2
        failed = [o for o in rush(committed, work) if isinstance(o, Exception)]
        for import_id in ids:
            assert finish(committed, import_id) == ("done", ROWS, ROWS), "no row is lost"
    assert failed == []
    made = (
        (ArchiveEntry, Honor, BenefitCard)
        if kind is SelectionImportKind.HONORS
        else (Nomination, ImportedNomination)
    )
    assert counted(committed, *made) == (ROWS,) * len(made)
