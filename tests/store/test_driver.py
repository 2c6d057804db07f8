"""What is said to SQLite's own connection is what the engine would have said."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

from scheduler_app.domain.appointments import Appointment
from scheduler_app.errors import Invalid
from scheduler_app.store import open_store
from scheduler_app.store.appointments import BY_SOURCES
from scheduler_app.store.changes import FIELDS
from scheduler_app.store.driver import ManyRows, OfSets
from scheduler_app.store.sql import readers
from scheduler_app.store.tables import appointments
from tests.contracts.store_base import HandClock

DIALECT = sqlite.dialect()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONES = st.sampled_from(
    [
        UTC,
        timezone(timedelta(hours=1)),
        timezone(-timedelta(hours=5, minutes=30)),
        timezone(timedelta(seconds=20)),
    ]
)
WHEN = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001
NAMES = ["plain", 'it\'s "quoted"', "Zoë ⛔", "back\\slash", "\\u0000", "nul\0inside", "", "%", "line\nend"]


def visit(source_id: str, start: datetime = NOON, **rest: Any) -> Appointment:
    return Appointment(
        f"v{source_id!r}",
        "calendar:desk",
        source_id,
        None,
        (),
        start,
        start,
        "UTC",
        "booked",
        None,
        NOON,
        **rest,
    )


VISITS = st.builds(visit, st.text(), WHEN, by_staff=st.booleans(), version=st.none() | st.integers(0, 9))


@given(st.lists(VISITS), st.none() | WHEN)
def test_rows_are_written_as_the_columns_types_write_them(
    visits: list[Appointment], heard_at: datetime | None
) -> None:
    compiled: Any = insert(appointments).compile(dialect=DIALECT, column_keys=(*FIELDS, "heard_at"))
    writers = [
        (
            name,
            compiled.binds[name].type.dialect_impl(DIALECT).bind_processor(DIALECT) or (lambda value: value),
        )
        for name in compiled.positiontup
    ]
    said = ManyRows(insert(appointments), DIALECT, FIELDS, ("heard_at",))
    assert said.written_of(visits, heard_at=heard_at) == [
        tuple(write(getattr(each, name, heard_at)) for name, write in writers) for each in visits
    ]


@pytest.mark.parametrize("gap", [None, "2026-01-01 10:00"])
def test_a_time_that_is_missing_or_written_by_hand_leaves_the_others_as_they_are(gap: str | None) -> None:
    read = readers(appointments, ("booked_at",), "sqlite")
    read_alone = [row[0] for text in ("2026-03-01 12:00:00.000500", gap) for row in read([(text,)])]
    assert [row[0] for row in read([("2026-03-01 12:00:00.000500",), (gap,)])] == read_alone
    assert read_alone[0] == NOON + timedelta(microseconds=500)


def test_sets_of_any_texts_are_found(file: Path, clock: HandClock) -> None:
    store = open_store(f"sqlite:///{file}", clock)
    store.migrate()
    with store.transaction() as tx:
        for name in NAMES:
            tx.appointments.put(visit(name), "desk", NOON)
    for name in NAMES:
        with store.transaction() as tx:
            tx.expect("calendar:desk", [name, "another"], ())
            held = tx.appointments.by_source("calendar:desk", name)
            assert held is not None
            assert held.source_id == name
            assert tx.appointments.by_source("calendar:desk", "another") is None
    with store.transaction() as tx, pytest.raises(Invalid):
        tx.expect("calendar:desk", ["\ud800"], ())
    store.close()


def test_what_sqlites_json_cuts_short_does_not_go_as_one_value() -> None:
    asked = OfSets(BY_SOURCES, DIALECT)
    assert asked.values({"of": "s", "ids": ["a"]}) == ("s", '["a"]')
    assert asked.values({"of": "s", "ids": ["a\0b"]}) is None
