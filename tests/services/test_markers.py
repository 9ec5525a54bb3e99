"""Importing a published document: to the letter, with ids kept, and standing in visibly. The text is invented."""

import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.published_text import NotAMarker
from scrqm_forms.services.markers import read_document, write_imported
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage.reviews import questionnaire_of

QUESTIONS = ("Is there a {kettle} plan?", "Is somebody filling it?", "How is the tea poured?")
DOCUMENT = """
Tea House Quality Markers

Quality Marker {number}: Kettle care

Quality statement: the kettle is boiled before guests arrive

Rationale

Cold tea disappoints.

How might you know if you are meeting this quality marker?

{questions}

Knowledge base

- Tea drinkers report that hot water matters.

Link to statutory guidance and inspection criteria

- No law says how tea is made.

Tackling some common obstacles

- A spare kettle helps.
- One person who pours is better than three.

This is one of a set of 18 Quality Markers which aim to support tea.

The Quality Markers were produced as part of the Teapot Project.
"""


def document(*questions, number=8):
    listed = "\n\n".join(f"{n}. {text}" for n, text in enumerate(questions or QUESTIONS, 1))
    return DOCUMENT.replace("{number}", str(number)).replace("{questions}", listed).encode()


def read_one(build, data, **more):
    """The only marker of a document."""
    (imported,) = read_document(build.context, data, **more).markers
    return imported


def import_document(build, *questions, **more):
    imported = read_one(build, document(*questions), **more)
    write_imported(imported)
    return imported


def marker_now(build, key="qm08"):
    return build.context.library().markers[key]


def test_reading_a_document_writes_nothing(build):
    before = sorted(build.context.instance.path.rglob("*"))
    imported = read_one(build, document())
    assert (imported.marker.id, imported.marker.wording_status) == ("qm08", "published")
    assert sorted(build.context.instance.path.rglob("*")) == before


def test_imported_marker_stands_in_for_the_shipped_one_and_says_so(build):
    shipped = marker_now(build)
    import_document(build)
    found = marker_now(build)
    assert found.marker.wording_status == "published"
    assert found.origin.startswith("instance/markers/scr/08-")
    assert found.stands_in_for == shipped.origin == "markers/scr/08-scr-management.toml"
    assert build.context.library().faults == []


def test_imported_questions_take_over_what_the_shipped_ones_say_of_them(build):
    shipped = {question.published: question for question in marker_now(build).marker.questions if question.published}
    import_document(build)
    for position, question in enumerate(marker_now(build).marker.questions, 1):
        known = shipped[position]
        assert (question.id, question.roles, question.favourable) == (known.id, known.roles, known.favourable)


def test_imported_text_reaches_the_participant_to_the_letter(build):
    import_document(build)
    round_ = build.round(markers=("qm08",))
    open_round(build.context, round_, build.today)
    asked = questionnaire_of(build.again(round_)).marker("qm08")
    assert tuple(question.text for question in asked.questions) == QUESTIONS
    assert asked.statement == "the kettle is boiled before guests arrive"
    assert asked.wording_status == "published"
    assert "looking back" in asked.lead_in


def test_importing_again_keeps_the_ids(build):
    more = ("Is there a lid?", "Is it red?", "Is it new?", "Is it big?", "Is it loud?")
    first, second = (import_document(build, *QUESTIONS, *more) for _ in range(2))
    assert second.marker == first.marker
    assert [question.id for question in second.marker.questions][-1] == "p8"


def test_importing_again_writes_the_same_file_whatever_it_is_called(build):
    path = import_document(build).path
    renamed = path.rename(path.with_name("our-kettle.toml"))
    assert import_document(build).path == renamed
    assert list(renamed.parent.iterdir()) == [renamed]
    assert build.context.library().faults == []
    assert marker_now(build).stands_in_for == "markers/scr/08-scr-management.toml"


def test_question_keeps_its_id_when_it_moves_in_a_new_edition(build):
    first = import_document(build)
    second = import_document(build, QUESTIONS[2], QUESTIONS[0], QUESTIONS[1])
    ids = {question.ask: question.id for question in first.marker.questions}
    assert {question.ask: question.id for question in second.marker.questions} == ids


def test_marker_of_no_shipped_number_gets_ids_of_its_own(build):
    imported = read_one(build, document(number=88))
    assert imported.marker.id == "qm88"
    assert [question.id for question in imported.marker.questions] == ["p1", "p2", "p3"]
    assert [question.kind for question in imported.marker.questions] == ["rating", "rating", "text"]
    assert imported.warnings


def test_number_given_wins_and_the_difference_is_named(build):
    imported = read_one(build, document(), number=9)
    assert imported.marker.id == "qm09"
    assert any("says that it is quality marker 8" in warning for warning in imported.warnings)


def test_document_without_a_number_asks_for_one(build):
    text = document().decode().replace("Quality Marker 8: Kettle care", "")
    with pytest.raises(Refused, match="--number"):
        read_document(build.context, text.encode())
    assert read_one(build, text.encode(), number=8).marker.id == "qm08"


