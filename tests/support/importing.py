"""Spreadsheets as offices make them, sent as a browser sends them, and the job that takes them."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import xlsxwriter
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from accounts.models.persons import Person
from core.db import db
from jobs import imports as jobs
from jobs.runner import JobContext
from tests.conftest import Http
from tests.factories.accounts import person
from tests.factories.volunteer import NINE, Scene
from volunteer.lifecycles import MembershipStatus
from volunteer.models.memberships import Membership


def enrolled(made: Scene, name: str) -> Person:
    """Somebody whose earlier hours the organisation may enter."""
    who = person(name)
    membership = Membership(
        person_id=who.id,
        organization_id=made.organization_id,
        status=MembershipStatus.ACTIVE,
        applied_at=NINE,
        decided_by=made.organizer.id,
        decided_at=NINE,
    )
    db.session.add(membership)
    db.session.flush()
    return who


def as_csv(*rows: list[str], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: list[Any]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for n, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(n, column, cell, dates)
                else:
                    sheet.write(n, column, cell)
    return content.getvalue()


def sent_as_form(http: Http, path: str, content: bytes, fields: Mapping[str, Any]) -> Any:
    data = {**fields, "file": FileStorage(io.BytesIO(content), "名单.xlsx")}
    boundary, body = encode_multipart(data)
    content_type = f"multipart/form-data; boundary={boundary}"
    return http.post(path, data=body, content_type=content_type)


def process(app: Flask) -> int:
    with app.app_context():
        return jobs.process_imports(JobContext(app))
