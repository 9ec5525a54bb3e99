"""Whether improvements helped: what later rounds' participants said, under each round's own rule of what is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.places import helped_column
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Board, Caller, Round
from scrqm_forms.services.results import Hidden, counts_of, show_round, why_hidden
from scrqm_forms.storage import reviews


class AskedIn(Struct, frozen=True, kw_only=True):
    """What one round's participants said of one improvement."""

    round: Round
    marker: str
    #: As it was asked.
    text: str
    choices: tuple[Choice, ...]
    #: Why nothing is shown; then there are no groups.
    hidden: Hidden | None
    #: Group as shown, and code -> how many; None where too few of it were asked.
    groups: Sequence[tuple[Group, Mapping[str, int] | None]] = ()

    @property
    def totals(self) -> Counter[str]:
        """Only what is shown is added up."""
        total: Counter[str] = Counter()
        for _group, counts in self.groups:
            total.update(counts or {})
        return total


def find_asked(caller: Caller, board: Board) -> dict[str, list[AskedIn]]:
    """Key of an improvement -> every round of the board that asked about it, the oldest first."""
    found: dict[str, list[AskedIn]] = {}
    for round_ in _rounds_of(caller, board):
        for key, asked in _asked_in(round_):
            found.setdefault(key, []).append(asked)
    return found


def _rounds_of(caller: Caller, board: Board) -> list[Round]:
    """All that were opened, the oldest first."""
    rounds = [each for review in reviews.list_reviews(caller, board.key) for each in reviews.list_rounds(review)]
    return sorted((each for each in rounds if each.state != "draft"), key=lambda each: each.id)


def _asked_in(round_: Round) -> Iterable[tuple[str, AskedIn]]:
    questionnaire = reviews.questionnaire_of(round_)
    asked = [(marker.id, each) for marker in questionnaire.markers for each in marker.improvements]
    if not asked:
        return
    hidden = why_hidden(round_)
    counts = {} if hidden else _counts(round_, [helped_column(marker, each.id) for marker, each in asked])
    for marker, each in asked:
        yield (
            each.id,
            AskedIn(
                round=round_,
                marker=marker,
                text=each.text,
                choices=questionnaire.helped,
                hidden=hidden,
                groups=counts.get(helped_column(marker, each.id), ()),
            ),
        )


def _counts(round_: Round, columns: Sequence[str]) -> dict[str, list[tuple[Group, Mapping[str, int] | None]]]:
    shown = show_round(round_)
    results = counts_of(shown)
    return {column: [(group, results.of(column).counts.get(group.key)) for group in shown.groups] for column in columns}
