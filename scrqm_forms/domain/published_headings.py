"""What a line of a published marker document can be told by: headings, audiences, and the words around a text.

Lines are compared levelled: one kind of blank, lower case, "and" for "&", no colon at the end.
"""

import re

from scrqm_forms.domain.published_marks import MARK

#: What each heading reads like. Only one may end with a question mark: a wrapped line can well be "rationale?".
HEADINGS = {
    "statement": re.compile(r"quality statement"),
    "rationale": re.compile(r"rationale"),
    "questions": re.compile(
        r"how might you know( (if|whether|that|when) you [^?]{1,60}marker)?\??|questions to consider( for)?"
    ),
    "knowledge": re.compile(r"knowledge base"),
    "equality": re.compile(r"equality and diversity"),
    "guidance": re.compile(r"links? to statutory guidance( and inspection criteria)?"),
    "obstacles": re.compile(r"tackling (some )?common obstacles"),
}

#: Shorter or longer names that copies give them. In small letters they may well be a line of a sentence.
_OTHER_NAMES = {
    "knowledge": re.compile(r"(the )?(evidence|knowledge) base"),
    "equality": re.compile(r"equality,? (and )?diversity(,? and inclusion)?( issues)?|equalities"),
    "guidance": re.compile(
        r"(links? (to|with) )?(relevant )?statutory (guidance|requirements)(,? (and )?inspection criteria)?"
    ),
    "obstacles": re.compile(r"(tackling )?(some )?common obstacles"),
}

#: What copies make of the heading of the questions; a sentence or a question can begin like it.
_KNOWS = r"how (?:might|will|would|do|does|can|could|should) (?:you|we|one) (?:know|tell)"
_MARKER = r"(?:(?:marker|qm ?\d{0,2}|standard)s?|(?:this|it) (?:is|was|has been) (?:being )?(?:met|achieved))\b"
_ASKS_HOW = re.compile(
    rf"{_KNOWS}(?: (?:if|whether|that|when|you|we)\b[^?]{{0,80}}\b{_MARKER}[^?:]{{0,25}})? ?\??(?: ?\([^()]{{1,30}}\))?"
)
_MAY_ASK = re.compile(rf"{_KNOWS}\b[^.?:]{{0,120}}\??(?: ?\([^()]{{1,30}}\))?")
#: The same with the first question on its line.
_ASKS_AND_GOES_ON = re.compile(
    rf"({_KNOWS} (?:if|whether|that|when|you|we)\b[^?]{{0,80}}\b{_MARKER}[^?:]{{0,25}}\?(?: ?\([^()]{{1,30}}\))?)"
    r"\s+(?=[^\s(])(.+)",
    re.IGNORECASE,
)

#: What else people write above the questions.
_SEEMS_TO_ASK = re.compile(
    r"(?:\d{1,2}[.)] )?(?:(?:the |key |some |reflective |prompt )*(?:questions|prompts)\b[^.?]{0,60}"
    r"|how\b[^.]{0,60}\bknow\b.{0,80}"
    r"|.{0,60}\bmeeting (?:this|the) (?:quality )?marker.{0,40})\Z"
)

#: The headings in full, for those that are broken off.
_IN_FULL = {
    "statement": "quality statement",
    "questions": "how might you know if you are meeting this quality marker",
    "knowledge": "knowledge base",
    "equality": "equality and diversity",
    "guidance": "link to statutory guidance and inspection criteria",
    "obstacles": "tackling some common obstacles",
}

