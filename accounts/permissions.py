"""Every permission, and the roles that hold them.

A permission reads `package:resource:verb`; the verb is the name of the transition, of the
service function, of the route and of the audit entry. A role is granted at a scope (the city, a
site with all below it, an organisation); the object policy in the service decides the rest.
"""

from enum import StrEnum


class Permission(StrEnum):
    ACCOUNTS_CONSENT_UPDATE = "accounts:consent:update"
    ACCOUNTS_CONSENT_VIEW = "accounts:consent:view"
    ACCOUNTS_FEEDBACK_ANSWER = "accounts:feedback:answer"
    ACCOUNTS_FEEDBACK_REVIEW = "accounts:feedback:review"
    ACCOUNTS_IDENTITY_REGISTER = "accounts:identity:register"
    ACCOUNTS_INBOX_READ = "accounts:inbox:read"
    ACCOUNTS_INBOX_VIEW = "accounts:inbox:view"
    ACCOUNTS_PASSWORD_CHANGE = "accounts:password:change"  # noqa: S105 - a permission's name
    ACCOUNTS_PHONE_BIND = "accounts:phone:bind"
    ACCOUNTS_PROFILE_VIEW = "accounts:profile:view"
    ACCOUNTS_ROLE_GRANT = "accounts:role:grant"
    ACCOUNTS_ROLE_REVOKE = "accounts:role:revoke"
    ACCOUNTS_ROLE_VIEW = "accounts:role:view"
    ACCOUNTS_SESSION_END = "accounts:session:end"
    ACCOUNTS_SESSION_VIEW = "accounts:session:view"
    ACCOUNTS_SUBSCRIPTION_ACCEPT = "accounts:subscription:accept"
    ACCOUNTS_SUBSCRIPTION_VIEW = "accounts:subscription:view"
    NOMINATIONS_BALLOT_CAST = "nominations:ballot:cast"
    NOMINATIONS_BALLOT_VIEW = "nominations:ballot:view"
    NOMINATIONS_CAMPAIGN_ANNOUNCE = "nominations:campaign:announce"
    NOMINATIONS_CAMPAIGN_CANCEL = "nominations:campaign:cancel"
    NOMINATIONS_CAMPAIGN_CREATE = "nominations:campaign:create"
    NOMINATIONS_NOMINATION_CREATE = "nominations:nomination:create"
    NOMINATIONS_NOMINATION_PASS = "nominations:nomination:pass"  # noqa: S105 - a verb
    NOMINATIONS_NOMINATION_REJECT = "nominations:nomination:reject"
    NOMINATIONS_NOMINATION_REVIEW = "nominations:nomination:review"
    NOMINATIONS_NOMINATION_SEND_BACK = "nominations:nomination:send_back"
    NOMINATIONS_NOMINATION_SUBMIT = "nominations:nomination:submit"
    NOMINATIONS_NOMINATION_UPDATE = "nominations:nomination:update"
    NOMINATIONS_NOMINATION_VIEW = "nominations:nomination:view"
    NOMINATIONS_NOMINATION_WITHDRAW = "nominations:nomination:withdraw"
    VOLUNTEER_ACTIVITY_CANCEL = "volunteer:activity:cancel"
    VOLUNTEER_ACTIVITY_CREATE = "volunteer:activity:create"
    VOLUNTEER_ACTIVITY_PUBLISH = "volunteer:activity:publish"
    VOLUNTEER_ATTENDANCE_CHECK_IN = "volunteer:attendance:check_in"
    VOLUNTEER_ATTENDANCE_CHECK_OUT = "volunteer:attendance:check_out"
    VOLUNTEER_ATTENDANCE_CONFIRM_TIME = "volunteer:attendance:confirm_time"
    VOLUNTEER_EXPORT_CREATE = "volunteer:export:create"
    VOLUNTEER_EXPORT_UNMASK = "volunteer:export:unmask"
    VOLUNTEER_EXPORT_VIEW = "volunteer:export:view"
    VOLUNTEER_HOURS_VIEW = "volunteer:hours:view"
    VOLUNTEER_IMPORT_CANCEL = "volunteer:import:cancel"
    VOLUNTEER_IMPORT_CONFIRM = "volunteer:import:confirm"
    VOLUNTEER_IMPORT_UPLOAD = "volunteer:import:upload"
    VOLUNTEER_IMPORT_VIEW = "volunteer:import:view"
    VOLUNTEER_ORGANIZATION_APPLY = "volunteer:organization:apply"
    VOLUNTEER_ORGANIZATION_APPROVE = "volunteer:organization:approve"
    VOLUNTEER_ORGANIZATION_REJECT = "volunteer:organization:reject"
    VOLUNTEER_ORGANIZATION_REVIEW = "volunteer:organization:review"
    VOLUNTEER_PROJECT_APPROVE = "volunteer:project:approve"
    VOLUNTEER_PROJECT_CREATE = "volunteer:project:create"
    VOLUNTEER_PROJECT_REJECT = "volunteer:project:reject"
    VOLUNTEER_PROJECT_REVIEW = "volunteer:project:review"
    VOLUNTEER_PROJECT_SEND_BACK = "volunteer:project:send_back"
    VOLUNTEER_PROJECT_SUBMIT = "volunteer:project:submit"
    VOLUNTEER_PROJECT_UPDATE = "volunteer:project:update"
    VOLUNTEER_SHIFT_CREATE = "volunteer:shift:create"
    VOLUNTEER_SHIFT_SHOW_CODE = "volunteer:shift:show_code"
    VOLUNTEER_SIGNUP_CANCEL = "volunteer:signup:cancel"
    VOLUNTEER_SIGNUP_CREATE = "volunteer:signup:create"
    VOLUNTEER_SIGNUP_VIEW = "volunteer:signup:view"
    VOLUNTEER_SIGNUP_VIEW_SHIFT = "volunteer:signup:view_shift"
    VOLUNTEER_SYNC_BATCH_ACKNOWLEDGE = "volunteer:sync_batch:acknowledge"
    VOLUNTEER_SYNC_BATCH_VIEW = "volunteer:sync_batch:view"


