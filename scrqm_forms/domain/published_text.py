"""Text of a published marker document -> draft Marker with warnings.

Every sentence is kept to the letter. What is left out or repaired is named in a warning, save the paragraphs about
the whole set of markers that close each published document.
"""

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.domain.marker import Marker
from scrqm_forms.domain.published_headings import seems_to_ask
from scrqm_forms.domain.published_items import Item, warn_of_lists
from scrqm_forms.domain.published_letters import plain_emphasis, repair_letters
from scrqm_forms.domain.published_lines import Line, ends_sentence, read_lines
from scrqm_forms.domain.published_lists import read_lists
from scrqm_forms.domain.published_questions import (
    give_to_audiences,
    identify_obstacles,
    identify_questions,
    warn_of_everyone,
)
from scrqm_forms.domain.published_sections import (
    HEADING_NAMES,
    QUESTIONS_HEADING,
    quote,
    read_statement,
    split_sections,
    warn_of_gaps,
    warn_of_title,
)
from scrqm_forms.domain.published_split import split_markers
from scrqm_forms.domain.published_wraps import plain_title
from scrqm_forms.domain.wording import escape_braces

#: Bytes; a published marker takes about 5,000.
MAX_SIZE = 5_000_000

#: First bytes of files that people try first, some of which hold no NUL.
_OTHER_FILES = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a rich text document (.rtf)",
    b"PK\x03\x04": "a Word document or a zip file",
    b"\xd0\xcf\x11\xe0": "a Word document of the old kind (.doc)",
}


class NotAMarker(ScrqmFormsError):
    """The document holds no marker that can be read; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class DraftMarker(Struct, frozen=True):
    """What was read from a published document. Lists are None without a heading, empty with nothing under it."""

    number: int | None
    title: str | None
    #: Without its label; empty when the document has none.
    statement: str
    #: Paragraphs are parted by a blank line; empty when the document has none.
    rationale: str
    questions: tuple[str, ...]
    knowledge: tuple[str, ...] | None
    equality: tuple[str, ...] | None
    guidance: tuple[str, ...] | None
    obstacles: tuple[str, ...] | None
    #: One sentence each, for the person who imports.
    warnings: tuple[str, ...]
    #: For each question, whom it is put to: a key of `published_headings.AUDIENCES`, or "". Empty where none is named.
    audiences: tuple[str, ...] = ()
    #: A heading stands above the statement or the rationale; the markers for adults' reviews have neither.
    labelled: bool = True
    #: Short lines above the statement, one of which may be the title.
    above: tuple[str, ...] = ()
    #: Where the heading of the questions is missing: the line that looks most like it, if any does.
    like_questions: str = ""


def decode_document(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 or else Windows-1252. Raises NotAMarker."""
    if len(data) > MAX_SIZE:
        raise NotAMarker(f"The file is larger than {MAX_SIZE // 1_000_000} MB; a published marker is far smaller.")
    for start, name in _OTHER_FILES.items():
        if data.startswith(start):
            raise NotAMarker(f"The file is {name}; open it, and save it as .docx or as plain text.")
    text = _decode(data)
    if "\0" in text:
        raise NotAMarker("The file is not plain text; save or copy the document as plain text first.")
    if not text.strip():
        raise NotAMarker("The file is empty.")
    return text


def read_published_text(text: str) -> DraftMarker:
    """The one marker that `text` holds. Raises NotAMarker where it holds none or several."""
    drafts = read_published_texts(text)
    if len(drafts) > 1:
        raise NotAMarker(f"The document holds {len(drafts)} markers; split it into one file for each.")
    if isinstance(drafts[0], NotAMarker):
        raise drafts[0]
    return drafts[0]


def read_published_texts(text: str, titles: Iterable[str] = ()) -> list["DraftMarker | NotAMarker"]:
    """The markers that `text` holds, in its order; at least one. One that cannot be read is the reason why.

    `titles` are those of the sets that it may be of: such a line is a title without its number, too.
    """
    warnings: list[str] = []
    lines = read_lines(repair_letters(text, warnings), frozenset(map(plain_title, titles)))
    return [_read_draft(own, warnings) for own in split_markers(lines)]


def _read_draft(lines: Sequence[Line], found: Sequence[str]) -> "DraftMarker | NotAMarker":
    warnings = [*found]
    part = split_sections(lines, warnings)
    warn_of_title(part.title, warnings)
    statement, rationale = read_statement(part, warnings)
    lists = read_lists(part.sections, warnings)
    labelled = "statement" in part.sections or "rationale" in part.sections
    if not lists.get("questions") and not (statement and labelled):
        return NotAMarker(_why_no_marker(lines, statement))
    asks = next((line.whole for line in lines if seems_to_ask(line.whole)), "") if "questions" not in lists else ""
    warn_of_gaps(part.sections, statement, rationale if labelled else statement, warnings)
    warn_of_lists(lists, warnings)
    texts = {name: tuple(plain_emphasis(item.text) for item in items) for name, items in lists.items()}
    said = [statement, rationale, *(item.text for items in lists.values() for item in items)]
    if starred := [text for text in said if plain_emphasis(text) != text]:
        warnings.append(f"Stars around words, as Markdown has them, were taken out: {quote(starred[0])}")
    return DraftMarker(
        number=part.title.number if part.title else None,
        title=part.title.words if part.title else None,
        statement=plain_emphasis(statement),
        rationale=plain_emphasis(rationale),
        questions=texts.get("questions", ()),
        knowledge=texts.get("knowledge"),
        equality=texts.get("equality"),
        guidance=texts.get("guidance"),
        obstacles=texts.get("obstacles"),
        warnings=tuple(warnings),
        audiences=_audiences(lists.get("questions", ())),
        labelled=labelled,
        above=part.above,
        like_questions=asks,
    )


