"""A backup while the service runs, its way back, and what a check finds."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from accounts.models.persons import Person
from cli import backup, commands, soundness
from cli.backup import BackupError
from core import clock, db
from core.config import Settings
from core.storage import storage
from nominations.lifecycles import AttachmentStatus, CampaignStatus
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.ballots import Ballot
from nominations.models.tally import TallyCount
from nominations.services import ballots, tally
from tests.conftest import closing_app, stored
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, person
from tests.support.postgres import fresh_database, path_with_programs

VOTERS = 5
CONTENT, KEY = b"a picture", "attachments/one"


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["liancheng.settings"]
    return found


@pytest.fixture
def city(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Counted ballots, people with ID numbers, and a file."""
    monkeypatch.setenv("PATH", path_with_programs())
    with stored(committed):
        campaign = make.campaign(CampaignStatus.ASSESSING)
        chosen = make.candidates(campaign, 2)
        for _ in range(VOTERS):
            ballots.cast(actor_of(person()), campaign.id, choices=chosen[:1])
        tally.seal(campaign.id)
        case = make.nomination(campaign)
        storage().put(KEY, CONTENT)
        db.db.session.add(
            Attachment(
                about_type=AttachmentAbout.NOMINATION,
                about_id=case.id,
                nomination_id=case.id,
                kind=AttachmentKind.LIFE_PHOTO,
                slot=1,
                status=AttachmentStatus.HIDDEN,
                sha256=hashlib.sha256(CONTENT).digest(),
                storage_key=KEY,
                media_type="image/jpeg",
                size=len(CONTENT),
                uploaded_by=case.nominator_id,
                created_at=clock.now(),
            )
        )
    return committed


@pytest.fixture
def elsewhere(city: Flask, tmp_path: Path, postgres_server: str | None) -> Settings:
    """An empty database and data folder, with the same keys."""
    url = fresh_database(postgres_server, "liancheng_restored") if postgres_server else ""
    return replace(settings_of(city), var_dir=tmp_path / "elsewhere", database_url=url)


@pytest.fixture
def kept(city: Flask, tmp_path: Path) -> Path:
    """A backup."""
    backup.make(settings_of(city), tmp_path / "kept")
    return tmp_path / "kept"


def faults(app: Flask) -> list[str]:
    with app.app_context():
        return list(soundness.faults(app))


def count(app: Flask, model: type[db.Base]) -> int:
    query = select(func.count()).select_from(model)
    with app.app_context():
        return db.atomically(app, lambda: db.db.session.scalar(query) or 0, write=False)


def test_what_was_restored_is_what_was_there(city: Flask, kept: Path, elsewhere: Settings) -> None:
    manifest = backup.restore(elsewhere, kept)
    assert manifest == backup.read(kept)
    with closing_app(elsewhere) as app:
        assert faults(app) == []
        assert count(app, Ballot) == VOTERS
        assert count(app, Person) == count(city, Person)
        with app.app_context():
            assert storage().get(KEY) == CONTENT
            with pytest.raises(DBAPIError), db.transaction(app, write=True) as session:
                session.execute(delete(Ballot))  # the triggers came with it


def test_what_is_not_committed_is_not_in_it(
    city: Flask, tmp_path: Path, elsewhere: Settings
) -> None:
    with stored(city):
        person("尚未提交")
        db.db.session.flush()
        backup.make(settings_of(city), tmp_path / "meanwhile")
    backup.restore(elsewhere, tmp_path / "meanwhile")
    with closing_app(elsewhere) as app:
        assert count(app, Person) == count(city, Person) - 1


def test_a_backup_shows_no_key_and_nothing_personal(kept: Path) -> None:
    content = b"".join(file.read_bytes() for file in kept.rglob("*") if file.is_file())
    assert CONTENT not in content
    assert b"development-only" not in content


def test_what_is_being_made_is_left_out(city: Flask, tmp_path: Path) -> None:
    folder = settings_of(city).var_dir
    for name in ("exports/making-x/sheet", "imports/one.part", "files/attachments/two#1"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"in clear")
    made = backup.make(settings_of(city), tmp_path / "kept")
    assert sorted(made.checksums) == sorted((f"files/{KEY}", _database_of(city)))


def _database_of(app: Flask) -> str:
    return backup.SQLITE_FILE if settings_of(app).is_sqlite else backup.POSTGRES_FILE


