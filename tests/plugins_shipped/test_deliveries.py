"""Mail through a real server, and mail as files."""

import csv
import email
import io
import socket
import ssl
import zipfile
from collections.abc import Callable, Iterator
from email import policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from scrqm_forms.hookspecs import CannotSend, Delivery, Message, TryLater
from scrqm_forms.plugin_host import PluginHost

PLUGINS = Path(__file__).parents[2] / "plugins"
PEM = Path(__file__).with_name("localhost.pem")
LINK = "https://reflect.example.org/i/" + "x" * 43
BODY = f"Dear Zoë,\n\nYour link:\n{LINK}\n\n.a line that begins with a dot\nlong {'word ' * 60}\n"


def message(**changes: Any) -> Message:
    usual = {
        "id": "ab" * 16,
        "name": "Zoë O'Neill",
        "email": "zoe@example.org",
        "role": "chair",
        "agency": "Health",
        "subject": "Your view: „Röview“",
        "body": BODY,
        "link": LINK,
        "board": "Northshire Board, the",
    }
    return Message(**(usual | changes))


class Inbox:
    """What a server was given, and what it answers."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.rcpt, self.data = "250 OK", "250 OK"
        self.drop_at = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.drop_at == "rcpt":
            server.transport.close()
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.envelopes.append(envelope)
        if self.drop_at == "data":
            server.transport.close()
        return self.data


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def serve(inbox: Inbox) -> Iterator[Callable[..., dict[str, Any]]]:
    """Starts a server; the settings that lead to it."""
    started: list[Controller] = []

    def start(security: str = "none", **more: Any) -> dict[str, Any]:
        port = free_port()
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(PEM)
        extra: dict[str, Any] = {"none": {}, "tls": {"ssl_context": tls}, "starttls": {"tls_context": tls}}[security]
        controller = Controller(inbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, **extra, **more)
        controller.start()
        started.append(controller)
        found = {"host": "127.0.0.1", "port": port, "security": security, "sender": "reviews@example.org"}
        return found | ({} if security == "none" else {"ca_file": str(PEM)})

    yield start
    for controller in started:
        controller.stop()


def load(name: str, settings: dict[str, Any]) -> PluginHost:
    host = PluginHost({name: settings})
    host.load_one(PLUGINS / f"{name}.py")
    return host


def smtp(settings: dict[str, Any]) -> Callable[[Message], None]:
    host = load("delivery_smtp", settings)
    assert host.plugins["delivery_smtp"].errors == []
    deliver = host.deliveries["smtp"].deliver
    assert deliver is not None
    return deliver


def read(data: bytes) -> Any:
    return email.message_from_bytes(data, policy=policy.default)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_message_arrives_whole(serve: Callable[..., dict[str, Any]], inbox: Inbox, security: str) -> None:
    smtp(serve(security))(message())
    (envelope,) = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("reviews@example.org", ["zoe@example.org"])
    found = read(envelope.content)
    assert found["subject"] == "Your view: „Röview“"
    assert (found["to"].addresses[0].display_name, found["to"].addresses[0].addr_spec) == (
        "Zoë O'Neill",
        "zoe@example.org",
    )
    assert found["from"].addresses[0].display_name == "Northshire Board, the"
    assert found["message-id"] == f"<{'ab' * 16}@example.org>"
    assert found.get_content().replace("\r\n", "\n") == BODY
    assert max(len(line) for line in envelope.content.splitlines()) < 998


def test_signing_in_is_done_over_tls(serve: Callable[..., dict[str, Any]], inbox: Inbox, tmp_path: Path) -> None:
    seen: list[LoginPassword] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        seen.append(data)
        return AuthResult(success=data.password == b"three words", handled=False)

    settings = serve("starttls", authenticator=check, auth_required=True)
    for password, is_right in (("wrong", False), ("three words", True)):
        file = tmp_path / password
        file.write_text(f"{password}\n")
        deliver = smtp(settings | {"user": "board", "password_file": str(file)})
        if is_right:
            deliver(message())
        else:
            with pytest.raises(TryLater, match="could not be used"):
                deliver(message())
    assert [data.password for data in seen][-1] == b"three words"
    assert len(inbox.envelopes) == 1


def test_certificate_that_nobody_trusts_is_refused(serve: Callable[..., dict[str, Any]], inbox: Inbox) -> None:
    settings = serve("starttls")
    settings.pop("ca_file")
    with pytest.raises(TryLater, match="SSLCertVerificationError"):
        smtp(settings)(message())
    assert inbox.envelopes == []


@pytest.mark.parametrize(
    ("answers", "raised", "said"),
    [
        ({"rcpt": "450 later"}, TryLater, "put the address off"),
        ({"rcpt": "550 no such user zoe@example.org"}, CannotSend, "refused the address"),
        ({"data": "451 later"}, TryLater, "put the message off"),
        ({"data": "554 spam"}, CannotSend, "refused the message"),
        ({"drop_at": "rcpt"}, TryLater, "broke off"),
    ],
    ids=["address_later", "no_address", "message_later", "message_refused", "broke_off_before"],
)
def test_what_certainly_was_not_sent_is_told_apart(
    serve: Callable[..., dict[str, Any]], inbox: Inbox, answers: dict[str, str], raised: type[Exception], said: str
) -> None:
    settings = serve()
    for name, answer in answers.items():
        setattr(inbox, name, answer)
    with pytest.raises(raised, match=said) as error:
        smtp(settings)(message())
    assert "zoe" not in str(error.value)


def test_server_that_breaks_off_after_the_message_leaves_it_unknown(
    serve: Callable[..., dict[str, Any]], inbox: Inbox
) -> None:
    settings = serve()
    inbox.drop_at = "data"
    with pytest.raises(Exception) as raised:  # noqa: PT011
        smtp(settings)(message())
    assert not isinstance(raised.value, (TryLater, CannotSend))


def test_server_that_is_not_there_is_tried_later() -> None:
    settings = {"host": "127.0.0.1", "port": free_port(), "security": "none", "sender": "a@example.org"}
    with pytest.raises(TryLater, match="could not be used"):
        smtp(settings)(message())


@pytest.mark.parametrize("address", ["zoe@exa mple.org", "zoe@@example.org", "zoe@example.org\nBcc: eve@example.org"])
def test_address_that_is_none_is_never_sent_to(
    serve: Callable[..., dict[str, Any]], inbox: Inbox, address: str
) -> None:
    with pytest.raises(CannotSend):
        smtp(serve())(message(email=address))
    assert inbox.envelopes == []


def test_names_bring_no_headers_of_their_own(serve: Callable[..., dict[str, Any]], inbox: Inbox) -> None:
    smtp(serve())(message(name="Zoë\nBcc: eve@example.org", subject="A\r\nBcc: eve@example.org", board="B\nX: y"))
    (envelope,) = inbox.envelopes
    found = read(envelope.content)
    assert (found["bcc"], found["x"]) == (None, None)
    assert envelope.rcpt_tos == ["zoe@example.org"]


def test_address_with_other_letters_is_sent_to(serve: Callable[..., dict[str, Any]], inbox: Inbox) -> None:
    smtp(serve())(message(email="zoë@example.org"))
    assert inbox.envelopes[0].rcpt_tos == ["zoë@example.org"]


def test_without_settings_no_mail_is_offered() -> None:
    host = load("delivery_smtp", {})
    assert (host.deliveries, host.plugins["delivery_smtp"].errors) == ({}, [])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sender": "a@example.org"}, "host: it is missing"),
        ({"host": "mail"}, "sender: it is missing"),
        ({"host": "mail", "sender": "a@b", "securty": "tls"}, "found securty; expected some of ca_file"),
        ({"host": "mail", "sender": "a@b", "security": "ssl"}, "security: expected one of starttls, tls, none"),
        ({"host": "mail", "sender": "a@b", "security": "none"}, 'security: "none" is for a server on this machine'),
        ({"host": "mail", "sender": "a@b", "port": "25"}, "port: expected a whole number"),
        ({"host": "mail", "sender": "a@b", "user": "u"}, "password_file: it is missing"),
        ({"host": "mail", "sender": "a@b", "user": "u", "password_file": "/nowhere"}, "FileNotFoundError"),
    ],
)
def test_settings_that_cannot_be_right_are_named(settings: dict[str, Any], said: str) -> None:
    (error,) = load("delivery_smtp", settings).plugins["delivery_smtp"].errors
    assert said in error


# Files


def packed(key: str, *messages: Message) -> tuple[Delivery, bytes]:
    delivery = load("delivery_files", {}).deliveries[key]
    stream = io.BytesIO()
    assert delivery.pack is not None
    delivery.pack(messages, stream)
    return delivery, stream.getvalue()


def test_mail_merge_has_a_row_for_each_person_and_no_formula() -> None:
    _delivery, data = packed("mail-merge", message(), message(name="=1+1", email="", link=""))
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert list(rows[0]) == ["name", "email", "role", "agency", "link", "subject", "message"]
    assert (rows[0]["name"], rows[0]["link"], rows[0]["message"]) == ("Zoë O'Neill", LINK, BODY)
    assert (rows[1]["name"], rows[1]["email"]) == ("'=1+1", "")


def test_archive_holds_an_email_to_open_for_each_address_and_names_the_others() -> None:
    _delivery, data = packed("eml", message(), message(name="Sam", email=""), message(email="sam@example.org"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["001.eml", "002.eml", "without-an-address.txt"]
        found = read(archive.read("001.eml"))
        assert "Sam" in archive.read("without-an-address.txt").decode()
    assert (found["x-unsent"], found["from"], found["to"].addresses[0].addr_spec) == ("1", None, "zoe@example.org")
    assert found.get_content().replace("\r\n", "\n") == BODY
