"""What every database must do for us. An adapter inherits StoreContract and supplies `store` and `inbox`."""

from datetime import timedelta

import pytest

from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.errors import Conflict, Invalid, SchedulerError
from scheduler_app.ports import Store
from tests.contracts.store_base import NOW, StoreBase, client, visit
from tests.contracts.store_book import BookContract
from tests.contracts.store_connections import ConnectionsContract
from tests.contracts.store_feeds import FeedsContract
from tests.contracts.store_inbox import DeliveriesContract
from tests.contracts.store_known import KnownContract
from tests.contracts.store_mails import MailsContract
from tests.contracts.store_outbox import OutboxContract
from tests.contracts.store_people import PeopleContract
from tests.contracts.store_private import PersonalContract, PrivateLinksContract, RetentionContract
from tests.contracts.store_sets import SetsContract
from tests.contracts.store_verdicts import VerdictsContract
from tests.contracts.store_work import WorkContract


class TransactionContract(StoreBase):
    """All or nothing, and nobody sees half of it."""

    def test_what_a_transaction_did_is_there_afterwards(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
        with store.reading() as tx:
            assert tx.clients.get("c1") == client()

    def test_a_fault_undoes_everything_in_it(self, store: Store) -> None:
        def half_done() -> None:
            with store.transaction() as tx:
                tx.clients.add(client(), [Identifier("email", "anna@example.org")])
                tx.cursors.put("desk", "17", NOW)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            half_done()
        with store.reading() as tx:
            assert tx.clients.get("c1") is None
            assert tx.cursors.get("desk") is None

    def test_a_look_does_not_see_what_is_not_committed_nor_what_comes_later(self, store: Store) -> None:
        with store.reading() as look:
            assert look.clients.get("c1") is None
            with store.transaction() as tx:
                tx.clients.add(client(), [])
                assert look.clients.get("c1") is None
            assert look.clients.get("c1") is None
        with store.reading() as look:
            assert look.clients.get("c1") is not None

    def test_a_look_cannot_write(self, store: Store) -> None:
        with pytest.raises(SchedulerError), store.reading() as tx:
            tx.clients.add(client(), [])
        with store.transaction() as tx:
            assert tx.clients.get("c1") is None
            tx.clients.add(client(), [])

    def test_a_transaction_inside_a_transaction_is_refused_at_once(self, store: Store) -> None:
        with store.transaction(), pytest.raises(RuntimeError), store.transaction():
            pass
        with store.transaction() as tx:
            tx.clients.add(client(), [])

    def test_what_is_there_already_is_a_conflict(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
        with pytest.raises(Conflict), store.transaction() as tx:
            tx.clients.add(client(), [])

    def test_what_points_at_nothing_is_refused(self, store: Store) -> None:
        with pytest.raises(Invalid), store.transaction() as tx:
            tx.appointments.put(visit(client="nobody"), "test", NOW)

    @pytest.mark.parametrize("name", ["half a pair \ud83d", "\udcff"])
    def test_text_that_is_no_text_is_refused(self, store: Store, name: str) -> None:
        with pytest.raises(Invalid), store.transaction() as tx:
            tx.clients.add(Client("c1", name, NOW), [])
        with store.transaction() as tx:
            tx.clients.add(client(), [])
        with pytest.raises(Invalid), store.transaction() as tx:
            tx.appointments.put(visit(treatments=(name,)), "test", NOW)

    def test_a_number_beyond_64_bits_is_refused(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
        with pytest.raises(Invalid), store.transaction() as tx:
            tx.appointments.put(visit(version=2**63), "test", NOW)

    def test_a_time_that_names_no_instant_is_refused(self, store: Store) -> None:
        with pytest.raises(Exception, match="names no instant"), store.transaction() as tx:
            tx.cursors.put("desk", "1", NOW.replace(tzinfo=None))

    def test_failures_tell_no_values(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(Client("c1", "Anna Secret", NOW), [])
        with pytest.raises(Conflict) as failure, store.transaction() as tx:
            tx.clients.add(Client("c1", "Anna Secret", NOW), [])
        assert "Secret" not in repr(failure.value)
        assert failure.value.__suppress_context__  # the driver's own message may hold the row

    def test_a_calendars_cursor_is_kept_and_can_be_forgotten(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.cursors.put("desk", "17", NOW)
            tx.cursors.put("other", "3", NOW)
            tx.cursors.put("desk", "18", NOW + timedelta(minutes=1))
            assert (tx.cursors.get("desk"), tx.cursors.get("nowhere")) == ("18", None)
            tx.cursors.put("desk", None, NOW)
            assert (tx.cursors.get("desk"), tx.cursors.get("other")) == (None, "3")


class StoreContract(
    TransactionContract,
    PeopleContract,
    BookContract,
    KnownContract,
    VerdictsContract,
    DeliveriesContract,
    OutboxContract,
    SetsContract,
    WorkContract,
    FeedsContract,
    ConnectionsContract,
    MailsContract,
    PrivateLinksContract,
    PersonalContract,
    RetentionContract,
):
    """Everything a store promises."""
