"""links: a feed's address is printed again, replaced, or withdrawn. Only hashes of tokens are ever kept."""

from dataclasses import replace

from scheduler_app.domain.entries import Feed
from scheduler_app.domain.tokens import printed_again, stored_form, token
from scheduler_app.errors import NotFound
from scheduler_app.flow.publish import Press
from scheduler_app.ports import Transaction


def link(tx: Transaction, press: Press, client: str) -> str:
    """The token of the client's feed: the one handed out before, as long as its key is listed.

    Raises NotFound for a client without a feed, or with one that was withdrawn.
    """
    feed = _feed(tx, client)
    if feed.revoked:
        raise NotFound("this client's link was withdrawn; make a new one")
    for stored in tx.feeds.tokens(feed.ref):
        known = printed_again(press.keys, feed, stored)
        if known is not None:
            return known
    return _open(tx, press, feed)


def renew(tx: Transaction, press: Press, client: str) -> str:
    """A new token; every older one is answered with 410 from now on. Raises NotFound."""
    feed = _feed(tx, client)
    return _open(tx, press, replace(feed, generation=feed.generation + 1, revoked=False))


def withdraw(tx: Transaction, press: Press, client: str) -> None:
    """No token opens the feed any more, until a new one is made. Raises NotFound."""
    _open(tx, press, replace(_feed(tx, client), revoked=True))


def _feed(tx: Transaction, client: str) -> Feed:
    feed = tx.feeds.of_client(client)
    if feed is None:
        raise NotFound("this client has no feed yet; it is opened with the first appointment")
    return feed


def _open(tx: Transaction, press: Press, feed: Feed) -> str:
    made = token(press.keys[0], feed)
    tx.feeds.put(feed, stored_form(made))
    return made
