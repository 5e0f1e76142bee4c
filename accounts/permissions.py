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
    ACCOUNTS_GUARDIANSHIP_GIVE = "accounts:guardianship:give"
    ACCOUNTS_GUARDIANSHIP_INVITE = "accounts:guardianship:invite"
    ACCOUNTS_GUARDIANSHIP_RECORD = "accounts:guardianship:record"
    ACCOUNTS_GUARDIANSHIP_VIEW = "accounts:guardianship:view"
    ACCOUNTS_GUARDIANSHIP_WITHDRAW = "accounts:guardianship:withdraw"
    ACCOUNTS_IDENTITY_REGISTER = "accounts:identity:register"
    ACCOUNTS_INBOX_READ = "accounts:inbox:read"
    ACCOUNTS_INBOX_VIEW = "accounts:inbox:view"
    ACCOUNTS_PASSWORD_CHANGE = "accounts:password:change"  # noqa: S105 - a permission's name
    ACCOUNTS_PERSON_BIND = "accounts:person:bind"
    ACCOUNTS_PERSON_FIND = "accounts:person:find"
    ACCOUNTS_PERSON_MERGE = "accounts:person:merge"
    ACCOUNTS_PERSON_REGISTER = "accounts:person:register"
    ACCOUNTS_PERSON_UNMASK = "accounts:person:unmask"
    ACCOUNTS_PERSON_VIEW = "accounts:person:view"
    ACCOUNTS_PHONE_BIND = "accounts:phone:bind"
    ACCOUNTS_PROFILE_VIEW = "accounts:profile:view"
    ACCOUNTS_ROLE_GRANT = "accounts:role:grant"
    ACCOUNTS_ROLE_REVOKE = "accounts:role:revoke"
    ACCOUNTS_ROLE_VIEW = "accounts:role:view"
    ACCOUNTS_SESSION_END = "accounts:session:end"
    ACCOUNTS_SESSION_VIEW = "accounts:session:view"
    ACCOUNTS_SUBSCRIPTION_ACCEPT = "accounts:subscription:accept"
    ACCOUNTS_SUBSCRIPTION_VIEW = "accounts:subscription:view"
    NOMINATIONS_ATTACHMENT_CLEAR = "nominations:attachment:clear"
    NOMINATIONS_ATTACHMENT_MODERATE = "nominations:attachment:moderate"
    NOMINATIONS_ATTACHMENT_REFUSE = "nominations:attachment:refuse"
    NOMINATIONS_ATTACHMENT_REMOVE = "nominations:attachment:remove"
    NOMINATIONS_ATTACHMENT_UPLOAD = "nominations:attachment:upload"
    NOMINATIONS_ATTACHMENT_VIEW = "nominations:attachment:view"
    NOMINATIONS_BALLOT_CAST = "nominations:ballot:cast"
    NOMINATIONS_BALLOT_VIEW = "nominations:ballot:view"
    NOMINATIONS_BENEFIT_CREATE = "nominations:benefit:create"
    NOMINATIONS_BENEFIT_END = "nominations:benefit:end"
    NOMINATIONS_BENEFIT_CARD_CHECK = "nominations:benefit_card:check"
    NOMINATIONS_BENEFIT_CARD_USE = "nominations:benefit_card:use"
    NOMINATIONS_BENEFIT_CARD_VIEW = "nominations:benefit_card:view"
    NOMINATIONS_CAMPAIGN_ANNOUNCE = "nominations:campaign:announce"
    NOMINATIONS_CAMPAIGN_CANCEL = "nominations:campaign:cancel"
    NOMINATIONS_CAMPAIGN_CLOSE_ASSESSMENT = "nominations:campaign:close_assessment"
    NOMINATIONS_CAMPAIGN_CLOSE_NOMINATIONS = "nominations:campaign:close_nominations"
    NOMINATIONS_CAMPAIGN_CONCLUDE = "nominations:campaign:conclude"
    NOMINATIONS_CAMPAIGN_CREATE = "nominations:campaign:create"
    NOMINATIONS_CAMPAIGN_FINISH_COUNTING = "nominations:campaign:finish_counting"
    NOMINATIONS_CAMPAIGN_OPEN_ASSESSMENT = "nominations:campaign:open_assessment"
    NOMINATIONS_CAMPAIGN_OPEN_NOMINATIONS = "nominations:campaign:open_nominations"
    NOMINATIONS_CAMPAIGN_OPEN_NOTICE = "nominations:campaign:open_notice"
    NOMINATIONS_CAMPAIGN_PAUSE = "nominations:campaign:pause"
    NOMINATIONS_CAMPAIGN_POSTPONE = "nominations:campaign:postpone"
    NOMINATIONS_CAMPAIGN_REOPEN_NOMINATIONS = "nominations:campaign:reopen_nominations"
    NOMINATIONS_CAMPAIGN_RESUME = "nominations:campaign:resume"
    NOMINATIONS_CAMPAIGN_SKIP_ASSESSMENT = "nominations:campaign:skip_assessment"
    NOMINATIONS_CAMPAIGN_UPDATE = "nominations:campaign:update"
    NOMINATIONS_CAMPAIGN_VIEW = "nominations:campaign:view"
    NOMINATIONS_CARE_VISIT_CANCEL = "nominations:care_visit:cancel"
    NOMINATIONS_CARE_VISIT_COMPLETE = "nominations:care_visit:complete"
    NOMINATIONS_CARE_VISIT_PLAN = "nominations:care_visit:plan"
    NOMINATIONS_CARE_VISIT_VIEW = "nominations:care_visit:view"
    NOMINATIONS_CLUE_ANSWER = "nominations:clue:answer"
    NOMINATIONS_CLUE_COMPLETE = "nominations:clue:complete"
    NOMINATIONS_CLUE_CONTACT = "nominations:clue:contact"
    NOMINATIONS_CLUE_GIVE = "nominations:clue:give"
    NOMINATIONS_CLUE_RECORD = "nominations:clue:record"
    NOMINATIONS_CLUE_REVIEW = "nominations:clue:review"
    NOMINATIONS_CLUE_TRANSFER = "nominations:clue:transfer"
    NOMINATIONS_CLUE_VIEW = "nominations:clue:view"
    NOMINATIONS_COMMENT_HIDE = "nominations:comment:hide"
    NOMINATIONS_COMMENT_MODERATE = "nominations:comment:moderate"
    NOMINATIONS_COMMENT_REMOVE = "nominations:comment:remove"
    NOMINATIONS_COMMENT_SHOW = "nominations:comment:show"
    NOMINATIONS_COMMENT_WRITE = "nominations:comment:write"
    NOMINATIONS_CONFIRMATION_APPLY = "nominations:confirmation:apply"
    NOMINATIONS_CONFIRMATION_CONFIRM = "nominations:confirmation:confirm"
    NOMINATIONS_CONFIRMATION_REFUSE = "nominations:confirmation:refuse"
    NOMINATIONS_CONSENT_ASK = "nominations:consent:ask"
    NOMINATIONS_CONSENT_RECORD = "nominations:consent:record"
    NOMINATIONS_CONSENT_VIEW = "nominations:consent:view"
    NOMINATIONS_CONSENT_WITHDRAW_CONSENT = "nominations:consent:withdraw_consent"
    NOMINATIONS_CONSULTATION_ANSWER = "nominations:consultation:answer"
    NOMINATIONS_CONSULTATION_LINK = "nominations:consultation:link"
    NOMINATIONS_CONSULTATION_OPEN = "nominations:consultation:open"
    NOMINATIONS_CONSULTATION_VIEW = "nominations:consultation:view"
    NOMINATIONS_DEPARTMENT_APPOINT = "nominations:department:appoint"
    NOMINATIONS_HARDSHIP_CASE_APPLY = "nominations:hardship_case:apply"
    NOMINATIONS_HARDSHIP_CASE_APPROVE = "nominations:hardship_case:approve"
    NOMINATIONS_HARDSHIP_CASE_COMPLETE = "nominations:hardship_case:complete"
    NOMINATIONS_HARDSHIP_CASE_PROPOSE = "nominations:hardship_case:propose"
    NOMINATIONS_HARDSHIP_CASE_REJECT = "nominations:hardship_case:reject"
    NOMINATIONS_HARDSHIP_CASE_VIEW = "nominations:hardship_case:view"
    NOMINATIONS_HONOR_GRANT = "nominations:honor:grant"
    NOMINATIONS_HONOR_RECORD_RETURN = "nominations:honor:record_return"
    NOMINATIONS_HONOR_RESTORE = "nominations:honor:restore"
    NOMINATIONS_HONOR_REVOKE = "nominations:honor:revoke"
    NOMINATIONS_HONOR_SUSPEND = "nominations:honor:suspend"
    NOMINATIONS_HONOR_VIEW = "nominations:honor:view"
    NOMINATIONS_HONOR_WARN = "nominations:honor:warn"
    NOMINATIONS_NOMINATION_ADMIT = "nominations:nomination:admit"
    NOMINATIONS_NOMINATION_APPROVE = "nominations:nomination:approve"
    NOMINATIONS_NOMINATION_CLEAR_TEXT = "nominations:nomination:clear_text"
    NOMINATIONS_NOMINATION_CONTINUE_POSTHUMOUSLY = "nominations:nomination:continue_posthumously"
    NOMINATIONS_NOMINATION_CREATE = "nominations:nomination:create"
    NOMINATIONS_NOMINATION_DISCLOSE = "nominations:nomination:disclose"
    NOMINATIONS_NOMINATION_EXPORT = "nominations:nomination:export"
    NOMINATIONS_NOMINATION_IDENTIFY = "nominations:nomination:identify"
    NOMINATIONS_NOMINATION_MERGE = "nominations:nomination:merge"
    NOMINATIONS_NOMINATION_PASS = "nominations:nomination:pass"  # noqa: S105 - a verb
    NOMINATIONS_NOMINATION_PROPOSE_WITHHELD = "nominations:nomination:propose_withheld"
    NOMINATIONS_NOMINATION_RECORD_DEATH = "nominations:nomination:record_death"
    NOMINATIONS_NOMINATION_REFUSE_TEXT = "nominations:nomination:refuse_text"
    NOMINATIONS_NOMINATION_REJECT = "nominations:nomination:reject"
    NOMINATIONS_NOMINATION_REMOVE = "nominations:nomination:remove"
    NOMINATIONS_NOMINATION_REVIEW = "nominations:nomination:review"
    NOMINATIONS_NOMINATION_REVIEW_TEXT = "nominations:nomination:review_text"
    NOMINATIONS_NOMINATION_SEND_BACK = "nominations:nomination:send_back"
    NOMINATIONS_NOMINATION_SUBMIT = "nominations:nomination:submit"
    NOMINATIONS_NOMINATION_TRANSFER = "nominations:nomination:transfer"
    NOMINATIONS_NOMINATION_UNMASK = "nominations:nomination:unmask"
    NOMINATIONS_NOMINATION_UPDATE = "nominations:nomination:update"
    NOMINATIONS_NOMINATION_VIEW = "nominations:nomination:view"
    NOMINATIONS_NOMINATION_WAIVE_NOTICE = "nominations:nomination:waive_notice"
    NOMINATIONS_NOMINATION_WITHDRAW = "nominations:nomination:withdraw"
    NOMINATIONS_NOMINATION_WITHHOLD = "nominations:nomination:withhold"
    NOMINATIONS_NOTICE_CREATE = "nominations:notice:create"
    NOMINATIONS_NOTICE_EXTEND = "nominations:notice:extend"
    NOMINATIONS_NOTICE_REVIEW = "nominations:notice:review"
    NOMINATIONS_NOTICE_WITHDRAW = "nominations:notice:withdraw"
    NOMINATIONS_OBJECTION_ACCEPT = "nominations:objection:accept"
    NOMINATIONS_OBJECTION_ADD_EVIDENCE = "nominations:objection:add_evidence"
    NOMINATIONS_OBJECTION_ANSWER = "nominations:objection:answer"
    NOMINATIONS_OBJECTION_DISMISS = "nominations:objection:dismiss"
    NOMINATIONS_OBJECTION_ENTER = "nominations:objection:enter"
    NOMINATIONS_OBJECTION_FILE = "nominations:objection:file"
    NOMINATIONS_OBJECTION_NOT_ACCEPT = "nominations:objection:not_accept"
    NOMINATIONS_OBJECTION_REVIEW = "nominations:objection:review"
    NOMINATIONS_OBJECTION_UPHOLD = "nominations:objection:uphold"
    NOMINATIONS_OBJECTION_VERIFY = "nominations:objection:verify"
    NOMINATIONS_OBJECTION_VIEW = "nominations:objection:view"
    NOMINATIONS_PANEL_CLOSE_JUDGING = "nominations:panel:close_judging"
    NOMINATIONS_PANEL_DECLARE = "nominations:panel:declare"
    NOMINATIONS_PANEL_OPEN_JUDGING = "nominations:panel:open_judging"
    NOMINATIONS_PANEL_SCORE = "nominations:panel:score"
    NOMINATIONS_PANEL_SUBMIT = "nominations:panel:submit"
    NOMINATIONS_PANEL_VIEW_ASSIGNMENTS = "nominations:panel:view_assignments"
    NOMINATIONS_PANEL_VIEW_FILE = "nominations:panel:view_file"
    NOMINATIONS_PANEL_VIEW_PROGRESS = "nominations:panel:view_progress"
    NOMINATIONS_PANEL_VIEW_RECORD = "nominations:panel:view_record"
    NOMINATIONS_PANEL_VOTE = "nominations:panel:vote"
    NOMINATIONS_PANELIST_ACCEPT = "nominations:panelist:accept"
    NOMINATIONS_PANELIST_DECLINE = "nominations:panelist:decline"
    NOMINATIONS_PANELIST_INVITE = "nominations:panelist:invite"
    NOMINATIONS_PANELIST_REMOVE = "nominations:panelist:remove"
    NOMINATIONS_PANELIST_REVIEW = "nominations:panelist:review"
    NOMINATIONS_PANELIST_VIEW = "nominations:panelist:view"
    NOMINATIONS_REFERRAL_EXPORT = "nominations:referral:export"
    NOMINATIONS_REFERRAL_LIST = "nominations:referral:list"
    NOMINATIONS_REFERRAL_NOT_LIST = "nominations:referral:not_list"
    NOMINATIONS_REFERRAL_PREPARE = "nominations:referral:prepare"
    NOMINATIONS_REFERRAL_SEND = "nominations:referral:send"
    NOMINATIONS_REFERRAL_VIEW = "nominations:referral:view"
    NOMINATIONS_REFERRAL_WITHDRAW = "nominations:referral:withdraw"
    NOMINATIONS_RESULT_COMPUTE = "nominations:result:compute"
    NOMINATIONS_RESULT_DEVIATE = "nominations:result:deviate"
    NOMINATIONS_RESULT_DRAW_LOT = "nominations:result:draw_lot"
    NOMINATIONS_RESULT_FIX = "nominations:result:fix"
    NOMINATIONS_RESULT_VIEW = "nominations:result:view"
    NOMINATIONS_RESULT_WHAT_IF = "nominations:result:what_if"
    NOMINATIONS_SCREENING_VIEW = "nominations:screening:view"
    NOMINATIONS_SCREENING_WRITE = "nominations:screening:write"
    NOMINATIONS_SUPPORT_GIVE = "nominations:support:give"
    NOMINATIONS_SUPPORT_WITHDRAW = "nominations:support:withdraw"
    NOMINATIONS_VISIT_RECORD = "nominations:visit:record"
    NOMINATIONS_VISIT_SIGN = "nominations:visit:sign"
    NOMINATIONS_VISIT_VIEW = "nominations:visit:view"
    VOLUNTEER_ACTIVITY_APPROVE = "volunteer:activity:approve"
    VOLUNTEER_ACTIVITY_CANCEL = "volunteer:activity:cancel"
    VOLUNTEER_ACTIVITY_COPY = "volunteer:activity:copy"
    VOLUNTEER_ACTIVITY_CREATE = "volunteer:activity:create"
    VOLUNTEER_ACTIVITY_LEAD = "volunteer:activity:lead"
    VOLUNTEER_ACTIVITY_POSTPONE = "volunteer:activity:postpone"
    VOLUNTEER_ACTIVITY_PUBLISH = "volunteer:activity:publish"
    VOLUNTEER_ACTIVITY_REPEAT = "volunteer:activity:repeat"
    VOLUNTEER_ACTIVITY_RESCHEDULE = "volunteer:activity:reschedule"
    VOLUNTEER_ACTIVITY_REVIEW = "volunteer:activity:review"
    VOLUNTEER_ACTIVITY_SEND_BACK = "volunteer:activity:send_back"
    VOLUNTEER_ACTIVITY_SETTLE = "volunteer:activity:settle"
    VOLUNTEER_ACTIVITY_SUBMIT = "volunteer:activity:submit"
    VOLUNTEER_ACTIVITY_UPDATE = "volunteer:activity:update"
    VOLUNTEER_ACTIVITY_VIEW = "volunteer:activity:view"
    VOLUNTEER_ATTENDANCE_APPROVE = "volunteer:attendance:approve"
    VOLUNTEER_ATTENDANCE_CHECK_IN = "volunteer:attendance:check_in"
    VOLUNTEER_ATTENDANCE_CHECK_OUT = "volunteer:attendance:check_out"
    VOLUNTEER_ATTENDANCE_CONFIRM = "volunteer:attendance:confirm"
    VOLUNTEER_ATTENDANCE_CONFIRM_TIME = "volunteer:attendance:confirm_time"
    VOLUNTEER_ATTENDANCE_CORRECT = "volunteer:attendance:correct"
    VOLUNTEER_ATTENDANCE_RECORD = "volunteer:attendance:record"
    VOLUNTEER_ATTENDANCE_REJECT = "volunteer:attendance:reject"
    VOLUNTEER_ATTENDANCE_REVIEW = "volunteer:attendance:review"
    VOLUNTEER_ATTENDANCE_SCAN = "volunteer:attendance:scan"
    VOLUNTEER_BACKFILL_APPROVE = "volunteer:backfill:approve"
    VOLUNTEER_BACKFILL_CLAIM = "volunteer:backfill:claim"
    VOLUNTEER_BACKFILL_CLEAR = "volunteer:backfill:clear"
    VOLUNTEER_BACKFILL_CONTEST = "volunteer:backfill:contest"
    VOLUNTEER_BACKFILL_REJECT = "volunteer:backfill:reject"
    VOLUNTEER_BACKFILL_REVIEW = "volunteer:backfill:review"
    VOLUNTEER_BACKFILL_VIEW = "volunteer:backfill:view"
    VOLUNTEER_BACKFILL_VIEW_NOTICE = "volunteer:backfill:view_notice"
    VOLUNTEER_BACKFILL_VOID = "volunteer:backfill:void"
    VOLUNTEER_CALENDAR_CREATE_FEED = "volunteer:calendar:create_feed"
    VOLUNTEER_CALENDAR_REVOKE_FEED = "volunteer:calendar:revoke_feed"
    VOLUNTEER_CERTIFICATE_ISSUE = "volunteer:certificate:issue"
    VOLUNTEER_CERTIFICATE_ISSUE_FOR = "volunteer:certificate:issue_for"
    VOLUNTEER_CERTIFICATE_VIEW = "volunteer:certificate:view"
    VOLUNTEER_DEPUTY_REPLACE = "volunteer:deputy:replace"
    VOLUNTEER_DISPUTE_DISMISS = "volunteer:dispute:dismiss"
    VOLUNTEER_DISPUTE_OPEN = "volunteer:dispute:open"
    VOLUNTEER_DISPUTE_REVIEW = "volunteer:dispute:review"
    VOLUNTEER_DISPUTE_UPHOLD = "volunteer:dispute:uphold"
    VOLUNTEER_DISPUTE_VIEW = "volunteer:dispute:view"
    VOLUNTEER_EVALUATION_CREATE = "volunteer:evaluation:create"
    VOLUNTEER_EVALUATION_VIEW = "volunteer:evaluation:view"
    VOLUNTEER_EXPORT_CREATE = "volunteer:export:create"
    VOLUNTEER_EXPORT_UNMASK = "volunteer:export:unmask"
    VOLUNTEER_EXPORT_VIEW = "volunteer:export:view"
    VOLUNTEER_FLAG_CLOSE = "volunteer:flag:close"
    VOLUNTEER_FLAG_VIEW = "volunteer:flag:view"
    VOLUNTEER_HOLIDAY_LOAD = "volunteer:holiday:load"
    VOLUNTEER_HOURS_VIEW = "volunteer:hours:view"
    VOLUNTEER_IMPORT_CANCEL = "volunteer:import:cancel"
    VOLUNTEER_IMPORT_CONFIRM = "volunteer:import:confirm"
    VOLUNTEER_IMPORT_UPLOAD = "volunteer:import:upload"
    VOLUNTEER_IMPORT_VIEW = "volunteer:import:view"
    VOLUNTEER_INCIDENT_RECORD = "volunteer:incident:record"
    VOLUNTEER_INCIDENT_VIEW = "volunteer:incident:view"
    VOLUNTEER_MEMBERSHIP_ACCEPT = "volunteer:membership:accept"
    VOLUNTEER_MEMBERSHIP_APPLY = "volunteer:membership:apply"
    VOLUNTEER_MEMBERSHIP_APPOINT = "volunteer:membership:appoint"
    VOLUNTEER_MEMBERSHIP_DECLINE = "volunteer:membership:decline"
    VOLUNTEER_MEMBERSHIP_DISMISS = "volunteer:membership:dismiss"
    VOLUNTEER_MEMBERSHIP_LEAVE = "volunteer:membership:leave"
    VOLUNTEER_MEMBERSHIP_REMOVE = "volunteer:membership:remove"
    VOLUNTEER_MEMBERSHIP_REVIEW = "volunteer:membership:review"
    VOLUNTEER_MEMBERSHIP_VIEW = "volunteer:membership:view"
    VOLUNTEER_ORGANIZATION_APPLY = "volunteer:organization:apply"
    VOLUNTEER_ORGANIZATION_APPROVE = "volunteer:organization:approve"
    VOLUNTEER_ORGANIZATION_DISSOLVE = "volunteer:organization:dissolve"
    VOLUNTEER_ORGANIZATION_REJECT = "volunteer:organization:reject"
    VOLUNTEER_ORGANIZATION_RESTORE = "volunteer:organization:restore"
    VOLUNTEER_ORGANIZATION_REVIEW = "volunteer:organization:review"
    VOLUNTEER_ORGANIZATION_SUSPEND = "volunteer:organization:suspend"
    VOLUNTEER_ORGANIZATION_VIEW_DEADLINES = "volunteer:organization:view_deadlines"
    VOLUNTEER_PROFILE_UPDATE = "volunteer:profile:update"
    VOLUNTEER_PROFILE_VIEW = "volunteer:profile:view"
    VOLUNTEER_PROJECT_APPROVE = "volunteer:project:approve"
    VOLUNTEER_PROJECT_CLOSE = "volunteer:project:close"
    VOLUNTEER_PROJECT_CREATE = "volunteer:project:create"
    VOLUNTEER_PROJECT_REJECT = "volunteer:project:reject"
    VOLUNTEER_PROJECT_REVIEW = "volunteer:project:review"
    VOLUNTEER_PROJECT_SEND_BACK = "volunteer:project:send_back"
    VOLUNTEER_PROJECT_SUBMIT = "volunteer:project:submit"
    VOLUNTEER_PROJECT_UPDATE = "volunteer:project:update"
    VOLUNTEER_QUALIFICATION_RECORD = "volunteer:qualification:record"
    VOLUNTEER_QUALIFICATION_VIEW = "volunteer:qualification:view"
    VOLUNTEER_REPORT_VIEW = "volunteer:report:view"
    VOLUNTEER_ROSTER_CALL = "volunteer:roster:call"
    VOLUNTEER_ROSTER_INSURE = "volunteer:roster:insure"
    VOLUNTEER_SANCTION_VIEW = "volunteer:sanction:view"
    VOLUNTEER_SERVICE_REQUEST_ACCEPT = "volunteer:service_request:accept"
    VOLUNTEER_SERVICE_REQUEST_BROWSE = "volunteer:service_request:browse"
    VOLUNTEER_SERVICE_REQUEST_CLAIM = "volunteer:service_request:claim"
    VOLUNTEER_SERVICE_REQUEST_COMPLETE = "volunteer:service_request:complete"
    VOLUNTEER_SERVICE_REQUEST_CONTACT = "volunteer:service_request:contact"
    VOLUNTEER_SERVICE_REQUEST_DECLINE = "volunteer:service_request:decline"
    VOLUNTEER_SERVICE_REQUEST_DISPATCH = "volunteer:service_request:dispatch"
    VOLUNTEER_SERVICE_REQUEST_LINK = "volunteer:service_request:link"
    VOLUNTEER_SERVICE_REQUEST_LIST_OF_TEAM = "volunteer:service_request:list_of_team"
    VOLUNTEER_SERVICE_REQUEST_OPEN = "volunteer:service_request:open"
    VOLUNTEER_SERVICE_REQUEST_RATE = "volunteer:service_request:rate"
    VOLUNTEER_SERVICE_REQUEST_REDISPATCH = "volunteer:service_request:redispatch"
    VOLUNTEER_SERVICE_REQUEST_REJECT = "volunteer:service_request:reject"
    VOLUNTEER_SERVICE_REQUEST_RESOLVE = "volunteer:service_request:resolve"
    VOLUNTEER_SERVICE_REQUEST_REVIEW = "volunteer:service_request:review"
    VOLUNTEER_SERVICE_REQUEST_START = "volunteer:service_request:start"
    VOLUNTEER_SERVICE_REQUEST_SUBMIT = "volunteer:service_request:submit"
    VOLUNTEER_SERVICE_REQUEST_SUMMARIZE = "volunteer:service_request:summarize"
    VOLUNTEER_SERVICE_REQUEST_VIEW = "volunteer:service_request:view"
    VOLUNTEER_SERVICE_REQUEST_WITHDRAW = "volunteer:service_request:withdraw"
    VOLUNTEER_SHIFT_BEGIN = "volunteer:shift:begin"
    VOLUNTEER_SHIFT_CLOSE_ROLL = "volunteer:shift:close_roll"
    VOLUNTEER_SHIFT_CREATE = "volunteer:shift:create"
    VOLUNTEER_SHIFT_DELETE = "volunteer:shift:delete"
    VOLUNTEER_SHIFT_END = "volunteer:shift:end"
    VOLUNTEER_SHIFT_SHOW_CODE = "volunteer:shift:show_code"
    VOLUNTEER_SHIFT_UPDATE = "volunteer:shift:update"
    VOLUNTEER_SIGNUP_APPROVE = "volunteer:signup:approve"
    VOLUNTEER_SIGNUP_CANCEL = "volunteer:signup:cancel"
    VOLUNTEER_SIGNUP_CREATE = "volunteer:signup:create"
    VOLUNTEER_SIGNUP_DECLINE = "volunteer:signup:decline"
    VOLUNTEER_SIGNUP_EXCUSE = "volunteer:signup:excuse"
    VOLUNTEER_SIGNUP_MOVE = "volunteer:signup:move"
    VOLUNTEER_SIGNUP_SIGN_UP_ON_BEHALF = "volunteer:signup:sign_up_on_behalf"
    VOLUNTEER_SIGNUP_TAKE = "volunteer:signup:take"
    VOLUNTEER_SIGNUP_VIEW = "volunteer:signup:view"
    VOLUNTEER_SIGNUP_VIEW_SHIFT = "volunteer:signup:view_shift"
    VOLUNTEER_SIGNUP_WALK_IN = "volunteer:signup:walk_in"
    VOLUNTEER_STATISTICS_VIEW = "volunteer:statistics:view"
    VOLUNTEER_SYNC_BATCH_ACKNOWLEDGE = "volunteer:sync_batch:acknowledge"
    VOLUNTEER_SYNC_BATCH_VIEW = "volunteer:sync_batch:view"
    VOLUNTEER_TODAY_VIEW = "volunteer:today:view"


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
    """Of a site or a channel: reviews nominations on its step of the ladder."""
    CONSULTANT = "consultant"
    """Of a department that is asked for its opinion of nominees: answers for it."""
    PANELIST = "panelist"
    """Of a campaign: judges its candidates."""
    SUPERVISOR = "supervisor"
    """Of a campaign, a notary for example: reads everything about it and witnesses the lot;
    changes nothing else."""
    MODERATOR = "moderator"
    """Of a site and all below it: clears pictures and comments."""
    PARTNER = "partner"
    """Of a site and all below it: gives courtesies to honoured people who show their card."""
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
            P.ACCOUNTS_GUARDIANSHIP_INVITE,
            P.ACCOUNTS_GUARDIANSHIP_VIEW,
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
            P.NOMINATIONS_ATTACHMENT_REMOVE,
            P.NOMINATIONS_ATTACHMENT_UPLOAD,
            P.NOMINATIONS_ATTACHMENT_VIEW,
            P.NOMINATIONS_BALLOT_CAST,
            P.NOMINATIONS_BALLOT_VIEW,
            P.NOMINATIONS_BENEFIT_CARD_VIEW,
            P.NOMINATIONS_CLUE_GIVE,
            P.NOMINATIONS_CLUE_VIEW,
            P.NOMINATIONS_COMMENT_REMOVE,
            P.NOMINATIONS_COMMENT_WRITE,
            P.NOMINATIONS_CONSENT_ASK,
            P.NOMINATIONS_CONSENT_VIEW,
            P.NOMINATIONS_CONSULTATION_ANSWER,
            P.NOMINATIONS_HARDSHIP_CASE_APPLY,
            P.NOMINATIONS_NOMINATION_CREATE,
            P.NOMINATIONS_NOMINATION_SUBMIT,
            P.NOMINATIONS_NOMINATION_UPDATE,
            P.NOMINATIONS_NOMINATION_VIEW,
            P.NOMINATIONS_NOMINATION_WITHDRAW,
            P.NOMINATIONS_OBJECTION_ADD_EVIDENCE,
            P.NOMINATIONS_OBJECTION_ANSWER,
            P.NOMINATIONS_OBJECTION_FILE,
            P.NOMINATIONS_OBJECTION_VIEW,
            P.NOMINATIONS_SUPPORT_GIVE,
            P.NOMINATIONS_SUPPORT_WITHDRAW,
            P.VOLUNTEER_BACKFILL_VIEW,
            P.VOLUNTEER_CALENDAR_CREATE_FEED,
            P.VOLUNTEER_CALENDAR_REVOKE_FEED,
            P.VOLUNTEER_CERTIFICATE_VIEW,
            P.VOLUNTEER_DISPUTE_OPEN,
            P.VOLUNTEER_DISPUTE_VIEW,
            P.VOLUNTEER_EVALUATION_VIEW,
            P.VOLUNTEER_HOURS_VIEW,
            P.VOLUNTEER_MEMBERSHIP_VIEW,
            P.VOLUNTEER_PROFILE_UPDATE,
            P.VOLUNTEER_PROFILE_VIEW,
            P.VOLUNTEER_QUALIFICATION_VIEW,
            P.VOLUNTEER_SANCTION_VIEW,
            P.VOLUNTEER_SERVICE_REQUEST_VIEW,
            P.VOLUNTEER_SIGNUP_VIEW,
            P.VOLUNTEER_TODAY_VIEW,
        }
    ),
    Role.VOLUNTEER: frozenset(
        {
            P.ACCOUNTS_GUARDIANSHIP_GIVE,
            P.ACCOUNTS_GUARDIANSHIP_WITHDRAW,
            P.NOMINATIONS_PANELIST_ACCEPT,
            P.NOMINATIONS_PANELIST_DECLINE,
            P.NOMINATIONS_PANELIST_VIEW,
            P.VOLUNTEER_ACTIVITY_VIEW,
            P.VOLUNTEER_ATTENDANCE_CHECK_IN,
            P.VOLUNTEER_ATTENDANCE_CHECK_OUT,
            P.VOLUNTEER_ATTENDANCE_CONFIRM,
            P.VOLUNTEER_ATTENDANCE_CONFIRM_TIME,
            P.VOLUNTEER_ATTENDANCE_CORRECT,
            P.VOLUNTEER_ATTENDANCE_RECORD,
            P.VOLUNTEER_ATTENDANCE_SCAN,
            P.VOLUNTEER_BACKFILL_APPROVE,
            P.VOLUNTEER_BACKFILL_CLAIM,
            P.VOLUNTEER_BACKFILL_CONTEST,
            P.VOLUNTEER_BACKFILL_REJECT,
            P.VOLUNTEER_BACKFILL_REVIEW,
            P.VOLUNTEER_BACKFILL_VIEW_NOTICE,
            P.VOLUNTEER_CERTIFICATE_ISSUE,
            P.VOLUNTEER_EVALUATION_CREATE,
            P.VOLUNTEER_INCIDENT_RECORD,
            P.VOLUNTEER_MEMBERSHIP_APPLY,
            P.VOLUNTEER_MEMBERSHIP_LEAVE,
            P.VOLUNTEER_ORGANIZATION_APPLY,
            P.VOLUNTEER_ROSTER_CALL,
            P.VOLUNTEER_SERVICE_REQUEST_RATE,
            P.VOLUNTEER_SERVICE_REQUEST_SUBMIT,
            P.VOLUNTEER_SERVICE_REQUEST_WITHDRAW,
            P.VOLUNTEER_SHIFT_BEGIN,
            P.VOLUNTEER_SHIFT_CLOSE_ROLL,
            P.VOLUNTEER_SHIFT_END,
            P.VOLUNTEER_SHIFT_SHOW_CODE,
            P.VOLUNTEER_SIGNUP_APPROVE,
            P.VOLUNTEER_SIGNUP_CANCEL,
            P.VOLUNTEER_SIGNUP_CREATE,
            P.VOLUNTEER_SIGNUP_DECLINE,
            P.VOLUNTEER_SIGNUP_EXCUSE,
            P.VOLUNTEER_SIGNUP_MOVE,
            P.VOLUNTEER_SIGNUP_TAKE,
            P.VOLUNTEER_SIGNUP_VIEW_SHIFT,
            P.VOLUNTEER_SIGNUP_WALK_IN,
        }
    ),
    Role.ORGANIZER: frozenset(
        {
            P.VOLUNTEER_ACTIVITY_CANCEL,
            P.VOLUNTEER_ACTIVITY_COPY,
            P.VOLUNTEER_ACTIVITY_CREATE,
            P.VOLUNTEER_ACTIVITY_LEAD,
            P.VOLUNTEER_ACTIVITY_POSTPONE,
            P.VOLUNTEER_ACTIVITY_PUBLISH,
            P.VOLUNTEER_ACTIVITY_REPEAT,
            P.VOLUNTEER_ACTIVITY_RESCHEDULE,
            P.VOLUNTEER_ACTIVITY_SETTLE,
            P.VOLUNTEER_ACTIVITY_SUBMIT,
            P.VOLUNTEER_ACTIVITY_UPDATE,
            P.VOLUNTEER_ACTIVITY_VIEW,
            P.VOLUNTEER_ATTENDANCE_CONFIRM_TIME,
            P.VOLUNTEER_ATTENDANCE_CORRECT,
            P.VOLUNTEER_ATTENDANCE_RECORD,
            P.VOLUNTEER_ATTENDANCE_SCAN,
            P.VOLUNTEER_BACKFILL_APPROVE,
            P.VOLUNTEER_BACKFILL_CLAIM,
            P.VOLUNTEER_BACKFILL_CONTEST,
            P.VOLUNTEER_BACKFILL_REJECT,
            P.VOLUNTEER_BACKFILL_REVIEW,
            P.VOLUNTEER_BACKFILL_VIEW_NOTICE,
            P.VOLUNTEER_DEPUTY_REPLACE,
            P.VOLUNTEER_DISPUTE_DISMISS,
            P.VOLUNTEER_DISPUTE_REVIEW,
            P.VOLUNTEER_DISPUTE_UPHOLD,
            P.VOLUNTEER_EVALUATION_CREATE,
            P.VOLUNTEER_EXPORT_CREATE,
            P.VOLUNTEER_EXPORT_VIEW,
            P.VOLUNTEER_IMPORT_CANCEL,
            P.VOLUNTEER_IMPORT_UPLOAD,
            P.VOLUNTEER_IMPORT_VIEW,
            P.VOLUNTEER_INCIDENT_RECORD,
            P.VOLUNTEER_INCIDENT_VIEW,
            P.VOLUNTEER_MEMBERSHIP_ACCEPT,
            P.VOLUNTEER_MEMBERSHIP_APPOINT,
            P.VOLUNTEER_MEMBERSHIP_DECLINE,
            P.VOLUNTEER_MEMBERSHIP_DISMISS,
            P.VOLUNTEER_MEMBERSHIP_REMOVE,
            P.VOLUNTEER_MEMBERSHIP_REVIEW,
            P.VOLUNTEER_ORGANIZATION_VIEW_DEADLINES,
            P.VOLUNTEER_PROJECT_CLOSE,
            P.VOLUNTEER_PROJECT_CREATE,
            P.VOLUNTEER_PROJECT_SUBMIT,
            P.VOLUNTEER_PROJECT_UPDATE,
            P.VOLUNTEER_QUALIFICATION_RECORD,
            P.VOLUNTEER_ROSTER_CALL,
            P.VOLUNTEER_ROSTER_INSURE,
            P.VOLUNTEER_SERVICE_REQUEST_ACCEPT,
            P.VOLUNTEER_SERVICE_REQUEST_BROWSE,
            P.VOLUNTEER_SERVICE_REQUEST_CLAIM,
            P.VOLUNTEER_SERVICE_REQUEST_COMPLETE,
            P.VOLUNTEER_SERVICE_REQUEST_CONTACT,
            P.VOLUNTEER_SERVICE_REQUEST_DECLINE,
            P.VOLUNTEER_SERVICE_REQUEST_LINK,
            P.VOLUNTEER_SERVICE_REQUEST_LIST_OF_TEAM,
            P.VOLUNTEER_SERVICE_REQUEST_START,
            P.VOLUNTEER_SHIFT_BEGIN,
            P.VOLUNTEER_SHIFT_CLOSE_ROLL,
            P.VOLUNTEER_SHIFT_CREATE,
            P.VOLUNTEER_SHIFT_DELETE,
            P.VOLUNTEER_SHIFT_END,
            P.VOLUNTEER_SHIFT_SHOW_CODE,
            P.VOLUNTEER_SHIFT_UPDATE,
            P.VOLUNTEER_SIGNUP_APPROVE,
            P.VOLUNTEER_SIGNUP_DECLINE,
            P.VOLUNTEER_SIGNUP_EXCUSE,
            P.VOLUNTEER_SIGNUP_MOVE,
            P.VOLUNTEER_SIGNUP_VIEW_SHIFT,
            P.VOLUNTEER_SIGNUP_WALK_IN,
        }
    ),
    Role.SITE_STAFF: frozenset(
        {
            P.ACCOUNTS_GUARDIANSHIP_WITHDRAW,
            P.ACCOUNTS_PERSON_MERGE,
            P.ACCOUNTS_PERSON_UNMASK,
            P.ACCOUNTS_PERSON_VIEW,
            P.NOMINATIONS_CARE_VISIT_CANCEL,
            P.NOMINATIONS_CARE_VISIT_COMPLETE,
            P.NOMINATIONS_CARE_VISIT_PLAN,
            P.NOMINATIONS_CARE_VISIT_VIEW,
            P.NOMINATIONS_CLUE_RECORD,
            P.NOMINATIONS_HARDSHIP_CASE_PROPOSE,
            P.NOMINATIONS_HARDSHIP_CASE_REJECT,
            P.NOMINATIONS_HARDSHIP_CASE_VIEW,
            P.NOMINATIONS_HONOR_VIEW,
            P.VOLUNTEER_ACTIVITY_APPROVE,
            P.VOLUNTEER_ACTIVITY_REVIEW,
            P.VOLUNTEER_ACTIVITY_SEND_BACK,
            P.VOLUNTEER_ACTIVITY_VIEW,
            P.VOLUNTEER_ATTENDANCE_APPROVE,
            P.VOLUNTEER_ATTENDANCE_REJECT,
            P.VOLUNTEER_ATTENDANCE_REVIEW,
            P.VOLUNTEER_BACKFILL_APPROVE,
            P.VOLUNTEER_BACKFILL_CLEAR,
            P.VOLUNTEER_BACKFILL_REJECT,
            P.VOLUNTEER_BACKFILL_REVIEW,
            P.VOLUNTEER_BACKFILL_VIEW_NOTICE,
            P.VOLUNTEER_BACKFILL_VOID,
            P.VOLUNTEER_CERTIFICATE_VIEW,
            P.VOLUNTEER_DISPUTE_DISMISS,
            P.VOLUNTEER_DISPUTE_REVIEW,
            P.VOLUNTEER_DISPUTE_UPHOLD,
            P.VOLUNTEER_EXPORT_CREATE,
            P.VOLUNTEER_EXPORT_UNMASK,
            P.VOLUNTEER_EXPORT_VIEW,
            P.VOLUNTEER_FLAG_CLOSE,
            P.VOLUNTEER_FLAG_VIEW,
            P.VOLUNTEER_IMPORT_CANCEL,
            P.VOLUNTEER_IMPORT_CONFIRM,
            P.VOLUNTEER_IMPORT_UPLOAD,
            P.VOLUNTEER_IMPORT_VIEW,
            P.VOLUNTEER_INCIDENT_VIEW,
            P.VOLUNTEER_ORGANIZATION_APPROVE,
            P.VOLUNTEER_ORGANIZATION_DISSOLVE,
            P.VOLUNTEER_ORGANIZATION_REJECT,
            P.VOLUNTEER_ORGANIZATION_RESTORE,
            P.VOLUNTEER_ORGANIZATION_REVIEW,
            P.VOLUNTEER_ORGANIZATION_SUSPEND,
            P.VOLUNTEER_ORGANIZATION_VIEW_DEADLINES,
            P.VOLUNTEER_PROJECT_APPROVE,
            P.VOLUNTEER_PROJECT_CLOSE,
            P.VOLUNTEER_PROJECT_REJECT,
            P.VOLUNTEER_PROJECT_REVIEW,
            P.VOLUNTEER_PROJECT_SEND_BACK,
            P.VOLUNTEER_QUALIFICATION_RECORD,
            P.VOLUNTEER_REPORT_VIEW,
            P.VOLUNTEER_SERVICE_REQUEST_DISPATCH,
            P.VOLUNTEER_SERVICE_REQUEST_OPEN,
            P.VOLUNTEER_SERVICE_REQUEST_REDISPATCH,
            P.VOLUNTEER_SERVICE_REQUEST_REJECT,
            P.VOLUNTEER_SERVICE_REQUEST_RESOLVE,
            P.VOLUNTEER_SERVICE_REQUEST_REVIEW,
            P.VOLUNTEER_SERVICE_REQUEST_SUMMARIZE,
            P.VOLUNTEER_SIGNUP_EXCUSE,
            P.VOLUNTEER_STATISTICS_VIEW,
            P.VOLUNTEER_SYNC_BATCH_ACKNOWLEDGE,
            P.VOLUNTEER_SYNC_BATCH_VIEW,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            P.NOMINATIONS_CLUE_ANSWER,
            P.NOMINATIONS_CLUE_COMPLETE,
            P.NOMINATIONS_CLUE_CONTACT,
            P.NOMINATIONS_CLUE_RECORD,
            P.NOMINATIONS_CLUE_REVIEW,
            P.NOMINATIONS_CLUE_TRANSFER,
            P.NOMINATIONS_CONFIRMATION_APPLY,
            P.NOMINATIONS_CONFIRMATION_CONFIRM,
            P.NOMINATIONS_CONFIRMATION_REFUSE,
            P.NOMINATIONS_CONSENT_ASK,
            P.NOMINATIONS_CONSENT_RECORD,
            P.NOMINATIONS_CONSENT_VIEW,
            P.NOMINATIONS_CONSENT_WITHDRAW_CONSENT,
            P.NOMINATIONS_CONSULTATION_LINK,
            P.NOMINATIONS_CONSULTATION_OPEN,
            P.NOMINATIONS_CONSULTATION_VIEW,
            P.NOMINATIONS_NOMINATION_ADMIT,
            P.NOMINATIONS_NOMINATION_CONTINUE_POSTHUMOUSLY,
            P.NOMINATIONS_NOMINATION_DISCLOSE,
            P.NOMINATIONS_NOMINATION_EXPORT,
            P.NOMINATIONS_NOMINATION_IDENTIFY,
            P.NOMINATIONS_NOMINATION_MERGE,
            P.NOMINATIONS_NOMINATION_PASS,
            P.NOMINATIONS_NOMINATION_RECORD_DEATH,
            P.NOMINATIONS_NOMINATION_REJECT,
            P.NOMINATIONS_NOMINATION_REMOVE,
            P.NOMINATIONS_NOMINATION_REVIEW,
            P.NOMINATIONS_NOMINATION_SEND_BACK,
            P.NOMINATIONS_NOMINATION_TRANSFER,
            P.NOMINATIONS_NOMINATION_UNMASK,
            P.NOMINATIONS_NOMINATION_WITHHOLD,
            P.NOMINATIONS_OBJECTION_ACCEPT,
            P.NOMINATIONS_OBJECTION_ANSWER,
            P.NOMINATIONS_OBJECTION_DISMISS,
            P.NOMINATIONS_OBJECTION_ENTER,
            P.NOMINATIONS_OBJECTION_NOT_ACCEPT,
            P.NOMINATIONS_OBJECTION_REVIEW,
            P.NOMINATIONS_OBJECTION_UPHOLD,
            P.NOMINATIONS_OBJECTION_VERIFY,
            P.NOMINATIONS_SCREENING_VIEW,
            P.NOMINATIONS_SCREENING_WRITE,
            P.NOMINATIONS_VISIT_RECORD,
            P.NOMINATIONS_VISIT_SIGN,
            P.NOMINATIONS_VISIT_VIEW,
        }
    ),
    Role.CONSULTANT: frozenset(
        {
            P.NOMINATIONS_CONSULTATION_ANSWER,
        }
    ),
    Role.PANELIST: frozenset(
        {
            P.NOMINATIONS_PANEL_DECLARE,
            P.NOMINATIONS_PANEL_SCORE,
            P.NOMINATIONS_PANEL_SUBMIT,
            P.NOMINATIONS_PANEL_VIEW_ASSIGNMENTS,
            P.NOMINATIONS_PANEL_VIEW_FILE,
            P.NOMINATIONS_PANEL_VOTE,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            P.NOMINATIONS_CAMPAIGN_VIEW,
            P.NOMINATIONS_PANELIST_REVIEW,
            P.NOMINATIONS_PANEL_VIEW_PROGRESS,
            P.NOMINATIONS_PANEL_VIEW_RECORD,
            P.NOMINATIONS_RESULT_DRAW_LOT,
            P.NOMINATIONS_RESULT_VIEW,
        }
    ),
    Role.MODERATOR: frozenset(
        {
            P.NOMINATIONS_ATTACHMENT_CLEAR,
            P.NOMINATIONS_ATTACHMENT_MODERATE,
            P.NOMINATIONS_ATTACHMENT_REFUSE,
            P.NOMINATIONS_COMMENT_HIDE,
            P.NOMINATIONS_COMMENT_MODERATE,
            P.NOMINATIONS_COMMENT_SHOW,
            P.NOMINATIONS_NOMINATION_CLEAR_TEXT,
            P.NOMINATIONS_NOMINATION_REFUSE_TEXT,
            P.NOMINATIONS_NOMINATION_REVIEW_TEXT,
            P.NOMINATIONS_OBJECTION_ACCEPT,
            P.NOMINATIONS_OBJECTION_ANSWER,
            P.NOMINATIONS_OBJECTION_DISMISS,
            P.NOMINATIONS_OBJECTION_ENTER,
            P.NOMINATIONS_OBJECTION_NOT_ACCEPT,
            P.NOMINATIONS_OBJECTION_REVIEW,
            P.NOMINATIONS_OBJECTION_UPHOLD,
            P.NOMINATIONS_OBJECTION_VERIFY,
        }
    ),
    Role.PARTNER: frozenset(
        {
            P.NOMINATIONS_BENEFIT_CARD_CHECK,
            P.NOMINATIONS_BENEFIT_CARD_USE,
        }
    ),
    Role.HELPER: frozenset(
        {
            P.ACCOUNTS_GUARDIANSHIP_RECORD,
            P.ACCOUNTS_GUARDIANSHIP_WITHDRAW,
            P.ACCOUNTS_PERSON_BIND,
            P.ACCOUNTS_PERSON_FIND,
            P.ACCOUNTS_PERSON_REGISTER,
            P.ACCOUNTS_PERSON_VIEW,
            P.NOMINATIONS_CLUE_RECORD,
            P.NOMINATIONS_CONSENT_RECORD,
            P.NOMINATIONS_CONSENT_WITHDRAW_CONSENT,
            P.VOLUNTEER_CERTIFICATE_ISSUE_FOR,
            P.VOLUNTEER_CERTIFICATE_VIEW,
            P.VOLUNTEER_SERVICE_REQUEST_RATE,
            P.VOLUNTEER_SERVICE_REQUEST_SUBMIT,
            P.VOLUNTEER_SERVICE_REQUEST_VIEW,
            P.VOLUNTEER_SERVICE_REQUEST_WITHDRAW,
            P.VOLUNTEER_SIGNUP_CANCEL,
            P.VOLUNTEER_SIGNUP_SIGN_UP_ON_BEHALF,
        }
    ),
    Role.ADMIN: frozenset(
        {
            P.ACCOUNTS_FEEDBACK_ANSWER,
            P.ACCOUNTS_FEEDBACK_REVIEW,
            P.ACCOUNTS_PERSON_MERGE,
            P.ACCOUNTS_PERSON_UNMASK,
            P.ACCOUNTS_PERSON_VIEW,
            P.ACCOUNTS_ROLE_GRANT,
            P.ACCOUNTS_ROLE_REVOKE,
            P.ACCOUNTS_ROLE_VIEW,
            P.NOMINATIONS_BENEFIT_CREATE,
            P.NOMINATIONS_BENEFIT_END,
            P.NOMINATIONS_CAMPAIGN_ANNOUNCE,
            P.NOMINATIONS_CAMPAIGN_CANCEL,
            P.NOMINATIONS_CAMPAIGN_CLOSE_ASSESSMENT,
            P.NOMINATIONS_CAMPAIGN_CLOSE_NOMINATIONS,
            P.NOMINATIONS_CAMPAIGN_CONCLUDE,
            P.NOMINATIONS_CAMPAIGN_CREATE,
            P.NOMINATIONS_CAMPAIGN_FINISH_COUNTING,
            P.NOMINATIONS_CAMPAIGN_OPEN_ASSESSMENT,
            P.NOMINATIONS_CAMPAIGN_OPEN_NOMINATIONS,
            P.NOMINATIONS_CAMPAIGN_OPEN_NOTICE,
            P.NOMINATIONS_CAMPAIGN_PAUSE,
            P.NOMINATIONS_CAMPAIGN_POSTPONE,
            P.NOMINATIONS_CAMPAIGN_REOPEN_NOMINATIONS,
            P.NOMINATIONS_CAMPAIGN_RESUME,
            P.NOMINATIONS_CAMPAIGN_SKIP_ASSESSMENT,
            P.NOMINATIONS_CAMPAIGN_UPDATE,
            P.NOMINATIONS_CAMPAIGN_VIEW,
            P.NOMINATIONS_CARE_VISIT_CANCEL,
            P.NOMINATIONS_CARE_VISIT_PLAN,
            P.NOMINATIONS_CARE_VISIT_VIEW,
            P.NOMINATIONS_DEPARTMENT_APPOINT,
            P.NOMINATIONS_HARDSHIP_CASE_APPROVE,
            P.NOMINATIONS_HARDSHIP_CASE_COMPLETE,
            P.NOMINATIONS_HARDSHIP_CASE_REJECT,
            P.NOMINATIONS_HARDSHIP_CASE_VIEW,
            P.NOMINATIONS_HONOR_GRANT,
            P.NOMINATIONS_HONOR_RECORD_RETURN,
            P.NOMINATIONS_HONOR_RESTORE,
            P.NOMINATIONS_HONOR_REVOKE,
            P.NOMINATIONS_HONOR_SUSPEND,
            P.NOMINATIONS_HONOR_VIEW,
            P.NOMINATIONS_HONOR_WARN,
            P.NOMINATIONS_NOMINATION_APPROVE,
            P.NOMINATIONS_NOMINATION_EXPORT,
            P.NOMINATIONS_NOMINATION_PROPOSE_WITHHELD,
            P.NOMINATIONS_NOMINATION_REMOVE,
            P.NOMINATIONS_NOMINATION_WAIVE_NOTICE,
            P.NOMINATIONS_NOTICE_CREATE,
            P.NOMINATIONS_NOTICE_EXTEND,
            P.NOMINATIONS_NOTICE_REVIEW,
            P.NOMINATIONS_NOTICE_WITHDRAW,
            P.NOMINATIONS_OBJECTION_ACCEPT,
            P.NOMINATIONS_OBJECTION_ANSWER,
            P.NOMINATIONS_OBJECTION_DISMISS,
            P.NOMINATIONS_OBJECTION_ENTER,
            P.NOMINATIONS_OBJECTION_NOT_ACCEPT,
            P.NOMINATIONS_OBJECTION_REVIEW,
            P.NOMINATIONS_OBJECTION_UPHOLD,
            P.NOMINATIONS_OBJECTION_VERIFY,
            P.NOMINATIONS_PANELIST_INVITE,
            P.NOMINATIONS_PANELIST_REMOVE,
            P.NOMINATIONS_PANELIST_REVIEW,
            P.NOMINATIONS_PANEL_CLOSE_JUDGING,
            P.NOMINATIONS_PANEL_OPEN_JUDGING,
            P.NOMINATIONS_PANEL_VIEW_PROGRESS,
            P.NOMINATIONS_PANEL_VIEW_RECORD,
            P.NOMINATIONS_REFERRAL_EXPORT,
            P.NOMINATIONS_REFERRAL_LIST,
            P.NOMINATIONS_REFERRAL_NOT_LIST,
            P.NOMINATIONS_REFERRAL_PREPARE,
            P.NOMINATIONS_REFERRAL_SEND,
            P.NOMINATIONS_REFERRAL_VIEW,
            P.NOMINATIONS_REFERRAL_WITHDRAW,
            P.NOMINATIONS_RESULT_COMPUTE,
            P.NOMINATIONS_RESULT_DEVIATE,
            P.NOMINATIONS_RESULT_FIX,
            P.NOMINATIONS_RESULT_VIEW,
            P.NOMINATIONS_RESULT_WHAT_IF,
            P.VOLUNTEER_HOLIDAY_LOAD,
            P.VOLUNTEER_REPORT_VIEW,
            P.VOLUNTEER_STATISTICS_VIEW,
        }
    ),
}
