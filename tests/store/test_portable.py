"""Nothing the store says is understood by SQLite alone: PostgreSQL's compiler takes it too."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import SelectBase

import scheduler_app.store as package
from scheduler_app.store import SqlStore
from scheduler_app.store.sql import PER_DIALECT
from scheduler_app.store.tables import metadata
from tests.store.test_sqlite import TestSqliteStore as EverySentence

SQLITE: Dialect = sqlite.dialect()
POSTGRES: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("build", PER_DIALECT, ids=lambda build: f"{build.__module__}.{build.__name__}")
def test_statements_that_differ_are_built_for_both(build: Any) -> None:
    assert "ON CONFLICT" in str(build("sqlite").compile(dialect=SQLITE))
    assert "ON CONFLICT" in str(build("postgresql").compile(dialect=POSTGRES))


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_tables_can_be_made_in_both(table: Any) -> None:
    made = str(CreateTable(table).compile(dialect=POSTGRES))
    assert "DATETIME" not in made
    for index in table.indexes:
        told = [str(CreateIndex(index).compile(dialect=dialect)) for dialect in (POSTGRES, SQLITE)]
        assert len({" WHERE " in each for each in told}) == 1
        assert len(index.name) <= 63  # PostgreSQL cuts longer names, and two may become one


def statements() -> Iterator[Any]:
    """Every statement kept in a module of the store."""
    for path in sorted(Path(package.__file__).parent.glob("*.py")):
        module = import_module(f"scheduler_app.store.{path.stem}")
        for name, value in vars(module).items():
            for each in value.values() if isinstance(value, dict) else [value]:
                if isinstance(each, SelectBase | UpdateBase):
                    yield pytest.param(each, id=f"{path.stem}.{name}")


@pytest.mark.parametrize("statement", list(statements()))
def test_kept_statements_compile_for_postgresql(statement: ClauseElement) -> None:
    assert str(statement.compile(dialect=POSTGRES))


class TestEverythingSaid(EverySentence):
    """Every sentence of the contract again, while each statement is held up to PostgreSQL's compiler."""

    @pytest.fixture(autouse=True)
    def overhear(self, store: SqlStore) -> Iterator[None]:
        def check(_connection: Any, said: Any, *_rest: Any) -> None:
            if not isinstance(said, sqlite.Insert):  # these are built for each (above)
                assert str(said.compile(dialect=POSTGRES))

        event.listen(store.engine, "before_execute", check)
        yield
        event.remove(store.engine, "before_execute", check)
