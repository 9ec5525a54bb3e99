"""What an entry may hold against a questionnaire, how it is tidied, and where it stands."""

import msgspec
import pytest

from scrqm_forms.domain.errors import InvalidAnswers
from scrqm_forms.domain.kinds import KINDS
from scrqm_forms.domain.questionnaire import as_document
from scrqm_forms.domain.response import (
    LONGEST_TEXT,
    Entry,
    ask_of,
    check_entry,
    read_entry,
    status_of,
    tidy_entry,
)

WHOLE = Entry(
    answers={"full": "yes", "plan": "partly", "spare": "not_applicable", "leaf": "green"},
    comments={"full": "To the brim.", "why": "Because."},
    judgement="partly_met",
    obstacles=("no_gas", "no_water"),
    reflections={"how_known": "I saw it.", "helped": "Water.", "hindered": "", "change_next": "More."},
)


def ask(freeze, key="tea01", audience=("host",)):
    found = ask_of(freeze(), key, set(audience))
    assert found is not None
    return found


def faults_of(ask, **said):
    with pytest.raises(InvalidAnswers) as raised:
        check_entry(ask, Entry(**said))
    return raised.value.faults


# What is asked


def test_marker_asks_the_questions_of_the_audience_and_offers_codes(freeze):
    found = ask(freeze, audience=("guest",))
    assert [question.id for question in found.questions] == ["full", "spare", "why", "leaf"]
    assert found.judgements == ("met", "partly_met", "not_met", "not_applicable", "not_known")
    assert found.obstacles == ("no_water", "no_gas")
    assert found.prompts == ("how_known", "helped", "hindered", "change_next")


def test_closing_entry_asks_the_closing_questions_alone(freeze):
    found = ask(freeze, "closing")
    assert [question.id for question in found.questions] == ["went_well", "again"]
    assert (found.judgements, found.obstacles, found.prompts) == ((), (), ())


@pytest.mark.parametrize(
    ("key", "audience"),
    [
        pytest.param("tea02", {"guest"}, id="marker_for_others"),
        pytest.param("tea09", {"host"}, id="marker_not_in_the_questionnaire"),
    ],
)
def test_what_is_not_asked_has_nothing_to_ask(freeze, key, audience):
    assert ask_of(freeze(), key, audience) is None


# What is allowed


@pytest.mark.parametrize("entry", [WHOLE, Entry(), Entry(not_my_part=True)], ids=["whole", "blank", "not_my_part"])
def test_answers_that_are_offered_are_allowed(freeze, entry):
    check_entry(ask(freeze), entry)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param({"answers": {"full": "scale_7"}}, "answer-full", id="unknown_code"),
        pytest.param({"answers": {"full": "Yes"}}, "answer-full", id="label_for_code"),
        pytest.param({"answers": {"full": ""}}, "answer-full", id="blank_code_that_tidying_would_leave_out"),
        pytest.param({"answers": {"full": "not_asked"}}, "answer-full", id="code_of_results_alone"),
        pytest.param({"answers": {"full": "not_applicable"}}, "answer-full", id="not_applicable_unconditionally"),
        pytest.param({"answers": {"leaf": "yes"}}, "answer-leaf", id="rating_for_choice"),
        pytest.param({"answers": {"why": "yes"}}, "answer-why", id="code_for_text"),
        pytest.param({"answers": {"p1": "yes"}}, "answer-p1", id="question_of_another_marker"),
        pytest.param({"comments": {"p1": "Well."}}, "comment-p1", id="comment_on_another_marker"),
        pytest.param({"judgement": "no"}, "judgement", id="rating_for_judgement"),
        pytest.param({"judgement": "not_my_part"}, "judgement", id="judgement_of_results_alone"),
        pytest.param({"obstacles": ("no_water", "no_tea")}, "obstacles", id="unknown_obstacle"),
        pytest.param({"reflections": {"mood": "Good."}}, "reflection-mood", id="unknown_prompt"),
    ],
)
def test_answer_that_is_not_offered_is_named_by_its_field(freeze, said, field):
    assert list(faults_of(ask(freeze), **said)) == [field]


def test_question_for_other_roles_takes_no_answer(freeze):
    said = {"answers": {"plan": "yes"}, "comments": {"plan": "Well."}}
    assert sorted(faults_of(ask(freeze, audience=("guest", "unheard_of")), **said)) == ["answer-plan", "comment-plan"]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"answers": {"full": "yes"}}, "answer-full"), ({"comments": {"full": "Well."}}, "comment-full")],
    ids=["rating", "comment"],
)
def test_brief_length_takes_no_answers_to_questions_that_are_only_read(freeze, said, field):
    assert list(faults_of(ask(freeze, audience=("guest",)), **said)) == [field]


