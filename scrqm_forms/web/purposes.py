"""What differs between rounds of the four purposes on the pages, beside the frozen wording of the questionnaire.

Plan: before, things to prepare. Assure: while it runs, where we are now. Reflect: after. Follow up: some months later,
what lasted.
"""

from flask import Flask
from msgspec import Struct

from scrqm_forms.web.language import _


class PurposeWords(Struct, frozen=True, kw_only=True):
    """`%(review)s` is what a review is called, `%(board)s` who asks, `%(role)s` as what somebody takes part."""

    #: Heading of the start page.
    start: str
    #: What is asked of whom, on the start page and in the letter.
    asked: str
    letter_subject: str
    letter_asked: str
    #: It is about the process: the sentence in the letter.
    letter_about: str
    #: Above a marker's questions, and the line below that.
    how: str
    answer_for: str
    obstacles: str
    tick: str
    judgement: str
    #: What becomes of the answers, once they are sent.
    then: str
    #: What a round of this purpose tells, on the pages of results.
    tells: str


_NOT_ABOUT_PEOPLE = _("It is about how the review is run, not about the work of any one person.")
_LEAVE = _("Leave blank what you do not want to answer.")

WORDS = {
    "plan": PurposeWords(
        start=_("Before this %(review)s begins"),
        asked=_(
            "You will take part in this %(review)s as: %(role)s. %(board)s would like to know how well it is prepared, "
            "as you see it: what is ready, what could get in the way, and what should be prepared before it begins."
        ),
        letter_subject=_("Your view before the review begins: %(review)s"),
        letter_asked=_(
            "You will take part in this review: %(review)s. Your role will be: %(role)s. %(board)s would like to know "
            "how well it is prepared, as you see it: what is ready, what could get in the way, and what should be "
            "prepared before it begins."
        ),
        letter_about=_("It is about how the review will be run, not about the work of any one person."),
        how=_("How it is prepared"),
        answer_for=_("Answer for what is in place or planned so far. Leave blank what you do not want to answer."),
        obstacles=_("Could any of these get in the way?"),
        tick=_("Tick all that could."),
        judgement=_("All in all, is what this marker needs prepared?"),
        then=_("talks about where people see things differently, and decides what to prepare before the review begins"),
        tells=_("Asked before the review begins: what is prepared, and what is left to prepare."),
    ),
    "assure": PurposeWords(
        start=_("How this %(review)s is going"),
        asked=_(
            "You take part in this %(review)s as: %(role)s. %(board)s would like to know how it is being run, as you "
            "see it, while there is time to change things."
        ),
        letter_subject=_("Your view of how the review is going: %(review)s"),
        letter_asked=_(
            "You take part in this review: %(review)s. Your role is: %(role)s. %(board)s would like to know how the "
            "review is being run, as you see it, while there is time to change things."
        ),
        letter_about=_NOT_ABOUT_PEOPLE,
        how=_("How it is now"),
        answer_for=_("Answer for how things stand now. Leave blank what you do not want to answer."),
        obstacles=_("Are any of these getting in the way?"),
        tick=_("Tick all that are."),
        judgement=_("All in all, is this marker met so far?"),
        then=_("talks about where people see things differently, and decides what to change while there is time"),
        tells=_("Asked while the review runs: where it stands now, and what should change while there is time."),
    ),
    "reflect": PurposeWords(
        start=_("Looking back at how the %(review)s was run"),
        asked=_(
            "You took part in this %(review)s as: %(role)s. %(board)s would like to know how it was run, as you saw "
            "it: what worked, what got in the way, and what should be different next time."
        ),
        letter_subject=_("Your view of how the review was run: %(review)s"),
        letter_asked=_(
            "You took part in this review: %(review)s. Your role was: %(role)s. %(board)s would like to know how the "
            "review was run, as you saw it: what worked, what got in the way, and what should be different next time."
        ),
        letter_about=_("It is about how the review was run, not about the work of any one person."),
        how=_("How it was"),
        answer_for=_LEAVE,
        obstacles=_("Did any of these get in the way?"),
        tick=_("Tick all that did."),
        judgement=_("All in all, was this marker met?"),
        then=_(
            "talks about where people saw things differently, and decides what to do differently in the next review"
        ),
        tells=_("Asked looking back, after the review: how it was run, and what should be different next time."),
    ),
    "follow_up": PurposeWords(
        start=_("Some time after the %(review)s"),
        asked=_(
            "You took part in this %(review)s as: %(role)s. Some time has passed. %(board)s would like to know how you "
            "see it now: how it was run, what has lasted, and what has got in the way since."
        ),
        letter_subject=_("Your view some time after the review: %(review)s"),
        letter_asked=_(
            "You took part in this review: %(review)s. Your role was: %(role)s. Some time has passed. %(board)s would "
            "like to know how you see it now: how it was run, what has lasted, and what has got in the way since."
        ),
        letter_about=_("It is about how the review was run, not about the work of any one person."),
        how=_("How you see it now"),
        answer_for=_("Answer for how you see it today. Leave blank what you do not want to answer."),
        obstacles=_("Did any of these get in the way, then or since?"),
        tick=_("Tick all that did."),
        judgement=_("All in all, as you see it today, was this marker met?"),
        then=_("talks about what has lasted and what has not, and decides what still has to change"),
        tells=_("Asked some time after the review: what has lasted, and what has got in the way since."),
    ),
}


def add_purposes(app: Flask) -> None:
    """Give templates `purposes`."""
    app.jinja_env.globals["purposes"] = WORDS
