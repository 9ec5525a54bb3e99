"""A marker's page, against a bare Jinja loop and against WTForms' own widgets over the same questions and answers.

All in process by one thread, in turns, since machines drift. What is compared is making the page from what the
database gave; the whole request is shown as well. Run: python benchmarks/marker_page.py [ROUNDS]
"""

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader
from wtforms import Form, RadioField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services import responding
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage.database import db
from scrqm_forms.web import entries
from scrqm_forms.web.app import create_app

TODAY = date.today()  # noqa: DTZ011  the day on which the program runs
MARKER = "qm08"
PLAIN = "WTForms' own widgets"
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


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(f"{folder}/instance", local=True)
        with app.app_context():
            secret, participant = begin()
            ways = {
                "bare Jinja loop": bare(participant),
                PLAIN: widgets(participant),
                "the application's page": own_page(app, participant),
                "its whole request": request(app, secret, participant.handle),
            }
            times = time_in_turns(ways, rounds)
            db.session.remove()
            db.engine.dispose()
    middle = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        print(f"{name:24}{middle[name]:8.2f} ms   ({min(found):.2f} to {max(found):.2f})")
    ours = middle["the application's page"]
    print(f"page / bare Jinja loop:      {ours / middle['bare Jinja loop']:.2f}   (at most 3)")
    print(f"page / WTForms' own widgets: {ours / middle[PLAIN]:.2f}   (at most 0.5)")


def time_in_turns(ways: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of one call, `rounds` times for each way."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for get in ways.values():
        get()
    for _ in range(rounds):
        for name, get in ways.items():
            start = time.perf_counter()
            for _ in range(20):
                get()
            times[name].append((time.perf_counter() - start) / 20 * 1000)
    return times


def begin() -> tuple[str, responding.Participant]:
    """A link's secret, and whoever holds it, with every answer of the marker saved."""
    secret = set_up_round()
    responding.begin_response(found(secret), TODAY)
    ask = found(secret).ask(MARKER)
    assert ask is not None
    comment = "A comment of about seventy-five characters, as people would write them."
    saved = Entry(
        answers={question.id: question.choices[0].code for question in ask.questions},
        comments={question.id: comment for question in ask.questions},
        judgement="partly_met",
    )
    responding.save_entry(found(secret), MARKER, saved, 0, TODAY)
    return secret, found(secret)


def own_page(app: Flask, participant: responding.Participant) -> Callable[[], Any]:
    """The page, of what the database gave."""
    ask = participant.ask(MARKER)
    assert ask is not None
    saved, version = responding.read_entries(participant)[MARKER]

    def get() -> Any:
        with app.test_request_context(f"/r/{participant.handle}/{MARKER}"):
            return entries._entry_page(participant, ask, saved, version)

    return get


def request(app: Flask, secret: str, handle: str) -> Callable[[], Any]:
    """With cookie, database and headers."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"/i/{secret}").text)
    assert token is not None
    client.post(f"/i/{secret}", data={"csrf_token": token[1]})

    def get() -> Any:
        response = client.get(f"/r/{handle}/{MARKER}")
        assert response.status_code == 200
        return response

    return get


def set_up_round() -> str:
    board = create_board(OPERATOR, "Board", TODAY)
    review = create_review(OPERATOR, board, NewReview(reference="1"), TODAY)
    settings = RoundSettings(
        purpose="reflect", mode="named", minimum=5, roles=("lead_reviewer",), markers=(MARKER, "qm09"), lengths={}
    )
    round_ = create_round(context(), review, settings, TODAY, TODAY + timedelta(days=7))
    invite_people(round_, [Person(name="Pat", email="", role="lead_reviewer", agency="")])
    open_round(context(), round_, TODAY)
    return make_links(round_)[0].secret


def found(secret: str) -> responding.Participant:
    participant = responding.find_participant(secret)
    assert participant is not None
    return participant


def bare(participant: responding.Participant) -> Callable[[], Any]:
    app = Flask("bare")
    app.jinja_loader = DictLoader({"page.html": BARE})
    ask, marker = participant.ask(MARKER), participant.questionnaire.marker(MARKER)
    assert ask is not None
    assert marker is not None
    saved, _version = responding.read_entries(participant)[MARKER]

    def get() -> str:
        with app.test_request_context("/"):
            return render_template(
                "page.html",
                title=ask.title,
                questions=ask.questions,
                answers=saved.answers,
                comments=saved.comments,
                judgement=saved.judgement,
                obstacles=marker.obstacles,
                judgements=participant.questionnaire.judgements,
                prompts=participant.questionnaire.prompts,
            )

    return get


def widgets(participant: responding.Participant) -> Callable[[], Any]:
    """The same fields, each drawn by the library."""
    app = Flask("widgets")
    app.jinja_loader = DictLoader({"page.html": WIDGETS})
    ask, marker = participant.ask(MARKER), participant.questionnaire.marker(MARKER)
    assert ask is not None
    assert marker is not None
    saved, _version = responding.read_entries(participant)[MARKER]
    fields: dict[str, Any] = {}
    for question in ask.questions:
        fields[question.id] = RadioField(question.text, choices=[(each.code, each.label) for each in question.choices])
        fields[f"c_{question.id}"] = TextAreaField("Comment (optional)")
    fields["obstacles"] = SelectMultipleField(
        "Obstacles",
        choices=[(each.id, each.text) for each in marker.obstacles],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    judgements = participant.questionnaire.judgements
    fields["judgement"] = RadioField("Judgement", choices=[(each.code, each.label) for each in judgements])
    fields |= {f"r_{prompt.id}": TextAreaField(prompt.text) for prompt in participant.questionnaire.prompts}
    form_class = type("Plain", (Form,), fields)
    data = saved.answers | {f"c_{key}": text for key, text in saved.comments.items()} | {"judgement": saved.judgement}

    def get() -> str:
        with app.test_request_context("/"):
            return render_template("page.html", title=ask.title, form=form_class(data=data))

    return get


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
