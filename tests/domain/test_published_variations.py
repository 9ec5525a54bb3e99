"""One invented marker in every shape in which the published ones are held: what is read is the marker itself."""

import pytest

from scrqm_forms.domain.published_marks import plain_bullets
from scrqm_forms.domain.published_text import NotAMarker, decode_document, read_published_text, read_published_texts

from .published_shapes import RATIONALE, WAYS, all_pairs, expected, plain_shape, write_document


def read(shape):
    return read_published_text(decode_document(write_document(shape)))


def name_of(shape):
    plain = plain_shape()
    return ", ".join(f"{way} {choice!r}" for way, choice in shape.items() if choice != plain[way]) or "plain"


def assert_read(shape):
    draft = read(shape)
    wanted = expected(shape)
    assert {name: getattr(draft, name) for name in wanted} == wanted, draft.warnings
    whole = [part for part in RATIONALE if isinstance(part, str)]
    assert [part for part in whole if part not in draft.rationale.split("\n\n")] == []
    assert all(item in draft.rationale for item in RATIONALE[2])


PAIRS = all_pairs()
EACH = [plain_shape(**{way: choice}) for way, choices in WAYS.items() for choice in choices]


@pytest.mark.parametrize("shape", EACH, ids=name_of)
def test_each_way_of_writing_a_marker_is_read(shape):
    assert_read(shape)


@pytest.mark.parametrize("shape", PAIRS, ids=range(len(PAIRS)))
def test_any_two_ways_together_are_read(shape):
    assert_read(shape)


def read_text(text):
    return read_published_text(text)


def marker_text(title="Quality Marker 8: Kettle care", questions="1. Is it hot?\n2. Is it tea?", more=""):
    parts = (
        title,
        "Quality statement: tea is hot.",
        "Rationale",
        "It warms.",
        "How might you know if you are meeting this quality marker?",
        questions,
        more,
    )
    return "\n\n".join(part for part in parts if part)


def warnings_with(draft, *words):
    return [warning for warning in draft.warnings if all(word in warning for word in words)]


# Marks, signs and broken lines


@pytest.mark.parametrize(
    "mark", ["☐ ", "\uf0d8\t", "→ ", "✓ ", "∙ ", "Question {n}: ", "{n} ", "{n}\t", "i. ", "q{n}) "]
)
def test_signs_and_numbers_before_questions_are_marks(mark):
    asked = ("Is it hot?", "Is it tea?", "Are 2 cups here?")
    listed = "\n".join(mark.format(n=n) + ask for n, ask in enumerate(asked, 1))
    assert read_text(marker_text(questions=listed)).questions == asked


@pytest.mark.parametrize("mark", ["\uf0b7 ", "\uf0b7\t", "\uf0a7", "\uf0b7\n"])
def test_bullet_of_a_private_font_is_a_plain_one_in_running_text(mark):
    listed = f"It takes:\n\n{mark}leaves\n{mark}hot \uf0b7 water."
    draft = read_text(marker_text(more=f"Knowledge base\n\n{mark}Tea.").replace("It warms.", listed))
    assert (draft.rationale, draft.knowledge) == ("It takes:\n\n• leaves\n\n• hot • water.", ("Tea.",))
    assert draft.warnings == ()


def test_number_that_begins_a_question_without_marks_stays():
    draft = read_text(marker_text(questions="12 Cups are there?\n\n3 Spoons are there?"))
    assert draft.questions == ("12 Cups are there?", "3 Spoons are there?")


@pytest.mark.parametrize("mark", ["o ", "o\u00a0\u00a0 ", "o   "])
def test_letter_that_word_draws_as_a_bullet_is_one(mark):
    listed = f"• Two reasons:\n{mark}warmth\n{mark}taste.\n• None else."
    draft = read_text(marker_text(more=f"Knowledge base\n\n{listed}"))
    assert draft.knowledge == ("Two reasons:\n- warmth\n- taste.", "None else.")


def test_single_inner_item_with_word_s_letter_below_a_broken_one_is_one():
    draft = read_text(marker_text(more="Knowledge base\n\n• Two reasons and\no warmth\n▪ taste\n• None else."))
    assert draft.knowledge == ("Two reasons and\n- warmth\n  - taste", "None else.")


