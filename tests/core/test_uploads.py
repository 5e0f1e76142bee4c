"""Uploads: what is taken is harmless, what is not is refused with a sentence."""

import io
import zlib
from typing import Any

import pytest
from fpdf import FPDF
from PIL import Image

from core import uploads
from core.uploads import FileRefused, clean

BLUE = (20, 40, 200)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    made = io.BytesIO()
    mode = options.pop("mode", "RGB")
    Image.new(mode, size, options.pop("colour", BLUE)).save(made, kind, **options)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def paper(text: str = "Evidence") -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica")
    made.cell(text=text)
    return bytes(made.output())


def with_object(dictionary: bytes) -> bytes:
    return paper().replace(b"%%EOF", b"9 0 obj " + dictionary + b" endobj\n%%EOF")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_drawn_anew_as_jpeg(kind: str) -> None:
    found = clean(picture(kind), with_papers=False)
    assert (found.media_type, found.width, found.height) == ("image/jpeg", 60, 40)
    assert opened(found.content).format == "JPEG"
    assert found.content == clean(picture(kind), with_papers=False).content


def test_nothing_of_the_original_is_left_but_its_dots() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "the maker"
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    original = picture(exif=exif, comment=b"a comment", xmp=b"<x:xmpmeta/>", dpi=(300, 300))
    original += b"<script>alert(1)</script>"
    found = clean(original, with_papers=False)
    assert (found.width, found.height) == (40, 60)
    for left in (b"the maker", b"a comment", b"xmpmeta", b"Exif", b"<script>"):
        assert left not in found.content
    assert not opened(found.content).getexif()


def test_large_pictures_become_smaller_and_keep_their_shape() -> None:
    found = clean(picture(size=(4000, 3000)), with_papers=False)
    assert (found.width, found.height) == (2560, 1920)


def test_what_is_transparent_becomes_white() -> None:
    drawn = picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))
    assert opened(clean(drawn, with_papers=False).content).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16", "LA"])
def test_every_kind_of_colour_is_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    colour = {"CMYK": (0, 0, 0, 0), "LA": (9, 255)}.get(mode, 1)
    found = clean(picture(kind, mode=mode, colour=colour), with_papers=False)
    assert opened(found.content).mode == "RGB"


def test_of_an_animation_the_first_frame_is_taken() -> None:
    made = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), c) for c in (BLUE, (250, 0, 0))]
    frames[0].save(made, "PNG", save_all=True, append_images=frames[1:])
    found = opened(clean(made.getvalue(), with_papers=False).content)
    dot: Any = found.getpixel((5, 5))
    assert dot[2] > 150


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_args: object) -> None:
        raise AssertionError("the bomb was unpacked")

    bombs = [picture("PNG", size=(6400, 6251), mode="1", colour=0)]
    huge = bytearray(picture("PNG", mode="1", colour=0))
    huge[16:24] = (50_000).to_bytes(4, "big") * 2
    huge[29:33] = zlib.crc32(huge[12:29]).to_bytes(4, "big")
    bombs.append(bytes(huge))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    for bomb in bombs:
        with pytest.raises(FileRefused, match="4000 万像素"):
            clean(bomb, with_papers=False)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a<script>alert(1)</script>",
        b"BM" + bytes(60),
        b"just text",
        b"\0",
        b"PK\x03\x04" + bytes(60),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="JPG、PNG 或 WebP"):
        clean(content, with_papers=True)


def test_gif_is_not_taken() -> None:
    with pytest.raises(FileRefused, match="JPG、PNG 或 WebP"):
        clean(picture("GIF"), with_papers=True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_breaks_off_is_refused(kind: str) -> None:
    whole = picture(kind, size=(300, 300))
    with pytest.raises(FileRefused):
        clean(whole[: len(whole) // 2], with_papers=False)


def test_heic_is_refused_with_what_to_do() -> None:
    with pytest.raises(FileRefused, match="HEIC"):
        clean(b"\0\0\0\x18ftypheic" + bytes(100), with_papers=False)


def test_a_paper_is_kept_as_it_is() -> None:
    content = paper()
    found = clean(content, with_papers=True)
    assert (found.content, found.media_type, found.width) == (content, "application/pdf", None)


def test_a_paper_is_no_photo() -> None:
    with pytest.raises(FileRefused, match="请上传图片"):
        clean(paper(), with_papers=False)


@pytest.mark.parametrize(
    "dictionary",
    [
        b"<</S /JavaScript /JS (app.alert(1))>>",
        b"<</S /J#61va#53cript>>",
        b"<</S/Launch/F(cmd.exe)>>",
        b"<</Type /EmbeddedFile>>",
        b"<</Names <</EmbeddedFiles 4 0 R>>>>",
        b"<</Subtype /RichMedia>>",
    ],
)
def test_a_paper_that_could_do_something_is_refused(dictionary: bytes) -> None:
    with pytest.raises(FileRefused, match="脚本或附件"):
        clean(with_object(dictionary), with_papers=True)


def packed(objects: bytes, dictionary: bytes = b"/Type /ObjStm /Filter /FlateDecode") -> bytes:
    stream = b"<<" + dictionary + b">> stream\n" + zlib.compress(objects) + b"\nendstream\n"
    return with_object(stream)


def test_a_script_in_a_packed_object_is_found() -> None:
    clean(packed(b"4 0 <</Type /Catalog>>"), with_papers=True)
    with pytest.raises(FileRefused, match="脚本或附件"):
        clean(packed(b"4 0 <</S /JavaScript>>"), with_papers=True)
    with pytest.raises(FileRefused, match="脚本或附件"):
        clean(packed(b"4 0 <</S /JavaScript>>", b"/Type /Obj#53tm"), with_papers=True)


def test_streams_beside_packed_objects_are_left_alone() -> None:
    image = b"endobj 10 0 obj <</Subtype /Image>> stream\n\xff\xd8 dots\nendstream\nendobj\n%%EOF"
    content = packed(b"4 0 <</Type /Catalog>>").replace(b"endobj\n%%EOF", image)
    assert b"\xff\xd8 dots" in content
    clean(content, with_papers=True)


def test_packed_objects_that_can_not_be_looked_through_are_refused() -> None:
    bomb = b"\0" * (uploads.MAX_INFLATED + 1)
    unreadable = packed(b"x").replace(zlib.compress(b"x"), b"not packed so")
    for content in (packed(bomb), unreadable):
        with pytest.raises(FileRefused, match="无法检查"):
            clean(content, with_papers=True)


def test_a_locked_or_unfinished_paper_is_refused() -> None:
    with pytest.raises(FileRefused, match="加了密"):
        clean(with_object(b"<</Encrypt 5 0 R>>"), with_papers=True)
    for content in (paper()[:-40], paper() + b"PK\x03\x04" + bytes(400), b"%PDF-1.7"):
        with pytest.raises(FileRefused, match="不完整"):
            clean(content, with_papers=True)
