"""A marker that somebody else kept another wording of meanwhile: both beside each other, to choose what to keep."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from flask import render_template, request
from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.board_marker import RETIRED
from scrqm_forms.domain.joining import Difference
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet, Role
from scrqm_forms.domain.marker_draft import QuestionDraft
from scrqm_forms.domain.marker_joining import Changes, find_changes, read_question
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Board
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.services.reviews import roles_of
from scrqm_forms.storage import board_markers
from scrqm_forms.web.forms import number_in
from scrqm_forms.web.language import _
from scrqm_forms.web.markers import SECTIONS
from scrqm_forms.web.two_texts import TwoTexts, lay_side_by_side, picks_typed
from scrqm_forms.web.words import KIND, moment, upper_first

#: What is sent along, and is not part of what was typed.
_OWN = ("csrf_token", "action", "seen", "version", "versions", "began", "joins")
_PARTS = {
    "order": _("Order of the questions"),
    "title": _("Title"),
    "stage": _("Part of the review"),
    "source": _("Where it comes from"),
    "obstacles": _("Known obstacles"),
    "reflect": _("Question %(number)s, looking back"),
    "settings": _("Question %(number)s: how it is answered, and by whom"),
    "ask": _("Question %(number)s"),
    "here": _("Question %(number)s of yours, which the other wording has not"),
    "elsewhere": _("Question %(number)s of the other wording, which yours has not"),
}


class Made(Struct, frozen=True):
    """A change as it was sent: of which marker, and from which version (0: from one that is not the board's own)."""

    now: LibraryMarker
    #: The board's last version of it.
    last: int
    version: int
    #: The version that it was begun from, where the board's last was shown beside it since.
    began_at: int
    began: Marker | None

    @property
    def is_late(self) -> bool:
        """Somebody kept another version since."""
        return self.version != self.last

    @property
    def is_retired(self) -> bool:
        return self.now.origin == RETIRED

    @property
    def is_joined(self) -> bool:
        """It was chosen what to keep of two, and nobody changed anything since."""
        return bool(request.form.get("joins")) and not self.is_late


def made_of(board: Board, marker_id: str) -> Made:
    """Raises NotFound."""
    version = number_in(request.form.get("version", ""))
    began_at = number_in(request.form["began"]) if "began" in request.form else version
    return Made(
        own.marker_now(context(), board, marker_id),
        board_markers.last_version(board, marker_id),
        version,
        began_at,
        own.wording_at(context(), board, marker_id, began_at),
    )


def both_page(board: Board, made: Made, changes: Changes, here: str) -> tuple[str, int]:
    """`here`: where the form is sent to."""
    choices = lay_out(changes, made.now.set)
    picks = picks_typed() if not made.is_late else {}
    faults = unpicked(choices, picks) if made.is_joined else []
    page = render_template(
        "admin/marker_both.html",
        board=board,
        made=made,
        here=here,
        carried=carried(),
        choices=choices,
        picks=picks,
        errors=[("both", told_of_keeping(board, made.began or made.now.marker)), *faults],
    )
    return page, 422 if faults else 409


def lacks_picks(changes: Changes, made: Made) -> bool:
    """Whether something that both changed is still to be chosen."""
    return bool(unpicked(lay_out(changes, made.now.set), picks_typed()))


def unpicked(choices: Sequence[TwoTexts], picks: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, sentence) for the error summary, of each of which nothing was chosen."""
    told = _("%(field)s: choose what to keep.")
    left = [each for each in choices if picks.get(each.field) not in [pick.code for pick in each.picks]]
    return [(f"pick-{each.field}", told % {"field": each.wording}) for each in left]


def told_who(board: Board, marker: Marker) -> str:
    """Who changed it meanwhile, and when."""
    latest = board_markers.list_versions(board, marker.id)[0]
    said = {"who": upper_first(latest.who), "title": marker.title, "moment": moment(latest.at)}
    if latest.is_retired:
        return _("%(who)s retired “%(title)s” on %(moment)s, after you had opened it.") % said
    return _("%(who)s kept another wording of “%(title)s” on %(moment)s, after you had opened it.") % said


def told_of_keeping(board: Board, marker: Marker) -> str:
    """The same, where it can be kept nevertheless."""
    told = told_who(board, marker)
    is_retired = board_markers.list_versions(board, marker.id)[0].is_retired
    return " ".join([told, _("Keeping it brings it back.")]) if is_retired else told


def carried() -> list[tuple[str, str]]:
    """Name and value of everything that was typed, to be sent again."""
    pairs = request.form.items(multi=True)
    return [(name, value) for name, value in pairs if name not in _OWN and not name.startswith("pick-")]


def lay_out(changes: Changes, marker_set: MarkerSet, prefix: str = "", title: str = "") -> list[TwoTexts]:
    """`prefix` and `title`: which marker it is, where there are several on a page.

    What both changed is not picked in advance: a whole text after another is hardly what anybody wants to ask.
    """
    return [_lay_out_one(each, changes, marker_set, prefix, title) for each in find_changes(changes)]


def _lay_out_one(each: Difference, changes: Changes, marker_set: MarkerSet, prefix: str, title: str) -> TwoTexts:
    name = _name_of(each.field, changes)
    texts = lay_side_by_side(
        replace(each, field=prefix + each.field),
        f"{title}: {name}" if title else name,
        partial(_read, each.field, changes, marker_set),
        is_marked=True,
    )
    return replace(texts, picks=_picks_of(each), usual=each.usual if each.is_settled else "")


def _picks_of(each: Difference) -> list[Choice]:
    """A question that only one has is kept, or left out."""
    if each.field.startswith("question-"):
        mine, theirs = (_("Keep this question") if text else _("Leave it out") for text in (each.here, each.elsewhere))
    else:
        mine, theirs = _("What I have here"), _("What was kept meanwhile")
    picks = [Choice(code="here", label=mine), Choice(code="elsewhere", label=theirs)]
    return [*picks, Choice(code="both", label=_("Both, one after the other"))] if each.can_join else picks


def _name_of(field: str, changes: Changes) -> str:
    part, _hyphen, key = field.partition("-")
    if not key:
        return str(_PARTS.get(part) or SECTIONS[part])
    mine, theirs = list(changes.here.questions), list(changes.elsewhere.questions)
    number = (mine if key in mine else theirs).index(key) + 1
    if part == "question":
        part = "here" if key in mine else "elsewhere"
    return str(_PARTS[part]) % {"number": number}


def _read(field: str, changes: Changes, marker_set: MarkerSet, value: str) -> str:
    """What stands in a field, as people read it."""
    part = field.partition("-")[0]
    if part == "stage":
        return next((each.title for each in marker_set.stages if each.key == value), value)
    if part == "order":
        asks = [changes.here.questions[key].ask for key in value.splitlines()]
        return "\n".join(f"{n}. {ask}" for n, ask in enumerate(asks, 1))
    if part == "settings" and value:
        return "\n".join(_read_settings(read_question(value), roles_of(marker_set)))
    if part == "question" and value:
        question = read_question(value)
        return "\n".join(text for text in (question.ask, question.reflect) if text)
    return value


def _read_settings(question: QuestionDraft, roles: Sequence[Role]) -> Iterator[str]:
    yield str(KIND[question.kind])
    yield from (f"- {option}" for option in question.options.splitlines())
    asked = ", ".join(role.plural for role in roles if role.key in question.roles)
    yield _("Asked of: %(roles)s") % {"roles": asked or _("everyone")}
    if question.unfavourable:
        yield _('"Yes" is the bad answer')
    if question.conditional:
        yield _('Offers "Not applicable"')
