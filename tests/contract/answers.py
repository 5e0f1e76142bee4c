"""Requests that schemathesis makes from the OpenAPI document, and whether the answers are in it:
bounded and without chance. Two test files share the work, so that two processes can."""

import json
from datetime import UTC, datetime
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.conftest import Http, stored
from tests.contract.operations import almighty
from tests.factories.accounts import id_number

EXAMPLES, EXAMPLES_ON_POSTGRES = 2, 1
"""Requests of each operation and mode. The document and the parsing are the same on both
databases."""

RARE = "\U00020000-\U0003fffd"
"""Rare characters of names in patterns. Hypothesis would list all 131,070 of them for each field,
which took half of the time."""

CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)

schemathesis.openapi.format("cn-id-number", st.builds(id_number))
schemathesis.openapi.format("cn-mobile", st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
schemathesis.openapi.format(
    "date-time",
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
        datetime.isoformat
    ),
)


def check_every_answer(http: Http, app: Flask, mode: GenerationMode) -> None:
    """Somebody who may everything calls every operation with what fits the document, or not."""
    with stored(app):
        token = http.as_(almighty()).token()
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    told = json.dumps(schema.raw_schema, ensure_ascii=False)
    assert RARE in told
    schema.raw_schema = json.loads(told.replace(RARE, ""))
    checks = CHECKS.get_by_names(list(CHECKED))
    is_sqlite = app.extensions["liancheng.settings"].is_sqlite
    examples = EXAMPLES if is_sqlite else EXAMPLES_ON_POSTGRES
    tried: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        _try(found.ok(), mode, examples, token, checks, tried)
    assert len(set(tried)) > 50


def _try(
    operation: Any,
    mode: GenerationMode,
    examples: int,
    token: str,
    checks: list[Any],
    tried: list[str],
) -> None:
    """Some requests that fit the document, or don't, and whether the answers do."""

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)
        tried.append(operation.label)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label
