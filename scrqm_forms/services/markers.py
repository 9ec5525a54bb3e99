"""Import published marker documents into the instance's markers."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import count
from pathlib import Path

from msgspec import Struct

from scrqm_forms.documents.reading import read_document_text
from scrqm_forms.domain.board_marker import OWN
from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import ROLES, LibraryMarker, Marker, MarkerSet
from scrqm_forms.domain.marker_file import read_marker
from scrqm_forms.domain.marker_writer import marker_as_toml
from scrqm_forms.domain.published_match import NAME_NUMBER, known_markers, match_marker, settle_title
from scrqm_forms.domain.published_questions import list_numbers
from scrqm_forms.domain.published_sections import NO_NUMBER
from scrqm_forms.domain.published_set import Candidate, choose_set, find_signs, strongest_sign, warn_of_set
from scrqm_forms.domain.published_text import DraftMarker, NotAMarker, draft_to_marker, read_published_texts
from scrqm_forms.marker_library import load_library, read_any_set
from scrqm_forms.services.context import Context

#: Only a definition file has such a line.
_DEFINITION = re.compile(r"^\[\[questions\]\]\s*$", re.MULTILINE)
#: Its marker's id, which stands above the questions' own.
_ID = re.compile(r"""\A(?:(?!\s*\[).*\n)*?\s*id\s*=\s*["'](.*?)["']""")


#: A marker's id -> ids of questions and obstacles that it had once.
UsedIds = Callable[[str], Collection[str]]


class ImportedMarker(Struct, frozen=True, kw_only=True):
    """A published marker as read. Nothing is written until `write_imported`."""

    draft: DraftMarker
    marker: Marker
    set: MarkerSet
    #: Where it will stand.
    path: Path
    warnings: tuple[str, ...]


class ReadDocument(Struct, frozen=True, kw_only=True):
    """What a document holds."""

    markers: tuple[ImportedMarker, ...]
    #: One sentence for each marker in it that cannot be imported.
    left_out: tuple[str, ...]
    #: About the document as a whole: what it lacks between its first and its last marker.
    warnings: tuple[str, ...]


class _Set(Struct, frozen=True, kw_only=True):
    """The set that is imported into: what ships with the program, and what stands in the instance now."""

    set: MarkerSet
    shipped: Mapping[int, LibraryMarker]
    now: Mapping[int, LibraryMarker]
    used: UsedIds


def read_document(
    context: Context, data: bytes, *, number: int | None = None, set_key: str | None = None
) -> ReadDocument:
    """The markers in a published document of any kind. Raises NotAMarker or Refused with the reason, where none is."""
    text = read_document_text(data)
    if is_marker_file(text):
        return ReadDocument(markers=(_import_file(context, text, number, set_key),), left_out=(), warnings=())
    return read_text(context, text, context.library().for_everyone(), number, set_key)


def is_marker_file(text: str) -> bool:
    """Whether `text` is a marker's definition file, as a board downloads it."""
    return _DEFINITION.search(text) is not None


def read_marker_file(context: Context, text: str, set_key: str | None = None) -> LibraryMarker:
    """The marker that a definition file defines, of the chosen set or of one that its id fits.

    Raises Refused or DefinitionError.
    """
    sets = context.library().sets
    among = [choose_set(sets, (), set_key)] if set_key else [*sets.values()]
    found = _ID.search(text)
    fitting = [each for each in among if not found or found[1].startswith(each.prefix)]
    if not fitting and found:
        raise Refused(_told_of_id(found[1], among, chosen=bool(set_key)))
    return read_any_set(text, fitting, "marker.toml")


def read_text(
    context: Context,
    text: str,
    now: Sequence[LibraryMarker],
    number: int | None = None,
    set_key: str | None = None,
    used: UsedIds = lambda marker_id: (),
) -> ReadDocument:
    """The same of text. `now` are the markers in force, of which an earlier import gives ids, kinds and roles."""
    library, shipped = context.library(), load_library(Path("/nonexistent")).for_everyone()
    candidates = _candidates(library.sets, shipped)
    titles = [title for each in candidates for known in each.known for title in known.titles]
    drafts = read_published_texts(text, titles)
    if number and len(drafts) > 1:
        raise Refused(f"The document holds {len(drafts)} markers, and only one number was given.")
    readable = [draft for draft in drafts if isinstance(draft, DraftMarker)]
    if not readable:
        raise _why_none(drafts)
    signs = find_signs(text, readable, candidates, number)
    chosen, warnings = choose_set(library.sets, signs, set_key), warn_of_set(library.sets, signs, set_key)
    if len(readable) > 1 and not set_key:
        drafts = [_refuse_other_set(each, chosen, candidates) for each in drafts]
    known = _Set(set=chosen, shipped=_by_number(shipped, chosen.key), now=_by_number(now, chosen.key), used=used)
    read = [_try_to_read(context, draft, known, number) for draft in drafts]
    if len(read) == 1 and isinstance(read[0], Exception):
        raise read[0]
    markers, left_out = _without_doubles(read)
    if not markers:
        raise NotAMarker(f"None of the {len(read)} markers in the document can be imported. {' '.join(left_out)}")
    gaps = _name_gaps([each.marker.number for each in markers])
    return ReadDocument(markers=tuple(markers), left_out=tuple(left_out), warnings=(*warnings, *gaps))


def write_imported(imported: ImportedMarker) -> Path | None:
    """Write the definition; what it is read back as is checked first, so that no broken file is left.

    A file that says something else is kept beside it, under the name returned: it may hold somebody's changes.
    """
    text, path = marker_as_toml(imported.marker), imported.path
    read_marker(text, path.name, imported.set)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = None
    if path.exists() and path.read_bytes() != text.encode():
        kept = next(each for n in count(1) if not (each := path.with_suffix(f".before-{n}")).exists())
        kept.write_bytes(path.read_bytes())
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
    return kept


def stage_title(marker_set: MarkerSet, key: str) -> str:
    return next(stage.title for stage in marker_set.stages if stage.key == key)


def _told_of_id(marker_id: str, among: Sequence[MarkerSet], *, chosen: bool) -> str:
    begins = ", ".join(f'"{each.prefix}" for "{each.title}"' for each in among)
    mend = f'change "{marker_id}" in the line that begins with "id"{", or choose another set" if chosen else ""}'
    return f'The marker file gives the marker the id "{marker_id}", but an id begins with {begins}: {mend}.'


def _import_file(context: Context, text: str, number: int | None, set_key: str | None) -> ImportedMarker:
    found = read_marker_file(context, text, set_key)
    marker = found.marker
    if number not in (None, marker.number):
        raise Refused(f"The marker file has the number {marker.number}; change it in the file, or leave out --number.")
    now = next((each for each in context.library().for_everyone() if each.marker.id == marker.id), None)
    path = _path_of(context, found.set, marker, now)
    return ImportedMarker(draft=_draft_of(marker), marker=marker, set=found.set, path=path, warnings=())


def _draft_of(marker: Marker) -> DraftMarker:
    """What a definition file says, as if it had been read from a document."""
    return DraftMarker(
        number=marker.number,
        title=marker.title,
        statement=marker.statement,
        rationale=marker.rationale or "",
        questions=tuple(question.ask for question in marker.questions),
        knowledge=marker.knowledge,
        equality=marker.equality,
        guidance=marker.guidance,
        obstacles=None if marker.obstacles is None else tuple(each.text for each in marker.obstacles),
        warnings=(),
    )


def _candidates(sets: Mapping[str, MarkerSet], shipped: Sequence[LibraryMarker]) -> list[Candidate]:
    """The sets that documents are published of."""
    published = [each for each in sets.values() if each.known_by]
    own = {each.key: [one.marker for one in shipped if one.set.key == each.key] for each in published}
    return [Candidate(set=each, known=known_markers(each, own[each.key])) for each in published]


def _refuse_other_set(
    draft: DraftMarker | NotAMarker, chosen: MarkerSet, among: Sequence[Candidate]
) -> DraftMarker | NotAMarker:
    """`draft`, or why it is not read as one of the set that its document is of: it looks like another's itself."""
    sign = strongest_sign(find_signs("", [draft], among)) if isinstance(draft, DraftMarker) else None
    if sign is None or sign.set_key == chosen.key:
        return draft
    other = next(each.set.title for each in among if each.set.key == sign.set_key)
    return NotAMarker(
        f'By {sign.words} it looks like one of "{other}", but the document like "{chosen.title}": '
        f"import it from a file of its own, or name the set."
    )


def _why_none(drafts: Sequence[DraftMarker | NotAMarker]) -> NotAMarker:
    """Why no marker in the document can be read."""
    reasons = [each for each in drafts if isinstance(each, NotAMarker)]
    if len(reasons) == 1:
        return reasons[0]
    return NotAMarker(f"None of the {len(reasons)} markers in the document can be imported. {reasons[0]}")


def _by_number(markers: Sequence[LibraryMarker], set_key: str) -> dict[int, LibraryMarker]:
    return {each.marker.number: each for each in markers if each.set.key == set_key}


def _try_to_read(
    context: Context, draft: DraftMarker | NotAMarker, known: _Set, number: int | None
) -> ImportedMarker | NotAMarker | Refused:
    if isinstance(draft, NotAMarker):
        return draft
    try:
        return _read(context, draft, known, number)
    except (NotAMarker, Refused) as error:
        return error


def _read(context: Context, draft: DraftMarker, known: _Set, given: int | None) -> ImportedMarker:
    own = known_markers(known.set, [each.marker for each in {**known.now, **known.shipped}.values()])
    match = match_marker(draft, own)
    if given is None and match is None:
        raise Refused(f"The document does not say which marker it is; {NAME_NUMBER}.")
    number = given or (match.number if match else 0)
    outline = next((entry for entry in known.set.outline if entry.number == number), None)
    shipped, now = known.shipped.get(number), known.now.get(number)
    title, doubts = settle_title(draft, number, own)
    stage = outline.stage if outline else shipped.marker.stage if shipped else known.set.stages[0].key
    marker_id = shipped.marker.id if shipped else f"{known.set.prefix}{number:02}"
    marker, warnings = draft_to_marker(
        draft,
        shipped.marker if shipped else None,
        marker_id=marker_id,
        number=number,
        title=title,
        stage=stage,
        source=known.set.citation,
        earlier=now.marker if now and now.origin.startswith(("instance/", OWN)) else None,
        roles=[role.key for role in known.set.roles or ROLES],
        used=known.used(marker_id),
    )
    by_itself = match is not None and match.number == number and not (given and draft.number is None)
    told = [match.warning] if match and by_itself and match.warning else []
    said = [warning for warning in draft.warnings if not ((told or given) and warning.startswith(NO_NUMBER))]
    return ImportedMarker(
        draft=draft,
        marker=marker,
        set=known.set,
        path=_path_of(context, known.set, marker, now),
        warnings=tuple(dict.fromkeys((*told, *doubts, *said, *warnings))),
    )


def _without_doubles(
    read: Sequence[ImportedMarker | NotAMarker | Refused],
) -> tuple[list[ImportedMarker], list[str]]:
    """One of each number, in the document's order, and why the others cannot be imported."""
    markers: dict[int, ImportedMarker] = {}
    #: Number -> for each of its other places, whether the same text stands there.
    doubles: dict[int, list[bool]] = {}
    left_out = []
    for place, each in enumerate(read, 1):
        if isinstance(each, Exception):
            left_out.append(f"Marker in place {place} of the document: {each}")
        elif each.marker.number in markers:
            same = each.marker == markers[each.marker.number].marker
            doubles.setdefault(each.marker.number, []).append(same)
        else:
            markers[each.marker.number] = each
    return list(markers.values()), left_out + [_name_doubles(*each) for each in doubles.items()]


def _name_doubles(number: int, same: Sequence[bool]) -> str:
    times = "twice" if len(same) == 1 else f"{len(same):,} more times"
    differ = "with the same text" if all(same) else "with another text"
    if any(same) and not all(same):
        differ = f"{same.count(False):,} of them with another text"
    return f"Marker {number} stands in the document {times}, {differ}; the first was read."


def _name_gaps(numbers: Sequence[int]) -> list[str]:
    missing = sorted(set(range(min(numbers), max(numbers))) - set(numbers))
    return [f"{list_numbers('Marker', missing)}: not in the document."] if missing else []


def _path_of(context: Context, marker_set: MarkerSet, marker: Marker, now: LibraryMarker | None) -> Path:
    """Where the same marker already stands in the instance, or its usual name."""
    folder = context.instance.marker_folder / marker_set.key
    if now is not None and now.origin.startswith("instance/"):
        return folder / Path(now.origin).name
    words = "".join(letter if letter.isalnum() else " " for letter in marker.title.lower()).split()
    return folder / f"{marker.number:02}-{'-'.join(words)[:60].rstrip('-')}.toml"
