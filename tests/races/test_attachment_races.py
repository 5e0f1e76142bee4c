"""Places for files, and the rate of comments."""

from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import atomically, db
from core.ids import new_id
from core.wechat import TextVerdict
from nominations.errors import AttachmentsFull, CommentsTooMany
from nominations.lifecycles import (
    AttachmentStatus,
    CampaignStatus,
    CommentStatus,
    NominationStatus,
)
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.comments import Comment
from nominations.rules import Rules
from nominations.services import attachments, comments
from tests.conftest import stored
from tests.factories.accounts import actor_of, person
from tests.factories.attachments import jpeg
from tests.factories.nominations import campaign, candidate, nomination
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race

PHOTO = AttachmentKind.LIFE_PHOTO


def a_case(app: Flask) -> tuple[Any, Any]:
    """Its nominator and id; three life photos are the most."""
    with stored(app):
        who = person()
        of = campaign(CampaignStatus.NOMINATING, rules=Rules(life_photos_max=3))
        return actor_of(who), nomination(of, NominationStatus.DRAFT, by=who).id


def attaching(app: Flask, who: Any, to: Any, content: bytes) -> partial[Attachment]:
    with app.app_context():
        file = attachments.keep(content, PHOTO)
    about = AttachmentAbout.NOMINATION
    return partial(attachments.attach, who, about, to, nomination_id=to, kind=PHOTO, file=file)


def count(app: Flask, what: type) -> int:
    def ask() -> int:
        return db.session.scalars(select(func.count()).select_from(what)).one()

    with app.app_context():
        return atomically(app, ask, write=False)


def test_a_case_takes_its_photos_and_no_more(committed: Flask) -> None:
    who, to = a_case(committed)
    outcomes = rush(committed, [attaching(committed, who, to, jpeg()) for _ in range(10)])
    kept = [o for o in outcomes if isinstance(o, Attachment)]
    refused = [o for o in outcomes if isinstance(o, AttachmentsFull)]
    assert (len(kept), len(refused)) == (3, 7)
    assert sorted(a.slot or 0 for a in kept) == [1, 2, 3]
    assert count(committed, Attachment) == 3


def test_one_photo_sent_ten_times_is_one(committed: Flask) -> None:
    who, to = a_case(committed)
    content = jpeg()
    outcomes = rush(committed, [attaching(committed, who, to, content) for _ in range(10)])
    assert len({o.id for o in outcomes}) == 1
    assert count(committed, Attachment) == 1


def test_without_the_places_a_case_takes_too_many(committed: Flask) -> None:
    """Negative control: counting what is there, then storing; a place of its own for everybody
    stands for a key that does not hold them together."""
    who, to = a_case(committed)
    serial = iter(range(1, 100))

    def has_place() -> bool:
        return attachments.count_kept(to, PHOTO) < 1

    def store() -> None:
        number = next(serial)
        db.session.add(
            Attachment(
                id=new_id(),
                about_type=AttachmentAbout.NOMINATION,
                about_id=to,
                nomination_id=to,
                kind=PHOTO,
                slot=number,
                status=AttachmentStatus.HIDDEN,
                sha256=bytes([number]),
                storage_key=f"attachments/{number}",
                media_type="image/jpeg",
                size=1,
                uploaded_by=who.id,
                created_at=clock.now(),
            )
        )

    assert naive_rush(committed, 8, has_place, store) > 1


def test_ten_comments_an_hour_from_many_phones(committed: Flask) -> None:
    with stored(committed):
        of, who = candidate(campaign()).id, actor_of(person())
    write = partial(comments.write, who, of, text="向好人学习", verdict=TextVerdict.PASS)
    outcomes = rush(committed, [write] * 16)
    assert sum(isinstance(o, CommentsTooMany) for o in outcomes) == 6
    assert count(committed, Comment) == comments.MAX_OF_ONE_PERSON


def test_without_the_lock_there_are_more(committed: Flask) -> None:
    """Negative control: counting in one transaction, writing in another."""
    with stored(committed):
        of, author = candidate(campaign()).id, person().id

    def may() -> bool:
        found = select(func.count()).where(Comment.author_id == author)
        return db.session.execute(found).scalar_one() < 1

    def write() -> None:
        db.session.add(
            Comment(
                nomination_id=of,
                author_id=author,
                text="向好人学习",
                text_verdict=TextVerdict.PASS,
                status=CommentStatus.SHOWN,
                created_at=clock.now(),
            )
        )

    assert naive_rush(committed, 8, may, write) > 1
