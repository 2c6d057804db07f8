"""desk: what people at the clinic see and settle about letters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.mail import EVERYTHING, INVITATIONS, LETTERS, NOTHING, Bounce, Mail, MailChoice
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import JUDGE, SEND, Flow

CHOICES = ("", NOTHING, LETTERS, INVITATIONS, EVERYTHING)


@dataclass(frozen=True, slots=True)
class MailSight:
    """Letters a person should know of. waiting: by plan; unsent: how many by client."""

    waiting: Mapping[str, Sequence[Mail]]
    unsent: Mapping[str, int]
    failed: Sequence[Mail]
    bounces: Sequence[Bounce]


@dataclass(frozen=True, slots=True)
class ClientMail:
    """One client's letters. address: where the next goes, None where none can."""

    choice: MailChoice
    address: str | None
    mails: Sequence[Mail]
    bounces: Sequence[Bounce]


def mail_sight(flow: Flow) -> MailSight:
    """Everything that waits or failed."""
    with flow.store.reading() as tx:
        _, clients = tx.mails.undone()
        unsent = Counter({client: len(tx.mails.due(client)) for client in clients})
        return MailSight(tx.mails.waiting(), unsent, tx.mails.failed(), tx.mails.bounces())


def client_mail(flow: Flow, client: str) -> ClientMail:
    """What the desk shows on a client's page."""
    with flow.store.reading() as tx:
        return ClientMail(
            tx.mails.choice(client),
            tx.mails.address(client),
            tx.mails.of_client(client),
            tx.mails.bounces(client),
        )


def choose_mail(flow: Flow, client: str, by: str, *, by_mail: str = "", address: str = "") -> None:
    """How the client wants it. address: one that is on record, "" for any.

    Raises Invalid for a choice that is none or an address we do not know, NotFound for the client.
    """
    if by_mail not in CHOICES:
        raise Invalid("by-mail-unknown", f"one of {', '.join(filter(None, CHOICES))}", "by_mail")
    wanted = normal_email(address) or ""
    if address and not wanted:
        raise Invalid("email-unreadable", "this is no e-mail address", "address")
    now = flow.clock()
    with flow.store.transaction() as tx:
        if tx.clients.get(client) is None:
            raise NotFound("no client goes by this ref")
        tx.mails.choose(MailChoice(client, by_mail, wanted))
        if wanted and tx.mails.address(client) != wanted:
            raise Invalid("address-unknown", "this address is not on record, or was refused", "address")
        tx.audit.write(now, by, "mail-chosen", client, {"by_mail": by_mail or "the clinic's"})
        tx.work.touch(JUDGE, client)  # the feed and the letters follow


def mail_again(flow: Flow, client: str, address: str, by: str) -> None:
    """A person says that a refused address works. Raises NotFound for one that was not refused."""
    wanted = normal_email(address) or address
    now = flow.clock()
    with flow.store.transaction() as tx:
        if wanted not in [bounce.address for bounce in tx.mails.bounces(client)]:
            raise NotFound("this address was not refused")
        tx.mails.drop_bounce(client, wanted)
        tx.audit.write(now, by, "address-works", client, {})
        tx.work.touch(JUDGE, client)
        tx.work.touch(SEND, client)
