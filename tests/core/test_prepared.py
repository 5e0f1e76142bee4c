"""Statements handed to the driver: the same rows, types and errors as by SQLAlchemy."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from core.db import Base, current_connection, db
from core.ids import new_id
from core.prepared import Prepared
from nominations.lifecycles import CampaignStatus
from nominations.models.ballots import Ballot
from nominations.models.campaigns import Campaign
from tests.factories.accounts import person
from tests.factories.nominations import campaign

AT = datetime(2028, 2, 29, 15, 59, 59, 123456, tzinfo=UTC)

_campaigns = Base.metadata.tables[Campaign.__tablename__]
_ballots = Base.metadata.tables[Ballot.__tablename__]
NAMES = ("id", "campaign_id", "voter_id", "period", "revision", "choices", "cast_at")
VALUES = {name: bindparam(f"new_{name}", type_=_ballots.c[name].type) for name in NAMES}

FIND = (
    select(_campaigns.c.id, _campaigns.c.status, _campaigns.c.paused_from, literal(7).label("n"))
    .where(_campaigns.c.id == bindparam("the_campaign"))
    .limit(1)
)
FIND_BALLOTS = select(*(_ballots.c[name] for name in NAMES)).where(
    _ballots.c.cast_at <= bindparam("until", type_=_ballots.c.cast_at.type)
)
INSERTS = {
    "sqlite": Prepared(sqlite.insert(_ballots).values(VALUES)),
    "postgresql": Prepared(postgresql.insert(_ballots).values(VALUES)),
}


def ballot(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": new_id(),
        "campaign_id": new_id(),
        "voter_id": person().id,
        "period": "once",
        "revision": 1,
        "choices": ["a", "b"],
        "cast_at": AT,
        **changes,
    }
    return {f"new_{name}": value for name, value in values.items()}


def insert(values: dict[str, object]) -> int:
    connection = current_connection()
    return INSERTS[connection.dialect.name].run(connection, values)


def test_a_row_has_the_types_of_its_columns(ctx: Flask) -> None:
    made = campaign(CampaignStatus.ASSESSING)
    prepared = Prepared(FIND)
    found = prepared.first(current_connection(), {"the_campaign": made.id, "of": "no concern"})
    assert found == (made.id, CampaignStatus.ASSESSING, None, 7)
    assert (found.status, found.n) == (CampaignStatus.ASSESSING, 7)
    assert prepared.first(current_connection(), {"the_campaign": new_id()}) is None
    assert [row.id for row in prepared.all(current_connection(), {"the_campaign": made.id})] == [
        made.id
    ]


def test_rows_of_the_driver_are_read_as_by_itself(ctx: Flask) -> None:
    made = campaign(CampaignStatus.ASSESSING)
    prepared, connection = Prepared(FIND), current_connection()
    values = {"the_campaign": made.id}
    raw = prepared.fetch(connection, values)
    assert [prepared.row(connection.dialect, row) for row in raw] == prepared.all(
        connection, values
    )
    assert prepared.fetch(connection, {"the_campaign": new_id()}) == []


def test_what_is_written_is_read_again(ctx: Flask) -> None:
    values = ballot()
    assert insert(values) == 1
    (row,) = Prepared(FIND_BALLOTS).all(current_connection(), {"until": AT})
    assert row._asdict() == {name: values[f"new_{name}"] for name in NAMES}


def test_a_missing_parameter_is_a_mistake_of_ours(ctx: Flask) -> None:
    with pytest.raises(KeyError, match="the_campaign"):
        Prepared(FIND).first(current_connection(), {})


def test_a_violated_key_is_raised_as_by_sqlalchemy(ctx: Flask) -> None:
    values = ballot()
    insert(values)
    again = values | {"new_id": new_id()}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        insert(again)
    assert db.session.scalar(select(func.count()).select_from(Ballot)) == 1
