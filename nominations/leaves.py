"""What stands in the public log of a campaign: one constructor a kind of leaf. Pure.

A leaf is canonical JSON: sorted keys, no spaces, UTF-8, whole numbers only, so that one meaning
has one hash. Never a name of a person, an openid, an address or free text of a citizen.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from core.clock import SHANGHAI

Body = Mapping[str, Any]

FORMAT = 1
"""Of leaves; the `rules` leaf says it for its log."""


class LeafKind(StrEnum):
    RULES = "rules"
    BALLOT = "ballot"
    RULING = "ruling"
    TRANSITION = "transition"
    COMMITTEE = "committee"
    RESULT = "result"
    OBJECTION = "objection"
    REVOCATION = "revocation"


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(body: Body) -> bytes:
    """The bytes that are hashed. Raises TypeError for a number that is not whole."""
    _refuse_floats(body.values())
    return _encode(body).encode()


def _refuse_floats(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, str):
            continue
        if isinstance(value, float):
            raise TypeError("a leaf holds no floating-point number")
        if isinstance(value, Mapping):
            _refuse_floats(value.values())
        elif isinstance(value, list | tuple):
            _refuse_floats(value)


def kind_of(body: Body) -> LeafKind:
    """Raises ValueError for a kind that the log does not know."""
    return LeafKind(body["type"])


def voter_of(text: str) -> str:
    """The pseudonym in the canonical form of a ballot's leaf."""
    return str(json.loads(text)["voter"])


def hour_of(instant: datetime) -> str:
    """The hour in Shanghai, such as 2026-11-24T23: exact times would tell voters apart."""
    return _hour(instant.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=64)
def _hour(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H")


def rules(campaign: str, *, facts: Body, categories: Sequence[Body], text: Body) -> Body:
    """The first leaf of a log. `facts` are what ballots are judged by, `text` the whole rules as
    `nominations.rules.dump` gives them."""
    return {
        **facts,
        "type": LeafKind.RULES,
        "campaign": campaign,
        "format": FORMAT,
        "categories": categories,
        "rules": text,
    }


def ballot(campaign: str, *, period: str, voter: str, choices: Sequence[str], hour: str) -> Body:
    """`voter` is a pseudonym that holds for this campaign and period alone."""
    return {
        "type": LeafKind.BALLOT,
        "campaign": campaign,
        "period": period,
        "voter": voter,
        "choices": choices,
        "hour": hour,
    }


def ruling(
    campaign: str, *, ballot: int, ruling: str, reason: str, hour: str, **facts: str
) -> Body:
    """`ballot` is the index of a ballot's leaf; `ruling` is quarantined, voided or restored,
    `reason` a code, or several with + between them; `facts` say by which rules."""
    return {
        **facts,
        "type": LeafKind.RULING,
        "campaign": campaign,
        "ballot": ballot,
        "ruling": ruling,
        "reason": reason,
        "hour": hour,
    }


def transition(campaign: str, *, verb: str, to: str, hour: str, **facts: Any) -> Body:
    """A step of the campaign, or what happened to its log; `facts` are such that a recount
    needs."""
    return {
        **facts,
        "type": LeafKind.TRANSITION,
        "campaign": campaign,
        "verb": verb,
        "to": to,
        "hour": hour,
    }


def committee(campaign: str, *, commitments: Mapping[str, str], hour: str) -> Body:
    """Nominations to the `commitment` to what the panel said of each, opened by the result."""
    return {
        "type": LeafKind.COMMITTEE,
        "campaign": campaign,
        "commitments": commitments,
        "hour": hour,
    }


def commitment(salt: str, judged: Body) -> str:
    """SHA-256 (hex) of the salt and the canonical form: it tells nothing before the salt is
    known, and fits nothing else afterwards."""
    return hashlib.sha256(salt.encode() + canonical(judged)).hexdigest()


def result(
    campaign: str, *, version: int, seed: str | None, lines: Sequence[Body], hour: str
) -> Body:
    """`seed` is that of the lot; `lines` are all candidates by whom others are measured."""
    return {
        "type": LeafKind.RESULT,
        "campaign": campaign,
        "version": version,
        "seed": seed,
        "lines": lines,
        "hour": hour,
    }


def objection(campaign: str, *, reference: str, outcome: str, hour: str) -> Body:
    """`reference` is a salted hash (hex) of the objection's id: that there was one and how it
    ended, not by whom and about whom."""
    return {
        "type": LeafKind.OBJECTION,
        "campaign": campaign,
        "objection": reference,
        "outcome": outcome,
        "hour": hour,
    }


def revocation(campaign: str, *, nomination: str, reason: str, hour: str) -> Body:
    """`reason` is a code."""
    return {
        "type": LeafKind.REVOCATION,
        "campaign": campaign,
        "nomination": nomination,
        "reason": reason,
        "hour": hour,
    }
