"""What stands before any service: an organisation, its member, its project."""

from dataclasses import dataclass
from typing import Any

from tools.walk.client import Someone, World, citizen, member_of_staff

DISTRICT = "魏都区"
CATEGORY = "environment"


@dataclass
class Team:
    """The organisation of the walk and its people."""

    staff: Someone
    leader: Someone
    member: Someone
    site_id: str
    organization_id: str
    project_id: str


def run(world: World) -> Team:
    """Organisation, member and project, each asked for by one and approved by another."""
    leader = citizen(world, "赵一鸣")
    site = leader.get(f"/sites?level=center&q={DISTRICT}")["items"][0]
    staff = member_of_staff(world, "site_staff", DISTRICT)
    organization_id = _organization(world, leader, staff, site["id"])
    member = _member(world, leader, organization_id)
    project_id = _project(world, leader, staff, organization_id)
    return Team(staff, leader, member, site["id"], organization_id, project_id)


def _organization(world: World, leader: Someone, staff: Someone, site_id: str) -> str:
    applied = leader.post(
        "/organizations",
        {
            "name": f"文峰社区志愿服务队（演练 {leader.person_id[-6:]}）",
            "site_id": site_id,
            "summary": "社区居民自愿组成，做力所能及的事。",
        },
        201,
    )
    world.say(f"{leader.name} 申请成立志愿服务组织")
    world.check("组织", applied["status"], "applied")
    approved = staff.post(f"/organizations/{applied['id']}/approve")
    world.say(f"{staff.name} 审核组织的申请")
    world.check("组织", approved["status"], "approved")
    return str(applied["id"])


def _member(world: World, leader: Someone, organization_id: str) -> Someone:
    member = citizen(world, "冯志远")
    applied = member.post(f"/organizations/{organization_id}/memberships", expect=201)
    again = member.post(f"/organizations/{organization_id}/memberships", expect=201)
    world.say(f"{member.name} 申请加入，手滑点了两次")
    world.check("两次是同一份申请", again["id"] == applied["id"], True)
    accepted = leader.post(f"/memberships/{applied['id']}/accept")
    world.say(f"{leader.name} 同意加入")
    world.check(f"{member.name} 现在是", accepted["status"], "active")
    world.check(f"{member.name} 收到通知的条数", len(member.told("membership_accepted")), 1)
    return member


def _project(world: World, leader: Someone, staff: Someone, organization_id: str) -> str:
    project: dict[str, Any] = leader.post(
        "/projects",
        {
            "organization_id": organization_id,
            "action": "project_quality",
            "category_code": CATEGORY,
            "title": "家门口的志愿服务",
            "summary": "每周末在社区开展一次便民服务。",
        },
        201,
    )
    leader.post(f"/projects/{project['id']}/submit")
    refused = leader.post(f"/projects/{project['id']}/approve", expect=403)
    world.refused(f"{leader.name} 提交项目，想自己批准", refused, "forbidden")
    approved = staff.post(f"/projects/{project['id']}/approve")
    world.say(f"{staff.name} 审核项目")
    world.check("项目", approved["status"], "approved")
    return str(project["id"])
