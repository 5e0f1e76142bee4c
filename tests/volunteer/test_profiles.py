"""What volunteers say of themselves."""

import pytest
from flask import Flask

from core.errors import InvalidInput, NotFound
from core.ids import new_id
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import site
from volunteer.services import profiles


def test_a_profile_is_empty_until_it_is_filled_in_and_then_replaced(ctx: Flask) -> None:
    me = make.volunteer()
    assert profiles.view(me) == profiles.Profile(None)
    codes = ["counselling", "environment", "counselling"]
    profiles.update(me, site_id=site().id, skills=["剪纸", "剪纸", "急救"], category_codes=codes)
    assert profiles.view(me) == profiles.Profile(
        site().id, ["剪纸", "急救"], ["environment", "counselling"]
    )
    profiles.update(me, site_id=None, skills=[], category_codes=[])
    assert profiles.view(me) == profiles.Profile(None, [], [])


def test_places_and_categories_must_be_there(ctx: Flask) -> None:
    me = make.volunteer()
    with pytest.raises(NotFound):
        profiles.update(me, site_id=new_id(), skills=[], category_codes=[])
    with pytest.raises(InvalidInput):
        profiles.update(me, site_id=None, skills=[], category_codes=["nothing"])


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        me, site_id = make.volunteer(), str(site().id)
    first = http.as_(me).get("/me/profile")
    etag = {"If-Match": first.headers["ETag"]}
    body = {"site_id": site_id, "skills": ["剪纸"], "category_codes": ["environment"]}
    assert http.as_(me).put("/me/profile", json=body, headers=etag).json == body
    assert http.as_(me).put("/me/profile", json=body, headers=etag).status_code == 412
    assert http.as_(me).get("/me/profile").json == body
