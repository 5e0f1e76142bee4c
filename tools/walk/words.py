"""What the walk says instead of the states and kinds of the API."""

WORDS = {
    "applied": "待审核",
    "active": "正式成员",
    "approved": "已通过",
    "published": "已发布",
    "confirmed": "已报上",
    "waitlisted": "候补",
    "begun": "已开始",
    "ended": "已结束",
    "roll_closed": "签到登记已结束",
    "checked_in": "已签到",
    "pending_check_out": "待确认离开时间",
    "unconfirmed": "待本人确认",
    "counted": "已计入",
    "claimed": "待审核",
    "on_notice": "公示中",
    "issued": "有效",
    "revoked": "已失效",
    "earned": "服务所得",
    "adjusted": "更正",
    "open": "待处理",
    "upheld": "成立",
    "submitted": "已提交",
    "dispatched": "已派单",
    "accepted": "已接单",
    "in_service": "服务中",
    "done": "已完成",
    "rated": "已评价",
    "announced": "已发布（预告）",
    "nominating": "推荐中",
    "reviewing": "审核中",
    "assessing": "评议中",
    "judging": "评审中",
    "noticing": "公示中",
    "concluded": "已结束",
    "completed": "已转为推荐",
    "given": "已同意",
    "merged": "已合并",
    "county_reviewed": "区县通过",
    "city": "市级",
    "city_shortlisted": "市级入围",
    "rejected": "未通过",
    "consulted": "意见齐全",
    "visited": "已走访",
    "proposed": "拟表彰",
    "removed": "已移出",
    "honored": "已授予荣誉",
    "not_selected": "未入选",
    "sent": "已报送",
    "fixed": "已确认",
    "percentile": "百分位",
    "share": "得票份额",
    "same_unit": "同一单位",
}


def in_words(found: object) -> str:
    """A value as the walk says it."""
    if isinstance(found, bool):
        return "是" if found else "否"
    if isinstance(found, set):
        found = sorted(found)
    if isinstance(found, tuple):
        return " ".join(map(in_words, found))
    if isinstance(found, list):
        found = "、".join(map(in_words, found))
    if found in (None, ""):
        return "无"
    return WORDS.get(str(found), str(found))
