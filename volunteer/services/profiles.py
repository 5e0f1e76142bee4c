"""What volunteers say of themselves: home site, skills, service categories."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.services import persons
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput
from volunteer.models.profiles import VolunteerProfile
from volunteer.services import reference


@dataclass(frozen=True, slots=True)
class Profile:
    """Empty until the person fills it in; nothing of it is asked for."""

    site_id: UUID | None
    skills: Sequence[str] = ()
    category_codes: Sequence[str] = ()


def view(actor: Actor) -> Profile:
    """The actor's own profile."""
    site_id = persons.get_own(actor).site_id
    stored = db.session.get(VolunteerProfile, actor.id)
    if stored is None:
        return Profile(site_id)
    return Profile(site_id, stored.skills, stored.category_codes)


def update(
    actor: Actor, *, site_id: UUID | None, skills: Sequence[str], category_codes: Sequence[str]
) -> Profile:
    """Replace the actor's own profile.

    Raises NotFound for an unknown site, InvalidInput for an unknown category."""
    known = [category.code for category in reference.list_service_categories()]
    if not set(category_codes) <= set(known):
        raise InvalidInput.at("category_codes", "没有这个服务类别")
    persons.settle(actor, site_id)
    stored = db.session.merge(
        VolunteerProfile(
            person_id=actor.id,
            skills=list(dict.fromkeys(skills)),
            category_codes=[code for code in known if code in category_codes],
            updated_at=clock.now(),
        )
    )
    db.session.flush()
    audit.record(actor, persons.get_own(actor), "update_profile")
    return Profile(site_id, stored.skills, stored.category_codes)
