"""The commands of `flask`, each a thin caller of a service."""

import csv
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO, cast
from uuid import UUID

import click
import pyotp
from flask import Flask, current_app, g
from flask.cli import AppGroup, with_appcontext

import accounts.services.reference
import nominations.services.reference
import volunteer.services.reference
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import roles, sites, staff
from cli import backup, documents, soundness
from cli.demo import load as demo_data
from core import clock, db
from core.actor import SYSTEM, ScopeKind
from core.config import Settings
from core.deferred import Deferred
from core.errors import DomainError
from core.ids import new_id
from jobs.runner import ItemsFailed, run_now
from jobs.schedule import BY_NAME
from nominations.services import checkpoints
from volunteer.services import holidays

flask_migrate = Deferred("flask_migrate")
migration_commands = Deferred("flask_migrate.cli")


class _Migrations(AppGroup):
    """`flask db …` of flask-migrate, loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(migration_commands.db.list_commands(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return cast("click.Command | None", migration_commands.db.get_command(ctx, cmd_name))


@click.group("db", cls=_Migrations, help="Migrations of the database.")
@with_appcontext
def migrations() -> None:
    """Says to the commands of flask-migrate that no other folder was asked for."""
    g.directory, g.x_arg = None, ()


reference = AppGroup("reference", help="Reference data: places, categories, stars.")
demo = AppGroup("demo", help="Invented data for a trial.")
holidays_group = AppGroup("holidays", help="Holidays and days worked in exchange.")
jobs = AppGroup("jobs", help="Scheduled jobs by hand.")
staff_group = AppGroup("staff", help="Sign-ins of staff.")
STAFF_ROLES = (
    Role.ADMIN,
    Role.SITE_STAFF,
    Role.REVIEWER,
    Role.HELPER,
    Role.MODERATOR,
    Role.PARTNER,
)

tally_group = AppGroup("tally", help="Counts of votes and their public log.")
data = AppGroup("data", help="Backup, its way back, and whether the data are whole.")
docs = AppGroup("docs", help="Documents generated from the code.")


def init_app(app: Flask) -> None:
    for group in (
        migrations,
        reference,
        demo,
        holidays_group,
        jobs,
        staff_group,
        tally_group,
        data,
        docs,
    ):
        app.cli.add_command(group)
    app.cli.add_command(prepare)


@click.command("prepare")
@click.option("--demo", "with_demo", is_flag=True, help="load the demo data too")
def prepare(with_demo: bool) -> None:
    """Bring the database and the reference data up to date: all that a start needs."""
    flask_migrate.upgrade()
    click.echo(_load_reference())
    if with_demo:
        click.echo(demo_data.load(_app()))


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


@reference.command("load")
def load_reference() -> None:
    """Bring places, categories and stars up to date. Running it again changes nothing."""
    click.echo(_load_reference())


def _load_reference() -> str:
    def work() -> int:
        volunteer.services.reference.load()
        nominations.services.reference.load()
        return accounts.services.reference.load()

    sites_known = db.atomically(_app(), work, write=True)
    return f"reference data loaded: {sites_known} sites"


@demo.command("load")
def load_demo() -> None:
    """Load invented organisations, activities, people and a campaign, once."""
    click.echo(demo_data.load(_app()))


@holidays_group.command("load")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def load_holidays(file: TextIO) -> None:
    """Load a year's holidays from CSV: day,is_workday,name (2028-10-01,0,国庆节)."""
    reader = csv.DictReader(file)
    rows = []
    for row in reader:
        try:
            day, is_workday = date.fromisoformat(row["day"]), {"0": False, "1": True}
            rows.append(
                {"day": day, "is_workday": is_workday[row["is_workday"]], "name": row["name"]}
            )
        except (KeyError, ValueError, TypeError) as fault:
            raise click.ClickException(
                f"line {reader.line_num} is not day,is_workday,name: nothing was loaded"
            ) from fault
    db.atomically(_app(), lambda: holidays.load(SYSTEM, rows), write=True)
    click.echo(f"holidays loaded: {len(rows)} days")


@jobs.command("run")
@click.argument("name", type=click.Choice(sorted(BY_NAME)))
def run_job(name: str) -> None:
    """Run a job now, outside its timetable."""
    try:
        items = run_now(_app(), BY_NAME[name].work)
    except ItemsFailed as failed:
        click.echo(f"{name}: {failed}", err=True)
        sys.exit(1)
    click.echo(f"{name}: {items} items")