def test_third_letter_of_a_list_is_no_sign_of_copyright():
    draft = read_text(marker_text(questions="(a) Is it hot?\n(b) Is it tea?\n(c) Are there cups?"))
    assert draft.questions == ("Is it hot?", "Is it tea?", "Are there cups?")


@pytest.mark.parametrize(
    "label",
    [
        "Quality statement. ",
        "Quality statement ",
        "**Quality statement:** ",
        "**Quality statement**: ",
        '"Quality statement"\n',
    ],
)
def test_label_is_parted_from_its_statement(label):
    statement = "The rationale of tea is clear: it is poured hot, and never late."
    draft = read_text(marker_text().replace("Quality statement: tea is hot.", label + statement))
    assert (draft.statement, draft.rationale) == (statement, "It warms.")


def test_links_on_one_line_are_no_statement():
    links = "Quality statement Rationale How might you know Knowledge base Tackling some common obstacles"
    assert read_text(f"{links}\n\n{marker_text()}").statement == "tea is hot."


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Marker 8: Kettle care", 8),
        ("# Quality Marker 8: Kettle care", 8),
        ("**Quality Marker 8: Kettle care**", 8),
        ("Kettle care (Quality Marker 8)", 8),
        ("Kettle care – SCR Quality Marker 8", 8),
        ("8. Kettle care", None),
    ],
)
def test_title_is_found_however_it_is_written(title, number):
    draft = read_text(marker_text(title=title))
    assert (draft.number, draft.title) == (number, "Kettle care")


def test_rules_drawn_across_the_page_are_no_text():
    text = marker_text().replace("Rationale", "Rationale\n---------").replace("tea is hot.", "tea is hot.\n\n=====")
    assert read_text(text) == read_text(marker_text())


def test_message_passed_on_by_mail_is_read_without_its_quotation_marks():
    quoted = "\n".join(f"> {row}" for row in marker_text().split("\n"))
    assert read_text(f"On Monday somebody wrote:\n{quoted}").questions == ("Is it hot?", "Is it tea?")


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200e", "\u2060", "\u00ad\n"])
def test_what_nobody_sees_is_taken_out_and_named(unseen):
    draft = read_text(marker_text(more=f"Know{unseen}ledge base\n\n- Tea is the{unseen}rapy."))
    assert draft.knowledge == ("Tea is therapy.",)
    assert warnings_with(draft, "nobody sees", "2 times")


def test_joined_letters_are_written_out_and_named():
    draft = read_text(marker_text(questions="1. Is the ﬁre oﬀ?"))
    assert draft.questions == ("Is the fire off?",)
    assert warnings_with(draft, "Letters joined", "2 times")


WRAPPED = (
    "Cold tea disappoints those who came from far away to drink it with us.\n"
    "Guests who wait too long for it go home, and they tell everybody\nabout it. "
    "That is a pity."
)


def test_lines_broken_at_a_width_stay_one_paragraph():
    draft = read_text(marker_text().replace("It warms.", WRAPPED))
    assert draft.rationale == WRAPPED.replace("\n", " ")


def test_short_line_before_a_capital_ends_a_paragraph_where_no_blank_line_does():
    draft = read_text(marker_text().replace("It warms.", f"{WRAPPED}\nIt need not be so."))
    assert draft.rationale == WRAPPED.replace("\n", " ") + "\n\nIt need not be so."


@pytest.mark.parametrize("mark", ["- ", ""], ids=["marked", "marks lost"])
def test_list_in_the_rationale_ends_where_a_sentence_begins(mark):
    """As web pages are copied: a line for each paragraph, no blank lines, and bullets that may get lost."""
    listed = f"{mark}the leaves of the year\n{mark}warm cups"
    text = marker_text().replace(
        "It warms.", f"Good tea asks for several things, including:\n{listed}\nAll of it is needed."
    )
    parts = read_text(text).rationale.split("\n\n")
    assert parts[1:] == [f"{mark}the leaves of the year", f"{mark}warm cups", "All of it is needed."]


