"""Bad input on every endpoint: a problem with a known code, never a 5xx, and nothing written."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from core.db import Base, atomically, db
from tests.conftest import Http, stored
from tests.contract.operations import KNOWN_CODES, Operation, almighty, operations
from tests.doubles.wechat import RecordingWeChat

JSON = "application/json"

HOSTILE: dict[str, tuple[bytes, str]] = {
    "form instead of JSON": (b"a=1", "application/x-www-form-urlencoded"),
    "no content type": (b"{}", ""),
    "cut off": (b'{"a": ', JSON),
    "bad UTF-8": (b'{"a": "\xff\xfe"}', JSON),
    "NUL": (b'{"a": "\\u0000"}', JSON),
    "lone surrogate": (b'{"a": "\\ud800"}', JSON),
    "million deep": (b"[" * 1_000_000, JSON),
    "duplicate keys": (b'{"a": 1, "a": 2}', JSON),
    "NaN": (b'{"a": NaN}', JSON),
    "huge exponent": (b'{"a": 1E+1000000}', JSON),
    "2^63": (b'{"a": 9223372036854775808}', JSON),
    "5,000 digits": (b'{"a": ' + b"9" * 5000 + b"}", JSON),
    "an array": (b"[]", JSON),
    "a string": (b'"x"', JSON),
    "a number": (b"1", JSON),
    "unknown field": (b'{"nobody_knows_this": 1}', JSON),
    "over a mebibyte": (b'{"a": "' + b"x" * (1 << 20) + b'"}', JSON),
}

WRONG: tuple[Any, ...] = (
    None,
    True,
    1.5,
    -1,
    2**53,
    "",
    "x" * 5000,
    "\u202e反",
    [],
    {},
    [None],
    "2026-02-30",
    "0001-01-01T00:00:00Z",
)
"""Values of which every field must refuse most and survive all."""


def counts(app: Flask) -> dict[str, int]:
    def read() -> dict[str, int]:
        return {
            name: db.session.scalars(select(func.count()).select_from(table)).one()
            for name, table in Base.metadata.tables.items()
        }

    with app.app_context():
        return atomically(app, read, write=False)


def is_refused(response: TestResponse, what: str) -> None:
    assert 400 <= response.status_code < 500, f"{what}: {response.status_code}"
    assert response.content_type == "application/problem+json", what
    assert response.json is not None
    assert response.json["code"] in KNOWN_CODES, what
    assert response.json["detail"], what


@pytest.fixture
def all_operations(app: Flask) -> list[Operation]:
    found = list(operations(app))
    assert len(found) > 50
    return found


@pytest.fixture
def desk(http: Http, rolled_back: Flask, wechat: RecordingWeChat) -> Http:
    with stored(rolled_back):
        return http.as_(almighty())


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_body_is_refused_everywhere(
    desk: Http, rolled_back: Flask, all_operations: list[Operation], what: str
) -> None:
    data, content_type = HOSTILE[what]
    before = counts(rolled_back)
    for operation in all_operations:
        if operation.method == "GET" or operation.path.endswith("/wechat/events"):
            continue
        response = desk._send(
            operation.method, operation.url(), data=data, content_type=content_type
        )
        if response.status_code == 204 and operation.method == "POST":
            raise AssertionError(f"{operation.name} took {what}")
        is_refused(response, f"{operation.name} with {what}")
    assert counts(rolled_back) == before


def test_every_field_refuses_what_it_is_not(
    desk: Http, rolled_back: Flask, all_operations: list[Operation]
) -> None:
    tried = 0
    for operation in all_operations:
        if operation.body is None or operation.path.startswith("/api/v1/auth"):
            continue
        for name in operation.body["properties"]:
            for value in WRONG:
                response = desk._send(operation.method, operation.url(), json={name: value})
                assert response.status_code < 500, f"{operation.name} {name}={value!r}"
                tried += 1
    assert tried > 500


def test_unknown_ids_are_not_found(
    desk: Http, rolled_back: Flask, all_operations: list[Operation]
) -> None:
    for operation in all_operations:
        if "{" not in operation.path:
            continue
        response = desk._send(operation.method, operation.url())
        assert response.status_code in (404, 415, 422), operation.name
        for bad in ("not-an-id", "%00", "1", f"{uuid4()}x"):
            path = operation.path.removeprefix("/api/v1")
            path = path[: path.index("{")] + bad + path[path.index("}") + 1 :]
            is_refused(desk._send(operation.method, path), f"{operation.method} {path}")


def test_unknown_and_bad_query_fields_are_refused(
    desk: Http, all_operations: list[Operation]
) -> None:
    for operation in all_operations:
        if operation.method != "GET" or operation.path.endswith("/wechat/events"):
            continue
        for query in ("nobody=1", "limit=1&limit=2", "q=%ff", "cursor=%00"):
            is_refused(desk.get(f"{operation.url()}?{query}"), f"{operation.name}?{query}")


def test_nobody_and_somebody_without_roles(
    http: Http, rolled_back: Flask, all_operations: list[Operation]
) -> None:
    """An anonymous call is 401 wherever a permission stands; a citizen without a role 403."""
    with stored(rolled_back):
        citizen = http.as_(almighty_but_nothing())
    for operation in all_operations:
        if operation.permission == "public":
            continue
        assert http._send(operation.method, operation.url()).status_code == 401, operation.name
        answer = citizen._send(operation.method, operation.url())
        assert answer.status_code == 403, operation.name


def almighty_but_nothing() -> Any:
    """A signed-in person who holds no permission at all."""
    someone = almighty()
    return type(someone)(person_id=someone.person_id)
