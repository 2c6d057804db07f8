"""sending: one client's letters leave, in order, each looked at once more before it does.

SMTP knows no "exactly once". A letter is marked as under way before it is handed over, and as sent as soon
as it was taken. Whoever is killed between the server's answer and that commit sends the same letter once
more when started again: same Message-ID, same bytes, same SEQUENCE. That is the only line that can double
one; a letter that the world has overtaken meanwhile is not sent again, since a newer one follows it.
"""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from scheduler_app.domain.mail import CANCEL, DROPPED, DUE, FAILED, SENDING, SENT, Bounce, Mail, OutgoingMail
from scheduler_app.errors import Disconnected, NotFound, Unavailable, Undeliverable, Unsure
from scheduler_app.flow.flow import MAIL, PUBLISH, Flow
from scheduler_app.flow.links import link
from scheduler_app.flow.mailing.composing import compose
from scheduler_app.flow.mailing.outlook import Post, View, view
from scheduler_app.ports import Send

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
OVERTAKEN, PERHAPS, UNADDRESSED = "overtaken", "perhaps-sent", "no-address"


@dataclass(slots=True)
class Round:
    """What one round sent. again_in: seconds until the clinic's own limit lets the next letter go."""

    sent: int = 0
    again_in: float | None = None


def send_letters(flow: Flow, client: str) -> Round:
    """Send what is due for the client. Raises Unavailable and Disconnected: both are tried again."""
    done = Round()
    if flow.post is None:
        return done
    with flow.post.mailer.sending() as send:
        while done.again_in is None and _next(flow, flow.post, client, send, done):
            pass
    return done


def _next(flow: Flow, post: Post, client: str, send: Send, done: Round) -> bool:
    """One letter; whether there may be more."""
    with flow.store.reading() as tx:
        due = tx.mails.due(client)
        seen = view(tx, post.press, client, flow.clock()) if due else None
    if not due:
        return False
    mail = due[0]
    visit = seen.visit(mail.appointment) if seen else None
    if seen is None or visit is None:
        return _settled(flow, mail, FAILED, UNADDRESSED)
    if _overtaken(seen, mail):
        unsure = mail.state == SENDING
        # what is wanted instead may not be written down yet
        return _settled(flow, mail, SENT if unsure else DROPPED, PERHAPS if unsure else OVERTAKEN, look=True)
    letter = compose(seen, mail, visit, _link(flow, post, client))
    done.again_in = _under_way(flow, mail)
    if done.again_in is not None:
        return False
    _hand_over(flow, mail, letter, send, done)
    return True


def _overtaken(seen: View, mail: Mail) -> bool:
    """A letter under way counts as told: it stands as long as nothing else is wanted."""
    wanted = {letter.uid: letter for letter in seen.wanted()}.get(mail.uid)
    if mail.state == SENDING:
        return wanted is not None
    return wanted is None or wanted.digest != mail.digest


def _under_way(flow: Flow, mail: Mail) -> float | None:
    """Mark it so, unless this minute's letters are all gone: then seconds until it may go."""
    now = flow.clock()
    with flow.store.transaction() as tx:
        tried = tx.mails.tried_since(now - MINUTE)
        room = flow.clinic.mail.per_minute - len(tried)
        if room <= 0:
            return max(0.1, (tried[-room] + MINUTE - now).total_seconds())
        tx.mails.put(replace(mail, state=SENDING, tried_at=now))
    return None


def _hand_over(flow: Flow, mail: Mail, letter: OutgoingMail, send: Send, done: Round) -> None:
    try:
        send(letter)
    except Undeliverable as fault:
        log.warning("a letter was refused for good: %s", fault.code)
        _refused(flow, mail, letter.recipient.address, fault)
    except Unsure:
        raise
    except (Unavailable, Disconnected):
        _put(flow, mail)  # nothing was taken over: it is due as before
        raise
    else:
        _settled(flow, mail, SENT)
        done.sent += 1


def _refused(flow: Flow, mail: Mail, address: str, fault: Undeliverable) -> None:
    now = flow.clock()
    with flow.store.transaction() as tx:
        tx.mails.put(replace(mail, state=FAILED, tried_at=now, error=f"{fault.code} {fault.reply}"))
        if fault.code == "address-refused":
            tx.mails.put_bounce(Bounce(mail.client, address, fault.reply, now))
            tx.work.touch(PUBLISH, mail.client)  # what goes by mail to nobody stands in the feed again


def _settled(flow: Flow, mail: Mail, state: str, error: str = "", *, look: bool = False) -> bool:
    tried = flow.clock() if state == SENT and not error else mail.tried_at
    with flow.store.transaction() as tx:
        tx.mails.put(replace(mail, state=state, tried_at=tried, error=error))
        if look:
            tx.work.touch(MAIL, mail.client)
        if state == SENT and mail.method == CANCEL:
            tx.work.touch(PUBLISH, mail.client)  # what left the calendar may stand in the feed again
    return True


def _put(flow: Flow, mail: Mail) -> None:
    with flow.store.transaction() as tx:
        tx.mails.put(replace(mail, state=mail.state if mail.state == SENDING else DUE))


def _link(flow: Flow, post: Post, client: str) -> str:
    """The client's subscribe page; their feed is opened now if it was not yet."""
    if not post.root:
        return ""
    with flow.store.reading() as tx:
        feed = tx.feeds.of_client(client)
    if feed is None:
        flow.publish(client)
    try:
        with flow.store.transaction() as tx:
            return f"{post.root}c/{link(tx, post.press, client)}"
    except NotFound:
        return ""  # withdrawn: the clinic does not want it shown
