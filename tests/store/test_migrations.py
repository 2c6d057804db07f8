"""The steps of the schema lead to exactly the tables the code speaks to."""

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from scheduler_app.errors import Invalid
from scheduler_app.store import SqlStore, open_store
from scheduler_app.store.migrating import config
from scheduler_app.store.schema import newest
from scheduler_app.store.tables import metadata
from tests.contracts.store_base import HandClock, client
from tests.store.migrating_at_once import assert_they_may

ROUNDS = 6
BEFORE = """
    INSERT INTO appointments (ref, source, source_id, treatments, start, "end", zone, status, reported_at,
        location, title, doubts, by_staff)
    VALUES ('v1', 'acme', 'b1', '[]', '2026-03-01 09:00:00.000000', '2026-03-01 10:00:00.000000', 'UTC',
        'booked', '2026-02-01 09:00:00.000000', '', 'Botox', '[]', 1);
    INSERT INTO appointment_history (appointment, "by", at, changes)
    VALUES ('v1', 'dora', '2026-02-01 08:00:00.000000', '{}');
"""


def schema(file: Path) -> dict[tuple[str, str], str]:
    """Every table and index as SQLite was told to make it, without the spaces."""
    connection = sqlite3.connect(file)
    told = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    rows = {(kind, name): "".join(sql.split()) for kind, name, sql in told}
    connection.close()
    rows.pop(("table", "alembic_version"), None)
    return rows


def test_the_steps_lead_to_the_tables_the_code_speaks_to(file: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.db"
    engine = create_engine(f"sqlite:///{made}")
    metadata.create_all(engine)
    engine.dispose()
    assert schema(file) == schema(made)


def test_alembic_finds_nothing_left_to_do(store: SqlStore) -> None:
    with store.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_there_is_one_newest_step(store: SqlStore) -> None:
    with store.looking() as connection:
        scripts = ScriptDirectory.from_config(config(connection))
    assert scripts.get_heads() == [newest()]
    assert len(scripts.get_bases()) == 1
    for step in scripts.walk_revisions():
        assert Path(step.path).name.startswith(f"v{step.revision}_")


@pytest.mark.usefixtures("store")
def test_a_database_that_is_up_to_date_costs_nothing_of_alembic(file: Path) -> None:
    program = (
        "import sys; from scheduler_app.store import open_store\n"
        f"store = open_store('sqlite:///{file}', None); store.migrate(); store.close()\n"
        "assert 'alembic' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_migrating_again_changes_nothing_and_keeps_everything(store: SqlStore, file: Path) -> None:
    with store.transaction() as tx:
        tx.clients.add(client(), [])
    before = schema(file)
    store.migrate()
    assert schema(file) == before
    with store.reading() as tx:
        assert tx.clients.get("c1") == client()


def test_each_step_can_be_taken_alone(tmp_path: Path, clock: HandClock) -> None:
    store = open_store(f"sqlite:///{tmp_path}/clinic.db", clock)
    with store.looking() as connection:
        steps = list(ScriptDirectory.from_config(config(connection)).walk_revisions())[::-1]
    for step in steps:
        with store.writing() as connection:
            command.upgrade(config(connection), step.revision)
    store.close()
    store.migrate()
    store.close()


def test_who_told_of_a_visit_first_is_known_also_from_before_the_visit_said_so(
    tmp_path: Path, clock: HandClock
) -> None:
    file = tmp_path / "clinic.db"
    store = open_store(f"sqlite:///{file}", clock)
    with store.writing() as connection:
        command.upgrade(config(connection), "0006")
    store.close()
    by_hand = sqlite3.connect(file)
    by_hand.executescript(BEFORE)
    by_hand.close()
    store.migrate()
    with store.transaction() as tx:
        held = tx.appointments.get("v1")
        assert held is not None
        tx.appointments.put(replace(held, title="MN"), "acme", clock())
        *born, title = tx.appointments.history("v1")
    store.close()
    assert {(change.by, change.at.hour, change.before) for change in born} == {("dora", 8, None)}
    assert ("title", "Botox") in {(change.field, change.after) for change in born}
    assert (title.by, title.before, title.after) == ("acme", "Botox", "MN")


def test_a_step_that_breaks_leaves_nothing_behind(tmp_path: Path, clock: HandClock) -> None:
    file = tmp_path / "clinic.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE work (id INTEGER)")  # in the way of the second step
    connection.close()
    store = open_store(f"sqlite:///{file}", clock)
    with pytest.raises(Exception, match="already exists"):
        store.migrate()
    store.close()
    assert list(schema(file)) == [("table", "work")]


def test_a_database_newer_than_the_program_is_refused(store: SqlStore, file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(Invalid, match=r"9999.*newer version"):
        store.migrate()


def test_several_processes_may_migrate_a_new_database_at_once(tmp_path: Path, clock: HandClock) -> None:
    urls = [f"sqlite:///{tmp_path}/clinic{number}.db" for number in range(ROUNDS)]
    assert_they_may(urls)
