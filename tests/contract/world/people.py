"""Whose things they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from accounts.models.consents import ConsentKind
from accounts.models.persons import Person
from accounts.services import consents
from core import clock
from core.actor import Actor
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, person
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene

AT = NINE + timedelta(hours=8)
"""When strangers come: after the shift, on its day."""

OWNER, OTHER, WARD = "澹台灵均", "鲜于望舒", "澹台小满"
PHONE = "+8613912345678"
OPENID = "o-owner"

COUNTY, ELSEWHERE = "411002001", "411082"
"""A site of Weidu district, where everything is, and the centre of Changge."""

Ids = Mapping[str, str]
"""By the name under which they stand in an address or a body."""
Instead = dict[str, dict[str, str]]
"""Ids for one operation, which takes a thing in another state only."""


@dataclass(frozen=True)
class Owners:
    scene: Scene
    owner: Person
    other: Person
    ward: Person
    id_number: str

    @property
    def actor(self) -> Actor:
        return actor_of(self.owner)


Making = Callable[[Owners], Mapping[str, object]]
"""Makes things; their ids by name."""


def people() -> Owners:
    made = make.scene()
    with clock.frozen(DAY_BEFORE):
        owner, other = person(OWNER, openid=OPENID), person(OTHER)
        ward = person(WARD, born="20120101")
    owner.phone, owner.nickname = PHONE, "小澹"
    for one in (owner, other, ward):
        one.site_id = made.site_id
    consents.record(made.staff, owner.id, ConsentKind.REAL_NAME, paper_reference="纸-1")
    assert owner.id_number is not None
    return Owners(made, owner, other, ward, owner.id_number)
