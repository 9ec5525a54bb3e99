"""A board's colour: read from a hex code, and dark enough to be read on the pages.

Relative luminance, contrast ratio and the ratio wanted (success criterion 1.4.3, level AA) are those of W3C (2024)
Web Content Accessibility Guidelines 2.2: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance and #dfn-contrast-ratio.
"""

import math
import re

from scrqm_forms.domain.errors import Refused

#: Backgrounds under text in the board's colour, as in static/style.css: the page, and this much of the colour in white.
GROUND = "#fbf9f5"
TINT = 0.08
WANTED = 4.5

#: Red, green and blue from 0 to 1.
Channels = tuple[float, ...]


def check_accent(typed: str) -> str:
    """The colour as it is stored; empty for the usual one. Raises Refused when it is no colour, or too light."""
    accent = read_colour(typed)
    if accent and (found := lowest_contrast(accent)) < WANTED:
        # Rounded down, or 4.46 would be refused as 4.5.
        shown = math.floor(found * 10) / 10
        raise Refused(
            f"Colour: {accent} is too light for links and buttons. Its contrast with the page is {shown}:1, "
            f"and it needs {WANTED}:1. {darken(accent)} would do."
        )
    return accent


def read_colour(typed: str) -> str:
    """ "#rrggbb" from three or six hexadecimal digits, with or without "#"; empty from nothing. Raises Refused."""
    code = typed.strip().lower()
    if code and not re.fullmatch("#?([0-9a-f]{3}|[0-9a-f]{6})", code):
        raise Refused(f'Colour: found "{typed.strip()}"; expected a code such as #0e5160.')
    digits = code.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if digits else ""


def lowest_contrast(accent: str) -> float:
    """Contrast of "#rrggbb" with whichever of its backgrounds it stands out from least."""
    own = _channels(accent)
    tint = tuple(TINT * channel + 1 - TINT for channel in own)
    return min(contrast(own, background) for background in (_channels(GROUND), tint))


def darken(accent: str) -> str:
    """The nearest darker "#rrggbb" that can be read: red, green and blue keep their proportion, and so the hue."""
    channels = [round(255 * channel) for channel in _channels(accent)]
    brightest = max(channels) or 1
    darker = (
        "#" + "".join(f"{round(channel * level / brightest):02x}" for channel in channels)
        for level in range(brightest, -1, -1)
    )
    return next(colour for colour in darker if lowest_contrast(colour) >= WANTED)


def contrast(one: Channels, other: Channels) -> float:
    """From 1 (the same) to 21 (black and white), in either order."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(channels: Channels) -> float:
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> Channels:
    return tuple(channel / 255 for channel in bytes.fromhex(colour[1:]))
