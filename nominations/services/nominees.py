"""Who is nominated: the ID number and what follows from it, the age, one category, oneself."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.identity import age_on, birth_date
from accounts.permissions import Permission
from accounts.services import persons
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import InvalidInput, WrongState
from nominations.errors import (
    NominatedElsewhere,
    NomineeTooYoung,
    SelfNominationRefused,
)
from nominations.lifecycles import LIVE, NominationStatus, NomineeKind
from nominations.models.nominations import Nomination
from nominations.rules import Rules
from nominations.services import campaigns, cases, consents

YOUNGEST = persons.CHILD_AGE
"""No campaign shows a child to the public, whatever its rules say (PIPL art. 31; ours)."""

ONE_PERSON_ONLY = ("nominee_id_number", "deceased_on")
"""Fields that mean nothing for a group, a family or a unit."""


class NomineeField(StrEnum):
    """What a reviewer may ask to see unmasked."""

    PHONE = "phone"
    ID_NUMBER = "id_number"


def settled(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a nomination with what follows from the ID number among them. In this order:
    the row is known before anything is encrypted for it."""
    made = dict(facts)
    if "nominee_id_number" in made:
        number = made["nominee_id_number"]
        made["nominee_id_number_index"] = None if number is None else persons.index_of(number)
        made["nominee_born_on"] = None if number is None else birth_date(number)
    return made


def check_facts(nomination: Nomination, rules: Rules) -> None:
    """Whether what is known of the nominee hangs together. Raises InvalidInput."""
    if nomination.nominee_kind not in rules.nominee_kinds:
        raise InvalidInput.at("nominee_kind", "本次活动不推荐这一类对象")
    if nomination.nominee_kind is not NomineeKind.PERSON:
        for name in ONE_PERSON_ONLY:
            if getattr(nomination, name) is not None:
                raise InvalidInput.at(name, "推荐个人时才填写")
    died_on = nomination.deceased_on
    if died_on is not None:
        check_day_of_death(nomination, died_on)


def check_day_of_death(nomination: Nomination, died_on: date) -> None:
    """Raises InvalidInput."""
    if died_on > clock.today():
        raise InvalidInput.at("deceased_on", "去世日期不能晚于今天")
    if nomination.nominee_born_on is not None and died_on < nomination.nominee_born_on:
        raise InvalidInput.at("deceased_on", "去世日期不能早于出生日期")


def check_self(actor: Actor, nomination: Nomination, rules: Rules) -> None:
    """Notice a self-nomination, said or told by the ID number. Raises SelfNominationRefused."""
    index = nomination.nominee_id_number_index
    if index is not None and persons.get_own(actor).id_number_index == index:
        nomination.is_self_nomination = True
    if nomination.is_self_nomination and not rules.allows_self_nomination:
        raise SelfNominationRefused


def check_age(nomination: Nomination, rules: Rules) -> None:
    """The age today of a living person whose ID number is known; of a dead one only whether it
    was a child. Raises NomineeTooYoung."""
    born_on = nomination.nominee_born_on
    if born_on is None:
        return
    is_alive = nomination.deceased_on is None
    wanted = max(rules.min_age, YOUNGEST) if is_alive else YOUNGEST
    if age_on(born_on, nomination.deceased_on or clock.today()) < wanted:
        raise NomineeTooYoung(f"被推荐人应年满 {wanted} 周岁", min_age=wanted)


def check_one_category(nomination: Nomination) -> None:
    """One person stands in one category of a campaign; a second nomination in the same one is
    for merging. The lock lets only one ask at a time. Raises NominatedElsewhere."""
    index = nomination.nominee_id_number_index
    if index is None:
        return
    lock_exclusively(f"nominee:{nomination.campaign_id}:{index.hex()}")
    elsewhere = db.session.scalar(
        select(Nomination.category_code)
        .where(
            Nomination.nominee_id_number_index == index,
            Nomination.campaign_id == nomination.campaign_id,
            Nomination.category_code != nomination.category_code,
            Nomination.id != nomination.id,
            Nomination.status.in_((*LIVE, NominationStatus.HONORED)),
        )
        .limit(1)
    )
    if elsewhere is not None:
        raise NominatedElsewhere(category=elsewhere)


def identify(
    actor: Actor, nomination_id: UUID, *, id_number: str, phone: str | None = None
) -> Nomination:
    """Complete a case whose nominator does not know the ID number; a reviewer has seen the card.
    Another number than before is another person, which is for the nominator to correct; a minor
    needs the consent of a guardian instead of the own one.

    Raises NotFound, OwnNomination, WrongState, StageClosed, InvalidInput, NomineeTooYoung,
    NominatedElsewhere."""
    permission = Permission.NOMINATIONS_NOMINATION_IDENTIFY
    nomination = cases.hold_for_staff(actor, permission, nomination_id)
    campaign = campaigns.share(nomination.campaign_id)
    campaigns.check_stage(campaign, "identify")
    if nomination.status not in LIVE:
        raise WrongState(state=nomination.status.value, verb="identify")
    known, index = nomination.nominee_id_number_index, persons.index_of(id_number)
    if known is not None and known != index:
        raise InvalidInput.at("id_number", "与推荐材料中的身份证号码不一致")
    giver = consents.giver_of(nomination)
    for name, value in settled({"nominee_id_number": id_number}).items():
        setattr(nomination, name, value)
    if phone is not None:
        nomination.nominee_phone = phone
    check_facts(nomination, campaign.rules)
    check_age(nomination, campaign.rules)
    check_one_category(nomination)
    if consents.giver_of(nomination) is not giver:  # the card shows a minor
        consents.lapse(actor, nomination)
    db.session.flush()
    audit.record(actor, nomination, "identify")
    return nomination


def unmask(
    actor: Actor, nomination_id: UUID, *, fields: Sequence[NomineeField], reason: str
) -> dict[str, str | None]:
    """Data of the nominee in clear, only what is asked for; each look is logged with its reason
    (PIPL). Raises NotFound, OwnNomination."""
    permission = Permission.NOMINATIONS_NOMINATION_UNMASK
    nomination = cases.hold_for_staff(actor, permission, nomination_id)
    asked = [field for field in NomineeField if field in fields]
    audit.record(actor, nomination, "unmask", reason=f"{'、'.join(asked)}：{reason}")
    return {field.value: getattr(nomination, f"nominee_{field.value}") for field in asked}
