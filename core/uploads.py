"""What people upload, made harmless: pictures are drawn anew, papers are looked through.

What a file is, its content says, never its name or the type that the sender claims. A picture
leaves as a JPEG without anything of the original but its dots (no place, no camera, no comment);
a PDF stays as it is and is refused if it could do anything by itself.
"""

import io
import re
import zlib
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any

from core.deferred import Deferred
from core.errors import DomainError, Kind

Image: Any = Deferred("PIL.Image")
ImageOps: Any = Deferred("PIL.ImageOps")

MAX_PIXELS = 40_000_000
"""Of a picture before it is made smaller; a phone takes 12 or 24 million, rarely 48."""
LONGEST_SIDE = 2560
_one_at_a_time = Lock()
"""Unpacked, the largest picture takes 160 MB: the threads of a process take turns."""
JPEG_QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
JPEG, PDF = "image/jpeg", "application/pdf"

HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
MAX_INFLATED = 32 << 20
"""Bytes of compressed objects of a PDF that are looked through, all together."""
ACTIVE = frozenset({b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia"})
"""Names of a PDF that stand for scripts, programs that are started, and files inside."""
_NAME = re.compile(rb"/([A-Za-z#][A-Za-z0-9#]{3,40})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_TAIL_BYTES = 1024
_DICTIONARY_BYTES = 2048
"""In front of a stream, in which it says what it holds."""
_TOO_COMPLEX = "PDF 文件无法检查，请打印成新的 PDF 后上传"


class FileRefused(DomainError):
    """An upload that is no picture or paper we take; `detail` says why."""

    kind = Kind.INVALID
    code = "file_refused"
    message = "文件格式不支持，请上传 JPG、PNG 或 WebP 图片"


@dataclass(frozen=True, slots=True)
class Clean:
    """What may be kept. Width and height in dots, of a picture."""

    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None

    @property
    def digest(self) -> bytes:
        return sha256(self.content).digest()


def clean(content: bytes, *, with_papers: bool) -> Clean:
    """A picture, or with `with_papers` a PDF, made harmless. Takes long: outside any transaction.
    Raises FileRefused."""
    if content.startswith(b"%PDF-"):
        if not with_papers:
            raise FileRefused("这里请上传图片，不能上传 PDF")
        _check_paper(content)
        return Clean(content, PDF)
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        raise FileRefused(
            "暂不支持 HEIC 格式，请在手机相机设置中选择“兼容性最佳”，或先转成 JPG 再上传"
        )
    return _redrawn(content)


def _redrawn(content: bytes) -> Clean:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise FileRefused("图片太大，请缩小到 4000 万像素以内")
            with _one_at_a_time:
                opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = _on_white(ImageOps.exif_transpose(opened))
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused("图片太大，请缩小到 4000 万像素以内") from None
    except Image.UnidentifiedImageError:
        raise FileRefused from None
    except Exception:  # whatever a decoder makes of hostile bytes
        raise FileRefused("图片已损坏，无法读取") from None
    made = io.BytesIO()
    drawn.save(made, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Clean(made.getvalue(), JPEG, drawn.width, drawn.height)


def _on_white(picture: Any) -> Any:
    """The first frame in plain colours, on a sheet that knows nothing of the original."""
    sheet = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        transparent = picture.convert("RGBA")
        sheet.paste(transparent, mask=transparent.getchannel("A"))
    else:
        sheet.paste(picture.convert("RGB"))
    return sheet


def _check_paper(content: bytes) -> None:
    end = content.rfind(b"%%EOF", -_TAIL_BYTES)
    if end < 0 or content[end + len(b"%%EOF") :].strip(b"\r\n\t \0"):
        raise FileRefused("PDF 文件不完整，请重新生成后上传")
    names = _names(content)
    if b"Encrypt" in names:
        raise FileRefused("PDF 文件加了密，请去掉密码后上传")
    if b"ObjStm" in names:
        names |= _names(_packed_objects(content))
    if names & ACTIVE:
        raise FileRefused("PDF 文件含有脚本或附件，请打印成新的 PDF 后上传")


def _names(content: bytes) -> set[bytes]:
    """Names in a PDF, with their escapes undone (`/J#61vaScript`)."""
    return {
        _ESCAPE.sub(lambda e: bytes([int(e[1], 16)]), found)
        for found in set(_NAME.findall(content))
    }


def _packed_objects(content: bytes) -> bytes:
    """What the object streams of a PDF hold. Raises FileRefused where one can't be opened."""
    parts, left = [], MAX_INFLATED
    for found in _STREAM.finditer(content):
        before = content[max(0, found.start() - _DICTIONARY_BYTES) : found.start()]
        if b"ObjStm" not in _names(before.rpartition(b"endobj")[2]):
            continue
        inflater = zlib.decompressobj()
        end = content.find(b"endstream", found.end())
        try:
            part = inflater.decompress(content[found.end() : end], left)
        except zlib.error:
            raise FileRefused(_TOO_COMPLEX) from None
        left -= len(part)
        if not inflater.eof or left <= 0:
            raise FileRefused(_TOO_COMPLEX)
        parts.append(part)
    return b"\n".join(parts)
