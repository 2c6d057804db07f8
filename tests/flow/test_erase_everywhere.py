"""erase, held up to the schema: no table and no column is forgotten, whatever is added to it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Double, Integer, LargeBinary, func, insert, select

from scheduler_app.flow.erase import erase
from scheduler_app.store import tables as t
from scheduler_app.store.columns import Day, Moment, Words
from scheduler_app.store.erasing import GOES, STAYS
from scheduler_app.store.whereabouts import BY_WORDS, HELD, LEFT_OUT
from tests.flow.clinic_at_work import ClinicAtWork
from tests.flow.full_lives import WORDS, a_full_life, rows_about, traces


def test_every_table_says_where_a_persons_rows_lie_or_why_it_has_none() -> None:
    for table in t.metadata.sorted_tables:
        told = (table in HELD) + (table in BY_WORDS) + (table in LEFT_OUT and table not in HELD)
        assert told == 1, f"{table.name}: say in store/whereabouts.py what it holds of a person"
    assert all(reason.strip() for reason in LEFT_OUT.values())


def test_every_table_with_a_persons_rows_is_erased_or_stays_on_purpose() -> None:
    assert GOES.keys() | STAYS == HELD.keys()


def filled(column: Any, client: str, visit: str) -> Any:
    """A value that names the person, wherever a text may stand."""
    refs = {"client": client, "ref": client, "appointment": visit, "target": visit, "feed": "f-full"}
    refs |= {"one": visit, "other": visit}
    kind = column.type
    if column.name in refs:
        return refs[column.name]
    if isinstance(kind, Words):
        return (WORDS[0],)
    if isinstance(kind, JSON):
        return {"about": " ".join(WORDS)}
    if isinstance(kind, Moment):
        return datetime(2026, 1, 1, tzinfo=UTC)
    if isinstance(kind, Day):
        return 739_000
    if isinstance(kind, LargeBinary):
        return " ".join(WORDS).encode()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Double):
        return 1
    return " ".join(WORDS)


def test_a_row_that_is_full_of_the_person_goes_from_every_table(clinic: ClinicAtWork) -> None:
    """Whatever column is added to one of these tables, its words go too."""
    client = a_full_life(clinic)
    with clinic.store.reading() as tx:
        visit = tx.appointments.of_client(client)[0].ref
    fresh = [table for table in GOES if table.name not in {"appointments", "calendar_events"}]
    with clinic.store.writing() as connection:
        connection.execute(
            insert(t.feeds), {"ref": "f-full", "client": client, "generation": 1, "revoked": False}
        )
        for table in fresh:
            keys = {column.name for column in table.primary_key}
            row = {
                column.name: filled(column, client, visit)
                for column in table.columns
                if not (column.name == "id" and column.autoincrement)
            }
            if keys == {"appointment"} or keys == {"feed"} or keys == {"client"}:
                connection.execute(table.delete().where(HELD[table]), {"client": client})
            connection.execute(insert(table), row)
    assert rows_about(clinic, client).keys() >= {table.name for table in fresh if table not in LEFT_OUT}
    erase(clinic.flow, client, "kim")
    clinic.settle()
    assert not any(traces(clinic).values())
    with clinic.store.looking() as connection:
        for table in GOES:
            found = connection.execute(
                select(func.count()).select_from(table).where(HELD[table]), {"client": client}
            )
            assert (table.name, found.scalar()) == (table.name, 0)


def test_a_row_of_every_such_table_is_known_of_somebody_with_a_full_life(clinic: ClinicAtWork) -> None:
    told = rows_about(clinic, a_full_life(clinic))
    missing = {table.name for table in HELD if table not in LEFT_OUT} - told.keys()
    # these take a feed, a letter, a quarrel, a person's word or a wish, and are told in tests of their own
    assert missing <= {
        "feeds", "feed_entries", "feed_bytes", "mails", "mail_choices", "mail_bounces",
        "mark_quarrels", "marks_written", "overrides", "identity_confirmations", "erasures",
        "visit_pairs",
    }  # fmt: skip
