"""Volunteer organisations."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.personal import MaskedName
from volunteer.lifecycles import OrganizationStatus


class OrganizationIn(Schema):
    name = Text(required=True, min_length=2, max_length=60)
    site_id = Identifier(required=True)
    summary = Text(required=True, min_length=1, max_length=2000, multiline=True)


class OrganizationQuery(Schema):
    site = Identifier(metadata={"description": "阵地及其下级"})


class SupervisedQuery(Schema):
    status = EnumValue(
        OrganizationStatus,
        load_default=OrganizationStatus.SUSPENDED,
        metadata={"description": "默认为已暂停的"},
    )


class OrganizationReasonIn(Schema):
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)


class OrganizationOut(Schema):
    id = Identifier(required=True)
    name = ma.String(required=True)
    site_id = Identifier(required=True)
    site_name = ma.String(attribute="site.name", required=True)
    summary = ma.String(required=True)
    status = EnumValue(OrganizationStatus, required=True)
    reason = ma.String(
        attribute="decision_reason",
        required=True,
        allow_none=True,
        metadata={"description": "未通过的原因"},
    )
    suspend_reason = ma.String(
        required=True, allow_none=True, metadata={"description": "最近一次暂停的原因"}
    )
    dissolve_reason = ma.String(
        required=True, allow_none=True, metadata={"description": "注销的原因"}
    )
    created_at = Instant(required=True)


class OrganizationApplicationOut(OrganizationOut):
    applicant_name = MaskedName(attribute="applicant.name", required=True, allow_none=True)
