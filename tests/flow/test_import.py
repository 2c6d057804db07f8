"""A client list with history comes in whole or not at all."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from scheduler_app.flow.client_rows import COLUMNS, BadRows, read_rows
from scheduler_app.flow.import_clients import Imported, import_rows
from tests.flow.clinic_at_work import ClinicAtWork

HEADER = "client_code,name,email,phone,treatment,on,started_on,ended_on,ongoing,condition,screened_on,note\n"
GOOD = (
    "C1,Ann Lee,ann@example.com,020 7946 0018,botulinum_toxin,2026-02-20,,,,,2026-01-10,upper face\n",
    "C1,Ann Lee,,,,,,,,eczema,,\n",
    "C2,Bo Derry,bo@example.com,,isotretinoin,,2025-05,,yes,,,\n",
)


def bring(clinic: ClinicAtWork, *rows: str, header: str = HEADER) -> Imported:
    return import_rows(clinic.flow, read_rows([header, *rows]), "Front desk")


def faults(clinic: ClinicAtWork, *rows: str, header: str = HEADER) -> Sequence[tuple[int, str]]:
    with pytest.raises(BadRows) as refused:
        bring(clinic, *rows, header=header)
    return [(fault.row, fault.field) for fault in refused.value.faults]


def people(clinic: ClinicAtWork) -> int:
    with clinic.store.reading() as tx:
        return len(list(tx.clients.refs()))


def test_a_list_is_taken_in_and_bookings_are_judged_by_it(clinic: ClinicAtWork) -> None:
    needling = clinic.book("Microneedling", "2026-03-05", "Ann Lee", "ann@example.com")
    clinic.settle()
    done = bring(clinic, *GOOD)
    clinic.settle()

    assert (done.rows, done.clients, done.records, done.known) == (3, 1, 4, 0)
    assert clinic.outcome(needling) == "blocked"
    assert people(clinic) == 2


def test_the_same_list_twice_adds_nothing(clinic: ClinicAtWork) -> None:
    bring(clinic, *GOOD)
    again = bring(clinic, *GOOD)

    assert (again.clients, again.records, again.known) == (0, 0, 4)
    assert people(clinic) == 2


def test_one_bad_row_and_nothing_is_imported_and_every_fault_is_named(clinic: ClinicAtWork) -> None:
    found = faults(
        clinic,
        *GOOD,
        "C3,,cy@example.com,,,,,,,,,\n",
        "C4,Di Moss,not an address,12,,,,,,,,\n",
        "C5,Ed Gray,ed@example.com,,voodoo,2026-01-01,,,,,,\n",
        "C6,Fay Hill,fay@example.com,,botulinum_toxin,2027-01-01,,,,,,\n",
        "C7,Gus Pike,gus@example.com,,,2026-01-01,,,,,,\n",
        "C8,Hal Dale,hal@example.com,,,,,,maybe,hiccups,2026-13-01,\n",
    )

    assert found == [
        (5, "name"),
        (6, "email"),
        (6, "phone"),
        (7, "treatment"),
        (8, "on"),
        (9, "treatment"),
        (10, "ongoing"),
        (10, "condition"),
        (10, "screened_on"),
    ]
    assert people(clinic) == 0


def test_a_fault_tells_its_cure_and_repeats_nobodys_name(clinic: ClinicAtWork) -> None:
    with pytest.raises(BadRows) as refused:
        bring(clinic, "C4,Di Moss,secret address,,,,,,,,,\n")
    assert "row 2, email" in str(refused.value)
    assert "Moss" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_whoever_cannot_be_told_apart_needs_a_code(clinic: ClinicAtWork) -> None:
    assert faults(clinic, *GOOD, ",Bob Lee,ann@example.com,,,,,,,,,\n") == [(5, "client")]
    assert faults(clinic, ",Ann Lee,,,,,,,,,,\n") == [(2, "client")]
    done = bring(clinic, *GOOD, "C9,Ann Lee,other@example.com,,,,,,,,,\n")
    assert done.clients == 3


def test_a_header_is_checked_before_anything(clinic: ClinicAtWork) -> None:
    assert faults(clinic, "x\n", header="naem,email\n") == [(1, "naem"), (1, "name")]
    assert faults(clinic, header="name,name\n") == [(1, "header")]
    assert faults(clinic, header="") == [(1, "name")]


def test_semicolons_tabs_and_a_byte_order_mark_are_read(clinic: ClinicAtWork) -> None:
    rows = list(
        read_rows(["\ufeffName;E-Mail\n".replace("E-Mail", "email"), "Ann Lee;ann@example.com\n", ";\n"])
    )
    assert rows == [{"": "2", "name": "Ann Lee", "email": "ann@example.com"}]
    assert next(read_rows(["name\temail\n", "Ann\ta@example.com\n"]))["email"] == "a@example.com"


def test_dates_alone_or_a_procedure_with_a_course_are_faults(clinic: ClinicAtWork) -> None:
    assert faults(clinic, "C1,Ann Lee,a@example.com,,botulinum_toxin,,2025-01-01,,,,,\n") == [(2, "on")]


def test_a_row_with_more_cells_than_columns_or_with_control_characters_is_a_fault(
    clinic: ClinicAtWork,
) -> None:
    assert faults(clinic, "Lee, Ann,ann@example.com\n", header="name,email\n") == [(2, "row"), (2, "email")]
    assert faults(clinic, "Ann\x07,ann@example.com\n", header="name,email\n") == [(2, "name")]
    assert faults(clinic, '"Ann,ann@example.com\n', header="name,email\n") == [(2, "file")]


def test_the_documented_example_comes_in(clinic: ClinicAtWork) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```csv\n(.*?)```", docs, re.DOTALL)
    done = import_rows(clinic.flow, read_rows(example.splitlines(keepends=True)), "Front desk")

    assert (done.rows, done.clients, done.records) == (3, 2, 4)
    assert all(f"`{column}`" in docs for column in COLUMNS)
