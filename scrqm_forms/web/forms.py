"""What an entry asks -> a form class; what was sent -> an Entry. Pages are drawn from the Entry, not from a form."""

from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, RadioField, SelectChoice, SelectMultipleField, TextAreaField

from scrqm_forms.domain.questionnaire import AskedQuestion
from scrqm_forms.domain.response import Entry, EntryAsk


@lru_cache(maxsize=200)
def entry_form_class(ask: EntryAsk) -> type[Form]:
    """A form with a field for everything that `ask` asks: `answer-ID`, `comment-ID`, `helped-KEY`, `reflection-ID`,
    `judgement`, `obstacles` and `version`. Rules about answers are the domain's, not the fields'.
    """
    fields: dict[str, Any] = {"version": HiddenField(default="0")}
    for question in ask.questions if ask.rates else ():
        fields |= _fields_of(question)
    helped = [SelectChoice(choice.code, choice.label) for choice in ask.helped]
    fields |= {f"helped-{each.id}": RadioField(choices=helped) for each in ask.improvements}
    if ask.judgements:
        fields["judgement"] = RadioField(choices=[SelectChoice(code, code) for code in ask.judgements])
    if ask.obstacles:
        fields["obstacles"] = SelectMultipleField(choices=[SelectChoice(key, key) for key in ask.obstacles])
    fields |= {f"reflection-{prompt}": TextAreaField() for prompt in ask.prompts}
    return type("EntryForm", (Form,), fields)


def _fields_of(question: AskedQuestion) -> dict[str, Any]:
    fields: dict[str, Any] = {f"comment-{question.id}": TextAreaField()}
    if question.choices:
        choices = [SelectChoice(choice.code, choice.label) for choice in question.choices]
        fields[f"answer-{question.id}"] = RadioField(choices=choices)
    return fields


def read_entry(ask: EntryAsk, sent: MultiDict[str, str], *, not_my_part: bool = False) -> tuple[Entry, int]:
    """What was typed and picked, exactly as sent, and the version that it was made from."""
    form = entry_form_class(ask)(sent)
    answered = ask.questions if ask.rates else ()
    entry = Entry(
        not_my_part=not_my_part,
        answers={q.id: code for q in answered if q.choices and (code := form[f"answer-{q.id}"].data)},
        comments={q.id: text for q in answered if (text := form[f"comment-{q.id}"].data)},
        helped={each.id: code for each in ask.improvements if (code := form[f"helped-{each.id}"].data)},
        judgement=(form["judgement"].data or "") if ask.judgements else "",
        obstacles=tuple(form["obstacles"].data or ()) if ask.obstacles else (),
        reflections={key: text for key in ask.prompts if (text := form[f"reflection-{key}"].data)},
    )
    return entry, number_in(form["version"].data or "")


def number_in(text: str) -> int:
    """0 for anything that is not a whole number of an ordinary size."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
