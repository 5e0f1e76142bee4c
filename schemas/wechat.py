"""What WeChat puts into the query of a push."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.base import Schema

SHORT = validate.Length(max=256)


class PushQuery(Schema):
    signature = ma.String(validate=SHORT)
    timestamp = ma.String(required=True, validate=SHORT)
    nonce = ma.String(required=True, validate=SHORT)
    echostr = ma.String(validate=SHORT)
    openid = ma.String(validate=SHORT)
    encrypt_type = ma.String(validate=SHORT)
    msg_signature = ma.String(validate=SHORT)
