"""People who write down what was acknowledged, and whoever compares it with what is stored."""

import http.client
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Post:
    """What somebody asks for until it is acknowledged."""

    token: str
    path: str
    """Below /api/v1."""
    body: Mapping[str, object] | None = None
    key: str | None = None
    """Idempotency-Key."""


def ballots(campaign_id: str, candidates: Sequence[str], tokens: Sequence[str]) -> list[Post]:
    """One of each voter, the candidates in turn."""
    path = f"/campaigns/{campaign_id}/ballots"
    return [
        Post(token, path, {"choices": [candidates[n % len(candidates)]]})
        for n, token in enumerate(tokens)
    ]


@dataclass
class Journal:
    """The ids that were acknowledged, by token."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)


def _ask_for_all(url: str, posts: Sequence[Post], journal: Journal) -> None:
    """Each again after a broken connection or a 503, until it is acknowledged."""
    address = urlsplit(url).netloc
    for post in posts:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and post.token not in journal.acknowledged:
            _try(address, post, journal)


def _try(address: str, post: Post, journal: Journal) -> None:
    connection = http.client.HTTPConnection(address, timeout=10)
    headers = {"Authorization": f"Bearer {post.token}"}
    if post.body is not None:
        headers["Content-Type"] = "application/json"
    if post.key is not None:
        headers["Idempotency-Key"] = post.key
    body = None if post.body is None else json.dumps(post.body)
    try:
        connection.request("POST", f"/api/v1{post.path}", body, headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status == HTTPStatus.CREATED:
            journal.acknowledged[post.token] = json.loads(answer)["id"]
        elif response.status != HTTPStatus.SERVICE_UNAVAILABLE:
            journal.surprises.append(f"{response.status} {answer[:200]!r}")
            time.sleep(0.05)
        else:
            time.sleep(0.05)
    except (OSError, http.client.HTTPException):
        time.sleep(0.05)
    finally:
        connection.close()


def crowd(
    url: str, posts: Sequence[Post], *, threads: int
) -> tuple[Journal, list[threading.Thread]]:
    """Start to ask for all; gives the journal and the threads."""
    journal = Journal()
    people = [
        threading.Thread(target=_ask_for_all, args=(url, posts[n::threads], journal))
        for n in range(threads)
    ]
    for one in people:
        one.start()
    return journal, people


def faults(acknowledged: set[str], stored: set[str], sealed: list[str]) -> list[str]:
    """What is wrong between what was promised, what is stored and what was counted."""
    found = []
    if missing := acknowledged - stored:
        found.append(f"{len(missing)} acknowledged and not stored")
    if len(sealed) != len(set(sealed)):
        found.append("counted twice")
    if extra := set(sealed) - stored:
        found.append(f"{len(extra)} counted and not stored")
    if uncounted := stored - set(sealed):
        found.append(f"{len(uncounted)} stored and not counted")
    return found
