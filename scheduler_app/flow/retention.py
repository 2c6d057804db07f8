"""retention: what is old enough to go, goes: each night, a few rows at a time, and counted in the audit log.

Never what judging still needs: a client is forgotten only when no rule can reach anything on record, and
no course may still be running.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from scheduler_app.domain.story import ONGOING
from scheduler_app.errors import SchedulerError
from scheduler_app.flow.erase import erase
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.story import UNREADABLE, recorded, tell
from scheduler_app.ports import Transaction

BY = "retention"  # who did it, and what the audit log files it under
TOGETHER = 500  # rows in one transaction
ROUNDS = 200  # transactions in one night for one kind; the rest waits for the next
CLIENTS = "clients"

# What goes, and the term of [retention] it goes by.
KINDS: Mapping[str, str] = {
    "delivery-bodies": "delivery_bodies",
    "refused-deliveries": "deliveries",
    "settled-deliveries": "settled",
    "settled-work": "settled",
    "settled-actions": "settled",
    "mails": "mails",
    "private-links": "links",
}


def keep_no_longer(flow: Flow) -> Mapping[str, int]:
    """Let go what is too old; how much of each went."""
    now = flow.clock()
    gone: Counter[str] = Counter()
    for what, term in KINDS.items():
        before = months_before(now, getattr(flow.clinic.retention, term))
        for _ in range(ROUNDS):
            with flow.store.transaction() as tx:
                count = tx.retention.drop(what, before, TOGETHER)
            gone[what] += count
            if count < TOGETHER:
                break
    gone[CLIENTS] = _forget_clients(flow, now)
    counted = {what: count for what, count in gone.items() if count}
    if counted:
        with flow.store.transaction() as tx:
            tx.audit.write(now, BY, "let-go", BY, {what: str(count) for what, count in counted.items()})
    return counted


def would_go(flow: Flow) -> Mapping[str, int]:
    """What the next night would let go, without doing it."""
    now = flow.clock()
    with flow.store.reading() as tx:
        found = {
            what: tx.retention.count(what, months_before(now, getattr(flow.clinic.retention, term)))
            for what, term in KINDS.items()
        }
        found[CLIENTS] = sum(1 for _ in _idle(tx, flow, now))
    return found


def _forget_clients(flow: Flow, now: datetime) -> int:
    """Off unless the clinic gave a number of years. One that cannot go now is tried again tomorrow."""
    with flow.store.reading() as tx:
        refs = _idle(tx, flow, now)
    count = 0
    for ref in refs:
        try:
            erase(flow, ref, BY)
        except SchedulerError:
            continue
        count += 1
    return count


def _idle(tx: Transaction, flow: Flow, now: datetime) -> list[str]:
    years = flow.clinic.retention.clients_years
    if years is None:
        return []
    before = months_before(now, 12 * years)
    found: list[str] = []
    after = ""
    for _ in range(ROUNDS):
        refs = tx.retention.idle_clients(before, TOGETHER, after)
        found += [ref for ref in refs if not _reached(tx, flow, ref, flow.today(now))]
        if len(refs) < TOGETHER or len(found) >= TOGETHER:
            break
        after = refs[-1]
    return found[:TOGETHER]


def _reached(tx: Transaction, flow: Flow, client: str, today: int) -> bool:
    """Whether a rule may still count from something on record, or a course may still be running."""
    story = tell(tx.appointments.of_client(client, twins=True), recorded(tx, client), flow.catalogue, today)
    if any(UNREADABLE in visit.doubts for visit in story.visits):
        return True
    items = [*story.items, *(item for visit in story.visits for item in visit.items(today))]
    return any(
        item.last >= ONGOING
        or any(
            rule.minimum.after(item.last) > today
            for rule in flow.rulebook.rules
            if rule.earlier == item.treatment
        )
        for item in items
    )


def months_before(now: datetime, months: int) -> datetime:
    """The same moment so many months ago; days beyond the 28th count as that one, which keeps longer."""
    index = now.year * 12 + now.month - 1 - months
    return now.replace(year=index // 12, month=index % 12 + 1, day=min(now.day, 28))
