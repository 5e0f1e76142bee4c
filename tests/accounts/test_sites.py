"""The site tree, from the civil-affairs list."""

from flask import Flask

from accounts.models.sites import Site, SiteLevel
from accounts.services import reference
from core.db import db
from tests.conftest import Http


def count(level: SiteLevel) -> int:
    return db.session.query(Site).filter(Site.level == level).count()


def test_the_tree_has_every_county_and_township(ctx: Flask) -> None:
    assert count(SiteLevel.CITY) == 1
    assert count(SiteLevel.CENTER) == 6
    assert count(SiteLevel.INSTITUTE) == 103
    assert count(SiteLevel.ZONE) == 3


def test_loading_again_changes_nothing(ctx: Flask) -> None:
    before = {s.code: (s.id, s.path, s.name) for s in db.session.query(Site)}
    assert reference.load() == 113
    assert {s.code: (s.id, s.path, s.name) for s in db.session.query(Site)} == before


def test_a_path_holds_all_below(ctx: Flask) -> None:
    yuzhou = db.session.query(Site).filter(Site.code == "411081").one()
    below = db.session.query(Site).filter(Site.path.startswith(yuzhou.path)).count()
    assert below == 1 + 26


def test_children_are_listed_page_by_page(http: Http, rolled_back: Flask) -> None:
    with rolled_back.app_context():
        parent = str(db.session.query(Site).filter(Site.code == "411081").one().id)
    names: list[str] = []
    path = f"/sites?parent={parent}&limit=10"
    cursor = ""
    while True:
        page = http.get(path + cursor).json
        assert page is not None
        names += [s["division"] for s in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(names) == len(set(names)) == 26


def test_a_site_is_found_by_a_part_of_its_name(http: Http) -> None:
    page = http.get("/sites?q=神垕").json
    assert page is not None
    assert [s["level"] for s in page["items"]] == ["institute"]


def test_wildcards_in_a_search_are_plain_text(http: Http) -> None:
    page = http.get("/sites?q=%25").json
    assert page == {"items": [], "next_cursor": None}


def test_reference_lists_are_shared_and_answer_304(http: Http) -> None:
    first = http.get("/sites?level=center")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = http.get("/sites?level=center", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
