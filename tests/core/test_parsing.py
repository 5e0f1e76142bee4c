import io
import json
import time
from typing import Any

import marshmallow as ma
import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from core.errors import DomainError, InvalidInput
from core.http.parsing import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_JSON_BYTES,
    MAX_REPORTED,
    MalformedJSON,
    StrictParser,
    check_url,
    read_json,
)

PARSER = StrictParser()


class Inner(ma.Schema):
    number = ma.fields.Integer(strict=True)


class Body(ma.Schema):
    name = ma.fields.String(required=True)
    number = ma.fields.Raw()
    inners = ma.fields.List(ma.fields.Nested(Inner))


class Query(ma.Schema):
    q = ma.fields.String()
    tag = ma.fields.List(ma.fields.String())


class Upload(ma.Schema):
    file = ma.fields.Raw(required=True)


def _app() -> Flask:
    app = Flask(__name__)
    app.testing = True

    @app.errorhandler(DomainError)
    def refuse(error: DomainError) -> tuple[dict[str, Any], int]:
        return {"code": error.code, "detail": error.detail, "errors": error.errors}, 422

    @app.errorhandler(HTTPException)
    def refuse_transport(error: HTTPException) -> tuple[dict[str, Any], int]:
        return {"code": error.name}, error.code or 500

    @app.before_request
    def check() -> None:
        check_url(request)
        if "X-Read-Early" in request.headers:
            request.get_data(cache=True)

    for path, schema, location in (
        ("/json", Body, "json"),
        ("/query", Query, "query"),
        ("/form", Query, "form"),
        ("/files", Upload, "files"),
    ):

        def take(loaded: dict[str, Any]) -> dict[str, Any]:
            return {"loaded": {key: repr(value) for key, value in loaded.items()}}

        app.add_url_rule(
            path,
            endpoint=path,
            view_func=PARSER.use_args(schema, location=location)(take),
            methods=["GET", "POST"],
        )
    app.add_url_rule("/things/<name>", view_func=lambda name: {"name": name})
    return app


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return _app().test_client()


def post(client: FlaskClient, body: bytes | str, **options: Any) -> TestResponse:
    return client.post("/json", data=body, **{"content_type": "application/json", **options})


def told(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.get_json() or {}).get("code", "")


def nested(depth: int) -> bytes:
    return b'{"name": "a", "number": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_good_body_is_loaded(client: FlaskClient) -> None:
    body = {"name": "张三", "number": [1, 2.5, None, True, -MAX_INTEGER], "inners": [{"number": 1}]}
    answer = post(client, json.dumps(body))
    assert answer.status_code == 200
    assert answer.get_json()["loaded"]["name"] == "'张三'"


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_content_types(client: FlaskClient, content_type: str) -> None:
    assert post(client, '{"name": "a"}', content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=gbk",
        "application/vnd.api+json",
        "application/jsonx",
        None,
    ],
)
def test_other_content_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    assert post(client, '{"name": "a"}', content_type=content_type).status_code == 415


def test_no_body_reads_as_an_empty_object(client: FlaskClient) -> None:
    answer = client.post("/json")
    assert told(answer) == (422, "invalid_input")
    assert list(answer.get_json()["errors"]) == ["name"]


def test_body_of_one_mebibyte_is_the_largest(client: FlaskClient) -> None:
    frame = len(b'{"name": ""}')
    fits = '{"name": "' + "a" * (MAX_JSON_BYTES - frame) + '"}'
    assert post(client, fits).status_code == 200
    assert post(client, fits + " ").status_code == 413


