"""`participation`: how many were invited, began and sent their answers, by group."""

from collections import Counter
from collections.abc import Iterator

from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Row, group_column
from scrqm_forms.storage import invitations


def participation_table(shown: ShownRound) -> Table:
    keys = ("invited", "not_begun", "begun", "submitted")
    columns = (group_column(shown), *(Column(id=key, kind="count") for key in keys))

    def rows() -> Iterator[Row]:
        by_state = invitations.count_states(shown.round)
        for group in shown.groups:
            states: Counter[str] = Counter()
            for (role, state), number in by_state.items():
                if role in group.roles:
                    states[state] += number
            yield (group.key, states.total(), states["not_begun"], states["begun"], states["submitted"])

    return Table(
        key="participation",
        title="Participation",
        about="How many were invited, started and sent their answers, by group.",
        columns=columns,
        rows=rows,
    )