def test_page_that_holds_no_marker_is_refused_and_nothing_is_written(build):
    before = sorted(build.context.instance.path.rglob("*"))
    with pytest.raises(NotAMarker, match="not a marker"):
        read_document(build.context, b"Tea House\n\n18 Quality Markers have been developed.\n")
    assert sorted(build.context.instance.path.rglob("*")) == before


def test_set_that_is_not_there_is_named(build):
    with pytest.raises(Refused, match='Set: "cake" is not one of sar, scr'):
        read_document(build.context, document(), set_key="cake")


def test_imported_file_that_is_deleted_gives_the_shipped_marker_back(build):
    shipped = marker_now(build)
    import_document(build).path.unlink()
    assert marker_now(build) == shipped


# Several markers in one document


def several(*numbers):
    return "\n\n".join(document(number=number).decode() for number in numbers).encode()


def test_several_markers_in_one_document_are_all_read_and_gaps_are_named(build):
    read = read_document(build.context, several(7, 8, 11))
    assert [each.marker.id for each in read.markers] == ["qm07", "qm08", "qm11"]
    assert any("Markers 9 and 10: not in the document" in warning for warning in read.warnings)


def test_marker_that_stands_in_a_document_twice_is_read_once_and_named(build):
    read = read_document(build.context, several(7, 8, 8))
    assert [each.marker.id for each in read.markers] == ["qm07", "qm08"]
    assert read.left_out == ("Marker 8 stands in the document twice, with the same text; the first was read.",)


def test_marker_that_stands_in_a_document_many_times_is_named_once(build):
    read = read_document(build.context, several(7, 8, 8, 8, 8))
    assert read.left_out == ("Marker 8 stands in the document 3 more times, with the same text; the first was read.",)


def test_marker_without_questions_costs_only_itself(build):
    broken = document(number=7).decode().replace("1. Is there a {kettle} plan?", "").partition("2. ")[0]
    read = read_document(build.context, (broken + "\n\n" + document(number=8).decode()).encode())
    assert [each.marker.id for each in read.markers] == ["qm08"]
    assert "place 1" in read.left_out[0]
    assert "no questions" in read.left_out[0]


def test_one_number_for_several_markers_is_refused(build):
    with pytest.raises(Refused, match="holds 2 markers"):
        read_document(build.context, several(7, 8), number=9)


# Which marker it is


def test_title_of_the_set_gives_the_number_and_says_so(build):
    text = document().decode().replace("Quality Marker 8: Kettle care", "").replace("Tea House", "The Report\n\nSCR")
    imported = read_one(build, text.encode())
    assert (imported.marker.number, imported.marker.title) == (14, "Report")
    assert "by its title it is marker 14" in imported.warnings[0]


@pytest.mark.parametrize(
    ("title", "kept", "said"),
    [
        ("Report writing", "Report writing", "the document's was kept"),
        ("Cups and spoons", "Report", "the set's was taken"),
    ],
)
def test_title_without_a_number_that_is_not_the_set_s_is_kept_if_it_is_like_it_and_named(build, title, kept, said):
    text = document().decode().replace("Quality Marker 8: Kettle care", "").replace("Tea House", f"{title}\n\nSCR")
    (imported,) = read_document(build.context, text.encode(), number=14).markers
    assert imported.marker.title == kept
    assert any(title in warning and said in warning for warning in imported.warnings)


def test_number_that_the_set_has_not_is_named(build):
    imported = read_one(build, document(number=25))
    assert imported.marker.number == 25
    assert any("no marker 25, only 1 to 18" in warning for warning in imported.warnings)


def test_words_near_to_one_marker_of_the_set_give_the_number_and_say_so(build):
    shipped = marker_now(build, "qm17").marker
    asks = tuple(question.ask.replace("{", "").replace("}", "") for question in shipped.questions)
    text = (
        document(*asks)
        .decode()
        .replace("Quality Marker 8: Kettle care", "")
        .replace("the kettle is", shipped.statement)
    )
    imported = read_one(build, text.encode())
    assert imported.marker.id == "qm17"
    assert "by its words it was taken for marker 17, Publication" in imported.warnings[0]


def test_number_beside_the_title_of_another_marker_is_named(build):
    imported = read_one(build, document().replace(b"Kettle care", b"Governance"))
    assert imported.marker.number == 8
    assert any('"Governance" is the title of marker 7' in warning for warning in imported.warnings)


# The markers for adults' reviews


ADULTS = """Management of the process
SAR Quality Marker 7
The tea is brewed with care, and every guest is attended to.
Questions to consider for:
-
Open Those ultimately accountable; Tea Board members and Chair
- Have you tasted it?
-
Open Those with delegated responsibility; the tea subgroup
- Is it hot?
- How is it poured?
-
Open Those conducting the review; Independent Tasters
-
Open Those providing practical support; Tea Managers
- Is there a kettle?
"""


