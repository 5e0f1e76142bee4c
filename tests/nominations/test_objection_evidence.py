"""Evidence for objections: from whom, until when, and who looks."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import HandlerNotIndependent
from nominations.lifecycles import AttachmentStatus, ObjectionChannel
from nominations.models.attachments import Attachment, AttachmentKind
from nominations.models.objections import Objection
from nominations.services import attachments, case_files, objection_evidence, objections
from tests.conftest import Http, stored
from tests.core.test_uploads import paper
from tests.factories.accounts import actor_of, person
from tests.factories.attachments import jpeg, moderator, storage_in
from tests.factories.notices import MONDAY, filed, handler, noon, opened, proposed

DURING = noon(MONDAY)


@pytest.fixture(autouse=True)
def files(rolled_back: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        rolled_back.extensions, "liancheng.storage", storage_in(rolled_back, tmp_path)
    )


def named(**facts: Any) -> tuple[Actor, Objection]:
    campaign, (one, _) = proposed()
    who = actor_of(person("司马异议"))
    return who, filed(opened(campaign), one, at=DURING, by=who, **facts)


def add(who: Actor, to: Objection) -> Attachment:
    kept = attachments.keep(jpeg(), AttachmentKind.EVIDENCE)
    return objection_evidence.add(who, to.id, file=kept)


def test_the_objector_adds_until_it_is_decided(ctx: Flask) -> None:
    who, objection = named()
    with clock.frozen(DURING):
        found = add(who, objection)
        assert (found.about_id, found.status) == (objection.id, AttachmentStatus.HIDDEN)
        objections.not_accept(handler(), objection.id, reason="不属于本次公示的内容")
        with pytest.raises(WrongState):
            add(who, objection)


def test_nobody_else_adds_and_only_independent_handlers_look(ctx: Flask) -> None:
    who, objection = named()
    by = handler()
    with clock.frozen(DURING):
        found = add(who, objection)
        assert objection_evidence.list_of(by, objection.id) == [found]
        assert objection_evidence.view(by, objection.id, found.id)[1].startswith(b"\xff\xd8")
        nominator = actor_of(person())
        for stranger in (by, nominator, moderator()):
            with pytest.raises(NotFound):
                add(stranger, objection)
        for stranger in (who, moderator()):
            with pytest.raises(NotFound):
                objection_evidence.list_of(stranger, objection.id)
        _, other = named()
        with pytest.raises(NotFound):
            objection_evidence.view(by, other.id, found.id)


def test_an_objector_who_handles_objections_does_not_look_at_their_own(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    by = handler()
    objection = filed(opened(campaign), one, at=DURING, by=by)
    with clock.frozen(DURING), pytest.raises(HandlerNotIndependent):
        objection_evidence.list_of(by, objection.id)


def test_who_stays_unknown_sends_nothing_that_keeps_a_person(ctx: Flask) -> None:
    who, objection = named(is_anonymous=True)
    with clock.frozen(DURING), pytest.raises(NotFound):
        add(who, objection)


def test_staff_add_to_what_they_entered_though_it_is_anonymous(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    notice, by = opened(campaign), handler()
    with clock.frozen(DURING + timedelta(hours=1)):
        objection = objections.enter(
            by,
            notice.id,
            nomination_id=one.id,
            channel=ObjectionChannel.LETTER,
            received_at=DURING,
            text="来信反映事迹不实",
        )
        assert add(by, objection).uploaded_by == by.id
        with pytest.raises(NotFound):
            add(handler("另一人"), objection)


def test_a_moderator_looks_at_it_while_it_waits(ctx: Flask) -> None:
    who, objection = named()
    with clock.frozen(DURING):
        found = add(who, objection)
        by = moderator()
        assert [a.id for a in attachments.queue(by, PageRequest()).items] == [found.id]
        assert case_files.view(by, found.id)[0].id == found.id
        for stranger in (moderator("411082"), who):
            with pytest.raises(NotFound):
                case_files.view(stranger, found.id)
        attachments.clear(by, found.id)
        with pytest.raises(NotFound):
            case_files.view(by, found.id)


def send(http: Http, objection_id: UUID, content: bytes) -> Any:
    data = {"file": FileStorage(io.BytesIO(content), "证据.pdf")}
    boundary, body = encode_multipart(data, boundary="a-boundary")
    kind = f"multipart/form-data; boundary={boundary}"
    return http.post(f"/objections/{objection_id}/evidence", data=body, content_type=kind)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, objection = named()
        by, objection_id = handler(), objection.id
    with clock.frozen(DURING):
        made = send(http.as_(who), objection_id, paper())
        assert made.status_code == 201, made.json
        assert send(http.as_(by), objection_id, paper()).status_code == 404
        path = f"/objections/{objection_id}/evidence"
        assert (http.as_(by).get(path).json or {})["items"] == [made.json]
        assert http.as_(who).get(path).status_code == 403
        answer = http.as_(by).get(f"{path}/{made.json['id']}")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with stored(rolled_back):
        assert db.session.get_one(Attachment, UUID(made.json["id"])).uploaded_by == who.id
