"""Consent of nominees to be recommended and shown (PIPL art. 25 and 29).

A nominator or a reviewer makes a link and hands it to the nominee; the secret in it is the
permission. Who has none gives it on paper, which staff record. For the dead their kin answer,
for minors a guardian, for several people their representative.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from accounts.identity import age_on
from accounts.permissions import Permission
from accounts.services import persons
from core import audit, clock
from core.actor import Actor
from core.crypto import mask_name
from core.db import db
from core.errors import NotFound, WrongState
from core.ids import new_id
from nominations.errors import ConsentLapsed, SignerMissing
from nominations.lifecycles import LIVE, ConsentStatus, NominationStatus, NomineeKind
from nominations.models.campaigns import Campaign
from nominations.models.consents import ConsentGiver, NomineeConsent
from nominations.models.nominations import Nomination
from nominations.services import cases, departures, nominators

VALID = timedelta(days=30)
"""How long a link can be answered; as long as a campaign commonly takes nominations."""

S = ConsentStatus


@dataclass(frozen=True, slots=True)
class NewLink:
    """A fresh link; the only moment at which the token is known."""

    consent: NomineeConsent
    token: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What the holder of a link sees: what would be published, and about whom. The name is
    masked, since the link may have gone astray; of a withheld case nothing would be shown."""

    status: ConsentStatus
    kind: ConsentGiver
    expires_at: datetime | None
    campaign_title: str
    category_name: str
    nominee_kind: NomineeKind
    nominee_name: str
    is_withheld: bool
    summary: str | None
    short_deeds: str | None
    deeds: str | None


def is_given(nomination: Nomination) -> bool:
    """Whether a consent is in force that covers the nominee as the case now stands."""
    return nomination.consented_at is not None


def giver_of(nomination: Nomination) -> ConsentGiver:
    """Who has to agree today."""
    if nomination.nominee_kind is not NomineeKind.PERSON:
        return ConsentGiver.REPRESENTATIVE
    if nomination.deceased_on is not None:
        return ConsentGiver.NEXT_OF_KIN
    born_on = nomination.nominee_born_on
    if born_on is not None and age_on(born_on, clock.today()) < persons.ADULT_AGE:
        return ConsentGiver.GUARDIAN
    return ConsentGiver.NOMINEE


def ask(actor: Actor, nomination_id: UUID) -> NewLink:
    """Make a link for who has to agree; an earlier one is void from now on. Raises NotFound,
    WrongState."""
    nomination = cases.hold_for_either(actor, Permission.NOMINATIONS_CONSENT_ASK, nomination_id)
    _check_live(nomination, "ask_consent")
    at = clock.now()
    _lapse(actor, nomination, (S.ASKED,))
    token = secrets.token_urlsafe(24)
    made = NomineeConsent(
        id=new_id(),
        nomination_id=nomination.id,
        kind=giver_of(nomination),
        status=S.ASKED,
        token_hash=_hash(token),
        asked_by=actor.id,
        asked_at=at,
        expires_at=at + VALID,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, made, "ask", to_status=made.status)
    return NewLink(made, token)


