"""The pattern to copy: a board's own markers are inert until it names the plugin, and then asked like any other."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import ROLES
from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.questionnaire import Questionnaire, RoundSettings, canonical_json, digest_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Board, Person, Round
from scrqm_forms.services.boards import change_board, create_board
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.responding import Participant, begin_response, find_participant, save_entry, submit_response
from scrqm_forms.services.reviews import NewReview, create_review, create_round, markers_of_board
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage import boards, reviews
from scrqm_forms.storage.database import db

ORIGINS = {
    "exb01": "plugin example_board/01-looking-after-the-people-who-take-part.toml",
    "exb02": "plugin example_board/02-sharing-the-learning-beyond-the-board.toml",
}
SETTINGS = RoundSettings(
    purpose="reflect",
    mode="named",
    minimum=5,
    roles=tuple(role.key for role in ROLES),
    markers=("qm08", "exb01", "exb02"),
    lengths={},
)


def make_board(*plugins: str) -> Board:
    board = create_board(OPERATOR, "Anytown", date(2026, 3, 2))
    change_board(OPERATOR, board, name="Anytown", vocabulary="scr", support="", plugins=list(plugins))
    return boards.get_board(OPERATOR, board.key)


def open_named_round(board: Board, today: date) -> Round:
    """A round of everybody's marker 8 and the board's own two, with one person of each role."""
    review = create_review(OPERATOR, board, NewReview(reference="A1"), today)
    round_ = create_round(context(), review, SETTINGS, today)
    invite_people(round_, [Person(name=f"A {key}", email="", role=key, agency="") for key in SETTINGS.roles])
    open_round(context(), round_, today)
    return reviews.round_by_id(round_.id)


def begin(round_: Round, role: str, today: date) -> Participant:
    secret = next(link.secret for link in make_links(round_) if link.person.role == role)
    participant = find_participant(secret)
    assert participant is not None
    begin_response(participant, today)
    begun = find_participant(secret)
    assert begun is not None
    return begun


def read_csv(round_: Round, table: str) -> list[dict[str, str]]:
    fmt = find_format(context(), "csv")
    stream = io.BytesIO()
    write_export(make_export(round_, fmt, ExportOptions(tables=(table,) if table else ())), stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))


def questions_asked(questionnaire: Questionnaire, marker_id: str, role: str) -> int:
    marker = questionnaire.marker(marker_id)
    assert marker is not None
    return sum(not question.roles or role in question.roles for question in marker.questions)


@pytest.mark.usefixtures("app")
def test_markers_load_without_a_fault() -> None:
    library = context().library()
    assert library.plugin_faults == {}
    assert {key: library.markers[key].origin for key in ORIGINS} == ORIGINS
    assert {library.markers[key].marker.wording_status for key in ORIGINS} == {"local"}
    assert {library.markers[key].marker.source for key in ORIGINS} == {"Example Safeguarding Board"}
    assert [library.markers[key].marker.number for key in ORIGINS] == [1, 2]


@pytest.mark.usefixtures("app")
def test_markers_stand_in_sections_of_the_shipped_set() -> None:
    sets = context().library().sets
    assert set(sets["example"].stages) <= set(sets["scr"].stages)
    assert (sets["example"].roles, sets["example"].closing) == ((), ())
    assert sets["scr"].roles == ROLES


@pytest.mark.usefixtures("app")
def test_board_that_does_not_name_the_plugin_has_none_of_its_markers(today: date) -> None:
    board = make_board()
    assert {each.set.key for each in markers_of_board(context(), board)} == {"scr"}
    assert {each.set.key for each in context().library().for_everyone()} == {"scr"}
    review = create_review(OPERATOR, board, NewReview(reference="A1"), today)
    with pytest.raises(Refused, match="Markers: exb01, exb02 not found for this board"):
        create_round(context(), review, SETTINGS, today)


@pytest.mark.usefixtures("app")
def test_board_that_names_the_plugin_can_choose_its_markers() -> None:
    own = [each.marker.id for each in markers_of_board(context(), make_board("example_board")) if each.set.key != "scr"]
    assert own == ["exb01", "exb02"]


@pytest.mark.usefixtures("app")
def test_chosen_markers_are_asked_role_by_role(today: date) -> None:
    round_ = open_named_round(make_board("example_board"), today)
    questionnaire = reviews.questionnaire_of(round_)
    assert [marker.id for marker in questionnaire.markers] == ["qm08", "exb01", "exb02"]
    assert [stage.title for stage in questionnaire.stages] == ["Running the review", "Review outputs"]
    asked = {role: tuple(questions_asked(questionnaire, key, role) for key in ORIGINS) for role in SETTINGS.roles}
    assert all(all(numbers) for numbers in asked.values())
    assert asked["practitioner"] == (2, 1)
    assert begin(round_, "practitioner", today).entry_keys == ("exb01", "exb02", "closing")


@pytest.mark.usefixtures("app")
def test_answers_are_exported_and_marked_as_local(today: date) -> None:
    round_ = open_named_round(make_board("example_board"), today)
    participant = begin(round_, "practitioner", today)
    entry = Entry(
        answers={"support_offered": "partly"},
        comments={"support_offered": "Late, but it came."},
        judgement="partly_met",
        obstacles=("ended_too_soon",),
    )
    save_entry(participant, "exb01", entry, 0, today)
    submit_response(participant, today)

    (response,) = read_csv(round_, "responses")
    assert response["exb01.support_offered.rating"] == "partly"
    assert response["exb01.support_offered.comment"] == "Late, but it came."
    assert response["exb01.judgement"] == "partly_met"
    assert response["exb01.left_to_cope.rating"] == "not_asked"
    rows = [row for row in read_csv(round_, "codebook") if row["set"] == "example"]
    assert {row["marker"]: row["origin"] for row in rows} == ORIGINS
    assert {row["wording_status"] for row in rows} == {"local"}
    assert {row["source"] for row in rows} == {"Example Safeguarding Board"}


def test_open_round_stays_whole_when_the_plugin_is_turned_off(
    app: Flask, instance_path: Path, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = open_named_round(make_board("example_board"), today)
    participant = begin(round_, "chair", today)
    save_entry(participant, "exb02", Entry(judgement="met"), 0, today)
    submit_response(participant, today)
    frozen, codebook = canonical_json(reviews.questionnaire_of(round_)), read_csv(round_, "codebook")
    assert reviews.questionnaire_of(round_).made_with["example_board"] == "1"

    monkeypatch.setenv("SCRQM_FORMS_DISABLE_PLUGINS", "example_board")
    with make_app(instance_path).app_context():
        assert "exb01" not in context().library().markers
        again = reviews.round_by_id(round_.id)
        assert canonical_json(reviews.questionnaire_of(again)) == frozen
        assert reviews.questionnaire_digest(again) == digest_of(frozen)
        assert read_csv(again, "codebook") == codebook
        assert read_csv(again, "responses")[0]["exb02.judgement"] == "met"
        db.session.remove()
        db.engine.dispose()
