"""`codebook`: what each column and code means, with the wording as it was asked."""

from collections.abc import Iterator

from scrqm_forms.domain.places import places_of
from scrqm_forms.domain.table import Column, ColumnKind, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Row
from scrqm_forms.storage import reviews


def codebook_table(shown: ShownRound) -> Table:
    kinds = ("column", "marker", "number", "marker_title", "stage", "item", "part", "wording", "options", "roles")
    more = ("favourable", "published_position", "set", "origin", "source", "wording_status", "questionnaire_sha256")
    keys = (*kinds, *more, "original_wording")
    columns = tuple(Column(id=key, kind=_KINDS.get(key, "text")) for key in keys)
    return Table(
        key="codebook",
        title="Codebook",
        about="What each column and code means, with the wording asked, and where a board reworded it, its original.",
        columns=columns,
        rows=lambda: _codebook_rows(shown),
    )


_KINDS: dict[str, ColumnKind] = {
    **dict.fromkeys(("number", "published_position"), "count"),
    **dict.fromkeys(("column", "marker", "item", "part", "favourable", "set"), "code"),
    **dict.fromkeys(("wording_status", "questionnaire_sha256"), "code"),
}


def _codebook_rows(shown: ShownRound) -> Iterator[Row]:
    questionnaire = shown.questionnaire
    digest = reviews.questionnaire_digest(shown.round) or ""
    stages = {stage.key: stage.title for stage in questionnaire.stages}
    for place in places_of(questionnaire):
        marker = questionnaire.marker(place.entry)
        question = place.question
        options = "; ".join(f"{choice.code} = {choice.label}" for choice in place.choices)
        yield (
            place.column,
            place.entry,
            marker.number if marker else None,
            marker.title if marker else questionnaire.closing_title,
            stages.get(marker.stage, "") if marker else "",
            place.item,
            place.part,
            place.wording,
            options,
            ", ".join(question.roles) if question else "",
            question.favourable if question and place.part == "rating" else "",
            question.published if question else None,
            marker.set if marker else "",
            marker.origin if marker else questionnaire.closing_origin,
            marker.source if marker else "",
            marker.wording_status if marker else questionnaire.closing_wording_status,
            digest,
            place.original,
        )
