"""Which marker of its set a published document holds, where it does not say so in so many words."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from scrqm_forms.domain.marker import Marker, MarkerSet
from scrqm_forms.domain.published_text import DraftMarker
from scrqm_forms.domain.published_wraps import plain_title

#: What is asked for where it is not certain which marker it is; a page says in its own way where.
NAME_NUMBER = "name its number with --number"
_WORD = re.compile(r"[a-z]{4,}")
#: A match by words is one only if it is this near, and so much nearer than the next; tried on the published pages.
_NEAR, _AHEAD = 0.25, 1.35
#: Titles that share so much are one that was changed a little.
_ALIKE = 0.6


class Known(Struct, frozen=True, kw_only=True):
    """A marker of the set as far as it is known."""

    number: int
    titles: tuple[str, ...]
    #: Its statement, rationale and questions; empty for one that is known by its title only.
    words: str = ""


class Match(Struct, frozen=True):
    """The marker that a document was taken for."""

    number: int
    #: How it was told, where the document gives no number; empty where it does.
    warning: str = ""


def known_markers(marker_set: MarkerSet, markers: Iterable[Marker]) -> list[Known]:
    """What is known of the set: its outline, and the markers themselves."""
    known = {
        entry.number: Known(number=entry.number, titles=(entry.title, *entry.also)) for entry in marker_set.outline
    }
    for marker in markers:
        titles = known[marker.number].titles if marker.number in known else ()
        asks = [question.ask for question in marker.questions]
        words = " ".join([marker.title, marker.statement, marker.rationale or "", *asks])
        known[marker.number] = Known(number=marker.number, titles=(*titles, marker.title), words=words)
    return sorted(known.values(), key=lambda each: each.number)


def match_marker(draft: DraftMarker, known: Sequence[Known]) -> Match | None:
    """The marker that `draft` says it is or, named in a warning, the one that its title or its words show it to be."""
    titled = _by_title(draft.title, known)
    if draft.number:
        return Match(draft.number, _doubt(draft, titled, known))
    if titled := find_titled(draft, known):
        return Match(titled.number, f"The document gives no number; by its title it is marker {titled.number}.")
    if nearest := _nearest(draft, known):
        name = f"marker {nearest.number}, {nearest.titles[0]}"
        return Match(
            nearest.number,
            f"The document gives no number and no title of the set; by its words it was taken for {name}. "
            f"If it is another one, {NAME_NUMBER}.",
        )
    return None


def settle_title(draft: DraftMarker, number: int, known: Sequence[Known]) -> tuple[str, list[str]]:
    """The title that a marker of this number gets, and what to look at.

    It is the document's as it stands; but a line without a number that is nothing like the set's title may be no title.
    """
    titles = next((each.titles for each in known if each.number == number), ())
    if not titles:
        last = max((each.number for each in known), default=0)
        beyond = [f"The set has no marker {number}, only 1 to {last}; check the number."] if last > 1 else []
        return draft.title or f"Marker {number}", beyond
    if draft.title is None or draft.number:
        return draft.title or titles[0], []
    alike = max(SequenceMatcher(None, plain_title(draft.title), plain_title(title)).ratio() for title in titles)
    if alike == 1:
        return titles[0] if plain_title(draft.title) == plain_title(titles[0]) else draft.title, []
    both = f'The document has the title "{draft.title}", the set "{titles[0]}"'
    if alike >= _ALIKE:
        return draft.title, [f"{both}; the document's was kept."]
    return titles[0], [f"{both}; the set's was taken."]


def find_titled(draft: DraftMarker, known: Sequence[Known]) -> Known | None:
    """The marker whose title `draft` has or, where that is none of the set's, a single line above its text."""
    if titled := _by_title(draft.title, known):
        return titled
    among = {each.number: each for line in draft.above if (each := _by_title(line, known))}
    return next(iter(among.values())) if len(among) == 1 else None


def _doubt(draft: DraftMarker, titled: Known | None, known: Sequence[Known]) -> str:
    if titled is None or titled.number == draft.number:
        return ""
    return (
        f'The document calls itself marker {draft.number}, but "{draft.title}" is the title of marker {titled.number}.'
    )


def _by_title(title: str | None, known: Sequence[Known]) -> Known | None:
    wanted = plain_title(title or "")
    found = [each for each in known if wanted and wanted in map(plain_title, each.titles)]
    return found[0] if len(found) == 1 else None


def _nearest(draft: DraftMarker, known: Sequence[Known]) -> Known | None:
    """The marker whose words are nearest; words that many markers have count for little."""
    documents = {each.number: _count_words(each.words) for each in known if each.words}
    rare = Counter(word for words in documents.values() for word in words)
    weights = {word: math.log((1 + len(documents)) / count) for word, count in rare.items()}
    own = _count_words(" ".join([draft.statement, draft.statement, draft.rationale, *draft.questions]))
    scores = sorted(((_likeness(own, words, weights), number) for number, words in documents.items()), reverse=True)
    if len(scores) < 2 or scores[0][0] < _NEAR or scores[0][0] < _AHEAD * scores[1][0]:
        return None
    return next(each for each in known if each.number == scores[0][1])


def _count_words(text: str) -> Counter[str]:
    """Words by their first six letters, so that "referral" and "referred" are alike."""
    return Counter(word[:6] for word in _WORD.findall(text.casefold()))


def _likeness(one: Mapping[str, int], other: Mapping[str, int], weights: Mapping[str, float]) -> float:
    def weigh(words: Mapping[str, int]) -> dict[str, float]:
        return {word: (1 + math.log(count)) * weights[word] for word, count in words.items() if word in weights}

    first, second = weigh(one), weigh(other)
    dot = sum(weight * second.get(word, 0.0) for word, weight in first.items())
    norm = math.sqrt(sum(w * w for w in first.values()) * sum(w * w for w in second.values()))
    return dot / norm if norm else 0.0
