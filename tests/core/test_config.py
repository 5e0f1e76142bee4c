"""Settings: typed, secret, and strict in production."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from core.config import PLACEHOLDER, Settings, SettingsError

OWN = {
    "LIANCHENG_ENV": "production",
    "DATABASE_URL": "postgresql://app:pw@db/liancheng",
    "PUBLIC_URL": "https://zyfw.example.gov.cn",
    "FIELD_KEYS": "1:own-field-key",
    "INDEX_KEY": "own-index-key",
    "CODE_KEY": "own-code-key",
    "LOG_KEY": "own-log-key",
    "WECHAT_SECRET": "own-secret",
    "WECHAT_PUSH_TOKEN": "own-token",
    "WECHAT_PUSH_AES_KEY": "a" * 43,
}


def test_production_with_own_secrets_starts() -> None:
    settings = Settings.from_environment(OWN)
    assert settings.sqlalchemy_url == "postgresql+psycopg://app:pw@db/liancheng"


@pytest.mark.parametrize("left_out", [name for name in OWN if name != "LIANCHENG_ENV"])
def test_production_without_one_of_them_is_refused_by_name(left_out: str) -> None:
    environ = {name: value for name, value in OWN.items() if name != left_out}
    with pytest.raises(SettingsError, match=left_out):
        Settings.from_environment(environ)


def test_a_number_that_is_none_names_its_variable() -> None:
    with pytest.raises(SettingsError, match="PORT"):
        Settings.from_environment({"PORT": "eighty"})


def test_no_secret_shows_in_repr() -> None:
    shown = repr(Settings())
    assert PLACEHOLDER not in shown
    assert "var_dir=PosixPath('var')" in shown


def test_every_setting_says_what_it_is() -> None:
    for f in fields(Settings):
        assert f.metadata["env"].isupper()
        assert len(f.metadata["doc"]) > 10


def test_without_a_url_the_data_folder_holds_sqlite(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path)
    assert settings.is_sqlite
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path.resolve()}/liancheng.db"
    assert not replace(settings, database_url="postgres://x/y").is_sqlite


def test_a_template_without_an_id_stands_for_itself() -> None:
    settings = Settings(wechat_templates="seat_confirmed=abc, other = def")
    assert settings.template_id("seat_confirmed") == "abc"
    assert settings.template_id("other") == "def"
    assert settings.template_id("unknown") == "unknown"


def test_boards_are_on_or_off() -> None:
    assert Settings().boards == "off"
    with pytest.raises(SettingsError, match="BOARDS"):
        Settings(boards="perhaps")


BUCKET = {
    "STORAGE_URL": "s3://liancheng/files",
    "STORAGE_ENDPOINT": "https://oss.example.cn",
    "STORAGE_ACCESS_KEY": "our-access-key",
    "STORAGE_SECRET_KEY": "our-secret-key",
}


def test_production_keeps_files_on_disk_or_in_a_bucket_over_tls() -> None:
    assert Settings.from_environment(OWN).storage_url == ""
    shown = repr(Settings.from_environment(OWN | BUCKET))
    assert "s3://liancheng/files" in shown
    assert "our-" not in shown
    plain = OWN | BUCKET | {"STORAGE_ENDPOINT": "http://oss.example.cn"}
    with pytest.raises(SettingsError, match="STORAGE_ENDPOINT"):
        Settings.from_environment(plain)
