"""Paragraphs of a published marker document: which of its lines belong together.

Copies break lines at any width and lose the blank lines between paragraphs; what tells is where a sentence ends, where
the next line begins with a small letter, and whether its first word had room in the line above.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from scrqm_forms.domain.published_lines import Line, Paragraph, ends_sentence

#: A word that goes on in the next line, or has a hyphen there.
_STRUCK = re.compile(r"[^\W\d_]/$")
_PARTED = re.compile(r"[^\W\d_]-\Z")
#: No sentence ends with it.
_CALLS_FOR_MORE = re.compile(
    r"(?:[,(–—-]|\b(?:a|an|and|any|are|as|at|by|each|for|from|has|have|in|into|is|its|no|of|on|or|our|such|than|that|the"
    r"|their|this|those|to|under|was|were|where|which|who|whose|with|within))\Z",
    re.IGNORECASE,
)
#: Lines that were broken to fit a page are no longer than so many letters, and filled to this part of the longest.
_PAGE_WIDTH, _FULL = 130, 0.85


def form_paragraphs(lines: Iterable[Line], continues: Callable[[Sequence[Line], Line], bool]) -> list[Paragraph]:
    """`lines` grouped; `continues` says whether a line goes on with the group before it."""
    groups: list[list[Line]] = []
    for line in lines:
        anew = line.item or line.after_blank or line.about_set
        if groups and not anew and continues(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group) for group in groups]


def continues_item(group: Sequence[Line], line: Line) -> bool:
    """In a list, whatever follows an item without a blank line belongs to it."""
    return group[0].item or continues_sentence(group, line)


def continues_sentence(group: Sequence[Line], line: Line) -> bool:
    """In running text a line goes on where the sentence before it has not ended."""
    return not ends_sentence(group[-1].text, ".?!:;") or line.text[:1].islower()


def continues_text(lines: Sequence[Line]) -> Callable[[Sequence[Line], Line], bool]:
    """The rule for running text whose lines are `lines`.

    Where lines were broken at a width, one goes on with the line before it if that had no room for its first word.
    Else each line is a paragraph, unless the sentence before it has not ended. Lines without a capital after a colon,
    where there was room, are a list that lost its marks.
    """
    width = max((len(line.whole) for line in lines), default=0)
    broken = width <= _PAGE_WIDTH and any(_is_broken_off(*pair) for pair in pairwise(lines))
    listed = _listed_without_marks(lines, width)

    def goes_on(group: Sequence[Line], line: Line) -> bool:
        small, in_list = _is_small(line), group[0].item or id(group[0]) in listed
        if broken and not small:
            ended = in_list or ends_sentence(group[-1].text, ".?!:;")
            return not (ended and _had_room(group[-1], line, width))
        return id(line) not in listed and continues_sentence(group, line) and (small or not in_list)

    return goes_on


def calls_for_more(text: str) -> bool:
    """Whether no sentence can end with the last word of `text`."""
    return _CALLS_FOR_MORE.search(text[-20:]) is not None


def continues_block(group: Sequence[Line], line: Line) -> bool:
    """Only a blank line parts paragraphs."""
    return True


def _is_broken_off(above: Line, line: Line) -> bool:
    """Whether `line` goes on in the middle of a sentence."""
    return _begins_small(line) and not ends_sentence(above.text, ".?!:;")


def _begins_small(line: Line) -> bool:
    return not (line.item or line.after_blank) and _is_small(line)


def _is_small(line: Line) -> bool:
    """Whether `line` begins as no sentence does."""
    return line.text[:1].islower() or line.text[:1] in ("–", "—", "-", "(", "&")


def _is_listed_first(above: Line, line: Line) -> bool:
    return above.text.endswith(":") and not line.item and line.text[:1].islower()


def _had_room(above: Line, line: Line, width: int) -> bool:
    """Whether the first word of `line` would have stood in the line above it."""
    return len(above.whole) + len(line.whole.split()[0]) < _FULL * width


def _listed_without_marks(lines: Sequence[Line], width: int) -> set[int]:
    """Which lines, by their identity, stand below a colon one after the other, though there was room beside them."""
    listed: set[int] = set()
    run: list[Line] = []
    for above, line in [*pairwise(lines), (None, None)]:
        if above and line and (_begins_small(line) if run else _is_listed_first(above, line)):
            run.append(line)
            continue
        if any(_had_room(one, other, width) for one, other in pairwise(run)):
            listed.update(map(id, run))
        run = []
    return listed


def _may_stand_apart(group: Sequence[Line]) -> bool:
    """Whether a line in `group` begins anew where there was room above or, in an item, after a whole sentence."""
    width = max(len(line.whole) for line in group)
    return any(
        not (_is_small(line) or calls_for_more(above.text))
        and (_had_room(above, line, width) or (group[0].item and ends_sentence(above.text)))
        for above, line in pairwise(group)
    )


def _paragraph(group: Sequence[Line]) -> Paragraph:
    first, *rest = group
    # "findings/" and "recommendations" are one: nobody writes a blank behind a stroke that has none before it.
    blanks = ("" if _STRUCK.search(above.text) else " " for above in group)
    tail = "".join(f"{blank}{line.text}" for blank, line in zip(blanks, rest, strict=False))
    return Paragraph(
        text=first.text + tail,
        whole=first.whole + tail,
        item=first.item,
        joined=_may_stand_apart(group),
        may_be_several=any(ends_sentence(above.text) and not _is_small(line) for above, line in pairwise(group)),
        hyphened=any(_PARTED.search(line.text) for line in group[:-1]),
        about_set=first.about_set,
        mark=first.mark,
        indent=first.indent,
        subheading=first.subheading,
    )
