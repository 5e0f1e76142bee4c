"""The recommendation form (推荐表): one for reviewers, nominators and the archive of a referral.

Numbers are masked for everybody. What was said on the ladder and by departments is for insiders
of the case; on a nominator's form these rows are blank, to be filled in by hand. Of a nominee who
is withheld neither name nor number nor place is there.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import cast
from uuid import UUID

from sqlalchemy import select

from accounts.identity import is_male
from accounts.models.sites import Site
from core import audit, clock
from core.actor import Actor
from core.crypto import mask_id_number, mask_phone
from core.db import apart, db
from core.deferred import Deferred
from nominations.lifecycles import ConsultationStatus, NomineeKind, Verdict
from nominations.models.campaigns import Campaign
from nominations.models.channels import Channel
from nominations.models.consultations import Consultation, Department
from nominations.models.nominations import Nomination
from nominations.models.screenings import Screening
from nominations.papers import Form, Paper, in_words
from nominations.rules import Rules, Step
from nominations.services import nominations, nominators
from nominations.services.progress import LEVELS

printing = Deferred("nominations.printing")

KINDS: Mapping[NomineeKind, str] = MappingProxyType(
    {
        NomineeKind.PERSON: "个人",
        NomineeKind.GROUP: "群体",
        NomineeKind.FAMILY: "家庭",
        NomineeKind.UNIT: "单位",
    }
)
OPINIONS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "同意推荐",
        Verdict.ADMIT: "同意列为候选人",
        Verdict.REJECT: "不同意推荐",
        Verdict.PASSED_UP: "本级没有审核人员，转上一级",
    }
)
"""What a verdict says without words of its own."""
ANSWERS: Mapping[ConsultationStatus, str] = MappingProxyType(
    {
        ConsultationStatus.ASKED: "尚未答复",
        ConsultationStatus.AGREED: "无异议",
        ConsultationStatus.VETOED: "有异议",
    }
)


def print_form(actor: Actor, *, nomination_id: UUID) -> bytes:
    """The form as DOCX, drawn outside any transaction; that it was taken is logged. For who
    recommends the nominee, and reviewers over the place. Raises NotFound."""
    return cast(bytes, printing.draw(apart(lambda: _paper(actor, nomination_id), write=True)))


def _paper(actor: Actor, nomination_id: UUID) -> Paper:
    nomination = nominations.get(actor, nomination_id)
    audit.record(actor, nomination, "print")
    campaign = db.session.get_one(Campaign, nomination.campaign_id)
    is_own = nominators.includes(nomination.id, actor.id)
    form = form_of(nomination, campaign, has_opinions=not is_own)
    return Paper(title=f"{campaign.title}推荐表", parts=[form])


def form_of(
    nomination: Nomination,
    campaign: Campaign,
    *,
    has_opinions: bool,
    earlier_honors: str | None = None,
) -> Form:
    """The form of a case. `earlier_honors` stands in place of what the nominator wrote of them."""
    honors = earlier_honors or nomination.shown_text(nomination.earlier_honors or "")
    return Form(
        fields=[*_of_nominee(nomination, campaign), ("曾获荣誉", honors)],
        wide=[
            ("一句话事迹", nomination.shown_text(nomination.summary)),
            ("简要事迹", nomination.shown_text(nomination.short_deeds or "")),
            ("主要事迹", nomination.shown_text(nomination.deeds)),
            *_opinions(nomination, campaign.rules, has_opinions=has_opinions),
            ("征求意见情况", _consulted(nomination.id) if has_opinions else ""),
            ("诚信情况", ""),
            ("有无违法违纪", ""),
        ],
    )


def _of_nominee(nomination: Nomination, campaign: Campaign) -> Iterable[tuple[str, str]]:
    """Of a group, a family or a unit, who speaks for it and how many they are."""
    is_person = nomination.nominee_kind is NomineeKind.PERSON
    yield "姓名" if is_person else "名称", nomination.shown_name
    yield "类型", KINDS[nomination.nominee_kind]
    yield "推荐类别", _category(nomination, campaign)
    if not nomination.is_withheld:
        if is_person:
            yield "性别", sex(nomination.nominee_id_number)
            yield "出生年月", month(nomination.nominee_born_on)
            yield "政治面貌", "中共党员" if nomination.is_party_member else ""
        else:
            yield "人数", str(nomination.members_count or "")
            yield "负责人", nomination.representative_name or ""
        yield "所在地", db.session.get_one(Site, nomination.site_id).division
        yield "工作单位", nomination.nominee_unit or ""
        yield "身份证号码", mask_id_number(nomination.nominee_id_number)
        yield "联系电话", mask_phone(nomination.nominee_phone)
    if nomination.is_posthumous:
        yield "备注", "追授"


def _category(nomination: Nomination, campaign: Campaign) -> str:
    return next(c.name for c in campaign.categories if c.code == nomination.category_code)


def sex(id_number: str | None) -> str:
    """As a form says it; nothing where the number is unknown."""
    if id_number is None:
        return ""
    return "男" if is_male(id_number) else "女"


def month(day: date | None) -> str:
    """Year and month of birth, as a form says them."""
    return "" if day is None else f"{day.year}年{day.month}月"


def _opinions(
    nomination: Nomination, rules: Rules, *, has_opinions: bool
) -> Iterable[tuple[str, str]]:
    """What was decided on each step, with place and day and no reviewer's name; after a transfer
    anew."""
    said: dict[Step, list[str]] = {step: [] for step in rules.ladder}
    for line in _lines(nomination.id) if has_opinions else ():
        if line.verdict is Verdict.TRANSFER:
            said = {step: [] for step in rules.ladder}
        elif line.verdict in OPINIONS:
            said.setdefault(line.step, []).append(_opinion(nomination, line))
    for step, opinions in said.items():
        yield f"{LEVELS[step]}意见", "\n".join(opinions)


def _lines(nomination_id: UUID) -> Iterable[Screening]:
    query = select(Screening).where(Screening.nomination_id == nomination_id)
    return db.session.scalars(query.order_by(Screening.at, Screening.id))


def _opinion(nomination: Nomination, line: Screening) -> str:
    words = [line.opinion or OPINIONS[line.verdict]]
    if line.channel_id is not None and not nomination.is_withheld:
        words.append(db.session.get_one(Channel, line.channel_id).name)
    elif line.site_id is not None and not nomination.is_withheld:
        words.append(db.session.get_one(Site, line.site_id).division)
    words.append(in_words(clock.day_of(line.at)))
    return nomination.shown_text("　".join(words))


def _consulted(nomination_id: UUID) -> str:
    """Which departments were asked, and whether they object; their words stay in the file."""
    query = (
        select(Consultation)
        .join(Department)
        .where(Consultation.nomination_id == nomination_id)
        .order_by(Department.position)
    )
    return "\n".join(
        f"{asked.department.name}：{ANSWERS[asked.status]}"
        + (f"　{in_words(clock.day_of(asked.answered_at))}" if asked.answered_at else "")
        for asked in db.session.scalars(query)
    )
