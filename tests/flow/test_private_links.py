"""private_links: one client, one purpose, soon over, sent to nobody but the client."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.clients import Identifier
from scheduler_app.domain.entries import Feed
from scheduler_app.domain.private_links import ERASE, INTAKE, PURPOSES, RECORD, link_token
from scheduler_app.domain.tokens import stored_form, token, well_formed
from scheduler_app.errors import Invalid, NotFound, Unavailable
from scheduler_app.flow.private_links import (
    LinkLetter,
    LinkPress,
    Wanted,
    address_of,
    ask_link,
    make_link,
    opened,
    revoke_links,
    use,
)
from scheduler_app.ports import Transaction
from tests.flow.clinic_at_work import ClinicAtWork

KEY, FEED = b"k" * 32, Feed("f1", "c1")
EMAIL = "ann.lee@example.com"


@dataclass
class Postman:
    """Undertakes to send, and remembers."""

    letters: list[LinkLetter] = field(default_factory=list)
    away: bool = False

    def __call__(self, tx: Transaction, letter: LinkLetter) -> None:
        if self.away:
            raise Unavailable("no mail today")
        self.letters.append(letter)

    def press(self) -> LinkPress:
        return LinkPress((KEY,), "https://care.example", self)


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def client(clinic: ClinicAtWork) -> str:
    event = clinic.book("Consultation", "2026-03-05")
    clinic.settle()
    return clinic.client_of(event)


def confirmed(purpose: str = RECORD, **more: bool) -> Wanted:
    return Wanted(purpose, "kim", "email", EMAIL, **{"confirmed": True, **more})


def secret(letter: LinkLetter) -> str:
    return letter.link.rpartition("/")[2]


def standing(clinic: ClinicAtWork, text: str, purpose: str) -> str:
    with clinic.store.reading() as tx:
        return opened(tx, text, purpose, clinic.clock())[0]


def test_a_link_opens_its_own_purpose_only(clinic: ClinicAtWork, postman: Postman, client: str) -> None:
    make_link(clinic.flow, postman.press(), client, confirmed())
    (letter,) = postman.letters
    assert letter.link.startswith("https://care.example/my/record/")
    assert {purpose: standing(clinic, secret(letter), purpose) for purpose in PURPOSES} == {
        INTAKE: "", RECORD: "open", ERASE: "", "new-link": "",
    }  # fmt: skip


def test_only_a_hash_of_it_is_kept(clinic: ClinicAtWork, postman: Postman, client: str) -> None:
    make_link(clinic.flow, postman.press(), client, confirmed())
    clinic.store.scrub()
    held = b"".join(file.read_bytes() for file in clinic.file.parent.glob(clinic.file.name + "*"))
    assert secret(postman.letters[0]).encode() not in held


def test_it_can_be_printed_again_until_its_key_is_gone(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    link = make_link(clinic.flow, postman.press(), client, confirmed())
    with clinic.store.reading() as tx:
        ((held, stored),) = tx.links.of_client(client)
    assert (held.ref, held.address) == (link.ref, EMAIL)
    rotated = replace(postman.press(), keys=(b"n" * 32, KEY))
    assert address_of(rotated, held, stored) == postman.letters[0].link
    assert address_of(replace(rotated, keys=(b"n" * 32,)), held, stored) is None


@pytest.mark.parametrize(("purpose", "lasts"), [(INTAKE, timedelta(days=7)), (RECORD, timedelta(hours=24))])
def test_it_ends_when_its_time_is_over(
    clinic: ClinicAtWork, postman: Postman, client: str, purpose: str, lasts: timedelta
) -> None:
    make_link(clinic.flow, postman.press(), client, confirmed(purpose))
    text = secret(postman.letters[0])
    clinic.clock.now += lasts - timedelta(seconds=1)
    assert standing(clinic, text, purpose) == "open"
    clinic.clock.now += timedelta(seconds=1)
    assert standing(clinic, text, purpose) == "expired"
    with clinic.store.transaction() as tx:
        assert use(tx, text, purpose, clinic.clock()) is None


def test_a_new_one_ends_the_older_ones_of_its_purpose(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    for purpose in (RECORD, INTAKE, RECORD):
        make_link(clinic.flow, postman.press(), client, confirmed(purpose))
    told = [standing(clinic, secret(letter), letter.purpose) for letter in postman.letters]
    assert told == ["revoked", "open", "open"]
    assert revoke_links(clinic.flow, client, "kim") == 2
    assert standing(clinic, secret(postman.letters[1]), INTAKE) == "revoked"


def test_an_address_nobody_confirmed_gets_nothing(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    for wanted, code in (
        (Wanted(RECORD, "kim", "email", EMAIL), "contact-unconfirmed"),
        (Wanted(INTAKE, "kim", "email", EMAIL), "contact-unconfirmed"),
        (Wanted(RECORD, "kim", "email", "else@example.com", confirmed=True), "contact-unknown"),
    ):
        with pytest.raises(Invalid) as refused:
            make_link(clinic.flow, postman.press(), client, wanted)
        assert refused.value.code == code
    assert postman.letters == []
    make_link(clinic.flow, postman.press(), client, confirmed())
    make_link(clinic.flow, postman.press(), client, Wanted(RECORD, "kim", "email", EMAIL))
    assert len(postman.letters) == 2


def test_an_address_two_clients_share_gets_a_record_only_when_a_person_says_so(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    share(clinic)
    with pytest.raises(Invalid) as refused:
        make_link(clinic.flow, postman.press(), client, confirmed())
    assert refused.value.code == "contact-shared"
    make_link(clinic.flow, postman.press(), client, confirmed(shared=True))
    make_link(clinic.flow, postman.press(), client, confirmed(INTAKE))
    assert [letter.purpose for letter in postman.letters] == [RECORD, INTAKE]


def share(clinic: ClinicAtWork) -> None:
    event = clinic.book("Consultation", "2026-03-06", "Tom Lee")
    clinic.settle()
    with clinic.store.transaction() as tx:
        tx.clients.add_identifiers(clinic.client_of(event), [Identifier("email", EMAIL)])


def feed_of(clinic: ClinicAtWork, client: str) -> str:
    feed = Feed("f1", client)
    with clinic.store.transaction() as tx:
        tx.feeds.put(feed, stored_form(token(KEY, feed)))
    return token(KEY, feed)


def test_a_client_who_asks_gets_it_at_the_confirmed_address(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    feed = feed_of(clinic, client)
    ask_link(clinic.flow, postman.press(), feed, RECORD)
    assert postman.letters == []  # nobody confirmed the address yet
    make_link(clinic.flow, postman.press(), client, confirmed(INTAKE))
    ask_link(clinic.flow, postman.press(), feed, RECORD)
    assert [(letter.purpose, letter.address) for letter in postman.letters[1:]] == [(RECORD, EMAIL)]


def test_a_client_who_asks_gets_nothing_at_an_address_somebody_shares(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    make_link(clinic.flow, postman.press(), client, confirmed(INTAKE))
    share(clinic)
    ask_link(clinic.flow, postman.press(), feed_of(clinic, client), RECORD)
    assert len(postman.letters) == 1
    with clinic.store.reading() as tx:
        assert tx.audit.entries(client, 1)[0]["what"] == "link-withheld"


def test_a_client_may_ask_so_often_a_day(clinic: ClinicAtWork, postman: Postman, client: str) -> None:
    feed = feed_of(clinic, client)
    make_link(clinic.flow, postman.press(), client, confirmed(INTAKE))
    for _ in range(5):
        ask_link(clinic.flow, postman.press(), feed, RECORD)
    assert len(postman.letters) == 1 + 3
    clinic.clock.pass_by(hours=25)
    ask_link(clinic.flow, postman.press(), feed, RECORD)
    assert len(postman.letters) == 1 + 4


def test_a_revoked_feed_asks_for_nothing_and_its_token_opens_no_page(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    feed = feed_of(clinic, client)
    assert {standing(clinic, feed, purpose) for purpose in PURPOSES} == {""}
    with clinic.store.transaction() as tx:
        tx.feeds.put(Feed("f1", client, revoked=True), stored_form(feed))
    with pytest.raises(NotFound):
        ask_link(clinic.flow, postman.press(), feed, RECORD)
    with pytest.raises(NotFound):
        ask_link(clinic.flow, postman.press(), "no token", RECORD)


def test_a_link_that_cannot_be_sent_was_never_made(
    clinic: ClinicAtWork, postman: Postman, client: str
) -> None:
    postman.away = True
    with pytest.raises(Unavailable):
        make_link(clinic.flow, postman.press(), client, confirmed())
    with clinic.store.reading() as tx:
        assert tx.links.of_client(client) == []


def test_without_anybody_who_sends_it_waits_to_be_handed_over(clinic: ClinicAtWork, client: str) -> None:
    press = LinkPress((KEY,), "https://care.example")
    link = make_link(clinic.flow, press, client, confirmed())
    with clinic.store.reading() as tx:
        ((held, stored),) = tx.links.of_client(client)
    assert held.sent_at is None
    assert str(address_of(press, link, stored)).startswith("https://care.example/my/record/")


@given(st.text(max_size=40), st.sampled_from(PURPOSES), st.text(max_size=40), st.sampled_from(PURPOSES))
def test_two_links_never_have_one_token_nor_a_feeds(ref: str, purpose: str, other: str, use_: str) -> None:
    one = link_token(KEY, ref, purpose)
    assert well_formed(one)
    assert (one == link_token(KEY, other, use_)) == ((ref, purpose) == (other, use_))
    assert one != token(KEY, Feed(ref, "c1"))