#: Whom the questions of a marker for adults' reviews are put to; the keys are the roles of that set.
AUDIENCES = {
    "accountable": "those ultimately accountable",
    "delegated": "those with delegated responsibility",
    "conducting": "those conducting the review",
    "supporting": "those providing practical support",
}
#: Signs of Markdown, quotes and table lines around a row, and the number or letter before a heading.
#: Both are matched from their end of the row inwards: searched for, the second would take a time that grows with the
#: square of a row's blanks.
_DRESS_BEFORE = re.compile(r"(#{1,6}\s+|[*_](?=\S)|[\"“‘'|]\s*)*")
_DRESS_BEHIND = re.compile(r"(#{1,6}\s+|[*_](?=\S)|[\"”’'|]\s*)*")
_HEADING_NUMBER = re.compile(r"\(?(\d{1,2}|[a-h])[.)]\s+")
_UNFOLDS = re.compile(r"(open|close|show|hide|expand|collapse|[+>▸▾–-])\s+")
#: What opens and shuts a section of a web page, in words (an item's mark may stand before them) or as a sign.
_UNFOLDS_IN_WORDS = re.compile(r"(?:\W\s*)?(?:Open|Close|Show|Hide|Expand|Collapse|OPEN|CLOSE|SHOW|HIDE)\s+(?=[A-Z])")
_UNFOLDS_BELOW = re.compile(r",?\s+(?:Open|Close|Show|Hide|Expand|Collapse)(?: (?:this )?section)?\Z")
_UNFOLDS_BY_SIGN = re.compile(r"[▸▾▹▿▶▼►▽◂◄+−]\s*")

_ABOUT_SET = re.compile(
    r"this is one of (a|the) (set|series) of .{0,40}quality markers"
    r"|the (\w+ ){0,3}quality markers (were|have been) (produced|developed)"
    r"|(18|eighteen|15|fifteen) (\w+ ){0,3}quality markers have been developed"
)

#: Whole lines that web pages, browsers and printed pages put around a text.
_PAGE_WORDS = re.compile(
    r"(skip|jump) to( the)?( main)? (content|navigation)\.?"
    r"|((go )?back|return) to( the)? (top|list|overview|quality markers?)( of (the )?page)?"
    r"|top of (the )?page|(to the )?top|(this (web ?)?site|we) uses? cookies\b.{0,160}"
    r"|(print|e-?mail|share|bookmark|save|download)( this)?( page| article| as pdf)?"
    r"|(share|tweet|post|follow us)( this)?( page)?( (on|via|by)|:) [\w /,-]{1,40}"
    r"|twitter|facebook|linkedin|whatsapp|youtube|instagram"
    r"|home|menu|main menu|search|log ?in|sign in|log ?out|register|feedback|close|contact us|about us|my ?scie"
    r"|open|show|hide|expand|collapse|(open|close|show|hide|expand|collapse) (all|menu|(this |all )?sections?)"
    r"|([<«‹←⟵] ?)?(next|previous|prev|back)( (page|marker|section|quality marker))?( ?[>»›→⟶])?"
    r"|([<«‹←⟵] ?)?(next|previous|prev)( (page|marker|section|quality marker))? ?[:>»›→⟶|] ?.{1,90}"
    r"|[<«‹←⟵] ?.{1,60}|.{1,60} ?[»›→⟶]"
    r"|you are here:?.{0,120}|caption: .{0,120}"
    r"|[^.?!]{2,50}( ?[>»›→] ?[^.?!>»›→]{2,60}){2,}|[^.?!]{2,50} [>»›] [^.?!>»›]{2,60}|home( ?[/|:] ?[^.?!]{2,60}){1,}"
    r"|(page )?\d{1,3}( ?(of|/) ?\d{1,3})?|\d{1,3}(\.\d{1,3})?[.)]|page \d{1,3} ?\| ?.{1,60}|- ?\d{1,3} ?-"
    r"|\d{1,2}/\d{1,2}/\d{2,4}(, \d{1,2}:\d\d( ?[ap]m)?)?.{0,90}"
    r"|(https?://|www\.)\S+( \d{1,3}/\d{1,3})?"
    r"|(last (updated|modified|reviewed)|page (updated|published)|first published)\b.{0,60}"
    r"|(no|ref|yes|questions?|met|partly met|not met|comments?|evidence|actions?|rating|rag|score|tick|n/a)[.?]?"
    r"|(yes ?/ ?no|y ?/ ?n)( ?/ ?[\w/]{2,12}){0,2}"
    r"|(home|print|e-?mail|share|about us|contact us|my ?scie)( ?\| ?[\w -]{3,20})+"
    r"|registered charity (no|number)?\b.{0,60}|company (registration )?(no|number)\b.{0,40}"
    r"|(privacy|cookies?|accessibility|copyright|terms)( (policy|statement|notice|settings|and conditions))?"
    r"|(accept|reject)( all)?( cookies)?|(©|\(c\) ?(copyright|\d{4}|scie|nspcc|social)|copyright ©).{0,120}"
    r"|all rights reserved.{0,60}"
)

