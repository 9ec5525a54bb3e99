"""Names and the like, which are typed in one line."""

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.wording import normalise_typed

#: Characters. Names stand in headings, letters, addresses of files and cells of a sheet's first row.
LONGEST_NAME = 300


def tidy_name(typed: str, what: str) -> str:
    """One line, without blanks around it, of characters that can be stored (`normalise_typed`).

    `what` is it, for the sentence of Refused, which is raised where it is longer than LONGEST_NAME.
    """
    name = " ".join(filter(None, map(str.strip, normalise_typed(typed)[0].splitlines())))
    if len(name) > LONGEST_NAME:
        raise Refused(f"{what}: found {len(name):,} characters; expected at most {LONGEST_NAME}.")
    return name
