import re
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrqm_forms.domain.errors import DefinitionError
from scrqm_forms.domain.marker import Kind, Marker, MarkerSet, Obstacle, Option, Question, Role, Stage
from scrqm_forms.domain.marker_file import FILLED_IN, read_marker, read_marker_set
from scrqm_forms.domain.marker_writer import marker_as_toml
from scrqm_forms.domain.wording import VOCABULARIES, escape_braces, fill_in, normalise_typed

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs/marker-format.md").read_text(encoding="utf-8")
DOCS_SET, DOCS_MARKER = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)

SCR = MarkerSet(
    key="scr",
    title="Markers",
    prefix="qm",
    citation="A book.",
    stages=(Stage(key="setup", title="Setup"), Stage(key="running", title="Running")),
)
HEAD = {
    "id": '"qm08"',
    "number": "8",
    "title": '"Management"',
    "stage": '"running"',
    "statement": '"It is well run."',
    "rationale": '"It matters."',
    "source": '"A book."',
    "wording_status": '"adapted"',
}
ASK = '[[questions]]\nid = "plan"\nask = "Is there a plan?"\n'
SET = """
key = "scr"
title = "Markers"
prefix = "qm"
citation = "A book."
[[stages]]
key = "setup"
title = "Setup"
"""

MARKER_KEYS = (
    "id, number, title, stage, statement, rationale, source, wording_status, questions, "
    "knowledge, equality, guidance, obstacles, original_statement or text"
)
QUESTION_KEYS = (
    "id, ask, reflect, plan, follow_up, kind, roles, favourable, conditional, published, options, "
    "lineage, original or text"
)
ROLE_KEYS = "chair, panel, lead_reviewer, business_unit or practitioner"
PLACEHOLDERS = (
    "{review}, {reviews}, {review_short}, {board}, {board_short}, {members}, {chair}, {panel}, {lead_reviewer}, "
    "{lead_reviewers}, {business_unit}, {subject}, {family} or {guidance}"
)
MARKER_ID = "a lower-case letter, then lower-case letters and digits"
LOCAL_ID = "a lower-case letter, then lower-case letters, digits and underscores"
TEXT = "text that is not empty"
TABLES = "a list of tables, each under a line in double brackets"
PLAIN = "text, tabs and line breaks only"
ONCE = "valid TOML: each key and each table stands once; only tables of a list repeat, as [[questions]] does"
CODE = "a language code of two or three lower-case letters, as in [text.cy]"


def marker_text(tables: str = ASK, **lines: str | None) -> str:
    """A marker file; `lines` replaces or adds values of the marker itself, None takes one out."""
    head = {key: value for key, value in (HEAD | lines).items() if value is not None}
    return "".join(f"{key} = {value}\n" for key, value in head.items()) + tables


