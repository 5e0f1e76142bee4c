"""What a nomination still lacks, field by field, by the rules of its campaign."""

from nominations.lifecycles import NomineeKind
from nominations.models.nominations import Nomination
from nominations.rules import Rules

SMALLEST_GROUP = 2


def lacking(nomination: Nomination, rules: Rules, *, photos: int) -> dict[str, list[str]]:
    """Names of fields to what is wrong with them; empty when the nomination may be submitted.
    `photos` is the number of life photos."""
    found: dict[str, list[str]] = {}
    if not nomination.summary:
        found["summary"] = ["请用一句话介绍事迹"]
    elif len(nomination.summary) > rules.summary_max_chars:
        found["summary"] = [f"一句话介绍最多 {rules.summary_max_chars} 个字"]
    if len(nomination.short_deeds or "") > rules.short_deeds_max_chars:
        found["short_deeds"] = [f"事迹简介最多 {rules.short_deeds_max_chars} 个字"]
    length = len(nomination.deeds)
    if not rules.deeds_min_chars <= length <= rules.deeds_max_chars:
        bounds = f"{rules.deeds_min_chars} 至 {rules.deeds_max_chars}"
        found["deeds"] = [f"事迹材料应为 {bounds} 个字，现在有 {length} 个字"]
    if not rules.life_photos_min <= photos <= rules.life_photos_max:
        wanted = f"{rules.life_photos_min} 至 {rules.life_photos_max}"
        found["photos"] = [f"生活照应为 {wanted} 张，现在有 {photos} 张"]
    return found | _of_several(nomination)


def _of_several(nomination: Nomination) -> dict[str, list[str]]:
    """Who are honoured together have a number, and somebody who speaks for them."""
    kind, found = nomination.nominee_kind, {}
    if kind is NomineeKind.PERSON:
        return {}
    if not nomination.representative_name:
        found["representative_name"] = ["请填写代表人的姓名"]
    if kind is not NomineeKind.UNIT and (nomination.members_count or 0) < SMALLEST_GROUP:
        found["members_count"] = [f"请填写人数，至少 {SMALLEST_GROUP} 人"]
    return found
