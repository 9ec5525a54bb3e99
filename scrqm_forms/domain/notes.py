"""Notes: what a facilitator writes down of the conversation on one marker."""

from collections.abc import Mapping

from msgspec import Struct

from scrqm_forms.domain.errors import InvalidAnswers
from scrqm_forms.domain.response import LONGEST_TEXT
from scrqm_forms.domain.wording import normalise_typed

#: Field -> heading, in order.
HEADINGS = {
    "agreed": "Where we agreed",
    "differed": "Where we differed",
    "will_do": "What we will do",
}


class Notes(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The notes on one marker: the unit of saving."""

    agreed: str = ""
    differed: str = ""
    will_do: str = ""


def fields_of(notes: Notes) -> dict[str, str]:
    """Form field -> what stands in it."""
    return {field: getattr(notes, field) for field in HEADINGS}


def notes_of(fields: Mapping[str, str]) -> tuple[Notes, int]:
    """Notes as they are stored, and how many characters had to be replaced."""
    tidied = {field: normalise_typed(fields.get(field) or "") for field in HEADINGS}
    return Notes(**{field: text for field, (text, _) in tidied.items()}), sum(number for _, number in tidied.values())


def joins(_field: str) -> bool:
    """Two texts of a field can always be kept one after the other."""
    return True


def check_notes(notes: Notes) -> None:
    """Raises InvalidAnswers, field -> sentence, for a text that is too long."""
    faults = {
        field: f"This text has {len(text):,} characters; there is room for {LONGEST_TEXT:,}. Please shorten it."
        for field, text in fields_of(notes).items()
        if len(text) > LONGEST_TEXT
    }
    if faults:
        raise InvalidAnswers(faults)
