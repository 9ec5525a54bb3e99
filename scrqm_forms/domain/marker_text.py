"""A marker as a text to change, in the shape of a published document, and back."""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from scrqm_forms.domain.comparing import LISTS
from scrqm_forms.domain.marker import Marker, Obstacle, Question
from scrqm_forms.domain.marker_joining import Wording
from scrqm_forms.domain.published_questions import list_numbers
from scrqm_forms.domain.published_sections import HEADING_NAMES
from scrqm_forms.domain.published_text import NotAMarker, draft_to_marker, read_published_text
from scrqm_forms.domain.rewording import next_id, reword_obstacles, settle_wording
from scrqm_forms.domain.wording import escape_braces, unescape_braces


def marker_as_text(marker: Marker) -> str:
    """Headings, paragraphs and lists: `text_as_marker` reads the same marker back."""
    blocks = [f"Quality Marker {marker.number}: {marker.title}"]
    if marker.rationale:
        blocks += [HEADING_NAMES["statement"], marker.statement, HEADING_NAMES["rationale"], marker.rationale]
    else:
        blocks += [marker.statement]
    asks = [question.ask for question in marker.questions]
    blocks += [f"{HEADING_NAMES['questions']}\n\n{_listed(asks, '{n}. ')}"]
    lists = {name: getattr(marker, name) for name in LISTS}
    lists["obstacles"] = None if marker.obstacles is None else [obstacle.text for obstacle in marker.obstacles]
    blocks += [f"{HEADING_NAMES[name]}\n\n{_listed(items, '- ')}" for name, items in lists.items() if items is not None]
    return "\n\n".join(blocks).rstrip() + "\n"


def wording_as_text(wording: Wording, marker: Marker) -> str:
    """The same of a marker that was put together from two, whatever in it has yet to be mended."""
    draft = wording.draft
    obstacles = tuple(Obstacle(id="", text=line) for line in draft.obstacles.splitlines())
    return marker_as_text(
        replace(
            marker,
            title=draft.title,
            statement=draft.statement,
            rationale=draft.rationale or None,
            questions=tuple(Question(id=each.id, ask=each.ask) for each in draft.questions),
            obstacles=obstacles or (None if marker.obstacles is None else ()),
            **wording.lists,
        )
    )


def text_as_marker(text: str, marker: Marker, used: Collection[str] = ()) -> tuple[Marker, tuple[str, ...]]:
    """`marker` with the wording and order of `text`, and what to look at. Raises NotAMarker.

    A question whose words stayed is the same wherever it stands; one reworded in its place keeps its id, kind and
    roles, and loses its wording looking back; any other is new. `used`: ids of questions and obstacles that the marker
    ever had.
    """
    draft = read_published_text(text)
    if draft.number not in (None, marker.number):
        raise NotAMarker(f"The number of a marker stays as it is: {marker.number}.")
    read, warnings = draft_to_marker(
        draft,
        None,
        marker_id=marker.id,
        number=marker.number,
        title=draft.title or marker.title,
        stage=marker.stage,
        source=marker.source,
        earlier=_as_imported(marker),
    )
    questions, lost = _keep_settings(read.questions, marker, used)
    changed = replace(
        marker,
        title=read.title,
        statement=unescape_braces(read.statement),
        rationale=unescape_braces(read.rationale) if read.rationale else None,
        questions=questions,
        obstacles=_reword_all(read.obstacles, marker, used),
        **{name: _unescape_all(getattr(read, name)) for name in LISTS},
    )
    changed = settle_wording(marker, changed)
    if changed.wording_status != marker.wording_status:
        lost.append("The wording is no longer the published one: it will be shown as adapted.")
    return changed, (*draft.warnings, *warnings, *lost)


def _as_imported(marker: Marker) -> Marker:
    """`marker` as an earlier import would be: its texts escaped, each question at its place."""
    questions = tuple(
        replace(question, ask=escape_braces(question.ask), published=n)
        for n, question in enumerate(marker.questions, 1)
    )
    return replace(marker, questions=questions)


def _keep_settings(
    read: Sequence[Question], marker: Marker, used: Collection[str]
) -> tuple[tuple[Question, ...], list[str]]:
    """What each question has apart from its words is what it had before."""
    before = {question.id: question for question in marker.questions}
    taken = {*used, *before}
    questions, lost = [], []
    for n, question in enumerate(read, 1):
        ask, old = unescape_braces(question.ask), before.get(question.id)
        if old is None:
            key = next_id("p", taken) if question.id in taken else question.id
            taken.add(key)
            questions.append(replace(question, id=key, ask=ask, published=None))
        elif old.ask == ask:
            questions.append(old)
        else:
            questions.append(replace(old, ask=ask, reflect=None, text={}))
            lost += [n] if old.reflect else []
    if not lost:
        return tuple(questions), []
    numbers = list_numbers("Question", lost)
    return tuple(questions), [f"{numbers}: the wording looking back was of the old words, and is left out."]


def _reword_all(
    read: tuple[Obstacle, ...] | None, marker: Marker, used: Collection[str]
) -> tuple[Obstacle, ...] | None:
    return read and reword_obstacles([unescape_braces(each.text) for each in read], marker.obstacles or (), used)


def _listed(items: Sequence[str], mark: str) -> str:
    """One item a line; a line of a list within an item stands further in."""
    inset = [item.replace("\n", "\n    ") for item in items]
    return "\n".join(mark.format(n=n) + item for n, item in enumerate(inset, 1))


def _unescape_all(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if texts is None else tuple(map(unescape_braces, texts))