#: Between several of them on one line.
_SIDE_BY_SIDE = re.compile(r" [|/•·] ")

#: What opens the words below a text: nothing after it belongs to the marker.
_ENDING = re.compile(
    r"all scie resources are free|available downloads?\b|related (pages?|links?|content|resources?|documents?)\b"
    r"|please cite (this )?as\b"
    r"|for more (information|about the quality markers),? (see|visit|go to) (www|http|nspcc|scie)"
    r"|for safeguarding training\b|(download|view) the (full|overview|complete)\b|view quality marker \d"
    r"|other quality markers|more quality markers|in this section|sign up (to|for)\b|was this (page )?(useful|helpful)"
    r"|(copyright )?© ?(scie|social|nspcc|\d{4})|published by\b.{0,60}(scie|nspcc|social care institute)"
)

#: A line that names the family of markers and no single one.
_SET_NAME = re.compile(r"((the )?[\w’']+ ){0,5}(review|scr|sar|reviews)?( \([a-z]+\))? ?quality markers")

#: Longer lines are no headings.
_HEADING_LENGTH = 200


def level_words(row: str) -> str:
    """`row` levelled for comparison."""
    return " ".join(row.replace("&", " and ").split()).casefold().rstrip(": ")


def undress(row: str) -> str:
    """`row` without the signs that stand for its look."""
    bare = row.strip()
    for dress in (_DRESS_BEFORE, _DRESS_BEHIND):
        found = dress.match(bare)
        bare = bare[found.end() if found else 0 :][::-1]
    return bare.strip()


def find_heading(row: str) -> str | None:
    """Which heading `row` is: a key of HEADINGS."""
    if not 8 < len(row) < _HEADING_LENGTH:
        return None
    shown = _UNFOLDS_IN_WORDS.sub("", row.strip(), count=1) if _UNFOLDS_IN_WORDS.match(row.strip()) else row
    key = level_words(_UNFOLDS_BELOW.sub("", undress(shown), count=1))
    key = _HEADING_NUMBER.sub("", key, count=1) if _HEADING_NUMBER.match(key) else key
    named = [*HEADINGS.items(), *(_OTHER_NAMES.items() if _begins_large(row) else ())]
    return next((name for name, pattern in named if pattern.fullmatch(key)), None)


def is_other_name(row: str) -> bool:
    """Whether the heading `row` is a name that copies give it, which sentences have in them too."""
    key = level_words(undress(row))
    return not any(pattern.fullmatch(key) for pattern in HEADINGS.values()) and any(
        pattern.fullmatch(key) for pattern in _OTHER_NAMES.values()
    )


def find_folded_heading(row: str, *, asked: bool) -> str | None:
    """Which heading `row` is behind the sign that opens its section; `asked`: it stands below the questions.

    There an item's mark may stand before it too. Above, "- Equality and diversity" is an item of the rationale.
    """
    bare = row.strip()
    if bare[:1].isalpha() or not 8 < len(bare) < _HEADING_LENGTH:
        return None
    mark = _UNFOLDS_BY_SIGN.match(bare) or (MARK.match(bare) if asked else None)
    shown = bare[mark.end() :].strip() if mark else ""
    if not shown[:1].isupper():
        return None
    key = level_words(undress(shown))
    found = next((name for name, pattern in HEADINGS.items() if pattern.fullmatch(key)), None)
    return found if (found in ("knowledge", "equality", "guidance", "obstacles")) == asked else None


