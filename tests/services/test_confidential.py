"""What is promised in a confidential round: nobody using the program, or reading its rows, can tell who said what."""

import io
import json
import logging

import pytest
import sqlalchemy as sa

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.results import Tally
from scrqm_forms.services.context import context
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.services.responding import take_back
from scrqm_forms.services.results import results_of, show_round
from scrqm_forms.services.rounds import change_groups
from scrqm_forms.storage.database import db
from scrqm_forms.storage.responses import new_response_id

CONFIDENTIAL = {"mode": "confidential"}
REST = "chair+panel+lead_reviewer+business_unit"
EVERYONE = "chair+panel+lead_reviewer+business_unit+practitioner"


def two_groups(build, **invited):
    """A confidential round with practitioners in one group and all others in the second."""
    round_ = build.round(mode="confidential")
    links = build.invite(round_, **invited)
    change_groups(build.context, round_, [["practitioner"], ["chair", "panel", "lead_reviewer", "business_unit"]])
    return build.open(round_), links


def of_role(links, role):
    return [link for link in links if link.person.role == role]


def all_exported(build, round_):
    """Every cell of every table, and what stands about them."""
    export = make_export(build.again(round_), find_format(context(), "excel")).export
    return repr([(table.columns, list(table.rows())) for table in export.tables]) + repr(export.about)


# The rows of the database


@pytest.fixture
def answered(build):
    """Two groups of which all have answered; ids of invitations are such that no other number is one of them."""
    round_, links = build.open_round(CONFIDENTIAL, practitioner=6, chair=5)
    db.session.execute(sa.text("update invitation set id = id + 90000"))
    db.session.commit()
    build.answer_all(links)
    return round_, links


def test_no_value_of_an_invitation_occurs_in_a_response_or_entry(build, answered):
    dump = build.dump()
    assert (len(dump["invitation"]), len(dump["response"])) == (11, 11)
    said = [value for table in ("response", "entry") for row in dump[table] for value in row.values()]
    texts = "\n".join(value for value in said if isinstance(value, str))
    for invitation in dump["invitation"]:
        assert invitation["id"] not in said
        for key in ("name", "email", "agency", "link_hash"):
            assert invitation[key] not in texts


def test_round_and_group_are_all_that_a_response_shares_with_its_invitation(build, answered):
    dump = build.dump()
    shared = {"round_id": {1}, "group_key": {"practitioner", REST}, "submitted": {0, 1}}
    for column in {key for row in dump["response"] for key in row} - {"id", "link_hash"}:
        assert {row[column] for row in dump["response"]} <= shared.get(column, {None}), column
    assert {key for row in dump["entry"] for key in row} == {"response_id", "key", "version", "document"}
    assert {row["version"] for row in dump["entry"]} == {1}


def test_no_other_table_names_a_response_or_repeats_a_person(build, answered):
    dump = build.dump()
    others = repr({name: rows for name, rows in dump.items() if name not in ("response", "entry")})
    for response in dump["response"]:
        assert response["id"] not in others
        assert response["link_hash"] not in others
    others = repr({name: rows for name, rows in dump.items() if name != "invitation"})
    for person in build.people({"practitioner": 6, "chair": 5}):
        assert person.name not in others
        assert person.email not in others


def test_invitations_responses_and_entries_hold_no_time(build, answered):
    columns = {
        (table, column["name"])
        for table in ("invitation", "response", "entry")
        for column in sa.inspect(db.engine).get_columns(table)
        if isinstance(column["type"], (sa.Date, sa.DateTime, sa.Time))
    }
    assert columns == {("response", "submitted_on")}
    assert {row["submitted_on"] for row in build.dump()["response"]} == {None}


@pytest.mark.parametrize(("table", "key"), [("response", "id"), ("entry", "response_id, key")])
def test_rows_lie_in_the_order_of_a_random_id_and_have_no_other(answered, table, key):
    ids = [tuple(row) for row in db.session.execute(sa.text(f"select {key} from {table}"))]
    assert ids == sorted(ids)
    with pytest.raises(sa.exc.OperationalError, match="no such column: rowid"):
        db.session.execute(sa.text(f"select rowid from {table}"))


def test_order_of_responses_is_not_that_in_which_people_began(build, answered):
    _, links = answered
    ids = [build.participant(link).response.id for link in links]
    assert ids != sorted(ids)


