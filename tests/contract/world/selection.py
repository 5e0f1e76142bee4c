"""A selection up to its public comments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from accounts.permissions import Role
from core import clock
from core.db import db
from core.wechat import TextVerdict
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.imports import ImportedNomination, SelectionImportKind
from nominations.models.quarantine import HeldBallot
from nominations.rules import Rules, Step
from nominations.services import (
    channels,
    checkpoints,
    clues,
    comments,
    confirmations,
    consultations,
    public_log,
    supports,
    visits,
)
from nominations.services import consents as nominee_consents
from nominations.services import imports as selection_imports
from tests.contract.world.people import AT, Ids, Instead, Making, Owners
from tests.factories import nominations as choosing
from tests.factories import quarantine as buying
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.attachments import attached


def _selection(of: Owners) -> dict[str, object]:
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.ASSESSING)
        nomination = choosing.nomination(campaign, by=of.owner)
        candidate = choosing.candidate(campaign, by=of.owner)
        link = nominee_consents.ask(of.actor, nomination.id)
        public_log.append(campaign.id, [])
        checkpoints.write(campaign.id)
    return {
        "campaign_id": campaign.id,
        "nomination_id": nomination.id,
        "choice": candidate.id,
        "channel_id": channels.list_all()[0].id,
        "consent_token": link.token,
        "leaf": 0,
        "from": 0,
    }


def _clues(of: Owners) -> dict[str, object]:
    with clock.frozen(AT):
        clue = clues.give(
            of.actor,
            choosing.campaign(CampaignStatus.NOMINATING).id,
            verdict=TextVerdict.PASS,
            nominee_name="鲜老伯",
            site_id=of.scene.site_id,
            text="他每天清晨为独居的邻居挑水、买菜，一做就是十一年，大家都想推荐他。",
        )
    return {"clue_id": clue.id, "giver_id": of.other.id}


def _ladder(of: Owners) -> dict[str, object]:
    """A case above the ladder: a department asked, a visit, a confirmation."""
    steps = (Step.COUNTY, Step.CONSULTATION, Step.VISIT)
    rules = Rules(steps=steps, departments=("police",))
    with clock.frozen(AT):
        of_bravery = choosing.nomination(
            choosing.campaign(CampaignStatus.REVIEWING, rules=rules),
            NominationStatus.CITY_SHORTLISTED,
            by=of.owner,
            category_code="bravery",
        )
        judge = actor_of(person("暨评审"), grant(Role.REVIEWER, over=site("411002")))
        city = actor_of(person("隗评审"), grant(Role.REVIEWER))
        (asked,) = consultations.open_all(judge, of_bravery.id)
        visit = visits.record(
            judge, of_bravery.id, visited_on=AT.date(), place="西大街", notes="属实"
        )
        confirmation = confirmations.apply(city, of_bravery.id, applied_on=AT.date())
        return {
            "consultation_id": asked.id,
            "answer_token": consultations.link(judge, asked.id).token,
            "department_id": asked.department_id,
            "visit_id": visit.id,
            "confirmation_id": confirmation.id,
            "channel_id": choosing.channel().id,
        }


def _media(of: Owners) -> dict[str, object]:
    """What citizens add to a selection: files of a case, a comment on a candidate."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.ASSESSING)
        candidate = choosing.candidate(campaign, by=of.other)
        attachment = attached(choosing.nomination(campaign, by=of.owner))
        attached(candidate, AttachmentKind.ID_PHOTO, cleared=True)
        comment = comments.write(
            of.actor, candidate.id, text="向好人学习", verdict=TextVerdict.REVIEW
        )
    return {
        "attachment_id": attachment.id,
        "candidate_id": candidate.id,
        "photo_number": 0,
        "comment_id": comment.id,
    }


def _quarantine(_of: Owners) -> dict[str, object]:
    """Ballots that look bought, and a proposal what to do with them."""
    with clock.frozen(AT):
        campaign, _, _ = buying.bought()
        proposer, _ = buying.officials()
        ruling = buying.propose(proposer, campaign)
        held = db.session.scalars(select(HeldBallot.ballot_id).limit(1)).one()
        return {"finding_id": ruling.finding_id, "ruling_id": ruling.id, "ballot": held}


def _reviewed(of: Owners) -> Instead:
    """Two nominations of a campaign that is reviewed, the second supported by `other`."""
    with clock.frozen(AT):
        campaign = choosing.campaign(CampaignStatus.REVIEWING)
        first, second = (
            str(choosing.nomination(campaign, by=of.owner, consented_at=AT).id) for _ in range(2)
        )
        supports.give(actor_of(of.other), UUID(second))
    path = "/api/v1/nominations/{nomination_id}"
    return {
        f"POST {path}/merge": {"nomination_id": first, "into": second},
        f"GET {path}/card": {"nomination_id": second},
        f"POST {path}/supports": {"nomination_id": second},
        f"DELETE {path}/supports": {"nomination_id": second},
    }


def _imported(nomination_id: UUID) -> Instead:
    """An import of nominations by the office of Weidu, from which the nomination comes."""
    office = actor_of(person("殳干事"), grant(Role.SITE_STAFF, over=site("411002")))
    with clock.frozen(AT):
        kept = selection_imports.keep(office, body={"file": "被推荐人".encode()})
        selection_imports.upload(
            office,
            kept,
            kind=SelectionImportKind.HONORS,
            site_id=site("411002").id,
            note="区文明办纸质档案",
        )
    db.session.add(ImportedNomination(nomination_id=nomination_id, import_id=kept, record_key=kept))
    db.session.flush()
    path = "/api/v1/selection-imports/{import_id}"
    operations = (
        f"GET {path}",
        f"GET {path}/problems",
        f"GET {path}/problems.csv",
        f"POST {path}/confirm",
        f"POST {path}/cancel",
    )
    return {operation: {"import_id": str(kept)} for operation in operations}


STEPS: Sequence[Making] = (_selection, _clues, _ladder, _media, _quarantine)


def instead(of: Owners, ids: Ids) -> Instead:
    return (
        _reviewed(of)
        | _imported(UUID(ids["nomination_id"]))
        | {
            f"{method} /api/v1/nominations/{{nomination_id}}/comments": {
                "nomination_id": ids["candidate_id"]
            }
            for method in ("GET", "POST")
        }
    )
