"""The PostgreSQL that tests run on keeps what it acknowledged and compares text predictably."""

import psycopg
import pytest

from tests.support.postgres import PostgresServer, fresh_database

pytestmark = pytest.mark.process


def plain(url: str) -> str:
    """The URL as psycopg reads it."""
    return url.replace("+psycopg", "")


def test_a_killed_server_keeps_its_data_and_leaves_no_folder() -> None:
    with PostgresServer(durable=False) as server:
        url = fresh_database(server.url, "kept")
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE thing (name text)")
            connection.execute("INSERT INTO thing VALUES ('莲城')")
        server.kill()
        server.start()
        with psycopg.connect(plain(url)) as connection:
            assert connection.execute("SELECT name FROM thing").fetchone() == ("莲城",)
    assert not server.folder.exists()


def test_a_fresh_database_is_empty_and_sorts_by_code_point() -> None:
    with PostgresServer(durable=False) as server:
        url = fresh_database(server.url, "sorted")
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE thing (name text)")
            rows = connection.execute(
                "SELECT x FROM unnest(ARRAY['b', '中', 'B', 'a', 'é']) AS x ORDER BY x"
            ).fetchall()
            assert [row[0] for row in rows] == ["B", "a", "b", "é", "中"]
        assert fresh_database(server.url, "sorted") == url
        with psycopg.connect(plain(url)) as connection:
            assert connection.execute("SELECT to_regclass('thing')").fetchone() == (None,)
