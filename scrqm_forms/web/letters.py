"""The text of an invitation, for a board to paste into its own mail. It promises what the start page promises."""

from msgspec import Struct

from scrqm_forms.domain.questionnaire import Questionnaire, minutes_needed
from scrqm_forms.domain.review import Person, Round
from scrqm_forms.domain.wording import LOOKING_BACK
from scrqm_forms.web.language import _
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
    parts = [_("Dear %(name)s,"), *_asking(questionnaire), f"{_('Your personal link:')}\n{link}", _TAKES]
    parts += [_NAMED if questionnaire.mode == "named" else _CONFIDENTIAL, _YOURS]
    parts += [_SUPPORT] if values["support"] else []
    parts += [_("With kind regards\n%(board)s")]
    subject = _("Your view of how the review was run: %(review)s")
    if questionnaire.purpose not in LOOKING_BACK:
        subject = _("Your view of how the review is run: %(review)s")
    body = "\n\n".join(part if part.endswith(link) else part % values for part in parts)
    return Letter(subject=subject % values, body=body)


def _asking(questionnaire: Questionnaire) -> list[str]:
    about = _("It is about how the review is run, not about the work of any one person.")
    if questionnaire.purpose in LOOKING_BACK:
        asked = _(
            "You took part in this review: %(review)s. Your role was: %(role)s. %(board)s would like to know how the "
            "review was run, as you saw it: what worked, what got in the way, and what should be different next time."
        )
        about = _("It is about how the review was run, not about the work of any one person.")
    else:
        asked = _(
            "You take part in this review: %(review)s. Your role is: %(role)s. %(board)s would like to know how the "
            "review is being run, as you see it, while there is time to change things."
        )
    return [asked, about]


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
