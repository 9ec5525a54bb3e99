"""What was agreed after one review is asked about in the next, and the answers stand in the register."""

from datetime import UTC, datetime

import msgspec
import pytest

from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.improvement import STATES, Aim
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.places import helped_column
from scrqm_forms.domain.questionnaire import FORMAT, canonical_json, digest_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.helped import find_asked
from scrqm_forms.services.improvements import make_improvement, root_of_marker
from scrqm_forms.services.notes import save_notes
from scrqm_forms.services.rounds import preview_questionnaire
from scrqm_forms.storage import improvements, reviews
from scrqm_forms.storage.database import writing

BY = Actor(caller=OPERATOR, now=datetime(2026, 3, 2, 12, tzinfo=UTC))


@pytest.fixture
def board(build):
    return build.board("Board of the register")


@pytest.fixture
def add(build, board):
    def make(change="Ring first.", state="agreed", marker="tea01"):
        aim = Aim(change=change, owner="Chair", because="So.")
        made = make_improvement(board, None, root_of_marker(build.context, board, marker), aim, by=BY)
        with writing():
            improvements.store_aim(made, msgspec.structs.replace(aim, state=state), 1, BY.now.date())
        return made.key

    return make


def asked(questionnaire):
    return {marker.id: [each.text for each in marker.improvements] for marker in questionnaire.markers}


def said(build, links, key, codes):
    for link, code in zip(links, codes, strict=True):
        build.answer(link, tea01=Entry(helped={key: code} if code else {}, judgement="met"))


def test_agreed_ones_stand_beside_their_marker_and_no_others(build, board, add):
    for state in STATES:
        add(f"It is {state}.", state)
    add("Elsewhere.", marker="tea02")
    add("Nowhere.", marker="")
    found = asked(preview_questionnaire(build.context, build.round(board=board)))
    assert found == {
        "tea01": ["It is agreed.", "It is under_way.", "It is done.", "It is closed."],
        "tea02": ["Elsewhere."],
        "tea03": [],
    }


def test_another_boards_do_not_come_back(build, add):
    add()
    assert not any(asked(preview_questionnaire(build.context, build.round())).values())


@pytest.mark.parametrize(("settings", "number"), [({"purpose": "plan"}, 0), ({"purpose": "follow_up"}, 1)])
def test_planning_asks_nobody_whether_it_helped(build, board, add, settings, number):
    add()
    found = asked(preview_questionnaire(build.context, build.round(board=board, **settings)))
    assert len(found["tea01"]) == number


def test_what_is_left_out_does_not_come_back(build, board, add):
    key = add()
    assert asked(preview_questionnaire(build.context, build.round(board=board, left_out=(key,))))["tea01"] == []


def test_improvement_comes_back_where_a_marker_descends_from_its_own(build, board, add):
    add()
    file = build.marker_folder / "02-table.toml"
    file.write_text(file.read_text().replace('id = "table"', 'id = "table"\nlineage = ["tea/tea01.full"]'))
    found = asked(preview_questionnaire(build.context, build.round(board=board)))
    assert found["tea01"] == found["tea02"] == ["Ring first."]


def test_what_was_frozen_stays_whatever_becomes_of_the_improvement(build, board, add):
    key = add()
    round_ = build.round(board=board)
    build.invite(round_, practitioner=1)
    round_ = build.open(round_)
    with writing():
        improvements.delete_improvement(improvements.get_improvement(OPERATOR, key))
    assert asked(reviews.questionnaire_of(round_))["tea01"] == ["Ring first."]
    assert reviews.questionnaire_of(round_).format == FORMAT


def test_questionnaire_without_improvements_is_canonical_as_before_there_were_any(build):
    questionnaire = preview_questionnaire(build.context, build.round())
    text = canonical_json(questionnaire)
    assert '"helped":' not in text
    assert '"improvements":' not in text
    old = msgspec.structs.replace(questionnaire, format=1)
    assert digest_of(canonical_json(msgspec.json.decode(canonical_json(old), type=type(old)))) == digest_of(
        canonical_json(old)
    )


