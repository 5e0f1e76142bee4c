"""The states of a nomination as citizens read them. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from nominations.lifecycles import NominationStatus

N = NominationStatus

STANDING: Mapping[NominationStatus, str] = MappingProxyType(
    {
        N.DRAFT: "草稿，还没有提交",
        N.SUBMITTED: "已提交，等待审核",
        N.SENT_BACK: "已退回，请补充后重新提交",
        N.COMMUNITY_CHECKED: "村（社区）已核实，等待下一级审核",
        N.TOWNSHIP_RECOMMENDED: "乡镇（街道）已推荐，等待下一级审核",
        N.COUNTY_REVIEWED: "县（市、区）已审核，等待市级审核",
        N.CITY_SHORTLISTED: "已进入市级考察",
        N.CONSULTED: "已征求有关部门意见",
        N.VISITED: "已走访核实",
        N.CANDIDATE: "已成为候选人",
        N.PROPOSED: "已列入建议名单",
        N.ON_NOTICE: "正在公示",
        N.SUSPENDED: "公示中止，正在核实异议",
        N.APPROVED: "已审定，等待表彰",
        N.HONORED: "已表彰",
        N.NOT_SELECTED: "本次没有入选，感谢推荐",
        N.REJECTED: "没有通过审核",
        N.MERGED: "已并入同一人选的另一份推荐",
        N.WITHDRAWN: "已撤回",
        N.REMOVED: "已移出本次活动",
    }
)
