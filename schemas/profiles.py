"""What volunteers say of themselves."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.base import Schema
from schemas.fields import Identifier, Text

MAX_SKILLS = 10
MAX_CATEGORIES = 16


class ProfileIn(Schema):
    """Replaces the whole."""

    site_id = Identifier(
        required=True, allow_none=True, metadata={"description": "居住区域的文明实践阵地"}
    )
    skills = ma.List(Text(max_length=20), required=True, validate=validate.Length(max=MAX_SKILLS))
    category_codes = ma.List(
        Text(max_length=32), required=True, validate=validate.Length(max=MAX_CATEGORIES)
    )


class ProfileOut(Schema):
    site_id = Identifier(required=True, allow_none=True)
    skills = ma.List(ma.String(), required=True)
    category_codes = ma.List(ma.String(), required=True)
