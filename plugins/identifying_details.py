"""Looks for what could tell who a child, a family or anybody else is, before answers are sent.

Nothing here decides: a place is marked for its writer, who may leave it as it is. So it marks too little rather than
too much. Each kind is a check of its own; settings, in config.toml:

    [plugins.identifying_details]
    without = ["postcode"]              # kinds that are not looked for
    words = ["Rose Court"]              # looked for on every board, beside the words in a board's settings
    boards.northshire = ["Ashdown"]     # looked for on that board

NHS numbers are told by their check digit, and by the package nhs-number, where it is installed (the extra `checks`),
also by the ranges that are given out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from scrqm_forms.hookspecs import Finding, TextCheck, hookimpl

try:
    from nhs_number import is_valid as _is_given_out
except ImportError:
    _is_given_out = None

__version__ = "1"

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)? +(?:of +)?)?{_MONTH},? +(?:19|20)\d\d"
    rf"|{_MONTH} +\d{{1,2}}(?:st|nd|rd|th)?,? +\d{{4}})"
)
_BIRTH = r"(?:born|d\.? ?o\.? ?b\b\.?|dates? of birth|birth ?dates?|birthdays?)"
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Rev|Reverend|Fr|Sir|Dame|Lady|Lord|Cllr|Councillor|Judge|Nurse"
    r"|Sgt|Sergeant|Insp|Inspector|PC|DC|DS|DI|DCI|WPC|Auntie|Aunty|Aunt|Uncle|Nanny)"
)
_NO_NAME = r"(?:Chancellor|Justice|Mayor|Advocate|Magistrate|Lieutenant|Commissioner)"
_PARTICLE = r"(?:(?:[Vv][ao]n|[Dd]e|[Dd]el|[Aa]l|[Ee]l)(?:[ -](?:de[nr]?|la))?[ -]|O['’]|Mc|Mac)"
#: A capital on its own counts: initials tell too.
_NAME = rf"(?:[A-Z]\.? ?){{0,3}}{_PARTICLE}?[A-Z][\w'’-]*"

#: Where postcodes begin: the areas of the Royal Mail.
AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
).replace(" ", "|")

NHS_NUMBER = re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])")
POSTCODE = re.compile(rf"(?<!\w)(?:(?:{AREAS})\d[\dA-HJKMNP-Y]? ?\d[ABD-HJLNP-UW-Z]{{2}}|GIR ?0AA)(?!\w)")
#: As typed in a hurry: then only with the space, and not "m1 1st".
LOWER_POSTCODE = re.compile(
    rf"(?<!\w)(?:{AREAS.lower()})\d[\da-hjkmnp-y]? \d(?!st|nd|rd|th)[abd-hjlnp-uw-z]{{2}}(?!\w)"
)
PHONE = re.compile(
    r"(?<![\w+/-])(?<!\d )(?!\d\d(?: \d\d){3})"  # not "01 02 03 04 05"
    r"(?:\+44 ?(?:\(0\) ?)?|0044 ?|\(?0)[1-9](?:[ ()-]{0,2}\d){8,9}(?![\w/-])"
    r"|(?<!\w)\+(?!44)[1-9](?:[ ()-]{0,2}\d){8,13}(?!\w)"
)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?!\w)")
BORN = re.compile(rf"(?i)(?<!\w){_BIRTH}[^\n.;!?]{{0,30}}?(?<![\w/-])(?P<found>{_DATE})(?![\w/-])")
DATE_THEN_BORN = re.compile(
    rf"(?i)(?<![\w/-])(?P<found>{_DATE})[ ,]{{0,2}}\(?(?:was |is |as |the |his |her |their ){{0,2}}{_BIRTH}(?!\w)"
)
TITLED_NAME = re.compile(
    rf"(?<!\w){_TITLE}\.?(?: (?:and|&) {_TITLE}\.?)? {{1,2}}(?!(?:{_TITLE}|{_NO_NAME})(?!\w)){_NAME}"
)
#: As typed in a hurry; "miss" and "dr" are words like others then.
LOWER_TITLED_NAME = re.compile(r"(?<!\w)mrs?\.? (?!and |or |was |is )[a-z][\w'’-]+")


@hookimpl
def register_text_checks(settings: Mapping[str, Any]) -> list[TextCheck]:
    """One check for each kind that the settings do not leave out."""
    without, everywhere = settings.get("without", []), settings.get("words", [])
    by_board = settings.get("boards", {})
    _check_settings(without, everywhere, by_board)

    def find_words(text: str, board: str, words: Sequence[str]) -> list[Finding]:
        return find_listed(text, (*words, *everywhere, *by_board.get(board, ())))

    checks = [TextCheck(key=key, label=label, find=find) for key, (label, find) in KINDS.items()]
    checks.append(TextCheck(key="listed-words", label="Words on the board's list", find=find_words))
    return [check for check in checks if check.key not in without]


def find_nhs_numbers(text: str) -> list[Finding]:
    found = (match for match in NHS_NUMBER.finditer(text) if is_nhs_number(re.sub(r"\D", "", match[0])))
    return _findings(found, "looks like an NHS number")


def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last is right (weights 10 to 2, modulo 11)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    if len(set(digits)) == 1 or rest == 10 or rest % 11 != int(digits[9]):
        return False
    return _is_given_out is None or bool(_is_given_out(digits))


def find_postcodes(text: str) -> list[Finding]:
    return _findings((*POSTCODE.finditer(text), *LOWER_POSTCODE.finditer(text)), "looks like a postcode")


def find_phone_numbers(text: str) -> list[Finding]:
    return _findings(PHONE.finditer(text), "looks like a telephone number")


def find_email_addresses(text: str) -> list[Finding]:
    return _findings(EMAIL.finditer(text), "looks like an e-mail address")


def find_dates_of_birth(text: str) -> list[Finding]:
    """Only where a word about birth stands beside the date: other dates are the review's."""
    return _findings((*BORN.finditer(text), *DATE_THEN_BORN.finditer(text)), "looks like a date of birth")


