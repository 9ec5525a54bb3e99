"""A board's logo: which pictures are taken. Type and size are read from the bytes, whatever the file is called."""

import re
from collections.abc import Callable
from hashlib import sha256
from struct import error as too_short
from struct import unpack_from

from msgspec import Struct

from scrqm_forms.domain.errors import Refused

MOST_BYTES = 200 * 1024
#: Pixels, across and down.
MOST_PIXELS = 2000


class Logo(Struct, frozen=True, kw_only=True):
    data: bytes
    media_type: str
    sha256: str


def read_logo(data: bytes) -> Logo:
    """Raises Refused for whatever is not a PNG, JPEG or WebP picture of a reasonable size."""
    if len(data) > MOST_BYTES:
        raise Refused(f"Logo: the file has {-(-len(data) // 1024)} KB; expected at most {MOST_BYTES // 1024} KB.")
    media_type, size_of = _kind_of(data)
    try:
        width, height = size_of(data)
    except too_short:
        width = height = 0
    if not width or not height:
        raise Refused("Logo: this picture cannot be read. Please save it anew as PNG, and choose that file.")
    if max(width, height) > MOST_PIXELS:
        raise Refused(
            f"Logo: the picture is {width} x {height} pixels; expected at most {MOST_PIXELS} x {MOST_PIXELS}."
        )
    return Logo(data=data, media_type=media_type, sha256=sha256(data).hexdigest())


def _kind_of(data: bytes) -> tuple[str, Callable[[bytes], tuple[int, int]]]:
    """(media type, function that reads width and height)."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", _size_of_png
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", _size_of_jpeg
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", _size_of_webp
    if re.search(rb"<svg|<\?xml", data[:1000], re.IGNORECASE):
        raise Refused(
            "Logo: this is an SVG picture. Those can carry scripts, so they are not taken. "
            "Please save it as PNG, and choose that file."
        )
    raise Refused("Logo: this is not a PNG, JPEG or WebP picture; expected one of these.")


def _size_of_png(data: bytes) -> tuple[int, int]:
    """From the header, which comes first: https://www.w3.org/TR/png-3/#11IHDR."""
    name, width, height = unpack_from(">4sII", data, 12)
    return (width, height) if name == b"IHDR" else (0, 0)


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    """From the frame header, which is found by going from segment to segment: ITU-T T.81, B.1 and B.2.2."""
    at = 2
    while True:
        mark, kind, length = unpack_from(">BBH", data, at)
        if mark != 0xFF:
            return 0, 0
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = unpack_from(">HH", data, at + 5)
            return width, height
        # A segment may be led in by any number of 0xFF.
        at += 1 if kind == 0xFF else 2 + length


def _size_of_webp(data: bytes) -> tuple[int, int]:
    """From the first chunk, of three kinds: https://www.rfc-editor.org/rfc/rfc9649.html#section-2.5 and following."""
    kind = data[12:16]
    if kind == b"VP8 ":
        start, width, height = unpack_from("<3sHH", data, 23)
        return (width & 0x3FFF, height & 0x3FFF) if start == b"\x9d\x01\x2a" else (0, 0)
    if kind == b"VP8L":
        mark, bits = unpack_from("<BI", data, 20)
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1) if mark == 0x2F else (0, 0)
    if kind == b"VP8X":
        low_width, high_width, low_height, high_height = unpack_from("<HBHB", data, 24)
        return (low_width | high_width << 16) + 1, (low_height | high_height << 16) + 1
    return 0, 0
