"""`notes`: what facilitators wrote down of the conversation, a row for each marker with notes."""

from collections.abc import Iterator

from scrqm_forms.domain.notes import HEADINGS
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Row
from scrqm_forms.storage.notes import read_notes


def notes_table(shown: ShownRound) -> Table:
    columns = (Column(id="marker", kind="code"), Column(id="number", kind="count"), Column(id="marker_title"))

    def rows() -> Iterator[Row]:
        found = read_notes(shown.round)
        for marker in shown.questionnaire.markers:
            if marker.id in found:
                notes, _version = found[marker.id]
                texts = tuple(getattr(notes, field) for field in HEADINGS)
                yield (marker.id, marker.number, marker.title, *texts)

    return Table(
        key="notes",
        title="Notes",
        about="What was written down of the conversation on each marker.",
        columns=(*columns, *(Column(id=field) for field in HEADINGS)),
        rows=rows,
    )
