"""`notes`: what facilitators wrote down of the conversation, a row for each marker with notes."""

from collections.abc import Iterator

from scrqm_forms.domain.notes import HEADINGS
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.overview import keys_of
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Row
from scrqm_forms.storage.notes import read_notes


def notes_table(shown: ShownRound) -> Table:
    columns = (Column(id="marker", kind="code"), Column(id="number", kind="count"), Column(id="marker_title"))

    def rows() -> Iterator[Row]:
        found = read_notes(shown.round)
        for key in keys_of(shown.questionnaire):
            if key in found:
                marker, (notes, _version) = shown.questionnaire.marker(key), found[key]
                texts = tuple(getattr(notes, field) for field in HEADINGS)
                title = marker.title if marker else shown.questionnaire.closing_title
                yield (key, marker.number if marker else None, title, *texts)

    return Table(
        key="notes",
        title="Notes",
        about="What was written down of the conversation on each marker.",
        columns=(*columns, *(Column(id=field) for field in HEADINGS)),
        rows=rows,
    )