def test_response_id_tells_nothing():
    ids = {new_response_id() for _ in range(200)}
    assert {len(each) for each in ids} == {26}
    # A time or a count would show as beginnings that are alike: 200 of them at random are nearly all different.
    assert len({each[:4] for each in ids}) > 190
    assert len({each[-4:] for each in ids}) > 190


def test_nothing_that_names_a_person_link_or_answer_is_logged(build, caplog):
    caplog.set_level(logging.DEBUG)
    round_, links = build.open_round(CONFIDENTIAL, practitioner=5)
    build.answer_all(links)
    all_exported(build, build.close(round_))
    ids = [build.participant(link).response.id for link in links]
    for word in ["Text 1", "Name of", "example.org", *ids, *(link.secret for link in links)]:
        assert word not in caplog.text


# Failing closed


@pytest.mark.parametrize(
    ("invited", "sent", "closed", "reason"),
    [
        pytest.param(6, 0, False, "before it is closed", id="open_and_empty"),
        pytest.param(6, 6, False, "before it is closed", id="open_and_all_sent"),
        pytest.param(6, 4, True, "fewer than 5 people sent", id="one_too_few"),
        pytest.param(6, 0, True, "fewer than 5 people sent", id="closed_and_empty"),
    ],
)
def test_nothing_is_shown_or_exported_of_a_round_that_is_open_or_too_small(build, invited, sent, closed, reason):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=invited)
    build.answer_all(links[:sent])
    for link in links[sent:]:
        build.begin(link)
    round_ = build.close(round_) if closed else build.again(round_)
    with pytest.raises(Refused, match=reason):
        show_round(round_)
    for key in context().plugins.formats:
        fmt = find_format(context(), key)
        for table in (
            None,
            "responses",
            "answers",
            "reflections",
            "results",
            "codebook",
            "participation",
            "notes",
            "improvements",
            "register",
        ):
            with pytest.raises(Refused, match=reason):
                make_export(round_, fmt, ExportOptions(tables=(table,) if table else ()))


def test_round_is_shown_once_closed_with_just_the_minimum(build):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=6)
    build.answer_all(links[:5])
    assert results_of(show_round(build.close(round_))).responses == {EVERYONE: 5}


def test_minimum_is_the_one_promised_at_opening(build):
    round_, links = build.open_round({"mode": "confidential", "minimum": 3}, practitioner=6)
    build.answer_all(links[:3])
    assert results_of(show_round(build.close(round_))).responses.total() == 3


def test_draft_has_nothing_to_show(build):
    with pytest.raises(Refused, match="never opened"):
        show_round(build.round(mode="confidential"))


def test_answers_that_were_not_sent_or_were_taken_back_are_shown_nowhere(build):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=7)
    build.answer_all(links[:5])
    build.begin(links[5])
    build.save(links[5], "tea01", Entry(judgement="met", comments={"full": "never sent"}))
    build.answer(links[6], "taken back")
    take_back(build.participant(links[6]), build.today)
    round_ = build.close(round_)
    shown = all_exported(build, round_) + repr(results_of(show_round(round_)))
    assert "Text 5" in shown
    assert "never sent" not in shown
    assert "taken back" not in shown


# Groups


def test_responses_stand_with_the_group_and_not_the_role(build):
    round_, links = two_groups(build, practitioner=5, chair=3, panel=2)
    build.answer_all(links)
    rows = build.rows(build.close(round_), "responses")
    assert sorted(row["group"] for row in rows) == [REST] * 5 + ["practitioner"] * 5
    assert set(rows[0]) & {"name", "role", "agency", "email", "submitted_on"} == set()


def test_group_with_too_few_answers_is_shown_with_the_other(build):
    round_, links = two_groups(build, practitioner=6, chair=5)
    build.answer_all(of_role(links, "practitioner"))
    build.answer_all(of_role(links, "chair")[:4])
    round_ = build.close(round_)
    assert [group.title for group in show_round(round_).groups] == ["everyone"]
    assert results_of(show_round(round_)).responses == {EVERYONE: 10}
    tables = ("responses", "answers", "reflections", "results", "participation")
    assert {row["group"] for table in tables for row in build.rows(round_, table)} == {EVERYONE}
    assert build.rows(round_, "participation") == [
        {"group": EVERYONE, "invited": 11, "not_begun": 1, "begun": 0, "submitted": 10}
    ]


