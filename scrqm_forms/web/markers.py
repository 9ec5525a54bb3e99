"""The markers to read, search and print, without signing in, for every board that shows them."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scrqm_forms.domain.marker import MarkerSet
from scrqm_forms.domain.reading import ReadMarker
from scrqm_forms.services.context import context
from scrqm_forms.services.reading import read_markers, read_one_marker, search_words
from scrqm_forms.storage import boards
from scrqm_forms.web.language import _

pages = Blueprint("markers", __name__)

#: Section of a passage -> what a result calls it; those that are counted are given their number.
SECTIONS = {
    "statement": _("Statement"),
    "rationale": _("Why this matters"),
    "question": _("Question %(number)s"),
    "reflect": _("Question %(number)s, looking back"),
    "option": _("Question %(number)s, an answer offered"),
    "knowledge": _("What is known"),
    "equality": _("Equality and diversity"),
    "guidance": _("Statutory guidance"),
    "obstacle": _("Known obstacle %(number)s"),
}
WORDING = {
    "published": _("Published: the text of the publication, unchanged"),
    "adapted": _("Adapted: written after a publication, in other words"),
    "local": _("Local: written by a board for itself"),
}

#: A set, with its stages in order and the markers of each.
BySet = list[tuple[MarkerSet, list[tuple[str, list[ReadMarker]]]]]


@pages.get("/markers/")
def choose_board() -> str | Response | tuple[str, int]:
    found = boards.list_boards_showing_markers()
    if len(found) == 1:
        return redirect(url_for("markers.list_markers", board_key=found[0].key))
    if not found:
        message = _("No board shows its markers here. If you take part in a review, open the link that you were sent.")
        return render_template("error.html", heading=_("No markers to read"), message=message), 404
    return render_template("markers/boards.html", boards=found)


@pages.get("/markers/<board_key>/")
def list_markers(board_key: str) -> str:
    board, markers = read_markers(context(), board_key)
    query = request.args.get("q", "").strip()
    if query:
        search = search_words(markers, query)
        return render_template("markers/found.html", board=board, query=query, search=search, section_words=SECTIONS)
    return render_template("markers/list.html", board=board, sets=_by_set(markers), number=len(markers))


@pages.get("/markers/<board_key>/all")
def show_all(board_key: str) -> str:
    board, markers = read_markers(context(), board_key)
    return render_template("markers/all.html", board=board, sets=_by_set(markers), which_wording=WORDING)


@pages.get("/markers/<board_key>/<marker_id>")
def show_marker(board_key: str, marker_id: str) -> str:
    shown = read_one_marker(context(), board_key, marker_id)
    return render_template("markers/marker.html", board=shown.board, shown=shown, which_wording=WORDING)


def _by_set(markers: Sequence[ReadMarker]) -> BySet:
    """As they come; within a set by stage, in the set's order of stages."""
    found: BySet = []
    for _key, group in groupby(markers, lambda each: each.library.set.key):
        own = list(group)
        stages = [stage.title for stage in own[0].library.set.stages]
        parts = [(title, [each for each in own if each.stage_title == title]) for title in dict.fromkeys(stages)]
        found.append((own[0].library.set, [part for part in parts if part[1]]))
    return found
