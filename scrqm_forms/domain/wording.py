"""Vocabulary, looking-back wording, and the one rule of what is normalised in typed text."""

import re
from collections.abc import Mapping

from scrqm_forms.domain.errors import ScrqmFormsError

#: What a review, its body and its people are called; `{name}` in a definition, `{Name}` where a sentence begins.
#: Every value fits after "the"; review, board and subject also fit after "a".
VOCABULARIES: dict[str, dict[str, str]] = {
    "scr": {
        "review": "serious case review",
        "reviews": "serious case reviews",
        "review_short": "SCR",
        "board": "board",
        "board_short": "LSCB",
        "members": "board members",
        "chair": "chair of the board",
        "panel": "review panel",
        "lead_reviewer": "lead reviewer",
        "lead_reviewers": "lead reviewers",
        "business_unit": "business unit",
        "subject": "child",
        "family": "family",
        "guidance": "Working Together",
    },
    "lcspr": {
        "review": "local child safeguarding practice review",
        "reviews": "local child safeguarding practice reviews",
        "review_short": "LCSPR",
        "board": "partnership",
        "board_short": "LSCP",
        "members": "safeguarding partners and relevant agencies",
        "chair": "lead safeguarding partner or scrutineer",
        "panel": "review panel",
        "lead_reviewer": "lead reviewer",
        "lead_reviewers": "lead reviewers",
        "business_unit": "business unit",
        "subject": "child",
        "family": "family",
        "guidance": "Working Together",
    },
    "sar": {
        "review": "safeguarding adults review",
        "reviews": "safeguarding adults reviews",
        "review_short": "SAR",
        "board": "board",
        "board_short": "SAB",
        "members": "board members",
        "chair": "chair of the board",
        "panel": "review panel",
        "lead_reviewer": "lead reviewer",
        "lead_reviewers": "lead reviewers",
        "business_unit": "business unit",
        "subject": "person",
        "family": "family and network",
        "guidance": "Care Act guidance",
    },
}

VOCABULARY_TITLES = {
    "scr": "Serious case review (LSCB)",
    "lcspr": "Local child safeguarding practice review (partnership)",
    "sar": "Safeguarding adults review (SAB)",
}

#: Purposes that look back, and so use a question's `reflect` wording.
LOOKING_BACK = frozenset({"reflect", "follow_up"})

_PIECE = re.compile(r"\{\{|\}\}|\{([A-Za-z_]*)\}|[{}]")


class UnknownName(ScrqmFormsError):
    """A text uses `{name}` and the vocabulary has no such name, or a brace stands alone."""


def fill_in(text: str, vocabulary: Mapping[str, str]) -> str:
    """`text` with every `{name}` replaced and `{{` and `}}` as single braces.

    Raises UnknownName, naming the piece that was found and the names there are.
    """

    def replace(match: re.Match[str]) -> str:
        piece = match.group()
        if piece in ("{{", "}}"):
            return piece[0]
        name = match.group(1)
        if name and name[0].isupper() and (value := vocabulary.get(name[0].lower() + name[1:])):
            return value[0].upper() + value[1:]
        if name and (value := vocabulary.get(name)):
            return value
        known = ", ".join(sorted(vocabulary))
        raise UnknownName(f'"{piece}" is not a name of the vocabulary ({known}); for a brace itself write "{{{{"')

    return _PIECE.sub(replace, text)


def escape_braces(text: str) -> str:
    """`text` such that `fill_in` gives it back to the letter."""
    return text.replace("{", "{{").replace("}", "}}")


def unescape_braces(text: str) -> str:
    """What `escape_braces` was given."""
    return text.replace("{{", "{").replace("}}", "}")


_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def normalise_typed(text: str) -> tuple[str, int]:
    """`text` as it is stored, and how many characters had to be replaced.

    The one rule: CRLF and CR become LF; NUL and other control characters (all but tab and LF), lone
    surrogates and U+FFFE/U+FFFF become U+FFFD. Nothing else is touched: no trimming, no Unicode normalisation.
    """
    return _NOT_TEXT.subn("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


#: Code -> label, in the order offered. "Not applicable" is offered only where a question is conditional.
RATING_LABELS = {
    "yes": "Yes",
    "partly": "Partly",
    "no": "No",
    "not_applicable": "Not applicable",
    "not_known": "I was not in a position to know",
}
JUDGEMENT_LABELS = {
    "met": "Met",
    "partly_met": "Partly met",
    "not_met": "Not met",
    "not_applicable": "Not applicable",
    "not_known": "I was not in a position to know",
}
#: Asked of an improvement that was agreed before, beside its marker.
HELPED_QUESTION = "Did this help?"
HELPED_LABELS = {
    "yes": "Yes",
    "partly": "Partly",
    "no": "No",
    "too_early": "Too early to say",
    "not_known": "I was not in a position to know",
}
#: Purposes whose judgement has other words for the same codes: before a review begins, nothing can be met yet.
OTHER_JUDGEMENTS = {
    "plan": {"met": "Prepared", "partly_met": "Partly prepared", "not_met": "Not prepared"},
}
#: What results and exports also tell apart; never offered to a participant.
OTHER_LABELS = {
    "": "No answer",
    "not_asked": "Not asked",
    "not_my_part": "Not my part of the review",
}

#: Purpose -> (id, text, hint) of the written reflections asked with every marker, in order.
REFLECTION_PROMPTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "reflect": (
        (
            "how_known",
            "How do you know?",
            "What you saw, heard or did at the time, rather than what became clear later.",
        ),
        ("helped", "What helped?", ""),
        ("hindered", "What got in the way?", ""),
        ("change_next", "What, if anything, should be different next time?", ""),
    ),
    "plan": (
        ("how_known", "What do you base this on?", "What you have seen, heard or done so far."),
        ("helped", "What will help?", ""),
        ("hindered", "What could get in the way?", ""),
        ("change_next", "What, if anything, should be prepared now?", ""),
    ),
    "assure": (
        ("how_known", "How do you know?", "What you have seen, heard or done so far."),
        ("helped", "What is helping?", ""),
        ("hindered", "What is getting in the way?", ""),
        ("change_next", "What, if anything, should change while there is time?", ""),
    ),
    "follow_up": (
        ("how_known", "How do you know?", "What you have seen, heard or done since."),
        ("helped", "What has lasted, and what helped it last?", ""),
        ("hindered", "What has got in the way since?", ""),
        ("change_next", "What, if anything, should still be different next time?", ""),
    ),
}

CLOSING_TITLES = {
    "plan": "Getting ready as a whole",
    "assure": "The review so far",
    "reflect": "The review as a whole",
    "follow_up": "What has lasted",
}

#: Stands above published questions, whose tense is that of a review still under way.
PUBLISHED_LEAD_INS = {
    "reflect": (
        "These questions were written for a review under way. Please answer them looking back: was it so at the time?"
    ),
    "follow_up": (
        "These questions were written for a review under way. "
        "Please answer them looking back: was it so, and has it lasted?"
    ),
}
