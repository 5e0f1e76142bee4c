"""A person's record at a counter."""

from marshmallow import fields as ma

from schemas.attendances import AttendanceOut
from schemas.base import Schema
from schemas.disputes import DisputeOut
from schemas.hours import HoursEntryOut, HoursSummaryOut
from schemas.personal import IdNumber
from schemas.signups import OwnSignupOut, StandingOut


class ServiceRecordIn(Schema):
    id_number = IdNumber(required=True, metadata={"description": "照身份证再输入一遍"})


class ServiceRecordOut(Schema):
    """The latest of each, newest first."""

    hours = ma.Nested(HoursSummaryOut, required=True)
    standing = ma.Nested(StandingOut, required=True)
    signups = ma.List(ma.Nested(OwnSignupOut), required=True)
    attendances = ma.List(ma.Nested(AttendanceOut), required=True)
    entries = ma.List(ma.Nested(HoursEntryOut), required=True)
    disputes = ma.List(ma.Nested(DisputeOut), required=True)
