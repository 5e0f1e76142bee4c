"""Files of cases, stored as an upload would store them."""

import io
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from accounts.models.persons import Person
from accounts.permissions import Role
from core.actor import Actor
from core.storage import Storage
from nominations.models.attachments import Attachment, AttachmentAbout, AttachmentKind
from nominations.models.nominations import Nomination
from nominations.services import attachments
from tests.conftest import Http
from tests.factories.accounts import actor_of, grant, person, site

_serial = itertools.count(1)


def jpeg(shade: int | None = None, size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture; every call gives another one, unless its shade is named."""
    shade = next(_serial) if shade is None else shade
    content = io.BytesIO()
    colour = (shade * 5 % 256, shade // 51 * 40 % 256, 90)
    Image.new("RGB", size, colour).save(content, "PNG")
    return content.getvalue()


def attached(
    to: Nomination,
    kind: AttachmentKind = AttachmentKind.LIFE_PHOTO,
    *,
    by: Actor | None = None,
    cleared: bool = False,
    content: bytes | None = None,
) -> Attachment:
    """A file of the case; looked at by a moderator if it is `cleared`."""
    uploader = by or actor_of(person())
    made = attachments.attach(
        uploader,
        AttachmentAbout.NOMINATION,
        to.id,
        nomination_id=to.id,
        kind=kind,
        file=attachments.keep(content or jpeg(), kind),
    )
    if cleared:
        attachments.clear(moderator(), made.id)
    return made


def moderator(over: str = "411002", who: Person | None = None) -> Actor:
    """Of Weidu district."""
    return actor_of(who or person("看图员"), grant(Role.MODERATOR, over=site(over)))


def storage_in(app: Flask, folder: Path) -> Storage:
    """A storage of its own for one test."""
    return Storage(replace(app.extensions["liancheng.settings"], var_dir=folder))


def send(
    http: Http, nomination_id: UUID, content: bytes, kind: str = "life_photo", **headers: str
) -> Any:
    """Upload over HTTP."""
    data = {"kind": kind, "file": FileStorage(io.BytesIO(content), "../照片.svg")}
    boundary, body = encode_multipart(data, boundary="a-boundary")
    return http.post(
        f"/nominations/{nomination_id}/attachments",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers=headers,
    )
