"""Published documents are imported to the letter. Their text is not ours to store: all documents here are invented."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scrqm_forms.domain.marker import Marker, Obstacle, Question
from scrqm_forms.domain.published_text import (
    MAX_SIZE,
    DraftMarker,
    NotAMarker,
    decode_document,
    draft_to_marker,
    read_published_text,
)
from scrqm_forms.domain.wording import VOCABULARIES, fill_in

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "quality-marker-08.txt"

HEADINGS = {
    "statement": "Quality statement:",
    "rationale": "Rationale",
    "questions": "How might you know if you are meeting this quality marker?",
    "knowledge": "Knowledge base",
    "equality": "Equality and diversity",
    "guidance": "Link to statutory guidance and inspection criteria",
    "obstacles": "Tackling some common obstacles",
}
STATEMENT = "the kettle is boiled before guests arrive. It is poured hot"
RATIONALE = "Cold tea disappoints. Guests who wait too long go home."
QUESTIONS = ("Is there a kettle?", "Does somebody fill it?", "Are the cups clean?")
KNOWLEDGE = ("Tea drinkers report that hot water matters.", "The Tea Office found the same (Leaf, 2001, 2002).")
GUIDANCE = ("No law says how tea is made.",)
OBSTACLES = ("A spare kettle helps.", "One person who pours is better than three.")
AUXILIARY_VERBS = (
    *("Is", "Are", "Was", "Were", "Do", "Does", "Did", "Has", "Have", "Had", "Can", "Could"),
    *("Will", "Would", "Should", "Shall", "May", "Might", "Must", "is", "ARE"),
)
CLOSING = (
    "This is one of a set of 18 Quality Markers which aim to support tea. They cover the whole pot.",
    "The SCR Quality Markers were produced as part of the Teapot Project. For more see tea.example/pot",
)


def make_document(
    *,
    title="Quality Marker 8: Kettle care",
    statement=STATEMENT,
    rationale=(RATIONALE,),
    questions=QUESTIONS,
    knowledge=KNOWLEDGE,
    equality=None,
    guidance=GUIDANCE,
    obstacles=OBSTACLES,
    closing=CLOSING,
    headings=HEADINGS,
    question_mark="{n}. ",
    mark="- ",
    between="",
    above="\n\nTea House Quality Markers\n\nSupporting dialogue about tea\n\n",
):
    """A document in the published shape; None leaves a part out, heading and all."""
    blocks = [title] if title else []
    if statement is not None:
        blocks.append(f"{headings['statement']} {statement}")
    if rationale is not None:
        blocks += [headings["rationale"], *rationale]
    lists = {"questions": questions, "knowledge": knowledge, "equality": equality}
    lists |= {"guidance": guidance, "obstacles": obstacles}
    for name, items in lists.items():
        if items is not None:
            marked = [
                (question_mark if name == "questions" else mark).format(n=n) + item for n, item in enumerate(items, 1)
            ]
            blocks += [headings[name], f"\n{between}".join(marked)]
    return above + "\n\n".join(block for block in [*blocks, *closing] if block)


def make_question(key, n, **fields):
    return Question(id=key, ask=f"Our words for {key}?", published=n, **fields)


def make_marker(*questions, **fields):
    return Marker(
        id="qm08",
        number=8,
        title="Kettle care",
        stage="running",
        statement="Tea is hot.",
        rationale="Hot tea is good.",
        source="Us",
        wording_status="adapted",
        questions=questions,
        **fields,
    )


def import_marker(text, shipped=None, earlier=None, number=8):
    draft = read_published_text(text)
    return draft_to_marker(
        draft,
        shipped,
        marker_id="qm08",
        number=number,
        title="Kettle care",
        stage="running",
        source="Tea House (2016)",
        earlier=earlier,
    )


def import_questions(*questions, shipped=None, earlier=None):
    return import_marker(make_document(questions=questions), shipped, earlier)[0].questions


def assert_one_warning(draft, *parts):
    assert len(draft.warnings) == 1, draft.warnings
    for part in parts:
        assert part in draft.warnings[0]


# The whole document


def test_document_in_the_published_shape_is_read_to_the_letter():
    assert read_published_text(make_document()) == DraftMarker(
        number=8,
        title="Kettle care",
        statement=STATEMENT,
        rationale=RATIONALE,
        questions=QUESTIONS,
        knowledge=KNOWLEDGE,
        equality=None,
        guidance=GUIDANCE,
        obstacles=OBSTACLES,
        warnings=(),
    )


def test_published_marker_8_is_read_whole():
    if not SEED.exists():
        pytest.skip(f"{SEED} is not here: the published text is not ours to store")
    text = decode_document(SEED.read_bytes())
    draft = read_published_text(text)
    assert (draft.number, draft.title, draft.warnings) == (8, "SCR management", ())
    assert draft.statement.startswith("the Serious Case Review (SCR) is ")
    assert draft.statement.endswith(" and within budget")
    assert len(draft.questions) == 7
    assert [len(items) for items in (draft.knowledge, draft.guidance, draft.obstacles)] == [2, 1, 3]
    assert draft.equality is None
    sentences = [
        draft.statement,
        draft.rationale,
        *draft.questions,
        *draft.knowledge,
        *draft.guidance,
        *draft.obstacles,
    ]
    assert all(sentence in text for sentence in sentences)
    assert not any("one of a set" in sentence or "were produced" in sentence for sentence in sentences)


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"], ids=["crlf", "cr", "lf"])
def test_line_ends_of_every_system_are_read_alike(line_end):
    assert read_published_text(make_document().replace("\n", line_end)) == read_published_text(make_document())


def test_byte_order_mark_is_ignored():
    assert read_published_text("\ufeff" + make_document(above="")).number == 8


@pytest.mark.parametrize("text", ["", " \n\u00a0\n", "\ufeff"], ids=["nothing", "blanks", "byte order mark"])
def test_empty_document_is_refused(text):
    with pytest.raises(NotAMarker, match="empty"):
        read_published_text(text.removeprefix("\ufeff"))
    with pytest.raises(NotAMarker, match="empty"):
        decode_document(text.encode())


def test_page_about_the_set_is_refused_and_the_reason_says_what_it_lacks():
    page = "Tea aims to warm.\n18 Quality Markers have been developed.\n\nThey can be used to:\n\tboil\n\tpour\n"
    with pytest.raises(NotAMarker, match='no quality statement and no "How might you know'):
        read_published_text(page)


def test_page_that_lists_markers_is_refused():
    page = "Quality Markers\n\nQuality Marker 7: Cups\nQuality Marker 8: Kettle care\nQuality Marker 9: Spoons\n"
    with pytest.raises(NotAMarker, match="no quality statement"):
        read_published_text(page)


def test_list_of_headings_without_text_is_refused():
    with pytest.raises(NotAMarker, match="no quality statement"):
        read_published_text("\n".join(["Quality Marker 8: Kettle care", *HEADINGS.values()]))


def test_several_markers_are_refused_and_the_reason_counts_them():
    with pytest.raises(NotAMarker, match=r"holds 3 markers; split"):
        read_published_text("\n\n".join(make_document(title=f"Quality Marker {n}: Tea") for n in (7, 8, 9)))


def test_several_markers_without_statements_are_refused():
    with pytest.raises(NotAMarker, match=r"holds 2 markers"):
        read_published_text(make_document(statement=None) + "\n\n" + make_document(statement=None))


# The end


def test_document_without_the_section_that_ends_each_published_marker_may_be_cut_off():
    shipped = make_marker(make_question("p1", 1), obstacles=(Obstacle(id="o1", text="Cold water."),))
    _, warnings = import_marker(make_document(obstacles=None, closing=()), shipped)
    assert [warning for warning in warnings if "cut off" in warning] == [
        'The document ends with "Link to statutory guidance and inspection criteria" and has no "Tackling some common '
        'obstacles"; see whether it was cut off.'
    ]
    assert not any("cut off" in warning for warning in import_marker(make_document(obstacles=()), shipped)[1])


def test_document_cut_off_in_its_rationale_is_refused_and_the_reason_says_so():
    with pytest.raises(NotAMarker, match=r"it has no questions\. It is cut off in the middle of its rationale\."):
        import_marker(make_document(rationale=("Tea is",), questions=None).partition("Knowledge base")[0])


# Title


@pytest.mark.parametrize(
    "title",
    [
        "Quality Marker 8: Kettle care",
        "QUALITY MARKER 8. Kettle care",
        "Quality marker 8 - Kettle care",
        "Quality Marker 8 – Kettle care",
        "Quality Marker 8) Kettle care",
        "Quality Marker 8 Kettle care",
        "Quality Marker 8\nKettle care",
        "Quality Marker 8:\n\nKettle care",
        "Quality Marker\n8: Kettle care",
        "Quality\u00a0Marker\u00a08:\u00a0Kettle care",
    ],
)
def test_title_gives_number_and_words(title):
    draft = read_published_text(make_document(title=title))
    assert (draft.number, draft.title, draft.warnings) == (8, "Kettle care", ())


def test_words_above_the_title_are_ignored():
    above = "Home\nQuality Marker 7: Cups\nJump to:\nQuality statement\nRationale\n- Knowledge base\nKnowledge base\n\n"
    assert read_published_text(make_document(above=above)) == read_published_text(make_document())


def test_jump_link_right_above_the_title_is_ignored():
    assert read_published_text(make_document(above="Quality statement\n")) == read_published_text(make_document())


def test_title_of_the_next_marker_below_a_document_without_statement_is_ignored():
    draft = read_published_text(make_document(statement=None, closing=("Quality Marker 9: Spoons",)))
    assert (draft.number, draft.title, draft.questions) == (8, "Kettle care", QUESTIONS)


def test_jump_links_below_the_title_are_ignored():
    title = "\n".join(["Quality Marker 8: Kettle care", "Quality statement", *list(HEADINGS.values())[1:]])
    assert read_published_text(make_document(title=title)) == read_published_text(make_document())


def test_missing_title_and_number_are_warned_of():
    draft = read_published_text(make_document(title=None))
    assert (draft.number, draft.title) == (None, None)
    assert_one_warning(draft, "No number and title")


def test_missing_title_after_the_number_is_warned_of():
    draft = read_published_text(make_document(title="Quality Marker 8:"))
    assert (draft.number, draft.title) == (8, None)
    assert_one_warning(draft, "No title", "Quality Marker 8")


# Statement and rationale


@pytest.mark.parametrize(
    "label",
    [
        "Quality statement:",
        "Quality Statement:\n",
        "QUALITY STATEMENT\n\n",
        "Quality\u00a0statement :",
        "Quality statement –",
    ],
)
def test_statement_is_read_without_its_label(label):
    draft = read_published_text(make_document(headings=HEADINGS | {"statement": label}))
    assert (draft.statement, draft.rationale, draft.warnings) == (STATEMENT, RATIONALE, ())


def test_wrapped_statement_is_joined():
    draft = read_published_text(make_document(statement="the kettle is boiled.\nIt is hot"))
    assert (draft.statement, draft.warnings) == ("the kettle is boiled. It is hot", ())


def test_line_of_the_statement_that_may_begin_a_paragraph_is_named():
    draft = read_published_text(make_document(statement="It is hot.\nThe kettle is boiled before they come"))
    assert draft.statement == "It is hot. The kettle is boiled before they come"
    assert_one_warning(draft, "Statement", "new paragraph")


def test_hyphen_at_the_end_of_a_line_is_named():
    draft = read_published_text(make_document(rationale=("Tea is well-\nbrewed.",), questions=("Is it tea-\nhot?",)))
    assert (draft.rationale, draft.questions) == ("Tea is well- brewed.", ("Is it tea- hot?",))
    assert [warning.partition(":")[0] for warning in draft.warnings] == ["Rationale", HEADINGS["questions"]]


def test_second_paragraph_of_the_statement_is_kept_and_warned_of():
    draft = read_published_text(make_document(statement="the kettle is hot.\n\nSo is the pot."))
    assert draft.statement == "the kettle is hot.\n\nSo is the pot."
    assert_one_warning(draft, "more than one paragraph")


def test_missing_statement_is_warned_of_and_what_stands_there_is_named():
    title = "Quality Marker 8: Kettle care\n\nTea is hot.\n\nAll like it."
    draft = read_published_text(make_document(statement=None, title=title))
    assert (draft.number, draft.statement, draft.rationale) == (8, "", RATIONALE)
    assert draft.warnings[0] == "No statement was found."
    assert "Tea is hot. All like it." in draft.warnings[1]


@pytest.mark.parametrize("statement", ["Tea is hot.", "Tea is hot, and\nPots are too", "As of today\n\nTea is hot."])
def test_only_paragraph_between_title_and_rationale_is_the_statement(statement):
    title = f"SAR Quality Marker 8: Kettle care\n\n{statement}"
    draft = read_published_text(make_document(statement=None, title=title))
    assert (draft.statement, draft.rationale) == (statement.split("\n\n")[-1].replace("\n", " "), RATIONALE)
    assert any("statement has no label" in warning for warning in draft.warnings)
    assert "\n\n" not in statement or any('"As of today"' in warning for warning in draft.warnings)


def test_missing_rationale_is_warned_of():
    draft = read_published_text(make_document(rationale=None))
    assert (draft.statement, draft.rationale) == (STATEMENT, "")
    assert_one_warning(draft, "No rationale was found.")


def test_rationale_heading_without_text_is_warned_of():
    assert_one_warning(read_published_text(make_document(rationale=())), "No rationale", "no text under its heading")


def test_text_between_statement_and_questions_is_the_rationale_when_its_heading_is_missing():
    draft = read_published_text(make_document(headings=HEADINGS | {"rationale": ""}, rationale=(RATIONALE, "More.")))
    assert (draft.statement, draft.rationale, draft.warnings) == (STATEMENT, f"{RATIONALE}\n\nMore.", ())


def test_rationale_without_heading_or_blank_line_is_found_and_warned_of():
    draft = read_published_text(
        make_document(statement=f"{STATEMENT}\nso that all is well\n{RATIONALE}", rationale=None)
    )
    assert (draft.statement, draft.rationale) == (f"{STATEMENT} so that all is well", RATIONALE)
    assert any("rationale was taken to begin at" in warning for warning in draft.warnings)


def test_paragraphs_of_the_rationale_are_parted_by_a_blank_line():
    draft = read_published_text(make_document(rationale=("First. Same.", "Second.\nThird.")))
    assert (draft.rationale, draft.warnings) == ("First. Same.\n\nSecond.\n\nThird.", ())


def test_wrapped_sentence_of_the_rationale_is_joined():
    draft = read_published_text(make_document(rationale=("Tea is best\nDrunk hot\nand sweet.",)))
    assert (draft.rationale, draft.warnings) == ("Tea is best Drunk hot and sweet.", ())


def test_small_letter_after_a_full_stop_goes_on_with_the_sentence():
    assert read_published_text(make_document(rationale=("Milk etc.\nand tea.",))).rationale == "Milk etc. and tea."


def test_list_in_the_rationale_stays_in_it_with_its_marks():
    draft = read_published_text(make_document(rationale=("Tea needs:", "- water\n- leaves", "1. Is it hot?")))
    assert draft.rationale == "Tea needs:\n\n- water\n\n- leaves\n\n1. Is it hot?"
    assert draft.questions == QUESTIONS


# Headings


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda heading: heading.replace(" and ", " & "),
        lambda heading: heading.rstrip(":?") + ":",
        lambda heading: heading.replace(" ", "\u00a0"),
        lambda heading: heading.replace("Link ", "Links "),
    ],
    ids=["upper", "lower", "ampersand", "colon", "no-break space", "links"],
)
def test_heading_is_recognised_however_it_is_written(change):
    headings = {name: change(heading) for name, heading in HEADINGS.items()}
    expected = read_published_text(make_document(equality=("Milk or none.",)))
    assert read_published_text(make_document(equality=("Milk or none.",), headings=headings)) == expected


def test_heading_on_two_lines_is_recognised():
    headings = {
        name: heading.replace(" statutory guidance ", " statutory guidance\n") for name, heading in HEADINGS.items()
    }
    headings["questions"] = headings["questions"].replace("this ", "this\n")
    assert read_published_text(make_document(headings=headings)) == read_published_text(make_document())


def test_text_on_the_line_of_its_heading_is_read():
    document = (
        make_document().replace("Knowledge base\n\n- ", "Knowledge base: ").replace("Rationale\n\n", "Rationale: ")
    )
    draft = read_published_text(document.replace(f"\n- {KNOWLEDGE[1]}", ""))
    assert (draft.rationale, draft.knowledge) == (RATIONALE, KNOWLEDGE[:1])


def test_wrapped_line_that_ends_like_a_heading_is_none():
    draft = read_published_text(make_document(questions=("Does it follow the\nrationale?", *QUESTIONS)))
    assert draft.questions == ("Does it follow the rationale?", *QUESTIONS)


def test_wrapped_line_that_begins_like_a_heading_is_none():
    draft = read_published_text(make_document(questions=("Is there regard to\nequality and diversity: milk or none?",)))
    assert draft.questions == ("Is there regard to equality and diversity: milk or none?",)


def test_section_without_heading_is_none_and_section_without_text_is_empty():
    draft = read_published_text(make_document(equality=None, guidance=()))
    assert (draft.equality, draft.guidance) == (None, ())
    assert_one_warning(draft, "Link to statutory guidance", "no text")


def test_document_without_blank_lines_is_read():
    dense = "\n".join(line for line in make_document().splitlines() if line)
    assert read_published_text(dense) == read_published_text(make_document())


# Questions and other items


@pytest.mark.parametrize(
    "mark",
    [
        "{n}. ",
        "{n}.\t",
        "{n}) ",
        "({n}) ",
        "1. ",
        "- ",
        "• ",
        "•",
        "* ",
        "– ",
        "\t",
        "\t{n}. ",
        "  \t• ",
        "{n}.\u00a0",
        "{n}.\n",
    ],
)
def test_item_is_recognised_by_its_mark(mark):
    draft = read_published_text(make_document(question_mark=mark, mark=mark))
    assert (draft.questions, draft.obstacles, draft.warnings) == (QUESTIONS, OBSTACLES, ())


def test_items_parted_by_blank_lines_are_read():
    assert read_published_text(make_document(between="\n")) == read_published_text(make_document())


def test_questions_without_marks_are_read():
    assert read_published_text(make_document(question_mark="")).questions == QUESTIONS


def test_question_mark_elsewhere_makes_no_question():
    draft = read_published_text(make_document(rationale=("Is tea hot?",), obstacles=("Who has no kettle?",)))
    assert draft.questions == QUESTIONS


def test_example_after_a_dash_below_a_question_stands_within_it():
    questions = ("Are the cups clean, for example:\n- the big ones?", "Is it?")
    assert read_published_text(make_document(questions=questions)).questions == questions


@pytest.mark.parametrize("line_break", ["\n", "\v", "\u2028", "\n\t"], ids=["line", "soft", "unicode", "hanging"])
def test_wrapped_line_joins_its_item(line_break):
    draft = read_published_text(make_document(questions=(QUESTIONS[0], f"Is it{line_break}Hot?", QUESTIONS[1])))
    assert (draft.questions, draft.warnings) == ((QUESTIONS[0], "Is it Hot?", QUESTIONS[1]), ())


def test_example_sentence_on_the_line_after_a_question_joins_it():
    draft = read_published_text(make_document(questions=("Is it hot?\nFor example at noon.", "Is it\nsweet?")))
    assert draft.questions == ("Is it hot? For example at noon.", "Is it sweet?")
    assert_one_warning(draft, "Question 1: ", "not an item of its own")


def test_line_below_a_short_one_may_be_an_item_of_its_own():
    draft = read_published_text(
        make_document(obstacles=("A spare kettle\nOne person who pours is better than three.",))
    )
    assert_one_warning(draft, "Obstacle 1: ", "not an item of its own")


def test_reference_to_a_marker_in_a_wrapped_sentence_stays_in_it():
    draft = read_published_text(make_document(questions=("Is it as in\nQuality Marker 7: Cups?", QUESTIONS[0])))
    assert draft.questions == ("Is it as in Quality Marker 7: Cups?", QUESTIONS[0])


def test_title_of_another_marker_below_the_items_is_left_out_and_named():
    draft = read_published_text(make_document(closing=()) + "\nQuality Marker 9: Spoons")
    assert draft.obstacles == OBSTACLES
    assert_one_warning(draft, "Left out", "Quality Marker 9: Spoons")


def test_tab_below_a_numbered_item_after_a_blank_line_begins_an_item():
    draft = read_published_text(make_document(questions=("Are these clean?\n\n\tThe cups?",)))
    assert draft.questions == ("Are these clean?", "The cups?")


def test_mark_without_text_is_no_item():
    draft = read_published_text(make_document(obstacles=(*OBSTACLES, ""), closing=()))
    assert (draft.obstacles, draft.warnings) == (OBSTACLES, ())


def test_mark_without_text_right_above_a_heading_is_no_item():
    document = make_document().replace(f"{KNOWLEDGE[1]}\n\n", f"{KNOWLEDGE[1]}\n•\n")
    assert read_published_text(document) == read_published_text(make_document())


def test_numbered_questions_without_question_marks_are_parted():
    draft = read_published_text(make_document(questions=("Is it hot", "Is it cold", "Is it tea?")))
    assert (draft.questions, draft.warnings) == (("Is it hot", "Is it cold", "Is it tea?"), ())


def test_dash_in_the_middle_of_a_wrapped_sentence_begins_no_item():
    draft = read_published_text(make_document(questions=("Is the pot\n– if there is one – hot?", QUESTIONS[0])))
    assert draft.questions == ("Is the pot – if there is one – hot?", QUESTIONS[0])


@pytest.mark.parametrize("words", ["None identified", "None identified."])
def test_text_without_marks_is_taken_as_items(words):
    draft = read_published_text(make_document(knowledge=None, obstacles=(f"{words}\n\nSpare cups may help.",), mark=""))
    assert (draft.obstacles, draft.warnings) == ((words, "Spare cups may help."), ())


def test_last_section_saying_none_identified_is_not_taken_as_cut_off():
    draft = read_published_text(make_document(obstacles=("None identified",), mark=""))
    assert (draft.obstacles, draft.warnings) == (("None identified",), ())


def test_paragraph_that_introduces_a_list_is_kept_as_its_first_item():
    draft = read_published_text(
        make_document().replace("Knowledge base\n", "Knowledge base\n\nThere are two reasons:\n")
    )
    assert draft.knowledge == ("There are two reasons:", *KNOWLEDGE)


def test_paragraph_that_introduces_the_questions_is_no_question_and_is_named():
    document = make_document().replace("quality marker?\n", "quality marker?\n\nThink of these.\n")
    draft = read_published_text(document)
    assert draft.questions == QUESTIONS
    assert_one_warning(draft, "Left out", "Think of these.")


def test_paragraph_after_the_items_is_left_out_and_named():
    draft = read_published_text(make_document(closing=(*CLOSING, "Call the Tea House.")))
    assert draft.obstacles == OBSTACLES
    assert_one_warning(draft, "Left out", "Tackling some common obstacles", "Call the Tea House.")


@pytest.mark.parametrize("parting", ["\n\n", "\n"], ids=["blank line", "no blank line"])
@pytest.mark.parametrize("mark", ["- ", ""], ids=["items", "paragraphs"])
def test_closing_paragraphs_belong_to_no_section(parting, mark):
    document = make_document(obstacles=OBSTACLES[:1], mark=mark, closing=()) + parting + parting.join(CLOSING)
    draft = read_published_text(document)
    assert (draft.obstacles, draft.warnings) == (OBSTACLES[:1], ())


def test_wrapped_closing_paragraph_belongs_to_no_section():
    wrapped = "This is one of a set of\n18 Quality Markers which\naim to support tea."
    draft = read_published_text(make_document(closing=(wrapped,)))
    assert (draft.obstacles, draft.warnings) == (OBSTACLES, ())


def test_indented_closing_paragraph_belongs_to_no_section():
    draft = read_published_text(make_document(mark="\t", closing=[f"\t{CLOSING[1]}", f"\t{CLOSING[0]}\nLog in"]))
    assert draft.obstacles == OBSTACLES
    assert_one_warning(draft, "Left out", "Log in")


def test_closing_paragraph_after_the_rationale_is_no_part_of_it():
    draft = read_published_text(make_document(rationale=(RATIONALE, *CLOSING, "More.")))
    assert (draft.rationale, draft.warnings) == (f"{RATIONALE}\n\nMore.", ())


def test_what_follows_the_closing_paragraphs_is_left_out_and_named():
    draft = read_published_text(
        make_document(obstacles=("None identified",), mark="", closing=(*CLOSING, "- Home", "Log in"))
    )
    assert draft.obstacles == ("None identified",)
    (warning,) = (each for each in draft.warnings if "Home" in each)
    assert "Log in" in warning


def test_missing_questions_are_warned_of():
    draft = read_published_text(make_document(questions=None))
    assert draft.questions == ()
    assert_one_warning(draft, "No questions", "it is not there")


def test_questions_heading_without_items_is_warned_of():
    assert_one_warning(read_published_text(make_document(questions=())), "No questions", "no item under it")


@pytest.mark.parametrize(
    ("part", "item"),
    [("questions", "Is the kettle"), ("questions", "Is the kettle..."), ("obstacles", "A spare kettle for (big")],
    ids=["question", "ellipsis", "last section"],
)
def test_last_item_without_full_stop_is_warned_of(part, item):
    draft = read_published_text(make_document(**{part: ("Is it hot?", item)}))
    assert getattr(draft, part)[1] == item
    assert_one_warning(draft, " 2 may be cut off", item)


@pytest.mark.parametrize("end", ["hot.", "hot?", "hot!", "(hot.)", "“hot.”", "(hot)."])
def test_last_item_with_final_punctuation_is_not_warned_of(end):
    assert read_published_text(make_document(obstacles=(f"Tea is {end}",))).warnings == ()


# Letters


def test_no_break_spaces_stay_in_the_text():
    draft = read_published_text(make_document(statement="tea\u00a0is hot.", questions=("Is\u00a0it hot?",)))
    assert (draft.statement, draft.questions) == ("tea\u00a0is hot.", ("Is\u00a0it hot?",))


@pytest.mark.parametrize("letter", ["Â", "Ā"])
@pytest.mark.parametrize("blank", [" ", "\u00a0"], ids=["space", "no-break space"])
def test_misread_no_break_space_is_repaired_and_warned_of(letter, blank):
    title = f"Quality Marker{letter}{blank}8:{letter}{blank}Kettle care"
    draft = read_published_text(make_document(title=title, questions=(f"Is{letter}{blank}it hot?",)))
    assert (draft.number, draft.title, draft.questions) == (8, "Kettle care", (f"Is{blank}it hot?",))
    assert_one_warning(draft, f'"{letter}"', "3 times")


def test_genuine_letter_stays():
    draft = read_published_text(make_document(questions=("Is Āda or Ângela there?",)))
    assert (draft.questions, draft.warnings) == (("Is Āda or Ângela there?",), ())


# Decoding


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1252"])
def test_document_is_decoded(codec):
    assert decode_document("“Tea”\u00a0– hot".encode(codec)) == "“Tea”\u00a0– hot"


def test_big_endian_document_is_decoded():
    assert decode_document(b"\xfe\xff" + "Tea – hot".encode("utf-16-be")) == "Tea – hot"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"Tea\0hot", "not plain text"),
        ("\ufeffTea".encode("utf-32-le"), "not plain text"),
        (b"\xff\xfeabc", "not text in UTF-8"),
        (b"\xef\xbb\xbf\xff", "not text in UTF-8"),
        (b"Tea \x81", "not text in UTF-8"),
        (b"%PDF-1.7 Quality statement: tea", "a PDF"),
        (b"{\\rtf1 Quality statement: tea}", "a rich text"),
        (b"PK\x03\x04", "a Word document"),
        (b"a" * (MAX_SIZE + 1), "larger than 5 MB"),
    ],
    ids=[
        "empty",
        "nul",
        "utf-32",
        "odd utf-16",
        "bad utf-8",
        "undefined",
        "pdf",
        "rtf",
        "zip",
        "large",
    ],
)
def test_file_that_is_no_text_is_refused(data, reason):
    with pytest.raises(NotAMarker, match=reason):
        decode_document(data)


def test_file_of_the_largest_size_is_decoded():
    assert len(decode_document(b"a" * MAX_SIZE)) == MAX_SIZE


# Draft to marker


def test_marker_holds_the_published_text_and_what_it_was_given():
    marker, warnings = import_marker(make_document(guidance=()))
    assert warnings == ()
    assert (marker.id, marker.number, marker.title, marker.stage) == ("qm08", 8, "Kettle care", "running")
    assert (marker.source, marker.wording_status) == ("Tea House (2016)", "published")
    assert (marker.statement, marker.rationale) == (STATEMENT, RATIONALE)
    assert (marker.knowledge, marker.equality, marker.guidance) == (KNOWLEDGE, None, ())
    assert marker.obstacles == (Obstacle(id="o1", text=OBSTACLES[0]), Obstacle(id="o2", text=OBSTACLES[1]))
    assert [(question.id, question.ask, question.published) for question in marker.questions] == [
        (f"p{n}", ask, n) for n, ask in enumerate(QUESTIONS, 1)
    ]


def test_absent_obstacles_stay_absent():
    assert import_marker(make_document(obstacles=None))[0].obstacles is None


def test_braces_come_back_to_the_letter():
    text = "Is {review} or {{tea}} hot?"
    document = make_document(statement=text, rationale=(text,), questions=(text,), knowledge=(text,), obstacles=(text,))
    marker, _ = import_marker(document)
    escaped = [
        marker.statement,
        marker.rationale,
        marker.questions[0].ask,
        marker.knowledge[0],
        marker.obstacles[0].text,
    ]
    assert [fill_in(part, VOCABULARIES["scr"]) for part in escaped] == [text] * 5


@pytest.mark.parametrize("part", ["statement", "rationale", "questions"])
def test_marker_without_a_necessary_part_is_refused(part):
    with pytest.raises(NotAMarker, match=f"it has no .*{part}"):
        import_marker(make_document(**{part: None}))


def test_other_number_in_the_document_is_warned_of():
    marker, warnings = import_marker(make_document(), number=9)
    assert marker.number == 9
    assert "quality marker 8" in warnings[0]


@pytest.mark.parametrize("word", AUXILIARY_VERBS)
def test_new_question_that_begins_with_an_auxiliary_verb_is_a_rating(word):
    marker, warnings = import_marker(make_document(questions=(f"{word} the tea hot?",)))
    assert (marker.questions[0].kind, marker.questions[0].favourable, marker.questions[0].roles) == (
        "rating",
        "yes",
        (),
    )
    assert warnings == ()


@pytest.mark.parametrize("word", ["What", "How", "Why", "Which", "Who", "When", "Where", "what", "“What"])
def test_new_question_that_asks_for_words_is_text_and_named(word):
    marker, warnings = import_marker(make_document(questions=("Is it?", f"{word} is hot?", "Is it?", "How hot is it?")))
    assert [(question.kind, question.favourable) for question in marker.questions[1::2]] == [("text", "none")] * 2
    assert warnings == (
        "Questions 2 and 4: to be answered in words, not with yes, partly or no; check that this fits.",
    )


def test_question_that_begins_with_a_condition_is_no_open_one():
    marker, warnings = import_marker(make_document(questions=("Where guests came, is there tea?", "Where is it hot?")))
    assert [question.kind for question in marker.questions] == ["rating", "text"]
    assert any(warning.startswith("Question 1: to be answered with yes, partly or no") for warning in warnings)


def test_other_new_question_is_a_rating_and_named():
    marker, warnings = import_marker(make_document(questions=("If it is cold, is it warmed?", "Whatever is hot?")))
    assert [question.kind for question in marker.questions] == ["rating", "rating"]
    assert [warning.split(":")[0] for warning in warnings] == ["Question 1", "Question 2"]
    assert "If it is cold, is it warmed?" in warnings[0]


def test_shipped_question_at_the_position_gives_id_kind_roles_and_direction():
    shipped = make_marker(
        make_question("own", None),
        make_question("foreseeable", 2, favourable="no", conditional=True, roles=("chair",), reflect="Our words?"),
        make_question("open", 1, kind="text", favourable="none"),
    )
    questions = import_questions("Is it hot?", "Is it cold?", "Is it tea?", shipped=shipped)
    assert questions == (
        Question(id="open", ask="Is it hot?", kind="text", favourable="none", published=1),
        Question(id="foreseeable", ask="Is it cold?", favourable="no", conditional=True, roles=("chair",), published=2),
        Question(id="p3", ask="Is it tea?", published=3),
    )


def test_shipped_kind_wins_over_the_first_word_without_a_warning():
    _, warnings = import_marker(make_document(questions=("What is hot?",)), make_marker(make_question("hot", 1)))
    assert warnings == ()


def test_shipped_text_question_is_given_no_settings_of_ratings():
    shipped = make_marker(make_question("open", 1, kind="text", favourable="no", conditional=True))
    (question,) = import_questions("Is it hot?", shipped=shipped)
    assert (question.kind, question.favourable, question.conditional) == ("text", "none", False)


def test_fewer_questions_than_the_shipped_marker_follows_are_warned_of():
    shipped = make_marker(make_question("a", 1), make_question("b", 4))
    _, warnings = import_marker(make_document(), shipped)
    assert ["4 were expected" in warnings[0], "has 3 questions" in warnings[0]] == [True, True]


def test_new_id_is_not_one_that_the_shipped_marker_has():
    shipped = make_marker(make_question("p3", 1))
    assert [question.id for question in import_questions(*QUESTIONS, shipped=shipped)] == ["p3", "p2", "p4"]


def test_importing_again_keeps_everything():
    shipped = make_marker(make_question("kettle", 1, favourable="no", roles=("panel",)), make_question("fill", 2))
    first, _ = import_marker(make_document(), shipped)
    again, warnings = import_marker(make_document(), shipped, earlier=first)
    assert again == first
    assert warnings == ()


def test_question_that_moved_keeps_its_id_and_settings():
    shipped = make_marker(make_question("hot", 1, favourable="no"), make_question("cold", 2))
    earlier, _ = import_marker(make_document(questions=("Is it hot?", "Is it cold?")), shipped)
    questions = import_questions("Is it tea?", "Is it hot?", "Is it cold?", shipped=shipped, earlier=earlier)
    assert [(question.id, question.favourable, question.published) for question in questions] == [
        ("p1", "yes", 1),
        ("hot", "no", 2),
        ("cold", "yes", 3),
    ]


def test_question_reworded_in_place_keeps_its_id_and_is_named():
    shipped = make_marker(make_question("hot", 1), make_question("cold", 2, favourable="no"))
    earlier, _ = import_marker(make_document(questions=("Is it hot?", "Is it cold?")), shipped)
    marker, warnings = import_marker(make_document(questions=("Is it hot?", "Is it icy?")), earlier=earlier)
    assert (marker.questions[1].id, marker.questions[1].favourable) == ("cold", "no")
    assert warnings == ("Question 2: reworded, but counted as the same; check the meaning.",)


def test_earlier_local_wording_is_not_taken_for_published():
    earlier = make_marker(Question(id="hot", ask="Is it hot?", reflect="Was it hot?", published=1))
    assert import_questions("Is it hot?", earlier=earlier)[0].reflect is None


def test_obstacle_of_the_same_wording_keeps_its_id():
    earlier, _ = import_marker(make_document(obstacles=("First.", "Second.")))
    marker, _ = import_marker(make_document(obstacles=("New.", "Second.", "Newer.")), earlier=earlier)
    assert [(obstacle.id, obstacle.text) for obstacle in marker.obstacles] == [
        ("o4", "New."),
        ("o2", "Second."),
        ("o3", "Newer."),
    ]


# Properties

WORD = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäéĀÂłŵ’'{}()&,;-–0123456789"),
    min_size=1,
    max_size=9,
)
FIRST_WORD = st.from_regex(r"[A-ZĀ][a-zé’]{2,8}", fullmatch=True)


@st.composite
def sentences(draw, end):
    """A sentence of invented words; some of its blanks are no-break spaces. No word ends like a misread blank."""
    words = [draw(FIRST_WORD), *draw(st.lists(WORD.map(lambda word: f"x{word}x"), min_size=1, max_size=8))]
    blanks = draw(st.lists(st.sampled_from(" \u00a0"), min_size=len(words) - 1, max_size=len(words) - 1))
    return "".join(word + blank for word, blank in zip(words, [*blanks, end], strict=True))


def texts(end=".", least=1):
    return st.lists(sentences(end), min_size=least, max_size=4).map(tuple)


LAYOUTS = st.fixed_dictionaries(
    {
        "question_mark": st.sampled_from(["{n}. ", "{n}) ", "- ", "• ", "* ", "\t", "{n}.\t"]),
        "mark": st.sampled_from(["- ", "• ", "* ", "\t", "{n}. "]),
        "between": st.sampled_from(["", "\n"]),
        "closing": st.sampled_from([CLOSING, ()]),
        "title": st.sampled_from(["Quality Marker 8: Tea", "Quality Marker 8\nTea"]),
        "headings": st.sampled_from(
            [
                HEADINGS,
                {name: text.upper().replace("AND", "&") for name, text in HEADINGS.items()},
                HEADINGS | {"rationale": ""},
            ]
        ),
    }
)
PARTS = st.fixed_dictionaries(
    {
        "statement": sentences("."),
        "rationale": texts(),
        "questions": texts("?"),
        "knowledge": st.none() | texts(least=0),
        "equality": st.none() | texts(least=0),
        "guidance": st.none() | texts(least=0),
        "obstacles": st.none() | texts(least=0),
    }
)


@settings(deadline=None, max_examples=60)
@given(
    parts=PARTS, layout=LAYOUTS, line_end=st.sampled_from(["\n", "\r\n"]), codec=st.sampled_from(["utf-8", "utf-16"])
)
def test_every_sentence_comes_back_to_the_letter(parts, layout, line_end, codec):
    document = make_document(**parts, **layout).replace("\n", line_end)
    draft = read_published_text(decode_document(document.encode(codec)))
    assert {name: getattr(draft, name) for name in parts} == parts | {"rationale": "\n\n".join(parts["rationale"])}
    marker, _ = import_marker(document)
    asked = [fill_in(question.ask, VOCABULARIES["scr"]) for question in marker.questions]
    assert tuple(asked) == parts["questions"]


@settings(deadline=None, max_examples=60)
@given(parts=PARTS, layout=LAYOUTS, data=st.data())
def test_every_sentence_comes_back_from_wrapped_lines(parts, layout, data):
    def wrap(sentence):
        return data.draw(st.sampled_from([sentence, sentence.replace(" ", "\n", 1), sentence.replace(" ", "\n")]))

    lists = {name: tuple(map(wrap, part)) for name, part in parts.items() if isinstance(part, tuple)}
    text = make_document(**parts | lists | {"statement": wrap(parts["statement"])}, **layout)
    assume(text.count("\u00a0") <= text.count(" "))  # more of them are made plain, and named
    draft = read_published_text(text)
    assert {name: getattr(draft, name) for name in parts} == parts | {"rationale": "\n\n".join(parts["rationale"])}


@settings(deadline=None)
@given(before=texts("?"), after=texts("?"), shipped_ids=st.lists(st.sampled_from(["p1", "p2", "p3", "x"]), unique=True))
def test_ids_never_double(before, after, shipped_ids):
    shipped = make_marker(*(make_question(key, n) for n, key in enumerate(shipped_ids, 1)))
    earlier, _ = import_marker(make_document(questions=before), shipped)
    again, _ = import_marker(make_document(questions=(*after, *before[::-1])), shipped, earlier)
    ids = [question.id for question in again.questions]
    assert len(set(ids)) == len(ids)


@given(text=st.text())
def test_any_text_is_read_or_refused(text):
    with suppress(NotAMarker):
        assert isinstance(read_published_text(text), DraftMarker)


@given(data=st.binary())
def test_any_file_is_decoded_or_refused(data):
    with suppress(NotAMarker):
        assert decode_document(data).strip()
