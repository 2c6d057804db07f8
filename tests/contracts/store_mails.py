"""Letters as they are written down, and where they go."""

from dataclasses import replace
from datetime import timedelta

from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.mail import Bounce, Mail, MailChoice
from scheduler_app.ports import Store
from tests.contracts.store_base import HOUR, NOW, StoreBase, client, visit

UID = "appointment.a1@clinic.example"
MAIL = Mail("k1", "c1", "a1", UID, "booked", 0, "d1", "REQUEST", "mail:p1", NOW)
ANNA, OTHER = "anna@example.com", "smith@example.com"


def known(store: Store, *addresses: str) -> None:
    """c1 with a visit, under these addresses."""
    with store.transaction() as tx:
        tx.clients.add(client(), [Identifier("email", address) for address in addresses])
        tx.appointments.put(visit(), "test", NOW)


class MailsContract(StoreBase):
    """What a client was told is never forgotten, and nothing goes to an address that was refused."""

    def test_a_letter_comes_back_as_it_was_written_down(self, store: Store) -> None:
        known(store)
        tried = replace(MAIL, state="failed", tried_at=NOW + HOUR, error="address-refused 550 5.1.1")
        with store.transaction() as tx:
            tx.mails.put(MAIL)
            assert tx.mails.get("k1") == MAIL
            tx.mails.put(tried)
        with store.reading() as tx:
            assert tx.mails.of_client("c1") == [tried]
            assert tx.mails.failed() == [tried]
            assert (tx.mails.get("k2"), tx.mails.of_client("c2")) == (None, [])

    def test_letters_of_one_entry_are_in_the_order_of_their_numbers(self, store: Store) -> None:
        known(store)
        with store.transaction() as tx:
            for number in (2, 0, 1):
                tx.mails.put(replace(MAIL, key=f"k{number}", sequence=number))
            assert [mail.sequence for mail in tx.mails.of_client("c1")] == [0, 1, 2]

    def test_due_and_half_sent_letters_are_to_be_sent_oldest_first(self, store: Store) -> None:
        known(store)
        states = {"planned": 0, "waiting": 1, "due": 3, "sending": 2, "sent": 4, "dropped": 5, "presumed": 6}
        with store.transaction() as tx:
            for state, age in states.items():
                at = NOW + timedelta(minutes=age)
                tx.mails.put(replace(MAIL, key=state, state=state, created_at=at))
            assert [mail.key for mail in tx.mails.due("c1")] == ["sending", "due"]
            assert tx.mails.undone() == (["mail:p1"], ["c1"])

    def test_a_plan_moves_what_was_not_decided_yet(self, store: Store) -> None:
        known(store)
        with store.transaction() as tx:
            for state in ("planned", "waiting", "sent", "dropped"):
                tx.mails.put(replace(MAIL, key=state, state=state))
            assert list(tx.mails.waiting()) == ["mail:p1"]
            assert tx.mails.set_state("mail:p1", "due") == ["c1"]
            states = {mail.key: mail.state for mail in tx.mails.in_plan("mail:p1")}
            assert states == {"planned": "due", "waiting": "due", "sent": "sent", "dropped": "dropped"}
            assert tx.mails.set_state("mail:p1", "due") == []

    def test_it_knows_when_letters_were_handed_over(self, store: Store) -> None:
        known(store)
        times = [NOW, NOW + timedelta(seconds=59), NOW + timedelta(seconds=61)]
        with store.transaction() as tx:
            for number, at in enumerate(times):
                tx.mails.put(replace(MAIL, key=f"k{number}", state="sent", tried_at=at))
            assert tx.mails.tried_since(NOW + timedelta(seconds=1)) == times[1:]

    def test_an_entry_stands_in_a_calendar_from_its_invitation_to_its_cancel(self, store: Store) -> None:
        known(store)
        with store.transaction() as tx:
            tx.mails.put(replace(MAIL, state="due"))
            assert tx.mails.invited("c1") == []
            tx.mails.put(replace(MAIL, state="sent"))
            assert tx.mails.invited("c1") == [UID]
            failed = replace(MAIL, key="k2", sequence=1, state="failed")
            tx.mails.put(failed)
            assert tx.mails.invited("c1") == [UID]
            tx.mails.put(replace(failed, key="k3", sequence=2, method="CANCEL", state="sending"))
            assert tx.mails.invited("c1") == []

    def test_visits_nobody_wrote_about_are_found(self, store: Store) -> None:
        known(store, ANNA)
        with store.transaction() as tx:
            assert tx.mails.unwritten(NOW, 10) == ["c1"]
            assert tx.mails.unwritten(NOW + 48 * HOUR, 10) == []
            tx.appointments.put(visit(status="cancelled"), "test", NOW)
            assert tx.mails.unwritten(NOW, 10) == []
            tx.appointments.put(visit(), "test", NOW)
            tx.mails.put(MAIL)
            assert tx.mails.unwritten(NOW, 10) == []

    def test_visits_that_ended_without_a_letter_are_found(self, store: Store) -> None:
        known(store, ANNA)
        with store.transaction() as tx:
            tx.mails.put(MAIL)
            ends = NOW + 25 * HOUR
            assert tx.mails.ended_without("aftercare", ends - HOUR, ends) == ["c1"]
            assert tx.mails.ended_without("aftercare", ends, ends + HOUR) == []
            tx.mails.put(replace(MAIL, key="k2", kind="aftercare"))
            assert tx.mails.ended_without("aftercare", ends - HOUR, ends) == []

    def test_clients_without_an_address_are_not_looked_at(self, store: Store) -> None:
        known(store)
        with store.transaction() as tx:
            assert tx.mails.unwritten(NOW, 10) == []
            assert tx.mails.ended_without("aftercare", NOW, NOW + 48 * HOUR) == []

    def test_letters_go_where_the_client_chose_and_never_where_they_were_refused(self, store: Store) -> None:
        known(store, OTHER, ANNA)
        with store.transaction() as tx:
            assert tx.mails.address("c1") == ANNA  # one as good as the other: always the same
            tx.links.verify("c1", "email", OTHER, "desk", "Kim", NOW)
            assert tx.mails.address("c1") == OTHER
            tx.mails.choose(MailChoice("c1", "invitations", ANNA))
            assert tx.mails.address("c1") == ANNA
            assert tx.mails.choice("c1") == MailChoice("c1", "invitations", ANNA)
            tx.mails.put_bounce(Bounce("c1", ANNA, "550 5.1.1", NOW))
            assert tx.mails.address("c1") == OTHER
            tx.mails.put_bounce(Bounce("c1", OTHER, "550 5.1.1", NOW + HOUR))
            assert tx.mails.address("c1") is None
            assert [bounce.address for bounce in tx.mails.bounces("c1")] == [OTHER, ANNA]
            tx.mails.drop_bounce("c1", ANNA)
            assert tx.mails.address("c1") == ANNA
            assert tx.mails.bounces() == [Bounce("c1", OTHER, "550 5.1.1", NOW + HOUR)]

    def test_who_chose_nothing_has_the_clinics_setting(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(Client("c9", "Nobody", NOW), [])
            assert tx.mails.choice("c9") == MailChoice("c9")
            assert tx.mails.address("c9") is None
