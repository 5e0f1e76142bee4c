"""Voters who write down what was acknowledged, and whoever compares it with what is stored."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit


@dataclass
class Journal:
    """Receipts by token: the id that was acknowledged."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)


def vote_all(
    url: str, campaign_id: str, choices: list[str], tokens: list[str], journal: Journal
) -> None:
    """Cast a ballot for every token, again after a broken connection or a 503, until it is
    acknowledged."""
    address = urlsplit(url).netloc
    for number, token in enumerate(tokens):
        body = json.dumps({"choices": [choices[number % len(choices)]]})
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and token not in journal.acknowledged:
            _try(address, campaign_id, token, body, journal)


def _try(address: str, campaign_id: str, token: str, body: str, journal: Journal) -> None:
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request(
            "POST",
            f"/api/v1/campaigns/{campaign_id}/ballots",
            body,
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        response = connection.getresponse()
        answer = response.read()
        if response.status == HTTPStatus.CREATED:
            journal.acknowledged[token] = json.loads(answer)["id"]
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
    url: str, campaign_id: str, choices: list[str], tokens: list[str], *, threads: int
) -> tuple[Journal, list[threading.Thread]]:
    """Start the voters; gives their journal and threads."""
    journal = Journal()
    voters = [
        threading.Thread(
            target=vote_all, args=(url, campaign_id, choices, tokens[n::threads], journal)
        )
        for n in range(threads)
    ]
    for voter in voters:
        voter.start()
    return journal, voters


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