def test_words_of_a_form_among_the_questions_are_none_and_named():
    """A checklist as a table: a number, the question, and what to fill in."""
    draft = read_text(
        marker_text(questions="No.\n\nQuestion\n\nYes / No\n\nComments\n\n1\n\nIs it hot?\n\n2\n\nIs it tea?")
    )
    assert draft.questions == ("Is it hot?", "Is it tea?")
    assert warnings_with(draft, "Left out", '"Comments"', '"Yes / No"')


# What is missing, broken off or lost


def test_document_that_ends_in_an_item_of_the_rationale_says_so():
    draft = read_text(marker_text().partition("How might")[0] + "It takes:\n\n- leaves\n- water that is")
    assert warnings_with(draft, "rationale may be cut off", "water that is")


@pytest.mark.parametrize("end", ["Knowledge ba", "Equality & div", "Link to statutory guidance & insp", "Tackling"])
def test_document_that_ends_in_a_heading_says_so_and_has_no_such_section(end):
    draft = read_text(marker_text(more=end))
    assert (draft.knowledge, draft.equality, draft.guidance, draft.obstacles) == (None,) * 4
    assert draft.questions == ("Is it hot?", "Is it tea?")
    assert warnings_with(draft, "breaks off", end)


@pytest.mark.parametrize("end", ["Link to statutory guid", "Tackling some", "Knowledge"])
def test_heading_broken_off_right_below_an_empty_heading_is_no_item(end):
    draft = read_text(marker_text(more=f"Equality and Diversity\n{end}"))
    assert draft.equality == ()
    assert warnings_with(draft, "breaks off", end)
    assert not warnings_with(draft, "may be cut off")


def test_heading_broken_off_in_the_middle_is_taken_for_what_it_begins():
    draft = read_text(marker_text(more="Tackling some common\n\n- A spare kettle helps."))
    assert draft.obstacles == ("A spare kettle helps.",)
    assert warnings_with(draft, "broken off", "Tackling some common")


def test_list_lost_from_the_rationale_is_named():
    draft = read_text(marker_text().replace("It warms.", "It takes, including:\n\nAll of these matter."))
    assert draft.rationale == "It takes, including:\n\nAll of these matter."
    assert warnings_with(draft, "list seems to be missing", "including:")


def test_rationale_that_is_cut_off_is_named():
    assert warnings_with(read_text(marker_text().replace("It warms.", "It warms and")), "rationale may be cut off")


def test_item_that_announces_others_where_their_level_is_lost_is_named():
    draft = read_text(marker_text(more="Knowledge base\n\n- There are two reasons:\n- warmth\n- taste."))
    assert draft.knowledge == ("There are two reasons:", "warmth", "taste.")
    assert warnings_with(draft, "Knowledge base item 1", "colon")


@pytest.mark.parametrize("mark", ["    • ", "  - ", "\to\t"], ids=["bullets", "dashes", "Word"])
def test_nested_items_keep_their_level(mark):
    listed = f"• Two reasons:\n{mark}warmth\n{mark}taste (Morriset al., 2013).\n• None else."
    draft = read_text(marker_text(more=f"Knowledge base\n\n{listed}"))
    assert draft.knowledge == ("Two reasons:\n- warmth\n- taste (Morriset al., 2013).", "None else.")


def test_third_level_stands_further_in():
    draft = read_text(marker_text(more="Knowledge base\n\n• One:\n    • two:\n        • three\n    • four.\n• Five."))
    assert draft.knowledge == ("One:\n- two:\n  - three\n- four.", "Five.")


def test_whole_question_further_in_is_a_question_and_named():
    draft = read_text(marker_text(questions="1. Is it hot?\n    • Is it very hot?\n2. Is it tea?"))
    assert draft.questions == ("Is it hot?", "Is it very hot?", "Is it tea?")
    assert warnings_with(draft, "Question 2", "further in")


def test_example_on_the_line_after_a_question_is_kept_with_it():
    draft = read_text(marker_text(questions="  1. Is it hot?\n     For example, at noon.\n  2. Is it tea?\n     "))
    assert draft.questions == ("Is it hot? For example, at noon.", "Is it tea?")


