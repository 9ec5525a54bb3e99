"""Headings as web pages fold them away and as checklists word them. All wording is invented."""

import re

import pytest

from scrqm_forms.documents.web_page import read_web_page
from scrqm_forms.domain.published_text import NotAMarker, read_published_text

from .test_published_variations import marker_text, read_text

FOLDS = ["-\nOpen {}", "Open {}", "- Open {}", "• {}", "- {}", "▸ {}", "▾ {}", "+ {}", "− {}", "► {}", "Show {}", "▸{}"]


@pytest.mark.parametrize("fold", FOLDS)
@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["close", "apart"])
def test_section_that_a_web_page_folds_away_is_no_question(fold, between):
    more = [fold.format("Knowledge base"), "- Tea.", fold.format("Tackling some common obstacles"), "- Cold pots."]
    draft = read_text(marker_text(questions="- Is it hot?\n- Is it tea?", more=between.join(more)))
    assert (draft.questions, draft.knowledge) == (("Is it hot?", "Is it tea?"), ("Tea.",))
    assert (draft.obstacles, draft.warnings) == (("Cold pots.",), ())


@pytest.mark.parametrize("fold", ["Open {}", "▸ {}", "+ {}", "• Open {}"])
def test_every_section_may_be_folded(fold):
    text = marker_text().replace("Rationale", fold.format("Rationale"))
    text = text.replace("How might", fold.format("How might")).replace("statement: ", "statement\n\n")
    assert read_text(text.replace("Quality statement", fold.format("Quality statement"))) == read_text(marker_text())


@pytest.mark.parametrize("fold", ["{}\nShow", "{} Show this section", "{}, Hide this section", "{} Open"])
def test_word_that_folds_a_section_below_its_heading_is_no_item(fold):
    draft = read_text(marker_text(more=f"{fold.format('Knowledge base')}\n\n• Tea."))
    assert (draft.questions, draft.knowledge) == (("Is it hot?", "Is it tea?"), ("Tea.",))


@pytest.mark.parametrize("mark", ["- ", "• ", "► ", "+ "])
def test_item_of_the_rationale_that_is_called_like_a_section_stays(mark):
    listed = f"It takes:\n\n{mark}Equality and diversity\n{mark}Knowledge base"
    draft = read_text(marker_text().replace("It warms.", listed))
    assert draft.rationale.split("\n\n")[1:] == [f"{mark}Equality and diversity", f"{mark}Knowledge base"]


@pytest.mark.parametrize(
    "section",
    [
        "<ul><li><a role=button href='#'>Open <span>Knowledge base</span></a><ul><li>Tea.</li></ul></li></ul>",
        "<details><summary>Knowledge base</summary><ul><li>Tea.</li></ul></details>",
        "<ul><li><details><summary>Knowledge base</summary><p>Tea.</p></details></li></ul>",
    ],
)
def test_section_folded_in_a_web_page_is_read(section):
    body = "".join(f"<p>{part}</p>" for part in marker_text().split("\n\n")[:-1])
    page = f"<main>{body}<ol><li>Is it hot?</li><li>Is it tea?</li></ol>{section}</main>"
    draft = read_published_text(read_web_page(page))
    assert (draft.questions, draft.knowledge) == (("Is it hot?", "Is it tea?"), ("Tea.",))


ASKING = "How might you know if you are meeting this quality marker?"
ASKINGS = [
    "How might you know if you are meeting this QM?",
    "How might you know if you are meeting QM6?",
    "How might you know if you are meeting this quality marker ?",
    "How might you know if you are meeting this quality marker (QM)?",
    "How might you know if you are meeting this quality marker? (tick)",
    "How might you know if this quality marker is being met?",
    "How might you know if you're meeting this quality marker?",
    "How might you know if you’re meeting this quality marker?",
    "How will you know if you are meeting this standard?",
    "How do you know whether you meet\nthis quality marker?",
    "How would you know?",
    "How will we know we are meeting this quality marker?",
    "How would you know if this was met",
    "How might you know that the tea is as it should be?",
    "**How will you know if QM6 is met?**",
]


@pytest.mark.parametrize("heading", ASKINGS)
@pytest.mark.parametrize("between", ["\n\n", "\n"], ids=["apart", "close"])
def test_questions_are_found_under_their_heading_in_other_words(heading, between):
    text = marker_text(questions="Is it hot?\n\nIs it tea?").replace(f"{ASKING}\n\n", heading + between)
    draft = read_text(text)
    assert (draft.rationale, draft.questions, draft.warnings) == ("It warms.", ("Is it hot?", "Is it tea?"), ())


@pytest.mark.parametrize("mark", ["1. ", "", "- "])
@pytest.mark.parametrize(
    "heading", ["How might you know if you are meeting this quality marker?", "How will you know if QM6 is met?"]
)
def test_first_question_on_the_line_of_the_heading_is_read(heading, mark):
    text = marker_text(questions="").replace(ASKING, f"{heading} {mark}Is it hot?\n{mark.replace('1', '2')}Is it tea?")
    assert read_text(text).questions == ("Is it hot?", "Is it tea?")


@pytest.mark.parametrize(
    "item", ["How might you know this? It is hot.", "How do you know if the standard is met?", "How would you know?"]
)
@pytest.mark.parametrize("mark", ["1. ", "- ", ""])
def test_question_that_begins_like_the_heading_is_one(item, mark):
    questions = "\n\n".join(
        mark.replace("1", str(n)) + ask for n, ask in enumerate(("Is it hot?", item, "Is it tea?"), 1)
    )
    assert read_text(marker_text(questions=questions)).questions == ("Is it hot?", item, "Is it tea?")


@pytest.mark.parametrize(
    "sentence",
    [
        "How might you know this? By asking.",
        "How would you know if a guest is cold? Ask.",
        "How would you know that?\n\n- By asking.",
    ],
)
def test_sentence_of_the_rationale_that_begins_like_the_heading_stays(sentence):
    draft = read_text(marker_text().replace("It warms.", f"It warms.\n\n{sentence}"))
    assert (draft.rationale, len(draft.questions)) == (f"It warms.\n\n{sentence}", 2)


@pytest.mark.parametrize(
    "heading", ["Questions for the board", "How can all of us know?", "Are you meeting this quality marker"]
)
def test_refusal_names_the_line_that_looks_like_the_heading_of_the_questions(heading):
    text = marker_text().replace(ASKING, heading).replace("Quality statement: ", "").replace("Rationale", "")
    with pytest.raises(NotAMarker, match=f'If "{re.escape(heading)}" is their heading, write it as "How might'):
        read_text(text)
    draft = read_text(marker_text().replace(ASKING, heading))
    assert draft.like_questions == heading


WRAPPED = "It is so. The evidence base\nfor this is thin.\nThe evidence base\nis thin."


def test_words_of_a_sentence_that_begin_a_wrapped_line_are_no_heading():
    draft = read_text(marker_text().replace("It warms.", WRAPPED))
    assert (draft.rationale.split(), draft.knowledge) == (WRAPPED.split(), None)
    items = "- It is set out in the Department's\nStatutory guidance\nof 2015.\n- Second item."
    draft = read_text(marker_text(more=f"Knowledge base\n\n{items}"))
    assert draft.knowledge == ("It is set out in the Department's Statutory guidance of 2015.", "Second item.")
    assert draft.guidance is None


def test_heading_in_short_with_nothing_to_say_below_it_is_one():
    draft = read_text(marker_text(more="Knowledge base\n\n- Tea.\n\nStatutory guidance\nnone identified"))
    assert (draft.knowledge, draft.guidance) == (("Tea.",), ("none identified",))
