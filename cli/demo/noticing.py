"""Plays selections to their public notice: one is on notice now, an earlier one has ended in
honours."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

from cli.demo import aftermath, good_people
from cli.demo.cast import Cast
from cli.demo.judging import ADMIN, DAY, DEPUTY, HOUR, MINUTE, Judged, Judging
from cli.demo.nominees import Nominee
from cli.demo.script import Script
from core import clock
from core.actor import SYSTEM
from core.db import db
from nominations.lifecycles import NoticeKind
from nominations.models.notices import Notice
from nominations.services import (
    approvals,
    honors,
    notice_days,
    notices,
    objection_rulings,
    objections,
    panels,
    results,
    stages,
)
from volunteer.services import holidays

HANDLER = "demo-review-city"
CONTACT = "许昌市精神文明建设指导中心（演示），电话 0374-0000000"
LOT = "演示抽签依据：公示前一日许昌日报头版第一个数字"


def plan(cast: Cast, script: Script) -> None:
    """Selections beyond their assessment, up to the present moment."""
    _know_holidays(cast, script)
    Concluded(cast, script).plan()
    OnNotice(cast, script).plan()
    Judging(cast, script).plan()


def _know_holidays(cast: Cast, script: Script) -> None:
    """A notice closes once the holidays of its year are known. Of a year that no table has yet,
    the office loads New Year's Day; the whole year is for an administrator to load."""

    def load() -> None:
        known = holidays.workdays()
        last = clock.day_of(cast.now + timedelta(days=31)).year
        years = [y for y in range(clock.today().year, last + 1) if not known.knows(y)]
        days = [{"day": date(y, 1, 1), "is_workday": False, "name": "元旦"} for y in years]
        holidays.load(cast.staff[ADMIN], days)

    script.at(cast.joined_at + HOUR, load)


class Noticed(Judged):
    """A selection whose result was fixed and put on notice. The panel of three is done at once."""

    def __init__(self, cast: Cast, script: Script) -> None:
        super().__init__(cast, script)
        self.notice_id: UUID | None = None

    @property
    def selected(self) -> list[Nominee]:
        """Whom the panel's marks put first in their category."""
        return [
            nominee
            for order, nominee in enumerate(self.nominees)
            if sum(n.category == nominee.category for n in self.nominees[:order])
            < self.winners_each
        ]

    def plan_until_notice(self, announced: int, opens_on: int) -> None:
        """Numbers of days from today; a month at least lies between them."""
        self.rules = self.short_list_rules()
        assessed, closed = self.day(opens_on - 13, 9), self.day(opens_on - 6, 18)
        self.announce(
            self.day(announced, 9),
            {
                "nominations_open_at": self.day(announced + 1, 8),
                "nominations_close_at": self.day(opens_on - 15, 18),
                "assessment_open_at": assessed,
                "assessment_close_at": closed,
                "judging_close_at": self.day(opens_on - 1, 18),
            },
        )
        self.recommend_all(self.day(announced + 1, 19))
        self.assess(assessed, closed)
        self.script.at(self.day(opens_on - 5, 9), self.judge)
        self.script.at(self.day(opens_on - 3, 10), self.decide)
        self.script.at(self.day(opens_on - 2, 10), partial(self.schedule, opens_on))
        self.script.at(self.day(opens_on, 0) + 5 * MINUTE, self.advance_notice)

    def judge(self) -> None:
        self.open_judging()
        for number in self.members:
            self.score_all(number)
        panels.close_judging(self.cast.staff[ADMIN], self.id)

    def decide(self) -> None:
        """One computes the result, another fixes it."""
        made = results.compute(self.cast.staff[ADMIN], self.id, lot_source=LOT)
        results.fix(self.cast.staff[DEPUTY], made.id)

    def schedule(self, opens_on: int) -> None:
        made = notices.create(
            self.cast.staff[ADMIN],
            self.id,
            kind=NoticeKind.WINNERS,
            title=f"{self.title.removesuffix('（演示）')}拟入选人选公示（演示）",
            text="经群众评议和评委评审，拟将下列人选列入名单，现予公示。如有异议，请在公示期内提出。",
            contact=CONTACT,
            opens_on=clock.day_of(self.day(opens_on, 0)),
        )
        self.notice_id = made.id

    @property
    def notice(self) -> UUID:
        """Id of the notice, once it was planned."""
        if self.notice_id is None:
            raise LookupError("the notice was not planned yet")
        return self.notice_id

    def advance_notice(self) -> None:
        """What the job does after midnight."""
        notice_days.advance(SYSTEM, self.notice)