def test_page_citation_at_the_start_of_a_wrapped_line_is_no_item():
    draft = read_text(marker_text(more="Knowledge base\n\n- Said before (Leaf, 2001,\np. 72) and after."))
    assert draft.knowledge == ("Said before (Leaf, 2001, p. 72) and after.",)


@pytest.mark.parametrize("mark", ["", "- ", "1. "])
def test_number_out_of_turn_at_the_start_of_a_wrapped_line_is_no_mark(mark):
    draft = read_text(marker_text(more=f"Knowledge base\n\n{mark}Said in what is open to all (p\n72). It is so."))
    assert draft.knowledge == ("Said in what is open to all (p 72). It is so.",)


# Letters


@pytest.mark.parametrize("text", ["Wrocław Ā", "Āda", "MĀORI", "ŪNĀ is"])
def test_genuine_letters_stay(text):
    draft = read_text(marker_text(questions=f"1. Is {text}x hot?"))
    assert draft.questions == (f"Is {text}x hot?",)


def test_misread_blank_at_the_end_of_a_line_is_repaired_and_named():
    draft = read_text("Kettle care\n\nTea House Quality MarkersĀ\n\n" + marker_text(title=""))
    assert draft.title == "Kettle care"
    assert warnings_with(draft, '"Ā"')


@pytest.mark.parametrize("letter", ["Ā", "Â"])
def test_letter_that_stands_alone_leaves_one_blank_and_its_places_are_counted(letter):
    draft = read_text(marker_text(questions=f"1. Are Smith {letter} and Lee here?\n2. Is it {letter} hot?"))
    assert draft.questions == ("Are Smith and Lee here?", "Is it hot?")
    assert warnings_with(draft, f'"{letter}"', "2 times")


def test_letters_lost_on_the_way_are_named_and_not_guessed():
    draft = read_text(marker_text(questions="1. Is the guestâ€™s tea hot?"))
    assert draft.questions == ("Is the guestâ€™s tea hot?",)
    assert warnings_with(draft, "â€™")


# Titles without a number


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("Skip to content\n\nKettle care\n\nTea House Quality Markers", "Kettle care"),
        ("8. Kettle care\nTea House Quality Markers", "Kettle care"),
        ("Skip to content\n\n\nTea House Quality Markers", None),
        ("", None),
    ],
    ids=["above the set's name", "numbered as in a list", "lost", "nothing"],
)
def test_title_next_to_the_name_of_the_set_is_found(above, title):
    draft = read_text(f"{above}\n\n{marker_text(title='')}")
    assert draft.title == title
    assert draft.number == (8 if above.startswith("8") else None)
    assert title is None or not draft.warnings or title in draft.warnings[0]


# Several in one document


def test_several_markers_are_parted_at_their_titles():
    words = [
        marker_text(title=f"Quality Marker {n}: Tea {n}", more=f"Knowledge base\n\n- Fact {n}.") for n in (7, 8, 9)
    ]
    drafts = read_published_texts("Contents\nQuality Marker 7: Tea 7\nQuality Marker 8: Tea 8\n\n" + "\n\n".join(words))
    assert [(draft.number, draft.title) for draft in drafts] == [(7, "Tea 7"), (8, "Tea 8"), (9, "Tea 9")]
    assert [draft.knowledge for draft in drafts] == [("Fact 7.",), ("Fact 8.",), ("Fact 9.",)]
    assert [draft.warnings for draft in drafts] == [()] * 3


def test_marker_without_questions_among_several_is_parted_from_the_next():
    first, second = marker_text().partition("How might")[0], marker_text(title="Quality Marker 9: Spoons")
    drafts = read_published_texts(f"{first}\n\n{second}")
    assert [(draft.number, len(draft.questions)) for draft in drafts] == [(8, 0), (9, 2)]


# The markers for adults' reviews


AUDIENCES = {
    "accountable": "Those ultimately accountable; Tea Board members and Chair",
    "delegated": "Those with delegated responsibility; the tea subgroup or similar",
    "conducting": "Those conducting the review; Independent Tasters",
    "supporting": "Those providing practical support; Tea Managers/Unit",
}
STATEMENT = "The tea is brewed with care. It runs smoothly, and the welfare of all guests is attended to."


