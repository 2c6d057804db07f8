"""The desk looks after what is the client's own: links, the record to hand over, statements, erasure."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from scheduler_app.domain.clients import Identifier
from scheduler_app.flow.private_links import LinkLetter
from scheduler_app.flow.record import Speaker, record_condition, record_screening
from tests.web.at_the_desk import Receptionist, words
from tests.web.stand import Stand

CLIENT = Speaker("client", "the client")
TO_ANNA = {"purpose": "record", "to": "email anna@example.com", "by": "Kim"}


class Desk(Receptionist):
    """Somebody at the desk with one client in front of her."""

    def __init__(self, stand: Stand) -> None:
        super().__init__(stand)
        self.visit = self.book()
        self.client = self.client_of(self.visit)
        self.at = f"/desk/clients/{self.client}"

    def link_shown(self, where: str) -> str:
        found = re.search(r'<code class="address">([^<]+)</code>', self.browser.get(where).text)
        assert found is not None
        return unescape(found[1])


@pytest.fixture
def desk(stand: Stand) -> Desk:
    return Desk(stand)


def test_a_link_is_made_once_the_address_is_confirmed_and_shown_to_be_handed_over(desk: Desk) -> None:
    assert "nobody confirmed it yet" in desk.page(f"{desk.at}/privacy")
    refused = desk.send(f"{desk.at}/links", **TO_ANNA)
    assert (refused.status_code, "Ask the client" in words(refused.text)) == (422, True)
    made = desk.send(f"{desk.at}/links", **TO_ANNA, confirmed="yes")
    assert made.status_code == 303
    page = desk.page(made.headers["Location"].partition("#")[0])
    assert "not sent: hand it over" in page
    link = desk.link_shown(made.headers["Location"].partition("#")[0])
    assert link.startswith("http://localhost/my/record/")
    assert "Anna Berg" in desk.page(link.removeprefix("http://localhost"))
    assert "/my/record/" not in desk.browser.get(f"{desk.at}/privacy").text  # shown on demand only
    assert "confirmed" in desk.page(f"{desk.at}/privacy")


def test_with_somebody_who_sends_it_is_sent_and_not_shown(stand: Stand) -> None:
    letters: list[LinkLetter] = []
    stand.deps = replace(
        stand.deps, send_link=lambda _tx, letter: letters.append(letter), public_url="https://care.example"
    )
    desk = Desk(stand)
    made = desk.send(f"{desk.at}/links", **TO_ANNA, confirmed="yes")
    assert "show=" not in made.headers["Location"]
    assert [letter.address for letter in letters] == ["anna@example.com"]
    assert letters[0].link.startswith("https://care.example/my/record/")


def test_a_shared_address_wants_a_decision(desk: Desk) -> None:
    desk.book(client="Tom Jones", email="tom@example.com", date="2026-03-20")
    with desk.stand.store.transaction() as tx:
        (tom,) = tx.clients.find("tom")
        tx.clients.add_identifiers(tom.ref, [Identifier("email", "anna@example.com")])
    assert "another client has it too" in desk.page(f"{desk.at}/privacy")
    refused = desk.send(f"{desk.at}/links", **TO_ANNA, confirmed="yes")
    assert (refused.status_code, "Another client has this address too" in words(refused.text)) == (422, True)
    assert desk.send(f"{desk.at}/links", **TO_ANNA, confirmed="yes", shared="yes").status_code == 303


def test_links_are_ended_at_once(desk: Desk) -> None:
    made = desk.send(f"{desk.at}/links", purpose="record", to="hand", by="Kim")
    path = desk.link_shown(made.headers["Location"].partition("#")[0]).removeprefix("http://localhost")
    assert desk.send(f"{desk.at}/links/end").status_code == 422
    assert desk.send(f"{desk.at}/links/end", by="Kim").status_code == 303
    assert "This link was replaced" in desk.page(path, 410)


def test_the_record_is_handed_over_and_that_is_on_record(desk: Desk) -> None:
    assert desk.send(f"{desk.at}/record").status_code == 422
    answer = desk.send(f"{desk.at}/record", by="Kim")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        held = json.loads(archive.read("record.json"))["held"]
    assert held["clients"][0]["name"] == "Anna Berg"
    with desk.stand.store.reading() as tx:
        newest = tx.audit.entries(desk.client, 1)[0]
    assert (newest["what"], newest["who"]) == ("record-downloaded", "Kim")


def test_what_a_client_said_waits_to_be_accepted_or_withdrawn(desk: Desk) -> None:
    assert "Nothing waits" in desk.page("/desk/statements")
    flow = desk.stand.deps.flow
    said = record_condition(flow, desk.client, "diabetes", CLIENT)
    asked = record_screening(flow, desk.client, "2026-03-01", CLIENT)
    page = desk.page("/desk/statements")
    for told in ("Anna Berg", "Diabetes", "Health questions asked on 1 March 2026"):
        assert told in page
    assert desk.send(f"{desk.at}/accept", fact=asked.ref, by="Dr Reyes").status_code == 303
    page = desk.page("/desk/statements")
    assert ("Diabetes" in page, "Health questions" in page) == (True, False)
    assert desk.send(f"{desk.at}/withdraw", fact=said.ref, by="Kim").status_code == 303
    assert "Nothing waits" in desk.page("/desk/statements")
    assert desk.outcome(desk.visit) == "clear"


def test_somebody_who_asked_for_a_link_and_got_none_is_shown(desk: Desk) -> None:
    desk.stand.deps.settle()
    with desk.stand.store.transaction() as tx:
        tx.audit.write(desk.stand.clock(), "the client", "link-withheld", desk.client, {"purpose": "record"})
        tx.personal.ask_erasure(desk.client, "the client", desk.stand.clock())
    page = desk.page("/desk/statements")
    assert "Asked for a private link, and were sent none Anna Berg" in page
    assert "Asked to be erased Anna Berg" in page


def test_a_person_is_erased_when_somebody_is_sure_and_nothing_lies_ahead(desk: Desk) -> None:
    with desk.stand.store.reading() as tx:
        feed = tx.feeds.of_client(desk.client)
    assert feed is not None
    erasing = {"do": "erase", "by": "Kim"}
    sure = erasing | {"sure": "yes"}
    for typed, told in ((erasing, "nobody can undo this"), (sure, "1 visit(s) lie ahead")):
        refused = desk.send(f"{desk.at}/erasure", **typed)
        assert (refused.status_code, told in words(refused.text)) == (422, True)
    desk.stand.clock.now += timedelta(days=20)
    done = desk.send(f"{desk.at}/erasure", **erasing, sure="yes")
    assert "The person was erased" in words(done.text)
    assert "This person was erased" in desk.page(desk.at, 404)
    assert desk.page(f"{desk.at}/privacy", 404)
    assert desk.page(f"/desk/appointments/{desk.visit}", 404)
    for page in ("/desk/", "/desk/clients?q=anna", "/desk/reviews", "/desk/?from=2026-03-14"):
        assert "Berg" not in desk.page(page)
    with desk.stand.store.reading() as tx:
        closed = tx.feeds.of_client(desk.client)
        assert closed is not None
        assert closed.revoked
        assert tx.feeds.entries(feed.ref) == {}
    assert desk.stand.store.file is not None
    held = b"".join(file.read_bytes() for file in desk.stand.store.file.parent.glob("clinic.db*"))
    assert b"Berg" not in held
    assert b"anna@example.com" not in held


def test_a_client_may_change_their_mind(desk: Desk) -> None:
    with desk.stand.store.transaction() as tx:
        tx.personal.ask_erasure(desk.client, "the client", desk.stand.clock())
    assert "The client asked for it on Sunday 1 March 2026" in desk.page(f"{desk.at}/privacy")
    assert desk.send(f"{desk.at}/erasure", do="refuse", by="Kim").status_code == 303
    assert "The client asked" not in desk.page(f"{desk.at}/privacy")
