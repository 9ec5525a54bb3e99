"""`improvements`: those that came from a round's review; `register`: all of its board."""

from collections.abc import Callable, Iterator

from scrqm_forms.domain.improvement import MADE_FROM, STATES, Improvement
from scrqm_forms.domain.review import OPERATOR, Board
from scrqm_forms.domain.table import Cell, Column, Table
from scrqm_forms.domain.wording import HELPED_LABELS
from scrqm_forms.services.helped import find_asked
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Row
from scrqm_forms.storage.improvements import list_improvements

_COLUMNS = (
    Column(id="improvement", kind="code"),
    Column(id="state", kind="code", labels={key: STATES[key] for key in STATES}),
    Column(id="change"),
    Column(id="outcome"),
    Column(id="measure"),
    Column(id="owner"),
    Column(id="due_on", kind="date"),
    Column(id="check_on", kind="date"),
    Column(id="because"),
    Column(id="marker", kind="code"),
    Column(id="marker_title"),
    Column(id="question"),
    Column(id="made_from", kind="code", labels={key: MADE_FROM[key] for key in MADE_FROM}),
    Column(id="review", kind="code"),
    Column(id="reference"),
    Column(id="made_on", kind="date"),
    Column(id="changed_on", kind="date"),
    Column(id="asked_in"),
    *(Column(id=f"helped_{code}", kind="count") for code in HELPED_LABELS),
)


def improvements_table(shown: ShownRound) -> Table:
    review = shown.round.review
    return Table(
        key="improvements",
        title="Improvements",
        about="What should be different next time: what was made from this review, and whether it helped.",
        columns=_COLUMNS,
        rows=lambda: _rows(review.board, lambda each: each.review_key == review.key, shows_helped=True),
    )


def register_table(shown: ShownRound) -> Table:
    return register_of(shown.round.review.board, shows_helped=True)


def register_of(board: Board, *, shows_helped: bool) -> Table:
    """Of a board; whether improvements helped is left empty for those who may not read answers."""
    return Table(
        key="register",
        title="Register",
        about="All improvements of the board, whatever review they came from.",
        columns=_COLUMNS,
        rows=lambda: _rows(board, lambda each: True, shows_helped=shows_helped),
    )


def _rows(board: Board, is_wanted: Callable[[Improvement], bool], *, shows_helped: bool) -> Iterator[Row]:
    """In the order they were made. What is not shown of a round is not counted."""
    asked = find_asked(OPERATOR, board) if shows_helped else {}
    for each in list_improvements(board):
        if is_wanted(each):
            rounds = [found for found in asked.get(each.key, []) if not found.hidden]
            names = ", ".join(found.round.name for found in rounds)
            helped = [sum(found.totals[code] for found in rounds) if rounds else None for code in HELPED_LABELS]
            yield (*_cells(each), names, *helped)


def _cells(each: Improvement) -> tuple[Cell, ...]:
    aim, root = each.aim, each.root
    return (
        *(each.key, aim.state, aim.change, aim.outcome, aim.measure, aim.owner, aim.due_on, aim.check_on, aim.because),
        *(root.marker, root.marker_title, root.question, root.made_from, each.review_key, each.reference),
        *(each.made_on, each.changed_on),
    )
