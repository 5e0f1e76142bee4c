"""The OpenAPI document against the app, by schemathesis: bounded and without chance."""

from datetime import UTC, datetime
from typing import Any

import pytest
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
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import id_number

EXAMPLES = 8
"""Requests of each operation, mode and database."""

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


def test_the_document_is_openapi_3_1(http: Http) -> None:
    document = http.client.get("/api/openapi.json").json
    assert document is not None
    assert document["openapi"].startswith("3.1")
    for path, item in document["paths"].items():
        for method, told in item.items():
            if method in ("get", "post", "put", "patch", "delete"):
                assert told["summary"], f"{method} {path} has no summary"
                assert "default" in told["responses"]


def test_the_page_shows_the_document_from_local_assets(http: Http) -> None:
    page = http.client.get("/api/docs").get_data(as_text=True)
    assert "//" not in page.replace("https://", "//").replace("/api/", "")
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js"):
        response = http.client.get(f"/api/docs/assets/{asset}")
        assert response.status_code == 200
        response.close()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_in_the_document(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat, mode: GenerationMode
) -> None:
    with stored(rolled_back):
        token = http.as_(almighty()).token()
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", rolled_back)
    checks = CHECKS.get_by_names(list(CHECKED))
    tried: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        try_operation(found.ok(), mode, token, checks, tried)
    assert len(set(tried)) > 50


def try_operation(
    operation: Any, mode: GenerationMode, token: str, checks: list[Any], tried: list[str]
) -> None:
    """Some requests that fit the document, or don't, and whether the answers do."""

    @settings(
        max_examples=EXAMPLES,
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
