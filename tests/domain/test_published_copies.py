"""Copies of one invented marker as programs make them: what is read is the marker itself, or a warning names it."""

import pytest

from scrqm_forms.domain.published_text import read_published_texts

from .test_published_variations import marker_text, read_text, warnings_with


@pytest.mark.parametrize(
    "words",
    [
        "Print this page\nShare\nBack to top\nCookies",
        "Print this page / Share / Back to top / Cookie",
        "Print | Share | Back to top",
        "↑ Back to top",
        "Back to top ↑",
        "[Back to top]",
        "Top",
        "Share: Twitter Facebook LinkedIn",
        "We use cookies to improve your experience. Accept Reject",
    ],
)
def test_words_of_a_page_between_sections_are_left_out_and_named(words):
    text = marker_text(more="Knowledge base\n\n- Tea.")
    for heading in ("Rationale", "How might you know", "Knowledge base"):
        text = text.replace(heading, f"{words}\n\n{heading}")
    draft = read_text(text)
    assert (draft.statement, draft.rationale, draft.knowledge) == ("tea is hot.", "It warms.", ("Tea.",))
    assert draft.questions == ("Is it hot?", "Is it tea?")
    assert len(draft.warnings) == 1
    assert all(part in draft.warnings[0] for part in words.split("\n"))


@pytest.mark.parametrize("mark", "§‒―−‐¨~+»›ØüvqlnuwmÖ⚫◾①")
def test_signs_of_another_font_are_marks_or_named(mark):
    texts = ("Tea matters (Leaf, 2001).", "Cups matter.", "Pots do.")
    draft = read_text(marker_text(more="Knowledge base\n\n" + "\n".join(f"{mark} {text}" for text in texts)))
    if draft.knowledge != texts:
        assert warnings_with(draft, f'Knowledge base: every item begins with "{mark}"')


@pytest.mark.parametrize(
    "mark",
    [
        *("[{n}] ", "{n}:\t", "{n} - ", "8.{n}: ", "QM8.{n} ", "Q.{n} ", "**{n}.** ", "Question {n} - "),
        *("• {n}. ", "{n}] ", "#{n} ", "No. {n} ", "{L}. ", "{L}) ", "{R}. ", "\\{n}. "),
    ],
)
def test_more_ways_to_number_questions_are_known(mark):
    asked = ("Is it hot?", "Is it tea?", "Are cups here?")
    marks = [mark.format(n=n + 1, L="ABC"[n], R=("I", "II", "III")[n]) for n in range(3)]
    listed = "\n".join(map("".join, zip(marks, asked, strict=True)))
    assert read_text(marker_text(questions=listed)).questions == asked


def test_questions_on_one_line_are_parted_by_their_numbers():
    draft = read_text(marker_text(questions="1. Is it hot? 2. Is it tea? 3. Those who pour (p. 4) are named."))
    assert draft.questions == ("Is it hot?", "Is it tea?", "Those who pour (p. 4) are named.")


@pytest.mark.parametrize("text", ["Is it hot? Is it tea? Is it late?", "Are these here: a the pot b the cups?"])
def test_question_that_may_hold_several_is_named(text):
    draft = read_text(marker_text(questions=text))
    assert draft.questions == (text,)
    assert warnings_with(draft, "Question 1 may hold several")


@pytest.mark.parametrize("reference", ["(Brewing, p.\n72).", "(Brewing, pp.\n7-9 and 12).", "(see para.\n4. of it)."])
def test_number_that_ends_a_reference_in_the_next_line_is_no_mark(reference):
    draft = read_text(marker_text(more=f"Knowledge base\n\n- Nothing says so {reference}\n- Tea."))
    assert draft.knowledge == (f"Nothing says so {' '.join(reference.split())}", "Tea.")


@pytest.mark.parametrize("inset", ["   ", "\t"])
@pytest.mark.parametrize("mark", ["({n}) ", "{n}. ", "2.{n} ", "2{l}) ", "({l}) "])
def test_inner_number_that_the_outer_list_could_go_on_with_stays_inside(mark, inset):
    inner = [inset + mark.format(n=n, l="abc"[n - 1]) + word for n, word in enumerate(("pot", "cup", "tray?"), 1)]
    listed = "\n".join(["1. Is it hot?", "2. Are these here:", *inner, "3. Is it tea?"])
    assert read_text(marker_text(questions=listed)).questions == (
        "Is it hot?",
        "Are these here:\n- pot\n- cup\n- tray?",
        "Is it tea?",
    )


@pytest.mark.parametrize("row", ["{heading}\t{text}", "| {heading} | {text} |"])
def test_heading_and_text_in_one_row_of_a_table_are_parted(row):
    cells = {
        "Quality statement": "tea is hot.",
        "Rationale": "It warms.",
        "How might you know if you are meeting this quality marker?": "1. Is it hot? 2. Is it tea?",
        "Tackling some common obstacles": "Cold pots.",
    }
    rows = [row.format(heading=heading, text=text) for heading, text in cells.items()]
    rule = ["| --- | --- |"] * row.startswith("|")
    draft = read_text("\n".join(["Quality Marker 8: Kettle care", *rule, *rows]))
    plain = (draft.statement, draft.rationale, draft.questions, draft.obstacles)
    assert plain == ("tea is hot.", "It warms.", ("Is it hot?", "Is it tea?"), ("Cold pots.",))


