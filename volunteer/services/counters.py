"""A person's own record, read to them at a counter: who has no phone must be able to ask too
(decree 67, art. 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.services import persons
from core import audit
from core.actor import Actor
from core.paging import PageRequest
from volunteer.models.attendances import Attendance
from volunteer.models.disputes import Dispute
from volunteer.models.hours import HoursEntry
from volunteer.models.signups import Signup
from volunteer.services import absences, attendances, disputes, hours, signups

LATEST = PageRequest(limit=50)


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """What the person would see on a phone of their own; the latest of each, newest first."""

    hours: hours.HoursSummary
    standing: absences.Standing
    signups: Sequence[Signup]
    attendances: Sequence[Attendance]
    entries: Sequence[HoursEntry]
    disputes: Sequence[Dispute]


def view(actor: Actor, person_id: UUID, *, id_number: str) -> ServiceRecord:
    """The record of somebody whose identity card lies on the counter; each look is logged.

    Raises NotFound, IdNumberMismatch."""
    person = persons.get_by_card(person_id, id_number)
    audit.record(actor, person, "view_record")
    facts = {persons.HAS_ABSORBED} if person.has_absorbed else ()
    self = Actor(person.id, facts=frozenset(facts))
    return ServiceRecord(
        hours.summarize(self),
        absences.view_standing(self),
        signups.list_mine(self, LATEST).items,
        attendances.list_mine(self, LATEST).items,
        hours.list_entries(self, LATEST).items,
        disputes.list_own(self, LATEST).items,
    )
