"""What an entry asks -> a form class; what was typed -> an Entry."""

from typing import Any

from wtforms import Form, HiddenField, RadioField, SelectChoice, SelectMultipleField, TextAreaField

from scrqm_forms.domain.questionnaire import AskedQuestion
from scrqm_forms.domain.response import Entry, EntryAsk


def entry_form_class(ask: EntryAsk) -> type[Form]:
    """A form with a field for everything that `ask` asks: `answer-ID`, `comment-ID`, `reflection-ID`, `judgement`,
    `obstacles` and `version`. Drawn by our own macros; rules about answers are the domain's, not the fields'.
    """
    fields: dict[str, Any] = {"version": HiddenField(default="0")}
    for question in ask.questions if ask.rates else ():
        fields |= _fields_of(question)
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


def form_for(ask: EntryAsk, entry: Entry, version: int) -> Form:
    """The form showing what was saved."""
    data: dict[str, Any] = {"version": str(version), "judgement": entry.judgement, "obstacles": entry.obstacles}
    data |= {f"answer-{key}": code for key, code in entry.answers.items()}
    data |= {f"comment-{key}": text for key, text in entry.comments.items()}
    data |= {f"reflection-{key}": text for key, text in entry.reflections.items()}
    return entry_form_class(ask)(data=data)


def entry_from(ask: EntryAsk, form: Form, *, not_my_part: bool = False) -> Entry:
    """What was typed and picked, exactly as sent."""
    answered = ask.questions if ask.rates else ()
    return Entry(
        not_my_part=not_my_part,
        answers={q.id: code for q in answered if q.choices and (code := form[f"answer-{q.id}"].data)},
        comments={q.id: text for q in answered if (text := form[f"comment-{q.id}"].data)},
        judgement=(form["judgement"].data or "") if ask.judgements else "",
        obstacles=tuple(form["obstacles"].data or ()) if ask.obstacles else (),
        reflections={key: text for key in ask.prompts if (text := form[f"reflection-{key}"].data)},
    )


def version_of(form: Form) -> int:
    """The version the form was made from; 0 for anything that is not a number."""
    text = form["version"].data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
