"""Which set a document is of: told by what cannot be a passing mention, else asked for. All wording is invented."""

import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import MarkerSet, Outline, Role, Stage
from scrqm_forms.domain.published_match import known_markers
from scrqm_forms.domain.published_set import Candidate, choose_set, find_signs, strongest_sign, warn_of_set
from scrqm_forms.domain.published_text import read_published_text


def make_set(key, label, wording, titles, roles=()):
    return MarkerSet(
        key=key,
        title=f"{label}s",
        prefix=key,
        citation="Invented.",
        stages=(Stage(key="setup", title="Setup"),),
        roles=tuple(Role(key=role, title=role, plural=role) for role in roles),
        known_by=(label,),
        wording=wording,
        outline=tuple(Outline(number=n, title=title, stage="setup") for n, title in enumerate(titles, 1)),
    )


SETS = {
    "adults": make_set(
        "adults",
        "SAR Quality Marker",
        ("SAR", "Safeguarding Adult Review"),
        ("Referral", "Cups", "Sugar"),
        ("accountable", "delegated", "conducting", "supporting"),
    ),
    "children": make_set(
        "children", "SCR Quality Marker", ("SCR", "Serious Case Review"), ("Referral", "Kettles", "Cups", "Spoons")
    ),
}
AMONG = [Candidate(set=each, known=known_markers(each, ())) for each in SETS.values()]


def text_of(title="", statement="The tea is hot.", rationale="It warms.", asks="Is it hot?", more=""):
    asked = f"How might you know if you are meeting this quality marker?\n\n1. {asks}"
    parts = (title, "Quality statement", statement, "Rationale", rationale, asked, more)
    return "\n\n".join(part for part in parts if part)


def signs_in(text, number=None):
    return find_signs(text, [read_published_text(text)], AMONG, number)


MENTION = "Among others, safeguarding adult reviews (SAR Quality Markers) and safeguarding adult reviews may run."
BY_SIGNS = {
    "its label": ({"title": "SCR Quality Marker 2: Tea"}, 'its label "SCR Quality Marker"', "children"),
    "a label below the title": ({"title": "Tea\nSAR Quality Marker 2"}, 'its label "SAR Quality Marker"', "adults"),
    "the name of its set": ({"title": "SCR Quality Markers\n\nTea"}, 'its label "SCR Quality Marker"', "children"),
    "its short name too": ({"title": "SCR (SC) Quality Markers"}, 'its label "SCR Quality Marker"', "children"),
    "the way to its page": ({"title": "Home > SAR Quality Markers\n\nTea"}, 'its label "SAR Quality Marker"', "adults"),
    "a label after the title": ({"title": "Tea – SAR Quality Marker 2"}, 'its label "SAR Quality Marker"', "adults"),
    "its statement": ({"statement": "The SCR is hot."}, 'its words "SCR"', "children"),
    "its questions": (
        {"asks": "Are safeguarding adult reviews hot?"},
        'its words "Safeguarding Adult Review"',
        "adults",
    ),
    "its title": ({"title": "Quality Marker 2: Kettles"}, 'its title "Kettles"', "children"),
    "its title alone": ({"title": "Sugar"}, 'its title "Sugar"', "adults"),
    "title and number": ({"title": "Quality Marker 3: Cups"}, "its title with the number 3", "children"),
    "its number": ({"title": "Quality Marker 4: Tea"}, "its number 4", "children"),
    "the size of the set": (
        {"more": "This is one of a set of 4 Quality Markers."},
        'words "4 Quality Markers"',
        "children",
    ),
}


@pytest.mark.parametrize(("parts", "words", "key"), BY_SIGNS.values(), ids=BY_SIGNS)
def test_set_is_told_whatever_is_mentioned_in_passing(parts, words, key):
    sign = strongest_sign(signs_in(text_of(rationale=MENTION, **parts)))
    assert (sign.set_key, words in sign.words) == (key, True)


def test_audiences_of_one_set_tell_it():
    text = (
        "Quality Marker 2: Tea\n\nTea is hot.\n\nQuestions to consider for:\n\nThose ultimately accountable\n\n- Is it?"
    )
    assert strongest_sign(signs_in(text)).set_key == "adults"


def test_number_that_somebody_gave_counts():
    assert strongest_sign(signs_in(text_of(), number=4)).set_key == "children"


@pytest.mark.parametrize(
    "parts",
    [
        {"title": "Quality Marker 1: Referral"},
        {"title": "Quality Marker 2: Tea"},
        {"statement": "The SCR is hot.", "asks": "Is the SAR?"},
        {"rationale": f"{MENTION} SAR Quality Marker 2 is\nSAR Quality Marker of tea."},
    ],
    ids=["title of both", "number of both", "words of both", "a mention"],
)
def test_set_is_asked_for_where_both_are_possible(parts):
    signs = signs_in(text_of(**parts))
    assert signs == []
    with pytest.raises(Refused, match='"SAR Quality Markers" or "SCR Quality Markers"; name it with --set adults or'):
        choose_set(SETS, signs, None)
    assert (choose_set(SETS, signs, "adults"), warn_of_set(SETS, signs, "adults")) == (SETS["adults"], [])


def test_signs_for_two_sets_are_named():
    signs = signs_in(text_of("Sugar", "The SCR is hot."))
    with pytest.raises(Refused, match=r'By its title "Sugar" .* but by its words "SCR" '):
        choose_set(SETS, signs, None)


def test_number_beside_the_name_of_the_set_outweighs_all():
    text = text_of("SAR Quality Marker 2: Kettles", "The SCR is hot.")
    assert strongest_sign(signs_in(text)).set_key == "adults"


def test_what_told_the_set_is_named_unless_it_is_the_name():
    (warning,) = warn_of_set(SETS, signs_in(text_of(statement="The SCR is hot.")), None)
    assert 'By its words "SCR" it was taken as one of "SCR Quality Markers"' in warning
    assert warning.endswith("if it is of another set, name it with --set adults.")
    assert warn_of_set(SETS, signs_in(text_of("SCR Quality Marker 2: Tea")), None) == []


def test_chosen_set_counts_and_what_speaks_against_it_is_named():
    signs = signs_in(text_of("SAR Quality Marker 2: Tea"))
    assert choose_set(SETS, signs, "children") == SETS["children"]
    (warning,) = warn_of_set(SETS, signs, "children")
    assert 'By its label "SAR Quality Marker" the document looks like one of "SAR Quality Markers"' in warning


def test_label_that_ends_with_a_misread_blank_is_read():
    text = text_of(title="SCR Quality MarkersĀ\n\nTea")
    assert [sign.is_label for sign in signs_in(text)] == [True]
