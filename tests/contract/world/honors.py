"""The public notice, and the honour that follows."""

from collections.abc import Sequence
from datetime import timedelta

from core import clock
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.care_visits import CareOccasion
from nominations.models.nominations import Nomination
from nominations.models.referrals import ReferralTarget
from nominations.services import (
    attachments,
    benefit_cards,
    benefits,
    honors,
    objection_evidence,
    own_honors,
    referrals,
)
from tests.contract.world.insiders import objector
from tests.contract.world.people import AT, OWNER, Ids, Instead, Making, Owners
from tests.factories import honors as honoring
from tests.factories import nominations as choosing
from tests.factories import notices as noticing
from tests.factories.attachments import jpeg


def _notice(of: Owners) -> dict[str, object]:
    """A nominee of the owner on notice, and an accepted objection."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.NOTICING)
        one = choosing.nomination(campaign, NominationStatus.PROPOSED, by=of.owner)
    notice = noticing.opened(campaign, opens_on=AT.date() - timedelta(days=1))
    objection = noticing.accepted(notice, one, at=AT)
    with clock.frozen(AT):
        file = attachments.keep(jpeg(), AttachmentKind.EVIDENCE)
        evidence = objection_evidence.add(objector(), objection.id, file=file)
    return {
        "notice_id": notice.id,
        "objection_id": objection.id,
        "nomination": one.id,
        "evidence_id": evidence.id,
    }


def _honor(of: Owners) -> dict[str, object]:
    """The owner was honoured, and what follows is under way."""
    with clock.frozen(AT):
        granted = honoring.honor(nominee=of.owner)
        runs = honoring.office()
        referral = referrals.prepare(
            runs, granted.id, target=ReferralTarget.HENAN_GOOD_PEOPLE, batch="2027年5月"
        )
        case = own_honors.apply_for_help(of.actor, granted.id, need=f"{OWNER}家中有病人")
        visit = honors.plan_visit(
            of.scene.staff,
            granted.id,
            occasion=CareOccasion.OTHER,
            planned_on=AT.date() + timedelta(days=1),
        )
    return {
        "honor_id": granted.id,
        "referral_id": referral.id,
        "case_id": case.id,
        "care_visit_id": visit.id,
        "benefit_id": benefits.list_public()[0].id,
        "code": benefit_cards.issue(granted).code,
    }


def _approved(of: Owners) -> Nomination:
    with clock.frozen(AT):
        selection = choosing.campaign(CampaignStatus.NOTICING)
        return honoring.approved_by_the_office(
            choosing.nomination(selection, NominationStatus.APPROVED, by=of.owner)
        )


STEPS: Sequence[Making] = (_notice, _honor)


def instead(of: Owners, ids: Ids) -> Instead:
    return {
        "GET /api/v1/objections/{objection_id}/evidence/{attachment_id}": {
            "attachment_id": ids["evidence_id"]
        },
        **{
            f"POST /api/v1/notices/{{notice_id}}/objections{way}": {
                "nomination_id": ids["nomination"]
            }
            for way in ("", "/enter")
        },
        "POST /api/v1/nominations/{nomination_id}/honor": {"nomination_id": str(_approved(of).id)},
    }
