"""Find words in markers, whatever their case and accents. A word is found where a word of the text begins with it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from scrqm_forms.domain.reading import Passage, ReadMarker, passages_of

#: Letters; longer than what anybody types. What comes after them is not looked for.
LONGEST_QUERY = 200
_APOSTROPHES = dict.fromkeys("’‘ʼ＇", "'")

#: Text in order, each piece with whether it was found.
Pieces = tuple[tuple[str, bool], ...]


class FoundPassage(Struct, frozen=True, kw_only=True):
    passage: Passage
    pieces: Pieces


class Found(Struct, frozen=True, kw_only=True):
    """A marker that has all the words, and where they are."""

    marker: ReadMarker
    title: Pieces
    #: Those with all the words, if there are any; otherwise those with any of them. The title is not among them.
    passages: tuple[FoundPassage, ...]


def words_of(query: str) -> tuple[str, ...]:
    """The words to look for, folded, each once; marks at their ends are left out."""
    words = (re.sub(r"^\W+|\W+$", "", fold(word)) for word in query[:LONGEST_QUERY].split())
    return tuple(dict.fromkeys(word for word in words if word))


def search_markers(markers: Iterable[ReadMarker], words: Sequence[str]) -> list[Found]:
    """The markers in which every word occurs, in their order."""
    found = []
    for marker in markers:
        passages = _search_passages(marker, words)
        if set(words) <= {word for _, here in passages for word in here}:
            together = [passage for passage, here in passages if len(here) == len(words)]
            shown = together or [passage for passage, here in passages if here]
            found.append(_found(marker, shown, words))
    return found


def count_each_word(markers: Iterable[ReadMarker], words: Sequence[str]) -> dict[str, int]:
    """Word -> in how many of the markers it occurs."""
    counts = dict.fromkeys(words, 0)
    for marker in markers:
        for word in {word for _, here in _search_passages(marker, words) for word in here}:
            counts[word] += 1
    return counts


def mark_words(text: str, words: Sequence[str]) -> Pieces:
    """The text in pieces: put together they are the text to the letter."""
    folded, origins = _fold_with_origins(text)
    pieces: list[tuple[str, bool]] = []
    done = 0
    for match in _pattern(tuple(words)).finditer(folded):
        begin, end = max(done, origins[match.start()]), origins[match.end() - 1] + 1
        while end < len(text) and not _fold_letter(text[end]):
            end += 1
        pieces += [(text[done:begin], False), (text[begin:end], True)]
        done = end
    return tuple(piece for piece in (*pieces, (text[done:], False)) if piece[0])


def fold(text: str) -> str:
    """Without case and accents; a curly apostrophe straight."""
    return "".join(map(_fold_letter, text))


def _found(marker: ReadMarker, passages: Sequence[Passage], words: Sequence[str]) -> Found:
    return Found(
        marker=marker,
        title=mark_words(marker.asked.title, words),
        passages=tuple(
            FoundPassage(passage=passage, pieces=mark_words(passage.text, words))
            for passage in _each_question_once(passages)
            if passage.section != "title"
        ),
    )


def _each_question_once(passages: Sequence[Passage]) -> list[Passage]:
    """Without the looking-back wording of a question whose other wording is there already."""
    asked = {passage.anchor for passage in passages if passage.section == "question"}
    return [passage for passage in passages if passage.section != "reflect" or passage.anchor not in asked]


def _search_passages(marker: ReadMarker, words: Sequence[str]) -> list[tuple[Passage, set[str]]]:
    """Every passage, with those of the words that occur in it."""
    return [(passage, _words_in(passage.text, words)) for passage in passages_of(marker)]


def _words_in(text: str, words: Sequence[str]) -> set[str]:
    folded = _folded(text)
    return {word for word in words if word in folded and _pattern((word,)).search(folded)}


@lru_cache(maxsize=5000)
def _folded(text: str) -> str:
    """Remembered for texts of markers, which are searched again and again."""
    return fold(text)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Longest first, so that of "plan" and "planning" the longer is marked. No words: never found."""
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{choices})" if words else r"(?!)")


@lru_cache(maxsize=5000)
def _fold_letter(letter: str) -> str:
    """Often one letter, sometimes none (an accent of its own) or several (ß)."""
    letter = _APOSTROPHES.get(letter, letter)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def _fold_with_origins(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each letter of it the place of the one that it comes from."""
    folded = [(each, n) for n, letter in enumerate(text) for each in _fold_letter(letter)]
    return "".join(each for each, _ in folded), [n for _, n in folded]
