"""Texts made to keep the reader busy, or that do by accident: a line to sign on held up everybody.

Read in a moment or so each; with a pattern that goes back over what it has read they would take hours.
"""

import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.names import tidy_name
from scrqm_forms.domain.published_headings import undress

from .test_published_variations import marker_text, read_text

N = 300_000


def ascii_start(text):
    return ascii(text[:12])


PLAIN = "The end of it."


@pytest.mark.parametrize(
    "text",
    [
        f"Signed: {'_' * 60} Date: 2016",
        f"Kettles {'*' * 190}(28){'*' * 190} see below",
        f"a{' ' * N}b",
        f"|{' ' * N}b",
        f"{PLAIN}\n" + "| a |\n" * 30 + f"|{' ' * N}b",
        f"{'- ' * N}",
        f"{'(' * N}",
        f"{'> ' * N}",
        f"a: {'b: ' * N}",
        "\n" * N,
        f"{PLAIN}\n{' ' * N}\n{PLAIN}",
        f"{'§ ' * N}",
        f"{'1.' * N}",
        f"a{chr(9) * N}b",
        f"{'Â ' * N}",
    ],
    ids=ascii_start,
)
def test_text_within_a_marker_does_not_keep_the_reader_busy(text):
    assert read_text(marker_text().replace("It warms.", f"It warms.\n\n{text}")).questions[-1] == "Is it tea?"


def test_chain_of_numbers_within_one_line_does_not_keep_the_reader_busy():
    asked = f"1. See p. 1 {'2. a p. ' * (N // 8)}"
    assert read_text(marker_text(questions=asked)).questions


def test_name_of_blanks_does_not_keep_the_reader_busy():
    with pytest.raises(Refused, match="found 300,002 characters"):
        tidy_name(f"a{' ' * N}b", "Name")


@pytest.mark.parametrize(
    "row", [f"a{' ' * N}b", f"a{'_' * N}b", f"a{'|' * N}b", f"#{' ' * N}b", f"b{'* ' * N}b"], ids=ascii_start
)
def test_row_is_undressed_in_a_moment(row):
    assert undress(row).endswith("b")
