"""A clinic that writes to its clients, through a real mail server, and what arrives there."""

import base64
import quopri
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from integrations.smtp import SmtpAccount, SmtpMailer
from scheduler_app.domain.carelines import CareLine
from scheduler_app.domain.clinic import MailTerms
from scheduler_app.domain.mail import Mail, MailChoice
from scheduler_app.flow.mailing.outlook import Post
from scheduler_app.flow.publish import Press, publish
from scheduler_app.flow.sweep import tidy
from scheduler_app.ports import Mailer
from tests.flow.clinic_at_work import NOW, ClinicAtWork
from tests.house import house
from tests.mail_server import MailServer
from tests.rfc5545 import Component, checked

KEY = b"k" * 32
ROOT = "https://care.clinic.example/"
ANN = "ann.lee@example.com"


@dataclass
class Part:
    """One MIME part, taken apart by hand: nothing here is shared with what wrote it."""

    headers: Mapping[str, str]
    body: bytes
    parts: list["Part"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.headers["content-type"].partition(";")[0].strip().lower()

    def parameter(self, name: str, header: str = "content-type") -> str:
        found = re.search(rf';\s*{name}="?([^";\r\n]*)"?', self.headers[header], re.I)
        assert found, f"{name} is missing in {self.headers[header]!r}"
        return found[1]

    def walk(self) -> Iterator["Part"]:
        yield self
        for part in self.parts:
            yield from part.walk()

    def content(self) -> bytes:
        encoding = self.headers.get("content-transfer-encoding", "7bit").lower()
        if encoding == "base64":
            return base64.b64decode(self.body, validate=False)
        return quopri.decodestring(self.body) if encoding == "quoted-printable" else self.body

    def only(self, kind: str) -> "Part":
        (found,) = [part for part in self.walk() if part.kind == kind]
        return found

    @property
    def text(self) -> str:
        return self.only("text/plain").content().decode("utf-8").replace("\r\n", "\n")

    @property
    def html(self) -> str:
        return self.only("text/html").content().decode("utf-8")

    @property
    def subject(self) -> str:
        """Encoded words (RFC 2047) taken apart by hand."""

        def plain(found: re.Match[str]) -> str:
            if found[1].lower() == "b":
                return base64.b64decode(found[2]).decode("utf-8")
            return quopri.decodestring(found[2].replace("_", "=20")).decode("utf-8")

        joined = re.sub(r"\?=\s+=\?", "?==?", self.headers["subject"])
        return re.sub(r"=\?utf-8\?([bq])\?(.*?)\?=", plain, joined, flags=re.I)

    @property
    def invitation(self) -> Component | None:
        """The iTIP object, held against RFC 5545 by our own reader."""
        found = [part for part in self.walk() if part.kind == "text/calendar"]
        return checked(found[0].content()) if found else None

    @property
    def event(self) -> Component:
        invitation = self.invitation
        assert invitation is not None
        (event,) = invitation.walk("VEVENT")
        return event

    @property
    def method(self) -> str:
        invitation = self.invitation
        return invitation.one("METHOD").value if invitation else ""

    @property
    def sequence(self) -> int:
        return int(self.event.one("SEQUENCE").value)


def taken_apart(message: bytes) -> Part:
    """RFC 5322 and RFC 2046, as far as our letters go; every line must end in CRLF."""
    assert b"\n" not in message.replace(b"\r\n", b""), "a line that does not end in CRLF"
    assert b"\r" not in message.replace(b"\r\n", b"")
    assert max(map(len, message.split(b"\r\n"))) <= 998
    head, _, body = message.partition(b"\r\n\r\n")
    unfolded = re.sub(rb"\r\n[ \t]", b" ", head).decode("ascii")
    headers: dict[str, str] = {}
    for line in unfolded.split("\r\n"):
        name, _, value = line.partition(":")
        assert name.lower() not in headers, f"{name} twice"
        headers[name.lower()] = value.strip()
    part = Part(headers, body)
    if headers.get("content-type", "").lower().startswith("multipart/"):
        mark = b"--" + part.parameter("boundary").encode()
        pieces = (b"\r\n" + body).split(b"\r\n" + mark)
        assert pieces[-1].startswith(b"--"), "the last boundary is missing"
        part.parts = [taken_apart(piece.removeprefix(b"\r\n")) for piece in pieces[1:-1]]
    return part


def signed(lines: tuple[CareLine, ...] | list[CareLine]) -> list[CareLine]:
    """As a clinician would."""
    return [replace(line, approved_by=line.approved_by or "Dr Alva Reyes") for line in lines]


class Correspondence:
    """The clinic at work, its mail server, and its clients' wishes."""

    def __init__(self, clinic: ClinicAtWork, mailer: Mailer, terms: MailTerms, **options: object) -> None:
        self.clinic = clinic
        loaded = house()
        care = (
            loaded.care
            if options.pop("unapproved", False)
            else {language: signed(list(lines)) for language, lines in loaded.care.items()}
        )
        known = replace(clinic.flow.clinic, mail=terms, **options)  # type: ignore[arg-type]
        self.press = Press(known, loaded.catalogue, loaded.rulebook, care, (KEY,), loaded.precedence)
        self.use(mailer)

    def use(self, mailer: Mailer) -> None:
        """Letters leave this way from now on."""
        clinic = self.clinic
        clinic.flow = replace(
            clinic.flow,
            clinic=self.press.clinic,
            publish=lambda client: publish(clinic.store, self.press, client, clinic.clock()),
            post=Post(mailer, self.press, ROOT),
        )

    def choose(self, client: str, by_mail: str = "", address: str = "") -> None:
        """The client says how they want it."""
        with self.clinic.store.transaction() as tx:
            tx.mails.choose(MailChoice(client, by_mail, address))
            tx.work.touch("judge", client)

    def sweep(self) -> None:
        """One round of the sweep, and what it brings about."""
        tidy(self.clinic.flow)
        self.clinic.settle()

    def rows(self, client: str) -> list[Mail]:
        """What is written down."""
        with self.clinic.store.reading() as tx:
            return list(tx.mails.of_client(client))


def through(server: MailServer) -> SmtpMailer:
    """Plainly, on this machine."""
    return SmtpMailer(SmtpAccount("127.0.0.1", server.port, "none"), timeout=2)


@contextmanager
def writing_clinic(file: Path, server: MailServer, **options: object) -> Iterator[Correspondence]:
    """A clinic whose letters reach the server."""
    terms = options.pop("mail", MailTerms(by_mail="invitations", per_minute=10_000))
    clinic = ClinicAtWork(file, NOW)
    try:
        yield Correspondence(clinic, through(server), terms, **options)  # type: ignore[arg-type]
    finally:
        clinic.close()
