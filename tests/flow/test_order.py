"""Deliveries come late, twice and in any order; the end is the same."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.flow.clinic_at_work import NOW, SITE, ClinicAtWork, document, signed
from tests.flow.conftest import Opened

IDS = ("botox", "needling", "needling-2", "filler")
WHO = {"id": "p1", "name": "Ann Lee", "email": "ann@example.com", "phone": "020 7946 0018"}


def minutes(count: int) -> str:
    """A time of the platform's clock."""
    return (NOW - timedelta(hours=2) + timedelta(minutes=count)).isoformat()


# What a platform says over two hours: Botox booked and moved, microneedling booked, rescheduled under a new
# id and moved once more, filler booked and called off. The end is one blocked microneedling.
TOLD = (
    document("created", id="botox", treatments=["botulinum_toxin"], day="2026-03-05", client=WHO, version=1)
    | {"timestamp": minutes(0)},
    document(
        "rescheduled", id="botox", treatments=["botulinum_toxin"], day="2026-03-06", client=WHO, version=2
    )
    | {"timestamp": minutes(50)},
    document("created", id="needling", day="2026-04-20", client=WHO) | {"timestamp": minutes(10)},
    document("updated", id="needling", day="2026-04-21", client=WHO) | {"timestamp": minutes(12)},
    document("rescheduled", id="needling-2", day="2026-04-02", client=WHO, previous_id="needling")
    | {"timestamp": minutes(20)},
    document("rescheduled", id="needling-2", day="2026-03-17", client=WHO) | {"timestamp": minutes(30)},
    document("created", id="filler", treatments=["dermal_filler"], day="2026-03-10", client=WHO)
    | {"timestamp": minutes(15)},
    document("cancelled", id="filler", treatments=["dermal_filler"], day="2026-03-10", client=WHO)
    | {"timestamp": minutes(40)},
)


def deliver(clinic: ClinicAtWork, order: Sequence[int], pauses: frozenset[int] = frozenset()) -> None:
    """Hand them in; after some of them the flow catches up before the next one comes."""
    for place, number in enumerate(order):
        body = json.dumps(TOLD[number])
        clinic.send(signed(f"msg_{number}_{place}", clinic.clock.now, body), body.encode())
        if place in pauses:
            clinic.settle()
    clinic.settle()


def end_state(clinic: ClinicAtWork) -> object:
    """Everything that matters when all is done; of what was called off only that it was."""
    state: dict[str, object] = {}
    with clinic.store.reading() as tx:
        for source_id in IDS:
            held = tx.appointments.by_source(SITE, source_id)
            if held is None or held.status == "cancelled":
                state[source_id] = None if held is None else (held.status, held.replaced_by)
                continue
            client = tx.clients.get(held.client or "")
            verdict = tx.verdicts.get(held.ref)
            state[source_id] = (
                (held.status, held.start, held.end, held.zone, held.treatments, held.doubts),
                (held.booked_at, held.reported_at, held.version),
                client and client.name,
                verdict and verdict.verdict,
            )
        state["clients"] = len(list(tx.clients.refs()))
    return state


@pytest.fixture(scope="module")
def expected(opened: Opened) -> object:
    """What it comes to when everything comes once and in order."""
    with opened() as clinic:
        deliver(clinic, range(len(TOLD)))
        state = end_state(clinic)
        assert clinic.outcome("needling-2", SITE) == "blocked"
        assert clinic.appointment("needling-2", SITE).booked_at == NOW - timedelta(minutes=110)
        return state


@settings(max_examples=25)
@given(
    order=st.permutations(range(len(TOLD))),
    again=st.lists(st.sampled_from(range(len(TOLD))), max_size=4),
    pauses=st.frozensets(st.integers(0, 11), max_size=5),
)
def test_neither_order_nor_copies_of_deliveries_change_the_end(
    opened: Opened, expected: object, order: list[int], again: list[int], pauses: frozenset[int]
) -> None:
    with opened() as clinic:
        deliver(clinic, [*order, *again], pauses)
        assert end_state(clinic) == expected


@pytest.mark.parametrize("order", list(permutations((2, 4, 5))))
def test_a_rescheduled_visit_is_as_old_as_the_first_booking_whichever_is_heard_of_first(
    opened: Opened, order: tuple[int, ...]
) -> None:
    with opened() as clinic:
        deliver(clinic, order)
        after = clinic.appointment("needling-2", SITE)
        assert after.booked_at == NOW - timedelta(minutes=110)
        assert clinic.appointment("needling", SITE).status == "cancelled"
        assert clinic.appointment("needling", SITE).replaced_by == after.ref


def test_a_stale_version_changes_nothing(clinic: ClinicAtWork) -> None:
    clinic.tell("created", id="b", day="2026-03-20", version=7)
    clinic.settle()
    before = clinic.appointment("b", SITE)
    clinic.clock.pass_by(minutes=5)
    clinic.tell("rescheduled", id="b", day="2026-03-27", version=6)
    clinic.settle()

    assert clinic.appointment("b", SITE) == before


def test_the_same_delivery_twice_is_one(clinic: ClinicAtWork) -> None:
    first = clinic.tell("created", key="msg_same", id="b", day="2026-03-20")
    second = clinic.tell("created", key="msg_same", id="b", day="2026-03-21")
    clinic.settle()

    assert (first, second) == (True, False)
    assert clinic.appointment("b", SITE).start.date().isoformat() == "2026-03-20"


def test_of_two_words_of_the_same_moment_the_call_off_wins(
    open_clinic: Callable[..., ClinicAtWork], tmp_path: Path
) -> None:
    for kinds in (("created", "cancelled"), ("cancelled", "created")):
        clinic = open_clinic()
        for kind in kinds:
            clinic.tell(kind, id="b", day="2026-03-20")
        clinic.settle()
        assert clinic.appointment("b", SITE).status == "cancelled"
