"""Keys that can vanish: private files, made once, never made again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.config import Settings
from core.key_store import KeyMissing, KeyStore


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(Settings(environment="test", var_dir=tmp_path))


def test_a_key_is_a_file_for_this_user_alone(store: KeyStore, tmp_path: Path) -> None:
    key = store.make("one")
    file = tmp_path / "campaign-keys" / "one"
    assert (len(key), file.read_bytes()) == (32, key)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["one"]


def test_the_folder_is_the_one_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(environment="test", var_dir=tmp_path, campaign_keys=str(tmp_path / "keys"))
    KeyStore(settings).make("one")
    assert (tmp_path / "keys" / "one").exists()


def test_a_key_is_made_once(store: KeyStore) -> None:
    assert store.make("one") == store.make("one") == store.read("one")
    assert store.make("one") != store.make("other")


def test_all_who_make_it_at_once_get_the_same(tmp_path: Path) -> None:
    """Each with a store of its own, as processes have."""
    settings = Settings(environment="test", var_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        for round_ in range(20):
            made = pool.map(lambda _, n=round_: KeyStore(settings).make(str(n)), range(16))
            assert len(set(made)) == 1


def test_a_destroyed_key_is_gone_for_good(store: KeyStore, tmp_path: Path) -> None:
    key = store.make("one")
    assert store.destroy("one")
    assert not store.destroy("one")
    for ask in (store.read, store.make):
        with pytest.raises(KeyMissing):
            ask("one")
    assert store.is_destroyed("one")
    left = (tmp_path / "campaign-keys").iterdir()
    assert all(key not in path.read_bytes() for path in left)


def test_what_was_never_made_is_missing(store: KeyStore) -> None:
    with pytest.raises(KeyMissing):
        store.read("one")
    assert not store.is_destroyed("one")