def test_stream_without_a_length_ends_at_the_limit(client: FlaskClient) -> None:
    stream = io.BytesIO(b'{"name": "' + b"a" * MAX_JSON_BYTES + b'"}')
    answer = client.post(
        "/json",
        input_stream=stream,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert answer.status_code == 413


def test_upload_limit_of_the_app_does_not_widen_json() -> None:
    app = _app()
    app.config["MAX_CONTENT_LENGTH"] = 10 << 20
    body = '{"name": "' + "a" * MAX_JSON_BYTES + '"}'
    assert post(app.test_client(), body).status_code == 413
    early = post(app.test_client(), body, headers={"X-Read-Early": "1"})
    assert early.status_code == 413


def test_nesting_up_to_the_limit(client: FlaskClient) -> None:
    assert post(client, nested(MAX_DEPTH)).status_code == 200
    assert told(post(client, nested(MAX_DEPTH + 1))) == (422, "malformed_json")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * MAX_JSON_BYTES,
        b'{"a":' * (MAX_JSON_BYTES // 5),
        b"[]," * (MAX_JSON_BYTES // 3),
        b'"' * MAX_JSON_BYTES,
        b'["' + b'\\"' * (MAX_JSON_BYTES // 2 - 50) + b"[" * 60,
        b"[" * 33 + b"\\" * (MAX_JSON_BYTES - 40),
        b"1" * MAX_JSON_BYTES,
        b'{"a": 1' + b"0" * (MAX_JSON_BYTES - 20) + b"}",
        b'{"a": 1.' + b"0" * (MAX_JSON_BYTES - 20) + b"}",
        b"{" + b",".join(b'"%d":0' % i for i in range(80_000)) + b"}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_hostile_mebibyte_is_refused_in_time(client: FlaskClient, body: bytes) -> None:
    began = time.perf_counter()
    answer = post(client, body)
    assert answer.status_code == 422
    assert len(answer.get_data()) < 20_000
    assert time.perf_counter() - began < 3


def test_brackets_in_strings_are_not_nesting(client: FlaskClient) -> None:
    body = json.dumps({"name": "[{" * 100 + '"' + "\\" + "[" * 100, "number": "]" * 100})
    assert post(client, body).status_code == 200


def test_brackets_behind_an_escaped_quote_are_counted() -> None:
    with pytest.raises(MalformedJSON, match="嵌套"):
        read_json(rb'["\\",' + b"[" * 40 + b"]" * 41)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b" ",
        b"nul",
        b"{'name': 'a'}",
        b'{"name": "a"} x',
        b'{"name": "a",}',
        b"\xef\xbb\xbf{}",
        b'{"name": "\xff"}',
        b'{"name": "\xed\xa0\x80"}',  # a surrogate in CESU-8
        b'{"name": "\xc0\x80"}',  # an overlong NUL
        '{"name": "a"}'.encode("utf-16"),
        '{"name": "张"}'.encode("gbk"),
        b'{"name": "a\x00"}',
        b'{"name": "a\nb"}',
        rb'{"name": "a\u0000"}',
        rb'{"name": "\ud800"}',
        rb'{"name": "\udc00\ud800"}',
        rb'{"name": "a", "number": [{"\u0000": 1}]}',
        rb'{"name": "a", "number": [{"b": ["\udfff"]}]}',
        b'{"name": "a", "name": "b"}',
        b'{"name": "a", "number": {"b": 1, "b": 1}}',
        rb'{"name": "a", "n\u0061me": "b"}',
        b'{"name": "a", "number": NaN}',
        b'{"name": "a", "number": Infinity}',
        b'{"name": "a", "number": -Infinity}',
        b'{"name": "a", "number": 9007199254740993}',
        b'{"name": "a", "number": -9007199254740993}',
        b'{"name": "a", "number": 9223372036854775808}',
        b'{"name": "a", "number": ' + b"9" * 5000 + b"}",
        b'{"name": "a", "number": 1E+1000000}',
        b'{"name": "a", "number": -1e400}',
        b'{"name": "a", "number": 0.' + b"1" * 5000 + b"}",
    ],
    ids=repr,
)
def test_unreadable_json_is_refused(client: FlaskClient, body: bytes) -> None:
    assert told(post(client, body)) == (422, "malformed_json")


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_json(rb'"\ud83d\ude00"') == "😀"


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-MAX_INTEGER, MAX_INTEGER)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from('ab[{"\\')), inner),
        max_leaves=30,
    ),
    st.booleans(),
)
def test_read_json_agrees_with_the_library_on_good_json(value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary() | st.text(st.sampled_from('[]{}",:\\u0d8-1eE.')).map(str.encode))
def test_read_json_ends_in_a_value_or_a_refusal(body: bytes) -> None:
    try:
        read_json(body)
    except MalformedJSON:
        return
    json.loads(body)


@pytest.mark.parametrize("body", ["[]", '"a"', "1", "null", "true"])
def test_top_level_must_be_an_object(client: FlaskClient, body: str) -> None:
    answer = post(client, body)
    assert told(answer) == (422, "invalid_input")
    assert list(answer.get_json()["errors"]) == ["_schema"]


