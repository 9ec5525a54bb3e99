"""Links at the foot of a copied web page, which look like items of the list above them."""

import re
from collections.abc import Sequence
from itertools import dropwhile, groupby

from scrqm_forms.domain.published_headings import is_ending, level_words
from scrqm_forms.domain.published_lines import Line

_SERVICES = (
    r"twitter|x|x \(formerly twitter\)|facebook|linked ?in|whats ?app|you ?tube|instagram|threads|bluesky|mastodon"
    r"|tik ?tok|pinterest|reddit|telegram|messenger|snapchat|flickr|vimeo|e-?mail|print|copy( the)? link|rss( feeds?)?"
)
#: Whole lines; an item of a marker is a sentence.
_LINK = re.compile(
    rf"(?:(?:share|tweet|post|follow us|send|find us)(?: this)?(?: page)? (?:on|via|by|to|with) )?(?:{_SERVICES})"
    r"|(?:share|tweet|print|e-?mail)(?: this)?(?: page)?|follow us|(?:connect|keep in touch) with us"
    r"|(?:quick|useful|legal) links|legal|footer"
    r"|(?:privacy|cookies?|accessibility|copyright|legal|terms|disclaimer|modern slavery)"
    r"(?: (?:policy|statement|notice|settings|preferences|information|of use|(?:and|&) conditions|(?:and|&) cookies))?"
    r"|terms|conditions of use|site ?map|about(?: us| scie| this site)?|contact(?: us| scie)?|help|news|careers|jobs"
    r"|vacancies|media|press|complaints|feedback|home|log ?in|sign in|register|search|newsletter|subscribe|faqs?|events"
    r"|(?:©|\(c\)|copyright\b).{0,120}|all rights reserved"
)
_LONGEST = 140
#: So many of them show what they are, whatever stands above.
_SEVERAL = 2


def find_footer_links(lines: Sequence[Line]) -> set[int]:
    """Which of a marker's lines are links at its end or below that, or below a line of navigation among its lists."""
    end = next((n for n, line in enumerate(lines) if line.about_set or is_ending(line.whole)), len(lines))
    asked = next((n for n, line in enumerate(lines) if line.heading == "questions"), end)
    runs = groupby(range(asked + 1, end), key=lambda n: lines[n].page_words or _is_link(lines[n]))
    below = {n for n in range(end, len(lines)) if _is_link(lines[n])}
    return below | {n for is_run, places in runs if is_run for n in _links(lines, [*places], end)}


def _links(lines: Sequence[Line], run: Sequence[int], end: int) -> Sequence[int]:
    """The links in a run of them: one is enough at the end below a line of navigation, elsewhere it takes several."""
    below = [*dropwhile(lambda n: not _navigates(lines[n]), run)]
    at_end = run[-1] == end - 1
    for places, least in [(run if at_end else below, _SEVERAL), (below if at_end else (), 1)]:
        links = [n for n in places if not lines[n].page_words]
        if len(links) >= least:
            return links
    return ()


def _is_link(line: Line) -> bool:
    return len(line.text) < _LONGEST and _LINK.fullmatch(level_words(line.text)) is not None


def _navigates(line: Line) -> bool:
    """Whether it is of a page, and no number of one."""
    return line.page_words and any(letter.isalpha() for letter in line.whole)
