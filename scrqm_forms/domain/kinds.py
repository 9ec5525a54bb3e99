"""Kinds of question: what each offers and how its answer is kept. Everything else reads this table.

To add a kind: name it in `marker.Kind`, add a line to KINDS, and say in docs/marker-format.md what it is for. One that
offers choices is drawn as radios with a comment, one that offers none as a text box; another look is a branch in
`web/templates/participant/_questions.html`. Saving, checking, results and exports need nothing more.
"""

from collections.abc import Callable, Iterable

from msgspec import Struct

from scrqm_forms.domain.marker import Question
from scrqm_forms.domain.wording import RATING_LABELS

Pairs = Iterable[tuple[str, str]]


class QuestionKind(Struct, frozen=True, kw_only=True):
    """One kind of question."""

    #: (code, label) of the choices a question offers; none where the answer is written.
    offers: Callable[[Question], Pairs]
    #: Last parts of its column ids, `qm08.plan.rating`: the code first where there are choices, then the text.
    parts: tuple[str, ...]
    #: What is wrong with a written answer, as a sentence for the writer; "" for nothing. Blank is never asked about.
    fault: Callable[[str], str] = lambda text: ""


def _ratings(question: Question) -> Pairs:
    return ((code, label) for code, label in RATING_LABELS.items() if question.conditional or code != "not_applicable")


KINDS = {
    "rating": QuestionKind(offers=_ratings, parts=("rating", "comment")),
    "choice": QuestionKind(offers=lambda q: ((o.id, o.text) for o in q.options), parts=("choice", "comment")),
    "text": QuestionKind(offers=lambda q: (), parts=("text",)),
}
#: Parts that hold a code; all others hold text.
CODED_PARTS = frozenset({"rating", "choice", "judgement", "obstacle", "helped"})
