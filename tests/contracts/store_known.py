"""What is known about clients: added and marked, never overwritten."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.domain.story import Override
from scheduler_app.errors import Conflict, NotFound
from scheduler_app.ports import ApiKey, Records, Store, Transaction
from tests.contracts.store_base import HOUR, NOW, StoreBase, client

SAID = Said("client", "Anna", NOW)
TREATMENT = TreatmentFact("f1", "c1", "botulinum_toxin", SAID, on="2025-10", note="elsewhere")
COURSE = TreatmentFact(
    "f2", "c1", "isotretinoin", replace(SAID, by="staff"), None, "2025-01-10", "2025-10-01", replaces="f0"
)
CONDITION = ConditionFact("f3", "c1", "diabetes", SAID, True, "Dr Who", "stable", "2026-09-30", replaces="f9")
SCREENING = Screening("f4", "c1", "2026-02-20", SAID)
OVERRIDE = Override(
    "a1", 739_690, ("microneedling", "plasma_pen"), "rule|after|botulinum_toxin|739600|", "agreed", "Dr Who",
    "seen in person", 1_772_355_600.123456,
)  # fmt: skip

Kind = tuple[Any, Callable[[Records, Any], None], Callable[[Records, str], Any]]
KINDS: dict[str, Kind] = {
    "treatment": (TREATMENT, lambda r, fact: r.add_treatment(fact), lambda r, c: r.treatments(c)),
    "course": (COURSE, lambda r, fact: r.add_treatment(fact), lambda r, c: r.treatments(c)),
    "condition": (CONDITION, lambda r, fact: r.add_condition(fact), lambda r, c: r.conditions(c)),
    "screening": (SCREENING, lambda r, fact: r.add_screening(fact), lambda r, c: r.screenings(c)),
}


def known_client(tx: Transaction) -> Records:
    """The records, with c1 there."""
    tx.clients.add(client(), [])
    return tx.records


class KnownContract(StoreBase):
    """A part of StoreContract."""

    @pytest.fixture(params=KINDS)
    def kind(self, request: pytest.FixtureRequest) -> Kind:
        """Every kind of fact."""
        return KINDS[request.param]

    def test_a_fact_comes_back_as_it_went_in(self, store: Store, kind: Kind) -> None:
        fact, add, read = kind
        with store.transaction() as tx:
            add(known_client(tx), fact)
        with store.reading() as tx:
            assert read(tx.records, "c1") == [fact]
            assert read(tx.records, "c2") == []

    def test_facts_are_told_in_the_order_they_were_said(self, store: Store, kind: Kind) -> None:
        fact, add, read = kind
        earlier = replace(fact, ref="f8", said=replace(fact.said, at=NOW - HOUR))
        with store.transaction() as tx:
            records = known_client(tx)
            add(records, fact)
            add(records, earlier)
            assert read(records, "c1") == [earlier, fact]

    def test_a_withdrawn_fact_stays_and_says_so(self, store: Store, kind: Kind) -> None:
        fact, add, read = kind
        with store.transaction() as tx:
            records = known_client(tx)
            add(records, fact)
            assert records.withdraw(fact.ref, "dora", NOW) == "c1"
            assert records.withdraw(fact.ref, "emil", NOW) == "c1"
            assert read(records, "c1") == [replace(fact, withdrawn=True)]

    def test_the_first_acceptance_stands(self, store: Store, kind: Kind) -> None:
        fact, add, read = kind
        with store.transaction() as tx:
            records = known_client(tx)
            add(records, fact)
            assert records.accept(fact.ref, "Dr Who", NOW) == "c1"
            assert records.accept(fact.ref, "Dr No", NOW) == "c1"
            assert read(records, "c1") == [replace(fact, said=replace(fact.said, accepted_by="Dr Who"))]

    def test_a_fact_accepted_as_it_is_added_stays_accepted(self, store: Store, kind: Kind) -> None:
        fact, add, read = kind
        accepted = replace(fact, said=replace(fact.said, accepted_by="Dr Who"))
        with store.transaction() as tx:
            records = known_client(tx)
            add(records, accepted)
            assert read(records, "c1") == [accepted]

    def test_no_fact_is_ever_overwritten(self, store: Store, kind: Kind) -> None:
        fact, add, read = kind
        with store.transaction() as tx:
            add(known_client(tx), fact)
        with pytest.raises(Conflict), store.transaction() as tx:
            add(tx.records, fact)
        with store.reading() as tx:
            assert read(tx.records, "c1") == [fact]

    def test_what_nobody_said_cannot_be_withdrawn_or_accepted(self, store: Store) -> None:
        with store.transaction() as tx:
            with pytest.raises(NotFound):
                tx.records.withdraw("none", "dora", NOW)
            with pytest.raises(NotFound):
                tx.records.accept("none", "dora", NOW)

    def test_every_override_is_kept_exactly(self, store: Store) -> None:
        again = replace(OVERRIDE, comment="and again", at=0.1)
        with store.transaction() as tx:
            records = known_client(tx)
            records.add_override(OVERRIDE, "c1")
            records.add_override(again, "c1")
            assert records.overrides("c1") == [OVERRIDE, again]
            assert records.overrides("c2") == []

    def test_the_audit_log_tells_the_newest_first(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.audit.write(NOW, "dora", "override", "a1", {"finding": "gap", "who": "not this"})
            tx.audit.write(NOW + HOUR, "emil", "approve", "plan-1", {})
            newest, oldest = tx.audit.entries()
            assert newest == {
                "at": (NOW + HOUR).isoformat(), "who": "emil", "what": "approve", "target": "plan-1"
            }  # fmt: skip
            assert (oldest["finding"], oldest["who"]) == ("gap", "dora")
            assert tx.audit.entries("a1") == [oldest]
            assert tx.audit.entries(limit=1) == [newest]

    def test_a_key_opens_until_it_is_revoked(self, store: Store) -> None:
        key = ApiKey("k1", "the website", ("check", "record"), NOW)
        with store.transaction() as tx:
            tx.keys.add(key, b"1" * 32)
            assert tx.keys.find(b"1" * 32) == key
            assert tx.keys.find(b"2" * 32) is None
            tx.keys.revoke("k1", NOW + HOUR)
            tx.keys.revoke("k1", NOW + 2 * HOUR)
            assert tx.keys.find(b"1" * 32) is None
            assert tx.keys.list() == [replace(key, revoked_at=NOW + HOUR)]
            with pytest.raises(NotFound):
                tx.keys.revoke("k2", NOW)