def test_brief_length_takes_the_judgement_and_reflections(freeze):
    check_entry(ask(freeze, audience=("guest",)), Entry(judgement="met", reflections={"helped": "Water."}))


@pytest.mark.parametrize(
    ("said", "field"),
    [({"judgement": "met"}, "judgement"), ({"reflections": {"helped": "Water."}}, "reflection-helped")],
    ids=["judgement", "reflection"],
)
def test_closing_entry_takes_no_judgement_or_reflection(freeze, said, field):
    assert list(faults_of(ask(freeze, "closing"), **said)) == [field]


def test_every_fault_is_named_at_once(freeze):
    said = {"answers": {"full": "x"}, "comments": {"x": "y"}, "judgement": "x", "reflections": {"x": "y"}}
    assert sorted(faults_of(ask(freeze), **said)) == ["answer-full", "comment-x", "judgement", "reflection-x"]


@pytest.mark.parametrize(
    ("field", "texts"),
    [("comment-full", ("comments", "full")), ("reflection-helped", ("reflections", "helped"))],
    ids=["comment", "reflection"],
)
def test_text_of_the_greatest_length_is_allowed_and_a_longer_one_refused_with_its_length(freeze, field, texts):
    part, key = texts
    check_entry(ask(freeze), Entry(**{part: {key: "x" * LONGEST_TEXT}}))
    faults = faults_of(ask(freeze), **{part: {key: "x" * (LONGEST_TEXT + 1)}})
    assert list(faults) == [field]
    assert "100,001 characters" in faults[field]
    assert "100,000" in faults[field]


def test_written_answer_is_checked_by_its_kind_and_a_comment_is_not(freeze, monkeypatch):
    number = msgspec.structs.replace(KINDS["text"], fault=lambda text: "" if text.isdigit() else "Enter a number.")
    monkeypatch.setitem(KINDS, "text", number)
    check_entry(ask(freeze), Entry(comments={"why": "12", "full": "twelve"}))
    assert faults_of(ask(freeze), comments={"why": "twelve"}) == {"comment-why": "Enter a number."}


# Tidying


def test_typed_texts_are_normalised_and_replacements_counted():
    entry = Entry(comments={"full": "a\r\nb\rc"}, reflections={"helped": "\x00x\ud800\uffff"})
    tidy, replaced = tidy_entry(entry)
    assert (tidy.comments, tidy.reflections) == ({"full": "a\nb\nc"}, {"helped": "\ufffdx\ufffd\ufffd"})
    assert replaced == 3


def test_text_is_otherwise_stored_as_typed():
    entry = Entry(comments={"full": "  e\u0301 =1+1\t\n\n "}, reflections={"helped": " "})
    assert tidy_entry(entry) == (entry, 0)


def test_blank_answers_are_left_out():
    blank = Entry(answers={"full": "", "plan": "no"}, comments={"full": ""}, reflections={"helped": ""})
    assert tidy_entry(blank)[0] == Entry(answers={"plan": "no"})


def test_tidying_keeps_all_else():
    entry = Entry(not_my_part=True, judgement="met", obstacles=("no_gas",), answers={"full": "yes"})
    assert tidy_entry(entry)[0] == entry


@pytest.mark.parametrize("entry", [WHOLE, Entry(), Entry(not_my_part=True)], ids=["whole", "blank", "not_my_part"])
def test_entry_read_from_its_document_is_the_same(entry):
    assert read_entry(as_document(entry)) == entry


def test_blank_entry_is_an_empty_document():
    assert as_document(Entry()) == "{}"


# Where it stands


@pytest.mark.parametrize(
    ("key", "entry", "status"),
    [
        pytest.param("tea01", None, "not_begun", id="never_saved"),
        pytest.param("tea01", Entry(), "not_begun", id="saved_blank"),
        pytest.param("tea01", Entry(answers={"full": "yes"}), "begun", id="rating_without_judgement"),
        pytest.param("tea01", Entry(reflections={"helped": "x"}), "begun", id="reflection_without_judgement"),
        pytest.param("tea01", Entry(judgement="not_known"), "answered", id="judgement"),
        pytest.param("tea01", Entry(not_my_part=True), "not_my_part", id="set_aside"),
        pytest.param("tea01", Entry(not_my_part=True, judgement="met"), "not_my_part", id="set_aside_with_answers"),
        pytest.param("closing", Entry(comments={"went_well": "All."}), "answered", id="closing_text"),
        pytest.param("closing", Entry(answers={"again": "yes"}), "begun", id="closing_rating_alone"),
        pytest.param("closing", None, "not_begun", id="closing_never_saved"),
    ],
)
def test_status_says_where_an_entry_stands(freeze, key, entry, status):
    assert status_of(ask(freeze, key), entry) == status
