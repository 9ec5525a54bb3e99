"""`about`: what an export is of, and how it is put. The same data give the same facts, so no day of exporting."""

from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.domain.wording import OTHER_LABELS
from scrqm_forms.services.context import program_version
from scrqm_forms.services.results import ShownRound
from scrqm_forms.storage import reviews

Facts = tuple[tuple[str, str], ...]


def about_table(facts: Facts) -> Table:
    return Table(
        key="about",
        title="About",
        about="What this export is of, how it is put, and whose the wording is.",
        columns=(Column(id="fact", kind="code"), Column(id="value")),
        rows=lambda: iter(facts),
    )


def facts_of(shown: ShownRound, options: ExportOptions, safety: str) -> Facts:
    """`safety`: how the format keeps text from being taken for formulas. Never an answer or a name."""
    questionnaire, round_ = shown.questionnaire, shown.round
    facts = (
        ("review", round_.review.key),
        ("reference", questionnaire.reference),
        ("board", questionnaire.board),
        ("round", round_.key),
        ("purpose", questionnaire.purpose),
        ("mode", questionnaire.mode),
        ("state", round_.state),
        ("synthetic", "yes: made-up responses for a trial" if round_.synthetic else "no"),
        ("submitted", str(shown.submitted)),
        ("groups shown", "; ".join(f"{group.key} = {group.title}" for group in shown.groups)),
        ("responses", _RESPONSES[options.responses]),
        ("headings", options.headings),
        ("values", options.values),
        ("empty cells", "no answer; what else can stand in an answer's place: " + _REASONS),
        ("cells", safety),
        ("questionnaire_sha256", reviews.questionnaire_digest(round_) or ""),
        ("made with", ", ".join(f"{name} {version}".strip() for name, version in questionnaire.made_with.items())),
        ("exported with", f"scrqm-forms {program_version()}"),
        ("citation", " ".join(questionnaire.citations)),
    )
    return tuple((key, value) for key, value in facts if value)


_REASONS = "; ".join(f"{code} = {label}" for code, label in OTHER_LABELS.items() if code)
_RESPONSES = {
    "submitted": "those that were submitted",
    "all": "everybody invited; what they have not submitted is not in it",
}
