import json
import logging
import uuid
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from _pytest.logging import LogCaptureHandler
from hypothesis import given
from hypothesis import strategies as st

from core import logs
from core.ids import new_id

ID_NUMBER = "411002199001011234"
PHONE = "13812345678"
CANARY = "hunter2-hunter2"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    logs.configure("info")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logging.captureWarnings(False)
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def test_line_has_time_level_logger_message_request_id_and_extras(lines: Lines) -> None:
    token = logs.request_id.set("abcdef0123456789")
    logging.getLogger("some.place").info("hello %s", "许昌", extra={"ms": 1.5, "count": 3})
    logs.request_id.reset(token)
    (line,) = lines()
    assert line.pop("time").endswith("+08:00")
    assert line == {
        "level": "INFO",
        "logger": "some.place",
        "message": "hello 许昌",
        "request_id": "abcdef0123456789",
        "ms": 1.5,
        "count": 3,
    }


def test_configure_twice_writes_once_and_keeps_other_handlers(lines: Lines) -> None:
    other = logging.NullHandler()
    logging.getLogger().addHandler(other)
    logs.configure("WARNING")
    logging.getLogger("a").info("no")
    logging.getLogger("a").warning("yes")
    assert [line["message"] for line in lines()] == ["yes"]
    assert other in logging.getLogger().handlers


def test_configure_refuses_an_unknown_level() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        logs.configure("loud")


def test_a_message_of_several_lines_stays_one_line(lines: Lines) -> None:
    logging.getLogger("a").info('one\n{"level": "forged"}')
    assert len(lines()) == 1


def test_nothing_personal_leaves_through_any_part_of_a_record(lines: Lines) -> None:
    log = logging.getLogger("a")
    log.info("number %s of %s", ID_NUMBER, {"password": CANARY})
    log.info({"id": ID_NUMBER, "session_key": CANARY})
    log.info("x", extra={"person": {"phones": [PHONE], "number": int(ID_NUMBER)}})
    log.info("x", extra={"password": CANARY, "access_token": CANARY, "totp_secret": CANARY})
    log.info("x", extra={ID_NUMBER: 1, "who": ValueError(ID_NUMBER), "raw": PHONE.encode()})
    log.info("x", stack_info=True, extra={"tokens": (f"token={CANARY}", {PHONE})})
    try:
        try:
            raise ValueError(f"DETAIL: Key (id)=({ID_NUMBER}) already exists.")
        except ValueError as error:
            raise RuntimeError(f"secret={CANARY}") from error
    except RuntimeError:
        log.exception("failed for %s", PHONE)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn(f"careful, {PHONE}", stacklevel=1)
    written = lines()
    assert len(written) == 8
    assert "Traceback" in written[6]["error"]
    assert "RuntimeError" in written[6]["error"]
    assert "Stack" in written[5]["stack"]
    text = json.dumps(written, ensure_ascii=False)
    for canary in (ID_NUMBER, PHONE):
        assert canary not in text
    # The traceback quotes the source, where the name stands but never the value.
    assert CANARY not in text


def test_a_bad_log_call_is_reported_without_its_arguments(lines: Lines) -> None:
    for pytests_own in logging.getLogger().handlers[:]:
        if isinstance(pytests_own, LogCaptureHandler):
            logging.getLogger().removeHandler(pytests_own)
    logging.getLogger("a").info("%d people", ID_NUMBER)
    endless: list[Any] = []
    endless.append(endless)
    logging.getLogger("a").info("x", extra={"endless": endless})
    first, second = lines()
    assert first["message"] == "bad log call"
    assert "test_logs.py" in first["place"]
    assert ID_NUMBER not in json.dumps(first)
    assert second["message"] == "x"


@pytest.mark.parametrize(
    "text",
    [
        ID_NUMBER,
        ID_NUMBER[:-1] + "X",
        ID_NUMBER[:-1] + "x",
        f"身份证{ID_NUMBER}。",
        f"id_{ID_NUMBER}_",
        f"/persons/{ID_NUMBER}?a",
        f'{{"n":"{ID_NUMBER}"}}',
        "".join(chr(ord(c) + 0xFEE0) for c in ID_NUMBER[14:]).join([ID_NUMBER[:14], ""]),
    ],
)
def test_id_number_is_redacted(text: str) -> None:
    assert "19900101" not in logs.redact(text)


@pytest.mark.parametrize(
    "text",
    [
        PHONE,
        f"+86{PHONE}",
        f"+86 {PHONE}",
        f"0086{PHONE}",
        f"电话{PHONE}，",
        f"tel:{PHONE}",
        f"({PHONE})",
    ],
)
def test_mobile_is_redacted(text: str) -> None:
    assert "12345678" not in logs.redact(text)
    assert "86" not in logs.redact(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"authorization=Basic {CANARY}",
        f"bearer {CANARY}",
        f"https://api.weixin.qq.com/sns?appid=wx1&secret={CANARY}&js_code={CANARY}&grant=x",
        f"access_token={CANARY}",
        f"ACCESS_TOKEN: {CANARY}",
        f'{{"session_key": "{CANARY}", "a": 1}}',
        f"{{'session_key': '{CANARY} {CANARY}'}}",
        f'{{\\"session_key\\": \\"{CANARY}\\", \\"a\\": 1}}',
        f"SignIn(username='a', password='{CANARY}', otp='{CANARY}')",
        f'password="a\\"{CANARY}"',
        f'password="{CANARY} not closed',
        f"password={CANARY}\"{CANARY}'{CANARY}",
        f"password=b'{CANARY}'",
        f"db_password = {CANARY}",
        f"wechat_secret={CANARY}",
        f"staff_otp: {CANARY}",
        f"postgresql+psycopg://liancheng:{CANARY}@db/liancheng",
    ],
)
def test_secret_is_redacted(text: str) -> None:
    assert CANARY not in logs.redact(text)


def test_what_stands_beside_a_secret_stays() -> None:
    told = logs.redact(f"GET /sns?appid=wx1&secret={CANARY}&grant=x -> 200")
    assert told == "GET /sns?appid=wx1&secret=[redacted]&grant=x -> 200"
    assert logs.redact(f"{{'password': '{CANARY}', 'a': 1}}") == "{'password': [redacted], 'a': 1}"


@pytest.mark.parametrize(
    "text",
    [
        "1714531200 1714531200123 1714531200123456789",
        "123456789012345678",
        "0.13812345678",
        "2026-05-01T08:00:00.123+08:00",
        "a13812345678 13812345678f",
        "138123456789",
        "411002199013011234",
        "secretary of the token ring; password policy",
        "status_code=200, code: wrong_state",
        "127.0.0.1:8000 http://127.0.0.1:8000/a@b",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert logs.redact(text) == text


@given(st.uuids())
def test_uuids_are_left_alone(value: uuid.UUID) -> None:
    for text in (str(value), value.hex, f"/shifts/{value}/signups"):
        assert logs.redact(text) == text


def test_row_ids_are_left_alone() -> None:
    for _ in range(2000):
        assert logs.redact(text := f"row {new_id()}") == text


@given(st.text())
def test_redact_takes_any_text(text: str) -> None:
    logs.redact(text)


@pytest.mark.parametrize(
    "part", ["a", "secret", 'password="', "token=\\", "1", " ", "://a:", "Bearer "]
)
def test_redact_is_linear(part: str) -> None:
    logs.redact(part * (300_000 // len(part)))


def test_request_ids_differ() -> None:
    assert len({logs.new_request_id() for _ in range(100)}) == 100
    assert all(len(logs.new_request_id()) == 16 for _ in range(10))
