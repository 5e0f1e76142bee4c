"""Service orders (点单). Phone and beneficiary leave masked; the phone in clear has a shape and a
call of its own."""

from typing import Any

import marshmallow as base
from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, StrictInteger, Text
from schemas.personal import MaskedName, MaskedPhone, PersonName, Phone
from volunteer.lifecycles import ServiceRequestStatus
from volunteer.models.service_requests import Party

MOST_PEOPLE = 10_000


class ServiceRequestOnBehalfIn(Schema):
    """One of the two: a person, or a name and a phone."""

    person_id = Identifier(metadata={"description": "有账号的人"})
    name = PersonName(metadata={"description": "没有账号的人，与电话一起填写"})
    phone = Phone()

    @base.validates_schema
    def _one_of_two(self, data: dict[str, Any], **_options: Any) -> None:
        if set(data) not in ({"person_id"}, {"name", "phone"}):
            raise base.ValidationError("请填写人员编号，或者姓名和电话", "person_id")


class ServiceRequestIn(Schema):
    site_id = Identifier(required=True, metadata={"description": "向哪个文明实践阵地点单"})
    category_code = Text(required=True, max_length=32)
    title = Text(
        required=True,
        min_length=2,
        max_length=60,
        metadata={"description": "需要什么服务；开放接单后各队可见，请勿写姓名、电话"},
    )
    description = Text(required=True, max_length=2000, multiline=True)
    place = Text(required=True, max_length=120, metadata={"description": "详细地点，加密保存"})
    contact_phone = Phone(metadata={"description": "不填时用点单人已绑定的手机号"})
    beneficiary_name = PersonName(metadata={"description": "接受服务的人，不是点单人本人时填写"})
    wanted_from = Instant(required=True)
    wanted_until = Instant(required=True)
    on_behalf_of = ma.Nested(ServiceRequestOnBehalfIn, metadata={"description": "帮办员替谁点单"})


class ServiceRequestReasonIn(Schema):
    reason = Text(
        required=True,
        min_length=2,
        max_length=500,
        multiline=True,
        metadata={"description": "点单人可见"},
    )


class ServiceRequestDispatchIn(Schema):
    organization_id = Identifier(required=True)


class ServiceRequestRedispatchIn(ServiceRequestDispatchIn, ServiceRequestReasonIn):
    pass


class ServiceRequestClaimIn(Schema):
    organization_id = Identifier(required=True, metadata={"description": "由哪支队伍接单"})


class ServiceRequestLinkIn(Schema):
    activity_id = Identifier(required=True, metadata={"description": "本队的活动"})


class ServiceRequestCompleteIn(Schema):
    report = Text(required=True, min_length=2, max_length=2000, multiline=True)
    people_served = StrictInteger(required=True, minimum=1, maximum=MOST_PEOPLE)
    served_on = Day(required=True)


class ServiceRatingIn(Schema):
    score = StrictInteger(
        required=True, minimum=1, maximum=5, metadata={"description": "2 分及以下由站点回访"}
    )
    text = Text(max_length=500, multiline=True)


class ServiceRequestResolveIn(Schema):
    resolution = Text(
        required=True,
        min_length=2,
        max_length=500,
        multiline=True,
        metadata={"description": "如何处理的，点单人可见"},
    )


class ServiceRatingOut(Schema):
    score = ma.Integer(required=True)
    text = ma.String(required=True, allow_none=True)
    is_on_behalf = ma.Boolean(required=True, metadata={"description": "由帮办员代为评价"})
    rated_at = Instant(required=True)


class ServiceRequestOut(Schema):
    id = Identifier(required=True)
    site_id = Identifier(required=True)
    site_name = ma.String(attribute="site.name", required=True)
    category_code = ma.String(required=True)
    title = ma.String(required=True)
    description = ma.String(required=True)
    place = ma.String(required=True)
    contact_phone = MaskedPhone(required=True)
    beneficiary_name = MaskedName(required=True, allow_none=True)
    is_on_behalf = ma.Boolean(required=True, metadata={"description": "由帮办员代为点单"})
    wanted_from = Instant(required=True)
    wanted_until = Instant(required=True)
    status = EnumValue(ServiceRequestStatus, required=True)
    reason = ma.String(
        attribute="decision_reason",
        required=True,
        allow_none=True,
        metadata={"description": "最近一次不予受理、退回或改派的原因"},
    )
    due_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "下一步应完成的时间；服务完成后为自动办结的时间"},
    )
    is_overdue = ma.Boolean(required=True)
    organization_id = Identifier(required=True, allow_none=True)
    organization_name = ma.String(required=True, allow_none=True)
    activity_id = Identifier(required=True, allow_none=True)
    report = ma.String(required=True, allow_none=True)
    people_served = ma.Integer(required=True, allow_none=True)
    served_on = Day(required=True, allow_none=True)
    rating = ma.Nested(ServiceRatingOut, required=True, allow_none=True)
    resolution = ma.String(
        required=True, allow_none=True, metadata={"description": "低分评价的处理结果"}
    )
    created_at = Instant(required=True)
    done_at = Instant(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)


class ServiceRequestStepOut(Schema):
    at = Instant(required=True)
    verb = ma.String(required=True)
    status = EnumValue(ServiceRequestStatus, required=True)
    by = EnumValue(Party, attribute="party", required=True)
    sentence = ma.String(required=True)
    reason = ma.String(required=True, allow_none=True)


class ServiceRequestDetailOut(ServiceRequestOut):
    steps = ma.List(ma.Nested(ServiceRequestStepOut), required=True)


class OpenServiceRequestOut(Schema):
    """What any team may read: nothing personal, and the district in place of the address."""

    id = Identifier(required=True)
    site_id = Identifier(required=True)
    category_code = ma.String(required=True)
    title = ma.String(required=True)
    district = ma.String(attribute="site.division", required=True)
    wanted_from = Instant(required=True)
    wanted_until = Instant(required=True)


class ServiceRequestQuery(Schema):
    status = EnumValue(ServiceRequestStatus)


class ServiceRequestContactOut(Schema):
    phone = ma.String(required=True, metadata={"description": "完整号码，每次查看都有记录"})


class ServiceSummaryQuery(Schema):
    site = Identifier(required=True, metadata={"description": "阵地及其下级"})
    from_day = Day(data_key="from", metadata={"description": "点单的起始日，含当日"})
    to_day = Day(data_key="to", metadata={"description": "点单的截止日，含当日"})


class ServiceSummaryOut(Schema):
    by_status = ma.Dict(
        keys=EnumValue(ServiceRequestStatus),
        values=ma.Integer(),
        required=True,
        metadata={"description": "各状态的点单数"},
    )
    total = ma.Integer(required=True)
    people_served = ma.Integer(required=True, metadata={"description": "服务人数"})
    answers = ma.Integer(required=True, metadata={"description": "评价数"})
    mean_score = ma.Float(
        required=True, allow_none=True, metadata={"description": "平均分，没有评价时为空"}
    )
