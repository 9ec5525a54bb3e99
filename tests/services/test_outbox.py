"""Messages go out at most once per press, are tried again while that is safe, and leave nothing of what they said."""

import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.message import Message
from scrqm_forms.domain.review import OPERATOR, Person, Round
from scrqm_forms.hookspecs import CannotSend, Delivery, TryLater
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import correct_person, invite_people, make_links
from scrqm_forms.services.keeping import hold_round, release_round
from scrqm_forms.services.outbox import WAITS, Text, send_due
from scrqm_forms.services.responding import find_participant
from scrqm_forms.services.rounds import roles_of_round
from scrqm_forms.services.sending import (
    pack_invitations,
    pack_reminders,
    plan_reminders,
    send_invitations,
    send_reminders,
)
from scrqm_forms.storage import invitations, outbox

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BY = Actor(caller=OPERATOR, now=NOW)
#: Ways of sending are added to the app.
pytestmark = pytest.mark.usefixtures("instance_path")
CONFIDENTIAL: dict[str, Any] = {"mode": "confidential", "minimum": 5}


class Post:
    """A way that sends: keeps what it was given, and does what it is told to."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.raises: BaseException | None = None

    def deliver(self, message: Message) -> None:
        if self.raises:
            raise self.raises
        self.sent.append(message)


@pytest.fixture
def post(build: Any) -> Post:
    post = Post()
    plugins = context().plugins
    plugins.deliveries["post"] = Delivery(key="post", label="Post", deliver=post.deliver)
    plugins.owners["delivery post"] = "export_csv"
    return post


def write(person: Person, secret: str) -> Text:
    link = f"https://x/i/{secret}" if secret else ""
    return Text(subject="Subject", body=f"Dear {person.name},\n{link}", link=link)


def open_round(build: Any, people: int = 2, **settings: Any) -> Round:
    """With people who have no link yet."""
    round_ = build.round(**settings)
    invite_people(round_, build.people({"practitioner": people}))
    opened: Round = build.open(round_)
    return opened


def send(round_: Round, press: str = "one", **more: Any) -> int:
    delivery = context().plugins.deliveries["post"]
    return send_invitations(context(), round_, delivery, write, press=press, by=BY, **more)


def remind(round_: Round, press: str = "two", **more: Any) -> int:
    delivery = context().plugins.deliveries["post"]
    return send_reminders(context(), round_, delivery, write, press=press, by=BY, **more)


def states(round_: Round) -> list[str]:
    return [each.state for _, each in sorted(outbox.list_latest(round_).items())]


def secret_of(message: Message) -> str:
    return message.link.removeprefix("https://x/i/")


def test_invitations_go_out_with_links_that_work(build: Any, post: Post) -> None:
    round_ = open_round(build)
    assert send(round_) == 2
    assert (states(round_), post.sent) == (["waiting"] * 2, [])
    assert send_due(context(), NOW) == {"sent": 2}
    assert states(round_) == ["sent"] * 2
    for message in post.sent:
        participant = find_participant(secret_of(message))
        assert participant is not None
        assert participant.invitation.person.email == message.email
        assert message.body == f"Dear {message.name},\n{message.link}"
        assert message.board == round_.review.board.name


def test_pressed_twice_it_sends_once(build: Any, post: Post) -> None:
    round_ = open_round(build)
    assert [send(round_), send(round_)] == [2, 2]
    send_due(context(), NOW)
    before = [each.has_link for each in invitations.list_invitations(round_)]
    assert send(round_) == 2
    send_due(context(), NOW)
    assert len(post.sent) == 2
    assert before == [True, True]
    assert all(find_participant(secret_of(message)) for message in post.sent)


def test_nothing_of_a_message_is_kept_in_clear_and_nothing_once_it_is_over(build: Any, post: Post) -> None:
    round_ = open_round(build, **CONFIDENTIAL)
    send(round_)
    waiting = build.dump()["outbox"]
    send_due(context(), NOW)
    secrets = [secret_of(message) for message in post.sent]
    assert len(secrets) == 2
    for row in waiting:
        shown = repr(row) + str(row["sealed"]) + row["sealed"].decode("latin-1")
        assert not any(secret in shown or link_hash(secret, "response") in shown for secret in secrets)
        assert "Dear" not in shown
        assert "Subject" not in shown
    over = build.dump()["outbox"]
    assert [(row["sealed"], row["due_at"]) for row in over] == [(None, 0)] * 2
    assert not any(secret in repr(build.dump()) for secret in secrets)


def test_what_was_not_sent_is_tried_again_later_each_time_and_then_given_up(build: Any, post: Post) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    post.raises = TryLater("the server is asleep")
    now = NOW
    for wait in WAITS:
        assert send_due(context(), now) == {"waiting": 1}
        assert outbox.list_latest(round_).popitem()[1].reason == "the server is asleep"
        assert send_due(context(), now + wait - timedelta(seconds=1)) == {}
        now += wait
    assert send_due(context(), now) == {"failed": 1}
    assert build.dump()["outbox"][0]["sealed"] is None
    post.raises = None
    assert send_due(context(), now + timedelta(days=9)) == {}
    assert post.sent == []


def test_what_waited_goes_out_when_it_can(build: Any, post: Post) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    post.raises = TryLater("busy")
    send_due(context(), NOW)
    post.raises = None
    assert send_due(context(), NOW + WAITS[0]) == {"sent": 1}
    assert [message.id for message in post.sent] == [build.dump()["outbox"][0]["key"]]


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (CannotSend("there is no such address"), "failed", "there is no such address"),
        (
            ConnectionResetError("Dear Name of practitioner 1"),
            "unknown",
            "sending broke half-way (ConnectionResetError)",
        ),
        (SystemExit("Dear"), "unknown", "sending broke half-way (SystemExit)"),
    ],
    ids=["never", "broken", "exit"],
)
def test_what_cannot_be_sent_or_broke_half_way_is_not_sent_again(
    build: Any, post: Post, error: BaseException, state: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    post.raises = error
    assert send_due(context(), NOW) == {state: 1}
    assert outbox.list_latest(round_).popitem()[1].reason == reason
    post.raises = None
    assert send_due(context(), NOW + timedelta(days=9)) == {}
    assert "Dear" not in caplog.text
    failed = context().plugins.plugins["export_csv"].errors
    assert failed == ([] if state == "failed" else [f"register_deliveries: delivery post: {type(error).__name__}"])


def test_one_that_breaks_leaves_the_others(build: Any, post: Post) -> None:
    round_ = open_round(build, people=3)
    send(round_)
    deliver = post.deliver

    def refuse_the_second(message: Message) -> None:
        if message.name.endswith(" 2"):
            raise RuntimeError
        deliver(message)

    plugins = context().plugins
    plugins.deliveries["post"] = msgspec.structs.replace(plugins.deliveries["post"], deliver=refuse_the_second)
    assert send_due(context(), NOW) == {"sent": 2, "unknown": 1}
    assert states(round_) == ["sent", "unknown", "sent"]


def test_what_was_being_sent_when_the_program_ended_is_not_sent_again(build: Any, post: Post) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    post.raises = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        send_due(context(), NOW)
    post.raises = None
    assert states(round_) == ["sending"]
    assert send_due(context(), NOW + timedelta(minutes=1)) == {}
    assert send_due(context(), NOW + timedelta(minutes=16)) == {"unknown": 1}
    assert build.dump()["outbox"][0]["sealed"] is None
    assert post.sent == []


def test_message_is_claimed_by_one_sender(build: Any, post: Post) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    deliver = post.deliver

    def while_sending(message: Message) -> None:
        assert send_due(context(), NOW) == {}
        deliver(message)

    plugins = context().plugins
    plugins.deliveries["post"] = msgspec.structs.replace(plugins.deliveries["post"], deliver=while_sending)
    assert send_due(context(), NOW) == {"sent": 1}
    assert len(post.sent) == 1


def test_new_link_drops_the_message_with_the_old_one(build: Any, post: Post) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    make_links(round_, invitations.list_invitations(round_)[0].id)
    assert send_due(context(), NOW) == {}
    assert (states(round_), post.sent) == (["dropped"], [])


def test_new_link_made_while_the_old_one_is_being_sent_is_not_followed_by_the_old_one(build: Any, post: Post) -> None:
    round_ = open_round(build, people=1)
    send(round_)

    def while_sending(message: Message) -> None:
        make_links(round_, invitations.list_invitations(round_)[0].id)
        raise TryLater("busy")

    plugins = context().plugins
    plugins.deliveries["post"] = msgspec.structs.replace(plugins.deliveries["post"], deliver=while_sending)
    send_due(context(), NOW)
    assert states(round_) == ["dropped"]
    assert send_due(context(), NOW + timedelta(days=2)) == {}


def test_message_goes_to_the_address_as_it_is_when_sent(build: Any, post: Post) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    (invitation,) = invitations.list_invitations(round_)
    person = msgspec.structs.replace(invitation.person, email="right@example.org")
    correct_person(round_, invitation.id, person, roles_of_round(context(), round_))
    send_due(context(), NOW)
    assert [message.email for message in post.sent] == ["right@example.org"]


@pytest.mark.parametrize("state", ["held", "closed", "no_plugin"])
def test_nothing_goes_out_that_is_no_longer_right(build: Any, post: Post, state: str) -> None:
    round_ = open_round(build, people=1)
    send(round_)
    if state == "held":
        hold_round(round_, by=BY)
        assert send_due(context(), NOW) == {}
        assert states(round_) == ["waiting"]
        release_round(round_, by=BY)
        assert send_due(context(), NOW + timedelta(minutes=15)) == {"sent": 1}
    elif state == "closed":
        build.close(round_)
        assert send_due(context(), NOW) == {}
        assert states(round_) == ["dropped"]
    else:
        delivery = context().plugins.deliveries.pop("post")
        assert send_due(context(), NOW) == {"waiting": 1}
        context().plugins.deliveries["post"] = delivery
        assert send_due(context(), NOW + WAITS[0]) == {"sent": 1}


def test_only_who_has_an_address_and_no_link_is_invited(build: Any, post: Post) -> None:
    round_ = open_round(build, people=2)
    invite_people(round_, [Person(name="No Address", email="", role="chair", agency="")])
    make_links(round_, invitations.list_invitations(round_)[1].id)
    assert send(round_) == 1
    assert [each.has_link for each in invitations.list_invitations(round_)] == [False, True, True]


def test_nothing_is_sent_of_a_round_that_is_not_open(build: Any, post: Post) -> None:
    draft = build.round()
    for attempt in (send, remind):
        with pytest.raises(Refused, match="while the round is open"):
            attempt(draft)


# Reminders


def answered(build: Any, **settings: Any) -> Round:
    """Six invited: one has sent, one has begun, four have not; all have links."""
    round_, links = build.open_round(settings, practitioner=6)
    build.answer(links[0])
    build.begin(links[1])
    opened: Round = build.again(round_)
    return opened


def test_named_reminder_brings_a_new_link_to_who_has_not_begun_and_none_to_who_has(build: Any, post: Post) -> None:
    round_ = answered(build)
    assert remind(round_) == 5
    send_due(context(), NOW)
    links = {message.name[-1]: message.link for message in post.sent}
    assert sorted(links) == ["2", "3", "4", "5", "6"]
    assert links["2"] == ""
    assert all(find_participant(link.removeprefix("https://x/i/")) for name, link in links.items() if name != "2")


def links_of(build: Any) -> set[str]:
    return {row["link_hash"] for row in build.dump()["invitation"]}


@pytest.mark.parametrize("fault", [TryLater("busy"), CannotSend("no such address")], ids=["later", "never"])
def test_reminder_that_is_not_sent_leaves_the_link_there_is_in_force(build: Any, post: Post, fault: Exception) -> None:
    round_ = answered(build)
    before = links_of(build)
    remind(round_)
    assert links_of(build) == before
    post.raises = fault
    send_due(context(), NOW)
    assert links_of(build) == before
    post.raises = None
    send_due(context(), NOW + timedelta(days=1))
    assert len(links_of(build) - before) == (4 if isinstance(fault, TryLater) else 0)
    assert all(find_participant(secret_of(message)) for message in post.sent if message.link)


def test_reminder_with_a_new_link_does_not_cut_off_who_began_with_the_old_one(build: Any, post: Post) -> None:
    round_, links = build.open_round({}, practitioner=1)
    remind(round_)
    build.begin(links[0])
    assert send_due(context(), NOW) == {}
    assert (states(round_), post.sent) == (["dropped"], [])
    assert find_participant(links[0].secret) is not None


def test_reminder_of_which_nobody_knows_whether_it_arrived_says_which_link_works(build: Any, post: Post) -> None:
    round_, links = build.open_round({}, practitioner=1)
    remind(round_)
    post.raises = OSError("gone")
    send_due(context(), NOW)
    (found,) = outbox.list_latest(round_).values()
    assert (found.state, find_participant(links[0].secret)) == ("unknown", None)
    assert "make a new link" in found.reason


def test_confidential_reminder_carries_no_link_and_changes_none(build: Any, post: Post) -> None:
    round_ = answered(build, **CONFIDENTIAL)
    before = build.dump()["invitation"]
    assert remind(round_) == 5
    send_due(context(), NOW)
    assert {message.link for message in post.sent} == {""}
    assert build.dump()["invitation"] == before


def test_who_sends_meanwhile_is_not_reminded(build: Any, post: Post) -> None:
    round_, (link,) = build.open_round({}, practitioner=1)
    build.begin(link)
    remind(build.again(round_))
    build.answer(link)
    assert send_due(context(), NOW) == {}
    assert (states(round_), post.sent) == (["dropped"], [])


def test_reminders_go_to_the_groups_that_are_named(build: Any, post: Post) -> None:
    round_, _links = build.open_round({}, practitioner=2, panel=1)
    assert {key: len(plan_reminders(round_, [key]).to) for key in ("practitioner", "panel", "chair")} == {
        "practitioner": 2,
        "panel": 1,
        "chair": 0,
    }
    assert remind(round_, groups=["panel"]) == 1
    with pytest.raises(Refused, match="Groups: nobody not known; expected some of chair, "):
        remind(round_, groups=["nobody"], press="three")


def test_who_cannot_be_reminded_is_told_apart(build: Any) -> None:
    round_ = open_round(build, people=2)
    invite_people(round_, [Person(name="No Address", email="", role="chair", agency="")])
    for each in invitations.list_invitations(round_)[:2]:
        make_links(round_, each.id)
    plan = plan_reminders(round_)
    assert [len(each) for each in (plan.to, plan.without_email, plan.without_link)] == [1, 1, 1]


def test_log_counts_messages_and_names_nobody(build: Any, post: Post) -> None:
    round_ = open_round(build)
    send(round_)
    remind(round_)
    found = [(row["what"], row["document"]) for row in build.dump()["event"]]
    assert ("invitations_sent", '{"delivery": "post", "people": 2}') in found
    assert ("reminders_sent", '{"delivery": "post", "people": 2}') in found
    assert "Name of" not in repr(found)


# Files


def test_file_that_cannot_be_written_makes_no_link(build: Any, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    def half(messages: Any, stream: Any) -> None:
        stream.write(messages[0].body.encode())
        raise ValueError(messages[0].body)

    plugins = context().plugins
    plugins.deliveries["half"] = half_way = Delivery(
        key="half", label="H", pack=half, media_type="text/plain", suffix=".txt"
    )
    plugins.owners["delivery half"] = "export_csv"
    round_ = open_round(build)
    before = build.dump()
    with pytest.raises(
        Refused, match=r'The delivery "half" failed \(ValueError\); nothing was written and no link made'
    ):
        pack_invitations(context(), round_, half_way, write, io.BytesIO(), by=BY)
    after = build.dump()
    (fault,) = after.pop("plugin_fault")
    assert fault["reason"] == "register_deliveries: delivery half: ValueError"
    before.pop("plugin_fault")
    assert after == before
    assert "Dear" not in caplog.text


@pytest.mark.parametrize("key", ["mail-merge", "eml"])
def test_shipped_files_hold_everybody(build: Any, key: str) -> None:
    round_, stream = open_round(build), io.BytesIO()
    delivery = context().plugins.deliveries[key]
    assert pack_invitations(context(), round_, delivery, write, stream, by=BY) == 2
    assert all(each.has_link for each in invitations.list_invitations(round_))
    before = build.dump()
    data, number = pack_reminders(context(), round_, delivery, write, by=BY)
    assert (number, len(data) > 100) == (2, True)
    after = build.dump()
    noted = after["event"].pop()
    assert (noted["what"], noted["document"]) == ("reminders_packed", f'{{"delivery": "{key}", "people": 2}}')
    assert after == before


def test_faults_are_recalled_by_other_processes_until_the_plugin_changes(
    build: Any, make_again: Callable[[], Any]
) -> None:
    from scrqm_forms.services.plugin_faults import note_fault, note_working, recall_faults

    note_fault(context(), "register_export_formats", "export format csv", ValueError("secret"))
    told = ["register_export_formats: export format csv: ValueError"]
    other = make_again()
    assert other.plugins.plugins["export_csv"].errors == []
    recall_faults(other)
    recall_faults(other)
    assert other.plugins.plugins["export_csv"].errors == told
    changed = make_again()
    changed.plugins.plugins["export_csv"].sha256 = "0" * 64
    recall_faults(changed)
    assert changed.plugins.plugins["export_csv"].errors == []
    note_working(context(), "register_export_formats", "export format csv")
    assert build.dump()["plugin_fault"] == []
    assert context().plugins.plugins["export_csv"].errors == []


@pytest.fixture
def make_again(build: Any) -> Callable[[], Any]:
    """The context as another process has it."""
    from scrqm_forms.plugin_host import PluginHost
    from scrqm_forms.services.context import Context

    def make() -> Context:
        host = PluginHost({})
        host.load_all(context().instance.path / "plugins")
        return Context(context().instance, host)

    return make


def test_nothing_of_a_message_is_logged(build: Any, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    send(open_round(build))
    send_due(context(), NOW)
    assert "Dear" not in caplog.text
    assert "example.org" not in caplog.text
