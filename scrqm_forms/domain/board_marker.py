"""A marker that a board keeps for itself: its versions, and how it stands among the markers of the library."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet

#: How the origin of a board's own marker begins.
OWN = "this board"
#: Origin of one that the board had, and has no longer.
RETIRED = f"{OWN}, retired"
#: What made a version, as it reads in the list of versions.
CHANGES = {
    "imported": "imported",
    "written": "written",
    "changed": "changed",
    "retired": "retired",
    "restored": "brought back",
}


class BoardMarker(Struct, frozen=True, kw_only=True):
    """One version."""

    marker_id: str
    version: int
    set_key: str
    #: Key of CHANGES.
    change: str
    #: The definition file.
    document: str
    who: str
    #: Aware, in UTC.
    at: datetime

    @property
    def is_retired(self) -> bool:
        return self.change == "retired"


def overlay(
    library: Sequence[LibraryMarker], own: Iterable[tuple[BoardMarker, Marker]], sets: Mapping[str, MarkerSet]
) -> list[LibraryMarker]:
    """The library's markers with the board's own in their places, in order of set and number."""
    found = {each.marker.id: each for each in library}
    for version, marker in own:
        other = found.get(marker.id)
        found[marker.id] = LibraryMarker(
            marker=marker,
            set=sets[version.set_key],
            origin=f"{OWN}, version {version.version}",
            stands_in_for=other.origin if other else None,
        )
    order = {key: n for n, key in enumerate(sets)}
    return sorted(found.values(), key=lambda each: (order[each.set.key], each.marker.number, each.marker.id))
