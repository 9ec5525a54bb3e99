"""The text of an invitation, for a board to paste into its own mail. It promises what the start page promises."""

from msgspec import Struct

from scrqm_forms.domain.questionnaire import Questionnaire, minutes_needed
from scrqm_forms.domain.review import Person, Round
from scrqm_forms.web.language import _
from scrqm_forms.web.purposes import WORDS
from scrqm_forms.web.words import day


class Letter(Struct, frozen=True, kw_only=True):
    """Plain text; a line for each paragraph."""

    subject: str
    body: str


def write_letter(round_: Round, questionnaire: Questionnaire, person: Person, link: str) -> Letter:
    """To somebody invited to an open round."""
    values = {
        "name": person.name,
        "board": questionnaire.board,
        "review": questionnaire.review_title,
        "role": questionnaire.role(person.role).title.lower(),
        "minutes": minutes_needed(questionnaire, questionnaire.audience(person.role)),
        "day": day(round_.closes_on),
        "kept": day(round_.review.keep_until),
        "group": questionnaire.group_of(person.role).title,
        "minimum": questionnaire.minimum,
        "support": round_.review.board.support.strip(),
    }
    words = WORDS[questionnaire.purpose]
    parts = [_("Dear %(name)s,"), words.letter_asked, words.letter_about, f"{_('Your personal link:')}\n{link}", _TAKES]
    parts += [_NAMED if questionnaire.mode == "named" else _CONFIDENTIAL, _YOURS]
    parts += [_SUPPORT] if values["support"] else []
    parts += [_("With kind regards\n%(board)s")]
    body = "\n\n".join(part if part.endswith(link) else part % values for part in parts)
    return Letter(subject=words.letter_subject % values, body=body)


_TAKES = _(
    "It takes about %(minutes)s minutes, in one sitting or several, on any device. You choose what to answer; "
    "nothing is compulsory. What you save is kept, and the same link brings you back to it until %(day)s."
)
_NAMED = _(
    "This round is named: those who look after it for %(board)s see your answers with your name, role and "
    "organisation, once you have sent them. Answers are kept until %(kept)s."
)
_CONFIDENTIAL = _(
    "This round is confidential: your answers are stored apart from your name and are shown by group only (yours: "
    "%(group)s), after the round is closed and if at least %(minimum)s people have sent theirs. Small groups are "
    "joined. Answers are kept until %(kept)s."
)
_YOURS = _(
    "The link is yours alone, so please do not pass it on. Its first page says more about who sees what, before you "
    "decide whether to take part."
)
_SUPPORT = _("If you would like to talk to somebody about this:\n%(support)s")
