"""Markers that a board keeps for itself, made in the browser: imported, written, changed, retired and brought back.

Nothing is ever overwritten: each change is a version. Open rounds keep the wording they were opened with.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.board_marker import RETIRED, BoardMarker
from scrqm_forms.domain.errors import DefinitionError, InvalidAnswers, NewerVersion, NotFound, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet
from scrqm_forms.domain.marker_draft import make_marker
from scrqm_forms.domain.marker_file import read_marker
from scrqm_forms.domain.marker_joining import AS_FILE, Changes, join_changes, wording_of
from scrqm_forms.domain.marker_writer import marker_as_toml
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.rewording import settle_wording
from scrqm_forms.marker_library import parse_marker
from scrqm_forms.services.context import Context
from scrqm_forms.services.markers import is_marker_file, read_marker_file, read_text
from scrqm_forms.services.noting import note
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.storage import board_markers
from scrqm_forms.storage.database import writing
from scrqm_forms.storage.events import name_of


class ToKeep(Struct, frozen=True, kw_only=True):
    """A marker as it would be kept."""

    marker: Marker
    set: MarkerSet
    warnings: tuple[str, ...] = ()


class Reading(Struct, frozen=True, kw_only=True):
    """What a text holds."""

    markers: tuple[ToKeep, ...]
    #: About the text as a whole, and what of it cannot be kept.
    warnings: tuple[str, ...] = ()


def read_for_board(
    context: Context, board: Board, text: str, number: int | None = None, set_key: str | None = None
) -> Reading:
    """The markers in a published document's text or a definition file, to look at; nothing is written.

    Raises NotAMarker, Refused or DefinitionError; InvalidAnswers for a set that the board has not.
    """
    sets = sets_of_board(context, board)
    if set_key and set_key not in sets:
        raise InvalidAnswers({"set": "Set: this board has none of that name. Choose one from the list."})
    reading = _read(context, board, text, number, set_key)
    for each in reading.markers:
        if each.set.key not in sets:
            raise Refused(f'The marker is of the set "{each.set.title}", which this board does not have.')
    return reading


def _read(context: Context, board: Board, text: str, number: int | None, set_key: str | None) -> Reading:
    if is_marker_file(text):
        found = read_marker_file(context, text, set_key)
        return Reading(markers=(ToKeep(marker=found.marker, set=found.set),))
    used = partial(ids_ever_used, context, board)
    read = read_text(context, text, markers_of_board(context, board), number, set_key, used)
    markers = tuple(ToKeep(marker=each.marker, set=each.set, warnings=each.warnings) for each in read.markers)
    return Reading(markers=markers, warnings=(*read.warnings, *read.left_out))


def keep_imported(board: Board, markers: Sequence[ToKeep], versions: Mapping[str, int], *, by: Actor) -> None:
    """Keep all of them for the board, or none. What each is read back as is checked first.

    `versions`: marker id -> the board's version that it was compared with (0: none). Raises NewerVersion where there is
    another now.
    """
    with writing():
        for each in markers:
            check_version(board, each.marker, versions.get(each.marker.id, 0))
            _add(board, each.marker, each.set, "imported", by)


def join_with_own(context: Context, board: Board, each: ToKeep, picks: Mapping[str, str]) -> Marker:
    """What is picked of a marker that was read and of the one that the board has. Raises InvalidAnswers."""
    now = marker_now(context, board, each.marker.id)
    wording = join_changes(Changes(wording_of(each.marker), wording_of(now.marker), None, AS_FILE), picks)
    used = ids_ever_used(context, board, now.marker.id)
    made = make_marker(wording.draft, now.set, now.marker, used)
    return settle_wording(now.marker, replace(made, **wording.lists))


def write_marker(context: Context, board: Board, marker: Marker, marker_set: MarkerSet, *, by: Actor) -> None:
    """Keep a new marker. Raises InvalidAnswers where its number is taken."""
    with writing():
        check_number(context, board, marker, marker_set)
        _add(board, marker, marker_set, "written", by)


def check_number(context: Context, board: Board, marker: Marker, marker_set: MarkerSet) -> None:
    """Raises InvalidAnswers where another marker has the number or its id, or had it and was retired."""
    same = (each for each in markers_of_board(context, board) if each.set.key == marker_set.key)
    other = next((each.marker.title for each in same if each.marker.number == marker.number), "")
    if other:
        raise InvalidAnswers({"number": f"Number: {marker.number} is that of {other}. Choose another."})
    if marker.id in context.library().markers or board_markers.last_version(board, marker.id):
        raise InvalidAnswers({"number": f"Number: {marker.number} was that of another marker. Choose another."})


def next_number(context: Context, board: Board, marker_set: MarkerSet) -> int:
    """The first after all that the set has, or the board ever had in it."""
    numbers = [each.marker.number for each in markers_of_board(context, board) if each.set.key == marker_set.key]
    numbers += [each.number for each in marker_set.outline]
    numbers += [
        marker_of(context, each).number
        for each in board_markers.list_latest(board)
        if each.set_key == marker_set.key and each.is_retired
    ]
    return max(numbers, default=0) + 1


def ids_ever_used(context: Context, board: Board, marker_id: str) -> set[str]:
    """Of questions and obstacles, in any version that the board kept of the marker."""
    if not board_markers.last_version(board, marker_id):
        return set()
    markers = [marker_of(context, each) for each in board_markers.list_versions(board, marker_id)]
    questions = {question.id for each in markers for question in each.questions}
    return questions | {obstacle.id for each in markers for obstacle in each.obstacles or ()}


def change_marker(board: Board, marker: Marker, marker_set: MarkerSet, version: int, *, by: Actor) -> None:
    """Keep another wording of a marker, made from this version (0: from one that is not the board's own).

    Raises NewerVersion where somebody changed it since.
    """
    with writing():
        check_version(board, marker, version)
        _add(board, marker, marker_set, "changed", by)


def check_version(board: Board, marker: Marker, version: int) -> None:
    """Raises NewerVersion where this is not the board's last."""
    if board_markers.last_version(board, marker.id) != version:
        raise NewerVersion(f"{marker.title} was changed by somebody else since you opened it. Nothing was saved.")


def retire_marker(board: Board, marker_id: str, last: int, *, by: Actor) -> None:
    """From now on the board has the library's marker again, or none of this id. Its versions stay.

    `last`: the version that was seen as the last. Raises NewerVersion where there is another since.
    """
    with writing():
        latest = _latest(board, marker_id, last)
        if latest.is_retired:
            raise Refused("This marker is retired already.")
        _store(board, latest, "retired", latest.document, by)


def restore_version(context: Context, board: Board, marker_id: str, version: int, last: int, *, by: Actor) -> None:
    """Make a version the one in force: as a new version with its text. `last` as above."""
    with writing():
        _latest(board, marker_id, last)
        found = find_version(board, marker_id, version)
        marker_of(context, found)
        _store(board, found, "restored", found.document, by)


def _latest(board: Board, marker_id: str, last: int) -> BoardMarker:
    latest = board_markers.list_versions(board, marker_id)[0]
    if latest.version != last:
        raise NewerVersion("This marker was changed by somebody else since you opened it. Nothing was changed.")
    return latest


def find_version(board: Board, marker_id: str, version: int) -> BoardMarker:
    """Raises NotFound."""
    versions = board_markers.list_versions(board, marker_id)
    found = next((each for each in versions if each.version == version), None)
    if found is None:
        raise NotFound(f"There is no version {version} of {marker_id}.")
    return found


def wording_at(context: Context, board: Board, marker_id: str, version: int) -> Marker | None:
    """The marker as it was in a version of the board's, or in the library (0); None where that cannot be told."""
    if version == 0:
        found = context.library().markers.get(marker_id)
        return found.marker if found else None
    try:
        return marker_of(context, find_version(board, marker_id, version))
    except (NotFound, Refused, DefinitionError):
        return None


def marker_now(context: Context, board: Board, marker_id: str) -> LibraryMarker:
    """As the board has it, or had it if it retired it and there is no other of the name. Raises NotFound."""
    found = next((each for each, _version in own_markers(context, board) if each.marker.id == marker_id), None)
    if found is not None:
        return found
    if not board_markers.last_version(board, marker_id):
        raise NotFound(f'There is no marker "{marker_id}".')
    latest = board_markers.list_versions(board, marker_id)[0]
    return LibraryMarker(marker=marker_of(context, latest), set=set_of(context, latest), origin=RETIRED)


def marker_of(context: Context, version: BoardMarker) -> Marker:
    """Raises DefinitionError where its set has changed so that it no longer fits."""
    return parse_marker(version.document, version.marker_id, set_of(context, version))


def set_of(context: Context, version: BoardMarker) -> MarkerSet:
    found = context.library().sets.get(version.set_key)
    if found is None:
        raise Refused(f'The set "{version.set_key}" is no longer there.')
    return found


def sets_of_board(context: Context, board: Board) -> dict[str, MarkerSet]:
    """Those that a marker of the board can be of: all but the sets of plugins that are not for it."""
    library = context.library()
    mine = {each.set.key for each in markers_of_board(context, board)}
    others = {each.set.key for each in library.markers.values()} - mine
    return {key: each for key, each in library.sets.items() if key not in others}


def own_markers(context: Context, board: Board) -> list[tuple[LibraryMarker, BoardMarker | None]]:
    """The markers that the board can choose from, each with its own version where it has one in force."""
    own = {each.marker_id: each for each in board_markers.list_latest(board) if not each.is_retired}
    return [(each, own.get(each.marker.id)) for each in markers_of_board(context, board)]


def retired_markers(context: Context, board: Board) -> list[tuple[Marker, BoardMarker]]:
    """Those that the board retired."""
    return [(marker_of(context, each), each) for each in board_markers.list_latest(board) if each.is_retired]


def check_marker(marker: Marker, marker_set: MarkerSet) -> str:
    """The marker's definition file. Raises DefinitionError with every fault: a misspelt {name}, for one."""
    document = marker_as_toml(marker)
    read_marker(document, marker.id, marker_set)
    return document


def _add(board: Board, marker: Marker, marker_set: MarkerSet, change: str, by: Actor) -> None:
    document = check_marker(marker, marker_set)
    like = BoardMarker(
        marker_id=marker.id, version=0, set_key=marker_set.key, change=change, document=document, who="", at=by.now
    )
    _store(board, like, change, document, by)


def _store(board: Board, like: BoardMarker, change: str, document: str, by: Actor) -> None:
    number = board_markers.last_version(board, like.marker_id) + 1
    board_markers.add_version(
        board,
        BoardMarker(
            marker_id=like.marker_id,
            version=number,
            set_key=like.set_key,
            change=change,
            document=document,
            who=name_of(by.caller),
            at=by.now,
        ),
    )
    what = "marker_retired" if change == "retired" else "marker_kept"
    note(by, what, board, marker=like.marker_id, version=number)
