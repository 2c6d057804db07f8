"""What is the client's own: private links, addresses that are theirs, everything held, its end, its age."""

from datetime import timedelta

import pytest

from scheduler_app.domain.clients import Identifier
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.entries import Feed
from scheduler_app.domain.facts import Said, Screening
from scheduler_app.domain.private_links import INTAKE, RECORD, Contact, PrivateLink
from scheduler_app.errors import Conflict, NotFound
from scheduler_app.ports import Inbox, Store, Transaction
from tests.contracts.store_base import NOW, StoreBase, client, visit

DAY = timedelta(days=1)
EMAIL = Identifier("email", "anna@example.org")
PHONE = Identifier("phone", "+447700900123")
HASH = b"h" * 32


def link(ref: str = "l1", purpose: str = INTAKE, days: int = 7, of: str = "c1") -> PrivateLink:
    return PrivateLink(ref, of, purpose, NOW, NOW + days * DAY, "kim", "email", EMAIL.value)


class PrivateLinksContract(StoreBase):
    """Links and contacts."""

    def test_a_link_is_found_by_its_hash_and_by_its_client(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.links.add(link(), HASH)
            assert tx.links.find(HASH) == link()
            assert tx.links.find(b"x" * 32) is None
            assert tx.links.of_client("c1") == [(link(), HASH)]
            assert tx.links.of_client("c2") == []

    def test_two_links_never_share_a_hash(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.links.add(link(), HASH)
        with pytest.raises(Conflict), store.transaction() as tx:
            tx.links.add(link("l2"), HASH)

    def test_a_link_is_used_once(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.links.add(link(), HASH)
            assert tx.links.use("l1", NOW) is True
            assert tx.links.use("l1", NOW + DAY) is False
            found = tx.links.find(HASH)
            assert found is not None
            assert (found.used_at, found.standing(NOW)) == (NOW, "used")

    def test_a_revoked_link_cannot_be_used(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.links.add(link(), HASH)
            tx.links.add(link("l2", RECORD), b"r" * 32)
            assert tx.links.revoke("c1", NOW, INTAKE) == 1
            assert tx.links.use("l1", NOW) is False
            assert tx.links.revoke("c1", NOW) == 1
            assert tx.links.revoke("c1", NOW) == 0

    def test_contacts_tell_what_is_known_about_them(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [EMAIL, PHONE, Identifier("code", "C1")])
            tx.clients.add(client("c2", "Tom"), [PHONE])
            tx.links.verify("c1", "email", EMAIL.value, "desk", "kim", NOW)
            tx.links.verify("c1", "email", EMAIL.value, "link", "x", NOW)
            assert tx.links.contacts("c1") == [
                Contact("email", EMAIL.value, "desk", shared=False),
                Contact("phone", PHONE.value, "", shared=True),
            ]

    def test_a_feeds_token_tells_whose_it_is_while_it_opens_anything(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.feeds.put(Feed("f1", "c1"), HASH)
            assert tx.links.client_of_feed(HASH) == "c1"
            assert tx.links.client_of_feed(b"x" * 32) is None
            tx.feeds.put(Feed("f1", "c1", generation=2), b"n" * 32)
            assert tx.links.client_of_feed(HASH) is None
            tx.feeds.put(Feed("f1", "c1", generation=2, revoked=True), b"n" * 32)
            assert tx.links.client_of_feed(b"n" * 32) is None


class PersonalContract(StoreBase):
    """Everything that is held, and the wish to be forgotten."""

    def test_everything_is_told_and_nobody_elses(self, store: Store) -> None:
        with store.transaction() as tx:
            _two_people(tx)
            told = tx.personal.everything("c1")
            assert [row["name"] for row in told["clients"]] == ["Anna Smith"]
            assert [row["ref"] for row in told["appointments"]] == ["a1"]
            assert [row["value"] for row in told["identifiers"]] == [EMAIL.value]
            assert "Tom" not in str(told)
            assert "token_sha256" not in str(told)
            assert "feed_tokens" not in told
            with pytest.raises(NotFound):
                tx.personal.everything("nobody")

    def test_who_was_erased_is_nowhere_and_stays_erased(self, store: Store) -> None:
        with store.transaction() as tx:
            _two_people(tx)
            tx.personal.ask_erasure("c1", "the client", NOW)
            tx.personal.ask_erasure("c1", "again", NOW + DAY)
            assert tx.personal.erasures_asked() == {"c1": NOW}
            counted = tx.personal.erase("c1", "kim", NOW + DAY)
            assert counted["appointments"] == 1
        with store.reading() as tx:
            gone = tx.clients.get("c1")
            assert gone is not None
            assert (gone.name, gone.code) == ("", None)
            assert (tx.appointments.get("a1"), tx.clients.find("anna")) == (None, [])
            assert tx.appointments.get("a2") is not None
            assert tx.personal.erased_at("c1") == NOW + DAY
            assert (tx.personal.erased_at("c2"), tx.personal.erasures_asked()) == (None, {})
            assert tx.personal.gone("hooks:acme", "booking-a1")
            assert not tx.personal.gone("hooks:acme", "booking-a2")
            feed = tx.feeds.of_client("c1")
            assert feed is not None
            assert feed.revoked

    def test_a_wish_can_be_dropped(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.personal.ask_erasure("c1", "kim", NOW)
            assert tx.personal.refuse_erasure("c1") is True
            assert tx.personal.refuse_erasure("c1") is False

    def test_clients_with_bare_statements_are_listed_the_newest_first(self, store: Store) -> None:
        with store.transaction() as tx:
            for number, at in ((1, NOW), (2, NOW + DAY), (3, NOW)):
                tx.clients.add(client(f"c{number}"), [])
                role = "staff" if number == 3 else "client"
                tx.records.add_screening(
                    Screening(f"s{number}", f"c{number}", "2026-03-01", Said(role, "x", at))
                )
            assert tx.personal.unaccepted(10) == ["c2", "c1"]
            tx.records.accept("s2", "Dr Reyes", NOW)
            tx.records.withdraw("s1", "kim", NOW)
            assert tx.personal.unaccepted(10) == []


class RetentionContract(StoreBase):
    """What is old enough to go."""

    def test_old_links_go_and_others_stay(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.links.add(link(), HASH)
            assert tx.retention.count("private-links", NOW + 7 * DAY) == 0
            assert tx.retention.drop("private-links", NOW + 7 * DAY, 9) == 0
            assert tx.retention.count("private-links", NOW + 8 * DAY) == 1
            assert tx.retention.drop("private-links", NOW + 8 * DAY, 9) == 1
            assert tx.links.find(HASH) is None

    def test_deliveries_lose_their_body_and_then_go_but_never_before_they_are_settled(
        self, store: Store, inbox: Inbox
    ) -> None:
        for key in ("read", "refused", "pending"):
            inbox.accept(Delivery("acme", key, NOW, b"body"))
        later = NOW + DAY
        with store.transaction() as tx:
            tx.deliveries.settle(Delivery("acme", "read", NOW, b""))
            tx.deliveries.settle(Delivery("acme", "refused", NOW, b""), "json-unreadable")
            assert tx.retention.drop("delivery-bodies", later, 9) == 1
            assert tx.retention.drop("delivery-bodies", later, 9) == 0
            assert tx.retention.drop("settled-deliveries", later, 9) == 1
            assert [each.key for each in tx.deliveries.refused(9)] == ["refused"]
            assert tx.retention.drop("refused-deliveries", later, 9) == 1
            assert [each.body for each in tx.deliveries.pending("acme", 9)] == [b"body"]

    def test_settled_work_goes_a_few_rows_at_a_time_and_wanted_work_stays(self, store: Store) -> None:
        with store.transaction() as tx:
            for number in range(3):
                tx.work.touch("judge", f"c{number}")
            for _ in range(2):
                claim = tx.work.claim(["judge"], 10)
                assert claim is not None
                tx.work.settle(claim)
            assert tx.retention.count("settled-work", NOW + DAY) == 2
            assert [tx.retention.drop("settled-work", NOW + DAY, 1) for _ in range(3)] == [1, 1, 0]
            assert tx.work.claim(["judge"], 10) is not None

    def test_clients_with_a_visit_since_are_not_idle(self, store: Store) -> None:
        with store.transaction() as tx:
            for number in (1, 2, 3):
                tx.clients.add(client(f"c{number}"), [])
            tx.appointments.put(visit("a2", client="c2"), "x", NOW)
            tx.appointments.put(visit("a3", client="c3", status="noshow"), "x", NOW)
            assert tx.retention.idle_clients(NOW + DAY, 9) == ["c1", "c3"]
            assert tx.retention.idle_clients(NOW + DAY, 9, after="c1") == ["c3"]
            assert tx.retention.idle_clients(NOW, 9) == []


def _two_people(tx: Transaction) -> None:
    tx.clients.add(client(), [EMAIL])
    tx.clients.add(client("c2", "Tom Jones"), [PHONE])
    tx.appointments.put(visit(), "x", NOW)
    tx.appointments.put(visit("a2", client="c2", title="Tom"), "x", NOW)
    tx.feeds.put(Feed("f1", "c1"), HASH)
    tx.links.add(link(), b"l" * 32)
