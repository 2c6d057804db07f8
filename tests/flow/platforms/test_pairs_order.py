"""Two sources tell of the same visits in any order, twice or late: the book ends the same."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.visits import once, twins_among
from scheduler_app.flow.flow import JUDGE
from scheduler_app.flow.platforms.fetching import take_reports
from scheduler_app.flow.take import take
from tests.flow.clinic_at_work import DESK, NOW, local
from tests.flow.platforms.clinic_online import MAIL, ONLINE, ClinicOnline

PEOPLE = {"Ann": Clues("Ann Lee", MAIL["Ann Lee"]), "Bo": Clues("Bo Ray", MAIL["Bo Ray"]), "": Clues()}
START = local("2026-03-20")
STARTS = st.sampled_from([0, 0, 5, 45, 24 * 60]).map(lambda minutes: START + timedelta(minutes=minutes))
CODES = st.sampled_from([("microneedling",), ("microneedling",), ("botulinum_toxin",), ()])


@pytest.fixture(scope="module")
def fresh(migrated_file: bytes) -> Callable[[Path], ClinicOnline]:
    """A clinic on a database of its own."""

    def make(folder: Path) -> ClinicOnline:
        file = folder / "clinic.db"
        file.write_bytes(migrated_file)
        return ClinicOnline(file)

    return make


@st.composite
def tellings(draw: st.DrawFn) -> list[Report]:
    """What is told of a few bookings and events, of some of them twice."""
    told = []
    booked: dict[int, str] = {}
    for number in range(draw(st.integers(1, 5))):
        event = draw(st.booleans())
        carries = draw(st.sampled_from(["", "b0", "b1"])) if event else ""
        name = draw(st.sampled_from(["Ann", "Ann", "Bo", ""]))
        before = booked.get(number - 1)  # nobody's visit is rescheduled to somebody else's
        follows = (not event and before is not None and "" in (before, name)) or before == name
        previous = draw(st.sampled_from([None, f"b{number - 1}"])) if follows and not event else None
        if not event:
            booked[number] = name
        for version in range(draw(st.integers(1, 2))):
            start = draw(STARTS)
            told.append(
                Report(
                    source=f"calendar:{DESK}" if event else ONLINE,
                    source_id=f"{'e' if event else 'b'}{number}",
                    status=draw(st.sampled_from(["booked", "booked", "booked", "cancelled", "noshow"])),
                    start=start,
                    end=start + timedelta(hours=1),
                    zone="Europe/London",
                    treatments=draw(CODES),
                    clues=PEOPLE[name],
                    reported_at=NOW + timedelta(minutes=10 * version + number),
                    booked_at=NOW - timedelta(hours=number),
                    calendar=DESK if event else None,
                    previous_id=previous,
                    carries=f"{ONLINE} {carries}" if carries else "",
                )
            )
    return told


def told_to(clinic: ClinicOnline, report: Report) -> None:
    """It is taken in, and whatever changed by it is to be judged."""
    with clinic.store.transaction() as tx:
        if report.source == ONLINE:
            keys = take_reports(tx, clinic.flow, [report], clinic.clock.now)
        else:
            keys = take(tx, report, clinic.clock.now, current=False)
        tx.work.touch_all(JUDGE, keys)


def judge_all(clinic: ClinicOnline) -> None:
    """Whatever is due to be judged is; nothing is read, since nothing of this stands outside."""
    run_next = clinic.runner().run_next
    while run_next((JUDGE,)):
        pass


def known_people(clinic: ClinicOnline) -> None:
    """Ann and Bo have been here before."""
    for number, (name, clues) in enumerate(PEOPLE.items()):
        if name:
            start = NOW - timedelta(days=90)
            told_to(
                clinic,
                Report(
                    ONLINE, f"old{number}", "fulfilled", start, start + timedelta(hours=1), "Europe/London",
                    ("consultation",), clues, start, booked_at=start,
                ),
            )  # fmt: skip


def end_of(clinic: ClinicOnline) -> dict[str, tuple[object, ...]]:
    """Of every visit that is not called off: whose it is, what it is judged with, and how."""
    judge_all(clinic)
    found: dict[str, tuple[object, ...]] = {}
    with clinic.store.reading() as tx:
        held = tx.appointments.between(NOW - timedelta(days=99), NOW + timedelta(days=99), twins=True)
        names = {each.ref: each.source_id for each in held}
        for each in held:
            if each.status in NOT_HELD:
                continue
            client = tx.clients.get(each.client) if each.client else None
            known = tx.verdicts.get(each.ref)
            verdict = known.verdict if known else None
            found[each.source_id] = (
                client.name if client else None,
                names.get(each.same_as or ""),
                verdict.outcome.word if verdict else None,
                sorted(finding.rule for finding in verdict.findings) if verdict else None,
                each.doubts,
            )
        for ref in {each.client for each in held if each.client}:
            book = tx.appointments.of_client(ref, twins=True)
            assert list(tx.appointments.of_client(ref)) == once(book)
            assert {each.ref for each in book if each.same_as} == twins_among(book).keys()
    return found


@given(tellings(), st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_the_book_ends_the_same(
    fresh: Callable[[Path], ClinicOnline],
    told: list[Report],
    data: st.DataObject,
) -> None:
    shuffled = data.draw(st.permutations(told))
    pauses = data.draw(st.lists(st.booleans(), min_size=len(told), max_size=len(told)))
    ends = []
    for order, judged_between in ((told, [False] * len(told)), (shuffled, pauses)):
        with TemporaryDirectory() as folder:
            clinic = fresh(Path(folder))
            known_people(clinic)
            for report, pause in zip(order, judged_between, strict=True):
                told_to(clinic, report)
                if pause:
                    judge_all(clinic)
            ends.append(end_of(clinic))
            clinic.close()
    assert ends[0] == ends[1]
