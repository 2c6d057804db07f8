"""What PostgreSQL cannot hold, or will not do, is told in our words; nothing is half done."""

import json
import sys
from typing import Any

import pytest

from scheduler_app.domain.clients import Client
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Invalid, Unavailable
from scheduler_app.store import EmbeddedCalendar, GroupCommitInbox, SqlStore, open_store
from tests.contracts.store_base import NOW, HandClock, client, visit
from tests.flow.clinic_at_work import SITE, ClinicAtWork, signed
from tests.postgres.server import PostgresServer

LONG = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(4000))  # does not compress


def test_a_nul_is_refused_and_the_transaction_goes_on(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.clients.add(client(), [])
        with pytest.raises(Invalid, match="cannot be stored"):
            tx.clients.add(Client("c2", "An\0na", NOW), [])
        with pytest.raises(Invalid, match="cannot be stored"):
            tx.clients.find("An\0na")
    with store.reading() as tx:
        assert list(tx.clients.refs()) == ["c1"]
        with pytest.raises(Invalid):
            tx.clients.get("c\0")


def test_a_nul_in_a_calendars_id_is_refused_too(store: SqlStore) -> None:
    with pytest.raises(Invalid):
        EmbeddedCalendar(store).keep("de\0sk")


def test_a_webhook_with_a_nul_in_a_name_goes_to_a_person_and_takes_no_other_with_it(
    url: str, tmp_path: Any
) -> None:
    clinic = ClinicAtWork(tmp_path / "none", url=url)
    clinic.tell("created", id="b1", day="2026-03-10")
    body = json.loads(clinic.webhook("created", id="b2", day="2026-03-11")[1])
    body["data"]["client"]["name"] = "Ann\0 Lee"
    raw = json.dumps(body)
    clinic.send(signed("msg_nul", clinic.clock.now, raw), raw.encode())
    clinic.tell("created", id="b3", day="2026-03-12")
    clinic.settle()
    with clinic.store.reading() as tx:
        held = {each: tx.appointments.by_source(SITE, each) is not None for each in ("b1", "b2", "b3")}
        (unread,) = tx.deliveries.refused(10)
    clinic.close()
    assert held == {"b1": True, "b2": False, "b3": True}
    assert unread.key == "msg_nul"


def test_a_text_too_long_for_an_index_is_refused_for_good(store: SqlStore) -> None:
    # trying again would not help: who sends must not be asked to
    with pytest.raises(Invalid), store.transaction() as tx:
        tx.appointments.put(visit(client=None, source_id=LONG), "test", NOW)
    with pytest.raises(Invalid), store.transaction() as tx:
        tx.clients.add(Client("c1", "Anna", NOW, language="x" * 17), [])


def test_a_delivery_that_cannot_be_kept_does_not_take_the_others_with_it(store: SqlStore) -> None:
    inbox = GroupCommitInbox(store)
    with pytest.raises(Unavailable):
        inbox.accept(Delivery("acme", LONG, NOW, b"{}"))
    assert inbox.accept(Delivery("acme", "k", NOW, b"{}"))
    inbox.close()


def test_an_account_without_rights_is_told_which_it_lacks(server: PostgresServer, clock: HandClock) -> None:
    with server.database() as name:
        server.say("CREATE ROLE guest LOGIN")
        guest = open_store(server.url(name).replace("clinic@", "guest@"), clock)
        with pytest.raises(Invalid, match=r"42501.*own the database"):
            guest.migrate()
        guest.close()
        server.say("DROP ROLE guest")


def test_a_database_that_cannot_hold_every_name_is_refused(server: PostgresServer, clock: HandClock) -> None:
    with server.database("ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'") as name:
        store = open_store(server.url(name), clock)
        with pytest.raises(Invalid, match=r"LATIN1.*UTF8"):
            store.migrate()
        store.close()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgresql+psycopg2", "postgres"])
def test_the_usual_ways_to_write_the_address_all_lead_to_our_driver(
    scheme: str, url: str, clock: HandClock
) -> None:
    store = open_store(scheme + url[url.index(":") :], clock)
    assert store.engine.dialect.driver == "psycopg"
    with store.reading() as tx:
        assert list(tx.clients.refs()) == []
    store.close()


def test_a_missing_driver_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch, clock: HandClock) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Invalid, match=r"psycopg\[binary\]"):
        open_store("postgresql://x@127.0.0.1:1/clinic", clock)


def test_a_server_that_is_not_there_is_unavailable_and_its_address_is_not_told(clock: HandClock) -> None:
    store = open_store("postgresql://someone:hush-3@127.0.0.1:1/clinic", clock)
    with pytest.raises(Unavailable, match="does not answer") as failure:
        store.migrate()
    assert "hush" not in repr(failure.value)
    assert "127.0.0.1" not in repr(failure.value)
    store.close()