def test_small_group_joins_the_smallest_other_and_the_rest_stand_as_before(build):
    round_ = build.round(mode="confidential")
    links = build.invite(round_, practitioner=7, chair=6, panel=5)
    change_groups(build.context, round_, [["practitioner"], ["chair"], ["panel", "lead_reviewer", "business_unit"]])
    round_ = build.open(round_)
    build.answer_all(of_role(links, "practitioner") + of_role(links, "chair") + of_role(links, "panel")[:1])
    found = results_of(show_round(build.close(round_))).responses
    assert found == {"practitioner": 7, REST: 7}


def test_everyone_in_a_group_is_asked_the_same(build):
    _, links = two_groups(build, practitioner=5, chair=2, business_unit=3)
    asked = [build.participant(link).entry_keys for link in links]
    assert asked == [("tea01", "tea03", "closing")] * 5 + [("tea01", "tea02", "closing")] * 5
    questions = {
        link.person.role: [question.id for question in build.participant(link).ask("tea01").questions] for link in links
    }
    assert questions["chair"] == questions["business_unit"] == ["full", "plan", "leaf"]


def patterns(rows):
    """Group -> the different sets of columns that say not_asked."""
    found = {}
    for row in rows:
        asked = frozenset(key for key, cell in row.items() if cell == "not_asked")
        found.setdefault(row["group"], set()).add(asked)
    return found


def test_what_was_not_asked_is_the_same_for_all_of_a_group(build):
    round_, links = two_groups(build, practitioner=5, chair=2, business_unit=3)
    build.answer_all(links)
    found = patterns(build.rows(build.close(round_), "responses"))
    assert {group: len(each) for group, each in found.items()} == {"practitioner": 1, REST: 1}
    assert found["practitioner"] != found[REST]


@pytest.fixture
def joined(build):
    """A closed round where four practitioners, too few to be shown alone, are shown with six others."""
    round_, links = two_groups(build, practitioner=6, chair=6)
    answers = Entry(answers={"full": "yes"}, judgement="met", reflections={"helped": "said of the kettle"})
    for link in of_role(links, "practitioner")[:4]:
        cups = Entry(answers={"cups": "no"}, judgement="not_met", reflections={"helped": "said of the cups"})
        build.answer(link, tea01=answers, tea03=cups)
    for link in of_role(links, "chair"):
        table = Entry(answers={"table": "partly"}, judgement="partly_met", reflections={"helped": "said of the table"})
        build.answer(link, tea01=answers, tea02=table)
    return build.close(round_)


def test_rows_of_groups_shown_together_cannot_be_told_apart(build, joined):
    rows = build.rows(joined, "responses")
    assert {group: len(each) for group, each in patterns(rows).items()} == {EVERYONE: 1}
    assert len({tuple(key for key, cell in row.items() if cell) for row in rows}) == 1


def test_what_fewer_than_the_minimum_were_asked_is_shown_nowhere(build, joined):
    found = results_of(show_round(joined))
    for column in ("judgement", "cups.rating", "cups.comment", "helped"):
        assert found.of(f"tea03.{column}") == Tally()
    assert "said of the cups" not in all_exported(build, joined)


def test_what_enough_were_asked_is_counted_though_not_all_of_the_groups_shown_together_were(build, joined):
    found = results_of(show_round(joined))
    assert found.of("tea02.judgement").counts == {EVERYONE: {"partly_met": 6, "not_asked": 4}}
    assert found.of("tea02.helped").texts == {EVERYONE: ["said of the table"] * 6}
    texts = [row["text"] for row in build.rows(joined, "reflections")]
    assert (texts.count("said of the table"), texts.count("said of the kettle")) == (6, 10)


