"""Which set a published document is of: by strong signs only. That a text mentions another kind of review is none."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import MarkerSet
from scrqm_forms.domain.published_headings import is_about_set, undress
from scrqm_forms.domain.published_letters import repair_letters
from scrqm_forms.domain.published_lines import ends_sentence
from scrqm_forms.domain.published_match import Known, find_titled
from scrqm_forms.domain.published_text import DraftMarker

#: Longer lines name no set.
_LABEL_LENGTH = 120
#: What may stand on the line of a label: "Kettles > SCR Quality Marker 8: Kettle care", "Kettle care (SCR Quality
#: Marker 8)"; and an abbreviation within it: "Serious Case Review (SCR) Quality Markers".
_BEFORE, _AFTER = r"(?:.*[>|»›–—-]\s*|.*[(\[](?=.*[)\]]\Z))?(?:the\s+)?", r"(?:\s*[|:<>«–—-].*|[)\]])?"
_SHORT = re.compile(r"\s\(\w{2,5}\)(?=\squality)", re.IGNORECASE)
_NUMBER = r"\s+\d{1,3}(?:\s+(?-i:[A-Z]).*)?"


class Candidate(Struct, frozen=True, kw_only=True):
    """A set that a document may be of, and what is known of its markers."""

    set: MarkerSet
    known: Sequence[Known]


class Sign(Struct, frozen=True):
    """What speaks for one set alone."""

    set_key: str
    #: As in a sentence: 'its title "Analysis"'.
    words: str
    #: The document names the set.
    is_label: bool = False


def name_set(keys: Iterable[str]) -> str:
    """What is asked for where a set has to be chosen; a page says in its own way where."""
    return f"name it with {' or '.join(f'--set {key}' for key in keys)}"


def find_signs(
    text: str, drafts: Sequence[DraftMarker], among: Sequence[Candidate], number: int | None = None
) -> list[Sign]:
    """The signs in a document, the strongest first; `number` is what somebody said of it.

    A line that begins with the set's name and a number outweighs all others; else signs for two sets leave it open.
    """
    text = repair_letters(text, [])  # a label may end with a blank that was misread
    if titled := _only_one(_labels(text, among, numbered=True)):
        return titled
    found = _only_one(_labels(text, among)) + _by_wording(drafts, among) + _by_audiences(drafts, among)
    for draft in drafts:
        found += _by_title(draft, draft.number or number, among)
    return found + _only_one(_by_count(text, among))


def strongest_sign(signs: Sequence[Sign]) -> Sign | None:
    """None where there is no sign, or signs speak for different sets."""
    return signs[0] if len({sign.set_key for sign in signs}) == 1 else None


def choose_set(sets: Mapping[str, MarkerSet], signs: Sequence[Sign], chosen: str | None) -> MarkerSet:
    """The set that was chosen or is shown; never a guess. Raises Refused."""
    if chosen:
        if chosen not in sets:
            raise Refused(f'Set: "{chosen}" is not one of {", ".join(sets)}.')
        return sets[chosen]
    if sign := strongest_sign(signs):
        return sets[sign.set_key]
    possible = {key: each.title for key, each in sets.items() if each.known_by}
    first = {sign.set_key: sign for sign in reversed(signs)}
    why = ", but ".join(f'by {sign.words} it looks like one of "{possible[key]}"' for key, sign in first.items())
    either = " or ".join(f'"{title}"' for title in possible.values())
    shown = f"{why[:1].upper()}{why[1:]}" if why else f"The document does not show which set it is of, {either}"
    raise Refused(f"{shown}; {name_set(possible)}.")


def warn_of_set(sets: Mapping[str, MarkerSet], signs: Sequence[Sign], chosen: str | None) -> list[str]:
    """How the set was told, where the document does not name it, and what speaks against one that was chosen."""
    sign = strongest_sign(signs)
    if sign is None or chosen == sign.set_key or (sign.is_label and not chosen):
        return []
    title = sets[sign.set_key].title
    if chosen:
        return [
            f'By {sign.words} the document looks like one of "{title}"; it was read as one of "{sets[chosen].title}".'
        ]
    others = [key for key, each in sets.items() if each.known_by and key != sign.set_key]
    return [
        f'The document does not name its set. By {sign.words} it was taken as one of "{title}"; '
        f"if it is of another set, {name_set(others)}."
    ]


def _only_one(signs: Sequence[Sign]) -> list[Sign]:
    sign = strongest_sign(signs)
    return [sign] if sign else []


def _labels(text: str, among: Sequence[Candidate], *, numbered: bool = False) -> list[Sign]:
    """Names of sets on lines of their own, or in the paragraph about the whole set."""
    rows = [_SHORT.sub("", undress(row)) for row in text.splitlines()]
    return [
        Sign(each.set.key, f'its label "{label}"', is_label=True)
        for each in among
        for label in each.set.known_by
        if any(_names(row, label, numbered=numbered) for row in rows)
    ]


def _names(row: str, label: str, *, numbered: bool) -> bool:
    """Whether `row` is a label or a title with one, and not a sentence that mentions it."""
    if not numbered and is_about_set(row) and label.casefold() in row.casefold():
        return True
    pattern = f"{re.escape(label)}{_NUMBER}" if numbered else f"{_BEFORE}{re.escape(label)}s?(?:{_NUMBER})?"
    may_be = len(row) < _LABEL_LENGTH and not ends_sentence(row)
    return may_be and re.fullmatch(pattern + _AFTER, row, re.IGNORECASE) is not None


def _by_wording(drafts: Sequence[DraftMarker], among: Sequence[Candidate]) -> list[Sign]:
    """What the review is called in titles, statements and questions: one name, or one much more often than others."""
    text = "\n".join("\n".join([draft.title or "", draft.statement, *draft.questions]) for draft in drafts)
    counts = {
        (each.set.key, words): len(re.findall(rf"\b{re.escape(words)}s?\b", text, re.IGNORECASE))
        for each in among
        for words in each.set.wording
    }
    totals = {each.set.key: sum(n for (key, _), n in counts.items() if key == each.set.key) for each in among}
    (most, key), *others = sorted(((n, key) for key, n in totals.items()), reverse=True)
    if not most or any(2 * n > most for n, _ in others):
        return []
    _, words = max((n, words) for (of, words), n in counts.items() if of == key)
    return [Sign(key, f'its words "{words}"')]


def _by_audiences(drafts: Sequence[DraftMarker], among: Sequence[Candidate]) -> list[Sign]:
    named = {audience for draft in drafts for audience in draft.audiences if audience}
    fitting = [each.set.key for each in among if named and named <= {role.key for role in each.set.roles}]
    return [Sign(key, "those whom its questions are put to") for key in fitting] if len(fitting) == 1 else []


def _by_title(draft: DraftMarker, number: int | None, among: Sequence[Candidate]) -> list[Sign]:
    """A title, a title with this number, or a number that only one set has."""
    titled = {each.set.key: found for each in among if (found := find_titled(draft, each.known))}
    if len(titled) == 1:
        return [Sign(key, f'its title "{found.titles[0]}"') for key, found in titled.items()]
    both = [key for key, found in titled.items() if found.number == number]
    if titled:
        return [Sign(key, f"its title with the number {number}") for key in both] if len(both) == 1 else []
    having = [each.set.key for each in among if number in [known.number for known in each.known]]
    return [Sign(key, f"its number {number}") for key in having] if len(having) == 1 else []


def _by_count(text: str, among: Sequence[Candidate]) -> list[Sign]:
    """ "This is one of a set of 18 Quality Markers"."""
    return [
        Sign(each.set.key, f'its words "{found[0]}"')
        for each in among
        if (found := re.search(rf"\b{len(each.known)}\s(\w+\s){{0,3}}quality markers", text, re.IGNORECASE))
    ]
