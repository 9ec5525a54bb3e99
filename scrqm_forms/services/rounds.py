"""Open, extend and close a round."""

import secrets
from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.groups import (
    Group,
    check_groups,
    join_groups,
    make_groups,
    merge_small_groups,
    propose_groups,
)
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.outdated import Outdated, find_outdated
from scrqm_forms.domain.questionnaire import (
    Questionnaire,
    canonical_json,
    freeze_questionnaire,
    minutes_needed,
)
from scrqm_forms.domain.review import Round, check_settings
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services.coming_back import asked_again
from scrqm_forms.services.context import Context
from scrqm_forms.services.noting import changing, note
from scrqm_forms.services.reviews import base_set, check_closing_date, chosen_markers, markers_of_board, roles_of
from scrqm_forms.storage import invitations, responses, reviews
from scrqm_forms.storage.database import keeps_rows_apart


class GroupPreview(Struct, frozen=True, kw_only=True):
    """How people would be shown: "practitioners (6)"."""

    group: Group
    people: int
    markers: int
    minutes: int


def roles_of_round(context: Context, round_: Round) -> tuple[Role, ...]:
    """The round's roles in the set's order; frozen once it is open."""
    if round_.state != "draft":
        return reviews.questionnaire_of(round_).roles
    markers = chosen_markers(context, round_.review.board, round_.settings.markers)
    return tuple(role for role in roles_of(base_set(markers)) if role.key in round_.settings.roles)


def groups_of_round(context: Context, round_: Round) -> tuple[Group, ...]:
    """The groups answers are shown in: frozen, chosen, or proposed from who is invited so far.

    With nobody invited yet a confidential round has one group, everyone: nobody can then stand alone.
    """
    if round_.state != "draft":
        return reviews.questionnaire_of(round_).groups
    roles, settings = roles_of_round(context, round_), round_.settings
    if settings.groups:
        return make_groups(settings.groups, roles)
    return propose_groups(roles, invitations.count_invited(round_), settings.mode, settings.minimum)


def change_groups(
    context: Context,
    round_: Round,
    parts: Sequence[Sequence[str]],
    minimum: int | None = None,
    *,
    by: Actor | None = None,
) -> None:
    """Choose which roles are shown together, before the round is opened; no parts: as proposed."""
    roles = roles_of_round(context, round_)
    groups = make_groups(parts, roles) if parts else ()
    with changing(round_) as now:
        if now.state != "draft":
            raise Refused("This round is open; its groups are fixed.")
        settings = msgspec.structs.replace(
            now.settings,
            groups=tuple(group.roles for group in groups),
            minimum=now.settings.minimum if minimum is None else minimum,
        )
        check_settings(settings, roles)
        reviews.change_settings(round_, settings)
        if settings != now.settings:
            note(by, "round_changed", round_)


def preview_questionnaire(context: Context, round_: Round) -> Questionnaire:
    """The questionnaire as it would be frozen now."""
    markers = chosen_markers(context, round_.review.board, round_.settings.markers)
    board, base = round_.review.board, base_set(markers)
    return freeze_questionnaire(
        round_.settings,
        markers,
        base_set=base,
        roles=roles_of_round(context, round_),
        groups=groups_of_round(context, round_),
        vocabulary=VOCABULARIES[board.vocabulary],
        board=board.name,
        review_title=round_.review.title,
        reference=round_.review.reference,
        keep_until=round_.review.keep_until,
        made_with=context.made_with(),
        closing_origin=context.library().set_origins.get(base.key, ""),
        improvements=asked_again(context, round_),
    )


def outdated_wording(context: Context, round_: Round) -> Outdated:
    """What an opened round asks otherwise than its board's markers have it now."""
    board = round_.review.board
    now = {each.marker.id: each for each in markers_of_board(context, board)}
    return find_outdated(reviews.questionnaire_of(round_), now, VOCABULARIES[board.vocabulary])


def preview_groups(context: Context, round_: Round) -> list[GroupPreview]:
    """Each group with its people, markers and minutes."""
    draft = round_.state == "draft"
    questionnaire = preview_questionnaire(context, round_) if draft else reviews.questionnaire_of(round_)
    invited = invitations.count_invited(round_)
    previews = []
    for group in questionnaire.groups:
        audience = questionnaire.audience(group.roles[0]) if len(group.roles) == 1 else frozenset(group.roles)
        previews.append(
            GroupPreview(
                group=group,
                people=sum(invited.get(role, 0) for role in group.roles),
                markers=len(questionnaire.markers_for(audience)),
                minutes=minutes_needed(questionnaire, audience),
            )
        )
    return previews


def open_round(context: Context, round_: Round, today: date, *, by: Actor | None = None) -> str:
    """Freeze the questionnaire and let people answer; returns its digest. Raises Refused, changing nothing."""
    if round_.state != "draft":
        raise Refused(f"The round {round_.name} is {round_.state} already.")
    context.check_links()
    check_closing_date(round_.closes_on, round_.review.keep_until, today)
    questionnaire = preview_questionnaire(context, round_)
    if questionnaire.mode == "confidential" and not keeps_rows_apart():
        raise Refused(
            "Confidential rounds need the built-in encrypted database: PostgreSQL keeps with each row the transaction "
            "that wrote it, which would join people to their answers."
        )
    with changing(round_) as now:
        if now != round_:
            raise Refused(f"The round {round_.name} was changed or opened by somebody else meanwhile.")
        if questionnaire.mode == "confidential":
            check_groups(questionnaire.groups, invitations.count_invited(round_), questionnaire.minimum)
        reviews.store_opening(round_, canonical_json(questionnaire), secrets.token_hex(32), today)
        digest = reviews.questionnaire_digest(round_) or ""
        note(by, "round_opened", round_, mode=questionnaire.mode, questionnaire_sha256=digest)
    return digest


def extend_round(round_: Round, closes_on: date, today: date, *, by: Actor | None = None) -> None:
    """Move the last day of answering. Raises Refused for a closed round or a date that is past."""
    with changing(round_) as now:
        if now.state == "closed":
            raise Refused("This round is closed, and stays closed: results may have been seen.")
        check_closing_date(closes_on, now.review.keep_until, today)
        reviews.change_closing_date(round_, closes_on)
        note(by, "round_extended", round_, closes_on=closes_on.isoformat())


def close_round(round_: Round, today: date, *, by: Actor | None = None) -> None:
    """End answering for good, and settle which groups are shown together."""
    with changing(round_) as now:
        if now.state != "open":
            raise Refused(f"The round {round_.name} is not open.")
        reviews.store_closing(round_, _shown_groups(round_), today)
        note(by, "round_closed", round_)


def preview_closing(round_: Round) -> tuple[Group, ...]:
    """The groups that would be shown if the round were closed now; none if nothing of it ever could be."""
    questionnaire = reviews.questionnaire_of(round_)
    by_key = {group.key: group for group in questionnaire.groups}
    parts = [[by_key[key] for key in part] for part in _shown_groups(round_)]
    return tuple(join_groups(part, questionnaire.roles) for part in parts)


def _shown_groups(round_: Round) -> Sequence[Sequence[str]]:
    questionnaire = reviews.questionnaire_of(round_)
    if questionnaire.mode == "named":
        return [[group.key] for group in questionnaire.groups]
    merged = merge_small_groups(responses.count_submitted(round_), questionnaire.groups, questionnaire.minimum)
    return [[group.key for group in part] for part in merged]
