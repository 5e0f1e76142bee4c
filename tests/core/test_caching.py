"""The shared cache: what it keeps, and how much of it."""

from flask import Flask, Request, Response
from werkzeug.test import EnvironBuilder

from core.http.caching import MAX_BYTES, SharedCache


def answered(cache: SharedCache, address: str, body: bytes) -> None:
    request = Request(EnvironBuilder(path=address).get_environ())
    response = Response(body, headers={"ETag": '"e"', "Cache-Control": "public"})
    with Flask("caching").test_request_context(address):
        cache.keep(request, response, 60)


def is_kept(cache: SharedCache, address: str) -> bool:
    return cache.find(EnvironBuilder(path=address).get_environ()) is not None


def test_the_oldest_leave_when_the_bytes_are_used_up() -> None:
    cache, quarter = SharedCache(), b"x" * (MAX_BYTES // 4)
    for n in range(4):
        answered(cache, f"/{n}", quarter)
    assert all(is_kept(cache, f"/{n}") for n in range(4))
    answered(cache, "/4", b"x")
    assert [is_kept(cache, f"/{n}") for n in range(5)] == [False, True, True, True, True]


def test_an_address_answered_anew_counts_once() -> None:
    cache, half = SharedCache(), b"x" * (MAX_BYTES // 2)
    answered(cache, "/a", half)
    for _ in range(5):
        answered(cache, "/b", half)
    assert is_kept(cache, "/a")
    assert is_kept(cache, "/b")


def test_more_than_all_of_it_is_not_kept() -> None:
    cache = SharedCache()
    answered(cache, "/", b"x" * (MAX_BYTES + 1))
    assert not is_kept(cache, "/")
    answered(cache, "/", b"x")
    assert is_kept(cache, "/")
