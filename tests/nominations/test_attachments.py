"""Files of a case: uploaded, hidden, cleared, refused, removed, forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.paging import PageRequest
from core.storage import storage
from core.wechat import TextVerdict
from jobs.attachments import forget_attachments
from jobs.runner import JobContext
from nominations.errors import AttachmentsFull, NominationIncomplete, OwnNomination, StageClosed
from nominations.lifecycles import AttachmentStatus, CampaignStatus, NominationStatus
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.nominations import Nomination
from nominations.rules import Rules
from nominations.services import attachments, case_files, nominations
from nominations.services.nominations import TextCheck
from tests.conftest import Http, stored
from tests.core.test_uploads import paper
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.attachments import attached, jpeg, moderator, send, storage_in
from tests.factories.nominations import campaign, nomination

C, N, S, K = CampaignStatus, NominationStatus, AttachmentStatus, AttachmentKind
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def files(rolled_back: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        rolled_back.extensions, "liancheng.storage", storage_in(rolled_back, tmp_path)
    )


def own(
    status: NominationStatus = N.DRAFT,
    stage: CampaignStatus = C.NOMINATING,
    rules: Rules | None = None,
    **facts: Any,
) -> tuple[Actor, Nomination]:
    who = person()
    of = campaign(stage, rules=rules or Rules())
    return actor_of(who), nomination(of, status, by=who, **facts)


def upload(who: Actor, to: Nomination, kind: AttachmentKind = K.LIFE_PHOTO) -> Attachment:
    return case_files.upload(who, to.id, kind=kind, file=attachments.keep(jpeg(), kind))


# Uploading


def test_a_file_waits_hidden_in_its_case(ctx: Flask) -> None:
    who, made = own()
    found = upload(who, made)
    assert (found.status, found.slot, found.uploaded_by) == (S.HIDDEN, 1, who.person_id)
    assert attachments.content_of(found).startswith(b"\xff\xd8")
    assert attachments.cleared_of(AttachmentAbout.NOMINATION, made.id) == []


def test_the_same_file_again_is_the_first_one(ctx: Flask) -> None:
    _, made = own()
    content = jpeg()
    first = attached(made, content=content)
    assert attached(made, content=content).id == first.id
    assert attached(made, K.EVIDENCE, content=content).id != first.id
    assert attached(own()[1], content=content).id != first.id


@pytest.mark.parametrize(
    ("kind", "limit"), [(K.ID_PHOTO, 1), (K.LIFE_PHOTO, 3), (K.EVIDENCE, 10), (K.CONSENT_PAPER, 5)]
)
def test_each_kind_has_its_places(ctx: Flask, kind: AttachmentKind, limit: int) -> None:
    who, made = own(rules=Rules(life_photos_max=3))
    kept = [upload(who, made, kind) for _ in range(limit)]
    with pytest.raises(AttachmentsFull) as refused:
        upload(who, made, kind)
    assert refused.value.details == {"limit": limit}
    case_files.remove(who, kept[0].id)
    assert upload(who, made, kind).slot == 1


@pytest.mark.parametrize("status", [N.SUBMITTED, N.CANDIDATE, N.WITHDRAWN])
def test_what_was_handed_in_keeps_its_files(ctx: Flask, status: NominationStatus) -> None:
    who, made = own(status)
    kept = attached(made)
    with pytest.raises(WrongState):
        upload(who, made)
    with pytest.raises(WrongState):
        case_files.remove(who, kept.id)


def test_what_was_sent_back_takes_files_until_the_assessment(ctx: Flask) -> None:
    who, made = own(N.SENT_BACK, C.REVIEWING)
    case_files.remove(who, upload(who, made).id)
    late, of_late = own(N.SENT_BACK, C.ASSESSING)
    with pytest.raises(StageClosed):
        upload(late, of_late)


def test_nobody_else_adds_or_removes(ctx: Flask) -> None:
    who, made = own()
    kept = upload(who, made)
    reviewer = actor_of(person(), grant(Role.REVIEWER, over=site("411002")))
    for stranger in (actor_of(person()), reviewer, moderator()):
        with pytest.raises(NotFound):
            upload(stranger, made)
        with pytest.raises(NotFound):
            case_files.remove(stranger, kept.id)


def test_a_case_is_complete_with_the_photos_its_campaign_wants(ctx: Flask) -> None:
    who, made = own(rules=Rules(life_photos_min=2))
    upload(who, made)
    with pytest.raises(NominationIncomplete) as refused:
        nominations.submit(who, made.id, check=TextCheck(TextVerdict.UNCHECKED, b""))
    assert list(refused.value.errors or ()) == ["photos"]
    upload(who, made)
    assert attachments.count_kept(made.id, K.LIFE_PHOTO) == 2


# Looking


def test_only_those_of_the_case_see_its_files(ctx: Flask) -> None:
    who, made = own(N.SUBMITTED)
    kept = attached(made)
    reviewer = actor_of(person(), grant(Role.REVIEWER, over=site("411002")))
    for insider in (who, reviewer, moderator()):
        assert case_files.view(insider, kept.id)[0].id == kept.id
        assert [a.id for a in case_files.list_of(insider, made.id)] == [kept.id]
    elsewhere = actor_of(person(), grant(Role.REVIEWER, over=site("411082")))
    for stranger in (actor_of(person()), elsewhere, moderator("411082")):
        with pytest.raises(NotFound):
            case_files.view(stranger, kept.id)
        with pytest.raises(NotFound):
            case_files.list_of(stranger, made.id)


def test_a_draft_is_nobody_elses_business(ctx: Flask) -> None:
    _, made = own()
    kept = attached(made)
    with pytest.raises(NotFound):
        case_files.view(moderator(), kept.id)
    with pytest.raises(NotFound):
        attachments.clear(moderator(), kept.id)
    assert attachments.queue(moderator(), PageRequest()).items == []


def test_evidence_of_an_objection_has_no_door_here(ctx: Flask) -> None:
    who, made = own(N.ON_NOTICE)
    file = attachments.keep(jpeg(), K.EVIDENCE)
    objection_id = uuid4()
    kept = attachments.attach(
        who,
        AttachmentAbout.OBJECTION,
        objection_id,
        nomination_id=made.id,
        kind=K.EVIDENCE,
        file=file,
    )
    with pytest.raises(NotFound):
        case_files.view(who, kept.id)
    attachments.clear(moderator(), kept.id)
    assert attachments.cleared_of(AttachmentAbout.OBJECTION, objection_id) == [kept]
    assert attachments.of(AttachmentAbout.NOMINATION, made.id) == []


# Moderating


def test_moderators_see_what_waits_at_their_places(ctx: Flask) -> None:
    by = moderator()
    _, made = own(N.SUBMITTED)
    first, second = attached(made), attached(made)
    attached(own(N.SUBMITTED, site_id=site("411082").id)[1])
    attached(own(N.SUBMITTED, is_withheld=True, withheld_reason="安全")[1])
    attached(made, K.ID_PHOTO, cleared=True)
    assert [a.id for a in attachments.queue(by, PageRequest()).items] == [first.id, second.id]
    attachments.clear(by, first.id)
    assert [a.id for a in attachments.queue(by, PageRequest()).items] == [second.id]
    assert attachments.queue(moderator("411002002"), PageRequest()).items == []


def test_nobody_clears_their_own(ctx: Flask) -> None:
    who = person()
    made = nomination(campaign(C.REVIEWING), by=who)
    kept = attached(made)
    by = moderator(who=who)
    assert attachments.queue(by, PageRequest()).items == []
    with pytest.raises(OwnNomination):
        attachments.clear(by, kept.id)


def test_a_refusal_is_told_to_the_uploader_and_frees_the_place(ctx: Flask) -> None:
    who, made = own(N.SENT_BACK, C.REVIEWING, nominee_name="李四")
    kept = upload(who, made, K.ID_PHOTO)
    attachments.clear(moderator(), kept.id)
    attachments.refuse(moderator(), kept.id, reason="不是本人照片")
    assert (kept.status, kept.slot, kept.refusal_reason) == (S.REFUSED, None, "不是本人照片")
    told = db.session.scalars(select(InboxMessage).where(InboxMessage.person_id == who.id)).one()
    assert told.text == "您为“李四”上传的证件照未通过审核：不是本人照片"
    with pytest.raises(WrongState):
        attachments.clear(moderator(), kept.id)
    assert upload(who, made, K.ID_PHOTO).slot == 1


def test_moderators_of_elsewhere_decide_nothing(ctx: Flask) -> None:
    _, made = own(N.SUBMITTED)
    kept = attached(made)
    for decide in (attachments.clear, lambda a, i: attachments.refuse(a, i, reason="模糊")):
        with pytest.raises(NotFound):
            decide(moderator("411082"), kept.id)


# Forgetting


def run(app: Flask) -> int:
    return forget_attachments(JobContext(app))


def test_bytes_of_removed_files_go_by_the_job(rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, made = own()
        kept, removed = upload(who, made), upload(who, made)
        keys = [kept.storage_key, removed.storage_key]
        case_files.remove(who, removed.id)
        removed_id = removed.id
    with rolled_back.app_context():
        assert (run(rolled_back), run(rolled_back)) == (1, 0)
        assert db.session.get_one(Attachment, removed_id).storage_key is None
        assert storage().get(str(keys[0]))
        with pytest.raises(NotFound):
            storage().get(str(keys[1]))


def test_bytes_of_a_refused_file_stay_a_month(rolled_back: Flask) -> None:
    with stored(rolled_back):
        refused = attached(own(N.SUBMITTED)[1])
        at = clock.now()
        with clock.frozen(at):
            attachments.refuse(moderator(), refused.id, reason="模糊不清")
    with rolled_back.app_context():
        with clock.frozen(at + 30 * DAY):
            assert run(rolled_back) == 0
        with clock.frozen(at + 30 * DAY + timedelta(seconds=1)):
            assert run(rolled_back) == 1


def test_files_without_a_row_are_swept_after_a_day(rolled_back: Flask) -> None:
    with stored(rolled_back):
        kept_key = str(attached(own()[1]).storage_key)
        stray_key = attachments.keep(jpeg(), K.EVIDENCE).key
    with rolled_back.app_context():
        assert run(rolled_back) == 0
        with clock.frozen(clock.now() + DAY + timedelta(minutes=1)):
            assert (run(rolled_back), run(rolled_back)) == (1, 0)
        assert storage().get(kept_key)
        with pytest.raises(NotFound):
            storage().get(stray_key)


# Over HTTP


def told(answer: TestResponse) -> Any:
    return answer.json


def test_a_photo_goes_through_all_its_doors(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, made = own(N.SENT_BACK, C.REVIEWING)
        by, nomination_id = moderator(), made.id
    answer = send(http.as_(who), nomination_id, jpeg())
    assert answer.status_code == 201, answer.json
    shown = answer.json
    assert (shown["status"], shown["media_type"], shown["width"]) == ("hidden", "image/jpeg", 64)
    listed = told(http.as_(who).get(f"/nominations/{nomination_id}/attachments"))
    assert listed == {"items": [shown]}
    picture = http.as_(by).get(f"/attachments/{shown['id']}")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Cache-Control"].startswith("private")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Disposition"] == f'inline; filename="{shown["id"]}"'
    waiting = told(http.as_(by).get("/attachments/queue"))
    assert [a["id"] for a in waiting["items"]] == [shown["id"]]
    assert told(http.as_(by).post(f"/attachments/{shown['id']}/clear"))["status"] == "cleared"
    refusal = {"reason": "人物不清晰"}
    refused = http.as_(by).post(f"/attachments/{shown['id']}/refuse", json=refusal)
    assert told(refused)["refusal_reason"] == "人物不清晰"


def test_a_paper_is_never_opened_in_the_page(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, made = own()
        nomination_id = made.id
    kept = send(http.as_(who), nomination_id, paper(), "evidence").json["id"]
    answer = http.as_(who).get(f"/attachments/{kept}")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert http.as_(who).delete(f"/attachments/{kept}").status_code == 204
    assert told(http.as_(who).get(f"/nominations/{nomination_id}/attachments")) == {"items": []}


def test_an_upload_repeated_with_its_key_is_one(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, made = own()
        nomination_id = made.id
    content = jpeg()
    headers = {"Idempotency-Key": "k1"}
    answers = [send(http.as_(who), nomination_id, content, **headers) for _ in range(2)]
    assert answers[0].json == answers[1].json


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"<svg/>", "life_photo", 422, "file_refused"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "life_photo", 422, "file_refused"),
        (paper(), "life_photo", 422, "file_refused"),
        (paper(), "id_photo", 422, "file_refused"),
        (b"", "life_photo", 422, "invalid_input"),
        (b"x", "selfie", 422, "invalid_input"),
        (bytes((10 << 20) + 1), "life_photo", 413, "too_large"),
    ],
)
def test_bad_uploads_are_told_why(
    http: Http, rolled_back: Flask, content: bytes, kind: str, status: int, code: str
) -> None:
    with stored(rolled_back):
        who, made = own()
        nomination_id = made.id
    answer = send(http.as_(who), nomination_id, content, kind)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_whose_case_it_is_not_has_no_work_done_for_them(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        who, made = own()
        submitted, handed_in = own(N.SUBMITTED)
        stranger, ids = actor_of(person()), (made.id, handed_in.id)
    assert send(http.as_(stranger), ids[0], b"no picture").status_code == 404
    assert send(http.as_(who), uuid4(), b"no picture").status_code == 404
    answer = send(http.as_(submitted), ids[1], b"no picture")
    assert (answer.status_code, answer.json["code"]) == (409, "wrong_state")
