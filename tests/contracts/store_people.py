"""Clients, and what they are recognised by."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.identity import Known
from scheduler_app.errors import Invalid
from scheduler_app.ports import Store, Transaction
from tests.contracts.store_base import NOW, StoreBase, client

EMAIL = Identifier("email", "anna@example.org")
PHONE = Identifier("phone", "+441711234567")


def refs(tx: Transaction, clues: Clues, source: str = "hooks:acme") -> list[str]:
    """Whom the clues could mean."""
    return [known.ref for known in tx.clients.candidates(clues, source)]


def found(tx: Transaction, text: str) -> list[str]:
    """Whom a search finds."""
    return [known.ref for known in tx.clients.find(text)]


class PeopleContract(StoreBase):
    """A part of StoreContract."""

    def test_a_client_comes_back_as_they_went_in(self, store: Store) -> None:
        anna = Client("c1", "Änna 'O;--", NOW, "C-12", "de", "plain", True)
        with store.transaction() as tx:
            tx.clients.add(anna, [EMAIL])
            assert tx.clients.get("c1") == anna
            assert tx.clients.get("c2") is None

    def test_a_changed_client_is_known_by_the_new_name_and_the_old_contact(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [EMAIL])
            tx.clients.change(replace(client(), name="Anna Jones", code="C7"))
            assert tx.clients.get("c1") == replace(client(), name="Anna Jones", code="C7")
            assert refs(tx, Clues(name="Anna Smith")) == []
            assert refs(tx, Clues(name="Anna Jones")) == refs(tx, Clues(code="C7")) == ["c1"]
            assert refs(tx, Clues(email="anna@example.org")) == ["c1"]

    @pytest.mark.parametrize(
        "clues",
        [
            Clues(email="Anna@Example.ORG "),
            Clues(phone="+441711234567"),
            Clues(code="c 12"),
            Clues(platform_id="p-1"),
            Clues(name="SMITH, Anna"),
            Clues(name="A. Smith"),
            Clues(name="Somebody Else", email="anna@example.org"),
        ],
    )
    def test_whoever_shares_a_sign_with_the_clues_is_a_candidate(self, store: Store, clues: Clues) -> None:
        with store.transaction() as tx:
            tx.clients.add(
                replace(client(), code="C-12"), [EMAIL, PHONE, Identifier("platform", "p-1", "hooks:acme")]
            )
            tx.clients.add(client("c2", "Berta Jones"), [Identifier("email", "berta@example.org")])
            assert refs(tx, clues) == ["c1"]

    @pytest.mark.parametrize(
        "clues",
        [
            Clues(),
            Clues(name=""),
            Clues(email="somebody@example.org"),
            Clues(name="Anna Jones"),
            Clues(name="Smith & Jones"),
            Clues(email="%"),
            Clues(code="%"),
        ],
    )
    def test_whoever_shares_nothing_is_none(self, store: Store, clues: Clues) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [EMAIL, PHONE])
            assert refs(tx, clues) == []

    def test_a_shared_phone_makes_candidates_of_both(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client("c2", "Tom Smith"), [PHONE])
            tx.clients.add(client(), [PHONE, EMAIL])
            assert tx.clients.candidates(Clues(phone=PHONE.value), "hooks:acme") == [
                Known("c1", "Anna Smith", ("anna@example.org",), (PHONE.value,)),
                Known("c2", "Tom Smith", (), (PHONE.value,)),
            ]

    def test_a_platforms_ids_mean_nothing_to_another_platform(self, store: Store) -> None:
        ids = [Identifier("platform", "17", "hooks:acme"), Identifier("platform", "99", "hooks:other")]
        with store.transaction() as tx:
            tx.clients.add(client(), [*ids, EMAIL])
            assert refs(tx, Clues(platform_id="17"), "hooks:acme") == ["c1"]
            assert refs(tx, Clues(platform_id="17"), "hooks:other") == []
            (known,) = tx.clients.candidates(Clues(email=EMAIL.value), "hooks:acme")
            assert known.platform_ids == ("17",)

    def test_identifiers_may_be_added_twice(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [EMAIL])
            tx.clients.add_identifiers("c1", [EMAIL, PHONE, PHONE])
            tx.clients.add_identifiers("c1", [])
            (known,) = tx.clients.candidates(Clues(phone=PHONE.value), "x")
            assert (known.emails, known.phones) == ((EMAIL.value,), (PHONE.value,))

    def test_nobody_gets_identifiers_who_is_not_there(self, store: Store) -> None:
        with pytest.raises(Invalid), store.transaction() as tx:
            tx.clients.add_identifiers("nobody", [EMAIL])

    def test_the_newest_confirmation_holds(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.clients.add(client("c2", "Berta"), [])
            assert tx.clients.confirmed("calendar:desk", "e1") is None
            tx.clients.confirm("calendar:desk", "e1", "c1", "dora", NOW)
            tx.clients.confirm("calendar:desk", "e1", "c2", "dora", NOW - timedelta(days=1))
            assert tx.clients.confirmed("calendar:desk", "e1") == "c2"
            assert tx.clients.confirmed("calendar:desk", "e2") is None
            assert tx.clients.confirmed("calendar:other", "e1") is None

    def test_every_ref_is_told_once_and_the_list_can_be_taken_up_again(self, store: Store) -> None:
        with store.transaction() as tx:
            for number in range(2100):
                tx.clients.add(client(f"c{number:04}", ""), [])
        with store.reading() as tx:
            told = list(tx.clients.refs())
            assert told == [f"c{number:04}" for number in range(2100)]
            assert list(islice(tx.clients.refs(told[1500]), 3)) == told[1501:1504]

    @pytest.mark.parametrize(
        "text",
        ["smi", "ANNA sm", "smith anna", "muller", "example.org", "anna@ex", "0171 123", "+44 171", "c12"],
    )
    def test_people_search_by_parts(self, store: Store, text: str) -> None:
        with store.transaction() as tx:
            tx.clients.add(Client("c1", "Anna Müller-Smith", NOW, "C-12"), [EMAIL, PHONE])
            tx.clients.add(client("c2", "Berta Jones"), [Identifier("email", "berta@other.example")])
            assert found(tx, text) == ["c1"]

    @pytest.mark.parametrize("text", ["", "  ", "%", "_", "anna jones", "@", "00"])
    def test_a_search_for_nothing_finds_nobody(self, store: Store, text: str) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [PHONE])
            assert found(tx, text) == []

    def test_a_search_stops_at_its_limit(self, store: Store) -> None:
        with store.transaction() as tx:
            for number in range(5):
                tx.clients.add(client(f"c{number}"), [])
            assert len(tx.clients.find("anna", 3)) == 3
