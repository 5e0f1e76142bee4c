"""Refusals about honours and what follows."""

from core.errors import DomainError, Kind


class AlreadyHonored(DomainError):
    kind = Kind.CONFLICT
    code = "already_honored"
    message = "这份荣誉已经授予，不能重复"


class AlreadyReferred(DomainError):
    kind = Kind.CONFLICT
    code = "already_referred"
    message = "已向这一批次推荐过"


class HonorFromArchive(DomainError):
    """An honour of earlier years has no nomination, so there is no material to send up."""

    kind = Kind.CONFLICT
    code = "honor_from_archive"
    message = "这是历史档案导入的荣誉，没有推荐材料，不能向上推荐"


class HonorNotInForce(DomainError):
    """The honour is suspended or revoked; details carry its `state`."""

    kind = Kind.CONFLICT
    code = "honor_not_in_force"
    message = "这份荣誉目前不在有效状态"


class BenefitCodeTaken(DomainError):
    kind = Kind.CONFLICT
    code = "benefit_code_taken"
    message = "礼遇代码已被使用"


class BenefitNotHeld(DomainError):
    """Not for this honour, not yet or no longer in force, or not given on showing a card."""

    kind = Kind.CONFLICT
    code = "benefit_not_held"
    message = "持卡人目前不享受这项礼遇"


class BenefitUsedUp(DomainError):
    """`uses_a_year` is reached."""

    kind = Kind.CONFLICT
    code = "benefit_used_up"
    message = "今年的次数已经用完"


class HardshipCaseOpen(DomainError):
    kind = Kind.CONFLICT
    code = "hardship_case_open"
    message = "已有一件帮扶申请正在办理"


class ProposedByYou(DomainError):
    kind = Kind.FORBIDDEN
    code = "proposed_by_you"
    message = "不能核定自己提出的帮扶意见"
