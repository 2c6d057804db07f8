"""One row of work, under a lease."""

import logging

import pytest

from scheduler_app.errors import Invalid, Unavailable
from scheduler_app.ports import Claim
from scheduler_app.store import SqlStore
from scheduler_app.work import Leases, Run, Runner
from tests.work.conftest import Clock, due, error_of, touch


def runner(store: SqlStore, run: Run, kind: str = "sync") -> Runner:
    return Runner(store, {kind: run}, Leases(store))


def nothing(_claim: Claim) -> None:
    """Done at once."""


def test_a_row_that_is_due_is_run_once(store: SqlStore) -> None:
    ran: list[str] = []
    touch(store, "sync", "desk")
    one = runner(store, lambda claim: ran.append(claim.key))

    assert one.run_next()
    assert not one.run_next()
    assert ran == ["desk"]


def test_kinds_nobody_here_knows_are_left_alone(store: SqlStore) -> None:
    touch(store, "mail")
    assert not runner(store, nothing).run_next()
    assert due(store) == 1


def test_only_the_kinds_asked_for_are_run(store: SqlStore) -> None:
    touch(store, "sync")
    both = Runner(store, {"sync": nothing, "judge": nothing}, Leases(store))
    assert not both.run_next(("judge",))
    assert both.run_next(("sync",))


def test_a_signal_that_comes_during_the_run_makes_it_run_again(store: SqlStore) -> None:
    ran: list[int] = []

    def run(claim: Claim) -> None:
        ran.append(claim.want)
        if len(ran) == 1:
            touch(store, "sync")

    touch(store, "sync")
    one = runner(store, run)
    while one.run_next():
        pass
    assert len(ran) == 2


def test_periodic_work_comes_again_when_its_time_has_come(store: SqlStore, clock: Clock) -> None:
    touch(store, "sync")
    one = runner(store, lambda _claim: 300.0)
    assert one.run_next()
    assert not one.run_next()
    clock.pass_by(301)
    assert one.run_next()


def test_a_failure_is_written_down_and_tried_again_when_the_other_side_says(
    store: SqlStore, clock: Clock
) -> None:
    tries: list[int] = []

    def run(claim: Claim) -> None:
        tries.append(claim.attempts)
        if len(tries) == 1:
            raise Unavailable("the calendar asked us to wait", retry_in=30.0)

    touch(store, "sync")
    one = runner(store, run)
    assert one.run_next()
    assert error_of(store, "sync") == "Unavailable: the calendar asked us to wait"
    clock.pass_by(29)
    assert not one.run_next()
    clock.pass_by(2)
    assert one.run_next()
    assert error_of(store, "sync") is None


def test_a_defect_in_one_row_stops_no_other_and_its_words_are_kept_nowhere(
    store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    def run(claim: Claim) -> None:
        if claim.key == "a":
            raise KeyError("Ann Lee, Botox")

    touch(store, "sync", "a")
    one = runner(store, run)
    with caplog.at_level(logging.DEBUG):
        assert one.run_next()
    touch(store, "sync", "b")
    assert one.run_next()

    error = error_of(store, "sync", "a")
    assert error is not None
    assert error.startswith("KeyError at test_runner.py:")
    assert "Ann" not in caplog.text + error


def test_an_invalid_row_is_told_by_its_type_and_message(store: SqlStore) -> None:
    def run(_claim: Claim) -> None:
        raise Invalid("x", "the field is wrong; correct it")

    touch(store, "sync")
    runner(store, run).run_next()
    assert error_of(store, "sync") == "Invalid: the field is wrong; correct it"


def test_two_runners_never_run_the_same_row_at_once(store: SqlStore) -> None:
    others: list[bool] = []
    second = runner(store, nothing)
    first = runner(store, lambda _claim: others.append(second.run_next()))
    touch(store, "sync")

    assert first.run_next()
    assert others == [False]


def test_a_row_whose_runner_died_is_free_when_its_lease_is_over(store: SqlStore, clock: Clock) -> None:
    class Killed(BaseException):
        pass

    def die(_claim: Claim) -> None:
        raise Killed

    touch(store, "sync")
    with pytest.raises(Killed):
        runner(store, die).run_next()
    second = runner(store, nothing)
    clock.pass_by(9.9)
    assert not second.run_next()
    clock.pass_by(0.2)
    assert second.run_next()


def test_whoever_lost_the_lease_settles_nothing(
    store: SqlStore, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []
    second = runner(store, lambda _claim: ran.append("second"))

    def slow(_claim: Claim) -> None:
        clock.pass_by(11)  # asleep for longer than the lease
        touch(store, "sync")
        assert second.run_next()
        ran.append("first")

    touch(store, "sync")
    assert runner(store, slow).run_next()

    assert ran == ["second", "first"]
    assert "longer than its lease" in caplog.text
    assert due(store) == 0


def test_a_lease_that_is_renewed_lasts(store: SqlStore, clock: Clock) -> None:
    leases = Leases(store)
    others: list[bool] = []
    second = runner(store, nothing)

    def slow(_claim: Claim) -> None:
        for _ in range(5):
            clock.pass_by(4)
            leases.renew()
            others.append(second.run_next())

    touch(store, "sync")
    Runner(store, {"sync": slow}, leases).run_next()
    assert others == [False] * 5


def test_nothing_is_written_while_no_lease_is_held(store: SqlStore) -> None:
    leases = Leases(store)
    with store.transaction():  # a write would fail: this thread writes already
        leases.renew()