def draft_to_marker(  # noqa: PLR0913 (a marker needs what the text does not say)
    draft: DraftMarker,
    shipped: Marker | None,
    *,
    marker_id: str,
    number: int,
    title: str,
    stage: str,
    source: str,
    earlier: Marker | None = None,
    roles: Collection[str] = (),
    used: Collection[str] = (),
) -> tuple[Marker, tuple[str, ...]]:
    """The marker that `draft` makes, with warnings beyond the draft's own.

    Ids, kinds and roles come from `earlier` (this board's last import) and `shipped`, see `identify_questions`; `used`
    are ids that were given up. Where the document names audiences that are among the set's `roles`, each question is
    for its own.
    Raises NotAMarker when statement, rationale or questions are missing: no marker is without them.
    """
    _require_whole(draft)
    questions, warnings = identify_questions(draft.questions, shipped, earlier, used)
    if draft.audiences:
        questions, unknown = give_to_audiences(questions, draft.audiences, roles)
        warnings += unknown
    elif roles:
        warnings += warn_of_everyone(questions, roles)
    warnings += _warn_of_end(draft, shipped)
    if draft.number not in (None, number):
        warnings.append(f"The document says that it is quality marker {draft.number}; it was imported as {number}.")
    marker = Marker(
        id=marker_id,
        number=number,
        title=title,
        stage=stage,
        statement=escape_braces(draft.statement),
        rationale=escape_braces(draft.rationale) or None,
        source=source,
        wording_status="published",
        questions=questions,
        knowledge=_escape_all(draft.knowledge),
        equality=_escape_all(draft.equality),
        guidance=_escape_all(draft.guidance),
        obstacles=None if draft.obstacles is None else identify_obstacles(draft.obstacles, earlier, used),
    )
    return marker, tuple(warnings)


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        codecs = ["utf-8-sig"]
    elif codec := _wide_codec(data):
        codecs = [codec]
    else:
        codecs = ["utf-8", "cp1252"]
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise NotAMarker("The file is not text in UTF-8, UTF-16 or Windows-1252; save it as plain text in UTF-8 first.")


def _wide_codec(data: bytes) -> str | None:
    """UTF-16 without its byte order mark: of each two bytes one is mostly zero, and hardly ever the other."""
    first, second = data[0:2000:2].count(0), data[1:2000:2].count(0)
    least = len(data[:2000]) / 4
    return "utf-16-be" if first > least > 10 * second else "utf-16-le" if second > least > 10 * first else None


def _audiences(questions: Sequence[Item]) -> tuple[str, ...]:
    named = tuple(question.audience for question in questions)
    return named if any(named) else ()


def _why_no_marker(lines: Sequence[Line], statement: str) -> str:
    if not lines:
        return "The document is empty."
    asks = next((line.whole for line in lines if seems_to_ask(line.whole)), "")
    if statement and any(line.heading for line in lines):
        return f"The document is not a marker: below its statement it has no questions.{_name_like(asks)}"
    return (
        f'The document is not a marker: it has no quality statement and no "{QUESTIONS_HEADING}" questions.'
        f"{_name_like(asks)}"
    )


def _name_like(asks: str) -> str:
    """What to do where a line only looks like the heading of the questions."""
    return f" If {quote(asks)} is their heading, write it as {quote(QUESTIONS_HEADING)}." * (asks != "")


def _require_whole(draft: DraftMarker) -> None:
    parts = {"quality statement": draft.statement, "rationale": draft.rationale, "questions": draft.questions}
    if not draft.labelled or draft.audiences:
        del parts["rationale"]
    missing = [name for name, part in parts.items() if not part]
    if missing:
        like = _name_like(draft.like_questions) if "questions" in missing else ""
        cut = " It is cut off in the middle of its rationale." * (missing == ["questions"] and _is_cut_off(draft))
        raise NotAMarker(
            f"The document cannot be imported as a marker: it has no {' and no '.join(missing)}.{cut}{like}"
        )


def _is_cut_off(draft: DraftMarker) -> bool:
    return bool(draft.rationale) and not ends_sentence(draft.rationale, ".?!:")


def _warn_of_end(draft: DraftMarker, shipped: Marker | None) -> list[str]:
    """Each published marker ends with its obstacles; a copy that was cut off before them shows it nowhere else."""
    if shipped is None or not shipped.obstacles or draft.obstacles is not None or not draft.labelled:
        return []
    has = [name for name in ("knowledge", "equality", "guidance") if getattr(draft, name) is not None]
    last, missing = HEADING_NAMES[["questions", *has][-1]], HEADING_NAMES["obstacles"]
    return [f'The document ends with "{last}" and has no "{missing}"; see whether it was cut off.']


def _escape_all(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if texts is None else tuple(map(escape_braces, texts))
