"""Everything that anybody can try in a selection."""

from datetime import timedelta
from uuid import UUID

from core import clock
from core.actor import Actor
from core.wechat import TextVerdict
from nominations.lifecycles import NoticeKind
from nominations.models.confirmations import Confirmation
from nominations.models.consultations import Consultation
from nominations.models.objections import Objection
from nominations.models.visits import Visit
from nominations.services import (
    approvals,
    ballots,
    campaign_postponements,
    campaigns,
    confirmations,
    consents,
    consultations,
    deaths,
    declarations,
    departures,
    honors,
    merging,
    nominations,
    notices,
    objection_rulings,
    objections,
    panel_scores,
    panelists,
    panels,
    results,
    screenings,
    stages,
    supports,
    texts,
    visits,
)
from nominations.services.nominations import TextCheck
from tests.factories.accounts import site
from tests.factories.panels import marks
from tests.nominations.selection import CHANGGE, Selection

UNCLEAR = TextCheck(TextVerdict.UNCHECKED, b"")
KIN = {"signer_name": "茅某", "signer_relation": "子女"}


class Trying(Selection):
    """Each act takes who tries it and about which case; those of the whole campaign ask for no
    case."""

    def submit(self, who: Actor, n: UUID) -> None:
        nominations.submit(who, n, check=UNCLEAR)

    def move_elsewhere(self, who: Actor, n: UUID) -> None:
        there = CHANGGE if self.case(n).site_id != site(CHANGGE).id else "411002001"
        nominations.update(who, n, site_id=site(there).id)

    def rewrite(self, who: Actor, n: UUID) -> None:
        nominations.update(who, n, summary="二十年如一日")

    def ask_consent(self, who: Actor, n: UUID) -> None:
        self.tokens[n] = consents.ask(who, n).token

    def give_consent(self, who: Actor, n: UUID) -> None:
        consents.give(who, self.tokens.get(n, ""), **KIN)

    def record_consent(self, who: Actor, n: UUID) -> None:
        consents.record(who, n, paper_reference="纸-1", **KIN)

    def withdraw_consent(self, who: Actor, n: UUID) -> None:
        consents.withdraw_consent(who, self.tokens.get(n, ""))

    def pass_(self, who: Actor, n: UUID) -> None:
        screenings.pass_(who, n)

    def send_back(self, who: Actor, n: UUID) -> None:
        screenings.send_back(who, n, missing="请补充照片")

    def reject(self, who: Actor, n: UUID) -> None:
        screenings.reject(who, n, reason="事迹不实")

    def transfer(self, who: Actor, n: UUID) -> None:
        there = CHANGGE if self.case(n).site_id != site(CHANGGE).id else "411002001"
        screenings.transfer(who, n, reason="户籍不在本区", site_id=site(there).id)

    def merge(self, who: Actor, n: UUID) -> None:
        into = self.cases[1] if n == self.cases[0] else self.cases[0]
        merging.merge(who, n, into=into, reason="同一人")

    def consult(self, who: Actor, n: UUID) -> None:
        consultations.open_all(who, n)

    def answer_consultation(self, who: Actor, n: UUID) -> None:
        asked = self.last(Consultation, nomination_id=n)
        consultations.answer(who, asked.id, opinion="无异议", is_veto=False)

    def veto(self, who: Actor, n: UUID) -> None:
        asked = self.last(Consultation, nomination_id=n)
        consultations.answer(who, asked.id, opinion="正在侦查", is_veto=True)

    def record_visit(self, who: Actor, n: UUID) -> None:
        visits.record(who, n, visited_on=clock.today(), place="家中", notes="属实")

    def sign_visit(self, who: Actor, n: UUID) -> None:
        visits.sign(who, self.last(Visit, nomination_id=n).id)

    def clear_text(self, who: Actor, n: UUID) -> None:
        texts.clear_text(who, n)

    def refuse_text(self, who: Actor, n: UUID) -> None:
        texts.refuse_text(who, n, reason="有住址")

    def apply_for_confirmation(self, who: Actor, n: UUID) -> None:
        confirmations.apply(who, n, applied_on=clock.today())

    def confirm(self, who: Actor, n: UUID) -> None:
        made = self.last(Confirmation, nomination_id=n)
        confirmations.confirm(who, made.id, number="许见义1号", decided_on=clock.today())

    def withhold(self, who: Actor, n: UUID) -> None:
        confirmations.withhold(who, n, reason="防止报复")

    def disclose(self, who: Actor, n: UUID) -> None:
        confirmations.disclose(who, n, reason="本人同意公开")

    def admit(self, who: Actor, n: UUID) -> None:
        screenings.admit(who, n)

    def withdraw(self, who: Actor, n: UUID) -> None:
        departures.withdraw(who, n, reason="本人要求")

    def remove(self, who: Actor, n: UUID) -> None:
        departures.remove_by_office(who, n, reason="不符合条件")

    def record_death(self, who: Actor, n: UUID) -> None:
        deaths.record_death(who, n, deceased_on=clock.today())

    def continue_posthumously(self, who: Actor, n: UUID) -> None:
        deaths.continue_posthumously(who, n, paper_reference="纸-2", **KIN)

    def support(self, who: Actor, n: UUID) -> None:
        supports.give(who, n)

    def unsupport(self, who: Actor, n: UUID) -> None:
        supports.withdraw(who, n)

    def vote(self, who: Actor, n: UUID) -> None:
        ballots.cast(who, self.campaign_id, choices=[n])

    def change_rules(self, who: Actor, n: UUID) -> None:
        del n
        campaigns.update(who, self.campaign_id, rules={"notice_days": 5})

    def postpone(self, who: Actor, n: UUID) -> None:
        del n
        closes = self.campaign.assessment_close_at
        assert closes is not None
        dates = {"assessment_close_at": closes + timedelta(days=1)}
        campaign_postponements.postpone(who, self.campaign_id, dates=dates, reason="暴雨")

    def bring_forward(self, who: Actor, n: UUID) -> None:
        del n
        closes = self.campaign.assessment_close_at
        assert closes is not None
        dates = {"assessment_close_at": closes - timedelta(days=1)}
        campaign_postponements.postpone(who, self.campaign_id, dates=dates, reason="提前")

    def pause(self, who: Actor, n: UUID) -> None:
        del n
        stages.pause(who, self.campaign_id, reason="核实票数")

    def resume(self, who: Actor, n: UUID) -> None:
        del n
        stages.resume(who, self.campaign_id, accepts_passed_dates=True)

    def cancel(self, who: Actor, n: UUID) -> None:
        del n
        stages.cancel(who, self.campaign_id, reason="疫情")

    def open_notice(self, who: Actor, n: UUID) -> None:
        del n
        stages.open_notice(who, self.campaign_id)

    def conclude(self, who: Actor, n: UUID) -> None:
        del n
        stages.conclude(who, self.campaign_id)

    def sit(self, who: Actor, n: UUID) -> None:
        del n
        panelists.invite(self.people["admin"], self.campaign_id, person_id=who.id)
        panelists.accept(who, self.seat_of(who))

    def unseat(self, who: Actor, n: UUID) -> None:
        del n
        panelists.remove(who, self.seat_of(self.people["panelist3"]), reason="缺席")

    def declare(self, who: Actor, n: UUID) -> None:
        declarations.declare(who, n, conflict=False)

    def recuse(self, who: Actor, n: UUID) -> None:
        declarations.declare(who, n, conflict=True, reason="同乡")

    def open_judging(self, who: Actor, n: UUID) -> None:
        del n
        panels.open_judging(who, self.campaign_id)

    def score(self, who: Actor, n: UUID) -> None:
        panel_scores.score(who, n, marks=marks())

    def close_judging(self, who: Actor, n: UUID) -> None:
        del n
        panels.close_judging(who, self.campaign_id)

    def compute(self, who: Actor, n: UUID) -> None:
        del n
        before = results.latest(self.campaign_id)
        source = None if before else "次日开奖号码"
        results.compute(who, self.campaign_id, lot_source=source)

    def draw_lot(self, who: Actor, n: UUID) -> None:
        del n
        results.draw_lot(who, self._result(), seed="20260501")

    def deviate(self, who: Actor, n: UUID) -> None:
        results.deviate(who, self._result(), nomination_id=n, is_selected=True, reason="集体研究")

    def fix(self, who: Actor, n: UUID) -> None:
        del n
        results.fix(who, self._result())

    def _result(self) -> UUID:
        result = results.latest(self.campaign_id)
        return result.id if result else UUID(int=0)

    def propose_withheld(self, who: Actor, n: UUID) -> None:
        results.propose_withheld(who, n, bravery_number="许见义1号", reason="已确认")

    def plan_notice(self, who: Actor, n: UUID) -> None:
        del n
        facts = {"title": "许昌好人公示", "text": "予以公示。", "contact": "0374-0000000"}
        tomorrow = clock.today() + timedelta(days=1)
        kind = NoticeKind.WINNERS
        notices.create(who, self.campaign_id, kind=kind, opens_on=tomorrow, **facts)

    def extend_notice(self, who: Actor, n: UUID) -> None:
        del n
        notice = self.notice()
        first = notice.closes_on if notice.opened_at else clock.today()
        later = first + timedelta(days=2)
        notices.extend(who, notice.id, closes_on=later, reason="有人来访")

    def withdraw_notice(self, who: Actor, n: UUID) -> None:
        del n
        notices.withdraw(who, self.notice().id, reason="文字有误")

    def waive_notice(self, who: Actor, n: UUID) -> None:
        approvals.waive_notice(who, n, reason="防止报复")

    def object(self, who: Actor, n: UUID) -> None:
        objections.file(who, self.notice().id, nomination_id=n, text="不实", is_anonymous=False)

    def accept_objection(self, who: Actor, n: UUID) -> None:
        objections.accept(who, self._objection(n), substance="对事迹有异议")

    def not_accept_objection(self, who: Actor, n: UUID) -> None:
        objections.not_accept(who, self._objection(n), reason="没有线索")

    def verify_objection(self, who: Actor, n: UUID) -> None:
        objection_rulings.verify(who, self._objection(n), findings="属实")

    def uphold_objection(self, who: Actor, n: UUID) -> None:
        objection_rulings.uphold(who, self._objection(n), reason="事迹不实")

    def dismiss_objection(self, who: Actor, n: UUID) -> None:
        objection_rulings.dismiss(who, self._objection(n), reason="查无实据")

    def _objection(self, n: UUID) -> UUID:
        found: Objection = self.last(Objection, nomination_id=n)
        return found.id

    def approve(self, who: Actor, n: UUID) -> None:
        approvals.approve(
            who,
            self.campaign_id,
            nominations=[n],
            document_number=f"许文明〔2026〕{self.cases.index(n)}号",
            minutes_reference="纪要1",
            decided_on=clock.today(),
        )

    def honor(self, who: Actor, n: UUID) -> None:
        honors.grant(who, n)
