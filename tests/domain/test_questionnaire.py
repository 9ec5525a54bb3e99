"""Freezing: which wording is asked, of whom, and the digest that says it has not changed."""

import hashlib
import json
from datetime import date

import msgspec
import pytest

from scrqm_forms.domain.questionnaire import (
    canonical_json,
    digest_of,
    entry_keys,
    is_answered,
    minutes_needed,
    read_questionnaire,
)
from scrqm_forms.domain.wording import PUBLISHED_LEAD_INS, UnknownName


def question_of(questionnaire, marker, key):
    return next(each for each in questionnaire.marker(marker).questions if each.id == key)


# Wording


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        ("plan", "Is the kettle full?"),
        ("assure", "Is the kettle full?"),
        ("reflect", "Was the kettle of the tea party full?"),
        ("follow_up", "Was the kettle of the tea party full?"),
    ],
)
def test_question_is_asked_in_the_tense_of_the_purpose(freeze, purpose, text):
    assert question_of(freeze(purpose=purpose), "tea01", "full").text == text


@pytest.mark.parametrize(
    ("purpose", "text"),
    [("plan", "Will it be full?"), ("assure", "Is the kettle full?"), ("follow_up", "Has it stayed full?")],
)
def test_question_may_have_wording_of_its_own_for_a_purpose(freeze, kettle, purpose, text):
    first, *rest = kettle.marker.questions
    own = msgspec.structs.replace(first, plan="Will it be full?", follow_up="Has it stayed full?")
    marker = msgspec.structs.replace(kettle.marker, questions=(own, *rest))
    frozen = freeze(purpose=purpose, chosen=[msgspec.structs.replace(kettle, marker=marker)], markers=("tea01",))
    assert question_of(frozen, "tea01", "full").text == text


@pytest.mark.parametrize(("purpose", "label"), [("plan", "Prepared"), ("assure", "Met"), ("reflect", "Met")])
def test_judgement_before_a_review_is_of_what_is_prepared(freeze, purpose, label):
    assert (freeze(purpose=purpose).judgements[0].code, freeze(purpose=purpose).judgements[0].label) == ("met", label)


@pytest.mark.parametrize("purpose", ["reflect", "follow_up"])
def test_question_without_looking_back_wording_stands_as_written_under_a_lead_in(freeze, purpose):
    marker = freeze(purpose=purpose).marker("tea02")
    assert marker.questions[0].text == "Is there a table?"
    assert marker.lead_in == PUBLISHED_LEAD_INS[purpose]


def test_marker_of_which_some_questions_look_back_has_no_lead_in(freeze, kettle):
    first, *rest = kettle.marker.questions
    mixed = msgspec.structs.replace(kettle.marker, questions=(msgspec.structs.replace(first, reflect=None), *rest))
    assert freeze(chosen=[msgspec.structs.replace(kettle, marker=mixed)]).markers[0].lead_in == ""


@pytest.mark.parametrize(("marker", "purpose"), [("tea01", "reflect"), ("tea02", "plan"), ("tea02", "assure")])
def test_marker_asked_in_its_own_tense_has_no_lead_in(freeze, marker, purpose):
    assert freeze(purpose=purpose).marker(marker).lead_in == ""


def test_vocabulary_is_filled_in_wherever_a_definition_may_name_it(freeze):
    frozen = freeze(purpose="plan")
    marker = frozen.marker("tea01")
    assert marker.statement == "The tea party has a kettle."
    assert marker.rationale == "Tea board tea is hot."
    assert question_of(frozen, "tea01", "leaf").choices[1].label == "Green, for the guest"
    assert (marker.knowledge, marker.guidance) == (("Every household knows.",), ("See The Book of Tea.",))
    assert marker.obstacles[0].text == "The tea board had no water."
    assert frozen.closing[0].text == "What goes well in this tea party?"
    assert not any(f"{{{name}}}" in canonical_json(frozen) for name in ("review", "board", "Board", "subject"))


