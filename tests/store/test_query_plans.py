"""What is asked of a clinic of many years is found by an index: SQLite says how it goes about each."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.outcome import Outcome
from scheduler_app.ports import Transaction
from scheduler_app.store import SqlStore

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOON = NOW + timedelta(days=30)
ANN = Clues("Ann Lee", "ann@example.com", "+442079460000", "A1", "p1")
Ask = Callable[[Transaction], object]
# Steps through what was sent along, and through indexes of the few rows that wait.
FEW = ("json_each", "CONSTANT ROW", "ix_outbox_open", "ix_work_due", "ix_deliveries_pending", "_unassigned")

ASKED: dict[str, Ask] = {
    "the open action of a visit": lambda tx: tx.outbox.open_for("v1"),
    "what is to be done about a visit": lambda tx: tx.outbox.due("v1"),
    "whatever is due": lambda tx: tx.outbox.due_targets(),
    "plans that are not released": lambda tx: tx.outbox.unreleased(),
    "plans that wait": lambda tx: tx.outbox.waiting(),
    "a plan": lambda tx: tx.outbox.in_plan("p1"),
    "traces of many visits": lambda tx: tx.outbox.traces(["v1", "v2"]),
    "the mark of a visit": lambda tx: tx.outbox.written("v1"),
    "the quarrel about a visit": lambda tx: tx.outbox.quarrel("v1"),
    "a visit by its event": lambda tx: tx.appointments.by_source("calendar:desk", "e1"),
    "a visit": lambda tx: tx.appointments.get("v1"),
    "the visits of a client": lambda tx: tx.appointments.of_client("c1"),
    "the visits of nobody": lambda tx: tx.appointments.unassigned(),
    "the instances of a series": lambda tx: tx.appointments.of_series("calendar:desk", "s1"),
    "copies of a booking": lambda tx: tx.appointments.carrying("online b1"),
    "what tells of the same visit": lambda tx: tx.appointments.twins("v1"),
    "the visits of a month": lambda tx: tx.appointments.between(NOW, SOON),
    "the visits of a month in one calendar": lambda tx: tx.appointments.between(NOW, SOON, "desk"),
    "what is live in a calendar": lambda tx: list(tx.appointments.live_in("desk", NOW)),
    "what became of a visit": lambda tx: tx.appointments.history("v1"),
    "all of a page": lambda tx: tx.expect("calendar:desk", ["e1", "e2"], [ANN], {"s1"}),
    "many stories": lambda tx: tx.expect_stories(["c1", "c2"], ["v1"]),
    "who it may be": lambda tx: tx.clients.candidates(ANN, "calendar:desk"),
    "whom a person confirmed": lambda tx: tx.clients.confirmed("calendar:desk", "e1"),
    "what was done to a client": lambda tx: tx.records.treatments("c1"),
    "what a client has": lambda tx: tx.records.conditions("c1"),
    "what a client was asked": lambda tx: tx.records.screenings("c1"),
    "what was decided for a client": lambda tx: tx.records.overrides("c1"),
    "the verdict on a visit": lambda tx: tx.verdicts.get("v1"),
    "the verdicts of a client": lambda tx: tx.verdicts.of_client("c1"),
    "the verdicts of a month": lambda tx: tx.verdicts.between(NOW, SOON, (Outcome.REVIEW,)),
    "deliveries that wait": lambda tx: tx.deliveries.pending("online", 25),
    "senders whose deliveries wait": lambda tx: tx.deliveries.sources_pending(),
    "work that waits in a plan": lambda tx: tx.work.in_plan("p1"),
    "work on one thing": lambda tx: tx.work.wanted("judge", "c1"),
    "work that is late": lambda tx: tx.work.overdue(),
    "the letters of a client": lambda tx: tx.mails.of_client("c1"),
    "letters to be sent": lambda tx: tx.mails.due("c1"),
    "the feed of a client": lambda tx: tx.feeds.of_client("c1"),
    "the feed behind a token": lambda tx: tx.feeds.of_token(b"x" * 32),
    "what is published in a feed": lambda tx: tx.feeds.entries("f1"),
    "what was noted about something": lambda tx: tx.audit.entries("v1"),
    "the series of a calendar": lambda tx: tx.series.read_short_of("desk", SOON),
    "the channels of a calendar": lambda tx: tx.channels.of_calendar("desk"),
    "whether an event went with somebody erased": lambda tx: tx.personal.gone("calendar:desk", "e1"),
    "what people said of two": lambda tx: tx.pairs.of(["v1", "v2"]),
}


@pytest.mark.parametrize("what", ASKED)
def test_it_is_found_by_an_index(store: SqlStore, file: Path, what: str) -> None:
    said: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        said.append((statement, values))

    event.listen(store.engine, "before_cursor_execute", hear)
    with store.reading() as tx:
        ASKED[what](tx)
    event.remove(store.engine, "before_cursor_execute", hear)
    with closing(sqlite3.connect(file)) as database:
        whole = [(step, each) for each, values in said for step in _steps(database, each, values)]
    assert said
    assert whole == []


def _steps(database: sqlite3.Connection, statement: str, values: Any) -> list[str]:
    """Steps of its plan that go through a whole table, or through an index of the whole of one."""
    if "WHERE" not in statement:
        return []  # whether there is anything at all
    told = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    return [step for step in told if step.startswith("SCAN ") and not any(few in step for few in FEW)]
