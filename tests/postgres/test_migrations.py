"""The steps of the schema on a real PostgreSQL: from nothing, from an older one with rows, at once."""

from contextlib import ExitStack

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from scheduler_app.domain.appointments import Clues
from scheduler_app.errors import Invalid
from scheduler_app.store import SqlStore, open_store
from scheduler_app.store.migrating import config
from scheduler_app.store.tables import metadata
from tests.contracts.store_base import HandClock
from tests.postgres.server import PostgresServer
from tests.store.migrating_at_once import assert_they_may

ROUNDS = 3
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
WITH_ROWS = """
INSERT INTO clients (ref, name, search, created_at, language, privacy, invitations)
  VALUES ('c1', 'Lee, Ann', 'lee, ann', '2026-01-01 12:00+00', 'en', 'neutral', true);
INSERT INTO client_names (client, key) VALUES ('c1', 'a key of old');
INSERT INTO appointments (ref, source, source_id, client, treatments, start, "end", zone, status,
    reported_at, location, title, doubts, by_staff)
  VALUES ('a1', 'website', 'b1', 'c1', '["microneedling"]', '2026-03-10 10:00+00', '2026-03-10 11:00+00',
    'Europe/London', 'booked', '2026-01-01 12:00+00', '', 'MN Ann Lee', '[]', false);
INSERT INTO work (kind, key, due) VALUES ('judge', 'c1', 0);
"""


def test_alembic_finds_nothing_left_to_do(store: SqlStore) -> None:
    with store.writing() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_steps_lead_to_the_indexes_the_code_was_written_for(
    server: PostgresServer, migrated: str
) -> None:
    told = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    with server.database() as made:
        store = open_store(server.url(made), HandClock())
        metadata.create_all(store.engine)
        store.close()
        by_steps, at_once = dict(server.say(told, migrated)), dict(server.say(told, made))
    by_steps.pop("alembic_version_pkc")
    assert by_steps == at_once


def test_an_older_database_keeps_its_rows(server: PostgresServer, clock: HandClock) -> None:
    with server.database() as name:
        store = open_store(server.url(name), clock)
        with store.writing() as connection:
            command.upgrade(config(connection), "0002")
        server.say(WITH_ROWS, name)
        with store.looking() as connection:
            newer = [
                step.revision
                for step in ScriptDirectory.from_config(config(connection)).walk_revisions()
                if step.revision > "0002"
            ]
        for step in sorted(newer):
            with store.writing() as connection:
                command.upgrade(config(connection), step)
        store.migrate()
        with store.reading() as tx:
            (visit,) = tx.appointments.of_client("c1")
            (known,) = tx.clients.candidates(Clues(name="Ann Lee"), "website")
            assert tx.work.overdue()[0] == 1
        store.close()
    assert (visit.treatments, visit.series, visit.writable) == (("microneedling",), "", True)
    assert visit.start.isoformat() == "2026-03-10T10:00:00+00:00"
    assert known.ref == "c1"  # under the keys of today


def test_a_step_that_breaks_leaves_nothing_behind(server: PostgresServer, clock: HandClock) -> None:
    with server.database() as name:
        server.say("CREATE TABLE work (id INTEGER)", name)  # in the way of the second step
        store = open_store(server.url(name), clock)
        with pytest.raises(DBAPIError, match="already exists"):
            store.migrate()
        store.close()
        assert server.say(TABLES, name) == [(1,)]


def test_a_database_newer_than_the_program_is_refused(server: PostgresServer, clock: HandClock) -> None:
    with server.database() as name:
        store = open_store(server.url(name), clock)
        store.migrate()
        server.say("UPDATE alembic_version SET version_num = '9999'", name)
        with pytest.raises(Invalid, match=r"9999.*newer version"):
            store.migrate()
        store.close()


@pytest.mark.system
def test_several_processes_may_migrate_a_new_database_at_once(
    server: PostgresServer, clock: HandClock
) -> None:
    with ExitStack() as held:
        urls = [server.url(held.enter_context(server.database())) for _ in range(ROUNDS)]
        assert_they_may(urls)
