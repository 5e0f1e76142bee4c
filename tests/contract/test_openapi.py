"""The OpenAPI document and its page, and requests that fit it against the app."""

from flask import Flask
from schemathesis.generation import GenerationMode

from tests.conftest import Http
from tests.contract.answers import check_every_answer
from tests.doubles.wechat import RecordingWeChat


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


def test_every_answer_is_in_the_document(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    check_every_answer(http, rolled_back, GenerationMode.POSITIVE)