def faults_of(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as raised:
        read_marker(text, "m.toml", SCR)
    return raised.value.faults


def faults_of_set(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as raised:
        read_marker_set(text, "set.toml")
    return raised.value.faults


BROKEN_MARKERS = {
    # Not TOML
    "unquoted_text": (
        marker_text(title="SCR"),
        "line 3: found title = SCR; expected valid TOML: Invalid value (at line 3, column 9)",
    ),
    "unterminated_text": (
        marker_text(rationale='"""x'),
        'line 6: found rationale = """x; expected valid TOML: Unterminated string (at end of document)',
    ),
    "curly_quotes": (
        marker_text(title="“SCR”"),
        "line 3: found title = “SCR”; expected valid TOML: Invalid value (at line 3, column 9)",
    ),
    "key_twice": (marker_text() + 'ask = "x"', f'line 12: found ask = "x"; expected {ONCE}'),
    "key_twice_over_several_lines": (
        marker_text(statement='"x"\nstatement = """\ny\n\ny"""'),
        f'line 6: found statement = """; expected {ONCE}',
    ),
    "key_twice_with_crlf": (
        marker_text(statement='"x"\nstatement = """\ny\n\ny"""').replace("\n", "\r\n"),
        f'line 6: found statement = """; expected {ONCE}',
    ),
    "language_twice": (
        marker_text('[text.cy]\ntitle = "a"\n[text.cy]\n' + ASK),
        f"line 11: found [text.cy]; expected {ONCE}",
    ),
    "single_brackets_twice": (
        marker_text(ASK.replace("[[questions]]", "[questions]") * 2),
        f"line 12: found [questions]; expected {ONCE}",
    ),
    "key_twice_in_braces": (
        marker_text(text="{cy = {}, cy = {}}"),
        f"line 9: found text = {{cy = {{}}, cy = {{}}}}; expected {ONCE}",
    ),
    "list_closed_and_then_added_to": (
        marker_text(obstacles='[]\n[[obstacles]]\nid = "x"'),
        f"line 10: found [[obstacles]]; expected {ONCE}",
    ),
    "raw_control_character": (
        marker_text(title='"a\x07"'),
        "line 3: found title = \"a\\x07\"; expected valid TOML: Illegal character '\\x07' (at line 3, column 11)",
    ),
    "form_feed_at_the_end": (
        marker_text() + "\n\n\f",
        "line 14: found \\x0c; expected valid TOML: Invalid statement (at line 14, column 1)",
    ),
    "half_character_escape": (
        marker_text(title='"\\ud800"'),
        'line 3: found title = "\\ud800"; expected valid TOML: Escaped character is not a Unicode scalar value '
        "(at line 3, column 16)",
    ),
    "brackets_nested_too_deep": (
        marker_text(knowledge="[" * 9999),
        f"line 9: found knowledge = {'[' * 45}...; expected valid TOML: brackets nested too deep",
    ),
    "number_too_long_to_read": (
        marker_text(number="1" * 5000),
        f"line 2: found number = {'1' * 48}...; expected valid TOML: "
        "Exceeds the limit (4300 digits) for integer string conversion",
    ),
    # Keys
    "key_misspelt": (
        marker_text(ASK + 'reflct = "x"'),
        f'question 1: reflct: no such key; expected {QUESTION_KEYS}; did you mean "reflect"?',
    ),
    "key_required_and_misspelt": (
        marker_text(titel='"x"', title=None),
        f'titel: no such key; expected {MARKER_KEYS}; did you mean "title"?',
    ),
    "key_in_capitals": (
        marker_text(ASK.replace("ask", "ASK")),
        f'question 1: ASK: no such key; expected {QUESTION_KEYS}; did you mean "ask"?',
    ),
    "key_like_no_other": (marker_text(xyz="1"), f"xyz: no such key; expected {MARKER_KEYS}"),
    "key_that_cannot_be_seen": (
        marker_text() + '"\\u200b\\n" = 1',
        f"question 1: \\u200b\\n: no such key; expected {QUESTION_KEYS}",
    ),
    "key_of_the_marker_below_a_question": (
        marker_text(ASK + "knowledge = []"),
        f"question 1: knowledge: no such key; expected {QUESTION_KEYS}",
    ),
    "key_missing_in_the_marker": (marker_text(source=None), f"source: missing; expected {TEXT}"),
    "key_missing_in_a_question": (
        marker_text('[[questions]]\nid = "plan"'),
        f"question 1: ask: missing; expected {TEXT}",
    ),
    "key_missing_in_an_obstacle": (
        marker_text(ASK + '[[obstacles]]\ntext = "x"'),
        f"obstacle 1: id: missing; expected {LOCAL_ID}",
    ),
    "questions_missing": (marker_text(""), f"questions: missing; expected {TABLES}"),
    "wording_status_missing": (
        marker_text(wording_status=None),
        "wording_status: missing; expected published, adapted or local",
    ),
    # Values
    "text_empty": (marker_text(rationale='""'), f'rationale: found ""; expected {TEXT}'),
    "text_blank": (marker_text(rationale='" \\n"'), f'rationale: found " \\n"; expected {TEXT}'),
    "text_is_a_number": (marker_text(title="8"), f"title: found 8; expected {TEXT}"),
    "text_is_a_date": (marker_text(source="2016-03-31"), f"source: found 2016-03-31; expected {TEXT}"),
    "number_is_text": (marker_text(number='"8"'), 'number: found "8"; expected a whole number from 1'),
    "number_is_nought": (marker_text(number="0"), "number: found 0; expected a whole number from 1"),
    "number_is_a_fraction": (marker_text(number="8.5"), "number: found 8.5; expected a whole number from 1"),
    "number_is_far_below_nought": (
        marker_text(number="-" + "9" * 30),
        "number: found a number of more than 20 digits; expected a whole number from 1",
    ),
    "id_is_too_long_a_number_to_show": (
        marker_text(id="0x" + "f" * 5000),
        f"id: found a number of more than 20 digits; expected {MARKER_ID}",
    ),
    "true_is_text": (
        marker_text(ASK + 'conditional = "true"'),
        'question 1: conditional: found "true"; expected true or false',
    ),
    "text_is_true": (marker_text(title="true"), f"title: found true; expected {TEXT}"),
    "id_with_a_capital": (marker_text(id='"QM08"'), f'id: found "QM08"; expected {MARKER_ID}'),
    "question_id_with_a_hyphen": (
        marker_text(ASK.replace("plan", "a-plan", 1)),
        f'question 1: id: found "a-plan"; expected {LOCAL_ID}',
    ),
    "kind_unknown": (
        marker_text(ASK + 'kind = "scal"'),
        'question 1: kind: found "scal"; expected rating, text or choice',
    ),
    "kind_is_a_list": (
        marker_text(ASK + 'kind = ["rating"]'),
        "question 1: kind: found a list; expected rating, text or choice",
    ),
    "favourable_unknown": (
        marker_text(ASK + 'favourable = "maybe"'),
        'question 1: favourable: found "maybe"; expected yes, no or none',
    ),
    "wording_status_unknown": (
        marker_text(wording_status='"own"'),
        'wording_status: found "own"; expected published, adapted or local',
    ),
    "found_is_shortened": (
        marker_text(wording_status=f'"{"x" * 99}"'),
        f'wording_status: found "{"x" * 57}..."; expected published, adapted or local',
    ),
    "list_is_text": (
        marker_text(knowledge='"x"'),
        'knowledge: found "x"; expected a list of texts, none of them empty',
    ),
    "list_item_is_a_number": (marker_text(guidance='["x", 3]'), f"guidance 2: found 3; expected {TEXT}"),
    "list_item_is_empty": (marker_text(equality='["x", "y", " "]'), f'equality 3: found " "; expected {TEXT}'),
    "lineage_item_is_empty": (
        marker_text(ASK + 'lineage = [""]'),
        f'question 1: lineage 1: found ""; expected {TEXT}',
    ),
    "roles_is_text": (
        marker_text(ASK + 'roles = "chair"'),
        'question 1: roles: found "chair"; expected a list of keys',
    ),
    "questions_in_single_brackets": (
        marker_text(ASK.replace("[[questions]]", "[questions]")),
        f"questions: found a table; expected {TABLES}",
    ),
    "question_is_text": (
        marker_text('[[obstacles]]\nid = "x"\ntext = "x"', questions='["x"]'),
        'question 1: found "x"; expected a table',
    ),
    # Rules across keys
    "id_without_the_prefix": (marker_text(id='"sar08"'), 'id: found "sar08"; expected "qm" and then more'),
    "id_is_the_prefix": (marker_text(id='"qm"'), 'id: found "qm"; expected "qm" and then more'),
    "id_is_closing": (
        marker_text(id='"closing"'),
        'id: found "closing"; expected another, since this is kept for the closing questions',
    ),
    "question_id_is_obstacles": (
        marker_text(ASK.replace('"plan"', '"obstacles"')),
        'question 1: id: found "obstacles"; expected another, since columns of the obstacles are called so',
    ),
    "stage_unknown": (marker_text(stage='"outputs"'), 'stage: found "outputs"; expected setup or running'),
    "stage_misspelt": (
        marker_text(stage='"runing"'),
        'stage: found "runing"; expected setup or running; did you mean "running"?',
    ),
    "questions_none": (marker_text("", questions="[]"), "questions: found none; expected at least one"),
    "question_id_twice": (
        marker_text(ASK * 2),
        'question 2: id: found "plan", as in question 1; expected one of its own',
    ),
    "obstacle_id_twice": (
        marker_text(ASK + '[[obstacles]]\nid = "o"\ntext = "x"\n' * 2),
        'obstacle 2: id: found "o", as in obstacle 1; expected one of its own',
    ),
    "published_number_twice": (
        marker_text(ASK + "published = 3\n" + ASK.replace("plan", "other", 1) + "published = 3\n"),
        "question 2: published: found 3, as in question 1; expected one of its own",
    ),
    "role_unknown": (
        marker_text(ASK + 'roles = ["chair", "police"]'),
        f'question 1: role 2: found "police"; expected {ROLE_KEYS}',
    ),
    "role_misspelt": (
        marker_text(ASK + 'roles = ["lead_reviewers"]'),
        f'question 1: role 1: found "lead_reviewers"; expected {ROLE_KEYS}; did you mean "lead_reviewer"?',
    ),
    "role_twice": (
        marker_text(ASK + 'roles = ["chair", "panel", "chair"]'),
        'question 1: role 3: found "chair", as in role 1; expected one of its own',
    ),
    "choice_without_options": (
        marker_text(ASK + 'kind = "choice"'),
        "question 1: options: found 0; expected two or more in a question of kind choice",
    ),
    "choice_with_one_option": (
        marker_text(ASK + 'kind = "choice"\noptions = [{id = "a", text = "A"}]'),
        "question 1: options: found 1; expected two or more in a question of kind choice",
    ),
    "option_id_twice": (
        marker_text(ASK + 'kind = "choice"\noptions = [{id = "a", text = "A"}, {id = "a", text = "B"}]'),
        'question 1: option 2: id: found "a", as in option 1; expected one of its own',
    ),
    "options_in_a_rating": (
        marker_text(ASK + 'options = [{id = "a", text = "A"}]'),
        "question 1: options: found in a question of kind rating; expected only in one of kind choice",
    ),
    "conditional_text": (
        marker_text(ASK + 'kind = "text"\nconditional = true'),
        "question 1: conditional: found in a question of kind text; expected only in one of kind rating",
    ),
    "unfavourable_text": (
        marker_text(ASK + 'kind = "text"\nfavourable = "no"'),
        "question 1: favourable: found in a question of kind text; expected only in one of kind rating",
    ),
    # Texts
    "placeholder_unknown": (
        marker_text(statement='"The {xyz}."'),
        f'statement: found "{{xyz}}"; expected {PLACEHOLDERS}',
    ),
    "placeholder_misspelt": (
        marker_text(knowledge='["The {revew}."]'),
        f'knowledge 1: found "{{revew}}"; expected {PLACEHOLDERS}; did you mean "{{review}}"?',
    ),
    "placeholder_with_blanks": (
        marker_text(statement='"{ review }"'),
        f'statement: found "{{ review }}"; expected {PLACEHOLDERS}; did you mean "{{review}}"?',
    ),
    "placeholder_in_capitals": (
        marker_text(statement='"{REVIEW}"'),
        f'statement: found "{{REVIEW}}"; expected {PLACEHOLDERS}; did you mean "{{review}}"?',
    ),
    "placeholder_empty": (marker_text(statement='"{}"'), f'statement: found "{{}}"; expected {PLACEHOLDERS}'),
    "placeholder_unknown_in_a_published_marker": (
        marker_text(statement='"The {xyz} {xyz}."', wording_status='"published"'),
        f'statement: found "{{xyz}}"; expected {PLACEHOLDERS}',
    ),
    "placeholder_unknown_in_an_option": (
        marker_text(ASK + 'kind = "choice"\noptions = [{id = "a", text = "A"}, {id = "b", text = "{xyz}"}]'),
        f'question 1: option 2: text: found "{{xyz}}"; expected {PLACEHOLDERS}',
    ),
    "placeholder_in_a_title": (
        marker_text(title='"The {review} {{"'),
        'title: found "{review}"; expected plain words, since nothing is filled in here',
    ),
    "brace_opened": (
        marker_text(rationale='"a { b"'),
        'rationale: found "{" alone; expected "{{", which stands for one brace',
    ),
    "brace_closed": (
        marker_text(ASK + 'reflect = "a }}} b"'),
        'question 1: reflect: found "}" alone; expected "}}", which stands for one brace',
    ),
    "control_character": (
        marker_text(title='"a\\u0000b\\u0000"'),
        f"title: found the character U+0000; expected {PLAIN}",
    ),
    "delete_character": (
        marker_text(ASK + '[[obstacles]]\nid = "o"\ntext = "a\\u007f"'),
        f"obstacle 1: text: found the character U+007F; expected {PLAIN}",
    ),
    "carriage_return": (marker_text(source='"a\\r\\nb"'), f"source: found the character U+000D; expected {PLAIN}"),
    "half_character": (marker_text(title='"a\ud800"'), f"title: found the character U+D800; expected {PLAIN}"),
    "half_character_among_fixed_values": (
        marker_text(wording_status='"\ud800"'),
        'wording_status: found "\\ud800"; expected published, adapted or local',
    ),
    # Translations
    "translations_not_a_table": (marker_text(text='"x"'), 'text: found "x"; expected a table for each language'),
    "language_in_capitals": (marker_text(text="{CY = {}}"), f'text: found "CY"; expected {CODE}'),
    "language_left_out": (marker_text(text='{title = "x"}'), f'text: found "title"; expected {CODE}'),
    "language_is_text": (marker_text(text='{cy = "x"}'), 'text.cy: found "x"; expected a table'),
    "translation_of_a_field_that_has_none": (
        marker_text(text='{cy = {source = "x"}}'),
        "text.cy: source: no such key; expected title, statement or rationale",
    ),
    "translation_empty": (marker_text(text='{cy = {title = ""}}'), f'text.cy: title: found ""; expected {TEXT}'),
    "translation_with_unknown_placeholder": (
        marker_text(ASK + '[questions.text.cy]\nask = "{xyz}"'),
        f'question 1: text.cy: ask: found "{{xyz}}"; expected {PLACEHOLDERS}',
    ),
    "translation_of_a_question_misspelt": (
        marker_text(ASK + '[questions.text.cy]\nreflec = "x"'),
        'question 1: text.cy: reflec: no such key; expected ask, reflect, plan or follow_up; did you mean "reflect"?',
    ),
}


@pytest.mark.parametrize(("text", "fault"), BROKEN_MARKERS.values(), ids=BROKEN_MARKERS)
def test_broken_marker_is_named_by_one_sentence(text: str, fault: str) -> None:
    assert faults_of(text) == [f"m.toml: {fault}"]


BROKEN_SETS = {
    "key_missing": (SET.replace('key = "scr"\n', "", 1), f"key: missing; expected {LOCAL_ID}"),
    "stages_missing": (SET.partition("[[")[0], f"stages: missing; expected {TABLES}"),
    "stages_none": (SET.partition("[[")[0] + "stages = []", "stages: found none; expected at least one"),
    "stages_misspelt": (
        SET.replace("[[stages]]", "[[stage]]"),
        "stage: no such key; expected key, title, prefix, citation, stages, roles, closing, known_by, wording or "
        'outline; did you mean "stages"?',
    ),
    "stage_key_twice": (
        SET + '[[stages]]\nkey = "setup"\ntitle = "x"\n',
        'stage 2: key: found "setup", as in stage 1; expected one of its own',
    ),
    "stage_title_missing": (SET + '[[stages]]\nkey = "x"\n', f"stage 2: title: missing; expected {TEXT}"),
    "role_plural_missing": (SET + '[[roles]]\nkey = "x"\ntitle = "X"\n', f"role 1: plural: missing; expected {TEXT}"),
    "role_key_twice": (
        SET + '[[roles]]\nkey = "x"\ntitle = "X"\nplural = "xs"\n' * 2,
        'role 2: key: found "x", as in role 1; expected one of its own',
    ),
    "prefix_with_a_hyphen": (SET.replace('"qm"', '"q-m"'), f'prefix: found "q-m"; expected {MARKER_ID}'),
    "placeholder_in_a_role": (
        SET + '[[roles]]\nkey = "x"\ntitle = "{Chair}"\nplural = "xs"\n',
        'role 1: title: found "{Chair}"; expected plain words, since nothing is filled in here',
    ),
    "closing_question_without_ask": (
        SET + '[[closing]]\nid = "x"\n',
        f"closing question 1: ask: missing; expected {TEXT}",
    ),
    "closing_question_id_twice": (
        SET + '[[closing]]\nid = "x"\nask = "x"\n' * 2,
        'closing question 2: id: found "x", as in closing question 1; expected one of its own',
    ),
    "closing_question_for_no_role_of_the_set": (
        SET + '[[roles]]\nkey = "x"\ntitle = "X"\nplural = "xs"\n[[closing]]\nid = "x"\nask = "x"\nroles = ["chair"]\n',
        'closing question 1: role 1: found "chair"; expected x',
    ),
    "closing_question_whose_role_could_not_be_read": (
        SET + '[[roles]]\ntitle = "X"\nplural = "xs"\n[[closing]]\nid = "x"\nask = "x"\nroles = ["chair"]\n',
        f"role 1: key: missing; expected {LOCAL_ID}",
    ),
    "closing_question_where_no_role_could_be_read": (
        SET.replace("[[stages]]", 'roles = "x"\n[[stages]]') + '[[closing]]\nid = "x"\nask = "x"\nroles = ["x"]\n',
        f'roles: found "x"; expected {TABLES}',
    ),
    "closing_question_with_unknown_placeholder": (
        SET + '[[closing]]\nid = "x"\nask = "The {bord}?"\n',
        f'closing question 1: ask: found "{{bord}}"; expected {PLACEHOLDERS}; did you mean "{{board}}"?',
    ),
}


@pytest.mark.parametrize(("text", "fault"), BROKEN_SETS.values(), ids=BROKEN_SETS)
def test_broken_set_is_named_by_one_sentence(text: str, fault: str) -> None:
    assert faults_of_set(text) == [f"set.toml: {fault}"]


def test_marker_with_faults_of_many_kinds_names_all_in_one_run() -> None:
    text = """
id = "sar08"
number = "8"
titel = "SCR management"
stage = "runing"
statement = "The {revew} of the {x y}, {} and { \\u0007"
rationale = ""
wording_status = "adaptd"
knowledge = ["a", 3, "}"]
[text.CYM]
title = 3
[text.cy]
source = "x"
[[questions]]
id = "Plan"
ask = "Is there a plan?"
kind = "choice"
roles = ["chair", "char", "chair"]
published = 1
[[questions]]
id = "slack"
kind = "text"
conditional = true
favourable = "no"
options = [{id = "a", text = "A"}, {id = "a", txt = "B"}, 3]
published = 1
[[questions]]
id = "slack"
ask = "Is there slack?"
weight = 3
[[obstacles]]
id = "time"
text = "None."
[[obstacles]]
id = "time"
text = " "
"""
    assert faults_of(text) == [
        f"m.toml: {fault}"
        for fault in (
            f'titel: no such key; expected {MARKER_KEYS}; did you mean "title"?',
            'number: found "8"; expected a whole number from 1',
            f"statement: found the character U+0007; expected {PLAIN}",
            f'statement: found "{{revew}}"; expected {PLACEHOLDERS}; did you mean "{{review}}"?',
            f'statement: found "{{x y}}"; expected {PLACEHOLDERS}',
            f'statement: found "{{}}"; expected {PLACEHOLDERS}',
            'statement: found "{" alone; expected "{{", which stands for one brace',
            f'rationale: found ""; expected {TEXT}',
            f"source: missing; expected {TEXT}",
            'wording_status: found "adaptd"; expected published, adapted or local',
            f'question 1: id: found "Plan"; expected {LOCAL_ID}',
            f"question 2: ask: missing; expected {TEXT}",
            'question 2: option 2: txt: no such key; expected id or text; did you mean "text"?',
            "question 2: option 3: found 3; expected a table",
            f"question 3: weight: no such key; expected {QUESTION_KEYS}",
            f"knowledge 2: found 3; expected {TEXT}",
            'knowledge 3: found "}" alone; expected "}}", which stands for one brace',
            f'obstacle 2: text: found " "; expected {TEXT}',
            f'text: found "CYM"; expected {CODE}',
            f"text.CYM: title: found 3; expected {TEXT}",
            "text.cy: source: no such key; expected title, statement or rationale",
            'id: found "sar08"; expected "qm" and then more',
            'stage: found "runing"; expected setup or running; did you mean "running"?',
            'obstacle 2: id: found "time", as in obstacle 1; expected one of its own',
            f'question 1: role 2: found "char"; expected {ROLE_KEYS}; did you mean "chair"?',
            'question 1: role 3: found "chair", as in role 1; expected one of its own',
            "question 1: options: found 0; expected two or more in a question of kind choice",
            'question 2: option 2: id: found "a", as in option 1; expected one of its own',
            "question 2: options: found in a question of kind text; expected only in one of kind choice",
            "question 2: conditional: found in a question of kind text; expected only in one of kind rating",
            "question 2: favourable: found in a question of kind text; expected only in one of kind rating",
            'question 3: id: found "slack", as in question 2; expected one of its own',
            "question 2: published: found 1, as in question 1; expected one of its own",
        )
    ]


def test_misspelt_list_of_tables_is_read_so_that_its_faults_are_named_too() -> None:
    assert faults_of(marker_text(ASK.replace("questions", "question") + 'kind = "scal"')) == [
        f'm.toml: question: no such key; expected {MARKER_KEYS}; did you mean "questions"?',
        'm.toml: question 1: kind: found "scal"; expected rating, text or choice',
    ]


def test_empty_file_names_every_key_that_must_be_there() -> None:
    assert sorted(fault.split(": ")[1] for fault in faults_of("")) == sorted([*HEAD, "questions"])


def test_marker_with_only_what_must_be_there_is_read() -> None:
    assert read_marker(marker_text(), "m.toml", SCR) == Marker(
        id="qm08",
        number=8,
        title="Management",
        stage="running",
        statement="It is well run.",
        rationale="It matters.",
        source="A book.",
        wording_status="adapted",
        questions=(Question(id="plan", ask="Is there a plan?"),),
    )


def test_question_with_every_key_is_read() -> None:
    tables = ASK + (
        'reflect = "Was there?"\nkind = "choice"\nroles = ["chair"]\nfavourable = "none"\nconditional = false\n'
        'published = 2\noptions = [{id = "a", text = "A"}, {id = "b", text = "B"}]\nlineage = ["old/q1.plan"]\n'
        'text = {cy = {ask = "Oes?", reflect = "Oedd?"}}\n'
    )
    assert read_marker(marker_text(tables), "m.toml", SCR).questions == (
        Question(
            id="plan",
            ask="Is there a plan?",
            reflect="Was there?",
            kind="choice",
            roles=("chair",),
            favourable="none",
            published=2,
            options=(Option(id="a", text="A"), Option(id="b", text="B")),
            lineage=("old/q1.plan",),
            text={"cy": {"ask": "Oes?", "reflect": "Oedd?"}},
        ),
    )


def test_section_that_is_empty_is_not_one_that_is_absent() -> None:
    marker = read_marker(marker_text(knowledge="[]", obstacles="[]"), "m.toml", SCR)
    assert (marker.knowledge, marker.obstacles) == ((), ())
    assert (marker.equality, marker.guidance) == (None, None)


def test_byte_order_mark_and_crlf_are_read_over() -> None:
    text = marker_text(rationale='"""\na\n\nb"""')
    with_crlf = "\ufeff" + text.replace("\n", "\r\n")
    assert read_marker(with_crlf, "m.toml", SCR) == read_marker(text, "m.toml", SCR)
    assert read_marker(with_crlf, "m.toml", SCR).rationale == "a\n\nb"


def test_roles_are_those_of_the_set_where_it_names_any() -> None:
    marker_set = msgspec.structs.replace(SCR, roles=(Role(key="police", title="Police", plural="police"),))
    assert read_marker(marker_text(ASK + 'roles = ["police"]'), "m.toml", marker_set).questions[0].roles == ("police",)
    with pytest.raises(DefinitionError, match='question 1: role 1: found "chair"; expected police'):
        read_marker(marker_text(ASK + 'roles = ["chair"]'), "m.toml", marker_set)


def test_set_with_only_what_must_be_there_is_read() -> None:
    assert read_marker_set(SET, "set.toml") == MarkerSet(
        key="scr", title="Markers", prefix="qm", citation="A book.", stages=(Stage(key="setup", title="Setup"),)
    )


def test_closing_question_of_a_set_without_roles_may_name_the_usual_ones() -> None:
    text = SET + '[[closing]]\nid = "x"\nask = "x"\nroles = ["practitioner"]\n'
    assert read_marker_set(text, "set.toml").closing[0].roles == ("practitioner",)


@pytest.mark.parametrize("folder", sorted((ROOT / "markers").iterdir()), ids=lambda folder: folder.name)
def test_shipped_markers_are_read_and_written_back_the_same(folder: Path) -> None:
    marker_set = read_marker_set((folder / "set.toml").read_text(encoding="utf-8"), "set.toml")
    for file in sorted(folder.glob("[0-9]*.toml")):
        marker = read_marker(file.read_text(encoding="utf-8"), file.name, marker_set)
        assert read_marker(marker_as_toml(marker), file.name, marker_set) == marker


TEXTS = st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from(" \n\"'={}[]#.\\ab1_"))


@given(TEXTS)
def test_any_text_at_all_is_refused_with_faults_and_nothing_else(text: str) -> None:
    for read in (lambda: read_marker(text, "m.toml", SCR), lambda: read_marker_set(text, "m.toml")):
        with pytest.raises(DefinitionError) as raised:
            read()
        assert raised.value.faults
        assert all(fault.startswith("m.toml: ") for fault in raised.value.faults)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.sampled_from(["rating", "choice", "chair", "qm08", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*Question.__struct_fields__, "cy", "askk"]), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(Marker.__struct_fields__), VALUES), st.lists(VALUES, max_size=3))
