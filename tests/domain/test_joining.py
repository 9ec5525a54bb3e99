"""Two versions of one entry: what differs, and that joining them loses no text."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.joining import find_differences, join_entries
from scrqm_forms.domain.response import Entry

#: Few and alike, so that texts often equal, begin or hold each other.
TEXTS = st.sampled_from(["a", "ab", "a\n\nb"]) | st.text("ab \n\u0301\U0001f600", min_size=1, max_size=5)
KEYS = st.sampled_from(["full", "plan", "why"])


#: As they are stored: without blanks.
ENTRIES = st.builds(
    Entry,
    not_my_part=st.booleans(),
    answers=st.dictionaries(KEYS, st.sampled_from(["yes", "partly", "no"])),
    comments=st.dictionaries(KEYS, TEXTS),
    judgement=st.sampled_from(["", "met", "not_met"]),
    obstacles=st.lists(st.sampled_from(["no_water", "no_gas", "rain"]), unique=True).map(tuple),
    reflections=st.dictionaries(KEYS, TEXTS),
)


def texts_of(entry: Entry) -> dict[str, str]:
    texts = {f"comment-{key}": text for key, text in entry.comments.items()}
    return texts | {f"reflection-{key}": text for key, text in entry.reflections.items()}


def codes_of(entry: Entry) -> dict[str, str]:
    codes = {f"answer-{key}": code for key, code in entry.answers.items()}
    return codes | ({"judgement": entry.judgement} if entry.judgement else {})


def fields_of(entry: Entry) -> dict[str, object]:
    obstacles = {"obstacles": set(entry.obstacles)} if entry.obstacles else {}
    return texts_of(entry) | codes_of(entry) | obstacles


def all_picks(here: Entry, elsewhere: Entry, pick: str) -> dict[str, str]:
    return {each.field: pick for each in find_differences(here, elsewhere)}


def sides(here: Entry, elsewhere: Entry) -> Iterator[tuple[str, str]]:
    for entry in (here, elsewhere):
        yield from texts_of(entry).items()


@given(ENTRIES)
def test_equal_entries_have_no_differences(entry):
    assert find_differences(entry, entry) == []


@given(ENTRIES, ENTRIES)
def test_differences_name_each_field_that_is_not_the_same_and_what_stands_in_it(here, elsewhere):
    mine, theirs = fields_of(here), fields_of(elsewhere)
    found = {each.field: (each.here, each.elsewhere) for each in find_differences(here, elsewhere)}
    assert len(found) == len(find_differences(here, elsewhere))
    changed = {field for field in mine.keys() | theirs.keys() if mine.get(field) != theirs.get(field)}
    # The same obstacles ticked in another order differ too; that loses nothing.
    assert changed <= found.keys() <= changed | {"obstacles"}
    for field in changed - {"obstacles"}:
        assert found[field] == (mine.get(field, ""), theirs.get(field, ""))


@given(ENTRIES, ENTRIES)
def test_joining_as_proposed_loses_no_text_of_either_side(here, elsewhere):
    joined = texts_of(join_entries(here, elsewhere, {}))
    assert all(text in joined[field] for field, text in sides(here, elsewhere))


@given(ENTRIES, ENTRIES)
def test_joining_both_loses_no_text_and_no_obstacle(here, elsewhere):
    joined = join_entries(here, elsewhere, all_picks(here, elsewhere, "both"))
    texts = texts_of(joined)
    assert all(text in texts[field] for field, text in sides(here, elsewhere))
    assert set(joined.obstacles) == {*here.obstacles, *elsewhere.obstacles}
    assert len(set(joined.obstacles)) == len(joined.obstacles)


@given(ENTRIES, ENTRIES, st.data())
def test_each_field_is_the_side_that_was_picked(here, elsewhere, data):
    picks = {
        each.field: data.draw(st.sampled_from(["here", "elsewhere"])) for each in find_differences(here, elsewhere)
    }
    joined = fields_of(join_entries(here, elsewhere, picks))
    side = {"here": fields_of(here), "elsewhere": fields_of(elsewhere)}
    for field, pick in picks.items():
        assert joined.get(field) == side[pick].get(field)
    for field in (side["here"].keys() & side["elsewhere"].keys()) - picks.keys():
        assert joined[field] == side["here"][field]


@given(ENTRIES, ENTRIES, st.sampled_from(["here", "elsewhere", "both", "junk", None]))
def test_codes_are_never_joined(here, elsewhere, pick):
    picks = all_picks(here, elsewhere, pick) if pick else {}
    mine, theirs = codes_of(here), codes_of(elsewhere)
    for field, code in codes_of(join_entries(here, elsewhere, picks)).items():
        assert code in (mine.get(field), theirs.get(field))
    assert not any(each.can_join for each in find_differences(here, elsewhere) if each.field in mine.keys() | theirs)


@given(ENTRIES, ENTRIES)
def test_code_given_on_one_side_only_is_kept(here, elsewhere):
    joined = codes_of(join_entries(here, elsewhere, {}))
    assert joined == codes_of(elsewhere) | codes_of(here)


@given(ENTRIES, ENTRIES)
def test_joined_texts_joined_again_with_either_side_stay_as_they_are(here, elsewhere):
    joined = join_entries(here, elsewhere, {})
    for side in (here, elsewhere):
        for again in (join_entries(joined, side, {}), join_entries(side, joined, {})):
            assert texts_of(again) == texts_of(joined)
            assert set(again.obstacles) == set(joined.obstacles)


@given(ENTRIES, ENTRIES, st.sampled_from(["", "both", "neither"]))
def test_pick_that_was_not_offered_loses_nothing(here, elsewhere, pick):
    picks = {each.field: pick for each in find_differences(here, elsewhere) if pick != "both" or not each.can_join}
    assert join_entries(here, elsewhere, {**picks, "nothing": pick}) == join_entries(here, elsewhere, {})


@pytest.mark.parametrize(
    ("here", "elsewhere", "kept"),
    [
        ("Typed here.", "", "Typed here."),
        ("", "Typed there.", "Typed there."),
        ("Typed here.", "Typed there.", "Typed there.\n\nTyped here."),
        ("Typed", "Typed, and more.", "Typed, and more."),
        ("Typed, and more.", "Typed", "Typed, and more."),
        ("No", "Not at all.", "Not at all.\n\nNo"),
        ("Others did.", "s", "s\n\nOthers did."),
        ("(yes) ", "I think (yes) it was.", "I think (yes) it was."),
    ],
    ids=[
        "only_here",
        "only_elsewhere",
        "both",
        "elsewhere_goes_on",
        "here_goes_on",
        "inside_a_word",
        "end_of_a_word",
        "not_a_word",
    ],
)
def test_two_texts_are_kept_one_after_the_other_unless_one_holds_the_other(here, elsewhere, kept):
    mine, theirs = (Entry(reflections={"helped": text} if text else {}) for text in (here, elsewhere))
    assert join_entries(mine, theirs, {}).reflections == {"helped": kept}


@given(ENTRIES, ENTRIES)
def test_setting_aside_is_as_it_was_here(here, elsewhere):
    assert join_entries(here, elsewhere, {}).not_my_part == here.not_my_part
