"""A result before the public, and the people who handle objections to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.permissions import Role
from accounts.services import sites
from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.workdays import DAY
from nominations.lifecycles import CampaignStatus, NominationStatus, NoticeKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice
from nominations.models.objections import Objection
from nominations.services import notice_days, notices, objection_rulings, objections
from tests.factories.accounts import actor_of, grant, person
from tests.factories.nominations import campaign, nomination

MONDAY = date(2026, 6, 1)
"""The first day of a notice; five working days follow, and no holiday for two weeks."""
SUNDAY = date(2026, 6, 7)
"""Its last day."""
THE_DAY_BEFORE = datetime(2026, 5, 31, 2, tzinfo=UTC)


def morning(day: date) -> datetime:
    """The first minute of a day, when the job runs."""
    return clock.start_of(day)


def noon(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=12)


def office() -> Actor:
    return actor_of(person("管理员"), grant(Role.ADMIN))


def handler(name: str = "查核员") -> Actor:
    """A reviewer of the city."""
    return actor_of(person(name), grant(Role.REVIEWER, over=sites.root()))


def proposed(count: int = 2, **facts: Any) -> tuple[Campaign, list[Nomination]]:
    """A campaign whose result is made, with so many nominees in it."""
    made = campaign(CampaignStatus.NOTICING)
    return made, [nomination(made, NominationStatus.PROPOSED, **facts) for _ in range(count)]


def scheduled(of: Campaign, kind: NoticeKind = NoticeKind.WINNERS, **facts: Any) -> Notice:
    values: dict[str, Any] = {
        "kind": kind,
        "title": "许昌好人公示",
        "text": "现将拟表彰人选予以公示，欢迎监督。",
        "contact": "市文明办 0374-0000000",
        "opens_on": MONDAY,
        **facts,
    }
    with clock.frozen(morning(values["opens_on"]) - DAY / 2):
        return notices.create(office(), of.id, **values)


def opened(of: Campaign, **facts: Any) -> Notice:
    """On its first day."""
    notice = scheduled(of, **facts)
    pass_days(notice.id, notice.opens_on, notice.opens_on)
    return notice


def pass_days(notice_id: UUID, first: date, last: date) -> None:
    """Let the job run on each of these mornings."""
    for n in range((last - first).days + 1):
        with clock.frozen(morning(first + n * DAY)):
            notice_days.advance(SYSTEM, notice_id)
    db.session.flush()


def filed(notice: Notice, about: Nomination, *, at: datetime, **facts: Any) -> Objection:
    values: dict[str, Any] = {"text": "事迹与实际不符", "is_anonymous": False, **facts}
    by = values.pop("by", None) or actor_of(person("异议人"))
    with clock.frozen(at):
        return objections.file(by, notice.id, nomination_id=about.id, **values)


def accepted(notice: Notice, about: Nomination, *, at: datetime) -> Objection:
    objection = filed(notice, about, at=at)
    with clock.frozen(at):
        return objections.accept(handler(), objection.id, substance="对部分事迹有异议")


def verified(objection: Objection, *, at: datetime) -> None:
    """By two people."""
    with clock.frozen(at):
        for name in ("甲", "乙"):
            objection_rulings.verify(handler(name), objection.id, findings="走访邻里，情况属实")
