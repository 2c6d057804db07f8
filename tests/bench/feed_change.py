"""One changed entry to stored bytes, against rendering the whole feed."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import icalendar
from icalendar.enums import CLASS, STATUS, TRANSP

from scheduler_app import ics
from scheduler_app.domain.clients import Client
from scheduler_app.domain.entries import Entry, Feed, PublishedEntry
from scheduler_app.domain.tokens import stored_form, token
from scheduler_app.flow.publish import served
from scheduler_app.flow.revision import Change
from scheduler_app.ports import Transaction
from scheduler_app.store import open_store
from tests.bench.rows import Row, per_call, side_by_side

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
KEY = bytes(32)
_TEXT = (
    "Do not wash your face until {until}. Leave the mask on your skin; it works longer. Call us on "
    "+34 600 000 000 if anything gets worse, hurts a lot or worries you, and ask for nurse {number}."
)


def entry(number: int, moved: int = 0) -> Entry:
    """One of many, each with words of its own and an alarm. moved: minutes later than it was."""
    start = NOW + timedelta(days=1, hours=6 * number, minutes=moved)
    until = f"{start + timedelta(hours=5):%H:%M}"
    return Entry(
        uid=f"no-face-washing.{number:024x}@feeds.example",
        kind="no-face-washing",
        start=start,
        end=start + timedelta(hours=5),
        title=f"No face washing until {until}",
        text=_TEXT.format(until=until, number=number + moved),
        alarm=30,
        related=f"appointment.{number:024x}@feeds.example",
    )


def whole_feed(rows: Sequence[PublishedEntry]) -> bytes:
    """The feed of these."""
    return ics.join(ics.head("Clinic", 4), [row.block for row in sorted(rows, key=lambda row: row.uid)])


def put_feed(tx: Transaction, client: str, count: int) -> tuple[Feed, list[PublishedEntry]]:
    """A client with a feed of so many entries."""
    feed = Feed(f"f-{client}", client)
    rows = [Change(each, each.digest, 0, NOW).published() for each in map(entry, range(count))]
    tx.clients.add(Client(client, client, NOW), ())
    tx.feeds.put(feed, stored_form(token(KEY, feed)))
    tx.feeds.put_entries(feed.ref, rows, ())
    tx.feeds.put_bytes(feed.ref, served(whole_feed(rows), None, NOW))
    return feed, rows


def rendered_plainly(entries: Sequence[Entry]) -> bytes:
    """The whole feed as icalendar's documentation has it; what has no argument is added."""
    calendar = icalendar.Calendar.new(name="Clinic")
    for each in entries:
        event = icalendar.Event.new(
            uid=each.uid,
            stamp=NOW,
            last_modified=NOW,
            sequence=0,
            summary=each.title,
            description=each.text,
            start=each.start,
            end=each.end,
            status=STATUS.CONFIRMED,
            classification=CLASS.PRIVATE,
            transparency=TRANSP.TRANSPARENT,
        )
        event.add("RELATED-TO", each.related)
        event.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
        event.add_component(icalendar.Alarm.new_display(each.title, timedelta(minutes=-(each.alarm or 1))))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def changed(count: int, limit: float) -> Row:
    """Rendered, joined, hashed, zipped and stored, inside a transaction; the peer only renders."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db", lambda: NOW)
        store.migrate()
        with store.transaction() as tx:
            feed, rows = put_feed(tx, "c1", count)
            shown = {row.uid: row for row in rows}
            versions = iter([entry(3, moved) for moved in range(1, 1000)])

            def change() -> None:
                fresh = next(versions)
                row = Change(fresh, fresh.digest, shown[fresh.uid].sequence + 1, NOW).published()
                shown[row.uid] = row
                tx.feeds.put_entries(feed.ref, [row], ())
                tx.feeds.put_bytes(feed.ref, served(whole_feed(list(shown.values())), None, NOW))

            entries = [entry(number) for number in range(count)]
            ours, plainly = side_by_side([change, lambda: rendered_plainly(entries)], 20)
        store.close()
    what = f"one changed entry of {count} to stored bytes"
    return Row(what, per_call(ours), f"all by icalendar {per_call(plainly)}", plainly / ours, limit)