def find_titled_names(text: str) -> list[Finding]:
    return _findings((*TITLED_NAME.finditer(text), *LOWER_TITLED_NAME.finditer(text)), "looks like somebody's name")


def find_listed(text: str, words: Sequence[str]) -> list[Finding]:
    """Whole words, whatever their case; blanks between them may be line breaks."""
    wanted = {r"\s+".join(map(re.escape, word.split())) for word in words if word.strip()}
    if not wanted:
        return []
    pattern = rf"(?i)(?<!\w)(?:{'|'.join(sorted(wanted, key=len, reverse=True))})(?!\w)"
    return _findings(re.finditer(pattern, text), "is on the board's list of words to leave out")


#: Key -> (label, how it is found).
KINDS: dict[str, tuple[str, Callable[[str], list[Finding]]]] = {
    "nhs-number": ("NHS numbers", find_nhs_numbers),
    "postcode": ("Postcodes", find_postcodes),
    "phone": ("Telephone numbers", find_phone_numbers),
    "email": ("E-mail addresses", find_email_addresses),
    "date-of-birth": ("Dates of birth", find_dates_of_birth),
    "titled-name": ("Titles with names", find_titled_names),
}


def _findings(matches: Iterable[re.Match[str]], reason: str) -> list[Finding]:
    """Of each match the group `found`, or the whole."""
    return [Finding(start=start, end=end, reason=reason) for start, end in sorted(set(_places(matches)))]


def _places(matches: Iterable[re.Match[str]]) -> Iterator[tuple[int, int]]:
    for match in matches:
        yield match.span("found" if "found" in match.re.groupindex else 0)


def _check_settings(without: object, words: object, by_board: object) -> None:
    known = [*KINDS, "listed-words"]
    if not isinstance(without, list) or not set(without) <= set(known):
        raise ValueError(f"without: expected a list of some of {', '.join(known)}")
    lists = [words, *(by_board.values() if isinstance(by_board, dict) else [None])]
    if not all(isinstance(each, list) and all(isinstance(word, str) for word in each) for each in lists):
        raise ValueError('words: expected a list such as ["Rose Court"]; boards: such a list for each board\'s key')
