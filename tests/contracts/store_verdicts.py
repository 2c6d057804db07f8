"""Verdicts come back exactly as the judge gave them."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import ONGOING
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.ports import HeldVerdict, Store
from tests.contracts.store_base import HOUR, NOW, StoreBase, client, visit
from tests.contracts.store_book import book

TODAY = date(2026, 3, 1).toordinal()
DAYS = st.integers(1, date.max.toordinal())
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
MAYBE = st.none() | TEXTS
OTHERS = st.builds(Other, TEXTS, st.none() | DAYS, MAYBE, st.booleans())
FINDINGS = st.builds(
    Finding,
    rule=TEXTS,
    outcome=st.sampled_from(Outcome),
    treatment=MAYBE,
    direction=st.sampled_from(["after", "before", None]),
    other=st.none() | OTHERS,
    days=st.none() | st.integers(-10_000, 10_000),
    absolute_minimum=MAYBE,
    minimum=MAYBE,
    until=st.none() | DAYS | st.just(ONGOING),
    source=TEXTS,
    approved=st.booleans(),
    overridden=st.booleans(),
)
VERDICTS = st.builds(
    Verdict,
    st.sampled_from(Outcome),
    st.lists(FINDINGS, max_size=4).map(tuple),
    st.none() | DAYS,
    st.none() | DAYS,
)
CLEAR = Verdict(Outcome.CLEAR, (), TODAY, TODAY)


def held(ref: str, verdict: Verdict = CLEAR, who: str = "c1", rulebook: str = "v1") -> HeldVerdict:
    """As it was judged today."""
    return HeldVerdict(ref, who, verdict, rulebook, TODAY, NOW)


class VerdictsContract(StoreBase):
    """A part of StoreContract."""

    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
        max_examples=60,
        deadline=None,
    )
    @given(verdict=VERDICTS)
    def test_a_verdict_comes_back_exactly(self, store: Store, verdict: Verdict) -> None:
        with store.transaction() as tx:
            if tx.appointments.get("a1") is None:
                book(tx, visit())
            tx.verdicts.put([held("a1", verdict)])
            assert tx.verdicts.get("a1") == held("a1", verdict)

    def test_the_newest_takes_the_place_of_the_one_before(self, store: Store) -> None:
        worse = HeldVerdict("a1", "c1", Verdict(Outcome.BLOCKED, (), None, None), "v2", TODAY + 1, NOW + HOUR)
        with store.transaction() as tx:
            book(tx, visit())
            tx.verdicts.put([held("a1")])
            tx.verdicts.put([worse])
            assert tx.verdicts.get("a1") == worse
            assert tx.verdicts.get("a2") is None

    def test_a_clients_verdicts_are_told_by_appointment(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client("c2", "Berta"), [])
            book(tx, visit("a1"), visit("a2"), visit("b1", client="c2"), visit("x", client=None))
            tx.verdicts.put([held("a2"), held("a1"), held("b1", who="c2"), held("x", who="")])
            tx.verdicts.put([])
            assert tx.verdicts.of_client("c1") == {"a1": held("a1"), "a2": held("a2")}
            assert tx.verdicts.of_client("") == {"x": held("x", who="")}

    def test_dropped_verdicts_are_gone(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit("a1"), visit("a2"))
            tx.verdicts.put([held("a1"), held("a2")])
            tx.verdicts.drop(["a1", "never-there"])
            tx.verdicts.drop([])
            assert list(tx.verdicts.of_client("c1")) == ["a2"]

    def test_versions_are_counted(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit("a1"), visit("a2"), visit("a3"))
            tx.verdicts.put([held("a1"), held("a2"), held("a3", rulebook="v2")])
            assert tx.verdicts.versions() == {"v1": 2, "v2": 1}

    def test_verdicts_of_a_time_are_found_by_how_they_were_judged(self, store: Store) -> None:
        blocked = Verdict(Outcome.BLOCKED, (), None, None)
        visits = {"v1": NOW, "v2": NOW + HOUR, "v3": NOW + 2 * HOUR, "v4": NOW + HOUR, "v5": NOW + HOUR}
        with store.transaction() as tx:
            tx.clients.add(client("c1"), [])
            for ref, start in visits.items():
                status = "cancelled" if ref == "v5" else "booked"
                made = visit(ref, client="c1", start=start, end=start + HOUR, status=status)
                tx.appointments.put(made, by="x", at=NOW)
            tx.verdicts.put([held(ref, CLEAR if ref == "v4" else blocked) for ref in visits])

        with store.reading() as tx:
            found = tx.verdicts.between(NOW, NOW + 2 * HOUR, [Outcome.BLOCKED])
            assert list(found) == ["v1", "v2"]
            assert found["v1"] == held("v1", blocked)
            assert list(tx.verdicts.between(NOW, NOW + 2 * HOUR, [Outcome.CLEAR])) == ["v4"]