def test_any_values_at_all_are_refused_with_each_fault_once(values: dict[str, object], questions: list[object]) -> None:
    text = _as_toml(values | {"source": "", "questions": questions})
    faults = faults_of(text)
    assert len(faults) == len(set(faults))


def _as_toml(table: dict[str, object]) -> str:
    return "".join(f"{key} = {_inline(value)}\n" for key, value in table.items())


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08x}" if not "\ud800" <= c <= "\udfff" else c for c in value) + '"'
    return "2016-03-31" if value is None else str(value).lower()


PIECES = st.sampled_from(
    [
        '"',
        '""',
        '"""',
        "'''",
        "\\",
        "\\n",
        "\n",
        "\n\n",
        "\t",
        "  ",
        "{",
        "}",
        "{{",
        "#",
        "]",
        "é",
        "👩‍👧",
        "\xa0",
        "\u2028",
    ]
)
CONTROLS = st.sampled_from(["\x00", "\x07", "\b", "\f", "\r", "\x1b", "\x7f", "\x85", "\x9f", "\ufeff", "\uffff"])
#: What a file may hold as text, and, with `CONTROLS`, what it may not.
RAW_TEXTS = (
    st.lists(PIECES | CONTROLS | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
    .map("".join)
    .filter(lambda text: re.search(r"\S", text))
)
PLAIN_TEXTS = RAW_TEXTS.map(lambda text: normalise_typed(text)[0]).filter(lambda text: re.search(r"\S", text))


def ids(count: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), max_size=count, unique=True)


