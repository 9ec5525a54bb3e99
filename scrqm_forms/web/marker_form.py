"""What was typed into the form for a marker."""

from typing import get_args

from werkzeug.datastructures import MultiDict

from scrqm_forms.domain.marker import Kind
from scrqm_forms.domain.marker_draft import MOST_QUESTIONS, MarkerDraft, QuestionDraft
from scrqm_forms.domain.wording import normalise_typed

Sent = MultiDict[str, str]


def read_draft(sent: Sent) -> MarkerDraft:
    """`questions` is how many there are on the page; those of question 3 are called `q-3-ask`, `q-3-kind` ..."""
    number = sent.get("questions", 1, int)
    return MarkerDraft(
        number=_text(sent, "number").strip(),
        title=_text(sent, "title"),
        stage=sent.get("stage", ""),
        statement=_text(sent, "statement"),
        rationale=_text(sent, "rationale"),
        source=_text(sent, "source"),
        questions=tuple(_read_question(sent, f"q-{n}-") for n in range(1, min(max(number, 1), MOST_QUESTIONS) + 1)),
        obstacles=_text(sent, "obstacles"),
    )


def _read_question(sent: Sent, name: str) -> QuestionDraft:
    kind = sent.get(f"{name}kind", "")
    return QuestionDraft(
        id=sent.get(f"{name}id", ""),
        ask=_text(sent, f"{name}ask"),
        reflect=_text(sent, f"{name}reflect"),
        kind=next((each for each in get_args(Kind) if each == kind), "rating"),
        roles=tuple(sent.getlist(f"{name}roles")),
        options=_text(sent, f"{name}options"),
        unfavourable=sent.get(f"{name}unfavourable") == "yes",
        conditional=sent.get(f"{name}conditional") == "yes",
    )


def _text(sent: Sent, name: str) -> str:
    return normalise_typed(sent.get(name, ""))[0]
