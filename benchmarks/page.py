"""A marker's page, against a bare Jinja loop and against WTForms' own widgets over the same questions and answers.

In process, by one thread. What is compared is making the page from what the database gave.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, current_app, render_template
from jinja2 import DictLoader
from wtforms import Form, RadioField, SelectChoice, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from benchmarks.data import TODAY, Chosen, invite, site_with, there
from benchmarks.timing import OURS, Figure, compare, take_turns
from scrqm_forms.domain.response import Entry
from scrqm_forms.services import responding
from scrqm_forms.web import entries

LOOP, WTFORMS = "bare Jinja loop", "WTForms' own widgets"
COMMENT = "A comment of about seventy-five characters, as people would write them."
#: The form of the page as it is sent, written out: no macros, no form library, nothing looked up.
BARE = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<form method="post">{% for q in questions %}<div class="question"><fieldset class="field">
<legend id="q{{ loop.index }}-legend">{{ q.text }}</legend><div class="options options-inline">
{%- set n = loop.index %}{% for c in q.choices %}
<label for="q{{ n }}-{{ loop.index }}"><input type="radio" name="answer-{{ q.id }}" id="q{{ n }}-{{ loop.index }}"
 value="{{ c.code }}"{% if answers[q.id] == c.code %} checked{% endif %}><span>{{ c.label }}</span></label>
{%- endfor %}</div></fieldset><details class="more"{% if comments[q.id] %} open{% endif %}>
<summary aria-describedby="q{{ n }}-legend"><span>Add a comment</span></summary><div class="field">
<label class="label" for="comment-{{ q.id }}">Comment (optional)</label>
<textarea class="control" name="comment-{{ q.id }}" id="comment-{{ q.id }}" rows="3" aria-describedby="q{{ n }}-note">
{{ comments[q.id] }}</textarea><p class="reminder" id="q{{ n }}-note">No names, initials, dates, places or schools.</p>
</div></details></div>{% endfor %}
{% for o in obstacles %}<label for="obstacles-{{ loop.index }}"><input type="checkbox" name="obstacles"
 id="obstacles-{{ loop.index }}" value="{{ o.id }}"><span>{{ o.text }}</span></label>{% endfor %}
{% for c in judgements %}<label for="judgement-{{ loop.index }}"><input type="radio" name="judgement"
 id="judgement-{{ loop.index }}" value="{{ c.code }}"{% if judgement == c.code %} checked{% endif %}>
<span>{{ c.label }}</span></label>{% endfor %}
{% for p in prompts %}<div class="field"><label class="label" for="reflection-{{ p.id }}">{{ p.text }}</label>
<p class="hint" id="reflection-{{ p.id }}-hint">{{ p.hint }}</p>
<textarea class="control" name="reflection-{{ p.id }}" id="reflection-{{ p.id }}" rows="4"
 aria-describedby="reflection-{{ p.id }}-hint reflection-{{ p.id }}-note">
</textarea><p class="reminder" id="reflection-{{ p.id }}-note">No names, initials, dates, places or schools.</p></div>
{% endfor %}<button>Save</button></form></body></html>"""
WIDGETS = """<!doctype html><title>{{ title }}</title><form method="post">
{% for field in form %}<div>{{ field.label }} {{ field() }}</div>{% endfor %}<button>Save</button></form>"""


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    with site_with(folder, chosen, chosen.few):
        asked = Asked(chosen)
        ways = {OURS: own_page(asked), LOOP: bare(asked), WTFORMS: widgets(asked)}
        times = take_turns(ways, chosen.rounds, calls=20)
    what = f"A marker's page, {len(asked.ask.questions)} questions"
    return [compare(what, times, LOOP, 3), compare(what, times, WTFORMS, 0.5)]


class Asked:
    """Somebody who has answered everything of a marker, and what they were asked."""

    def __init__(self, chosen: Chosen) -> None:
        (secret,) = invite(chosen, 1)
        responding.begin_response(there(responding.find_participant(secret)), TODAY)
        self.participant = there(responding.find_participant(secret))
        self.questionnaire = self.participant.questionnaire
        self.ask = there(self.participant.ask(chosen.marker))
        self.marker = there(self.questionnaire.marker(chosen.marker))
        saved = Entry(
            answers={question.id: question.choices[0].code for question in self.ask.questions},
            comments={question.id: COMMENT for question in self.ask.questions},
            judgement="partly_met",
        )
        responding.save_entry(self.participant, chosen.marker, saved, 0, TODAY)
        self.saved, self.version = responding.read_entries(self.participant)[chosen.marker]


def own_page(asked: Asked) -> Callable[[], Any]:
    """Of what the database gave."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def get() -> Any:
        with app.test_request_context(f"/r/{asked.participant.handle}/{asked.ask.key}"):
            return entries._entry_page(asked.participant, asked.ask, asked.saved, asked.version)

    return get


def bare(asked: Asked) -> Callable[[], str]:
    return _page(
        BARE,
        lambda: {
            "questions": asked.ask.questions,
            "answers": asked.saved.answers,
            "comments": asked.saved.comments,
            "judgement": asked.saved.judgement,
            "obstacles": asked.marker.obstacles,
            "judgements": asked.questionnaire.judgements,
            "prompts": asked.questionnaire.prompts,
        },
    )


def widgets(asked: Asked) -> Callable[[], str]:
    """The same fields, each drawn by the library."""
    fields: dict[str, Any] = {}
    for question in asked.ask.questions:
        fields[question.id] = RadioField(
            question.text, choices=[SelectChoice(each.code, each.label) for each in question.choices]
        )
        fields[f"c_{question.id}"] = TextAreaField("Comment (optional)")
    fields["obstacles"] = SelectMultipleField(
        "Obstacles",
        choices=[SelectChoice(each.id, each.text) for each in asked.marker.obstacles],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    judgements = [SelectChoice(each.code, each.label) for each in asked.questionnaire.judgements]
    fields["judgement"] = RadioField("Judgement", choices=judgements)
    fields |= {f"r_{prompt.id}": TextAreaField(prompt.text) for prompt in asked.questionnaire.prompts}
    form_class, saved = type("Plain", (Form,), fields), asked.saved
    data = saved.answers | {f"c_{key}": text for key, text in saved.comments.items()} | {"judgement": saved.judgement}
    return _page(WIDGETS, lambda: {"form": form_class(data=data)})


def _page(template: str, values: Callable[[], dict[str, Any]]) -> Callable[[], str]:
    """A page of an application that has nothing else."""
    app = Flask("plain")
    app.jinja_loader = DictLoader({"page.html": template})

    def get() -> str:
        with app.test_request_context("/"):
            return render_template("page.html", title="A marker", **values())

    return get