class OnNotice(Noticed):
    """Its notice opened three days ago; one objection waits to be handled."""

    title = good_people.ON_NOTICE
    nominees = good_people.NOTICED

    def plan(self) -> None:
        self.plan_until_notice(-60, -3)
        self.script.at(self.day(-60, 10), self.let_supervise)
        self.script.at(self.day(-1, 20), self.question)

    def question(self) -> None:
        objections.file(
            self.cast.citizens[good_people.QUESTIONER],
            self.notice,
            nomination_id=self.nominated[good_people.QUESTIONED],
            text="听说市场的公平秤是市场管理方出资购置的，和材料里写的自费购买不一致，请核实。",
            is_anonymous=False,
            contact="站内消息即可",
        )


class Concluded(Noticed):
    """The list of an earlier quarter: an objection was dismissed, the selected were honoured."""

    nominees = good_people.CONCLUDED
    winners_each = 2

    def __init__(self, cast: Cast, script: Script) -> None:
        super().__init__(cast, script)
        began = clock.day_of(self.day(-136, 0))
        quarter = "一二三四"[(began.month - 1) // 3]
        self.issue = f"{began.year} 年第{quarter}季度"
        self.title = f"{self.issue}许昌好人推选（演示）"
        self.honors: dict[str, UUID] = {}
        """By the keys of the nominees."""

    def plan(self) -> None:
        self.plan_until_notice(-137, -106)
        self.script.at(self.day(-105, 15), self.dispute)
        aftermath.plan(self.cast, self.script, self.honors)

    def dispute(self) -> None:
        """An objection is accepted, so that the days of one nominee stand still; two people look
        into it, and it is dismissed two days later."""
        first, second = self.cast.staff[HANDLER], self.cast.staff[DEPUTY]
        filed = objections.file(
            self.cast.citizens[good_people.OBJECTOR],
            self.notice,
            nomination_id=self.nominated[good_people.DISPUTED],
            text="材料写手势图册教会四百多人，我想知道这个数字有没有登记可查。",
            is_anonymous=False,
        )
        objections.accept(first, filed.id, substance="对受教人数的依据有疑问")
        findings = "查看了十九次授课的签到册，共四百一十七人，与材料一致。"

        def verify_and_dismiss() -> None:
            objection_rulings.verify(first, filed.id, findings=findings)
            objection_rulings.verify(second, filed.id, findings="电话回访六位学员，均参加过授课。")
            objection_rulings.dismiss(first, filed.id, reason="签到册和回访均与材料一致。")
            self._approve_after(db.session.get_one(Notice, self.notice).closes_on)

        self.script.at(clock.now() + 2 * DAY, verify_and_dismiss)

    def _approve_after(self, closes_on: date) -> None:
        morning = clock.start_of(closes_on + DAY)
        self.script.at(morning + 5 * MINUTE, self.advance_notice)
        self.script.at(morning + 10 * HOUR, self.approve)
        self.script.at(morning + 15 * HOUR, self.honor_all)

    def approve(self) -> None:
        today = clock.today()
        approvals.approve(
            self.cast.staff[ADMIN],
            self.id,
            nominations=[self.nominated[nominee.key] for nominee in self.selected],
            document_number=f"演示许文明〔{today.year}〕12 号",
            minutes_reference=f"演示会议纪要〔{today.year}〕3 号",
            decided_on=today,
        )

    def honor_all(self) -> None:
        """The ceremony; with it the selection ends."""
        office, title = self.cast.staff[ADMIN], f"许昌好人（{self.issue}，演示）"
        for nominee in self.selected:
            nomination_id = self.nominated[nominee.key]
            self.honors[nominee.key] = honors.grant(office, nomination_id, title=title).id
        stages.conclude(office, self.id)
