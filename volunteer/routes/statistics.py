"""Statistics of service for staff."""

from typing import Any

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, permission, query, returns
from schemas.statistics import (
    HoursStatisticsOut,
    HoursStatisticsQuery,
    ParticipationOut,
    SpanQuery,
)
from volunteer.services import statistics

blueprint = Blueprint("statistics", __name__, description="统计")


@blueprint.get("/statistics/hours")
@permission(Permission.VOLUNTEER_STATISTICS_VIEW)
@query(HoursStatisticsQuery)
@returns(HoursStatisticsOut)
def hours(actor: Actor, *, query: dict[str, Any]) -> statistics.HoursTable:
    """按行动、阵地、组织或月份汇总的时长和人数；按编码排列，不排名"""
    return statistics.hours(actor, **query)


@blueprint.get("/statistics/participation")
@permission(Permission.VOLUNTEER_STATISTICS_VIEW)
@query(SpanQuery)
@returns(ParticipationOut)
def participation(actor: Actor, *, query: dict[str, Any]) -> statistics.Participation:
    """人数、人次，以及有、没有签到记录的活动"""
    return statistics.participation(actor, **query)
