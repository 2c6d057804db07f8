"""Letters over SMTP: one connection for a batch, every answer told apart by whether trying again can help."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from integrations.mime import mime
from integrations.smtp.answers import reply, sign_in_fault, translated
from scheduler_app.domain.mail import OutgoingMail
from scheduler_app.errors import Disconnected, Unavailable, Undeliverable, Unsure
from scheduler_app.ports import Send

TIMEOUT = 20.0  # seconds, for each answer
PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where letters are handed in. security: `starttls`, `tls` or `none`; port: 0 for the usual one."""

    server: str
    port: int = 0
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


class SmtpMailer:
    """Implements ports.Mailer. tls: what servers are known by; None for the system's authorities."""

    def __init__(
        self, account: SmtpAccount, tls: ssl.SSLContext | None = None, timeout: float = TIMEOUT
    ) -> None:
        self._account = account
        self._tls = tls or ssl.create_default_context()
        self._timeout = timeout

    @contextmanager
    def sending(self) -> Iterator[Send]:
        """As the port says. The connection is opened with the first letter."""
        line = _Line(self._connect)
        try:
            yield line.send
        finally:
            line.close()

    def _connect(self) -> smtplib.SMTP:
        account = self._account
        port = account.port or PORTS[account.security]
        try:
            if account.security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    account.server, port, timeout=self._timeout, context=self._tls
                )
            else:
                server = smtplib.SMTP(account.server, port, timeout=self._timeout)
        except ssl.SSLError:
            raise _untrusted() from None
        except smtplib.SMTPResponseException as fault:
            raise translated(fault.smtp_code, fault.smtp_error) from None
        except (OSError, smtplib.SMTPException) as fault:
            raise Unavailable(f"the mail server does not answer: {type(fault).__name__}") from None
        try:
            self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        account = self._account
        try:
            server.ehlo_or_helo_if_needed()
            if account.security == "starttls":
                server.starttls(context=self._tls)
                server.ehlo()
            if account.user:
                server.login(account.user, account.password)
        except ssl.SSLError:
            raise _untrusted() from None
        except smtplib.SMTPNotSupportedError:
            fault = "the mail server offers no such encryption or sign-in; see [mail] security in clinic.toml"
            raise Disconnected("mail-not-offered", fault) from None
        except smtplib.SMTPAuthenticationError as fault:
            raise sign_in_fault(fault.smtp_code, fault.smtp_error) from None
        except smtplib.SMTPResponseException as fault:
            raise translated(fault.smtp_code, fault.smtp_error) from None
        except (OSError, smtplib.SMTPException) as fault:
            raise Unavailable(f"the mail server broke off: {type(fault).__name__}") from None


class _Line:
    """A connection, opened when it is needed and again when it was lost."""

    def __init__(self, connect: Callable[[], smtplib.SMTP]) -> None:
        self._connect = connect
        self._server: smtplib.SMTP | None = None

    def send(self, mail: OutgoingMail) -> str:
        if not mail.recipient.address.isascii():  # few servers take them (RFC 6531), and none must
            raise Undeliverable("address-refused", "not-ascii")
        message = mime(mail)
        if self._server is None:
            self._server = self._connect()
        try:
            self._envelope(self._server, mail)
            return self._data(self._server, message)
        except BaseException:
            self.close()  # nobody knows in what state it is
            raise

    def _envelope(self, server: smtplib.SMTP, mail: OutgoingMail) -> None:
        try:
            code, said = server.mail(mail.sender.address)
            if code != 250:
                if code >= 500:
                    fault = f"the mail server refuses the sender of clinic.toml: {reply(code, said)}"
                    raise Disconnected("mail-sender-refused", fault)
                raise translated(code, said)
            code, said = server.rcpt(mail.recipient.address)
            if code not in (250, 251):
                raise translated(code, said, address=True)
        except (OSError, smtplib.SMTPServerDisconnected) as fault:
            raise Unavailable(f"the mail server broke off: {type(fault).__name__}") from None

    def _data(self, server: smtplib.SMTP, message: bytes) -> str:
        try:
            code, said = server.data(message)
        except smtplib.SMTPDataError as fault:  # it did not want the letter, before it had it
            raise translated(fault.smtp_code, fault.smtp_error) from None
        except (OSError, smtplib.SMTPServerDisconnected) as fault:
            raise Unsure(f"the mail server's answer was lost: {type(fault).__name__}") from None
        if code != 250:
            raise translated(code, said)
        return reply(code, said)

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def _untrusted() -> Disconnected:
    fault = "the mail server could not prove who it is (TLS); see [mail] server and security in clinic.toml"
    return Disconnected("mail-untrusted", fault)
