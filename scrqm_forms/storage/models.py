"""The tables. Values that are stored whole (settings, questionnaires, entries) are JSON documents in a text column.

In a confidential round nothing here joins an invitation to a response: they share the round and, through the role,
the group; no key, no time, and no order, since responses and entries are stored in the order of a random id.
"""

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrqm_forms.storage.database import Model

#: Permissions of links made by a program that had none.
_EVERYTHING = '["manage", "read_answers", "service"]'
#: Rows lie in the order of their key, not in the order they were written.
_UNORDERED = {"sqlite_with_rowid": False}


class BoardRow(Model):
    __tablename__ = "board"
    id: Mapped[int] = mapped_column(primary_key=True)
    #: Stands in addresses: lower-case letters, digits and hyphens.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(Text)
    #: Key of a preset vocabulary.
    vocabulary: Mapped[str] = mapped_column(String(40))
    #: Whom a participant can talk to; shown as typed.
    support: Mapped[str] = mapped_column(Text, default="")
    #: Names of plugins whose markers the board uses, as JSON.
    plugins: Mapped[str] = mapped_column(Text, default="[]")
    #: "#rrggbb" in place of the usual colour; empty: the usual one.
    accent: Mapped[str] = mapped_column(String(7), server_default=text("''"))
    #: The picture's bytes, read only where it is sent; its media type and digest are empty without one.
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    logo_type: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    logo_sha256: Mapped[str] = mapped_column(String(64), server_default=text("''"))
    #: What should not stand in answers, as JSON.
    own_words: Mapped[str] = mapped_column(Text, server_default=text("'[]'"))
    #: Whether anybody may read the board's markers, without signing in.
    shows_markers: Mapped[bool] = mapped_column(server_default=true())
    created_on: Mapped[date]


class AdministratorRow(Model):
    """Also what the sign-in library works on; names of its columns are the library's."""

    __tablename__ = "administrator"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(Text)
    #: Argon2id hash.
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    #: Changed to end every session of this person.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    #: Looks after every board of the service, those made later too.
    every_board: Mapped[bool] = mapped_column(default=False)

    @property
    def roles(self) -> list[object]:
        """The sign-in library asks; permissions are per board, below."""
        return []


class BoardAdministratorRow(Model):
    __tablename__ = "board_administrator"
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"), primary_key=True)
    administrator_id: Mapped[int] = mapped_column(ForeignKey("administrator.id", ondelete="CASCADE"), primary_key=True)
    #: Permissions as JSON: manage, read_answers, service.
    permissions: Mapped[str] = mapped_column(Text)


class SignInLinkRow(Model):
    """A one-time link for an administrator; gone once used."""

    __tablename__ = "sign_in_link"
    link_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Whose password it resets; empty: makes a new administrator.
    administrator_id: Mapped[int | None] = mapped_column(ForeignKey("administrator.id", ondelete="CASCADE"))
    #: The one board a new administrator will look after; empty: every board.
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"))
    #: Seconds since 1970, UTC.
    expires_at: Mapped[int]
    #: Whom it invites to the board; empty: whoever opens it.
    email: Mapped[str] = mapped_column(String(255), server_default=text("''"))
    #: What they may do there, as JSON.
    permissions: Mapped[str] = mapped_column(Text, server_default=text(f"'{_EVERYTHING}'"))


class ThrottleRow(Model):
    """Failures counted per window, by a keyed hash of an address or account."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: Seconds since 1970, UTC.
    window_ends_at: Mapped[int] = mapped_column(index=True)
    failures: Mapped[int]


class ReviewRow(Model):
    __tablename__ = "review"
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"), index=True)
    #: Eight random letters, in addresses and on the command line.
    key: Mapped[str] = mapped_column(String(8), unique=True)
    #: A local code; never a name.
    reference: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    keep_until: Mapped[date]
    created_on: Mapped[date]
    board: Mapped[BoardRow] = relationship(lazy="joined")


class RoundRow(Model):
    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("review_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    #: The purpose, with a number from the second on: reflect, follow_up_2.
    key: Mapped[str] = mapped_column(String(40))
    #: draft, open, closed or deleted.
    state: Mapped[str] = mapped_column(String(10), default="draft")
    #: RoundSettings as JSON; not changed any more once the round is open.
    settings: Mapped[str] = mapped_column(Text)
    #: Last day of answering.
    closes_on: Mapped[date]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    #: Made at opening; gives free text an order of its own, fixed once.
    shuffle_key: Mapped[str] = mapped_column(String(64), default="")
    #: Keys of the groups shown together, as JSON; settled at closing. Empty until then.
    shown_groups: Mapped[str] = mapped_column(Text, default="")
    #: Legal proceedings: nothing can be answered, changed or deleted.
    on_hold: Mapped[bool] = mapped_column(server_default=false())
    #: Holds made-up responses only.
    synthetic: Mapped[bool] = mapped_column(default=False)
    review: Mapped[ReviewRow] = relationship(lazy="joined")


class QuestionnaireRow(Model):
    """The frozen wording of an opened round; written once."""

    __tablename__ = "questionnaire"
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    #: Canonical JSON (domain/questionnaire.py).
    document: Mapped[str] = mapped_column(Text)


class InvitationRow(Model):
    """A person asked to take part. No dates."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(Text)
    #: SHA-256 of "invitation" and the link's secret; empty until the link is made.
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: not_begun, begun or submitted.
    state: Mapped[str] = mapped_column(String(10), default="not_begun")


