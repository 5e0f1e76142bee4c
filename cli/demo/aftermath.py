"""Plays what follows from the honours of the concluded list: a card is used, somebody is visited,
two go up to other lists, one is taken back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from cli.demo import good_people
from cli.demo.cast import Cast
from cli.demo.judging import ADMIN, DEPUTY
from cli.demo.script import Script
from core import clock
from core.db import db
from nominations.models.benefits import Benefit
from nominations.models.care_visits import CareOccasion
from nominations.models.honors import Honor, RevokeGround
from nominations.models.referrals import ReferralTarget
from nominations.services import benefit_cards, care_visits, honors, referrals, revocations

PARTNER, SITE_STAFF = "demo-partner", "demo-city"
CHECK_UP = "check_up"

Honors = Mapping[str, UUID]


def plan(cast: Cast, script: Script, granted: Honors) -> None:
    """In the last month: whatever holidays came between, the honours were granted by then.
    `granted` is filled while the script plays."""

    def day(days: int, hour: int) -> datetime:
        return clock.start_of(clock.day_of(cast.now) - timedelta(days=days)) + timedelta(hours=hour)

    play = _Aftermath(cast, script, granted)
    script.at(day(28, 10), play.recommend)
    script.at(day(26, 15), play.visit)
    script.at(day(24, 9), play.use_card)
    script.at(day(20, 11), play.revoke)
    script.at(day(10, 16), play.take_medal_back)


class _Aftermath:
    def __init__(self, cast: Cast, script: Script, granted: Honors) -> None:
        self.cast, self.script, self.granted = cast, script, granted

    def recommend(self) -> None:
        """Three go up. Of two the outcome is known eighteen days later."""
        office, batch = self.cast.staff[ADMIN], f"{clock.today().year} 年第二批（演示）"
        prepared = {
            key: referrals.prepare(office, self.granted[key], target=target, batch=batch).id
            for key, target in (
                (good_people.LISTED, ReferralTarget.HENAN_GOOD_PEOPLE),
                (good_people.NOT_LISTED, ReferralTarget.CHINA_GOOD_PEOPLE),
                (good_people.SENT, ReferralTarget.HENAN_GOOD_PEOPLE),
            )
        }
        for order, referral_id in enumerate(prepared.values(), start=1):
            letter = f"演示许文明函〔{clock.today().year}〕{order} 号"
            referrals.send(office, referral_id, reference=letter, sent_on=clock.today())
        later = clock.now() + timedelta(days=18)
        self.script.at(later, partial(self._hear, prepared))

    def _hear(self, sent: Mapping[str, UUID]) -> None:
        office, today = self.cast.staff[ADMIN], clock.today()
        referrals.list_(
            office, sent[good_people.LISTED], outcome_on=today, title="“河南好人”（演示）"
        )
        referrals.not_list(
            office,
            sent[good_people.NOT_LISTED],
            outcome_on=today,
            note="本批名额已满，事迹可补充后再报。",
        )

    def visit(self) -> None:
        staff, today = self.cast.staff[SITE_STAFF], clock.today()
        honor_id = self.granted[good_people.VISITED]
        visit = honors.plan_visit(staff, honor_id, occasion=CareOccasion.OTHER, planned_on=today)
        care_visits.complete(
            staff,
            visit.id,
            done_on=today,
            visitors="市中心两名工作人员（演示）",
            notes="身体康健，养老院的志愿课照常。带去一套急救书。",
        )

    def use_card(self) -> None:
        """The yearly check-up, at the till of a partner."""
        honor = db.session.get_one(Honor, self.granted[good_people.CONCLUDED[0].key])
        (card,) = benefit_cards.cards_of([honor])
        check_up = db.session.scalars(select(Benefit.id).where(Benefit.code == CHECK_UP)).one()
        benefit_cards.use(
            self.cast.staff[PARTNER],
            card.code,
            benefit_id=check_up,
            place="市中心医院体检中心（演示）",
        )

    def revoke(self) -> None:
        revocations.revoke(
            self.cast.staff[ADMIN],
            self.granted[good_people.REVOKED],
            ground=RevokeGround.DISHONESTY,
            reason="经市场监管部门核实，今年出售未经检验的散装种子，与所获荣誉不符。",
            document_number=f"演示许文明〔{clock.today().year}〕19 号",
        )

    def take_medal_back(self) -> None:
        revocations.record_return(
            self.cast.staff[DEPUTY],
            self.granted[good_people.REVOKED],
            returned_on=clock.today(),
        )
