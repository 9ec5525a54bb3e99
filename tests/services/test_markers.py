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
