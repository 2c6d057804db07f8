"""private_links: a client's own pages are opened to them, by a link that is theirs alone and soon over.

A link goes only to an address that a person at the clinic confirmed to be the client's: that somebody
answered from an address proves that it is read, not by whom. Where two clients share it, a person at the
desk decides each time. What is sent goes through `SendLink`; without one the desk hands links over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from scheduler_app.domain.private_links import (
    CLIENT,
    DISCLOSING,
    OPEN,
    PURPOSES,
    Contact,
    PrivateLink,
    link_again,
    link_token,
)
from scheduler_app.domain.tokens import stored_form, well_formed
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import Flow
from scheduler_app.ports import Transaction

ASKED, MADE, WITHHELD = "link-asked", "link-made", "link-withheld"
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LinkLetter:
    """A link that is to be sent. link: its whole address, a secret. ref: under which it can be made again
    (`address_of`), so that a letter which waits need not hold it. kind: `email` or `phone`."""

    ref: str
    client: str
    purpose: str
    kind: str
    address: str
    link: str
    expires_at: datetime
    language: str


SendLink = Callable[[Transaction, LinkLetter], None]  # undertakes it, in the transaction that makes the link


@dataclass(frozen=True, slots=True)
class LinkPress:
    """What links are made with. keys: the newest first. root: "https://care.clinic.example".

    send: None where nothing is sent; links then wait at the desk to be handed over. sends: the kinds of
    address it can write to.
    """

    keys: Sequence[bytes]
    root: str
    send: SendLink | None = None
    sends: frozenset[str] = frozenset({"email"})

    def address(self, purpose: str, token: str) -> str:
        """Where a link leads."""
        return f"{self.root.rstrip('/')}/my/{purpose}/{token}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A link somebody at the desk wants made. kind and address: one on record, or "" to hand it over.

    confirmed: the person at the desk says that the address is the client's. shared: that it may go there
    although another client shares it.
    """

    purpose: str
    by: str
    kind: str = ""
    address: str = ""
    confirmed: bool = False
    shared: bool = False


def make_link(flow: Flow, press: LinkPress, client: str, wanted: Wanted) -> PrivateLink:
    """Make a link and have it sent, or left to be handed over. Older open ones of its purpose end.

    Raises Invalid for an address that may not be used, NotFound for the client.
    """
    now = flow.clock()
    if wanted.purpose not in PURPOSES:
        raise Invalid("purpose-unknown", f"one of {', '.join(PURPOSES)}", "purpose")
    with flow.store.transaction() as tx:
        _present(tx, client)
        contact = None
        if wanted.address:
            contact = _usable(tx, client, wanted)
            if not contact.verified:
                tx.links.verify(client, contact.kind, contact.value, "desk", wanted.by, now)
                detail = {"kind": contact.kind, "shared": "yes" if contact.shared else "no"}
                tx.audit.write(now, wanted.by, "contact-confirmed", client, detail)
        return _made(tx, flow, press, client, wanted.purpose, wanted.by, contact)


def ask_link(flow: Flow, press: LinkPress, feed_token: str, purpose: str) -> str:
    """The client asks, on the page of their feed; whose feed it is, and never whether anything was sent.

    Nothing is sent to an address nobody confirmed, or that another client shares, nor more often than
    the clinic allows. Raises NotFound for a token that opens no feed, Invalid for no such purpose.
    """
    if purpose not in PURPOSES:
        raise Invalid("purpose-unknown", f"one of {', '.join(PURPOSES)}", "purpose")
    now = flow.clock()
    with flow.store.transaction() as tx:
        client = tx.links.client_of_feed(stored_form(feed_token)) if well_formed(feed_token) else None
        if client is None:
            raise NotFound("no calendar is opened by this address")
        if _too_often(tx, flow, client, now):
            return client
        sure = [each for each in tx.links.contacts(client) if each.verified and not each.shared]
        sure.sort(key=lambda each: each.kind not in press.sends)
        if sure:
            _made(tx, flow, press, client, purpose, CLIENT, sure[0])
        else:
            tx.audit.write(now, CLIENT, WITHHELD, client, {"purpose": purpose})
    return client


def opened(tx: Transaction, token: str, purpose: str, now: datetime) -> tuple[str, PrivateLink | None]:
    """How a link stands, and the link where it is one of this purpose. Nothing is used up by looking."""
    found = tx.links.find(stored_form(token)) if well_formed(token) else None
    if found is None or found.purpose != purpose:
        return "", None
    if tx.personal.erased_at(found.client) is not None:
        return "", None
    return found.standing(now), found


def use(tx: Transaction, token: str, purpose: str, now: datetime) -> PrivateLink | None:
    """The link, used up by whoever asks first; None where it opens nothing (any more)."""
    standing, found = opened(tx, token, purpose, now)
    if found is None or standing != OPEN or not tx.links.use(found.ref, now):
        return None
    return found


def address_of(press: LinkPress, link: PrivateLink, stored: bytes) -> str | None:
    """A link's address printed again, for as long as its key is listed."""
    token = link_again(press.keys, link, stored)
    return None if token is None else press.address(link.purpose, token)


def revoke_links(flow: Flow, client: str, by: str) -> int:
    """Every open link of the client's ends now; how many."""
    now = flow.clock()
    with flow.store.transaction() as tx:
        ended = tx.links.revoke(client, now)
        tx.audit.write(now, by, "links-revoked", client, {"links": str(ended)})
    return ended


def _made(
    tx: Transaction,
    flow: Flow,
    press: LinkPress,
    client: str,
    purpose: str,
    by: str,
    contact: Contact | None,
) -> PrivateLink:
    now = flow.clock()
    kind, address = (contact.kind, contact.value) if contact else ("", "")
    ends = now + flow.clinic.links.lasts(purpose)
    link = PrivateLink("l" + token_hex(12), client, purpose, now, ends, by, kind, address)
    token = link_token(press.keys[0], link.ref, purpose)
    tx.links.revoke(client, now, purpose)
    tx.links.add(link, stored_form(token))
    tx.audit.write(now, by, ASKED if by == CLIENT else MADE, client, {"purpose": purpose, "link": link.ref})
    if press.send is not None and contact is not None and kind in press.sends:
        known = tx.clients.get(client)
        language = known.language if known else flow.language
        whole = press.address(purpose, token)
        press.send(tx, LinkLetter(link.ref, client, purpose, kind, address, whole, ends, language))
        tx.links.sent(link.ref, now)
    return link


def _usable(tx: Transaction, client: str, wanted: Wanted) -> Contact:
    for each in tx.links.contacts(client):
        if (each.kind, each.value) == (wanted.kind, wanted.address):
            break
    else:
        raise Invalid("contact-unknown", "this address is not on record for the client", "address")
    if not (each.verified or wanted.confirmed):
        raise Invalid("contact-unconfirmed", "confirm that the address is the client's own", "confirmed")
    if each.shared and wanted.purpose in DISCLOSING and not wanted.shared:
        raise Invalid(
            "contact-shared", "another client has this address too: decide, or hand it over", "shared"
        )
    return each


def _too_often(tx: Transaction, flow: Flow, client: str, now: datetime) -> bool:
    """What was asked and withheld counts too: the audit log is no place to fill."""
    since = (now - DAY).isoformat()
    recent = [each for each in tx.audit.entries(client, limit=50) if each["at"] > since]
    return sum(each["what"] in (ASKED, WITHHELD) for each in recent) >= flow.clinic.links.a_day


def _present(tx: Transaction, client: str) -> None:
    if tx.clients.get(client) is None or tx.personal.erased_at(client) is not None:
        raise NotFound("no client goes by this ref")
