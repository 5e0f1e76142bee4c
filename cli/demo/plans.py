"""Plays what is to come and is not quite as planned: posts, approvals, an offer, rain."""

from datetime import timedelta
from functools import partial

from cli.demo import calendar
from cli.demo.calendar import ComingActivity
from cli.demo.service import Play
from core.actor import SYSTEM
from volunteer.services import activities, approvals, deputies, postponements, signups, waitlists

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

STAFF = "demo-weidu"
DEPUTY = 10


def plan(play: Play) -> None:
    """All within the last days, so that it waits for a visitor."""
    for coming in (calendar.RISKY, calendar.POSTS, calendar.CHOSEN, calendar.POSTPONED):
        play.offer(coming)
    now, script = play.cast.now, play.script
    script.at(now - 9 * HOUR, partial(_choose, play))
    script.at(now - 5 * HOUR, partial(_postpone, play))
    script.at(now - 5 * HOUR + MINUTE, _tell_postponed)
    script.at(now - 4 * HOUR, partial(_name_deputy, play))
    script.at(now - 50 * MINUTE, partial(_free_a_seat, play))
    script.at(now - 49 * MINUTE, _offer_seats)
    for coming in (calendar.SENT_BACK, calendar.WAITING):
        script.at(now - 2 * DAY, partial(_hand_in, play, coming))
    script.at(now - DAY, partial(_send_back, play))


def _choose(play: Play) -> None:
    """The organizer has decided on some of those who would like to take part."""
    leader = play.leader(calendar.CHOSEN.project)
    shift = play.opened[calendar.CHOSEN.title].shifts[0]
    first, second, third, *_ = [s for (_, of), s in play.signups.items() if of == shift.id]
    approvals.approve(leader, first)
    approvals.approve(leader, second)
    approvals.decline(leader, third, reason="这一期先请本地口音的主讲人，下一期再邀请您。")


def _postpone(play: Play) -> None:
    activity = play.opened[calendar.POSTPONED.title]
    reason = "气象台发布大风预警，夜间沿河不安全，时间另行通知。"
    postponements.postpone(play.leader(calendar.POSTPONED.project), activity.id, reason=reason)


def _tell_postponed() -> None:
    """What the job does within seconds."""
    for postponement_id in postponements.to_tell():
        postponements.tell(postponement_id)


def _name_deputy(play: Play) -> None:
    activity = play.opened[calendar.SOON.title]
    deputy = play.cast.citizens[DEPUTY]
    deputies.replace(play.leader(calendar.SOON.project), activity.id, [deputy.id])


def _free_a_seat(play: Play) -> None:
    """Whoever signed up first for the full activity can't come after all."""
    shift = play.opened[calendar.FULL].shifts[0]
    number, signup_id = next((n, s) for (n, of), s in play.signups.items() if of == shift.id)
    signups.cancel(play.cast.citizens[number], signup_id)


def _offer_seats() -> None:
    """What the job does within seconds."""
    for shift_id in waitlists.to_fill():
        waitlists.fill(SYSTEM, shift_id)


def _hand_in(play: Play, coming: ComingActivity) -> None:
    play.hand_in(coming, play.spans_of(coming), coming.capacity)


def _send_back(play: Play) -> None:
    activity = play.opened[calendar.SENT_BACK.title]
    reason = "水面作业有人身风险，请补充救生员安排，购买保险后再提交。"
    activities.send_back(play.cast.staff[STAFF], activity.id, reason=reason)
