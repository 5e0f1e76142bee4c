"""Plays what people say: of each other, of activities, and to the city."""

from datetime import timedelta
from functools import partial

from accounts.models.feedback import FeedbackKind
from accounts.services import feedback
from cli.demo import calendar, content
from cli.demo.calendar import LONG_POST, PastActivity
from cli.demo.service import Play
from core import clock
from volunteer.services import evaluations

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

OF_VOLUNTEERS = (
    "准时，细心，交代的事都做完了。",
    "有耐心，老人都愿意找 TA。",
    "肯学，下次可以带新人。",
)
OF_ACTIVITIES = (
    "分工清楚，去了就知道做什么。",
    "路有点远，建议附上公交线路。",
    "很受欢迎，希望多办几次。",
)

STAFF = "demo-admin"
SUGGESTING, COMPLAINING = 21, 26


def plan(play: Play) -> None:
    """Evaluations the day after an activity; feedback of the last days, one of it answered."""
    for past in calendar.PAST:
        monday = clock.start_of(play.today - timedelta(days=play.today.weekday()))
        last = monday + timedelta(weeks=past.shifts - 1 - past.weeks, days=past.weekday)
        instant = last + DAY + 20 * HOUR
        if instant < play.cast.now:
            play.script.at(instant, partial(_evaluate, play, past))
    now = play.cast.now
    play.script.at(now - 4 * DAY, partial(_suggest, play))
    play.script.at(now - 3 * HOUR, partial(_complain, play))


def _evaluate(play: Play, past: PastActivity) -> None:
    """The leader speaks of one who came to the last shift (of the long post: of its regulars),
    and that one of the activity."""
    opened = play.opened[past.title]
    came = [n for n, of in play.attendances if of == opened.shifts[-1].id]
    evaluated = content.REGULARS if past.project == LONG_POST else came[:1]
    leader = play.cast.citizens[opened.leader]
    for number in evaluated:
        evaluations.create(
            leader,
            opened.id,
            person_id=play.cast.citizens[number].id,
            score=5 - number % 5 // 4,
            text=OF_VOLUNTEERS[number % len(OF_VOLUNTEERS)],
        )
    for number in evaluated[:1]:
        evaluations.create(
            play.cast.citizens[number],
            opened.id,
            score=5 - past.weeks % 3 // 2,
            text=OF_ACTIVITIES[past.weeks % len(OF_ACTIVITIES)],
        )


def _suggest(play: Play) -> None:
    sent = feedback.send(
        play.cast.citizens[SUGGESTING],
        kind=FeedbackKind.SUGGESTION,
        text="活动列表能不能按离家远近排序？老人出门怕走远。",
        about="活动列表",
    )
    answer = "谢谢您的建议。列表已经支持按距离排序，在筛选里选“离我最近”即可。"
    play.script.at(
        clock.now() + DAY, lambda: feedback.answer(play.cast.staff[STAFF], sent.id, text=answer)
    )


def _complain(play: Play) -> None:
    feedback.send(
        play.cast.citizens[COMPLAINING],
        kind=FeedbackKind.COMPLAINT,
        text="租房合同的点单提交了，想知道大概多久有人联系。",
        about="点单",
    )
