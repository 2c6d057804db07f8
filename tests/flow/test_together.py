"""Whole pages and whole sets of clients end exactly as one report and one client after the other would."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Appointment, Clues, Report
from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.flow import story
from scheduler_app.flow.judge import judge_client, judge_due
from scheduler_app.flow.take import normal_clues, take
from scheduler_app.ports import Transaction
from tests.flow.clinic_at_work import DESK, NOW, ClinicAtWork
from tests.flow.conftest import Opened

SOURCE = f"calendar:{DESK}"
DAY = timedelta(days=1)

NAMES = st.sampled_from(
    [None, "Ann Lee", "Lee, Ann", "A. Lee", "Ann L.", "Ann", "Bob Lee", "Bob Ray", "Liz Ray"]
)
EMAILS = st.sampled_from([None, "ann@example.com", "Ann@Example.com ", "lee@example.com", "bob@example.com"])
PHONES = st.sampled_from([None, None, "+442079460018", "+442079460019"])
CODES = st.sampled_from([None, None, None, "C1", "#c-1", "C2"])
CLUES = st.builds(Clues, NAMES, EMAILS, PHONES, CODES, st.sampled_from([None, None, "p1", "p2"]))
TREATMENTS = st.sampled_from(["botulinum_toxin", "microneedling", "dermal_filler", "plasma_pen"])
REPORTS = st.builds(
    lambda number, day, clues, treatment, status, said, series, before: Report(
        source=SOURCE,
        source_id=f"e{number}",
        status=status,
        start=NOW + day * DAY,
        end=NOW + day * DAY + timedelta(hours=1),
        zone="Europe/London",
        treatments=(treatment,),
        clues=clues,
        reported_at=NOW + timedelta(minutes=said),
        booked_at=NOW - timedelta(days=number),
        calendar=DESK,
        title=f"{treatment} {clues.name}",
        series=series,
        previous_id=before,
    ),
    st.integers(0, 5),
    st.integers(-10, 40),
    CLUES,
    TREATMENTS,
    st.sampled_from(["booked", "booked", "pending", "cancelled"]),
    st.integers(0, 9),
    st.sampled_from(["", "", "s1"]),
    st.sampled_from([None, None, None, "e0", "e1"]),
)
PAGES = st.lists(st.lists(REPORTS, max_size=8), min_size=1, max_size=3)
QUIETLY = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def told(tx: Transaction) -> object:
    """Everything the book and the people come to."""
    refs = sorted(tx.clients.refs())
    people = [(tx.clients.get(ref), _signs(tx, ref)) for ref in refs]
    books: list[Appointment] = [*tx.appointments.unassigned()]
    for ref in refs:
        books += tx.appointments.of_client(ref)
    history = {held.ref: tx.appointments.history(held.ref) for held in books}
    return people, sorted(books, key=lambda held: held.ref), history


def _signs(tx: Transaction, ref: str) -> object:
    client = tx.clients.get(ref)
    found = tx.clients.candidates(Clues(name=client.name if client else None), SOURCE)
    return [known for known in found if known.ref == ref]


def take_pages(
    clinic: ClinicAtWork, pages: Sequence[Sequence[Report]], *, together: bool, current: bool, confirm: bool
) -> tuple[list[frozenset[str]], object]:
    """One transaction a page; refs of clients in the order of their coming."""
    with clinic.store.reading() as tx:
        numbers = count(len(list(tx.clients.refs())))
    keys: list[frozenset[str]] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("scheduler_app.flow.take.new_client_ref", lambda: f"c{next(numbers):03}")
        for number, page in enumerate(pages):
            with clinic.store.transaction() as tx:
                if together:
                    clues = {normal_clues(report.clues) for report in page}
                    tx.expect(SOURCE, [report.source_id for report in page], clues, {"s1"})
                for report in page:
                    keys.append(take(tx, report, NOW, current=current))
                if confirm and not number and (known := next(tx.clients.refs(), None)):
                    tx.clients.confirm(SOURCE, "e1", known, "dr", NOW)
                    tx.clients.confirm(SOURCE, "s1", known, "dr", NOW)
    with clinic.store.reading() as tx:
        return keys, told(tx)


@QUIETLY
@given(pages=PAGES, current=st.booleans(), confirm=st.booleans())
def test_a_page_taken_together_leaves_the_book_as_one_report_after_the_other_would(
    opened: Opened, pages: list[list[Report]], current: bool, confirm: bool
) -> None:
    ends = []
    for together in (False, True):
        with opened() as clinic:
            ends.append(take_pages(clinic, pages, together=together, current=current, confirm=confirm))
    assert ends[0] == ends[1]


def judged(clinic: ClinicAtWork) -> object:
    """Verdicts, plans, and what wants doing next."""
    with clinic.store.reading() as tx:
        refs = [held.ref for held in tx.appointments.unassigned()]
        for client in tx.clients.refs():
            refs += [held.ref for held in tx.appointments.of_client(client)]
        verdicts = {ref: tx.verdicts.get(ref) for ref in sorted(refs)}
        planned = {ref: tx.outbox.open_for(ref) for ref in sorted(refs)}
    with clinic.store.looking() as connection:
        asked = "SELECT kind, key, plan FROM work WHERE want > done ORDER BY 1, 2"
        return verdicts, planned, connection.exec_driver_sql(asked).all()


def judge_all(clinic: ClinicAtWork, *, together: bool) -> None:
    """Everybody who is due, in the order in which they are."""
    if together:
        runner = clinic.runner()
        while runner.run_next(("judge",)):
            pass
        return
    while True:
        with clinic.store.transaction() as tx:
            claim = tx.work.claim(("judge",), 10.0)
        if claim is None:
            return
        judge_client(clinic.flow, claim.key, claim.plan)
        with clinic.store.transaction() as tx:
            tx.work.settle(claim)


def record(clinic: ClinicAtWork, number: int) -> None:
    """Every third client has a history."""
    said = Said("staff", "Mia", NOW - DAY)
    with clinic.store.transaction() as tx:
        for place, client in enumerate(list(tx.clients.refs())):
            if place % 3 == number % 3:
                name = f"{number}-{client}"
                on = date(2026, 2, 20).isoformat()
                tx.records.add_treatment(TreatmentFact(f"t{name}", client, "isotretinoin", said, on=on))
                tx.records.add_condition(ConditionFact(f"k{name}", client, "pregnancy", said))
                tx.records.add_screening(Screening(f"s{name}", client, on, said))


@QUIETLY
@given(pages=PAGES)
def test_clients_judged_together_are_judged_as_each_by_itself(
    opened: Opened, pages: list[list[Report]]
) -> None:
    ends: list[list[object]] = [[], []]
    for together in (False, True):
        with opened() as clinic:
            for number, page in enumerate(pages):
                keys, _ = take_pages(clinic, [page], together=False, current=True, confirm=bool(number))
                record(clinic, number)
                with clinic.store.transaction() as tx:
                    for place, key in enumerate(sorted(frozenset().union(*keys))):
                        tx.work.touch("judge", key, plan=f"plan-{place % 2}")
                clinic.clock.pass_by(seconds=1)
                judge_all(clinic, together=together)
                ends[together].append(judged(clinic))
    assert ends[0] == ends[1]


def test_a_client_who_cannot_be_judged_does_not_stop_the_others(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("Ann Lee", "Bob Ray", "Cat Moss", "Dan Poe")
    events = [clinic.book("Facial", "2026-03-20", name) for name in names]
    runner = clinic.runner()
    assert runner.run_next(("sync",))
    broken = clinic.client_of(events[2])
    whole: Callable[..., object] = story.tell

    def tell(book: Sequence[Appointment], *rest: object) -> object:
        if book and book[0].client == broken:
            raise ValueError
        return whole(book, *rest)

    monkeypatch.setattr("scheduler_app.flow.judge.tell", tell)
    while runner.run_next(("judge",)):
        pass
    with clinic.store.reading() as tx:
        found = [tx.verdicts.get(clinic.appointment(event).ref) is not None for event in events]
    assert found == [True, True, False, True]

    monkeypatch.undo()
    clinic.clock.pass_by(seconds=5)
    clinic.settle()
    assert clinic.outcome(events[2]) == "clear"


def test_a_set_of_clients_is_judged_in_one_transaction(clinic: ClinicAtWork) -> None:
    for name in ("Ann Lee", "Bob Ray", "Cat Moss", "Dan Poe"):
        clinic.book("Facial", "2026-03-20", name)
    runner = clinic.runner()
    assert runner.run_next(("sync",))
    assert runner.run_next(("judge",))
    assert not runner.run_next(("judge",))


def test_a_client_tried_before_is_judged_alone(clinic: ClinicAtWork) -> None:
    events = [clinic.book("Facial", "2026-03-20", name) for name in ("Ann Lee", "Bob Ray")]
    assert clinic.runner().run_next(("sync",))
    with clinic.store.transaction() as tx:
        assert tx.work.claim(("judge",), 0.0)  # by somebody who died
    with clinic.store.transaction() as tx:
        claim = tx.work.claim(("judge",), 10.0)
    assert claim is not None
    judge_due(clinic.flow, claim if claim.attempts > 1 else replace(claim, attempts=2))
    with clinic.store.reading() as tx:
        judged_now = [tx.verdicts.get(clinic.appointment(event).ref) is not None for event in events]
    assert sorted(judged_now) == [False, True]
