"""Administrators: which roles of a confidential round are shown together, and how small a group may be."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import Form, IntegerField, RadioField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Round
from scrqm_forms.services.context import context
from scrqm_forms.services.rounds import change_groups, groups_of_round, preview_groups, roles_of_round
from scrqm_forms.web.language import _
from scrqm_forms.web.places import placed, round_address, round_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.steps import step_of

pages = Blueprint("grouping", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>/groups")

WAYS = [
    Choice(code="proposed", label=_("As proposed from who is invited, also when more people are added")),
    Choice(code="chosen", label=_("As I choose below")),
]


class GroupsForm(Form):  # type: ignore[misc]
    minimum = IntegerField()
    how = RadioField(validate_choice=False)


@pages.get("")
def show_groups(board_key: str, review_key: str, round_key: str) -> str | Response:
    round_ = round_at(board_key, review_key, round_key, "manage")
    if round_.state != "draft" or round_.settings.mode == "named":
        return redirect(round_address("reviews.show_round", round_))
    how = "chosen" if round_.settings.groups else "proposed"
    return _groups_page(round_, GroupsForm(data={"minimum": round_.settings.minimum, "how": how}), [])


@pages.post("")
def save_groups(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    form = GroupsForm(request.form)
    if round_.settings.mode == "named":
        raise Refused(_("A named round has no groups to choose: each role is shown by itself."))
    try:
        if form.minimum.data is None:
            raise Refused(_("Smallest group: enter a whole number from 3 to 10."))
        parts = _parts_typed(round_) if form.how.data == "chosen" else []
        change_groups(context(), round_, parts, form.minimum.data, by=actor())
    except Refused as error:
        return _groups_page(round_, form, [placed(error, {"Smallest group": "minimum"}, "")]), 422
    if request.form.get("action") == "show":
        flash(_("Saved. This is how answers would be shown now."), "success")
        return redirect(request.full_path.rstrip("?"), 303)
    return redirect(step_of(round_, "groups").after, 303)


def _parts_typed(round_: Round) -> list[list[str]]:
    """Role keys shown together: those given the same letter."""
    parts: dict[str, list[str]] = {}
    for role in roles_of_round(context(), round_):
        parts.setdefault(request.form.get(f"group-{role.key}", role.key), []).append(role.key)
    return list(parts.values())


def _groups_page(round_: Round, form: GroupsForm, errors: list[tuple[str, str]]) -> str:
    roles = roles_of_round(context(), round_)
    now = {role: _letter(n) for n, group in enumerate(groups_of_round(context(), round_)) for role in group.roles}
    return render_template(
        "admin/groups.html",
        board=round_.review.board,
        round=round_,
        step=step_of(round_, "groups"),
        form=form,
        ways=WAYS,
        errors=errors,
        roles=roles,
        letters=[
            Choice(code=_letter(n), label=_("Group %(letter)s") % {"letter": _letter(n)}) for n in range(len(roles))
        ],
        letter_of={role.key: request.form.get(f"group-{role.key}", now[role.key]) for role in roles},
        previews=preview_groups(context(), round_),
    )


def _group_choice(letter: str) -> Choice:
    return Choice(code=letter, label=_("Group %(letter)s") % {"letter": letter})


def _letter(n: int) -> str:
    return chr(ord("A") + n)
