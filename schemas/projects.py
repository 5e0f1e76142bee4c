"""Service projects."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from volunteer.actions import Action
from volunteer.lifecycles import ProjectStatus


class ProjectIn(Schema):
    organization_id = Identifier(required=True)
    action = EnumValue(Action, required=True)
    category_code = Text(required=True, max_length=32)
    title = Text(required=True, min_length=2, max_length=60)
    summary = Text(required=True, max_length=2000, multiline=True)


class ProjectUpdateIn(Schema):
    """Only the fields that change."""

    action = EnumValue(Action)
    category_code = Text(max_length=32)
    title = Text(min_length=2, max_length=60)
    summary = Text(max_length=2000, multiline=True)


class ProjectDecisionIn(Schema):
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)


class ProjectQuery(Schema):
    action = EnumValue(Action)
    site = Identifier(metadata={"description": "阵地及其下级"})
    organization = Identifier()


class OwnProjectQuery(Schema):
    status = EnumValue(ProjectStatus, metadata={"description": "只看这一状态"})


class ProjectOut(Schema):
    id = Identifier(required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(attribute="organization.name", required=True)
    site_id = Identifier(required=True)
    site_name = ma.String(attribute="site.name", required=True)
    action = EnumValue(Action, required=True)
    category_code = ma.String(required=True)
    title = ma.String(required=True)
    summary = ma.String(required=True)
    status = EnumValue(ProjectStatus, required=True)
    reason = ma.String(
        attribute="decision_reason",
        required=True,
        allow_none=True,
        metadata={"description": "退回或未通过的原因"},
    )
    close_reason = ma.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)
