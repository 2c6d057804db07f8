"""What every table is made with."""

from typing import Any

from sqlalchemy import Column, Index, MetaData, String
from sqlalchemy.sql.elements import ColumnElement

# Names for what PostgreSQL would otherwise name by itself, so that a migration can speak of it.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def ref(name: str, *rest: Any, **options: Any) -> Column[str]:
    """A column for an opaque name made by us."""
    return Column(name, String(64), *rest, **options)


def partial(name: str, *columns: Column[Any], where: ColumnElement[bool]) -> Index:
    """An index over the few rows that are looked for all the time. Both databases know them."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)
