"""Certificates of the record of service."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Day, EnumValue, Hours, Identifier, Instant, Text
from schemas.personal import MaskedName
from volunteer.lifecycles import CertificateStatus
from volunteer.models.hours import SyncStatus


class CertificateIn(Schema):
    from_day = Day(required=True, data_key="from", metadata={"description": "起始日，含当日"})
    to_day = Day(required=True, data_key="to", metadata={"description": "截止日，含当日"})
    organization_id = Identifier(metadata={"description": "只证明这一个记录单位的服务"})


class CertificateLineOut(Schema):
    """The service in one activity."""

    organization_id = ma.String(required=True)
    organization = ma.String(required=True, metadata={"description": "记录单位"})
    activity_id = ma.String(required=True)
    activity = ma.String(required=True)
    place = ma.String(required=True)
    content = ma.String(required=True)
    from_day = ma.String(required=True, data_key="from", attribute="from")
    to_day = ma.String(required=True, data_key="to", attribute="to")
    times = ma.Integer(required=True, metadata={"description": "次数"})
    verified_minutes = ma.Integer(required=True)
    honorary_minutes = ma.Integer(required=True)


class RecordingUnitOut(Schema):
    organization_id = ma.String(required=True)
    organization = ma.String(required=True)
    sync_status = EnumValue(
        SyncStatus,
        required=True,
        metadata={"description": "其全部记录报送民政部门的进度，以最慢的一条为准"},
    )


class CertificateOut(Schema):
    id = Identifier(required=True)
    number = ma.String(required=True)
    check_code = ma.String(required=True, metadata={"description": "查验码"})
    name = MaskedName(required=True, attribute="person.name", allow_none=True)
    from_day = Day(required=True, data_key="from")
    to_day = Day(required=True, data_key="to")
    verified_minutes = ma.Integer(required=True, metadata={"description": "签到时长，分钟"})
    honorary_minutes = ma.Integer(required=True, metadata={"description": "补记时长，分钟"})
    verified_hours = Hours(attribute="verified_minutes", required=True)
    honorary_hours = Hours(attribute="honorary_minutes", required=True)
    lines = ma.List(ma.Nested(CertificateLineOut), required=True)
    units = ma.List(
        ma.Nested(RecordingUnitOut), required=True, metadata={"description": "各记录单位"}
    )
    issuer = ma.String(attribute="issuer.name", required=True)
    is_self_service = ma.Boolean(required=True)
    issued_at = Instant(required=True)
    status = EnumValue(CertificateStatus, required=True)
    revoked_at = Instant(required=True, allow_none=True)
    revoke_reason = ma.String(required=True, allow_none=True)


class CertificateCheckQuery(Schema):
    check = Text(required=True, max_length=64, metadata={"description": "证明上的查验码"})


class VerificationOut(Schema):
    """What the public learns."""

    number = ma.String(attribute="certificate.number", required=True)
    is_valid = ma.Boolean(required=True)
    status = EnumValue(CertificateStatus, attribute="certificate.status", required=True)
    name = MaskedName(attribute="certificate.person.name", required=True, allow_none=True)
    from_day = Day(attribute="certificate.from_day", data_key="from", required=True)
    to_day = Day(attribute="certificate.to_day", data_key="to", required=True)
    verified_minutes = ma.Integer(attribute="certificate.verified_minutes", required=True)
    honorary_minutes = ma.Integer(attribute="certificate.honorary_minutes", required=True)
    organizations = ma.List(ma.String(), required=True, metadata={"description": "记录单位"})
    issuer = ma.String(attribute="certificate.issuer.name", required=True)
    issued_at = Instant(attribute="certificate.issued_at", required=True)
    revoked_at = Instant(attribute="certificate.revoked_at", required=True, allow_none=True)
    revoked_because = ma.String(
        required=True, allow_none=True, metadata={"description": "失效的原因类别"}
    )