class Role(StrEnum):
    CITIZEN = "citizen"
    """Everybody who is signed in; never granted."""
    VOLUNTEER = "volunteer"
    """Everybody with a registered real name; never granted."""
    ORGANIZER = "organizer"
    """Of an organisation: publishes its activities and keeps its rolls."""
    SITE_STAFF = "site_staff"
    """Of a site and all below it: approves organisations and projects."""
    REVIEWER = "reviewer"
    """Of a site and all below it: reviews nominations."""
    HELPER = "helper"
    """帮办员, of a site and all below it: serves people without a phone; casts no ballot."""
    ADMIN = "admin"
    """Of the city: runs campaigns and grants roles; sees no ballot by person."""


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CITIZEN: frozenset(
        {
            P.ACCOUNTS_CONSENT_UPDATE,
            P.ACCOUNTS_CONSENT_VIEW,
            P.ACCOUNTS_IDENTITY_REGISTER,
            P.ACCOUNTS_INBOX_READ,
            P.ACCOUNTS_INBOX_VIEW,
            P.ACCOUNTS_PASSWORD_CHANGE,
            P.ACCOUNTS_PHONE_BIND,
            P.ACCOUNTS_PROFILE_VIEW,
            P.ACCOUNTS_SESSION_END,
            P.ACCOUNTS_SESSION_VIEW,
            P.ACCOUNTS_SUBSCRIPTION_ACCEPT,
            P.ACCOUNTS_SUBSCRIPTION_VIEW,
            P.NOMINATIONS_BALLOT_CAST,
            P.NOMINATIONS_BALLOT_VIEW,
            P.NOMINATIONS_NOMINATION_CREATE,
            P.NOMINATIONS_NOMINATION_SUBMIT,
            P.NOMINATIONS_NOMINATION_UPDATE,
            P.NOMINATIONS_NOMINATION_VIEW,
            P.NOMINATIONS_NOMINATION_WITHDRAW,
            P.VOLUNTEER_HOURS_VIEW,
            P.VOLUNTEER_SIGNUP_VIEW,
        }
    ),
    Role.VOLUNTEER: frozenset(
        {
            P.VOLUNTEER_ATTENDANCE_CHECK_IN,
            P.VOLUNTEER_ATTENDANCE_CHECK_OUT,
            P.VOLUNTEER_ATTENDANCE_CONFIRM_TIME,
            P.VOLUNTEER_ORGANIZATION_APPLY,
            P.VOLUNTEER_SHIFT_SHOW_CODE,
            P.VOLUNTEER_SIGNUP_CANCEL,
            P.VOLUNTEER_SIGNUP_CREATE,
            P.VOLUNTEER_SIGNUP_VIEW_SHIFT,
        }
    ),
    Role.ORGANIZER: frozenset(
        {
            P.VOLUNTEER_ACTIVITY_CANCEL,
            P.VOLUNTEER_ACTIVITY_CREATE,
            P.VOLUNTEER_ACTIVITY_PUBLISH,
            P.VOLUNTEER_ATTENDANCE_CONFIRM_TIME,
            P.VOLUNTEER_EXPORT_CREATE,
            P.VOLUNTEER_EXPORT_VIEW,
            P.VOLUNTEER_IMPORT_CANCEL,
            P.VOLUNTEER_IMPORT_UPLOAD,
            P.VOLUNTEER_IMPORT_VIEW,
            P.VOLUNTEER_PROJECT_CREATE,
            P.VOLUNTEER_PROJECT_SUBMIT,
            P.VOLUNTEER_PROJECT_UPDATE,
            P.VOLUNTEER_SHIFT_CREATE,
            P.VOLUNTEER_SHIFT_SHOW_CODE,
            P.VOLUNTEER_SIGNUP_VIEW_SHIFT,
        }
    ),
    Role.SITE_STAFF: frozenset(
        {
            P.VOLUNTEER_EXPORT_CREATE,
            P.VOLUNTEER_EXPORT_UNMASK,
            P.VOLUNTEER_EXPORT_VIEW,
            P.VOLUNTEER_IMPORT_CANCEL,
            P.VOLUNTEER_IMPORT_CONFIRM,
            P.VOLUNTEER_IMPORT_UPLOAD,
            P.VOLUNTEER_IMPORT_VIEW,
            P.VOLUNTEER_ORGANIZATION_APPROVE,
            P.VOLUNTEER_ORGANIZATION_REJECT,
            P.VOLUNTEER_ORGANIZATION_REVIEW,
            P.VOLUNTEER_PROJECT_APPROVE,
            P.VOLUNTEER_PROJECT_REJECT,
            P.VOLUNTEER_PROJECT_REVIEW,
            P.VOLUNTEER_PROJECT_SEND_BACK,
            P.VOLUNTEER_SYNC_BATCH_ACKNOWLEDGE,
            P.VOLUNTEER_SYNC_BATCH_VIEW,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            P.NOMINATIONS_NOMINATION_PASS,
            P.NOMINATIONS_NOMINATION_REJECT,
            P.NOMINATIONS_NOMINATION_REVIEW,
            P.NOMINATIONS_NOMINATION_SEND_BACK,
        }
    ),
    Role.HELPER: frozenset(),
    Role.ADMIN: frozenset(
        {
            P.ACCOUNTS_FEEDBACK_ANSWER,
            P.ACCOUNTS_FEEDBACK_REVIEW,
            P.ACCOUNTS_ROLE_GRANT,
            P.ACCOUNTS_ROLE_REVOKE,
            P.ACCOUNTS_ROLE_VIEW,
            P.NOMINATIONS_CAMPAIGN_ANNOUNCE,
            P.NOMINATIONS_CAMPAIGN_CANCEL,
            P.NOMINATIONS_CAMPAIGN_CREATE,
        }
    ),
}
