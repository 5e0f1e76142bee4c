"""The door: how a view declares itself, and how requests and refusals are spoken over HTTP."""

from core.http.blueprint import Blueprint
from core.http.declarations import (
    PUBLIC,
    body,
    errors,
    not_idempotent,
    one_by_one,
    paged,
    permission,
    prepare,
    public,
    query,
    raw_body,
    replaces,
    returns,
    returns_file,
    shared,
    traced,
    upload,
)

__all__ = [
    "PUBLIC",
    "Blueprint",
    "body",
    "errors",
    "not_idempotent",
    "one_by_one",
    "paged",
    "permission",
    "prepare",
    "public",
    "query",
    "raw_body",
    "replaces",
    "returns",
    "returns_file",
    "shared",
    "traced",
    "upload",
]
