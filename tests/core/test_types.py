from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID

import pysqlite3.dbapi2
import pytest
from flask import Flask
from sqlalchemy import Interval, create_engine, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.schema import CreateTable

from core.config import Settings
from core.crypto import EXTENSION, CipherError, Vault
from core.ids import new_id
from core.types import EncryptedText, UnboundRow, UtcDateTime, enum_by_value

SHANGHAI_NOON = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


class Base(DeclarativeBase):
    def __init__(self, **values: Any) -> None:
        for name, value in {"id": new_id(), **values}.items():
            setattr(self, name, value)


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    colour: Mapped[Colour | None] = mapped_column(enum_by_value(Colour))
    number_cipher: Mapped[bytes | None]
    phone_blob: Mapped[bytes | None] = mapped_column("phone_cipher")

    number = EncryptedText("number_cipher")
    phone = EncryptedText("phone_blob")


@pytest.fixture
def session() -> Iterator[Session]:
    app = Flask(__name__)
    app.extensions[EXTENSION] = Vault.from_settings(Settings())
    engine = create_engine("sqlite://", module=pysqlite3.dbapi2)
    Base.metadata.create_all(engine)
    with app.app_context(), Session(engine) as opened:
        yield opened
    engine.dispose()


def stored(session: Session, **values: Any) -> Thing:
    thing = Thing(**values)
    session.add(thing)
    session.flush()
    session.expire_all()
    return thing


def test_instant_comes_back_aware_in_utc(session: Session) -> None:
    at = stored(session, at=SHANGHAI_NOON).at
    assert at == SHANGHAI_NOON
    assert at is not None
    assert at.tzinfo is UTC


def test_instant_is_stored_as_utc_text_that_sorts_by_time(session: Session) -> None:
    stored(session, at=SHANGHAI_NOON)
    raw = session.execute(text("SELECT at FROM things")).scalar_one()
    assert raw == "2026-05-01 04:00:00.123456"


def test_instants_compare_across_zones(session: Session) -> None:
    stored(session, at=SHANGHAI_NOON)
    same = SHANGHAI_NOON.astimezone(timezone(timedelta(hours=-7)))
    assert session.scalar(select(Thing.id).where(Thing.at == same)) is not None
    assert session.scalar(select(Thing.id).where(Thing.at < same)) is None


@pytest.mark.parametrize("bad", [datetime(2026, 5, 1), "2026-05-01", SHANGHAI_NOON.date()])  # noqa: DTZ001 - refused
def test_naive_or_other_value_is_refused(session: Session, bad: object) -> None:
    with pytest.raises(StatementError):
        stored(session, at=bad)
    session.rollback()
    with pytest.raises(StatementError):
        session.scalar(select(Thing.id).where(Thing.at == bad))


def test_duration_beside_an_instant_is_not_taken_for_one() -> None:
    later = Thing.__table__.c.at + timedelta(hours=1)
    compiled = later.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    assert all(isinstance(bound.type, Interval) for bound in compiled.binds.values())


def test_ddl_on_postgresql() -> None:
    ddl = str(CreateTable(Thing.__table__).compile(dialect=postgresql.dialect()))  # type: ignore[arg-type,no-untyped-call]
    assert "at TIMESTAMP WITH TIME ZONE" in ddl
    assert "colour VARCHAR(32)" in ddl
    assert "number_cipher BYTEA" in ddl
    assert "CHECK" not in ddl


def test_enum_is_stored_by_value_and_comes_back_as_member(session: Session) -> None:
    assert stored(session, colour=Colour.DARK_BLUE).colour is Colour.DARK_BLUE
    assert session.execute(text("SELECT colour FROM things")).scalar_one() == "dark_blue"
    found = session.scalars(select(Thing).where(Thing.colour.in_([Colour.DARK_BLUE]))).one()
    assert found.colour is Colour.DARK_BLUE


def test_enum_none_stays_none(session: Session) -> None:
    assert stored(session).colour is None


def test_unknown_enum_value_is_refused_both_ways(session: Session) -> None:
    with pytest.raises(StatementError):
        stored(session, colour="green")
    session.rollback()
    thing = stored(session, colour=Colour.RED)
    session.execute(text("UPDATE things SET colour = 'green'"))
    session.expire_all()
    with pytest.raises(LookupError):
        _ = thing.colour


def test_enum_longer_than_its_column_is_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        enum_by_value(Colour, length=8)


def test_encrypted_text_is_nowhere_in_clear(session: Session) -> None:
    thing = stored(session, number="411002199001011234")
    assert thing.number == "411002199001011234"
    raw = session.execute(text("SELECT number_cipher FROM things")).scalar_one()
    assert b"411002199001011234" not in raw


def test_encrypted_text_works_before_the_row_is_stored(session: Session) -> None:
    thing = Thing()
    thing.number = "一二三"
    assert thing.number == "一二三"
    thing.number = None
    assert thing.number is None
    assert thing.number_cipher is None


def test_encrypted_text_follows_a_renamed_column(session: Session) -> None:
    assert stored(session, phone="+8613812345678").phone == "+8613812345678"


def test_blob_of_another_row_does_not_open(session: Session) -> None:
    first, second = stored(session, number="1"), stored(session, number="2")
    second.number_cipher = first.number_cipher
    with pytest.raises(CipherError):
        _ = second.number


def test_blob_of_another_column_does_not_open(session: Session) -> None:
    thing = stored(session, number="1")
    thing.phone_blob = thing.number_cipher
    with pytest.raises(CipherError):
        _ = thing.phone


def test_setting_before_the_id_is_refused(session: Session) -> None:
    with pytest.raises(UnboundRow):
        Thing(id=None, number="1")


def test_class_access_gives_the_descriptor() -> None:
    assert isinstance(Thing.number, EncryptedText)
    assert Thing.number.column == "number_cipher"
