"""To people about their account, their guardian, their team and what they wrote to the office."""

from collections.abc import Mapping

from accounts.templates.template import Template

ACCOUNTS: Mapping[str, Template] = {
    "account_rebound": Template(
        "账号换绑",
        "您的账号已于{at}在柜台绑定到另一个微信。如非本人办理，请尽快联系就近的文明实践所",
        {"at": "time1"},
    ),
    "account_merged": Template(
        "账号合并",
        "您的另一个账号已于{at}并入本账号，原有记录都已保留。如有疑问请联系就近的文明实践所",
        {"at": "time1"},
    ),
    "guardian_consented": Template(
        "监护人已同意",
        "您的监护人已于{at}同意您参加志愿服务",
        {"at": "time1"},
    ),
    "guardian_withdrew": Template(
        "监护人撤回同意",
        "监护人的同意已于{at}撤回，您暂时不能报名新的活动；一天内没有监护人重新同意的，已有的报名将取消",
        {"at": "time1"},
    ),
    "membership_accepted": Template(
        "加入组织",
        "您已成为“{organization}”的成员",
        {"organization": "thing1"},
    ),
    "membership_declined": Template(
        "加入组织未通过",
        "“{organization}”没有通过您的加入申请，原因：{reason}",
        {"organization": "thing1", "reason": "thing2"},
    ),
    "qualification_withdrawn": Template(
        "资质登记已撤销",
        "为您登记的资质“{qualification}”已撤销，原因：{reason}。如有不符，请联系登记的组织或阵地",
        {"qualification": "thing1", "reason": "thing2"},
    ),
    "membership_removed": Template(
        "退出组织",
        "您已被移出“{organization}”，原因：{reason}。您已有的服务时长不受影响",
        {"organization": "thing1", "reason": "thing2"},
    ),
    "volunteer_imported": Template(
        "志愿者登记",
        "“{organization}”按您签署的纸质同意书为您登记了志愿者身份。如非本人意愿，请在“投诉与建议”中告诉我们",
        {"organization": "thing1"},
    ),
    "feedback_answered": Template(
        "反馈答复",
        "您在{sent_at}提交的{kind}已有答复：{answer}",
        {"kind": "phrase1", "answer": "thing2", "sent_at": "time3"},
    ),
}
