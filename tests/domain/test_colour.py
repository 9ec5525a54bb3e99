import colorsys
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain import colour
from scrqm_forms.domain.colour import check_accent, contrast, darken, lowest_contrast, read_colour
from scrqm_forms.domain.errors import Refused

STYLE = Path(colour.__file__).parents[1] / "web" / "static" / "style.css"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def channels_of(code):
    return [channel / 255 for channel in bytes.fromhex(code[1:])]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#0e5160", "#0e5160"),
        ("0E5160", "#0e5160"),
        (" #0E5160 ", "#0e5160"),
        ("#07c", "#0077cc"),
        ("07C", "#0077cc"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_colour_is_read_however_it_is_written(typed, read):
    assert read_colour(typed) == read


@pytest.mark.parametrize("typed", ["teal", "#", "#0e516", "#0e51600", "##0e5160", "rgb(1,2,3)", "#0e516g", "#٠e5160"])
def test_what_is_no_code_is_refused_with_what_was_found(typed):
    with pytest.raises(Refused, match=re.escape(f'Colour: found "{typed}"; expected a code such as #0e5160.')):
        read_colour(typed)


@given(st.text())
def test_any_text_is_read_or_refused(typed):
    try:
        read = read_colour(typed)
    except Refused:
        return
    assert re.fullmatch("(#[0-9a-f]{6})?", read)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        # The greys on either side of 4.5:1, and the pure colours.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.00),
        ("#0000ff", "#ffffff", 8.59),
        ("#00ff00", "#000000", 15.3),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(channels_of(one), channels_of(other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(channels_of(other), channels_of(one)) == contrast(channels_of(one), channels_of(other))


@pytest.mark.parametrize("typed", ["#0e5160", "#1d70b8", "#7A1F5C", "000", ""])
def test_dark_colour_is_taken(typed):
    assert check_accent(typed) == read_colour(typed)


def test_light_colour_is_refused_with_its_contrast_and_one_that_would_do():
    with pytest.raises(Refused) as refused:
        check_accent("#B5651D")
    assert str(refused.value) == (
        "Colour: #b5651d is too light for links and buttons. Its contrast with the page is 3.9:1, "
        "and it needs 4.5:1. #a55c1a would do."
    )


def test_contrast_just_too_low_is_not_told_as_enough():
    assert 4.45 < lowest_contrast("#707070") < 4.5
    with pytest.raises(Refused, match=re.escape("is 4.4:1, and it needs 4.5:1")):
        check_accent("#707070")


@given(COLOURS)
def test_colour_that_is_taken_can_be_read_wherever_it_stands(accent):
    """On the page, in a box of its own tint, and white upon it."""
    try:
        taken = channels_of(check_accent(accent))
    except Refused:
        return
    for background in ("#fbf9f5", "#ffffff"):
        assert contrast(taken, channels_of(background)) >= 4.5
    assert contrast(taken, [0.08 * channel + 0.92 for channel in taken]) >= 4.5


@given(COLOURS)
def test_colour_that_is_proposed_is_taken(accent):
    assert check_accent(darken(accent)) == darken(accent)


@given(COLOURS)
def test_colour_that_is_proposed_is_the_nearest_of_its_proportions(accent):
    """Each channel is as much darker as the brightest, in whole numbers, and one step brighter is too light."""
    before, after = (bytes.fromhex(code[1:]) for code in (accent, darken(accent)))
    brightest, level = max(before) or 1, max(after)
    assert after == bytes(round(channel * level / brightest) for channel in before)
    if level < max(before):
        brighter = bytes(round(channel * (level + 1) / brightest) for channel in before)
        assert lowest_contrast(f"#{brighter.hex()}") < 4.5


@pytest.mark.parametrize("accent", ["#ff0000", "#ffee00", "#00c853", "#009fe3", "#b5651d", "#e91e63"])
def test_colour_that_is_proposed_keeps_the_hue(accent):
    hues = [colorsys.rgb_to_hls(*channels_of(code))[0] for code in (accent, darken(accent))]
    assert hues[0] == pytest.approx(hues[1], abs=0.005)


def test_rule_and_stylesheet_agree_on_backgrounds():
    style = STYLE.read_text(encoding="utf-8")
    assert f"--ground:{colour.GROUND};" in style
    assert f"--tint:color-mix(in srgb, var(--accent) {colour.TINT:.0%}, #fff);" in style


def test_usual_colour_would_be_taken():
    (usual,) = re.findall(r"--accent:(#\w+);", STYLE.read_text(encoding="utf-8"))
    assert check_accent(usual) == usual
