"""Marker, Question, Obstacle, MarkerSet: the schema of a definition file and the value at once.

Every field's description says what a file must hold there; `marker_file` quotes it when a file does not.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["rating", "text", "choice"]
Favourable = Literal["yes", "no", "none"]
WordingStatus = Literal["published", "adapted", "local"]

MarkerId = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9]*\Z", description="a lower-case letter, then lower-case letters and digits")
]
LocalId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]*\Z",
        description="a lower-case letter, then lower-case letters, digits and underscores",
    ),
]
Text = Annotated[str, Meta(pattern=r"\S", description="text that is not empty")]
Texts = Annotated[tuple[Text, ...], Meta(description="a list of texts, none of them empty")]
LocalIds = Annotated[tuple[LocalId, ...], Meta(description="a list of keys")]
Number = Annotated[int, Meta(ge=1, le=9999, description="a whole number from 1")]
YesOrNo = Annotated[bool, Meta(description="true or false")]
#: Language code -> field -> text, for wording in another language (`[text.cy]`).
Translations = Annotated[dict[str, dict[str, str]], Meta(description="a table for each language")]

#: Entry key of the questions on the review as a whole; no marker may be called this.
CLOSING = "closing"
#: Stands in the column ids of obstacles, `qm08.obstacles.people_changed`; no question may be called this.
OBSTACLES = "obstacles"


class Option(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answer offered by a question of kind `choice`."""

    id: LocalId
    text: Text


class Original(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How a question stood before a board reworded it for itself."""

    ask: Text
    reflect: Text | None = None
    plan: Text | None = None
    follow_up: Text | None = None


class Question(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One question of a marker, or one closing question of a set."""

    #: Unique in its marker; part of the column id in every export, so it never changes.
    id: LocalId
    #: The question as put before or during a review (purposes plan and assure).
    ask: Text
    #: The same looking back (purposes reflect and follow_up). Without it `ask` stands under a looking-back heading.
    reflect: Text | None = None
    #: Where `ask` does not fit before a review begins (purpose plan).
    plan: Text | None = None
    #: Where `reflect` does not fit some months later (purpose follow_up).
    follow_up: Text | None = None
    kind: Kind = "rating"
    #: Role keys; empty means everyone.
    roles: LocalIds = ()
    #: Which answer is the good one. "none" for a question that has no good or bad answer.
    favourable: Favourable = "yes"
    #: Offers "Not applicable".
    conditional: YesOrNo = False
    #: Position in the published list of this marker's questions, counted from 1.
    published: Number | None = None
    #: Only for kind `choice`.
    options: tuple[Option, ...] = ()
    #: Ids of the questions this one descends from, in other sets or versions (`set/marker.question`).
    lineage: Texts = ()
    #: The published or shipped wording, where a board reworded it.
    original: Original | None = None
    text: Translations = {}


class Obstacle(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A known obstacle to meeting the marker, which a participant can say was met."""

    id: LocalId
    text: Text
    #: The published or shipped wording, where a board reworded it.
    original: Text | None = None


class Marker(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One quality marker. A section that is absent is None; one that is there and says nothing is empty."""

    #: Unique in the service and beginning with the set's prefix.
    id: MarkerId
    number: Number
    title: Text
    #: Key of one of the set's stages.
    stage: LocalId
    statement: Text
    #: Paragraphs are parted by a blank line. None where the publication gives none.
    rationale: Text | None = None
    #: The publication or body that the wording comes from, as it should be cited.
    source: Text
    wording_status: WordingStatus
    questions: tuple[Question, ...]
    knowledge: Texts | None = None
    equality: Texts | None = None
    guidance: Texts | None = None
    obstacles: tuple[Obstacle, ...] | None = None
    #: The published or shipped statement, where a board reworded it.
    original_statement: Text | None = None
    text: Translations = {}


class Stage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the review that markers stand under."""

    key: LocalId
    title: Text


class Role(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What somebody was in the review."""

    key: LocalId
    #: One person: "Practitioner".
    title: Text
    #: Several, in the middle of a sentence: "practitioners".
    plural: Text


class Outline(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is known of a marker that a service may import: enough to tell which one a document holds."""

    number: Number
    title: Text
    stage: LocalId
    #: Other titles that documents give it.
    also: Texts = ()


class MarkerSet(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An ordered family of markers: its stages, roles, closing questions and citation (`set.toml`)."""

    key: LocalId
    title: Text
    #: What every marker id of the set begins with.
    prefix: MarkerId
    citation: Text
    stages: tuple[Stage, ...]
    roles: tuple[Role, ...] = ()
    closing: tuple[Question, ...] = ()
    #: Names of the publication by which an imported document shows that it is of this set.
    known_by: Texts = ()
    #: What the reviews that it is about are called in its wording.
    wording: Texts = ()
    #: The markers of the publication, for a set that is shipped without their text.
    outline: tuple[Outline, ...] = ()


#: The roles where a set names none.
ROLES = (
    Role(key="chair", title="Chair or board member", plural="chairs and board members"),
    Role(key="panel", title="Panel or sub-group member", plural="panel members"),
    Role(key="lead_reviewer", title="Lead reviewer", plural="lead reviewers"),
    Role(key="business_unit", title="Business unit", plural="business unit staff"),
    Role(key="practitioner", title="Practitioner or first-line manager", plural="practitioners"),
)


class LibraryMarker(Struct, frozen=True, kw_only=True):
    """A marker together with where it came from."""

    marker: Marker
    set: MarkerSet
    #: The file or plugin, as shown to people: `markers/scr/08-scr-management.toml` or `plugin example_board`.
    origin: str
    #: Board keys that may choose it; empty: every board.
    boards: tuple[str, ...] = ()
    #: Wording of the shipped marker that this one stands in for, if it does.
    stands_in_for: str | None = None
