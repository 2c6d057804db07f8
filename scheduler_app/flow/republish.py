"""republish: everybody's feed at once, after a change of care texts; the same as publishing each in turn.

Clients are taken together, so that a commit serves many of them, and any batch may be made by any process.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice

from scheduler_app.flow.publish import Press, due, make, write
from scheduler_app.ports import Store

TOGETHER = 100  # so few that nobody who books waits long for the one transaction they are written in


def together(store: Store, after: str = "", at_most: int = TOGETHER) -> Iterator[Sequence[str]]:
    """Every client's ref that sorts after `after`, in order and in batches.

    The last ref of the last batch that was published is where an interrupted run goes on.
    """
    while True:
        with store.reading() as tx:
            batch = list(islice(tx.clients.refs(after), at_most))
        if batch:
            yield batch
        if len(batch) < at_most:
            return
        after = batch[-1]


def publish_together(store: Store, press: Press, clients: Sequence[str], now: datetime) -> int:
    """Bring these clients' feeds up to date, all or none; for how many something had to be written.

    Everything is made outside the writing transaction. Raises Unavailable.
    """
    with store.reading() as tx:
        found = {client: wanted for client in clients if (wanted := due(tx, press, client, now))}
    if not found:
        return 0
    made = {client: make(press, wanted, now) for client, wanted in found.items()}
    written = 0
    with store.transaction() as tx:
        for client, wanted in found.items():
            if tx.feeds.stamp(wanted.feed.ref) == wanted.stamp:
                write(tx, press, wanted, made[client])
                written += 1
            elif again := due(tx, press, client, now):  # somebody else published meanwhile
                write(tx, press, again, make(press, again, now))
                written += 1
    return written


def texts_of(press: Press) -> str:
    """Sixteen hex digits over what the clinic says in every feed: a run for other texts begins anew."""
    said = (sorted(press.care.items()), press.precedence, press.clinic, sorted(press.names.items()))
    return sha256(repr((said, press.publish_unapproved)).encode()).hexdigest()[:16]
