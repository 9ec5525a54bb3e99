"""The tables of an export, their rows read from the database as a format asks for them.

To add a table: write `def NAME_table(shown: ShownRound) -> Table` in a file of its own here and name it in TABLES where
it is to stand; pages, command line and every format then have it. Say in its `about` what it is for (a sentence, shown
beside its title). Its key and column ids are for good. Its `rows` is called when the rows are wanted, perhaps twice and
in a worker's thread: read the database in it, row by row, always in the same order, and gather nothing that grows with
the number of responses.

What may be shown is settled by `shown`: in a confidential round free text stands in `reflections` only, shuffled, no
row says who a response is from, and counts are shown for the groups of `shown.shown_groups` alone.
"""

from collections.abc import Callable

from scrqm_forms.domain.presenting import Responses
from scrqm_forms.domain.table import Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.codebook import codebook_table
from scrqm_forms.services.tables.improvements import improvements_table, register_table
from scrqm_forms.services.tables.notes import notes_table
from scrqm_forms.services.tables.obstacles import obstacles_table
from scrqm_forms.services.tables.participation import participation_table
from scrqm_forms.services.tables.reflections import reflections_table
from scrqm_forms.services.tables.responses import answers_table, responses_table
from scrqm_forms.services.tables.results import results_table

#: In the order they stand in a workbook.
TABLES: tuple[Callable[[ShownRound], Table], ...] = (
    responses_table,
    answers_table,
    reflections_table,
    results_table,
    obstacles_table,
    codebook_table,
    participation_table,
    notes_table,
    improvements_table,
    register_table,
)


def tables_of(shown: ShownRound, which: Responses = "submitted") -> tuple[Table, ...]:
    """Every table of a round; `which` responses the wide one has rows for."""
    return tuple(
        responses_table(shown, which) if make_table is responses_table else make_table(shown) for make_table in TABLES
    )
