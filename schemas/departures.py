"""Cases that end before their time."""

from schemas.base import Schema
from schemas.fields import Text


class NominationWithdrawIn(Schema):
    reason = Text(load_default=None, max_length=200)


class NominationRemoveIn(Schema):
    reason = Text(required=True, min_length=2, max_length=500, multiline=True)
