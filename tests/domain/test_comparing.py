"""Markers compared: added, taken out, reworded, moved; between versions by id, between sets by lineage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.comparing import Comparison, compare_markers
from scrqm_forms.domain.comparing_matches import Sourced, find_moved
from scrqm_forms.domain.marker import Marker, Obstacle, Question
from scrqm_forms.domain.word_difference import compare_words


def question(key, ask=None, **more):
    return Question(id=key, ask=ask or f"Is the {key} hot?", **more)


def marker(*questions, key="tea01", **more):
    usual = {
        "id": key,
        "number": 1,
        "title": "Kettle",
        "stage": "brewing",
        "statement": "The kettle is hot.",
        "rationale": "Tea needs it.",
        "source": "Tea House",
        "wording_status": "local",
        "questions": questions or (question("pot"), question("cup"), question("lid")),
    }
    return Marker(**usual | more)


def compare(before, after, sets=("tea", "tea")):
    return compare_markers([Sourced(sets[0], before)], [Sourced(sets[1], after)])


def changes(before, after, **more):
    (pair,) = compare(before, after, **more).both
    return [(change.part, change.id, change.kinds, change.before, change.after) for change in pair.changes]


def marked(before, after):
    return "".join(
        {"same": "{}", "removed": "[{}]", "added": "<{}>"}[p.kind].format(p.text) for p in compare_words(before, after)
    )


# Words


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Tea is hot.", "Tea is hot.", "Tea is hot."),
        ("Tea is hot.", "Tea is very hot.", "Tea is <very >hot."),
        ("Is the tea hot?", "Is the tea cold?", "Is the tea [hot]<cold>?"),
        ("Is the big red pot hot?", "Is the one blue pot hot?", "Is the [big red]<one blue> pot hot?"),
        ("Has the {review} tea?", "Has the {board} tea?", "Has the [{review}]<{board}> tea?"),
        (
            "Tea is hot.",
            "Nobody poured any milk into those cups",
            "[Tea is hot.]<Nobody poured any milk into those cups>",
        ),
        ("", "Tea", "<Tea>"),
        ("Tea", "", "[Tea]"),
        ("", "", ""),
    ],
    ids=["same", "added", "changed", "run", "placeholder", "nothing alike", "new", "gone", "nothing"],
)
def test_words_that_differ_are_marked(before, after, shown):
    assert marked(before, after) == shown


@given(before=st.text("ab c.{}\n", max_size=30), after=st.text("ab c.{}\n", max_size=30))
def test_pieces_make_up_both_texts(before, after):
    pieces = compare_words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


# One marker


def test_same_marker_has_no_changes():
    assert compare(marker(), marker()).is_same


@pytest.mark.parametrize("part", ["title", "statement", "rationale"])
def test_text_that_was_reworded_is_named(part):
    assert changes(marker(), marker(**{part: "The kettle is new."})) == [(part, "", ("reworded",), None, None)]


def test_rationale_that_came_or_went_is_named():
    bare = marker(rationale=None, wording_status="published")
    assert changes(bare, marker())[0][:3] == ("rationale", "", ("added",))
    assert changes(marker(), bare)[0][:3] == ("rationale", "", ("removed",))


def test_question_is_known_by_its_id():
    after = marker(question("pot", "Is the pot warm?"), question("spoon"), question("lid"))
    assert changes(marker(), after) == [
        ("question", "pot", ("reworded",), 1, 1),
        ("question", "spoon", ("added",), None, 2),
        ("question", "cup", ("removed",), 2, None),
    ]


def test_only_what_left_its_order_is_moved():
    after = marker(question("lid"), question("pot"), question("cup"))
    assert changes(marker(), after) == [("question", "lid", ("moved",), 3, 1)]


def test_question_that_was_put_in_moves_no_other():
    after = marker(question("new"), question("pot"), question("cup"), question("lid"))
    assert changes(marker(), after) == [("question", "new", ("added",), None, 1)]


def test_question_can_be_moved_reworded_and_asked_otherwise_at_once():
    after = marker(
        question("lid", "Is it shut?", roles=("chair", "panel"), conditional=True), question("pot"), question("cup")
    )
    (pair,) = compare(marker(), after).both
    (change,) = pair.changes
    assert change.kinds == ("moved", "reworded", "settings")
    assert change.settings == {"roles": ("-", "chair, panel"), "conditional": ("false", "true")}


def test_wording_looking_back_is_compared_too():
    after = marker(question("pot", reflect="Was it hot?"), question("cup"), question("lid"))
    assert changes(marker(), after) == [("reflect", "pot", ("added",), 1, 1)]


def test_obstacles_are_known_by_their_ids():
    before = marker(obstacles=(Obstacle(id="a", text="No time."), Obstacle(id="b", text="No tea.")))
    after = marker(
        obstacles=(Obstacle(id="b", text="No tea."), Obstacle(id="c", text="No cup."), Obstacle(id="a", text="No."))
    )
    assert changes(before, after) == [
        ("obstacle", "b", ("moved",), 2, 1),
        ("obstacle", "c", ("added",), None, 2),
        ("obstacle", "a", ("reworded",), 1, 3),
    ]


def test_items_without_ids_are_known_by_their_words():
    before = marker(knowledge=("Hot water matters to many.", "Nothing else is known."))
    after = marker(knowledge=("Leaves matter.", "Hot water matters to all.", "Nothing else is known."))
    assert changes(before, after) == [
        ("knowledge", "", ("added",), None, 1),
        ("knowledge", "", ("reworded",), 1, 2),
    ]


def test_section_that_is_there_and_empty_differs_from_none():
    (pair,) = compare(marker(), marker(equality=())).both
    assert [change.settings for change in pair.changes] == [{"section": ("not there", "empty")}]


# Several markers


def test_questions_of_two_sets_are_the_same_by_their_lineage():
    own = marker(
        question("heat", "Is the pot hot?", lineage=("tea/tea01.pot",)),
        question("milk"),
        key="ob01",
        title="Our kettle",
    )
    comparison = compare_markers([Sourced("tea", marker())], [Sourced("ourboard", own)])
    (pair,) = comparison.both
    assert [(change.id, change.kinds) for change in pair.changes] == [
        ("", ("reworded",)),
        ("milk", ("added",)),
        ("cup", ("removed",)),
        ("lid", ("removed",)),
    ]


def test_lineage_counts_from_the_other_side_too():
    own = marker(question("heat", "Is the pot hot?", lineage=("tea/tea01.pot",)), key="ob01")
    (pair,) = compare_markers([Sourced("ourboard", own)], [Sourced("tea", marker())]).both
    assert ("pot", ("added",)) not in [(change.id, change.kinds) for change in pair.changes]


def test_sets_are_paired_by_id_and_lineage_and_the_others_named():
    before = [Sourced("tea", marker(key=f"tea0{n}")) for n in (1, 2, 3)]
    after = [
        Sourced("tea", marker(key="tea01")),
        Sourced("tea", marker(question("heat", lineage=("tea/tea03.pot", "tea/tea03.lid")), key="tea08")),
        Sourced("tea", marker(key="tea09")),
    ]
    comparison = compare_markers(before, after)
    assert [(pair.before.id, pair.after.id) for pair in comparison.both] == [("tea01", "tea01"), ("tea03", "tea08")]
    assert [[each.id for each in side] for side in (comparison.added, comparison.removed)] == [["tea09"], ["tea02"]]


def test_question_that_went_to_another_marker_is_moved_there():
    pot, milk = question("pot"), question("milk", lineage=("tea/tea01.cup",))
    before = [Sourced("tea", marker(key="tea01")), Sourced("tea", marker(question("jug"), key="tea02"))]
    after = [
        Sourced("tea", marker(pot, question("lid"), key="tea01")),
        Sourced("tea", marker(question("jug"), milk, key="tea02")),
    ]
    found = [
        (pair.after.id, change.id, change.kinds, change.origin)
        for pair in compare_markers(before, after).both
        for change in pair.changes
    ]
    assert found == [("tea02", "milk", ("moved", "reworded"), "tea01.cup")]


def test_nothing_against_a_set_is_all_added():
    assert compare_markers([], [Sourced("tea", marker())]) == Comparison(added=(marker(),))


@given(st.permutations(range(1, 8)))
def test_what_is_not_moved_stands_in_order_and_as_much_as_can_be(places):
    moved = find_moved(places)
    kept = [place for n, place in enumerate(places, 1) if n not in moved]
    assert kept == sorted(kept)
    back = [place for place in places if place not in kept]
    assert all(sorted([*kept, place]) != [p for p in places if p in kept or p == place] for place in back)


@given(st.permutations([question(key) for key in "abcdef"]), st.integers(0, 6))
def test_comparing_again_the_other_way_swaps_added_and_removed(questions, cut):
    one, other = marker(*[question(key) for key in "abcdef"]), marker(*questions[cut:], question("z"))
    there, back = compare(one, other).both[0].changes, compare(other, one).both[0].changes
    swapped = {"added": "removed", "removed": "added"}
    assert {(c.id, swapped[k]) for c in there for k in c.kinds if k in swapped} == {
        (c.id, k) for c in back for k in c.kinds if k in swapped
    }
