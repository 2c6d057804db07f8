"""link_letters: private links go by mail. What waits holds no secret: the link is made again to be sent.

`undertake` is a private_links.SendLink. The row of work it leaves is settled once the server took the
letter over; whoever is killed before that sends the same letter again, under the same Message-ID.
"""

import logging

from scheduler_app.domain.mail import Bounce, Mailbox, OutgoingMail, message_id
from scheduler_app.domain.private_links import OPEN, PrivateLink
from scheduler_app.errors import Undeliverable
from scheduler_app.flow.flow import SEND, Flow
from scheduler_app.flow.mailing.composing import sender_of
from scheduler_app.flow.mailing.outlook import Post
from scheduler_app.flow.private_links import LinkLetter, LinkPress, address_of
from scheduler_app.ports import Transaction
from scheduler_app.texts.mail.letter import link_letter

log = logging.getLogger(__name__)

LINK = "link:"  # begins the key under which a link is sent: its client and its ref follow


def undertake(tx: Transaction, letter: LinkLetter) -> None:
    """Say, in the transaction that makes the link, that it wants sending."""
    tx.work.touch(SEND, f"{LINK}{letter.client}:{letter.ref}")


def send_link(flow: Flow, key: str) -> bool:
    """Send the link that `key` names, if it still opens something; whether it was sent.

    Raises Unavailable and Disconnected: both are tried again, until the link is over.
    """
    client, _, ref = key.removeprefix(LINK).partition(":")
    post = flow.post
    if post is None:
        return False
    letter = _letter(flow, post, client, ref)
    if letter is None:
        return False
    try:
        with post.mailer.sending() as send:
            send(letter)
    except Undeliverable as fault:
        log.warning("a private link was refused for good: %s", fault.code)
        now = flow.clock()
        with flow.store.transaction() as tx:
            if fault.code == "address-refused":
                tx.mails.put_bounce(Bounce(client, letter.recipient.address, fault.reply, now))
            tx.audit.write(now, "scheduler", "link-not-sent", client, {"link": ref, "reply": fault.reply})
        return False
    return True


def _letter(flow: Flow, post: Post, client: str, ref: str) -> OutgoingMail | None:
    with flow.store.reading() as tx:
        known = tx.clients.get(client)
        found = [each for each in tx.links.of_client(client) if each[0].ref == ref]
    if known is None or not found or not post.root:
        return None
    link, stored = found[0]
    where = address_of(LinkPress(tuple(post.press.keys), post.root), link, stored)
    if where is None or link.kind != "email" or link.standing(flow.clock()) != OPEN:
        return None
    clinic = post.press.clinic
    said = link_letter(
        link.purpose, known.name, clinic.name, where, link.expires_at, clinic.location.zone, known.language
    )
    return OutgoingMail(
        id=_id(link, clinic.host),
        sender=sender_of(clinic),
        recipient=Mailbox(link.address, known.name),
        subject=said.subject,
        text=said.text,
        html=said.html,
        at=link.made_at.replace(microsecond=0),
        language=known.language,
    )


def _id(link: PrivateLink, host: str) -> str:
    return message_id(f"link.{link.ref}", host)
