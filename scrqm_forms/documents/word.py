"""A Word document (.docx) -> its text, with the marks that Word only draws in front of the items of its lists."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import docx
from docx.oxml.ns import qn

from scrqm_forms.domain.published_text import NotAMarker

#: Bytes that the parts of a document may unfold to; published markers take a hundredth of this.
_MAX_UNFOLDED = 60_000_000
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "\u2011"}
#: Twips that count as one column.
_COLUMN = 180
#: Names within the files of other programs.
_OTHERS = {
    "content.xml": "an OpenDocument file (.odt)",
    "xl/workbook.xml": "a spreadsheet (.xlsx)",
    "ppt/presentation.xml": "a presentation (.pptx)",
}
_DELETED = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:pict"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)


def read_word(data: bytes) -> str:
    """The document's text without headers, footers, comments and what tracked changes have deleted."""
    document = _open(data)
    lists = _Lists(document)
    rows: list[str] = []
    for paragraph in _paragraphs(document.element.body):
        text = _text(paragraph).strip("\n")
        mark = lists.mark(paragraph) if text.strip() else None
        if rows and rows[-1] and mark is None:
            rows.append("")
        rows.append(text if mark is None else mark + text.lstrip())
        if mark is None and text.strip():
            rows.append("")
    return "\n".join(rows)


def _open(data: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unfolded = sum(part.file_size for part in archive.infolist())
            if "word/document.xml" not in archive.namelist():
                raise NotAMarker(_name_other(archive.namelist()))
        if unfolded > _MAX_UNFOLDED:
            raise NotAMarker("The Word document is far larger inside than a published marker.")
        return docx.Document(io.BytesIO(data))
    except NotAMarker:
        raise
    except Exception as error:  # whatever a broken file makes the libraries raise
        raise NotAMarker("The file is no Word document that can be read; save it anew, or as plain text.") from error


def _name_other(names: Sequence[str]) -> str:
    """What a zip file is that is no Word document."""
    for name, kind in _OTHERS.items():
        if name in names:
            return f"The file is {kind} and no Word document; open it, and save its text as .docx or as plain text."
    return "The file is a zip file and no Word document (.docx); unpack it first."


def _paragraphs(element: Any) -> Iterator[Any]:
    """In the order in which they stand; those of a table cell by cell, and of text boxes where these are anchored."""
    for child in element.iterchildren():
        if child.tag in _DELETED:
            continue
        if child.tag == qn("w:p"):
            yield child
            for box in child.iter(qn("w:txbxContent")):
                if not any(parent.tag in _DELETED for parent in box.iterancestors()):
                    yield from _paragraphs(box)
        else:
            yield from _paragraphs(child)


def _text(paragraph: Any) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag in _DELETED or child.tag == qn("w:txbxContent") or _is_hidden(child):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS and not child.get(qn("w:type")):
            yield _BREAKS[child.tag]
        elif child.tag != qn("w:pPr"):
            yield from _pieces(child)


def _is_hidden(run: Any) -> bool:
    """Whether Word shows `run` only to whoever asks for hidden text."""
    properties = run.find(qn("w:rPr")) if run.tag == qn("w:r") else None
    hides = properties.find(qn("w:vanish")) if properties is not None else None
    return hides is not None and hides.get(qn("w:val")) not in ("0", "false", "off")


class _Lists:
    """The marks of numbered and bulleted paragraphs, counted as Word counts them."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.style_id: style.element for style in document.styles}
        levels = list(_levels(document))
        self._formats = {place: _format(level) for place, level in levels}
        self._insets = {place: level.find(qn("w:pPr")) for place, level in levels}
        self._counts: dict[tuple[str, int], int] = defaultdict(int)

    def mark(self, paragraph: Any) -> str | None:
        """ "• " or "3. " with two blanks before it for each level; None for a paragraph that is no item."""
        number = self._number_of(paragraph)
        if number is None:
            return None
        key, level = number
        shown, first = self._formats.get((key, level), ("bullet", 1))
        if shown == "none":
            return None
        for deeper in [each for each in self._counts if each[0] == key and each[1] > level]:
            del self._counts[deeper]
        self._counts[key, level] += 1
        sign = "•" if shown == "bullet" else f"{self._counts[key, level] + first - 1}."
        return f"{' ' * self._columns(paragraph, key, level)}{sign} "

    def _columns(self, paragraph: Any, key: str, level: int) -> int:
        """How far the item stands in: of the same size for all lists, since one may stand within another."""
        properties = paragraph.find(qn("w:pPr"))
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        of_style = self._styles.get(style.get(qn("w:val"))) if style is not None else None
        styled = of_style.find(qn("w:pPr")) if of_style is not None else None
        own = [properties, styled, self._insets.get((key, level))]
        if _numbering(properties):  # a list given to the paragraph itself outweighs its style
            own = [properties, own[2], styled]
        left = next((left for each in own if (left := _left(each)) is not None), 360 * (level + 1))
        return max(left, 0) // _COLUMN

    def _number_of(self, paragraph: Any) -> tuple[str, int] | None:
        """Id of the list and level: the paragraph's own, or those of its style or of one that this is based on."""
        properties = paragraph.find(qn("w:pPr"))
        own = _numbering(properties)
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        name: Any = style.get(qn("w:val")) if style is not None else None
        seen: set[str] = set()
        level = own[1] if own else None
        while not (own and own[0]) and name in self._styles and name not in seen:
            seen.add(name)
            element = self._styles[name]
            own = _numbering(element.find(qn("w:pPr"))) or own
            based = element.find(qn("w:basedOn"))
            name = based.get(qn("w:val")) if based is not None else None
        if own is None or own[0] in (None, "0"):
            return None
        return own[0], level if level is not None else own[1] or 0


def _numbering(properties: Any) -> tuple[str | None, int | None] | None:
    found = properties.find(qn("w:numPr")) if properties is not None else None
    if found is None:
        return None
    key, level = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
    return (
        key.get(qn("w:val")) if key is not None else None,
        int(level.get(qn("w:val"))) if level is not None else None,
    )


def _left(properties: Any) -> int | None:
    """Twips between the margin and the text."""
    inset = properties.find(qn("w:ind")) if properties is not None else None
    left = (inset.get(qn("w:left")) or inset.get(qn("w:start"))) if inset is not None else None
    return int(float(left)) if left else None


def _levels(document: Any) -> Iterator[tuple[tuple[str, int], Any]]:
    """(list, level) -> its definition."""
    try:
        part = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return
    abstract = {each.get(qn("w:abstractNumId")): each for each in part.findall(qn("w:abstractNum"))}
    for number in part.findall(qn("w:num")):
        of = number.find(qn("w:abstractNumId"))
        levels = abstract.get(of.get(qn("w:val"))) if of is not None else None
        for level in levels.findall(qn("w:lvl")) if levels is not None else ():
            yield (number.get(qn("w:numId")), int(level.get(qn("w:ilvl")))), level


def _format(level: Any) -> tuple[str, int]:
    """How the items of a level are marked, and the first number."""
    shown, start = level.find(qn("w:numFmt")), level.find(qn("w:start"))
    return (
        shown.get(qn("w:val")) if shown is not None else "bullet",
        int(start.get(qn("w:val"))) if start is not None else 1,
    )
