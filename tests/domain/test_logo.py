from hashlib import sha256
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.logo import MOST_BYTES, read_logo

#: First bytes of every kind of picture, up to where its header begins.
BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff",
    b"\xff\xd8\xff\xc0\0\x11\x08",
    *(b"RIFF\0\0\0\0WEBP" + chunk for chunk in (b"", b"VP8 ", b"VP8L\0\0\0\0\x2f", b"VP8X")),
)


def png(width, height):
    return BEGINNINGS[0] + pack(">II", width, height) + b"\x08\x06\0\0\0"


def jpeg(width, height, frame=0xC0):
    """A comment, some filling, a table of codes (whose mark lies among the frames'), and the frame."""
    comment = b"\xff\xfe" + pack(">H", 9) + b"\xff\xc0 tea!"
    codes = b"\xff\xff\xff\xc4" + pack(">H", 4) + b"\0\0"
    return b"\xff\xd8" + comment + codes + bytes((0xFF, frame)) + pack(">HBHH", 17, 8, height, width) + b"\x03"


def webp(chunk, content):
    return b"RIFF" + pack("<I", 12 + len(content)) + b"WEBP" + chunk + pack("<I", len(content)) + content


def lossy(width, height):
    """The two bits above a size say how it is scaled."""
    return webp(b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + pack("<HH", width | 0x4000, height | 0x8000))


def lossless(width, height):
    return webp(b"VP8L", b"\x2f" + pack("<I", width - 1 | height - 1 << 14 | 1 << 28))


def extended(width, height):
    return webp(b"VP8X", b"\x10\0\0\0" + pack("<I", width - 1)[:3] + pack("<I", height - 1)[:3])


KINDS = {
    "png": (png, "image/png"),
    "jpeg": (jpeg, "image/jpeg"),
    "jpeg_progressive": (lambda width, height: jpeg(width, height, 0xC2), "image/jpeg"),
    "webp_lossy": (lossy, "image/webp"),
    "webp_lossless": (lossless, "image/webp"),
    "webp_extended": (extended, "image/webp"),
}
EVERY_KIND = pytest.mark.parametrize(("make", "media_type"), KINDS.values(), ids=KINDS)


@EVERY_KIND
def test_picture_is_taken_as_what_its_bytes_are(make, media_type):
    data = make(640, 200) + b"the picture itself"
    logo = read_logo(data)
    assert (logo.data, logo.media_type, logo.sha256) == (data, media_type, sha256(data).hexdigest())


@EVERY_KIND
@pytest.mark.parametrize("size", [(2000, 1), (1, 2000), (2000, 2000)], ids=str)
def test_picture_of_2000_pixels_is_taken(make, media_type, size):
    assert read_logo(make(*size)).media_type == media_type


@EVERY_KIND
@pytest.mark.parametrize("size", [(2001, 1), (1, 2001), (16000, 3)], ids=str)
def test_picture_of_more_pixels_is_refused_with_what_it_has(make, media_type, size):
    with pytest.raises(Refused, match=f"the picture is {size[0]} x {size[1]} pixels; expected at most 2000 x 2000"):
        read_logo(make(*size))


@EVERY_KIND
def test_picture_cut_short_in_its_header_is_refused(make, media_type):
    whole = make(640, 200)
    read_logo(whole)
    for length in range(12, len(whole) - 6):
        with pytest.raises(Refused, match="cannot be read"):
            read_logo(whole[:length])


@pytest.mark.parametrize(("make", "media_type"), [KINDS["png"], KINDS["jpeg"], KINDS["webp_lossy"]])
@pytest.mark.parametrize("size", [(0, 9), (9, 0)], ids=str)
def test_picture_of_no_size_is_refused(make, media_type, size):
    with pytest.raises(Refused, match="cannot be read"):
        read_logo(make(*size))


def test_file_of_200_kb_is_taken_and_one_byte_more_refused():
    data = png(1, 1).ljust(MOST_BYTES, b"\0")
    assert read_logo(data).data == data
    with pytest.raises(Refused, match="the file has 201 KB; expected at most 200 KB"):
        read_logo(data + b"\0")


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?><svg/>',
        b"\xef\xbb\xbf \n<!-- drawn by hand --><SVG>",
    ],
    ids=["plain", "declaration", "byte_order_mark"],
)
def test_svg_is_refused_with_the_reason(data):
    with pytest.raises(Refused, match="this is an SVG picture"):
        read_logo(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a\x01\0\x01\0", b"%PDF-1.7", b"<html><script>", b"BM", b"RIFF\0\0\0\0WAVE", b" " + png(1, 1)],
    ids=["empty", "gif", "pdf", "html", "bmp", "wave", "blank_before"],
)
def test_other_files_are_refused(data):
    with pytest.raises(Refused, match="this is not a PNG, JPEG or WebP picture"):
        read_logo(data)


@given(st.sampled_from((b"", *BEGINNINGS)), st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(beginning, rest):
    try:
        logo = read_logo(beginning + rest)
    except Refused:
        return
    assert logo.media_type in ("image/png", "image/jpeg", "image/webp")
