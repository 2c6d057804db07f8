"""Rows of a client list: a CSV with a header, read as it comes, and what is wrong with it."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler_app.errors import Invalid

NUMBER, TOO_MANY = "", "+"  # keys beside the columns: which row it is, and that cells were left over
COLUMNS = (
    "client_code",
    "name",
    "email",
    "phone",
    "language",
    "treatment",
    "on",
    "started_on",
    "ended_on",
    "ongoing",
    "condition",
    "screened_on",
    "note",
)


@dataclass(frozen=True, slots=True)
class BadRow:
    """One fault. row: as a spreadsheet numbers it, the header being row 1. No value is repeated."""

    row: int
    field: str
    fault: str
    cure: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field}: {self.fault}. {self.cure}."


class BadRows(Invalid):
    """The list was not imported; every fault is named."""

    def __init__(self, faults: Sequence[BadRow]) -> None:
        super().__init__("rows-unreadable", "\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def read_rows(lines: Iterable[str]) -> Iterator[Mapping[str, str]]:
    """Rows of a CSV with a header, by lower-case column; separated by commas, semicolons or tabs.

    Raises BadRows for a header that cannot be used, or where the file is no CSV any more.
    """
    source = iter(lines)
    header = next(source, "").lstrip("\ufeff")
    separator = max(",;\t", key=header.count)
    columns = [column.strip().lower() for column in next(csv.reader([header], delimiter=separator), [])]
    faults = [
        BadRow(1, column or "header", "no such column", f"use {', '.join(COLUMNS)}")
        for column in columns
        if column not in COLUMNS
    ]
    if "name" not in columns:
        faults.append(BadRow(1, "name", "the column is missing", "add it"))
    if len(set(columns)) != len(columns):
        faults.append(BadRow(1, "header", "a column stands there twice", "leave one out"))
    if faults:
        raise BadRows(faults)
    number = 1
    try:
        for number, cells in enumerate(csv.reader(source, delimiter=separator, strict=True), 2):
            if any(cell.strip() for cell in cells):
                row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
                yield {NUMBER: str(number), **row, **({TOO_MANY: "yes"} if len(cells) > len(columns) else {})}
    except csv.Error:
        cure = "save the list as CSV, in UTF-8, with cells that hold quotes in quotes"
        raise BadRows([BadRow(number + 1, "file", "this is no CSV", cure)]) from None