def test_message_passed_on_below_a_longer_answer_is_read():
    quoted = "\n".join(f"> {line}" for line in marker_text().splitlines())
    answer = "\n".join(f"I have read {n} of them." for n in range(40))
    assert read_text(f"{answer}\n\n{quoted}").questions == ("Is it hot?", "Is it tea?")


def test_signs_of_markdown_within_a_text_are_taken_out_and_named():
    text = marker_text().replace("tea is hot", "tea is **very** hot").replace("It warms.", "It *warms* 2 * 3\\*.")
    draft = read_text(text)
    assert (draft.statement, draft.rationale) == ("tea is very hot.", "It warms 2 * 3*.")
    assert warnings_with(draft, "Stars around words")
    assert warnings_with(draft, "Backslashes")


def test_bold_label_on_a_line_of_its_own_is_a_heading():
    assert read_text(marker_text().replace("Rationale", "**Rationale:**")).rationale == "It warms."


def test_blanks_that_are_no_break_ones_throughout_are_made_plain():
    draft = read_text(marker_text().replace(" ", "\u00a0"))
    assert draft.questions == ("Is it hot?", "Is it tea?")
    assert warnings_with(draft, "made plain ones")
    assert read_text(marker_text().replace("tea is", "tea\u00a0is")).statement == "tea\u00a0is hot."


@pytest.mark.parametrize("codec", ["cp1252", "utf-8"])
def test_quotes_read_as_latin_1_are_put_right_and_named(codec):
    text = marker_text().replace("hot.", "“hot” – it’s … tea.")
    draft = read_text(text.encode(codec).decode("latin-1"))
    assert draft.statement == "tea is “hot” – it’s … tea."
    assert warnings_with(draft, "another encoding", "“hot”")


def test_all_letters_read_as_latin_1_are_put_right_not_only_the_quotes():
    text = marker_text().replace("hot.", "hot: the guest’s tea costs £5 and ½ an hour at the café.")
    draft = read_text(text.encode().decode("latin-1"))
    assert draft.statement == read_text(text).statement
    assert len(draft.warnings) == 1


def test_letters_of_a_macintosh_are_named():
    draft = read_text(marker_text().replace("hot.", "“hot” or it’s not.").encode("mac_roman").decode("cp1252"))
    assert warnings_with(draft, "Some letters were lost")


@pytest.mark.parametrize("title", ["Cup care", "Quality Marker: Cup care"])
def test_second_marker_without_a_number_keeps_its_title(title):
    second = marker_text(title=title).replace("tea is hot", "cups are clean")
    first = marker_text(more="Knowledge base\n\n- Tea.")
    first, other = read_published_texts(f"{first}\n\n{second}")
    assert (first.number, first.knowledge, first.warnings) == (8, ("Tea.",), ())
    assert (other.number, other.above, other.statement) == (None, (title,), "cups are clean.")


def test_last_item_without_a_mark_stays_with_the_first_marker():
    first = marker_text(more="Knowledge base\n\nTea.\n\nAsk early")
    first, _other = read_published_texts(f"{first}\n\n{marker_text(title='')}")
    assert first.knowledge == ("Tea.", "Ask early")


def test_items_without_marks_that_were_joined_are_named():
    lines = "Good management of tea is helped by there being a lot of time for it.\nHosts who lead often help"
    more = f"Tackling some common obstacles\n\n{lines} to address\nwhat comes up while it is poured."
    draft = read_text(marker_text(more=more))
    assert len(draft.obstacles) == 2 or warnings_with(draft, "Obstacle 1: the line below was read as part of it")


@pytest.mark.parametrize(
    "text",
    ["12 – 18 months is too long.", "10: 30 is too late.", "§ 4 says so.", "+ 3 is a number.", "n = 12 cups were hot."],
)
def test_number_or_sign_that_begins_a_sentence_stays(text):
    draft = read_text(marker_text(more=f"Knowledge base\n\nTea matters.\n\n{text}"))
    assert draft.knowledge == ("Tea matters.", text)


def test_part_of_a_whole_is_no_list_within_an_item():
    draft = read_text(marker_text(questions="1. Is this so: 1 in 2 cups is hot?"))
    assert draft.warnings == ()


def test_word_behind_a_stroke_at_the_end_of_a_line_has_no_blank_before_it():
    draft = read_text(marker_text(questions="1. Is it for the pots/\n   cups?\n2. Is it 1 /\n   2?"))
    assert draft.questions == ("Is it for the pots/cups?", "Is it 1 / 2?")


def test_dash_right_before_a_word_is_a_mark_too():
    draft = read_text(marker_text(questions="-Is it hot?\n-Are there well-\nmade pots?"))
    assert draft.questions[0] == "Is it hot?"
    assert len(draft.questions) == 2
