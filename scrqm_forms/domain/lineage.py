"""Which markers are the same one, in other sets or versions: their questions say what they descend from."""

from collections.abc import Iterable

from scrqm_forms.domain.marker import LibraryMarker, Marker


def kin_of(marker_id: str, markers: Iterable[LibraryMarker]) -> frozenset[str]:
    """The marker itself, with all that it descends from and that descend from it, at any remove."""
    links = [{each.marker.id, *_ancestors(each.marker)} for each in markers]
    kin = {marker_id}
    while joined := [link for link in links if not link.isdisjoint(kin) and not link <= kin]:
        kin = kin.union(*joined)
    return frozenset(kin)


def _ancestors(marker: Marker) -> set[str]:
    """Ids of the markers that its questions name as theirs: "set/marker.question", or "set/marker"."""
    named = [each for question in marker.questions for each in question.lineage]
    return {each.rpartition("/")[2].partition(".")[0] for each in named}
