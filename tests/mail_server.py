"""A real mail server for tests (aiosmtpd), in a thread of its own, that says what a test wants it to say."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

Answer = Callable[[str], str | None]


def _nothing(_what: str) -> str | None:
    return None


@dataclass
class Post:
    """What the server was handed, and what it should answer. Answers of None mean that all is well."""

    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    to_sender: Answer = _nothing
    to_recipient: Answer = _nothing
    to_message: Answer = _nothing

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = self.to_sender(address)
        if refused:
            return refused
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = self.to_recipient(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        refused = self.to_message(envelope.rcpt_tos[0])
        if refused == "taken, and the line goes dead":
            self._keep(session, envelope)
            server.transport.abort()
            return "250 never heard"
        if refused:
            return refused
        self._keep(session, envelope)
        return "250 2.0.0 taken"

    def _keep(self, session: Session, envelope: Envelope) -> None:
        self.messages.append(bytes(envelope.original_content or b""))
        self.recipients += envelope.rcpt_tos
        self.connections.add(id(session))

    def forget(self) -> None:
        """As new."""
        self.messages.clear()
        self.recipients.clear()
        self.connections.clear()
        self.to_sender = self.to_recipient = self.to_message = _nothing


class MailServer:
    """Starts and stops; `post` is what passes through it."""

    def __init__(self, tls: ssl.SSLContext | None = None, user: str = "", password: str = "") -> None:
        self.post = Post()
        self._options: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None}
        if user:
            self._options |= {
                "auth_required": True,
                "auth_require_tls": tls is not None,
                "authenticator": _only(user, password),
            }
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.start_again()

    def stop(self) -> None:
        """Nobody listens any more."""
        self._controller.stop()

    def start_again(self) -> None:
        """On the same port."""
        self._controller = Controller(self.post, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()


def _only(user: str, password: str) -> Callable[..., AuthResult]:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, auth: object) -> AuthResult:
        right = isinstance(auth, LoginPassword) and (auth.login, auth.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=right, handled=right)

    return check
