"""Plays the service orders of the demo: one at every stop of the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cli.demo.cast import Cast, site_id
from cli.demo.content import ORGANIZATIONS
from cli.demo.script import Script
from core import clock
from core.actor import Actor
from volunteer.services import ratings, service_requests

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

TEAM = ORGANIZATIONS[0]
"""Its organizer is the first citizen, who can look at the board and at what is in hand."""

STAFF = "demo-weidu"

NOBODY = "+86100000000{:02d}"
"""No mobile number begins with 10."""


@dataclass(frozen=True, slots=True)
class OrderText:
    """What a citizen asks for so many days ago, wanted within the week after."""

    requester: int
    days_ago: int
    category: str
    title: str
    description: str
    place: str
    beneficiary: str | None = None


MEDICINE = OrderText(
    21,
    40,
    "elderly_and_orphans",
    "陪老人取药（演示）",
    "母亲腿脚不便，子女在外地，想请人陪着去社区医院取药。",
    "西大街街道 3 号院 2 单元",
    "秦奶奶",
)
FAUCET = OrderText(
    22,
    2,
    "community_service",
    "水龙头漏水（演示）",
    "厨房水龙头滴水，拧不紧，家里没有工具。",
    "西大街街道 5 号院 1 单元",
)
HOMEWORK = OrderText(
    23,
    6,
    "medicine_and_schooling",
    "周末辅导功课（演示）",
    "孩子四年级，应用题总是看不懂，想请大学生周末讲一次。",
    "西大街街道文明实践所二楼",
)
PHONE = OrderText(
    24,
    3,
    "elderly_and_orphans",
    "教老人用手机挂号（演示）",
    "父亲不会在手机上挂号和缴费，想请人慢慢教一遍。",
    "西大街街道 8 号院 4 单元",
    "苗大爷",
)
STAIRS = OrderText(
    25,
    2,
    "environment",
    "清理楼道杂物（演示）",
    "楼道里堆了旧家具，邻居们想一起清走，缺几位搬得动的人。",
    "西大街街道 11 号院 3 单元",
)
TALK = OrderText(
    26,
    0,
    "legal_aid",
    "问问租房合同（演示）",
    "房东要提前收房，想请懂法律的志愿者看看合同。",
    "西大街街道文明实践所一楼",
)
MOVING = OrderText(
    27,
    9,
    "community_service",
    "公司搬家（演示）",
    "公司周末搬办公室，想请志愿者搬桌椅。",
    "西大街街道写字楼",
)


def plan(cast: Cast, script: Script, organizations: Mapping[str, UUID]) -> None:
    """`organizations` are filled while the script plays."""
    play = Play(cast, script, organizations)
    serve = [play.dispatch, play.accept, play.start, play.complete]
    play.tell(MEDICINE, [*serve, play.rate(5, "小伙子很耐心，药也讲得明白。")])
    script.at(cast.now - (MEDICINE.days_ago - 9) * DAY, lambda: play.close(MEDICINE))
    play.tell(FAUCET, [*serve, play.rate(2, "修好了，不过比约好的晚了半天。")])
    play.tell(HOMEWORK, serve)
    play.tell(PHONE, [play.dispatch, play.accept])
    play.tell(STAIRS, [play.open])
    play.tell(TALK, [])
    play.tell(MOVING, [play.reject])


class Play:
    """The steps of orders; each takes the order that it is about."""

    def __init__(self, cast: Cast, script: Script, organizations: Mapping[str, UUID]) -> None:
        self.cast, self.script, self.organizations = cast, script, organizations
        self.orders: dict[OrderText, UUID] = {}

    def tell(self, text: OrderText, steps: Sequence[Callable[[OrderText], object]]) -> None:
        """Submit an order, and take a step every five hours."""
        at = self.cast.now - text.days_ago * DAY - HOUR
        self.script.at(at, lambda: self.submit(text))
        for number, step in enumerate(steps, start=1):
            self.script.at(at + number * 5 * HOUR, lambda step=step: step(text))  # type: ignore[misc]

    def submit(self, text: OrderText) -> None:
        self.orders[text] = service_requests.submit(
            self.cast.citizens[text.requester],
            site_id=site_id(TEAM.site),
            category_code=text.category,
            title=text.title,
            description=text.description,
            place=text.place,
            contact_phone=NOBODY.format(text.requester),
            beneficiary_name=text.beneficiary,
            wanted_from=clock.now() + DAY,
            wanted_until=clock.now() + 7 * DAY,
        ).id

    def dispatch(self, text: OrderText) -> None:
        team = self.organizations[TEAM.key]
        service_requests.dispatch(self._staff, self.orders[text], organization_id=team)

    def open(self, text: OrderText) -> None:
        service_requests.open(self._staff, self.orders[text])

    def reject(self, text: OrderText) -> None:
        reason = "志愿服务不承接经营性搬运，请联系搬家公司。"
        service_requests.reject(self._staff, self.orders[text], reason=reason)

    def accept(self, text: OrderText) -> None:
        service_requests.accept(self._organizer, self.orders[text])

    def start(self, text: OrderText) -> None:
        service_requests.start(self._organizer, self.orders[text])

    def complete(self, text: OrderText) -> None:
        service_requests.complete(
            self._organizer,
            self.orders[text],
            report="两名志愿者上门服务，已经办妥。",
            people_served=1,
            served_on=clock.today(),
        )

    def rate(self, score: int, words: str) -> Callable[[OrderText], object]:
        def rate(text: OrderText) -> None:
            requester = self.cast.citizens[text.requester]
            ratings.rate(requester, self.orders[text], score=score, text=words)

        return rate

    def close(self, text: OrderText) -> None:
        """What the job does a week after the service."""
        ratings.close(self.orders[text])

    @property
    def _staff(self) -> Actor:
        return self.cast.staff[STAFF]

    @property
    def _organizer(self) -> Actor:
        return self.cast.citizens[TEAM.organizer]
