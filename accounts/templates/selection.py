"""About the selection of good people, from a clue to the end of the public notice."""

from collections.abc import Mapping

from accounts.templates.template import Template

SELECTION: Mapping[str, Template] = {
    "nomination_progress": Template(
        "推荐进展",
        "您推荐的{nominee}：{status}。{note}",
        {"nominee": "thing1", "status": "phrase2", "note": "thing3"},
    ),
    "campaign_changed": Template(
        "评选活动变动",
        "您参与推荐的“{campaign}”{change}：{note}",
        {"campaign": "thing1", "change": "phrase2", "note": "thing3"},
    ),
    "clue_progress": Template(
        "线索进展",
        "您提供的关于{nominee}的线索：{status}。{note}",
        {"nominee": "thing1", "status": "phrase2", "note": "thing3"},
    ),
    "clue_waiting": Template(
        "线索待办",
        "关于{nominee}的线索于{received_at}收到，还没有答复，请尽快处理",
        {"nominee": "thing1", "received_at": "time2"},
    ),
    "support_progress": Template(
        "附议进展",
        "您附议的{nominee}：{status}。{note}",
        {"nominee": "thing1", "status": "phrase2", "note": "thing3"},
    ),
    "attachment_refused": Template(
        "材料审核",
        "您为“{nominee}”上传的{kind}未通过审核：{reason}",
        {"nominee": "thing1", "kind": "thing2", "reason": "thing3"},
    ),
    "comment_hidden": Template(
        "留言审核",
        "您对“{nominee}”的留言没有展示：{reason}",
        {"nominee": "thing1", "reason": "thing2"},
    ),
    "review_overdue": Template(
        "审核提醒",
        "推荐“{nominee}”在{step}已等待 {days} 个工作日，请尽快审核",
        {"nominee": "thing1", "step": "phrase2", "days": "number3"},
    ),
    "consultation_opened": Template(
        "征求意见",
        "请就推荐人选“{nominee}”提出{department}的意见，{until}前回复",
        {"nominee": "thing1", "department": "thing2", "until": "thing3"},
    ),
    "consultation_overdue": Template(
        "征求意见提醒",
        "就推荐人选“{nominee}”征求{department}意见，应于{until}前回复，现已逾期",
        {"nominee": "thing1", "department": "thing2", "until": "thing3"},
    ),
    "panel_invited": Template(
        "评委邀请",
        "邀请您担任“{campaign}”的评委，请确认是否接受",
        {"campaign": "thing1"},
    ),
    "panel_reminder": Template(
        "评委评分提醒",
        "“{campaign}”的评委评分将于{until}截止，您还有 {number} 位候选人没有完成",
        {"campaign": "thing1", "until": "time2", "number": "number3"},
    ),
    "objection_decided": Template(
        "异议答复",
        "您对“{notice}”中人选提出的异议：{status}。{note}",
        {"notice": "thing1", "status": "phrase2", "note": "thing3"},
    ),
    "objection_to_answer": Template(
        "异议说明",
        "您推荐的{nominee}收到一条已受理的异议，请在小程序中查看并说明情况",
        {"nominee": "thing1"},
    ),
    "objection_to_handle": Template(
        "异议处理",
        "“{notice}”的异议：{status}，请及时处理",
        {"notice": "thing1", "status": "phrase2"},
    ),
}
