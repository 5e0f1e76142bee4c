"""The seven actions (七大行动) of New-Era Civilization Practice, as the city names them."""

from enum import StrEnum


class Action(StrEnum):
    SITE_IMPROVEMENT = "site_improvement"
    PROJECT_QUALITY = "project_quality"
    ORGANIZATION_INCUBATION = "organization_incubation"
    SKILLS_TRAINING = "skills_training"
    RURAL_SERVICE = "rural_service"
    CAMPUS_PAIRING = "campus_pairing"
    MEDIA_PARTNERSHIP = "media_partnership"


ACTION_NAMES: dict[Action, str] = {
    Action.SITE_IMPROVEMENT: "文明实践阵地优化",
    Action.PROJECT_QUALITY: "文明实践志愿服务项目提质",
    Action.ORGANIZATION_INCUBATION: "文明实践志愿服务组织孵化",
    Action.SKILLS_TRAINING: "文明实践志愿服务技能提升",
    Action.RURAL_SERVICE: "志愿服务乡村行",
    Action.CAMPUS_PAIRING: "高校与文明实践中心结对服务",
    Action.MEDIA_PARTNERSHIP: "新时代文明实践中心和融媒体中心共建",
}