def test_marker_for_adults_is_of_its_own_set_and_asks_each_audience_its_own(build):
    imported = read_one(build, ADULTS.encode())
    write_imported(imported)
    found = marker_now(build, "sar07")
    assert (found.set.key, found.marker.title, found.marker.stage) == ("sar", "Management of the process", "running")
    assert (found.marker.rationale, found.marker.wording_status) == (None, "published")
    assert [question.roles for question in found.marker.questions] == [
        ("accountable",),
        ("delegated",),
        ("delegated",),
        ("supporting",),
    ]
    assert [question.kind for question in found.marker.questions] == ["rating", "rating", "text", "rating"]
    assert build.context.library().faults == []
    assert build.context.library().markers["qm08"].marker.wording_status == "adapted"


def test_marker_of_another_set_in_one_file_is_left_out_and_told(build):
    child = document("Was the serious case review brewed?", "Was this SCR hot?", number=1).decode()
    read = read_document(build.context, f"{child}\n\n{ADULTS}".encode())
    assert [each.marker.id for each in read.markers] == ["sar07"]
    assert read.left_out[0].startswith("Marker in place 1 of the document: By its words")
    assert "import it from a file of its own, or name the set." in read.left_out[0]


def test_marker_for_adults_is_found_by_its_number_or_title_alone(build):
    untitled = read_one(build, ADULTS.partition("\n")[2].encode())
    assert (untitled.marker.number, untitled.marker.title) == (7, "Management of the process")


def test_marker_for_adults_without_audiences_asks_everyone_and_says_so(build):
    plain = "\n".join(line for line in ADULTS.splitlines() if not line.startswith(("-\n", "Open")) and line != "-")
    imported = read_one(build, plain.encode())
    assert {question.roles for question in imported.marker.questions} == {()}
    assert any("so everyone is asked." in warning for warning in imported.warnings)


def test_importing_a_marker_for_adults_again_keeps_ids_as_questions_move(build):
    write_imported(read_one(build, ADULTS.encode()))
    before = marker_now(build, "sar07").marker
    moved = ADULTS.replace("- Is it hot?\n- How is it poured?", "- Is it sweet?\n- How is it poured?\n- Is it hot?")
    ids = {question.ask: question.id for question in read_one(build, moved.encode()).marker.questions}
    assert {question.ask: question.id for question in before.questions}.items() <= ids.items()


def test_marker_for_children_without_roles_asks_everyone_and_says_so_once(build):
    def told(number):
        warnings = read_one(build, document(number=number)).warnings
        return [warning.partition(":")[0] for warning in warnings if "practitioners too" in warning]

    assert [told(number) for number in (8, 9, 88)] == [[], ["Question 3"], ["Every question"]]


def test_set_that_the_document_does_not_look_like_is_named(build):
    read = read_document(build.context, ADULTS.encode(), set_key="scr")
    assert any('looks like one of "Safeguarding Adult Review' in warning for warning in read.warnings)


PARALLEL = """Quality statement

Where there are parallel kettles the SCR is brewed beside them.

Rationale

Among others, safeguarding adult reviews may be under way.

How might you know if you are meeting this quality marker?

1. Is the other kettle hot?
"""


@pytest.mark.parametrize("above", ["", "Parallel processes\n\n"])
def test_children_s_marker_that_mentions_reviews_of_adults_stays_one(build, above):
    read = read_document(build.context, (above + PARALLEL).encode(), number=None if above else 9)
    assert read.markers[0].marker.id == "qm09"
    assert any('By its words "SCR" it was taken as one of "Serious Case Review' in each for each in read.warnings)


def test_set_that_nothing_shows_is_asked_for(build):
    text = PARALLEL.replace("SCR", "tea").encode()
    with pytest.raises(Refused, match="--set sar or --set scr"):
        read_document(build.context, text, number=9)
    assert read_one(build, text, number=9, set_key="scr").marker.id == "qm09"


def test_number_that_was_given_is_not_said_to_be_told(build):
    shipped = marker_now(build, "qm09").marker
    asks = "\n".join(f"{n}. {question.ask}" for n, question in enumerate(shipped.questions, 1))
    text = PARALLEL.replace("Among others", f"{shipped.rationale}\n\nAmong").replace(
        "1. Is the other kettle hot?", asks
    )
    text = text.replace("{", "").replace("}", "")
    assert "by its words" in read_one(build, text.encode()).warnings[0]
    warnings = read_one(build, text.encode(), number=9, set_key="scr").warnings
    assert not [warning for warning in warnings if "by its words" in warning or "No number" in warning]
    assert [warning for warning in warnings if "see whether it was cut off" in warning]


def test_round_of_markers_for_adults_asks_each_role_its_questions(build):
    write_imported(read_one(build, ADULTS.encode()))
    roles = ("accountable", "delegated", "supporting")
    round_ = build.round(markers=("sar07",), roles=roles)
    open_round(build.context, round_, build.today)
    questionnaire = questionnaire_of(build.again(round_))
    assert questionnaire.marker("sar07").rationale == ""
    assert [role.key for role in questionnaire.roles] == ["accountable", "delegated", "supporting"]