class OutboxRow(Model):
    """A message to somebody invited. Once it is over (sent or given up) neither what it said nor when is kept."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("invitation_id", "press"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random; the message's own name, the same each time that it is tried.
    key: Mapped[str] = mapped_column(String(32), unique=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"))
    #: Of the button's page: pressed twice, it sends once.
    press: Mapped[str] = mapped_column(String(43))
    #: invitation or reminder.
    kind: Mapped[str] = mapped_column(String(10))
    #: Key of the delivery.
    delivery: Mapped[str] = mapped_column(Text)
    #: waiting, sending, sent, failed, unknown or dropped.
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int]
    #: Seconds since 1970, UTC: when to try, or, while it is sent, when that was too long; 0 once it is over.
    due_at: Mapped[int] = mapped_column(index=True)
    #: Why it was not sent, in the plugin's words.
    reason: Mapped[str] = mapped_column(Text)
    #: Subject, body and link, encrypted (domain/sealing.py); None once it is over.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class PluginFaultRow(Model):
    """What went wrong in a plugin after the start, for other processes and later starts. No answers and no times."""

    __tablename__ = "plugin_fault"
    plugin: Mapped[str] = mapped_column(String(200), primary_key=True)
    #: "export format csv"
    thing: Mapped[str] = mapped_column(String(200), primary_key=True)
    #: Of the plugin as it was then: what is mended is no longer named.
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)


class ResponseRow(Model):
    __tablename__ = "response"
    __table_args__ = (
        Index("ix_response_round_id_id", "round_id", "id"),
        # To count by: everything that is shown begins with it, and the rows themselves would have to be read.
        Index("ix_response_round_id_submitted_group_key", "round_id", "submitted", "group_key"),
        _UNORDERED,
    )
    #: Random, so that the order of rows tells nothing.
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    #: SHA-256 of "response" and the link's secret.
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    group_key: Mapped[str] = mapped_column(Text)
    submitted: Mapped[bool] = mapped_column(default=False)
    #: These three only in named rounds.
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    role: Mapped[str | None] = mapped_column(String(40))
    submitted_on: Mapped[date | None]


class EntryRow(Model):
    __tablename__ = "entry"
    __table_args__ = (_UNORDERED,)
    response_id: Mapped[str] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"), primary_key=True)
    #: Marker id, or "closing".
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Counts saves; a save names the version it was made from.
    version: Mapped[int]
    #: domain.response.Entry as JSON.
    document: Mapped[str] = mapped_column(Text)


class EventRow(Model):
    """What somebody who looks after the service did. Never an answer, a participant's name or a token."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    #: None for what concerns the whole service.
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"), index=True)
    #: Seconds since 1970, UTC.
    at: Mapped[int]
    #: The administrator's name and address at the time, or "command line".
    who: Mapped[str] = mapped_column(Text)
    #: What was done, as a key of domain.event.WHAT.
    what: Mapped[str] = mapped_column(String(40))
    #: The review or round, KEY or KEY/ROUND; empty for neither.
    about: Mapped[str] = mapped_column(Text)
    #: Numbers and digests that go with it, as JSON.
    document: Mapped[str] = mapped_column(Text)


class NoteRow(Model):
    """A facilitator's notes on one marker of a round; they outlive its answers (domain/keeping.py)."""

    __tablename__ = "note"
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    #: Marker id, or "closing".
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Counts saves; a save names the version it was made from.
    version: Mapped[int]
    #: domain.notes.Notes as JSON.
    document: Mapped[str] = mapped_column(Text)


class ImprovementRow(Model):
    """What a board means to do differently. It names no response: what somebody suggested is copied as text."""

    __tablename__ = "improvement"
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"), index=True)
    #: The review it comes from; None: none, or one that was deleted.
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="SET NULL"), index=True)
    #: Eight random letters, in addresses and column ids.
    key: Mapped[str] = mapped_column(String(8), unique=True)
    #: domain.improvement.Root as JSON; written once.
    root: Mapped[str] = mapped_column(Text)
    #: Counts saves; a save names the version it was made from.
    version: Mapped[int]
    #: domain.improvement.Aim as JSON.
    document: Mapped[str] = mapped_column(Text)
    made_on: Mapped[date]
    changed_on: Mapped[date]
    review: Mapped[ReviewRow | None] = relationship(lazy="joined")
    board: Mapped[BoardRow] = relationship(lazy="joined")


class ImprovementChangeRow(Model):
    """One save in an improvement's history."""

    __tablename__ = "improvement_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvement.id", ondelete="CASCADE"), index=True)
    #: Seconds since 1970, UTC.
    at: Mapped[int]
    #: The administrator's name and address at the time, or "command line".
    who: Mapped[str] = mapped_column(Text)
    #: A list of domain.improvement.FieldChange as JSON.
    document: Mapped[str] = mapped_column(Text)


class BoardMarkerRow(Model):
    """One version of a marker that a board keeps for itself; the last of each is the one in force."""

    __tablename__ = "board_marker"
    __table_args__ = (UniqueConstraint("board_id", "marker_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id", ondelete="CASCADE"))
    marker_id: Mapped[str] = mapped_column(String(40))
    #: Counts from 1.
    version: Mapped[int]
    #: Key of the marker's set.
    set_key: Mapped[str] = mapped_column(String(40))
    #: Key of domain.board_marker.CHANGES.
    change: Mapped[str] = mapped_column(String(20))
    #: The definition file, as `marker_as_toml` writes it; that of the version before where it was retired.
    document: Mapped[str] = mapped_column(Text)
    #: The administrator's name and address at the time.
    who: Mapped[str] = mapped_column(Text)
    #: Seconds since 1970, UTC.
    at: Mapped[int]
