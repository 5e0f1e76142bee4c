"""About the record of a service: arrival and leaving, hours, doubts, certificates, stars."""

from collections.abc import Mapping

from accounts.templates.template import Template

HOURS: Mapping[str, Template] = {
    "check_out_reminder": Template(
        "签退提醒",
        "“{activity}”已结束，您还没有签退，请在{until}前签退，过后须由负责人确认离开时间",
        {"activity": "thing1", "until": "time2"},
    ),
    "check_outs_pending": Template(
        "待确认离开时间",
        "“{activity}”有{people}没有签退，请尽快为他们确认离开时间",
        {"activity": "thing1", "people": "thing2"},
    ),
    "time_confirmed": Template(
        "离开时间已确认",
        "您在“{activity}”的离开时间确认为{left_at}，如有不符可以提出异议",
        {"activity": "thing1", "left_at": "time2"},
    ),
    "attendance_recorded": Template(
        "负责人登记了签到",
        "“{activity}”的负责人登记您于{arrived_at}签到，请确认是否属实",
        {"activity": "thing1", "arrived_at": "time2"},
    ),
    "confirmed_on_behalf": Template(
        "代为确认签到",
        "帮办员核对您的身份证后，已代您确认在“{activity}”的签到；如果不是您的意思，可以提出异议",
        {"activity": "thing1"},
    ),
    "attendance_corrected": Template(
        "签到记录更正",
        "您在“{activity}”的签到记录已由负责人更正，原因：{reason}",
        {"activity": "thing1", "reason": "thing2"},
    ),
    "hours_corrected": Template(
        "时长更正",
        "您在“{activity}”的时长更正为 {minutes}，原因：{reason}。如与实际不符，可以申诉",
        {"activity": "thing1", "minutes": "thing2", "reason": "thing3"},
    ),
    "hours_recorded": Template(
        "时长记录",
        "您在“{activity}”的{ledger}：{minutes}（{note}）。如与实际不符，可以申诉",
        {"activity": "thing1", "ledger": "phrase2", "minutes": "thing3", "note": "thing4"},
    ),
    "hours_reviewed": Template(
        "时长审核",
        "您在“{activity}”待审核的 {minutes}：{status}。{note}",
        {"activity": "thing1", "minutes": "thing2", "status": "phrase3", "note": "thing4"},
    ),
    "backfill_claimed": Template(
        "补记申请",
        "有人为您申请补记“{activity}”{minutes}。如您没有参加，请申诉",
        {"activity": "thing1", "minutes": "thing2"},
    ),
    "backfill_decided": Template(
        "补记进展",
        "“{activity}”的补记{minutes}：{status}。{note}",
        {"activity": "thing1", "minutes": "thing2", "status": "phrase3", "note": "thing4"},
    ),
    "sanction_imposed": Template(
        "补记限制",
        "经核查，“{activity}”的补记不实（{note}）。{until}之前，并在再服务 100 小时之前，"
        "您不能申请或审核补记。如有异议，可以申诉",
        {"activity": "thing1", "until": "thing2", "note": "thing3"},
    ),
    "dispute_opened": Template(
        "待处理的申诉",
        "有志愿者对{about}提出申诉，请核查后答复",
        {"about": "thing1"},
    ),
    "dispute_overdue": Template(
        "申诉逾期未答复",
        "志愿者对{about}的申诉超过 10 个工作日没有答复，请核查处理",
        {"about": "thing1"},
    ),
    "disputed_on_behalf": Template(
        "代为申诉",
        "帮办员核对您的身份证后，已代您对{about}提出申诉",
        {"about": "thing1"},
    ),
    "dispute_decided": Template(
        "申诉结果",
        "您的申诉{status}。{note}",
        {"status": "phrase1", "note": "thing2"},
    ),
    "records_due": Template(
        "记录期限",
        "“{activity}”还有 {number} 项记录未完成，请在{until}前完成（活动结束后 10 个工作日）",
        {"activity": "thing1", "number": "thing2", "until": "thing3"},
    ),
    "holidays_missing": Template(
        "节假日安排待录入",
        "{year}年的放假和调休安排还没有录入；录入之前，有关期限只按周一至周五推算，到期不自动办结",
        {"year": "number1"},
    ),
    "hours_imported": Template(
        "历史时长录入",
        "“{organization}”录入了您过去的服务记录，计为补记时长。请到“我的时长”核对，有误可以提出异议",
        {"organization": "thing1"},
    ),
    "certificate_issued": Template(
        "已出具服务记录证明",
        "工作人员应您的要求出具了服务记录证明{number}，{hours}",
        {"number": "character_string1", "hours": "thing2"},
    ),
    "certificate_ready": Template(
        "证明已开具",
        "您的服务记录证明{number}已开具，{hours}，可以在“我的证明”中查看和打印",
        {"number": "character_string1", "hours": "thing2"},
    ),
    "certificate_revoked": Template(
        "证明已失效",
        "服务记录证明{number}已失效，原因：{reason}。您可以重新开具",
        {"number": "character_string1", "reason": "thing2"},
    ),
    "star_awarded": Template(
        "星级晋升",
        "感谢您的奉献！您已成为{star}志愿者，累计{hours}",
        {"star": "phrase1", "hours": "thing2"},
    ),
    "star_lowered": Template(
        "星级变动",
        "您的服务记录更正或收到新的评价后，星级由{before}变为{after}",
        {"before": "phrase1", "after": "phrase2"},
    ),
}
