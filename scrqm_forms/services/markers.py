"""Import a published marker document into the instance's markers."""

from pathlib import Path

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet
from scrqm_forms.domain.marker_file import read_marker
from scrqm_forms.domain.marker_writer import marker_as_toml
from scrqm_forms.domain.published_text import DraftMarker, decode_document, draft_to_marker, read_published_text
from scrqm_forms.marker_library import load_library
from scrqm_forms.services.context import Context


class ImportedMarker(Struct, frozen=True, kw_only=True):
    """A published marker as read. Nothing is written until `write_imported`."""

    draft: DraftMarker
    marker: Marker
    set: MarkerSet
    #: Where it will stand.
    path: Path
    warnings: tuple[str, ...]


def read_document(context: Context, data: bytes, *, number: int | None = None, set_key: str = "scr") -> ImportedMarker:
    """The marker in a published document. Raises NotAMarker or Refused with the reason."""
    draft = read_published_text(decode_document(data))
    shipped = load_library(Path("/nonexistent"))
    marker_set = shipped.sets.get(set_key) or context.library().sets.get(set_key)
    if marker_set is None:
        raise Refused(f'Set: "{set_key}" is not one of {", ".join(shipped.sets)}.')
    number = number or draft.number or _number_of_title(draft.title, shipped.for_everyone(), set_key)
    if number is None:
        raise Refused("The document does not say which marker it is; name its number with --number.")
    known = _find(shipped.for_everyone(), set_key, number)
    now = _find(context.library().for_everyone(), set_key, number)
    earlier = now.marker if now is not None and now.stands_in_for else None
    marker, warnings = draft_to_marker(
        draft,
        known.marker if known else None,
        marker_id=known.marker.id if known else f"{marker_set.prefix}{number:02}",
        number=number,
        title=draft.title or (known.marker.title if known else f"Marker {number}"),
        stage=known.marker.stage if known else marker_set.stages[0].key,
        source=marker_set.citation,
        earlier=earlier,
    )
    path = _path_of(context, marker_set, marker, now)
    return ImportedMarker(
        draft=draft,
        marker=marker,
        set=marker_set,
        path=path,
        warnings=tuple(dict.fromkeys((*draft.warnings, *warnings))),
    )


def write_imported(imported: ImportedMarker) -> None:
    """Write the definition; what it is read back as is checked first, so that no broken file is left."""
    text = marker_as_toml(imported.marker)
    read_marker(text, imported.path.name, imported.set)
    imported.path.parent.mkdir(parents=True, exist_ok=True)
    beside = imported.path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(imported.path)


def stage_title(marker_set: MarkerSet, key: str) -> str:
    return next(stage.title for stage in marker_set.stages if stage.key == key)


def _find(markers: list[LibraryMarker], set_key: str, number: int) -> LibraryMarker | None:
    return next((each for each in markers if each.set.key == set_key and each.marker.number == number), None)


def _number_of_title(title: str | None, markers: list[LibraryMarker], set_key: str) -> int | None:
    """The number of the one marker with exactly this title, if the document gives a title and no number."""
    if not title:
        return None
    wanted = title.strip().casefold()
    found = [m.marker.number for m in markers if m.set.key == set_key and m.marker.title.casefold() == wanted]
    return found[0] if len(found) == 1 else None


def _path_of(context: Context, marker_set: MarkerSet, marker: Marker, now: LibraryMarker | None) -> Path:
    """Where the same marker already stands in the instance, or its usual name."""
    folder = context.instance.marker_folder / marker_set.key
    if now is not None and now.origin.startswith("instance/"):
        return folder / Path(now.origin).name
    words = "".join(letter if letter.isalnum() else " " for letter in marker.title.lower()).split()
    return folder / f"{marker.number:02}-{'-'.join(words)}.toml"