def test_section_that_says_nothing_stays_apart_from_one_that_is_absent(freeze):
    frozen = freeze()
    assert (frozen.marker("tea01").equality, frozen.marker("tea02").equality) == ((), None)


def test_name_that_the_vocabulary_has_not_is_refused(freeze):
    with pytest.raises(UnknownName, match=r'"\{Board\}" is not a name'):
        freeze(vocabulary={"review": "tea party"})


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        pytest.param("full", ["yes", "partly", "no", "not_known"], id="rating"),
        pytest.param("spare", ["yes", "partly", "no", "not_applicable", "not_known"], id="conditional_rating"),
        pytest.param("leaf", ["black", "green"], id="choice"),
        pytest.param("why", [], id="text"),
    ],
)
def test_question_offers_the_answers_of_its_kind(freeze, key, codes):
    assert [choice.code for choice in question_of(freeze(), "tea01", key).choices] == codes


def test_markers_stand_in_the_order_chosen(freeze, kettle, table):
    assert [marker.id for marker in freeze(chosen=(table, kettle)).markers] == ["tea02", "tea01"]


def test_stages_are_those_in_use_in_the_order_of_the_set(freeze, kettle, table):
    assert [stage.key for stage in freeze(chosen=(table, kettle)).stages] == ["brew", "pour"]


def test_marker_keeps_where_its_wording_is_from(freeze):
    marker = freeze().marker("tea02")
    assert (marker.source, marker.wording_status) == ("Tea House (2016)", "published")
    assert (marker.origin, marker.set) == ("markers/tea/tea02.toml", "tea")


def test_each_set_is_cited_once_the_base_set_first(freeze, kettle, table):
    other = msgspec.structs.replace(table.set, key="cake", citation="Cake House (2017).")
    cake = msgspec.structs.replace(table, set=other)
    assert freeze(chosen=(cake, kettle, cake)).citations == (kettle.set.citation, "Cake House (2017).")


# The digest


def test_digest_is_the_sha256_of_the_documented_canonical_form(freeze):
    frozen = freeze(board='Bwrdd "Te" Môn \\ \u2028 \x01', review_title="茶 👩‍👧")
    content = json.loads(msgspec.json.encode(frozen))
    documented = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical_json(frozen) == documented
    assert digest_of(canonical_json(frozen)) == hashlib.sha256(documented.encode("utf-8")).hexdigest()


def test_canonical_form_escapes_nothing_but_controls_quotes_and_backslashes(freeze):
    assert r'"board":"Môn\u0001\"\\' + "\u2028 茶</b>" in canonical_json(freeze(board='Môn\x01"\\\u2028 茶</b>'))


def test_questionnaire_read_from_its_canonical_form_is_the_same(freeze):
    assert read_questionnaire(canonical_json(freeze())) == freeze()