def asks_how(row: str) -> bool:
    """Whether `row` is the heading of the questions in other words: "How will you know if QM6 is met? (tick)"."""
    bare = undress(row)
    return 8 < len(bare) < _HEADING_LENGTH and bare[0] == "H" and _ASKS_HOW.fullmatch(level_words(bare)) is not None


def may_ask(row: str) -> bool:
    """Whether `row` begins like the heading of the questions and is one sentence: what stands below must show it."""
    bare = undress(row)
    return 8 < len(bare) < _HEADING_LENGTH and bare[0] == "H" and _MAY_ASK.fullmatch(level_words(bare)) is not None


def part_asking_heading(row: str) -> tuple[str, str] | None:
    """The heading of the questions and what stands below it, where both are on one row.

    A sentence of the rationale may begin alike: below the heading stands a question, an item, or a broken line.
    """
    match = _ASKS_AND_GOES_ON.fullmatch(row) if row[:1] == "H" else None
    if match is None or not ("?" in match[2] or MARK.match(match[2]) or not match[2].endswith((".", "!", ":"))):
        return None
    return match[1], match[2]


def seems_to_ask(row: str) -> bool:
    """Whether `row` may be meant as the heading of the questions, though it does not read like it."""
    key = level_words(undress(row)) if len(row) < _HEADING_LENGTH else ""
    return _SEEMS_TO_ASK.match(key) is not None and find_heading(row) != "questions"


def _begins_large(row: str) -> bool:
    """Whether the first letter of `row` is a capital."""
    return next((letter.isupper() for letter in row if letter.isalpha()), False)


def begins_heading(row: str, least_words: int) -> str | None:
    """Which heading `row` begins and breaks off, with at least so many words of it."""
    key = level_words(row)
    if len(key) < 5 or len(key.split()) < least_words or not row.strip()[:1].isupper():
        return None
    return next((name for name, full in _IN_FULL.items() if full.startswith(key) and full != key), None)


def find_audience(row: str) -> str | None:
    """Whom the questions below `row` are for: a key of AUDIENCES, where it names an audience."""
    key = level_words(undress(row)) if len(row) < _HEADING_LENGTH else ""
    key = _UNFOLDS.sub("", key, count=1) if _UNFOLDS.match(key) else key
    if key.endswith(("?", ".")):
        return None
    return next((name for name, words in AUDIENCES.items() if key.removeprefix("for ").startswith(words)), None)


def is_about_set(row: str) -> bool:
    """Whether a paragraph about the whole set of markers begins on `row`."""
    return _ABOUT_SET.match(level_words(row)) is not None


def is_page_words(row: str) -> bool:
    """Whether all of `row` is what pages put around a text; a wrapped line seldom begins with a capital letter."""
    bare = row.strip().strip("[]↑▲⇧^ ")
    if bare[:1].islower() and not bare.startswith(("http", "www.", "page ")):
        return False
    words = level_words(bare)
    if not 0 < len(bare) < _HEADING_LENGTH:
        return False
    return _PAGE_WORDS.fullmatch(words) is not None or all(map(_PAGE_WORDS.fullmatch, _SIDE_BY_SIDE.split(words)))


def is_ending(row: str) -> bool:
    """Whether what stands from `row` on is no part of a marker."""
    return _ENDING.match(level_words(row[:_HEADING_LENGTH])) is not None


def is_set_name(row: str) -> bool:
    """Whether `row` names the family of markers: "Serious Case Review Quality Markers"."""
    return len(row) < 90 and _SET_NAME.fullmatch(level_words(row)) is not None