def test_schema_errors_are_keyed_by_field_without_the_location(client: FlaskClient) -> None:
    body = {"inners": [{"number": 1}, {"number": "x", "other": 1}], "unknown": 1}
    errors = post(client, json.dumps(body)).get_json()["errors"]
    assert set(errors) == {"name", "inners", "unknown"}
    assert set(errors["inners"]) == {"1"}
    assert set(errors["inners"]["1"]) == {"number", "other"}


def test_error_keys_are_text_so_that_they_can_be_sorted() -> None:
    with (
        _app().test_request_context(json={"name": "a", "inners": [{"number": "x"}]}),
        pytest.raises(InvalidInput) as told,
    ):
        PARSER.parse(Body, location="json")
    assert told.value.errors is not None
    assert list(told.value.errors["inners"]) == ["0"]


def test_number_of_reported_fields_is_bounded(client: FlaskClient) -> None:
    errors = post(client, json.dumps({str(i): i for i in range(5000)})).get_json()["errors"]
    assert len(errors) == MAX_REPORTED


def test_good_query_is_loaded(client: FlaskClient) -> None:
    answer = client.get("/query?q=%E5%BC%A0+%E4%B8%89&tag=a&tag=b")
    assert answer.get_json()["loaded"] == {"q": "'张 三'", "tag": "['a', 'b']"}


def test_unknown_query_field_is_refused_by_name(client: FlaskClient) -> None:
    answer = client.get("/query?q=a&page=1")
    assert told(answer) == (422, "invalid_input")
    assert list(answer.get_json()["errors"]) == ["page"]


def test_repeated_query_field_is_refused_by_name(client: FlaskClient) -> None:
    answer = client.get("/query?q=a&q=a")
    assert told(answer) == (422, "invalid_input")
    assert list(answer.get_json()["errors"]) == ["q"]


@pytest.mark.parametrize(
    "query", ["q=%FF", "q=%00", "q=a%0Ab", "q=%C2%85", "q=%ED%A0%80", "%FF=a", "q%00=a", "q=\xff"]
)
def test_hostile_query_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get("/query", environ_overrides={"QUERY_STRING": query})
    assert told(answer) == (422, "invalid_input")


@pytest.mark.parametrize("path", ["/things/\0", "/things/\xff", "/things/a\n", "/nowhere/\0"])
def test_hostile_path_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": path})
    assert told(answer) == (422, "invalid_input")


def test_good_path_passes(client: FlaskClient) -> None:
    assert client.get("/things/许昌 a%2Bb").get_json() == {"name": "许昌 a+b"}


def test_good_form_is_loaded(client: FlaskClient) -> None:
    answer = client.post("/form", data={"q": "许昌", "tag": ["a", "b"]})
    assert answer.get_json()["loaded"] == {"q": "'许昌'", "tag": "['a', 'b']"}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"q": ["a", "b"]}, "q"),
        ({"other": "a"}, "other"),
        ({"q": "a\0"}, "q"),
        ({"q": "\ufffd"}, "q"),
    ],
)
def test_bad_form_is_refused_by_name(client: FlaskClient, data: dict[str, Any], field: str) -> None:
    answer = client.post("/form", data=data, content_type="multipart/form-data")
    assert told(answer) == (422, "invalid_input")
    assert list(answer.get_json()["errors"]) == [field]


def test_json_sent_to_a_form_is_415(client: FlaskClient) -> None:
    assert client.post("/form", json={"q": "a"}).status_code == 415
    assert client.post("/files", json={"q": "a"}).status_code == 415


def test_files(client: FlaskClient) -> None:
    def part(name: str = "a.jpg") -> tuple[io.BytesIO, str]:
        return io.BytesIO(b"x"), name

    assert client.post("/files", data={"file": part()}).status_code == 200
    for data, field in (
        ({"file": [part(), part("b.jpg")]}, "file"),
        ({"file": part(), "other": part()}, "other"),
        ({}, "file"),
    ):
        answer = client.post("/files", data=data, content_type="multipart/form-data")
        assert told(answer) == (422, "invalid_input")
        assert list(answer.get_json()["errors"]) == [field]