@pytest.mark.parametrize(
    "change",
    [
        {"board": "Another"},
        {"review_title": "Another"},
        {"reference": "TEA-2"},
        {"keep_until": date(2027, 3, 3)},
        {"purpose": "follow_up"},
        {"mode": "confidential"},
        {"minimum": 6},
        {"lengths": {"guest": "full"}},
        {"parts": (("host", "cook"), ("guest",))},
        {"made_with": {"scrqm-forms": "0.2"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_digest_is_another_when_anything_frozen_is(freeze, change):
    assert digest_of(canonical_json(freeze(**change))) != digest_of(canonical_json(freeze()))


@pytest.mark.parametrize("field", ["title", "statement", "rationale", "source", "knowledge", "questions"])
def test_digest_is_another_when_a_marker_reads_otherwise(freeze, kettle, table, field):
    before = getattr(kettle.marker, field)
    after = before[::-1] if field == "questions" else (*before, "More.") if field == "knowledge" else "Other"
    edited = msgspec.structs.replace(kettle.marker, **{field: after})
    chosen = (msgspec.structs.replace(kettle, marker=edited), table)
    assert digest_of(canonical_json(freeze(chosen=chosen))) != digest_of(canonical_json(freeze()))


def test_digest_is_another_when_the_markers_stand_in_another_order(freeze, kettle, table):
    assert canonical_json(freeze(chosen=(table, kettle))) != canonical_json(freeze(chosen=(kettle, table)))


def test_what_was_given_can_change_later_and_the_frozen_stays(freeze):
    given = {"review": "party", "board": "board", "subject": "guest", "family": "home", "guidance": "book"}
    made_with = {"scrqm-forms": "0.1"}
    frozen = freeze(vocabulary=given, made_with=made_with)
    before = canonical_json(frozen)
    given["review"] = "changed"
    made_with["scrqm-forms"] = "9"
    assert canonical_json(frozen) == before


# Who is asked what


def test_named_participant_is_asked_the_questions_of_their_role_alone(freeze):
    assert freeze(mode="named", parts=(("host", "guest"), ("cook",))).audience("guest") == {"guest"}


def test_confidential_participant_is_asked_the_questions_of_the_whole_group(freeze):
    assert freeze(mode="confidential", parts=(("host", "guest"), ("cook",))).audience("guest") == {"host", "guest"}


@pytest.mark.parametrize(
    ("audience", "length"),
    [
        pytest.param({"guest"}, "brief", id="brief_role"),
        pytest.param({"host"}, "full", id="full_role"),
        pytest.param({"host", "guest"}, "full", id="both"),
        pytest.param({"unheard_of"}, "full", id="role_not_named"),
    ],
)
def test_length_is_brief_only_where_it_is_for_all(freeze, audience, length):
    assert freeze().length(audience) == length


@pytest.mark.parametrize(
    ("audience", "markers"),
    [
        pytest.param({"guest"}, ["tea01"], id="role_without_a_question_in_one"),
        pytest.param({"host"}, ["tea02", "tea01"], id="role_with_questions_in_both"),
        pytest.param({"guest", "host"}, ["tea02", "tea01"], id="group_with_somebody_asked"),
    ],
)
def test_markers_are_those_with_a_question_for_the_audience(freeze, kettle, table, audience, markers):
    frozen = freeze(chosen=(table, kettle))
    assert [marker.id for marker in frozen.markers_for(audience)] == markers


def test_entries_are_the_markers_and_then_the_closing_questions(freeze):
    assert entry_keys(freeze(), {"guest"}) == ("tea01", "closing")


def test_set_without_closing_questions_has_no_closing_entry(freeze, kettle):
    plain = msgspec.structs.replace(kettle.set, closing=())
    assert entry_keys(freeze(base_set=plain), {"host"}) == ("tea01", "tea02")


@pytest.mark.parametrize(
    ("entry", "audience", "answered"),
    [
        pytest.param("tea01", {"guest"}, False, id="brief_reads_the_questions_only"),
        pytest.param("tea01", {"guest", "cook"}, True, id="full_answers_them"),
        pytest.param("closing", {"guest"}, True, id="brief_answers_the_closing_ones"),
    ],
)
def test_brief_length_answers_the_closing_questions_only(freeze, entry, audience, answered):
    frozen = freeze()
    question = frozen.closing[1] if entry == "closing" else question_of(frozen, "tea01", "full")
    assert is_answered(frozen, entry, question, audience) is answered


def test_question_for_other_roles_is_not_answered(freeze):
    frozen = freeze(lengths={})
    assert not is_answered(frozen, "tea01", question_of(frozen, "tea01", "plan"), {"guest"})


def test_minutes_are_rounded_to_five_and_fewer_for_the_brief_length(freeze, kettle):
    many = tuple(
        msgspec.structs.replace(kettle, marker=msgspec.structs.replace(kettle.marker, id=f"tea{n}")) for n in range(9)
    )
    frozen = freeze(chosen=many[:8])
    # 3 + 8 markers of 1.5 make 15; the five questions of each, half a minute apiece, 20 more.
    assert (minutes_needed(frozen, {"guest"}), minutes_needed(frozen, {"host"})) == (15, 35)
    assert minutes_needed(freeze(chosen=many), {"guest"}) == 15
    assert minutes_needed(freeze(chosen=many[:1]), {"guest"}) == 5
