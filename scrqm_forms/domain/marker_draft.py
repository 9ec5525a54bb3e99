"""A marker as it is typed into a form, question by question, and back."""

from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.errors import InvalidAnswers
from scrqm_forms.domain.marker import ROLES, Favourable, Kind, Marker, MarkerSet, Obstacle, Option, Question
from scrqm_forms.domain.rewording import next_id, reword_obstacles, settle_wording

#: More than any publication has; a form with more is not worked with.
MOST_QUESTIONS = 60


class QuestionDraft(Struct, frozen=True, kw_only=True):
    """One question as typed. `id` is empty for a new one."""

    id: str = ""
    ask: str = ""
    reflect: str = ""
    kind: Kind = "rating"
    roles: tuple[str, ...] = ()
    #: For kind `choice`: one answer a line.
    options: str = ""
    #: "Yes" is the bad answer.
    unfavourable: bool = False
    conditional: bool = False

    @property
    def is_blank(self) -> bool:
        return not (self.ask.strip() or self.reflect.strip())


class MarkerDraft(Struct, frozen=True, kw_only=True):
    """A marker as typed."""

    number: str = ""
    title: str = ""
    stage: str = ""
    statement: str = ""
    rationale: str = ""
    source: str = ""
    questions: tuple[QuestionDraft, ...] = (QuestionDraft(),)
    #: One a line.
    obstacles: str = ""


def draft_of(marker: Marker) -> MarkerDraft:
    return MarkerDraft(
        number=str(marker.number),
        title=marker.title,
        stage=marker.stage,
        statement=marker.statement,
        rationale=marker.rationale or "",
        source=marker.source,
        questions=tuple(_draft_of_question(question) for question in marker.questions),
        obstacles="\n".join(" ".join(each.text.split()) for each in marker.obstacles or ()),
    )


def change_questions(draft: MarkerDraft, action: str) -> MarkerDraft:
    """`add` a question at the end; move or take out the one with this number: `up-3`, `down-3`, `remove-3`."""
    questions = list(draft.questions)
    what, _, number = action.partition("-")
    at = int(number) - 1 if number.isdigit() and 0 < int(number) <= len(questions) else -1
    other = at + {"up": -1, "down": 1}.get(what, 0)
    if what == "add" and len(questions) < MOST_QUESTIONS:
        questions.append(QuestionDraft())
    elif what == "remove" and at >= 0:
        questions = questions[:at] + questions[at + 1 :] or [QuestionDraft()]
    elif at >= 0 and 0 <= other < len(questions):
        questions[at], questions[other] = questions[other], questions[at]
    return replace(draft, questions=tuple(questions))


def without_blanks(draft: MarkerDraft) -> MarkerDraft:
    """Questions in which nothing was typed are none."""
    typed = tuple(each for each in draft.questions if not each.is_blank)
    return replace(draft, questions=typed or (QuestionDraft(),))


def tidy_roles(draft: MarkerDraft, marker_set: MarkerSet) -> MarkerDraft:
    """Roles in the set's order; all of them are none."""
    questions = tuple(replace(each, roles=_roles_of(each, marker_set)) for each in draft.questions)
    return replace(draft, questions=questions)


def make_marker(draft: MarkerDraft, marker_set: MarkerSet, now: Marker | None, used: Collection[str]) -> Marker:
    """The marker that was typed: a new one, or `now` changed. `used`: ids of questions that it ever had.

    Raises InvalidAnswers with a sentence for each field at fault.
    """
    faults = _faults_of(draft, marker_set, now)
    if faults:
        raise InvalidAnswers(faults)
    number = now.number if now else int(draft.number)
    like = now or Marker(
        id=f"{marker_set.prefix}{number:02d}",
        number=number,
        title=draft.title,
        stage=draft.stage,
        statement=draft.statement,
        source=draft.source,
        wording_status="local",
        questions=(),
    )
    changed = replace(
        like,
        title=draft.title.strip(),
        stage=draft.stage,
        statement=draft.statement.strip(),
        rationale=draft.rationale.strip() or None,
        source=draft.source.strip(),
        questions=_make_questions(draft.questions, like, marker_set, used),
        obstacles=_make_obstacles(draft.obstacles, like.obstacles, used),
    )
    return settle_wording(now, changed) if now else changed


