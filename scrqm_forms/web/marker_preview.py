"""A marker as each role will see it."""

from collections.abc import Mapping

from msgspec import Struct

from scrqm_forms.domain.marker import LibraryMarker, Role
from scrqm_forms.domain.questionnaire import (
    PURPOSES,
    AskedMarker,
    AskedQuestion,
    Choice,
    Purpose,
    freeze_marker,
    questions_for,
)
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services.reviews import roles_of
from scrqm_forms.web.words import PURPOSE


class Preview(Struct, frozen=True, kw_only=True):
    """A marker as somebody of a role is asked it; there are no questions where it is not shown to them."""

    asked: AskedMarker
    questions: tuple[AskedQuestion, ...]
    role: Role
    purpose: Purpose


def preview_of(each: LibraryMarker, board: Board, wanted: Mapping[str, str]) -> Preview:
    """`wanted`: the role and the purpose that were chosen; the first, and looking back, where none was."""
    roles = {role.key: role for role in roles_of(each.set)}
    role = roles.get(wanted.get("role", ""), next(iter(roles.values())))
    purpose: Purpose = next((key for key in PURPOSES if key == wanted.get("purpose")), "reflect")
    asked = freeze_marker(each, purpose, VOCABULARIES[board.vocabulary])
    return Preview(asked=asked, questions=questions_for(asked.questions, {role.key}), role=role, purpose=purpose)


def purposes_offered() -> list[Choice]:
    return [Choice(code=key, label=PURPOSE[key]) for key in PURPOSES]
