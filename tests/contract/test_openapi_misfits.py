"""Requests that do not fit the OpenAPI document against the app."""

from flask import Flask
from schemathesis.generation import GenerationMode

from tests.conftest import Http
from tests.contract.answers import check_every_answer
from tests.doubles.wechat import RecordingWeChat


def test_every_refusal_is_in_the_document(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    check_every_answer(http, rolled_back, GenerationMode.NEGATIVE)
