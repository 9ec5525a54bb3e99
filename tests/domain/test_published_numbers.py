"""The numbers that a document gives its own items: what they show of a copy that lost one."""

import pytest

from .test_published_variations import marker_text, read_text


def told_of_numbers(questions):
    draft = read_text(marker_text(questions=questions))
    return [warning.partition(";")[0] for warning in draft.warnings if warning.startswith("In the document")]


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        ("1. A is?\n2. B is?\n4. D is?", ["In the document number 4 comes after number 2"]),
        ("1. A is?\n2. B is?\n2. C is?", ["In the document the number 2 stands before two items"]),
        ("3. A is?\n4. B is?", ["In the document the first number is 3"]),
        ("1. A is?\n2. B is?\n3. C is?", []),
        ("1. A is?\n1. B is?\n1. C is?", []),
        ("1. A is?\n2. B is?\n1. C is?\n2. D is?", []),
        ("1. A is:\n   1. tea\n   3. milk?\n2. B is?", []),
        ("- A is?\n- B is?", []),
    ],
    ids=["gap", "double", "late", "whole", "all_one", "anew", "inner", "unnumbered"],
)
def test_gap_among_the_numbers_of_questions_is_named(questions, told):
    assert told_of_numbers(questions) == told


def test_numbers_may_begin_anew_under_any_audience_and_run_on_under_the_next():
    text = """SAR Quality Marker 6: Governance

The Safeguarding Adult Review (SAR) is well run.

Questions to consider for:

Those ultimately accountable; Safeguarding Adult Board members and Chair
1. Is A so?

Those with delegated responsibility; the SAR subgroup or similar
1. Is B so?
2. Is C so?

Those conducting the review; Independent Reviewers
3. Is D so?

Those providing practical support; SAB Business Managers
{}. Is E so?
"""
    told = [[each for each in read_text(text.format(n)).warnings if "number" in each] for n in (4, 6)]
    assert [len(each) for each in told] == [0, 1]


def test_questions_of_one_letter_are_no_marks():
    assert read_text(marker_text(questions="1. A?\n2. B?")).questions == ("A?", "B?")