def list_of(actor: Actor, nomination_id: UUID) -> Sequence[NomineeConsent]:
    """Every asking and answer of a case, newest first. Raises NotFound."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    cases.check_concerned(actor, Permission.NOMINATIONS_CONSENT_VIEW, nomination)
    query = select(NomineeConsent).where(NomineeConsent.nomination_id == nomination.id)
    return db.session.scalars(query.order_by(NomineeConsent.id.desc())).all()


def view(token: str) -> Asking:
    """What the link asks. The text is shown as long as the answer stands open or is a yes.
    Raises NotFound, ConsentLapsed."""
    consent = _find(token)
    _check_in_time(consent)
    nomination = db.session.get_one(Nomination, consent.nomination_id)
    campaign = db.session.get_one(Campaign, nomination.campaign_id)
    is_shown = consent.status in (S.ASKED, S.GIVEN) and not nomination.is_withheld
    name = nomination.shown_name
    if nomination.nominee_kind is NomineeKind.PERSON and not nomination.is_withheld:
        name = mask_name(name)
    names = {category.code: category.name for category in campaign.categories}
    return Asking(
        status=consent.status,
        kind=consent.kind,
        expires_at=consent.expires_at,
        campaign_title=campaign.title,
        category_name=names[nomination.category_code],
        nominee_kind=nomination.nominee_kind,
        nominee_name=name,
        is_withheld=nomination.is_withheld,
        summary=nomination.summary if is_shown else None,
        short_deeds=nomination.short_deeds if is_shown else None,
        deeds=nomination.deeds if is_shown else None,
    )


def give(
    actor: Actor,
    token: str,
    *,
    signer_name: str | None = None,
    signer_relation: str | None = None,
) -> Asking:
    """Agree; kin, guardians and representatives say who they are. Kin thereby choose that the
    case goes on posthumously. The same again changes nothing.

    Raises NotFound, ConsentLapsed, SignerMissing, WrongState."""
    nomination, consent = _hold(token)
    if consent.status is S.GIVEN:
        return view(token)
    _check_in_time(consent)
    _check_live(nomination, "give")
    if consent.kind is not ConsentGiver.NOMINEE and not (signer_name and signer_relation):
        raise SignerMissing
    at = clock.now()
    _lapse(actor, nomination, (S.GIVEN,))
    audit.perform(
        actor,
        consent,
        "give",
        answered_at=at,
        signer_name=signer_name,
        signer_relation=signer_relation,
    )
    _take_effect(nomination, consent, at)
    return view(token)


def decline(actor: Actor, token: str) -> Asking:
    """Refuse to be nominated, which ends the case. The same again changes nothing. Raises
    NotFound, ConsentLapsed, WrongState."""
    nomination, consent = _hold(token)
    if consent.status is S.DECLINED:
        return view(token)
    _check_in_time(consent)
    _check_live(nomination, "decline")
    audit.perform(actor, consent, "decline", answered_at=clock.now())
    _end(actor, nomination, status="本人不同意")
    return view(token)


def withdraw_consent(actor: Actor, token: str) -> Asking:
    """Take a consent back, in whatever live state the case is; it ends. The same again changes
    nothing. Raises NotFound, WrongState."""
    nomination, consent = _hold(token)
    if consent.status is not S.WITHDRAWN:
        _check_live(nomination, "withdraw_consent")
        audit.perform(actor, consent, "withdraw_consent")
        _end(actor, nomination, status="同意已撤回")
    return view(token)


def withdraw_consent_on_paper(
    actor: Actor, nomination_id: UUID, *, paper_reference: str
) -> Nomination:
    """Staff record that the nominee, or who speaks for them, took the consent back, or never
    wants to be nominated at all. Raises NotFound, OwnNomination, WrongState."""
    permission = Permission.NOMINATIONS_CONSENT_WITHDRAW_CONSENT
    nomination = cases.hold_for_staff(actor, permission, nomination_id)
    _check_live(nomination, "withdraw_consent")
    in_force = _of(nomination, (S.GIVEN,))
    for consent in in_force:
        audit.perform(actor, consent, "withdraw_consent", reason=paper_reference)
    status = "同意已撤回" if in_force else "本人不同意"
    _end(actor, nomination, status=status, reason=f"书面材料：{paper_reference}")
    return nomination


def record(
    actor: Actor,
    nomination_id: UUID,
    *,
    paper_reference: str,
    signer_name: str | None = None,
    signer_relation: str | None = None,
) -> NomineeConsent:
    """Staff record a signed paper; never for somebody they recommended. The same paper again
    gives the first consent.

    Raises NotFound, OwnNomination, WrongState, SignerMissing."""
    permission = Permission.NOMINATIONS_CONSENT_RECORD
    nomination = cases.hold_for_staff(actor, permission, nomination_id)
    return put_on_record(
        actor,
        nomination,
        paper_reference=paper_reference,
        signer_name=signer_name,
        signer_relation=signer_relation,
    )


def put_on_record(
    actor: Actor,
    nomination: Nomination,
    *,
    paper_reference: str,
    signer_name: str | None,
    signer_relation: str | None,
) -> NomineeConsent:
    """`record` for a case whose row is held by who may. Raises WrongState, SignerMissing."""
    _check_live(nomination, "record")
    for known in _of(nomination, (S.GIVEN,)):
        if known.paper_reference == paper_reference:
            return known
    kind, at = giver_of(nomination), clock.now()
    if kind is not ConsentGiver.NOMINEE and not (signer_name and signer_relation):
        raise SignerMissing
    _lapse(actor, nomination, (S.ASKED, S.GIVEN))
    made = NomineeConsent(
        id=new_id(),
        nomination_id=nomination.id,
        kind=kind,
        status=S.GIVEN,
        paper_reference=paper_reference,
        signer_name=signer_name,
        signer_relation=signer_relation,
        asked_by=actor.id,
        asked_at=at,
        answered_at=at,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, made, "record", to_status=made.status)
    _take_effect(nomination, made, at)
    return made


def lapse(actor: Actor, nomination: Nomination) -> None:
    """Whatever was asked or agreed is about somebody else than the case now names, or about the
    living while the nominee is dead. The caller holds the row."""
    _lapse(actor, nomination, (S.ASKED, S.GIVEN))
    nomination.consented_at = None
    nomination.is_posthumous = False


def to_expire() -> list[UUID]:
    """Links that nobody answered in time."""
    return list(
        db.session.scalars(
            select(NomineeConsent.id).where(
                NomineeConsent.status == S.ASKED, NomineeConsent.expires_at <= clock.now()
            )
        )
    )


def expire(actor: Actor, consent_id: UUID) -> None:
    """Let a link lapse that is due, and tell the nominators, while the case is alive, that the
    nominee has to be asked anew."""
    found = db.session.get_one(NomineeConsent, consent_id)
    nomination = cases.hold(found.nomination_id)
    consent = _fresh(found.id)
    if consent.status is not S.ASKED or not _is_late(consent):
        return
    audit.perform(actor, consent, "lapse")
    if nomination.status in (NominationStatus.DRAFT, *LIVE):
        note = "征求同意的链接已过期，请重新发送"
        nominators.tell(nomination, "nomination_progress", consent.id, status="尚未同意", note=note)


def _take_effect(nomination: Nomination, consent: NomineeConsent, at: datetime) -> None:
    nomination.consented_at = at
    nomination.is_posthumous = consent.kind is ConsentGiver.NEXT_OF_KIN
    db.session.flush()
    nominators.tell(nomination, "nomination_progress", consent.id, status="本人已同意", note="")


def _end(actor: Actor, nomination: Nomination, *, status: str, reason: str | None = None) -> None:
    nomination.consented_at = None
    departures.withdraw_for_nominee(actor, nomination, status=status, reason=reason)


def _check_live(nomination: Nomination, verb: str) -> None:
    if nomination.status not in (NominationStatus.DRAFT, *LIVE):
        raise WrongState(state=nomination.status.value, verb=verb)


def _check_in_time(consent: NomineeConsent) -> None:
    if consent.status is S.LAPSED or (consent.status is S.ASKED and _is_late(consent)):
        raise ConsentLapsed


def _is_late(consent: NomineeConsent) -> bool:
    return consent.expires_at is not None and consent.expires_at <= clock.now()


def _lapse(actor: Actor, nomination: Nomination, states: Sequence[ConsentStatus]) -> None:
    for consent in _of(nomination, states):
        audit.perform(actor, consent, "lapse")


def _of(nomination: Nomination, states: Sequence[ConsentStatus]) -> Sequence[NomineeConsent]:
    return db.session.scalars(
        select(NomineeConsent).where(
            NomineeConsent.nomination_id == nomination.id, NomineeConsent.status.in_(states)
        )
    ).all()


def _find(token: str) -> NomineeConsent:
    query = select(NomineeConsent).where(NomineeConsent.token_hash == _hash(token))
    consent = db.session.scalar(query)
    if consent is None:
        raise NotFound
    return consent


def _hold(token: str) -> tuple[Nomination, NomineeConsent]:
    """The case first, whose row every answer to it waits for, then the consent as it is now."""
    found = _find(token)
    nomination = cases.hold(found.nomination_id)
    return nomination, _fresh(found.id)


def _fresh(consent_id: UUID) -> NomineeConsent:
    return db.session.get_one(NomineeConsent, consent_id, populate_existing=True)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
