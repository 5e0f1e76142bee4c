"""What people are told: for each event a title, a sentence, and the fields of a WeChat message.

To add one, add a row to TEMPLATES and call `accounts.services.messages.tell` with its fields:
the inbox shows the sentence, WeChat gets the fields, docs/messages.md lists both. Services speak
of `activity` or `starts_at`; here those become `thing1` or `time2`, cut to the length that WeChat
allows (a `thing` has 20 characters, a `phrase` five Chinese ones).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter

from core.clock import SHANGHAI

NOTHING = "无"
"""Stands where a value is missing."""


@dataclass(frozen=True, slots=True)
class Template:
    title: str
    sentence: str
    """With our fields in braces."""
    fields: Mapping[str, str]
    """Ours to WeChat's."""

    @property
    def named_in_sentence(self) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in Formatter().parse(self.sentence) if name)


TEMPLATES: Mapping[str, Template] = {
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
    "membership_accepted": Template(
        "加入组织",
        "您已成为“{organization}”的成员",
        {"organization": "thing1"},
    ),
    "membership_declined": Template(
        "加入组织未通过",
        "“{organization}”没有通过您的加入申请，原因：{reason}",
        {"organization": "thing1", "reason": "thing2"},
    ),
    "membership_removed": Template(
        "退出组织",
        "您已被移出“{organization}”，原因：{reason}。您已有的服务时长不受影响",
        {"organization": "thing1", "reason": "thing2"},
    ),
    "account_rebound": Template(
        "账号换绑",
        "您的账号已于{at}在柜台绑定到另一个微信。如非本人办理，请尽快联系就近的文明实践所",
        {"at": "time1"},
    ),
    "account_merged": Template(
        "账号合并",
        "您的另一个账号已于{at}并入本账号，原有记录都已保留。如有疑问请联系就近的文明实践所",
        {"at": "time1"},
    ),
    "guardian_consented": Template(
        "监护人已同意",
        "您的监护人已于{at}同意您参加志愿服务",
        {"at": "time1"},
    ),
    "guardian_withdrew": Template(
        "监护人撤回同意",
        "监护人的同意已于{at}撤回，您暂时不能报名新的活动",
        {"at": "time1"},
    ),
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
    "nominee_honored": Template(
        "授予荣誉",
        "您推荐的{nominee}被授予“{title}”，感谢您的推荐",
        {"nominee": "thing1", "title": "thing2"},
    ),
    "honor_changed": Template(
        "荣誉变更",
        "{nominee}的“{title}”{change}",
        {"nominee": "thing1", "title": "thing2", "change": "phrase3"},
    ),
    "nominee_referred": Template(
        "向上推荐",
        "您推荐的{nominee}，{target}：{outcome}",
        {"nominee": "thing1", "target": "thing2", "outcome": "phrase3"},
    ),
    "hardship_case_decided": Template(
        "帮扶申请",
        "帮扶申请{outcome}。{note}",
        {"outcome": "phrase1", "note": "thing2"},
    ),
    "care_visit_due": Template(
        "走访提醒",
        "请安排走访{nominee}，计划日期：{day}",
        {"nominee": "thing1", "day": "thing2"},
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
    "feedback_answered": Template(
        "反馈答复",
        "您在{sent_at}提交的{kind}已有答复：{answer}",
        {"kind": "phrase1", "answer": "thing2", "sent_at": "time3"},
    ),
    "volunteer_imported": Template(
        "志愿者登记",
        "“{organization}”按您签署的纸质同意书为您登记了志愿者身份。如非本人意愿，请在“投诉与建议”中告诉我们",
        {"organization": "thing1"},
    ),
    "hours_imported": Template(
        "历史时长录入",
        "“{organization}”录入了您过去的服务记录，计为补记时长。请到“我的时长”核对，有误可以提出异议",
        {"organization": "thing1"},
    ),
}

LENGTHS = {"thing": 20, "phrase": 5, "name": 10, "character_string": 32, "number": 32}
"""The longest value of each type, counted as WeChat's own language does: in UTF-16."""

_NOT_CHINESE = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fff]")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAYS_OF_WEEK = "一二三四五六日"


def fill(template: str, values: Mapping[str, str]) -> dict[str, str]:
    """The `data` of a message; a field without a value says 无.

    Raises KeyError for a template or a value that is not declared here, ValueError for a time
    or a number that is missing or none."""
    keys = _declared(template, values).fields
    return {key: _fit(key, values.get(name) or "") for name, key in keys.items()}


def sentence(template: str, values: Mapping[str, str]) -> str:
    """What the person reads in full; instants in Shanghai, in words. Raises as `fill` does."""
    found = _declared(template, values)
    told = {
        name: _in_words(values.get(name) or "")
        if _kind(key) == "time"
        else (values.get(name) or NOTHING).strip()
        for name, key in found.fields.items()
    }
    return found.sentence.format_map(told)


def _declared(template: str, values: Mapping[str, str]) -> Template:
    found = TEMPLATES[template]
    unknown = values.keys() - found.fields.keys()
    if unknown:
        raise KeyError(f"{template} has no {sorted(unknown)}")
    return found


def _kind(key: str) -> str:
    return key.rstrip("0123456789")


def _in_words(instant: str) -> str:
    at = datetime.fromisoformat(instant).astimezone(SHANGHAI)
    day_of_week = _DAYS_OF_WEEK[at.weekday()]
    return f"{at.year}年{at.month}月{at.day}日（周{day_of_week}）{at:%H:%M}"


def _fit(key: str, value: str) -> str:
    kind = _kind(key)
    text = _shown(value)
    match kind:
        case "time":
            at = datetime.fromisoformat(value).astimezone(SHANGHAI)
            return at.strftime("%Y年%m月%d日 %H:%M")
        case "number":
            if _NUMBER.fullmatch(text) is None or len(text) > LENGTHS[kind]:
                raise ValueError(f"{key} is not a number")
            return text
        case "phrase":
            return _NOT_CHINESE.sub("", text)[: LENGTHS[kind]] or NOTHING
        case "character_string":
            return _NOT_ASCII.sub("", text).strip()[: LENGTHS[kind]].strip() or "-"
        case "name" | "thing":
            return _cut(text, LENGTHS[kind]) or NOTHING
    raise KeyError(f"no rule for {key}")


def _shown(value: str) -> str:
    """Without control and invisible characters, with single spaces."""
    kept = (c for c in value if c.isspace() or not unicodedata.category(c).startswith("C"))
    return " ".join("".join(kept).split())


def _cut(text: str, longest: int) -> str:
    if _length(text) <= longest:
        return text
    while text and _length(text) > longest - 1:
        text = text[:-1]
    return text + "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
