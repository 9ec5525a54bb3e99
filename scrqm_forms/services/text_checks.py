"""What plugins' checks find in free text. Nothing found is stored or logged, and none of the text ever is."""

import time
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.domain.finding import Finding, find_faults
from scrqm_forms.domain.review import Board
from scrqm_forms.hookspecs import TextCheck
from scrqm_forms.plugin_host.checking import find_arguments
from scrqm_forms.services.context import Context
from scrqm_forms.services.plugin_faults import note_fault

K = TypeVar("K", bound=Hashable)

#: Seconds that one check may take for all texts of a page; then it is left out for the rest of them.
LONGEST = 1.0


def find_in_texts(context: Context, board: Board, texts: Mapping[K, str]) -> dict[K, list[Finding]]:
    """What all checks find, by the keys of `texts`; those in which nothing is found are left out.

    A check that raises, returns nonsense or is slow costs what it would have found from there on, and is named on the
    Plugins page.
    """
    found: dict[K, list[Finding]] = {}
    for check in context.plugins.text_checks.values():
        for key, findings in _run(context, board, check, texts):
            found.setdefault(key, []).extend(findings)
    return found


def _run(context: Context, board: Board, check: TextCheck, texts: Mapping[K, str]) -> Iterator[tuple[K, list[Finding]]]:
    start = time.monotonic()
    for key, text in texts.items():
        try:
            findings = call_find(check, text, board.key, board.own_words)
        except (Exception, SystemExit) as error:
            note_fault(context, "register_text_checks", f"text check {check.key}", error)
            return
        if findings:
            yield key, findings
        if time.monotonic() - start > LONGEST:
            slow = ScrqmFormsError(f"took more than {LONGEST:g} seconds for the texts of one page")
            note_fault(context, "register_text_checks", f"text check {check.key}", slow)
            return


def call_find(check: TextCheck, text: str, board: str, words: tuple[str, ...]) -> list[Finding]:
    """What the check finds in one text. Raises what it raises, and ScrqmFormsError for what cannot be findings."""
    given = {"text": text, "board": board, "words": words}
    found = check.find(**{name: given[name] for name in find_arguments(check.find)})
    if fault := find_faults(found, text):
        raise ScrqmFormsError(f"find: {fault}")
    return found
