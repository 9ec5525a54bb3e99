"""Notes: what a facilitator writes down while a round's results are talked about."""

from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.notes import Notes, check_notes
from scrqm_forms.domain.review import Round
from scrqm_forms.services.noting import changing, note
from scrqm_forms.services.overview import keys_of
from scrqm_forms.services.results import show_round
from scrqm_forms.storage import notes as stored


def save_notes(round_: Round, key: str, notes: Notes, version: int, *, by: Actor | None = None) -> int:
    """Save the notes on a marker over the version they were made from; their new version.

    Raises OnHold, or Refused when nothing of the round is shown (any more), InvalidAnswers or NewerVersion; nothing is
    stored then.
    """
    check_notes(notes)
    with changing(round_) as now:
        if key not in keys_of(show_round(now).questionnaire):
            raise NotFound(f'The round {round_.name} has no marker "{key}".')
        before = stored.read_notes(round_).get(key, (None, 0))[1]
        after = stored.store_notes(round_, key, notes, version)
        if after != before:
            note(by, "notes_written", now, marker=key)
    return after