@st.composite
def markers(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Marker:
    """A marker of the set SCR whose texts come from `texts`, with every brace doubled where names are filled in."""
    filled = texts.map(escape_braces)
    lists = st.none() | st.lists(filled, max_size=3).map(tuple)
    found = draw(st.none() | ids(3))
    obstacles = None if found is None else tuple(Obstacle(id=key, text=draw(filled)) for key in found)
    numbers = draw(st.permutations([None, None, *range(1, 5)]))
    questions = [
        draw(questions_called(key, number, texts)) for key, number in zip(draw(ids(4)) or ["q"], numbers, strict=False)
    ]
    return Marker(
        id=draw(st.from_regex(r"qm[a-z0-9]{1,5}", fullmatch=True)),
        number=draw(st.integers(min_value=1, max_value=9999)),
        title=draw(texts),
        stage=draw(st.sampled_from(["setup", "running"])),
        statement=draw(filled),
        rationale=draw(filled),
        source=draw(texts),
        wording_status=draw(st.sampled_from(["published", "adapted", "local"])),
        questions=tuple(questions),
        knowledge=draw(lists),
        equality=draw(lists),
        guidance=draw(lists),
        obstacles=obstacles,
        text=draw(translations({"title": texts, "statement": filled, "rationale": filled})),
    )


@st.composite
def questions_called(draw: st.DrawFn, key: str, number: int | None, texts: st.SearchStrategy[str]) -> Question:
    filled = texts.map(escape_braces)
    kind: Kind = draw(st.sampled_from(get_args(Kind)))
    option_ids = draw(ids(4).filter(lambda found: len(found) > 1)) if kind == "choice" else []
    return Question(
        id=key,
        ask=draw(filled),
        reflect=draw(st.none() | filled),
        plan=draw(st.none() | filled),
        follow_up=draw(st.none() | filled),
        kind=kind,
        roles=tuple(draw(st.lists(st.sampled_from(["chair", "panel", "practitioner"]), unique=True))),
        favourable=draw(st.sampled_from(["yes", "no", "none"] if kind == "rating" else ["yes", "none"])),
        conditional=draw(st.booleans()) and kind == "rating",
        published=number,
        options=tuple(Option(id=option, text=draw(filled)) for option in option_ids),
        lineage=tuple(draw(st.lists(texts, max_size=2))),
        text=draw(translations({"ask": filled, "reflect": filled})),
    )


def translations(fields: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[dict[str, dict[str, str]]]:
    return st.dictionaries(st.sampled_from(["cy", "no", "gla"]), st.fixed_dictionaries({}, optional=fields), max_size=2)


@settings(max_examples=60)
@given(markers(PLAIN_TEXTS))
def test_marker_written_as_toml_is_read_as_the_same_marker(marker: Marker) -> None:
    assert read_marker(marker_as_toml(marker), "m.toml", SCR) == marker


@settings(max_examples=60)
@given(markers(RAW_TEXTS))
def test_marker_written_as_toml_keeps_even_what_no_file_may_hold(marker: Marker) -> None:
    text = marker_as_toml(marker)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]", text)
    assert msgspec.convert(tomllib.loads(text), Marker) == marker


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("a", '"a"', id="one_line"),
        pytest.param("a\n\nb", '"""\na\n\nb"""', id="several_lines"),
        pytest.param("\na\n", '"""\n\na\n"""', id="line_breaks_at_both_ends"),
        pytest.param('a "b"\n\\c', '"""\na "b"\n\\\\c"""', id="quotes_and_backslash_over_lines"),
        pytest.param('"""\na', '"\\"\\"\\"\\na"', id="quotes_that_would_close"),
        pytest.param('a\n"b"', '"a\\n\\"b\\""', id="quote_at_the_end"),
        pytest.param("a \nb", '"a \\nb"', id="blank_that_an_editor_would_cut"),
        pytest.param("a\nb\t", '"a\\nb\\t"', id="tab_that_an_editor_would_cut"),
        pytest.param("a\x7f\u2028\ufeff", '"a\\u007F\\u2028\\uFEFF"', id="cannot_be_seen"),
        pytest.param("é 👩‍👧 'x' {y}", "\"é 👩‍👧 'x' {y}\"", id="nothing_to_escape"),
    ],
)
def test_text_is_written_so_that_people_can_read_it(text: str, written: str) -> None:
    marker = msgspec.structs.replace(read_marker(marker_text(), "m.toml", SCR), title=text)
    assert f"\ntitle = {written}\nstage" in marker_as_toml(marker)