def adult_text(layout, title="Brewing of the tea\nSAR Quality Marker 7"):
    """Three questions for each audience but the third, which has none."""
    head, item, between = {
        "button": ("-\nOpen {}", "- {}", "\n"),
        "heading": ("{}", "  • {}", "\n\n"),
        "bullet": ("• {}", "    • {}", "\n"),
        "folded": ("+ {}", "{n}. {}", "\n"),
        "plain": ("{}:", "{}", "\n\n"),
    }[layout]
    rows = [title, STATEMENT, "Questions to consider for:"]
    for key, words in AUDIENCES.items():
        rows.append(head.format(words))
        rows += [item.format(f"Is {key} {n}?", n=n) for n in (1, 2, 3) if key != "conducting"]
    return between.join(rows)


@pytest.mark.parametrize("layout", ["button", "heading", "bullet", "folded", "plain"])
def test_questions_stand_under_their_audience(layout):
    draft = read_text(adult_text(layout))
    asked = [key for key in AUDIENCES if key != "conducting" for _ in range(3)]
    assert draft.questions == tuple(f"Is {key} {n % 3 + 1}?" for n, key in enumerate(asked))
    assert draft.audiences == tuple(asked)
    assert (draft.statement, draft.rationale, draft.warnings) == (STATEMENT, "", ())


def test_statement_for_adults_broken_at_a_width_stays_whole():
    lines = (
        "The tea is brewed with care. It runs smoothly, and the welfare of all the guests is\n"
        "attended to. It ends when it should. There is enough of it for each and every guest.\n"
        "The cups are warm."
    )
    draft = read_text(adult_text("plain").replace(STATEMENT, lines))
    assert (draft.statement, draft.rationale) == (lines.replace("\n", " "), "")


def test_name_of_an_audience_may_go_on_in_the_next_line():
    draft = read_text(adult_text("button").replace("; Tea Board members and Chair", "; Tea Board\nmembers and Chair"))
    assert (draft.audiences[0], draft.warnings) == ("accountable", ())


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Brewing of the tea\nSAR Quality Marker 7", "Brewing of the tea"),
        ("Skip to content\n\nSAR Quality Marker 7: Brewing of the tea\n\nSAR Quality Marker 7", "Brewing of the tea"),
        ("SAR Quality Marker 7: Brewing of the tea", "Brewing of the tea"),
        ("Skip to content\n\nSAR Quality Marker 7", None),
    ],
    ids=["above", "twice", "after", "none"],
)
def test_title_of_a_marker_for_adults_is_found(title, words):
    draft = read_text(adult_text("button", title))
    assert (draft.number, draft.title, draft.statement) == (7, words, STATEMENT)


def test_subheading_among_the_questions_is_left_out_and_named():
    draft = read_text(adult_text("button").replace("- Is accountable 2?", "Mandatory tea\n- Is accountable 2?"))
    assert draft.questions[:2] == ("Is accountable 1?", "Is accountable 2?")
    assert warnings_with(draft, "Left out", "Mandatory tea")


def test_subheading_among_questions_without_marks_is_left_out_and_named():
    """As a web page is copied by a browser."""
    text = adult_text("plain").replace("Is accountable 2?", "The tea\n\nIs accountable 2?").replace("\n\n", "\n")
    draft = read_text(text.replace(STATEMENT, f"\n{STATEMENT}\n"))
    assert draft.questions[:3] == ("Is accountable 1?", "Is accountable 2?", "Is accountable 3?")
    assert warnings_with(draft, "Left out", "The tea")


def test_what_stands_below_a_list_is_named_in_one_warning():
    draft = read_text(marker_text(more="Knowledge base\n\n- Tea.\n\nRelated pages\n\n- Cups\n\n- Spoons"))
    assert (draft.knowledge, len(draft.warnings)) == (("Tea.",), 1)
    assert warnings_with(draft, "Left out", "Check that none", '"Related pages", "- Cups", "- Spoons"')


@pytest.mark.parametrize("name", ["1. {}", "For {}", "**{}**", "### {}", "▸ {}"])
def test_name_of_an_audience_is_told_however_it_is_written(name):
    text = adult_text("button").replace(f"Open {AUDIENCES['accountable']}", name.format(AUDIENCES["accountable"]))
    draft = read_text(text)
    assert (len(draft.questions), draft.audiences[0], draft.warnings) == (9, "accountable", ())


