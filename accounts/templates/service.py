"""About volunteer service: from what residents ask for and the sign-up to the end of the shift."""

from collections.abc import Mapping

from accounts.templates.template import Template

SERVICE: Mapping[str, Template] = {
    "seat_confirmed": Template(
        "报名成功",
        "您已报上“{activity}”，{starts_at}开始，地点：{place}",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "seat_promoted": Template(
        "候补成功",
        "您候补的“{activity}”有了名额，{starts_at}开始，地点：{place}",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "organization_decided": Template(
        "组织审核",
        "志愿服务组织“{organization}”{decision}。{note}",
        {"organization": "thing1", "decision": "phrase2", "note": "thing3"},
    ),
    "project_decided": Template(
        "项目审核",
        "志愿服务项目“{project}”{decision}。{note}",
        {"project": "thing1", "decision": "phrase2", "note": "thing3"},
    ),
    "activity_decided": Template(
        "活动审核",
        "您提交的活动“{activity}”{decision}。{note}",
        {"activity": "thing1", "decision": "phrase2", "note": "thing3"},
    ),
    "activity_postponed": Template(
        "活动延期",
        "原定{starts_at}的“{activity}”延期，原因：{reason}。新的时间另行通知，您也可以取消报名",
        {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
    ),
    "activity_rescheduled": Template(
        "活动改期",
        "“{activity}”改到{starts_at}，地点：{place}。来不了可以取消报名",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "leader_named": Template(
        "现场负责",
        "您是“{activity}”的{duty}，{starts_at}开始。如不能到场，请尽早联系组织管理员",
        {"activity": "thing1", "duty": "phrase2", "starts_at": "time3"},
    ),
    "leader_changed": Template(
        "负责人变更",
        "“{activity}”的现场负责人已变更：{change}",
        {"activity": "thing1", "change": "thing2"},
    ),
    "seat_offered": Template(
        "候补名额",
        "您候补的“{activity}”（{starts_at}开始）有了名额，请在{until}前确认，逾期将让给下一位",
        {"activity": "thing1", "starts_at": "time2", "until": "time3"},
    ),
    "offer_expired": Template(
        "名额已过期",
        "为您保留的“{activity}”（{starts_at}开始）的名额没有在期限内确认，已让给下一位",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "signup_lapsed": Template(
        "报名已结束",
        "您报名的“{activity}”（{starts_at}开始）已经开始，{reason}。在现场的，可以请负责人加入",
        {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
    ),
    "signup_declined": Template(
        "报名未通过",
        "您报名的“{activity}”（{starts_at}开始）未通过，原因：{reason}",
        {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
    ),
    "ward_released": Template(
        "报名已取消",
        "监护人撤回了同意，您在“{activity}”（{starts_at}开始）的报名已取消；重新同意后可以再报名",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "signed_up_on_behalf": Template(
        "代为报名",
        "帮办员已为您报名“{activity}”，{starts_at}开始；如果不是您的意思，可以取消",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "cancelled_on_behalf": Template(
        "代为取消报名",
        "帮办员已为您取消“{activity}”（{starts_at}开始）的报名",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "walked_in": Template(
        "现场加入",
        "负责人已把您加入“{activity}”（{starts_at}开始）；如果您不在现场，可以提出异议",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "signup_moved": Template(
        "场次调整",
        "您在“{activity}”中已调到{starts_at}开始的场次，地点：{place}",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "record_missing": Template(
        "没有签到记录",
        "“{activity}”（{starts_at}开始）没有您的签到记录；如果您到过现场，可以提出异议或请负责人撤销",
        {"activity": "thing1", "starts_at": "time2"},
    ),
    "shift_tomorrow": Template(
        "活动提醒",
        "您明天参加“{activity}”，{starts_at}开始，地点：{place}；不能来请提前取消",
        {"activity": "thing1", "starts_at": "time2", "place": "thing3"},
    ),
    "shift_thin": Template(
        "人手不足",
        "{starts_at}开始的“{activity}”报名人数不足：{staffing}",
        {"activity": "thing1", "starts_at": "time2", "staffing": "thing3"},
    ),
    "activity_cancelled": Template(
        "活动取消",
        "原定{starts_at}的“{activity}”已取消，原因：{reason}",
        {"activity": "thing1", "starts_at": "time2", "reason": "thing3"},
    ),
    "incident_recorded": Template(
        "意外情况",
        "“{activity}”登记了一起意外情况，发生于{happened_at}，请尽快查看",
        {"activity": "thing1", "happened_at": "time2"},
    ),
    "service_request_progress": Template(
        "点单进展",
        "点单“{title}”：{status}。{note}",
        {"title": "thing1", "status": "phrase2", "note": "thing3"},
    ),
    "service_request_reminder": Template(
        "点单提醒",
        "点单“{title}”（{status}）应在{due_at}前有结果，请尽快处理",
        {"title": "thing1", "status": "phrase2", "due_at": "time3"},
    ),
}