def _faults_of(draft: MarkerDraft, marker_set: MarkerSet, now: Marker | None) -> dict[str, str]:
    faults = {}
    if not (draft.number.isascii() and draft.number.isdigit() and 0 < int(draft.number) < 10_000):
        faults["number"] = "Number: write a whole number from 1, such as 19."
    for name, message in _MISSING.items():
        if not getattr(draft, name).strip():
            faults[name] = message
    if now and now.rationale is None:
        faults.pop("rationale", None)
    if draft.stage not in [stage.key for stage in marker_set.stages]:
        faults["stage"] = "Part of the review: choose one."
    for n, question in enumerate(draft.questions, 1):
        faults |= _faults_of_question(question, n)
    return faults


_MISSING = {
    "title": "Title: write what the marker is called.",
    "statement": "Statement: write what is so when the marker is met.",
    "rationale": "Why this matters: write a sentence or two.",
    "source": "Where it comes from: write who wrote it, such as the board's name and the year.",
}


def _faults_of_question(question: QuestionDraft, n: int) -> dict[str, str]:
    if not question.ask.strip():
        return {f"q-{n}-ask": f"Question {n}: write the question."}
    if question.kind == "choice" and len(_lines(question.options)) < 2:
        return {
            f"q-{n}-options": f"Question {n}: write at least two answers to choose from, each on a line of its own."
        }
    return {}


def _draft_of_question(question: Question) -> QuestionDraft:
    return QuestionDraft(
        id=question.id,
        ask=question.ask,
        reflect=question.reflect or "",
        kind=question.kind,
        roles=question.roles,
        options="\n".join(each.text for each in question.options),
        unfavourable=question.favourable == "no",
        conditional=question.conditional,
    )


def _make_questions(
    drafts: Sequence[QuestionDraft], like: Marker, marker_set: MarkerSet, used: Collection[str]
) -> tuple[Question, ...]:
    before = {question.id: question for question in like.questions}
    taken = {*used, *before}
    made: list[Question] = []
    for draft in drafts:
        old = before.pop(draft.id, None)
        if old and old.kind == draft.kind:
            made.append(_make_question(draft, old, marker_set))
            continue
        key = next_id("q", taken)
        taken.add(key)
        lineage = (f"{marker_set.key}/{like.id}.{old.id}",) if old else ()
        favourable: Favourable = "yes" if draft.kind == "rating" else "none"
        new = Question(id=key, ask=draft.ask, kind=draft.kind, favourable=favourable, lineage=lineage)
        made.append(_make_question(draft, new, marker_set))
    return tuple(made)


def _make_question(draft: QuestionDraft, old: Question, marker_set: MarkerSet) -> Question:
    """`old` (of the same kind) with what was typed. Its translations go with its words."""
    ask, reflect = draft.ask.strip(), draft.reflect.strip() or None
    same = (ask, reflect) == (old.ask, old.reflect)
    rating = old.kind == "rating"
    favourable: Favourable = (
        "no" if draft.unfavourable and rating else "yes" if old.favourable == "no" else old.favourable
    )
    return replace(
        old,
        ask=ask,
        reflect=reflect,
        roles=_roles_of(draft, marker_set),
        options=_make_options(draft.options, old.options) if old.kind == "choice" else (),
        favourable=favourable,
        conditional=draft.conditional and rating,
        text=old.text if same else {},
    )


def _roles_of(draft: QuestionDraft, marker_set: MarkerSet) -> tuple[str, ...]:
    roles = [role.key for role in marker_set.roles or ROLES]
    chosen = tuple(role for role in roles if role in draft.roles)
    return () if len(chosen) == len(roles) else chosen


def _make_options(text: str, old: Sequence[Option]) -> tuple[Option, ...]:
    """The same line keeps its id; a new one in the place of one that went is a new one."""
    ids = {each.text: each.id for each in old}
    taken = {*ids.values()}
    made = []
    for line in dict.fromkeys(_lines(text)):
        key = ids.get(line) or next_id("a", taken)
        taken.add(key)
        made.append(Option(id=key, text=line))
    return tuple(made)


def _make_obstacles(text: str, old: tuple[Obstacle, ...] | None, used: Collection[str]) -> tuple[Obstacle, ...] | None:
    """None and none stay apart: what the source has is not changed by an empty box."""
    as_lines = {" ".join(each.text.split()): each.text for each in old or ()}
    texts = [as_lines.get(line, line) for line in dict.fromkeys(_lines(text))]
    return reword_obstacles(texts, old or (), used) if texts or old is not None else None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
