"""A plan that touches more than a person should approve unseen stops and asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from scheduler_app.domain.actions import Action
from scheduler_app.domain.clinic import PlanLimits
from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.rules import Rulebook
from scheduler_app.errors import NotFound
from scheduler_app.flow.flow import JUDGE, RELEASE, SWEEP, SYNC
from scheduler_app.flow.judge import judge_client
from scheduler_app.flow.release import approve, withhold
from scheduler_app.flow.sweep import begin, rules_changed
from scheduler_app.ports import CalendarGateway
from tests.flow.calendars import Through
from tests.flow.clinic_at_work import ClinicAtWork
from tests.house import house

NAMES = ("Ada", "Bea", "Cid", "Dot", "Eva", "Fay", "Gus", "Hal", "Ida", "Jon", "Kit", "Lea", "Max", "Ned")


def limited(clinic: ClinicAtWork, limits: PlanLimits) -> ClinicAtWork:
    """The clinic lets plans of this size go out unseen."""
    clinic.flow = replace(clinic.flow, clinic=replace(clinic.flow.clinic, limits=limits))
    return clinic


def clashes(clinic: ClinicAtWork, count: int) -> list[str]:
    """Botox and ten days later microneedling for so many clients; the needling events."""
    events = []
    for name in NAMES[:count]:
        clinic.book("Botox", "2026-03-05", f"{name} Clash")
        events.append(clinic.book("Microneedling", "2026-03-15", f"{name} Clash"))
    return events


def waiting(clinic: ClinicAtWork) -> Mapping[str, Sequence[Action]]:
    with clinic.store.reading() as tx:
        return tx.outbox.waiting()


def marked(clinic: ClinicAtWork, events: Sequence[str]) -> int:
    return sum(clinic.mark(event) is not None for event in events)


def stricter() -> Rulebook:
    """The clinic signs twenty weeks after Botox instead of two."""
    book = house().rulebook
    longer = Gap(20, "week")
    rules = tuple(
        replace(rule, minimum=longer, absolute_minimum=longer)
        if rule.id == "microneedling-after-botulinum-toxin"
        else rule
        for rule in book.rules
    )
    return replace(book, rules=rules, version="stricter")


@pytest.fixture
def busy(clinic: ClinicAtWork) -> ClinicAtWork:
    """A clinic with so full a book that its share never counts."""
    return limited(clinic, PlanLimits(max_share=1.0))


def test_a_plan_of_eleven_visits_stops_and_asks_and_goes_out_when_approved(busy: ClinicAtWork) -> None:
    events = clashes(busy, 11)
    busy.settle()

    assert marked(busy, events) == 0
    (plan,) = waiting(busy)
    assert len(waiting(busy)[plan]) == 11
    with busy.store.reading() as tx:
        (entry,) = tx.audit.entries(plan)
    assert (entry["what"], entry["marks"]) == ("plan-stopped", "11")

    assert approve(busy.flow, plan, "Dr Reyes") == 11
    busy.settle()
    assert marked(busy, events) == 11
    assert waiting(busy) == {}


def test_a_plan_of_ten_visits_goes_out(busy: ClinicAtWork) -> None:
    events = clashes(busy, 10)
    busy.settle()

    assert marked(busy, events) == 10


@pytest.mark.parametrize(("quiet", "goes_out"), [(7, False), (8, True)])
def test_more_than_its_share_of_the_book_stops_too(clinic: ClinicAtWork, quiet: int, goes_out: bool) -> None:
    limited(clinic, PlanLimits(max_share=0.25))
    for number in range(quiet):
        clinic.book("Consultation", "2026-05-04", f"{NAMES[number]} Quiet")
    events = clashes(clinic, 4)  # of `quiet` + 8 visits ahead
    clinic.settle()

    assert marked(clinic, events) == (4 if goes_out else 0)


def test_three_marks_never_ask(clinic: ClinicAtWork) -> None:
    events = clashes(clinic, 3)
    clinic.settle()

    assert marked(clinic, events) == 3


def test_a_plan_that_is_withheld_writes_nothing(clinic: ClinicAtWork) -> None:
    events = clashes(clinic, 4)
    clinic.settle()
    (plan,) = waiting(clinic)

    assert withhold(clinic.flow, plan, "Dr Reyes") == 4
    clinic.settle()
    assert (marked(clinic, events), waiting(clinic)) == (0, {})
    with pytest.raises(NotFound):
        approve(clinic.flow, plan, "Dr Reyes")


def test_a_visit_moved_while_its_plan_waits_is_left_out_of_it(clinic: ClinicAtWork) -> None:
    events = clashes(clinic, 4)
    clinic.settle()
    clinic.move(events[0], "2026-03-30")
    clinic.settle()
    (plan,) = waiting(clinic)
    approve(clinic.flow, plan, "Dr Reyes")
    clinic.settle()

    assert marked(clinic, events) == 3
    assert clinic.mark(events[0]) is None


def test_a_change_of_the_rules_that_marks_many_stops_and_asks(clinic: ClinicAtWork) -> None:
    for name in NAMES[:5]:
        clinic.book("Botox", "2026-03-05", f"{name} Safe")
    needlings = [clinic.book("Microneedling", "2026-03-20", f"{name} Safe") for name in NAMES[:5]]
    clinic.settle()
    assert marked(clinic, needlings) == 0

    clinic.use_rules(stricter())
    begin(clinic.flow)
    clinic.settle()

    assert [clinic.outcome(event) for event in needlings] == ["blocked"] * 5
    assert marked(clinic, needlings) == 0
    (plan,) = waiting(clinic)
    assert plan.startswith("rules:")
    approve(clinic.flow, plan, "Dr Reyes")
    clinic.settle()
    assert marked(clinic, needlings) == 5


def test_a_change_of_the_rules_that_lifts_many_holds_stops_and_asks(clinic: ClinicAtWork) -> None:
    events = clashes(clinic, 4)
    clinic.settle()
    (plan,) = waiting(clinic)
    approve(clinic.flow, plan, "Dr Reyes")
    clinic.settle()
    assert marked(clinic, events) == 4

    clinic.use_rules(replace(house().rulebook, rules=(), version="none"))
    begin(clinic.flow)
    clinic.settle()

    assert marked(clinic, events) == 4
    assert len(waiting(clinic)) == 1


def test_rules_taken_back_before_approval_leave_nothing_waiting(clinic: ClinicAtWork) -> None:
    for name in NAMES[:5]:
        clinic.book("Botox", "2026-03-05", f"{name} Safe")
    needlings = [clinic.book("Microneedling", "2026-03-20", f"{name} Safe") for name in NAMES[:5]]
    clinic.settle()
    for rules in (stricter(), house().rulebook):
        clinic.use_rules(rules)
        clinic.clock.pass_by(minutes=10)
        begin(clinic.flow)
        clinic.settle()

    assert waiting(clinic) == {}
    assert marked(clinic, needlings) == 0
    assert clinic.outcome(needlings[0]) == "review"


def test_a_mass_import_into_the_calendar_is_one_plan_though_others_work_between_its_pages(
    open_clinic: Callable[..., ClinicAtWork],
) -> None:
    between: list[Through] = []

    def stand(gateway: CalendarGateway) -> Through:
        between.append(Through(gateway))
        return between[0]

    clinic = open_clinic(through=stand)
    clinic.calendar._page = 3
    events = clashes(clinic, 6)
    second = clinic.runner()

    def meanwhile() -> None:
        while second.run_next(("judge", "release", "dispatch")):
            pass

    between[0].before["changes"] = meanwhile
    clinic.settle()

    assert marked(clinic, events) == 0
    assert len(waiting(clinic)) == 1


def test_a_stopped_plan_stays_stopped_when_everybody_is_judged_again(clinic: ClinicAtWork) -> None:
    events = clashes(clinic, 4)
    clinic.settle()
    before = waiting(clinic)
    clinic.sync_all()

    assert waiting(clinic) == before
    assert marked(clinic, events) == 0


def test_a_plan_waits_for_the_last_client_it_concerns(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler_app.flow.judge.TOGETHER", 0)  # as if they were many more
    events = clashes(clinic, 4)
    runner = clinic.runner()
    assert runner.run_next(("sync",))
    for _ in range(4):
        assert runner.run_next(("judge",))
        while runner.run_next(("release", "dispatch")):
            pass
        assert marked(clinic, events) == 0
    clinic.clock.pass_by(seconds=2)
    clinic.settle()

    assert marked(clinic, events) == 0
    assert len(waiting(clinic)) == 1


def test_a_plan_waits_ten_minutes_for_a_client_who_cannot_be_judged(
    clinic: ClinicAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler_app.flow.judge.TOGETHER", 0)  # as if they were many more
    events = clashes(clinic, 2)
    runner = clinic.runner()
    runner.run_next(("sync",))
    runner.run_next(("judge",))
    for minutes, expected in ((9, 0), (2, 1)):
        clinic.clock.pass_by(minutes=minutes)
        while runner.run_next(("release", "dispatch")):
            pass
        assert marked(clinic, events) == expected


def test_everybody_is_judged_by_new_rules_once(clinic: ClinicAtWork) -> None:
    clashes(clinic, 1)
    clinic.settle()
    clinic.use_rules(stricter())

    assert rules_changed(clinic.flow)
    assert not rules_changed(clinic.flow)


def test_a_plan_goes_out_while_the_rows_that_made_it_are_not_settled_yet(clinic: ClinicAtWork) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    runner = clinic.runner()
    for kind in (SYNC, SWEEP):
        while runner.run_next((kind,)):
            pass
    with clinic.store.transaction() as tx:
        claim = tx.work.claim((JUDGE,), 10)
    assert claim is not None
    judge_client(clinic.flow, claim.key, claim.plan)  # and its thread is slow to say that it is done
    clinic.settle()

    assert clinic.mark(needling) is not None


def test_whoever_leaves_a_plan_last_has_it_released_though_nothing_of_its_own_is_marked(
    clinic: ClinicAtWork,
) -> None:
    clinic.book("Botox", "2026-03-05")
    needling = clinic.book("Microneedling", "2026-03-15")
    clinic.book("Facial", "2026-03-20", "Ben Hall")
    runner = clinic.runner()
    for kind in (SYNC, SWEEP):
        while runner.run_next((kind,)):
            pass
    ann = clinic.client_of(needling)
    with clinic.store.transaction() as tx:
        claims = [claim for _ in range(2) if (claim := tx.work.claim((JUDGE,), 10)) is not None]
    for claim in sorted(claims, key=lambda claim: claim.key != ann):
        judge_client(clinic.flow, claim.key, claim.plan)
        if claim.key == ann:
            runner.run_next((RELEASE,))
            assert clinic.mark(needling) is None
    clinic.settle()

    assert clinic.mark(needling) is not None
