"""`flask demo load`: plays the demo once, through the services, in one transaction.

Everything happens or nothing, so a load that was interrupted is simply tried again. That the
demo is there is told by the first member of its staff, whom only this load makes.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask import Flask
from sqlalchemy import func, select, update

from accounts.models.staff import StaffCredential
from accounts.permissions import Role
from cli.demo import (
    claims,
    content,
    days,
    good_people,
    members,
    noticing,
    orders,
    plans,
    routine,
    selection,
    service,
    voices,
)
from cli.demo.cast import Cast
from cli.demo.script import Script
from core import clock
from core.config import Settings
from core.db import Base, atomically, db, lock_exclusively
from core.ids import new_id
from core.outbox import Message, MessageStatus
from nominations.models.ballots import Ballot
from nominations.models.campaigns import Campaign
from nominations.models.honors import Honor
from nominations.models.nominations import Nomination
from volunteer.models.activities import Activity
from volunteer.models.hours import HoursEntry
from volunteer.models.organizations import Organization
from volunteer.models.service_requests import ServiceRequest

ACCOUNTS_FILE = "demo-accounts.json"
HISTORY = timedelta(days=140)


class RefusedInProduction(click.ClickException):
    """Demo accounts have published passwords."""

    def __init__(self) -> None:
        super().__init__("demo data are never loaded in production")


@dataclass(frozen=True, slots=True)
class Loaded:
    is_new: bool
    rows: dict[str, int]


COUNTED: tuple[tuple[str, type[Base]], ...] = (
    ("organisations", Organization),
    ("activities", Activity),
    ("hour entries", HoursEntry),
    ("service orders", ServiceRequest),
    ("campaigns", Campaign),
    ("nominations", Nomination),
    ("ballots", Ballot),
    ("honours", Honor),
)


def load(app: Flask) -> str:
    """Load the demo unless it is there, and write the file of its accounts; gives a sentence
    for the operator. Raises RefusedInProduction."""
    settings: Settings = app.extensions["liancheng.settings"]
    if settings.environment == "production":
        raise RefusedInProduction
    loaded = atomically(app, _load_once, write=True)
    path = _write_accounts(settings.var_dir)
    figures = ", ".join(f"{number} {name}" for name, number in loaded.rows.items())
    outcome = "demo data loaded" if loaded.is_new else "demo data were loaded before"
    return f"{outcome}; the database has {figures}; accounts in {path}"


def _load_once() -> Loaded:
    lock_exclusively("demo")
    first = select(StaffCredential.id).where(StaffCredential.username == content.STAFF[0].username)
    is_new = db.session.scalar(first) is None
    if is_new:
        _play()
    rows = {
        name: db.session.execute(select(func.count()).select_from(model)).scalar_one()
        for name, model in COUNTED
    }
    return Loaded(is_new, rows)


def _play() -> None:
    now = clock.now()
    first_id = new_id()
    script = Script()
    cast = Cast(now=now, joined_at=now - HISTORY)
    cast.plan(script)
    play = service.plan(cast, script)
    members.plan(play)
    plans.plan(play)
    days.plan(play)
    claims.plan(play)
    voices.plan(play)
    orders.plan(cast, script, play.organizations)
    selection.plan(cast, script)
    noticing.plan(cast, script)
    routine.plan(script, cast.joined_at, now)
    script.play()
    _forget_messages(first_id, now)


def _forget_messages(first_id: UUID, before: datetime) -> None:
    """What was stored on the way is old news, and nobody subscribed to it: it is not sent.
    Messages of others have an older id, or a time that is not past."""
    db.session.execute(
        update(Message)
        .where(Message.id > first_id, Message.created_at < before)
        .values(status=MessageStatus.REFUSED)
        .execution_options(synchronize_session=False)
    )


def accounts() -> dict[str, list[dict[str, Any]]]:
    """The sign-ins of the demo, published: good for a trial and nothing else."""
    staff = [
        {
            "username": member.username,
            "password": member.password,
            "totp_secret": member.totp_secret,
            "role": member.role.value,
            "scope": member.scope,
            "name": member.name,
        }
        for member in content.STAFF
    ]
    citizens = [
        {
            "openid": citizen.openid,
            "name": citizen.name or "（未实名）",
            "note": citizen.note,
            **_seat_of(citizen.number),
        }
        for citizen in content.CITIZENS
    ]
    return {"staff": staff, "citizens": citizens}


def _seat_of(number: int) -> dict[str, str]:
    """Of a citizen who sits on a panel now: the role and its scope."""
    if number not in good_people.PANEL:
        return {}
    return {"role": Role.PANELIST.value, "scope": good_people.JUDGED}


def _write_accounts(folder: Path) -> Path:
    """Put the file in place in one step, readable by its owner alone."""
    path = folder / ACCOUNTS_FILE
    draft = folder / f".{ACCOUNTS_FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(accounts(), file, ensure_ascii=False, indent=2)
        file.write("\n")
    draft.replace(path)
    return path
