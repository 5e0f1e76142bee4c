"""A body that fits the schema of an operation, made without chance: what is required, and every
id that may stand in it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.contract.operations import Operation
from tests.contract.world import AT
from tests.factories.accounts import id_number

HOURS = {
    "starts_at": 24,
    "ends_at": 26,
    "wanted_from": 120,
    "wanted_until": 144,
    "checked_in_at": -8,
    "checked_out_at": -6,
}
"""From the moment of the call to instants that must follow each other."""

VALUES: dict[str, Any] = {
    "capacity": 12,
    "category": "helping_others",
    "category_code": "community_service",
    "nominee_kind": "person",
    "about_type": "attendance",
    "nonce": "0123456789abcdef",
    "seed": "2027051",
    "kind": "hours",
}
"""What a schema alone does not tell."""

BESIDE: dict[str, Mapping[str, Any]] = {
    "POST /api/v1/persons/{person_id}/qualifications": {"code": "first_aid"},
    "PATCH /api/v1/projects/{project_id}": {"title": "换个题目"},
    "PATCH /api/v1/shifts/{shift_id}": {"capacity": 12},
    "PATCH /api/v1/nominations/{nomination_id}": {"summary": "换个说法"},
    "PATCH /api/v1/campaigns/{campaign_id}": {"title": "换个题目"},
    **{
        f"POST /api/v1/campaigns/{{campaign_id}}/{verb}": {
            "dates": {"assessment_close_at": (AT + timedelta(days=30)).isoformat()}
        }
        for verb in ("postpone", "reopen_nominations")
    },
    "POST /api/v1/attendances/{attendance_id}/correct": {
        "checked_out_at": (AT - timedelta(hours=6)).isoformat()
    },
    "POST /api/v1/attendances/check-in": {"digits": "000000"},
    "POST /api/v1/attendances/check-out": {"digits": "000000"},
}

ONE_TARGET = ("shift_id", "activity_id", "site_id")
"""Of an export; the organisation stays."""

WITHOUT = {
    "POST /api/v1/exports": ONE_TARGET,
    "POST /api/v1/exports/unmasked": ONE_TARGET,
    "POST /api/v1/role-grants": ("channel_id", "campaign_id"),
}
"""Ids that do not go together with the others."""


def body_of(operation: Operation, ids: Mapping[str, str]) -> dict[str, Any] | None:
    """None for an operation without a body."""
    if operation.body is None:
        return None
    made: dict[str, Any] = _value("", operation.body, ids)
    for name in WITHOUT.get(operation.name, ()):
        made.pop(name, None)
    return made | dict(BESIDE.get(operation.name, {}))


def names_an_id(schema: Any) -> bool:
    """Whether the id of something may stand in a body of this schema."""
    if isinstance(schema, list):
        return any(map(names_an_id, schema))
    if not isinstance(schema, dict):
        return False
    return schema.get("format") == "uuid" or any(map(names_an_id, schema.values()))


def _value(name: str, schema: Mapping[str, Any], ids: Mapping[str, str]) -> Any:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "object" in kinds:
        return _object(schema, ids)
    if "array" in kinds:
        return [_value(name.removesuffix("s"), schema["items"], ids)]
    if schema.get("format") == "uuid":
        return ids["person_id" if name in ("leader_id", "people") else name]
    if name in VALUES and VALUES[name] in schema.get("enum", [VALUES[name]]):
        return VALUES[name]
    if "enum" in schema:
        return schema["enum"][0]
    if "boolean" in kinds:
        return False
    if "integer" in kinds:
        return max(schema.get("minimum", 1), 1)
    return _text(name, schema)


def _object(schema: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    required = schema.get("required", [])
    return {
        name: _value(name, told, ids)
        for name, told in schema["properties"].items()
        if name in required or names_an_id(told)
    }


def _text(name: str, schema: Mapping[str, Any]) -> str:
    match schema.get("format"):
        case "date":
            return AT.date().isoformat()
        case "date-time":
            return (AT + timedelta(hours=HOURS.get(name, 0))).isoformat()
        case "cn-id-number":
            return id_number()
        case "cn-mobile":
            return "13900001111"
        case _:
            return "事" * max(int(schema.get("minLength", 1)), 4)
