"""Honoured people, granted by the service that grants."""

from typing import Any

from accounts.models.persons import Person
from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.db import db
from core.ids import new_id
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.approvals import Approval, ApprovedNominee
from nominations.models.campaigns import Campaign
from nominations.models.honors import Honor
from nominations.models.nominations import Nomination
from nominations.services import honors
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import campaign, nomination

DOCUMENT = "许文明〔2027〕12号"


def office() -> Actor:
    """The city's administrator."""
    return actor_of(person("郗管理"), grant(Role.ADMIN))


def staff(over: str = "411002") -> Actor:
    """Staff of a county's centre."""
    return actor_of(person("殳干事"), grant(Role.SITE_STAFF, over=site(over)))


def honor(of: Campaign | None = None, *, nominee: Person | None = None, **facts: Any) -> Honor:
    """An approved nominee, honoured today at Xidajie, Weidu; `nominee` has an account."""
    if nominee is not None:
        facts = {
            "nominee_name": nominee.name,
            "nominee_id_number_index": nominee.id_number_index,
            **facts,
        }
    made = nomination(of or campaign(CampaignStatus.NOTICING), NominationStatus.APPROVED, **facts)
    approved_by_the_office(made)
    return honors.grant(office(), made.id)


def approved_by_the_office(made: Nomination) -> Nomination:
    """With the decision that a stored status alone does not have."""
    decision = Approval(
        id=new_id(),
        campaign_id=made.campaign_id,
        document_number=f"{DOCUMENT}-{made.id.hex[-6:]}",
        minutes_reference="会议纪要〔2027〕3号",
        decided_on=clock.today(),
        decided_by=person().id,
        created_at=clock.now(),
        nominees=[ApprovedNominee(nomination_id=made.id)],
    )
    db.session.add(decision)
    db.session.flush()
    return made


def today_year() -> int:
    return clock.today().year
