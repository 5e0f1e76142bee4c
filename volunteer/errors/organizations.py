"""Refusals about organisations, their members, what those can do, and projects."""

from core.errors import DomainError, Kind


class OrganizationNameTaken(DomainError):
    kind = Kind.CONFLICT
    code = "organization_name_taken"
    message = "已有同名的志愿服务组织，请换一个名称"


class OrganizationNotApproved(DomainError):
    kind = Kind.CONFLICT
    code = "organization_not_approved"
    message = "志愿服务组织尚未通过审核"


class OrganizationBusy(DomainError):
    """Details carry the number of its `activities` that are not over."""

    kind = Kind.CONFLICT
    code = "organization_busy"
    message = "组织还有没结束的活动，请先取消或等活动结束"


class OwnApplication(DomainError):
    """Nobody decides on what they asked for themselves."""

    kind = Kind.FORBIDDEN
    code = "own_application"
    message = "不能审核自己提出的申请，请由其他工作人员审核"


class GuardianConsentRequired(DomainError):
    """A minor takes part with a guardian's consent (Henan art. 8)."""

    kind = Kind.FORBIDDEN
    code = "guardian_consent_required"
    message = "未满 18 周岁，需要监护人同意后才能参加"


class LastOrganizer(DomainError):
    """An organisation without an organizer could neither admit nor appoint anybody."""

    kind = Kind.CONFLICT
    code = "last_organizer"
    message = "组织至少要有一名管理员，请先任命其他成员为管理员"


class NotMember(DomainError):
    kind = Kind.CONFLICT
    code = "not_member"
    message = "该志愿者还不是组织的正式成员"


class OwnMembership(DomainError):
    """Nobody admits, removes, appoints or dismisses themselves."""

    kind = Kind.FORBIDDEN
    code = "own_membership"
    message = "不能对自己进行这项操作，请由组织的其他管理员办理"


class OwnQualification(DomainError):
    """Nobody records what they themselves can do."""

    kind = Kind.FORBIDDEN
    code = "own_qualification"
    message = "不能登记自己的资质，请由组织管理员或文明实践所工作人员核对证书后登记"


class ProjectNotEditable(DomainError):
    """Details carry the present `state`."""

    kind = Kind.CONFLICT
    code = "project_not_editable"
    message = "项目提交后不能再修改，退回后才可以修改"


class ProjectNotApproved(DomainError):
    kind = Kind.CONFLICT
    code = "project_not_approved"
    message = "项目通过审核后才能组织活动"
