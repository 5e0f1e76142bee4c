"""Loading the demo: once, in one piece, with accounts, and with sums that add up."""

import json
import stat
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import sessions, staff
from cli.demo import content, good_people, judging, routine, selection, suspects
from cli.demo import load as demo
from cli.demo.script import Script
from core import clock, outbox
from core import db as database
from core.actor import ANONYMOUS, Actor
from core.config import Settings
from core.db import Base, db
from jobs.activities import close_activities
from jobs.ballots import recount_votes, tally_votes
from jobs.hours import reconcile_hours, tally_hours
from jobs.runner import run_now
from nominations.models.ballots import Ballot
from nominations.models.quarantine import HeldBallot
from nominations.models.tally import TallyCount
from tests.cli.conftest import count
from volunteer.models.hours import HoursEntry, HoursTotal, VolunteerStanding

FIRST_STAR = 100 * 60


def every_table() -> dict[str, list[Any]]:
    """All rows of the database, as text, in the order of their text."""
    return {
        table.name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        for table in Base.metadata.sorted_tables
    }


def test_demo_ids_belong_to_nobody() -> None:
    numbers = {citizen.id_number(2026) for citizen in content.CITIZENS}
    assert len(numbers) == len(content.CITIZENS)
    assert all(number.startswith(content.NEVER_ASSIGNED) for number in numbers)


def test_demo_sends_none_of_the_messages_of_its_past(ctx: Flask) -> None:
    assert count(outbox.Message) > 0
    assert outbox.due(10) == []


def test_demo_accounts_are_in_a_file_for_their_owner_alone(ctx: Flask) -> None:
    path = _accounts_path(ctx)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = json.loads(path.read_text(encoding="utf-8"))
    in_staff_sessions = {
        Role.ADMIN,
        Role.HELPER,
        Role.MODERATOR,
        Role.PARTNER,
        Role.REVIEWER,
        Role.SITE_STAFF,
        Role.SUPERVISOR,
    }
    assert {a["role"] for a in accounts["staff"]} == in_staff_sessions
    assert accounts["citizens"][0]["openid"] == "o-demo-citizen-01"
    assert set(accounts["citizens"][0]) == {"openid", "name", "note"}
    assert accounts["citizens"][content.MINOR - 1]["note"] != "志愿者"
    seated = [a for a in accounts["citizens"] if a.get("role") == Role.PANELIST]
    assert len(seated) == len(good_people.PANEL)
    assert {a["scope"] for a in seated} == {good_people.JUDGED}


def _accounts_path(app: Flask) -> Path:
    settings: Settings = app.extensions["liancheng.settings"]
    return settings.var_dir / demo.ACCOUNTS_FILE


@pytest.mark.parametrize("member", content.STAFF, ids=lambda m: m.username)
def test_demo_staff_can_sign_in(ctx: Flask, member: content.StaffMember) -> None:
    body = {"username": member.username, "password": member.password}
    verdict = staff.check_password(ANONYMOUS, body=body)
    otp = pyotp.TOTP(member.totp_secret).at(clock.now())

    def sign_in() -> Actor:
        return sessions.authenticate(staff.sign_in(verdict, otp=otp).token)

    actor = database.atomically(ctx, sign_in, write=True)
    assert {grant.role for grant in actor.grants} == {Role.CITIZEN, member.role}


def test_demo_loaded_again_changes_nothing(ctx: Flask) -> None:
    before = every_table()
    db.session.rollback()
    _accounts_path(ctx).unlink()
    said = demo.load(ctx)
    assert said.startswith("demo data were loaded before")
    assert _accounts_path(ctx).exists()
    assert every_table() == before


def test_demo_sums_of_the_jobs_equal_the_ledger_and_the_ballots(ctx: Flask) -> None:
    assert run_now(ctx, tally_hours) == 0
    assert run_now(ctx, tally_votes) > 0
    assert run_now(ctx, close_activities) == 0
    assert run_now(ctx, reconcile_hours) == 0
    assert run_now(ctx, recount_votes) == 4
    entries = list(db.session.scalars(select(HoursEntry)))
    assert _by_unit(db.session.scalars(select(HoursTotal))) == _by_unit(entries)
    minutes: Counter[Any] = Counter()
    for entry in entries:
        minutes[entry.person_id] += entry.minutes
    standings = {s.person_id: s for s in db.session.scalars(select(VolunteerStanding))}
    assert {p: s.verified_minutes + s.honorary_minutes for p, s in standings.items()} == minutes
    assert {p for p, s in standings.items() if s.star} == {
        p for p, total in minutes.items() if total >= FIRST_STAR
    }
    assert _stored_votes() == _votes_of_last_ballots()


def _by_unit(rows: Any) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for row in rows:
        month = row.month if isinstance(row, HoursTotal) else f"{row.served_on:%Y-%m}"
        sums[row.organization_id, row.site_id, row.action, month, row.ledger] += row.minutes
    return sums


def _stored_votes() -> dict[str, int]:
    return {str(c.nomination_id): c.votes for c in db.session.scalars(select(TallyCount))}


def _votes_of_last_ballots() -> Counter[str]:
    held = set(db.session.scalars(select(HeldBallot.ballot_id)))
    assert len(held) == suspects.ACCOUNTS
    last = {
        (ballot.campaign_id, ballot.voter_id): ballot.choices
        for ballot in db.session.scalars(select(Ballot).order_by(Ballot.revision))
        if ballot.id not in held
    }
    assert len(last) == len(selection.VOTERS) + 3 * len(judging.VOTERS)
    return Counter(choice for choices in last.values() for choice in choices)


class Interrupted(Exception):
    pass


def test_demo_interrupted_leaves_nothing(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(script: Script, since: datetime, _now: datetime) -> None:
        def fail() -> None:
            assert count(Person) > 0
            raise Interrupted

        script.at(since + timedelta(hours=1), fail)

    monkeypatch.setattr(routine, "plan", break_off)
    with committed.app_context():
        with pytest.raises(Interrupted):
            demo.load(committed)
        assert count(Person) == 0


def test_demo_is_refused_in_production(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    own = dict.fromkeys(
        ("field_keys", "index_key", "code_key", "log_key", "wechat_secret", "wechat_push_token"),
        "1:own",
    )
    own["public_url"] = "https://zyfw.example.cn"
    own["database_url"] = "sqlite:///of-the-office"
    settings = replace(
        committed.extensions["liancheng.settings"],
        environment="production",
        wechat_push_aes_key="a" * 43,
        **own,
    )
    monkeypatch.setitem(committed.extensions, "liancheng.settings", settings)
    with committed.app_context():
        with pytest.raises(demo.RefusedInProduction):
            demo.load(committed)
        assert count(Person) == 0
