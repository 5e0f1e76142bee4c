"""Whose network a request comes from, and what the phone calls itself."""

import pytest
from flask import Flask

from core.http import origin


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("123.5.7.9", "", "123.5.7"),
        ("123.5.7.9", "36.99.1.2", "123.5.7"),  # a client may claim what it likes
        ("127.0.0.1", "36.99.1.2", "36.99.1"),
        ("10.0.0.3", "1.1.1.1, 36.99.1.2", "36.99.1"),  # the proxy adds at the end
        ("::1", "2408:8000:abcd:1::9", "2408:8000:abcd"),
        ("2408:8000:abcd:ffff::1", "", "2408:8000:abcd"),
        ("::ffff:123.5.7.9", "", "123.5.7"),
        ("127.0.0.1", "", None),
        ("127.0.0.1", "192.168.1.1", None),
        ("127.0.0.1", "123.5.7", None),
        ("127.0.0.1", "123.5.7.x", None),
        ("127.0.0.1", "123.500.7.1", None),
        ("", "unknown", None),
    ],
)
def test_network(peer: str, forwarded: str, network: str | None) -> None:
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    with Flask("x").test_request_context("/", environ_overrides=environ):
        assert origin.network() == network


@pytest.mark.parametrize(
    ("given", "device"),
    [
        ("phone-00000001", "phone-00000001"),
        ("short", None),
        ("x" * 65, None),
        ("许昌许昌许昌许昌", None),
        ("phone 00000001", None),
    ],
)
def test_device(given: str, device: str | None) -> None:
    environ = {"HTTP_DEVICE_ID": given}
    with Flask("x").test_request_context("/", environ_overrides=environ):
        assert origin.device() == device


def test_no_device() -> None:
    with Flask("x").test_request_context("/"):
        assert origin.device() is None
