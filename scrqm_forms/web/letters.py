"""The text of an invitation or a reminder. It promises what the start page promises."""

from collections.abc import Callable

from scrqm_forms.domain.questionnaire import Questionnaire, minutes_needed
from scrqm_forms.domain.review import Person, Round
from scrqm_forms.services.outbox import Text
from scrqm_forms.services.sending import Compose
from scrqm_forms.web.language import _
from scrqm_forms.web.purposes import WORDS
from scrqm_forms.web.words import day


def write_letter(round_: Round, questionnaire: Questionnaire, person: Person, link: str) -> Text:
    """To somebody invited to an open round."""
    values = _values(round_, questionnaire, person)
    words = WORDS[questionnaire.purpose]
    parts = [_("Dear %(name)s,"), words.letter_asked, words.letter_about, f"{_('Your personal link:')}\n{link}", _TAKES]
    parts += [_NAMED if questionnaire.mode == "named" else _CONFIDENTIAL, _YOURS]
    return Text(subject=words.letter_subject % values, body=_body(parts, values, link), link=link)


def write_reminder(round_: Round, questionnaire: Questionnaire, person: Person, link: str = "") -> Text:
    """To somebody who has not sent their answers. `link`: a new one; without it, the one they have works."""
    values = _values(round_, questionnaire, person)
    mine = f"{_('Your personal link, in place of the one you were sent before:')}\n{link}" if link else _USE_YOURS
    parts = [_("Dear %(name)s,"), _STILL_OPEN, mine, _NOT_COMPULSORY]
    subject = _("A reminder: your view of %(review)s, until %(day)s")
    return Text(subject=subject % values, body=_body(parts, values, link), link=link)


def invitation_writer(round_: Round, questionnaire: Questionnaire, address: Callable[[str], str]) -> Compose:
    """Writes to a person with the secret of their link; `address` is what it is turned into."""
    return lambda person, secret: write_letter(round_, questionnaire, person, address(secret))


def reminder_writer(round_: Round, questionnaire: Questionnaire, address: Callable[[str], str]) -> Compose:
    return lambda person, secret: write_reminder(round_, questionnaire, person, address(secret) if secret else "")


def _body(parts: list[str], values: dict[str, object], link: str) -> str:
    parts = [*parts, *([_SUPPORT] if values["support"] else []), _("With kind regards\n%(board)s")]
    return "\n\n".join(part if link and part.endswith(link) else part % values for part in parts)


def _values(round_: Round, questionnaire: Questionnaire, person: Person) -> dict[str, object]:
    return {
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
_STILL_OPEN = _(
    "%(board)s asked for your view of how a review is run: %(review)s. Your answers have not been sent yet. There is "
    "time until %(day)s. If you have sent them in the meantime, thank you: please ignore this."
)
_USE_YOURS = _(
    "Please use the personal link you were sent before. If you have started, it brings you back to what you wrote. If "
    "you cannot find it, tell us, and we will see what can be done."
)
_NOT_COMPULSORY = _(
    "A few words are enough, and nothing is compulsory. If you would rather not take part, you need not do anything."
)
