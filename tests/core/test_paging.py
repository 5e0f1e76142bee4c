"""Cursors: every kind of key that a list is ordered by leads to the next page."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Date, Float, Integer, String, Uuid, column

from core.paging import CursorInvalid, PageRequest, cursor_of, position_of
from core.types import UtcDateTime

ID = UUID(int=7)
KEYS = [
    (Date(), date(2028, 2, 29)),
    (UtcDateTime(), datetime(2028, 2, 29, 15, 59, 59, 123456, tzinfo=UTC)),
    (Integer(), 7),
    (String(), "/4110/411002/"),
    (Float(), 1234.5),
]


@pytest.mark.parametrize(("kind", "value"), KEYS, ids=[type(kind).__name__ for kind, _ in KEYS])
def test_a_cursor_leads_back_to_its_key(kind: Any, value: Any) -> None:
    by = [column("key", kind), column("id", Uuid())]
    request = PageRequest(cursor_of((value, ID)), limit=20)
    assert position_of(request, by) == {"most": 21, "after_0": value, "after_1": ID}


@pytest.mark.parametrize("other", ["nonsense", cursor_of((ID,)), cursor_of(("2028-02-30", ID))])
def test_a_cursor_of_another_list_is_refused(other: str) -> None:
    by = [column("key", Date()), column("id", Uuid())]
    with pytest.raises(CursorInvalid):
        position_of(PageRequest(other, limit=20), by)