def test_document_that_names_not_all_audiences_may_be_cut_off():
    draft = read_text(adult_text("heading").partition(AUDIENCES["conducting"])[0])
    assert len(draft.questions) == 6
    assert warnings_with(draft, "those conducting the review, those providing practical support", "cut off")


def test_words_for_no_question_are_none():
    text = adult_text("plain").replace(
        f"{AUDIENCES['conducting']}:", f"{AUDIENCES['conducting']}:\n\nThere are no questions."
    )
    draft = read_text(text)
    assert (len(draft.questions), "conducting" in draft.audiences) == (9, False)
    assert warnings_with(draft, "Left out among the questions", "There are no questions.")


def test_audience_named_within_a_question_is_none():
    draft = read_text(adult_text("button").replace("Is accountable 2?", "Those conducting the review have tea?"))
    assert draft.questions[1] == "Those conducting the review have tea?"
    assert draft.audiences[:3] == ("accountable",) * 3


@pytest.mark.parametrize(
    "below", ["Questions to consider for:", "Questions to consider for:\n\n" + AUDIENCES["delegated"]]
)
def test_page_for_adults_whose_questions_are_lost_is_refused(below):
    with pytest.raises(NotAMarker, match="no questions"):
        read_text(f"SAR Quality Marker 4: Tea\n\nSAR Quality Marker 4\n\n{STATEMENT}\n\n{below}")


# What is no marker


@pytest.mark.parametrize(
    "text",
    [
        "List of 15 Tea Quality Markers\n\n1 – Kettle: It is hot. View Quality Marker 1\n\n2 – Cups: So are these.",
        "Outputs: Quality Markers\n\nThe tea\n\nThe tea is hot.\n\nThe cups\n\nThe cups are too.",
        "Quality Markers\n- Kettle care\n- Cups\n\nHow might you use them?\n1. Boil water?\n2. Drink?",
    ],
    ids=["list", "stage", "index"],
)
def test_page_about_several_markers_is_refused(text):
    with pytest.raises(NotAMarker, match="not a marker"):
        read_text(text)


def test_large_text_that_is_no_marker_is_refused():
    text = decode_document(b"The tea is hot (Leaf, 2001): is it, and is it not?\n- 1. o Quality marker \n" * 10_000)
    with pytest.raises(NotAMarker):
        read_text(text)


def test_document_is_shown_with_plain_bullets_for_signs_of_a_font_of_their_own():
    assert plain_bullets("\uf0b7 one\n  \uf0a7\ttwo \uf0fcthree") == "• one\n  • two •three"


# Headings by other names


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Statutory guidance", "guidance"),
        ("STATUTORY GUIDANCE AND INSPECTION CRITERIA", "guidance"),
        ("Link to statutory\nguidance and inspection\ncriteria", "guidance"),
        ("Equality, diversity and inclusion", "equality"),
    ],
)
@pytest.mark.parametrize("mark", ["", "- "])
@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_heading_with_nothing_under_it_is_no_part_of_the_section_above(heading, name, mark, between):
    below = between.join([heading, "Tackling some common obstacles", "- A kettle."])
    draft = read_text(marker_text(more=f"Knowledge base\n\n{mark}Tea matters.{between}{below}"))
    assert (draft.knowledge, getattr(draft, name), draft.obstacles) == (("Tea matters.",), (), ("A kettle.",))
    assert [warning.partition('" ')[2] for warning in draft.warnings] == ["has no text under it."]


def test_name_of_a_section_within_a_sentence_is_no_heading():
    draft = read_text(
        marker_text(more="Knowledge base\n\n- It is known from research and from the\n  statutory guidance")
    )
    assert draft.knowledge == ("It is known from research and from the statutory guidance",)


def test_unknown_heading_with_nothing_under_it_is_named():
    draft = read_text(marker_text(more="Knowledge base\n\nTea matters.\n\nResearch\n\nTackling some common obstacles"))
    assert warnings_with(draft, "Knowledge base item 2 may be a heading with no text under it", "Research")