def test_files_that_come_and_go_meanwhile_are_in_it(
    city: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database may name either."""
    folder, dump = settings_of(city).var_dir / "files", backup._dump

    def dump_and_move(settings: Settings, target: Path) -> str:
        (folder / KEY).rename(folder / "attachments" / "two")
        return dump(settings, target)

    monkeypatch.setattr(backup, "_dump", dump_and_move)
    made = backup.make(settings_of(city), tmp_path / "kept")
    assert {f"files/{KEY}", "files/attachments/two"} <= made.checksums.keys()


def test_a_folder_is_never_written_over(city: Flask, kept: Path) -> None:
    with pytest.raises(BackupError, match="exists already"):
        backup.make(settings_of(city), kept)


def test_nothing_is_restored_over_something(city: Flask, kept: Path, elsewhere: Settings) -> None:
    with pytest.raises(BackupError, match="not empty"):
        backup.restore(settings_of(city), kept)
    backup.restore(elsewhere, kept)
    shutil.rmtree(elsewhere.var_dir / "files")
    with pytest.raises(BackupError, match=r"exists already|not empty"):
        backup.restore(elsewhere, kept)


def _alter(folder: Path) -> None:
    file = folder / "files" / KEY
    file.write_bytes(file.read_bytes()[:-1] + b"!")


def _remove(folder: Path) -> None:
    (folder / "files" / KEY).unlink()


def _add(folder: Path) -> None:
    (folder / "files" / "stray").write_bytes(b"")


def _spoil(folder: Path) -> None:
    (folder / backup.MANIFEST).write_text("{", encoding="utf-8")


def _change(**told: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / backup.MANIFEST
        manifest = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps(manifest | told), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(_alter, "not as it was written", id="altered"),
        pytest.param(_remove, "missing", id="removed"),
        pytest.param(_add, "does not belong", id="added"),
        pytest.param(_spoil, "can't be read", id="manifest"),
        pytest.param(_change(format=2), "format 2", id="format"),
        pytest.param(_change(database="oracle"), "backup of oracle", id="other database"),
        pytest.param(_change(revision="9999"), "update the program", id="newer"),
    ],
)
def test_a_spoilt_backup_is_refused(
    kept: Path, elsewhere: Settings, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(kept)
    with pytest.raises(BackupError, match=told):
        backup.restore(elsewhere, kept)
    assert not any(elsewhere.var_dir.rglob("*"))


def test_a_whole_city_has_no_faults(city: Flask) -> None:
    assert faults(city) == []


def test_a_lost_file_is_found(city: Flask) -> None:
    (settings_of(city).var_dir / "files" / KEY).unlink()
    assert faults(city) == ["attachments: 1 are missing or not as they were stored"]


def test_a_moved_vote_is_found(city: Flask) -> None:
    with stored(city):
        db.db.session.execute(update(TallyCount).values(votes=TallyCount.votes + 1))
    assert faults(city) == ["recount_votes: 2 items failed"]


@pytest.fixture
def other_keys(city: Flask) -> Iterator[Flask]:
    settings = settings_of(city)
    with closing_app(replace(settings, field_keys="1:quite-another-key")) as app:
        yield app


def test_the_wrong_keys_are_found(other_keys: Flask) -> None:
    found = faults(other_keys)
    assert [line for line in found if line.startswith("persons.id_number: ")]
    assert "attachments: 1 are missing or not as they were stored" in found


def test_the_commands(city: Flask, tmp_path: Path, elsewhere: Settings) -> None:
    folder = str(tmp_path / "by-command")
    made = city.test_cli_runner().invoke(commands.data, ["backup", folder])
    assert (made.exit_code, "2 files" in made.output) == (0, True), made.output
    again = city.test_cli_runner().invoke(commands.data, ["backup", folder])
    assert (again.exit_code, "exists already" in again.output) == (1, True)
    with closing_app(elsewhere) as app:
        back = app.test_cli_runner().invoke(commands.data, ["restore", folder])
        assert (back.exit_code, "whole" in back.output) == (0, True), back.output
        (elsewhere.var_dir / "files" / KEY).unlink()
        checked = app.test_cli_runner().invoke(commands.data, ["check"])
        assert (checked.exit_code, "attachments: 1" in checked.output) == (1, True)
