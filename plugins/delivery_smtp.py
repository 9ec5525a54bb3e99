"""Sends invitations and reminders through a mail server. Offered once config.toml names one:

[plugins.delivery_smtp]
host = "mail.example.org"
sender = "reviews@example.org"      # the address that people see and reply to
user = "reviews"                    # without it nobody signs in
password_file = "smtp-password"     # in the instance folder, or with its whole path; closed to others
security = "starttls"               # or "tls"; "none" for a server on this machine only
port = 587                          # usual: 587, with "tls" 465, with "none" 25
ca_file = "board-ca.pem"            # where the server's certificate is not one that everybody trusts
"""

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrqm_forms.domain.message import make_email
from scrqm_forms.hookspecs import CannotSend, Delivery, Message, TryLater, hookimpl

__version__ = "1"

PORTS = {"starttls": 587, "tls": 465, "none": 25}
#: Seconds without an answer after which a server is given up.
TIMEOUT = 30


@hookimpl
def register_deliveries(settings: Mapping[str, Any]) -> list[Delivery]:
    if not settings:
        return []
    server = Server(settings)
    return [Delivery(key="smtp", label="E-mail", deliver=server.deliver)]


class Server:
    """A mail server as the settings name it. Raises ValueError for settings that cannot be right."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        known = {"host", "sender", "user", "password_file", "security", "port", "ca_file"}
        if unknown := sorted(set(settings) - known):
            raise ValueError(f"found {', '.join(unknown)}; expected some of {', '.join(sorted(known))}")
        self.host, self.sender = _text(settings, "host"), _text(settings, "sender")
        self.security = str(settings.get("security", "starttls"))
        if self.security not in PORTS:
            raise ValueError(f"security: expected one of {', '.join(PORTS)}")
        if self.security == "none" and not _is_here(self.host):
            raise ValueError('security: "none" is for a server on this machine only; expected "starttls" or "tls"')
        self.port = settings.get("port", PORTS[self.security])
        if type(self.port) is not int:
            raise ValueError("port: expected a whole number")
        self.user = str(settings.get("user", ""))
        self.password = Path(_text(settings, "password_file")).read_text().strip() if self.user else ""
        self.tls = ssl.create_default_context(cafile=settings.get("ca_file"))

    def deliver(self, message: Message) -> None:
        try:
            email = make_email(message, self.sender, datetime.now(UTC))
        except ValueError as error:
            raise CannotSend("the address is not one that e-mail can be sent to") from error
        data = email.as_bytes()
        with self._connected() as server:
            self._address(server, message.email)
            try:
                code, _words = server.data(data)
            except smtplib.SMTPDataError as error:  # before a byte of it was sent
                code = error.smtp_code
            self._say(code, "the message")
            with suppress(OSError, smtplib.SMTPException):  # it is sent already
                server.quit()

    def _address(self, server: smtplib.SMTP, email: str) -> None:
        """Nothing of the message has been sent yet, so that whatever goes wrong can be tried again."""
        options = [] if email.isascii() else ["SMTPUTF8"]
        try:
            self._say(server.mail(self.sender, options)[0], "the sender's address")
            self._say(server.rcpt(email)[0], "the address")
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(f"the mail server {self.host} broke off ({type(error).__name__})") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A server that has let us in. What goes wrong before, or between messages, can be tried again."""
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(f"the mail server {self.host} could not be used ({type(error).__name__})") from error
        try:
            yield server
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=self.tls)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.security == "starttls":
                server.starttls(context=self.tls)
            if self.user:
                server.login(self.user, self.password)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _say(self, code: int, what: str) -> None:
        """Raise for an answer that is no yes; its words may name somebody, and are left out."""
        if 400 <= code < 500:
            raise TryLater(f"the mail server put {what} off (code {code})")
        if code >= 500:
            raise CannotSend(f"the mail server refused {what} (code {code})")


def _text(settings: Mapping[str, Any], key: str) -> str:
    value = settings.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key}: it is missing")
    return value.strip()


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