def test_who_set_a_marker_aside_is_not_told_where_the_difference_would_be_a_small_groups(build):
    """Six are asked of the kettle's plan and ten of the kettle: had both places a count, the four could be told."""
    round_, links = two_groups(build, practitioner=6, chair=6)
    aside = Entry(not_my_part=True, reflections={"helped": "kept back"})
    for link in of_role(links, "practitioner")[:4]:
        build.answer(link, tea01=aside)
    for link in of_role(links, "chair"):
        build.answer(link, tea01=Entry(answers={"plan": "yes"}), tea02=aside)
    round_ = build.close(round_)
    found = results_of(show_round(round_))
    assert found.of("tea01.full.rating").counts == {EVERYONE: {"": 10}}
    assert found.of("tea01.plan.rating").counts == {EVERYONE: {"yes": 6, "not_asked": 4}}
    assert {row["tea01.judgement"] for row in build.rows(round_, "responses")} == {""}
    told = {(row["marker"], row["code"]) for row in build.rows(round_, "results")}
    assert ("tea01", "not_my_part") not in told
    assert ("tea02", "not_my_part") in told
    assert "kept back" not in all_exported(build, round_)


# Free text


TEXTS = ("comment one", "comment two", "how known", "helped", "hindered", "next time", "at the end")


@pytest.fixture
def with_texts(build):
    """A closed round where each of ten people has typed something of their own in every box."""
    round_, links = build.open_round(CONFIDENTIAL, practitioner=10)
    for n, link in enumerate(links):
        one, two, known, helped, hindered, change, end = (f"{text} {n}" for text in TEXTS)
        tea01 = Entry(
            answers={"full": "yes"},
            comments={"full": one, "leaf": two},
            judgement="met",
            reflections={"how_known": known, "helped": helped, "hindered": hindered, "change_next": change},
        )
        build.answer(link, tea01=tea01, tea02=Entry(), tea03=Entry(), closing=Entry(comments={"went_well": end}))
    return build.close(round_)


def test_free_text_stands_in_the_table_of_reflections_alone(build, with_texts):
    for table in ("responses", "answers", "results", "codebook", "participation", "notes", "improvements", "register"):
        shown = repr(build.rows(with_texts, table))
        assert not [text for text in TEXTS if f"{text} 1" in shown], table
    texts = sorted(row["text"] for row in build.rows(with_texts, "reflections"))
    assert texts == sorted(f"{text} {n}" for text in TEXTS for n in range(10))


def test_text_stands_with_its_place_and_group_and_nothing_of_its_response(build, with_texts):
    rows = build.rows(with_texts, "reflections")
    assert set(rows[0]) == {"column", "marker", "item", "part", "marker_title", "wording", "group", "text"}
    found = {(row["column"], row["group"]) for row in rows if row["text"].startswith("helped")}
    assert found == {("tea01.helped", EVERYONE)}


def order(rows, column):
    return [row["text"].split()[-1] for row in rows if row["column"] == column]


def test_texts_of_each_place_have_an_order_of_their_own(build, with_texts):
    rows = build.rows(with_texts, "reflections")
    orders = [order(rows, f"tea01.{key}") for key in ("how_known", "helped", "hindered", "change_next", "full.comment")]
    assert len({tuple(each) for each in orders}) == len(orders)
    assert {tuple(sorted(each)) for each in orders} == {tuple("0123456789")}


def test_order_of_texts_is_not_that_of_the_responses(build, with_texts):
    stored = [
        json.loads(row["document"])["reflections"]["helped"].split()[-1]
        for row in build.dump()["entry"]
        if row["key"] == "tea01"
    ]
    assert order(build.rows(with_texts, "reflections"), "tea01.helped") != stored
    shown = results_of(show_round(with_texts)).of("tea01.helped").texts[EVERYONE]
    assert [text.split()[-1] for text in shown] != stored


def test_order_of_rows_and_texts_is_fixed_once(build, with_texts):
    for table in ("responses", "reflections"):
        assert build.rows(with_texts, table) == build.rows(with_texts, table)
    assert results_of(show_round(with_texts)) == results_of(show_round(build.again(with_texts)))


@pytest.mark.parametrize(
    "table",
    [
        "responses",
        "answers",
        "reflections",
        "results",
        "codebook",
        "participation",
        "notes",
        "improvements",
        "register",
    ],
)
def test_no_exported_file_names_a_person_or_holds_an_id_of_the_database(build, with_texts, table):
    fmt, stream = find_format(context(), "csv"), io.BytesIO()
    write_export(make_export(with_texts, fmt, ExportOptions(tables=(table,) if table else ())), stream)
    text = stream.getvalue().decode()
    assert "Name of" not in text
    assert "example.org" not in text
    assert "Agency" not in text
    for row in build.dump()["response"]:
        assert row["id"] not in text
        assert row["link_hash"] not in text