def test_answers_stand_in_the_exports_and_in_the_register_and_agree(build, board, add):
    key = add()
    round_ = build.round(board=board)
    links = build.invite(round_, practitioner=4, panel=1)
    round_ = build.open(round_)
    said(build, links, key, ["yes", "yes", "no", "", "too_early"])
    column = helped_column("tea01", key)
    rows = build.rows(round_, "responses")
    assert sorted(row[column] for row in rows) == ["", "no", "too_early", "yes", "yes"]
    (book,) = [row for row in build.rows(round_, "codebook") if row["column"] == column]
    assert (book["wording"], book["part"], book["item"]) == ("Did this help? Ring first.", "helped", key)
    (found,) = find_asked(OPERATOR, board)[key]
    by_group = {group.key: dict(counts) for group, counts in found.groups if counts}
    assert by_group["practitioner"] == {"yes": 2, "no": 1, "": 1}
    assert by_group["panel"] == {"too_early": 1}
    assert found.totals["yes"] == 2


def test_register_says_nothing_of_a_confidential_round_before_it_may(build, board, add):
    key = add()
    round_ = build.round(board=board, mode="confidential")
    links = build.invite(round_, practitioner=6)
    round_ = build.open(round_)
    said(build, links, key, ["yes"] * 6)
    (found,) = find_asked(OPERATOR, board)[key]
    assert (found.hidden, found.groups) == ("open", ())
    build.close(round_)
    (found,) = find_asked(OPERATOR, board)[key]
    assert (found.hidden, found.totals["yes"]) == (None, 6)


def test_small_group_stands_joined_in_the_register_too(build, board, add):
    key = add()
    round_ = build.round(
        board=board,
        mode="confidential",
        groups=(("practitioner",), ("chair", "panel"), ("lead_reviewer", "business_unit")),
    )
    links = build.invite(round_, practitioner=6, panel=5, lead_reviewer=5)
    round_ = build.open(round_)
    said(build, links[:6], key, ["yes"] * 6)
    said(build, links[6:9], key, ["no"] * 3)
    said(build, links[11:], key, ["partly"] * 5)
    build.close(round_)
    (found,) = find_asked(OPERATOR, board)[key]
    assert all(sum(counts.values()) >= 5 for _, counts in found.groups if counts)
    assert len(found.groups) == 2


def test_tables_of_improvements_hold_the_reviews_and_the_boards_and_agree_with_the_register(build, board, add):
    key, other = add(), add("Elsewhere.", "proposed", marker="tea02")
    round_ = build.round(board=board)
    links = build.invite(round_, practitioner=2)
    round_ = build.open(round_)
    said(build, links, key, ["yes", "no"])
    root = root_of_marker(build.context, board, "")
    mine = make_improvement(board, round_.review, root, Aim(change="=From this one."), by=BY)
    assert [row["improvement"] for row in build.rows(round_, "improvements")] == [mine.key]
    rows = {row["improvement"]: row for row in build.rows(round_, "register")}
    assert list(rows) == [key, other, mine.key]
    (found,) = find_asked(OPERATOR, board)[key]
    for code in ("yes", "partly", "no", "too_early", "not_known"):
        assert rows[key][f"helped_{code}"] == found.totals[code]
    assert rows[key]["asked_in"] == round_.name
    assert (rows[mine.key]["change"], rows[mine.key]["reference"]) == ("=From this one.", "R1")


def test_table_of_notes_holds_what_was_written(build):
    round_, links = build.open_round(practitioner=1)
    build.answer_all(links)
    assert build.rows(round_, "notes") == []
    save_notes(round_, "tea03", Notes(agreed="Cups."), 0, by=BY)
    save_notes(round_, "tea01", Notes(will_do="Ring.\nFirst."), 0, by=BY)
    rows = build.rows(round_, "notes")
    assert [(row["marker"], row["agreed"], row["will_do"]) for row in rows] == [
        ("tea01", "", "Ring.\nFirst."),
        ("tea03", "Cups.", ""),
    ]
