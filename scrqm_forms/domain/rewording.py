"""What is true of a marker after a board changed its words: which originals stand behind it, and what it is called."""

from msgspec.structs import replace

from scrqm_forms.domain.marker import Marker, Original, Question


def settle_wording(before: Marker, after: Marker) -> Marker:
    """`after` with the wording that its statement and questions had as published or shipped, and its true status.

    What a board wrote itself has no original. What is put back as it was has none either.
    """
    if before.wording_status == "local":
        return after
    old = {question.id: question for question in before.questions}
    questions = tuple(
        _with_original(question, old[question.id]) if question.id in old else question for question in after.questions
    )
    changed = wording_of(before) != wording_of(after)
    status = "adapted" if before.wording_status == "published" and changed else after.wording_status
    first = before.original_statement or before.statement
    return replace(
        after,
        original_statement=None if first == after.statement else first,
        questions=questions,
        wording_status=status,
    )


def wording_of(marker: Marker) -> tuple[object, ...]:
    """Every text of it that people read."""
    questions = [(*_texts_of(each), [option.text for option in each.options]) for each in marker.questions]
    obstacles = marker.obstacles and [each.text for each in marker.obstacles]
    lists = (marker.knowledge, marker.equality, marker.guidance, obstacles)
    return (marker.title, marker.statement, marker.rationale, questions, *lists)


def _with_original(question: Question, old: Question) -> Question:
    first = old.original or Original(ask=old.ask, reflect=old.reflect, plan=old.plan, follow_up=old.follow_up)
    return replace(question, original=None if _texts_of(first) == _texts_of(question) else first)


def _texts_of(each: Question | Original) -> tuple[str | None, ...]:
    return (each.ask, each.reflect, each.plan, each.follow_up)
