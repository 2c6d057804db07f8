"""Mail: a letter ready to be sent, and what is written down of every one a client got or should get."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from scheduler_app.domain.clients import Client
from scheduler_app.domain.clinic import Clinic

# What goes to a client by mail (MailTerms.by_mail, MailChoice.by_mail).
NOTHING, LETTERS, INVITATIONS, EVERYTHING = "nothing", "letters", "invitations", "everything"

# What a letter says.
BOOKED, CONFIRMED, CHANGED, HELD, CANCELLED, REPLACED, AFTERCARE, CARE = (
    "booked",  # with what to do before
    "confirmed",  # it was held, and is not any more
    "changed",  # another time, place or treatment
    "held",
    "cancelled",
    "replaced",  # another booking took its place: the old one leaves the client's calendar
    "aftercare",
    "care",  # one care entry, as an invitation
)
REQUEST, CANCEL = "REQUEST", "CANCEL"  # methods of RFC 5546

PLANNED, WAITING, DUE, SENDING, SENT, FAILED, DROPPED, WITHHELD, PRESUMED = (
    "planned",  # its cause is still bringing about others
    "waiting",  # the cause brings about too many: a person must approve
    "due",
    "sending",  # handed to the server, perhaps: nobody knows until it is `sent`
    "sent",
    "failed",  # refused for good
    "dropped",  # the world changed before it was sent
    "withheld",  # a person refused it
    "presumed",  # never meant to be sent: what the client knew before we wrote letters
)
OPEN = (PLANNED, WAITING, DUE, SENDING)
TOLD = (SENDING, SENT, FAILED, WITHHELD, PRESUMED)  # what the next letter follows upon


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address and the name beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One letter, whole. The same letter sent twice has the same id, and programs show it once.

    id: its Message-ID, without angle brackets. at: its Date, aware. invitation: iCalendar of the method
    (RFC 5546), or None. language: BCP 47.
    """

    id: str
    sender: Mailbox
    recipient: Mailbox
    subject: str
    text: str
    html: str
    at: datetime
    invitation: bytes | None = None
    method: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Mail:
    """What is written down of one letter. Its words are made when it is sent, from what we hold then.

    uid: of the entry it is about, `<kind>.<appointment ref>@<host>`; letters of one uid are in an order
    and `sequence` rises with each. digest: of what it says; equal for what needs no second letter.
    method: of the invitation in it, "" for none. plan: what brought it about. error: a stable code.
    """

    key: str
    client: str
    appointment: str
    uid: str
    kind: str
    sequence: int
    digest: str
    method: str
    plan: str
    created_at: datetime
    state: str = PLANNED
    tried_at: datetime | None = None
    error: str = ""

    @property
    def invited(self) -> bool:
        """Whether the entry stands in the client's calendar because of it, as far as we know."""
        return self.method == REQUEST and self.state in (SENDING, SENT)


@dataclass(frozen=True, slots=True)
class MailChoice:
    """How one client wants it. by_mail: "" for the clinic's setting; address: "" for any we know."""

    client: str
    by_mail: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """An address a server refused for good. code: what it said, as numbers ("550 5.1.1")."""

    client: str
    address: str
    code: str
    at: datetime


def chosen(choice: MailChoice, client: Client, clinic: Clinic) -> str:
    """What goes to the client by mail: their own choice, else the clinic's setting."""
    return choice.by_mail or (INVITATIONS if client.invitations else clinic.mail.by_mail)


def mail_key(client: str, uid: str, sequence: int, digest: str) -> str:
    """Names one letter for ever: the same news for the same state of the visit is the same letter."""
    return sha256(f"{client}\0{uid}\0{sequence}\0{digest}".encode()).hexdigest()[:40]


def message_id(key: str, host: str) -> str:
    """The letter's Message-ID (RFC 5322, 3.6.4), without angle brackets."""
    return f"{key}@{host}"
