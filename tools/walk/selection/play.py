"""The acts in their order."""

from datetime import date

from tools.walk.selection import honoring, judging, noticing, proposing, reviewing, voting
from tools.walk.selection.cast import COUNTIES, WITHOUT_REVIEWER, Play, Staff
from tools.walk.selection.stage import Stage, employed, scratch_stage

BANNER = """
════════════════════════════════════════════════════════════
  第五届许昌市道德模范评选演练
  公示至少五个工作日，评选要几个月：这里的时钟是拨动的，
  库是临时的，其余都按接口规范，一步一步由各种人来做。
════════════════════════════════════════════════════════════"""


def walk() -> None:
    """The whole selection. Raises WalkFailed at the first wrong number."""
    print(BANNER, flush=True)
    with scratch_stage() as stage:
        stage.move_to(date(2026, 2, 27))
        play = Play(stage, _staff(stage))
        for act in (proposing, reviewing, voting, judging, noticing, honoring):
            act.run(play)


def _staff(stage: Stage) -> Staff:
    """Sign-ins made by the operator; every first password is changed."""
    reviewers = {
        county: employed(stage, f"county{code}", f"{county}审核员", role="reviewer", site=code)
        for county, code in COUNTIES.items()
        if county != WITHOUT_REVIEWER
    }
    made = Staff(
        admin=employed(stage, "admin1", "林主任", role="admin"),
        deputy=employed(stage, "admin2", "岳副主任", role="admin"),
        reviewers=reviewers,
        city=employed(stage, "city1", "市审核员甲", role="reviewer"),
        visitor=employed(stage, "city2", "市审核员乙", role="reviewer"),
        handlers=(
            employed(stage, "city3", "核查员丙", role="reviewer"),
            employed(stage, "city4", "核查员丁", role="reviewer"),
        ),
        moderator=employed(stage, "moderator1", "内容审核员", role="moderator"),
        supervisor=employed(stage, "notary1", "公证员施正"),
        partner=employed(stage, "partner1", "公交公司", role="partner"),
    )
    stage.say("操作员为工作人员开通登录，每个人都改了初始密码")
    return made