def test_marker_is_written_in_the_shape_of_the_docs() -> None:
    marker_set = read_marker_set(DOCS_SET, "set.toml")
    assert marker_as_toml(read_marker(DOCS_MARKER, "m.toml", marker_set)) == DOCS_MARKER


def test_example_in_the_docs_says_what_the_docs_say_of_it() -> None:
    marker = read_marker(DOCS_MARKER, "m.toml", read_marker_set(DOCS_SET, "set.toml"))
    assert {question.kind for question in marker.questions} == {"rating", "text", "choice"}
    assert (marker.equality, marker.guidance) == ((), None)
    assert marker.text == {"cy": {"title": "Cymorth i ymarferwyr"}}


@pytest.mark.parametrize(
    "kind", [Marker, Question, Obstacle, Option, Stage, Role, MarkerSet], ids=lambda kind: kind.__name__
)
def test_docs_name_every_field(kind: type[msgspec.Struct]) -> None:
    assert [name for name in kind.__struct_fields__ if f"`{name}`" not in DOCS] == []


@pytest.mark.parametrize("name", VOCABULARIES["scr"])
def test_docs_say_what_a_placeholder_becomes(name: str) -> None:
    values = " | ".join(vocabulary[name] for vocabulary in VOCABULARIES.values())
    assert f"| `{{{name}}}` | {values} |" in DOCS


@pytest.mark.parametrize("name", sorted(FILLED_IN))
def test_field_whose_names_are_filled_in_is_named_in_the_docs(name: str) -> None:
    assert f"`{name}`" in DOCS.partition("They are filled in in")[2].partition("An unknown name")[0]


@pytest.mark.parametrize("fault", ['question 3: kind: found "scal"; expected rating, text or choice'])
def test_fault_quoted_in_the_docs_is_what_is_said(fault: str) -> None:
    tables = ASK + ASK.replace("plan", "b", 1) + ASK.replace("plan", "c", 1) + 'kind = "scal"'
    assert faults_of(marker_text(tables)) == [f"m.toml: {fault}"]
    assert fault in DOCS


def test_placeholders_of_the_example_are_filled_in_for_every_vocabulary() -> None:
    marker = read_marker(DOCS_MARKER, "m.toml", read_marker_set(DOCS_SET, "set.toml"))
    for vocabulary in VOCABULARIES.values():
        assert vocabulary["review"] in fill_in(marker.statement, vocabulary)
