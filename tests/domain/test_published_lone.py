"""Numbers on a line of their own: part of a sentence, of a page or of a list. All wording is invented."""

import pytest

from .test_published_variations import adult_text, marker_text, read_text, warnings_with


def with_everywhere(words):
    """One marker with `words` in its statement, rationale, second question and an item."""
    text = marker_text(questions=f"1. Is it hot?\n2. Is it {words}", more=f"Knowledge base\n\n- Tea is {words}")
    return text.replace("tea is hot.", f"Tea is {words}").replace("It warms.", f"It is {words}\n\nIt warms.")


@pytest.mark.parametrize("inset", ["", "   "])
@pytest.mark.parametrize(
    ("above", "number"),
    [
        *(
            ("made as the law says in section", number)
            for number in ("44.", "44", "3.", "44.2", "8.1", "[12]", "(44).")
        ),
        *(
            (f"made as is said on {word}", "12.")
            for word in ("page", "p.", "the long and last page", "para", "s.", "§")
        ),
        *((f"made as is said on {word}", "12") for word in ("page", "p.", "paragraph", "pages 10 and", "pages 9 to")),
        ("made by all of us for the first", "12."),
        ("made as is said on", "page 12"),
        ("made by guests of whom there are at least", "20."),
    ],
)
def test_number_that_ends_a_sentence_stays_with_it(above, number, inset):
    draft = read_text(with_everywhere(f"{above}\n{inset}{number}"))
    words = f"{above} {number}"
    assert (draft.statement, draft.rationale) == (f"Tea is {words}", f"It is {words}\n\nIt warms.")
    assert (draft.questions, draft.knowledge) == (("Is it hot?", f"Is it {words}"), (f"Tea is {words}",))
    assert not warnings_with(draft, "Left out")


@pytest.mark.parametrize("number", ["12", "12.", "page 12", "Page 12", "- 12 -", "12 of 40"])
@pytest.mark.parametrize("end", ["hot.", "hot?"])
def test_number_below_a_whole_sentence_is_left_out_and_named(number, end):
    draft = read_text(marker_text().replace("It warms.", f"It warms all that is {end}\n{number}\n\nIt does."))
    assert draft.rationale == f"It warms all that is {end}\n\nIt does."
    assert warnings_with(draft, "Left out", f'"{number}"')


def test_page_number_in_the_middle_of_a_sentence_is_left_out_and_named():
    draft = read_text(marker_text().replace("It warms.", "It warms all those who\n12\ncome to it."))
    assert draft.rationale == "It warms all those who come to it."
    assert warnings_with(draft, "Left out", '"12"')


@pytest.mark.parametrize("word", ["part", "section", "page"])
def test_page_number_between_pages_is_left_out_and_named(word):
    draft = read_text(marker_text().replace("It warms.", f"It warms the main {word}\n\n12\n\nof us."))
    assert draft.rationale == f"It warms the main {word} of us."
    assert warnings_with(draft, "Left out", '"12"')


@pytest.mark.parametrize("end", ["?", "", " of section"], ids=["whole", "no end", "calls for a number"])
def test_numbers_of_a_list_above_its_items_are_marks(end):
    asked = [f"Is it all very {word}{end}" for word in ("hot", "warm", "cold")]
    draft = read_text(marker_text(questions="\n".join(f"{n}.\n{ask}" for n, ask in enumerate(asked, 1))))
    assert draft.questions == tuple(asked)
    assert not warnings_with(draft, "Left out")


def test_number_without_an_item_below_a_broken_sentence_is_named():
    draft = read_text(marker_text(questions="1. Is it as hot as it was at stage\n2.\n\n2. Is it tea?"))
    assert draft.questions[-1] == "Is it tea?"
    assert warnings_with(draft, '"2."')


def test_number_below_the_words_quality_marker_is_its_own():
    draft = read_text(marker_text(title="Quality Marker\n8\nKettle care"))
    assert (draft.number, draft.title) == (8, "Kettle care")


def test_numbers_in_a_column_of_their_own_below_an_audience_are_marks():
    rows = adult_text("plain").split("\n\n")
    numbers = iter(range(1, 20))
    text = "\n\n".join(f"{next(numbers)}.\n\n{row}" if row.startswith("Is ") else row for row in rows)
    draft = read_text(text)
    assert (draft.questions, draft.warnings) == (read_text(adult_text("plain")).questions, ())