@jobs.command("list")
def list_jobs() -> None:
    """Show the timetable."""
    for job in BY_NAME.values():
        click.echo(f"{job.name:20} {job.trigger}  {job.why}")


@staff_group.command("create")
@click.argument("username")
@click.option("--name", required=True, help="real name, as shown to colleagues")
@click.option(
    "--role",
    type=click.Choice([r.value for r in STAFF_ROLES]),
    help="left out where an administrator grants it, as to the supervisor of a campaign",
)
@click.option("--site", "site_code", default="411000", help="code of the site (civil affairs)")
def create_staff(username: str, name: str, role: str | None, site_code: str) -> None:
    """Make a staff sign-in; prints a first password and the secret for one-time codes, once."""
    password = secrets.token_urlsafe(12)
    totp_secret = pyotp.random_base32()

    def work() -> None:
        person = Person(id=new_id(), nickname=name, created_at=clock.now())
        db.db.session.add(person)
        staff.create(person, username=username, password=password, totp_secret=totp_secret)
        if role is None:
            return
        if Role(role) is Role.ADMIN:
            kind, scope_id = ScopeKind.CITY, None
        else:
            kind = ScopeKind.SITE
            scope_id = sites.by_code(site_code, accounts.services.reference.MCA).id
        roles.bestow(SYSTEM, person.id, role=Role(role), scope_kind=kind, scope_id=scope_id)

    db.atomically(_app(), work, write=True)
    click.echo(f"password: {password}\none-time code secret: {totp_secret}")


@staff_group.command("unlock")
@click.argument("username")
def unlock_staff(username: str) -> None:
    """Lift a lock after failed sign-ins."""
    if not db.atomically(_app(), lambda: staff.unlock(username), write=True):
        click.echo("no such user name", err=True)
        sys.exit(1)


@tally_group.command("recount")
def recount() -> None:
    """Count all campaigns anew, from the ballots and from the public log, and compare."""
    try:
        campaigns = run_now(_app(), BY_NAME["recount_votes"].work)
    except ItemsFailed as failed:
        click.echo(f"{failed}: see the log", err=True)
        sys.exit(1)
    click.echo(f"every count is right: {campaigns} campaigns")


@tally_group.command("cosign")
@click.argument("campaign", type=click.UUID)
@click.argument("note", type=click.File(encoding="utf-8"))
def cosign(campaign: UUID, note: TextIO) -> None:
    """Store the signatures of other departments under a checkpoint, from a signed note."""
    text = note.read()
    try:
        signed = db.atomically(_app(), lambda: checkpoints.cosign(campaign, note=text), write=True)
    except DomainError as refusal:
        click.echo(f"{refusal.code}: {refusal}", err=True)
        sys.exit(1)
    click.echo(f"checkpoint of {signed.size} leaves, signed beside us by {signed.witnesses}")


@data.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def make_backup(folder: Path) -> None:
    """Write a backup into a new folder, while the service runs."""
    with _told():
        manifest = backup.make(_settings(), folder)
    click.echo(f"{folder}: database at {manifest.revision}, {len(manifest.checksums)} files")
    if _settings().storage_url:
        click.echo("not in it: the files in the bucket, which has to keep them itself")


@data.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore_backup(folder: Path) -> None:
    """Put a backup into an empty database and data folder, and check it."""
    with _told():
        manifest = backup.restore(_settings(), folder)
    click.echo(f"restored: the data of {manifest.taken_at}")
    flask_migrate.upgrade()
    _check()


@data.command("check")
def check_data() -> None:
    """Count hours, ballots and results again; open every encrypted field and every file."""
    _check()


def _check() -> None:
    found = list(soundness.faults(_app()))
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)
    click.echo("whole: hours, ballots, results, encrypted fields and files")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except backup.BackupError as error:
        raise click.ClickException(str(error)) from error


def _settings() -> Settings:
    return cast(Settings, _app().extensions["liancheng.settings"])


@docs.command("write")
def write_docs() -> None:
    """Write the generated documents."""
    for path in documents.write(_app()):
        click.echo(path)


@docs.command("check")
def check_docs() -> None:
    """Fail if a generated document differs from what the code says."""
    stale = documents.stale(_app())
    if stale:
        click.echo("stale, run `make docs`: " + ", ".join(stale), err=True)
        sys.exit(1)
