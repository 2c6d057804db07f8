"""A client is told of a visit once, in the feed and by letter, though two sources tell us of it."""

from collections.abc import Iterator

import pytest

from scheduler_app.domain.clinic import MailTerms
from scheduler_app.domain.mail import INVITATIONS
from scheduler_app.domain.outcome import Outcome
from scheduler_app.flow.digest import digest
from scheduler_app.flow.erase import erase
from scheduler_app.flow.foresee import foresee
from scheduler_app.store.whereabouts import HELD
from tests.flow.clinic_at_work import DESK
from tests.flow.full_lives import rows_about
from tests.flow.letters import Correspondence, Part, taken_apart, through
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline
from tests.flow.platforms.two_sources import Copying
from tests.mail_server import MailServer


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    """A mail server for all of these."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def post(online: ClinicOnline, running: MailServer) -> Correspondence:
    """A clinic that writes letters without invitations, unless a test says otherwise."""
    running.post.forget()
    return Correspondence(online, through(running), MailTerms(by_mail="letters", per_minute=10_000))


@pytest.fixture
def two(online: ClinicOnline) -> Copying:
    """Both sources."""
    return Copying(online)


def arrived(server: MailServer) -> list[Part]:
    """Everything that came since the last look."""
    found = [taken_apart(message) for message in server.post.messages]
    server.post.messages.clear()
    return found


def entries(two: Copying, client: str) -> set[str]:
    """The refs of visits whose entries stand in the client's feed."""
    with two.online.store.reading() as tx:
        feed = tx.feeds.of_client(client)
        assert feed is not None
        shown = [each for each in tx.feeds.entries(feed.ref).values() if each.block]
    return {each.uid.partition(".")[2].partition("@")[0] for each in shown}


def test_the_feed_shows_the_visit_once_and_nothing_as_cancelled(post: Correspondence, two: Copying) -> None:
    event = two.copy("Consultation", "2026-03-20", "booking-1")
    two.online.settle()
    client = two.event(event).client or ""
    assert entries(two, client) == {two.event(event).ref}
    booking = two.online.book_online("Talk", "2026-03-20")
    two.online.settle()
    assert entries(two, client) == {two.booking(booking).ref}


def test_care_is_given_for_what_either_source_tells_of(post: Correspondence, two: Copying) -> None:
    booking = two.online.book_online("Talk", "2026-03-20")
    two.copy("Consultation + Microneedling", "2026-03-20", booking)
    two.screened(booking)
    with two.online.store.reading() as tx:
        feed = tx.feeds.of_client(two.booking(booking).client or "")
        assert feed is not None
        kinds = {uid.partition(".")[0] for uid in tx.feeds.entries(feed.ref)}
    assert "before" in kinds
    assert "first-week" in kinds


def test_whoever_was_written_to_about_the_copy_is_not_written_to_again(
    post: Correspondence, two: Copying, running: MailServer
) -> None:
    two.copy("Consultation", "2026-03-20", "booking-1")
    two.online.settle()
    assert len(arrived(running)) == 1
    booking = two.online.book_online("Talk", "2026-03-20")
    two.online.settle()
    assert arrived(running) == []
    two.online.move_online(booking, "2026-03-24")
    two.online.settle()
    (letter,) = arrived(running)
    assert "24 March" in letter.text


def test_an_invitation_to_the_copy_leaves_the_calendar_for_the_bookings(
    post: Correspondence, two: Copying, running: MailServer
) -> None:
    event = two.copy("Consultation", "2026-03-20", "booking-1")
    two.online.settle()
    post.choose(two.event(event).client or "", INVITATIONS)
    two.online.settle()
    assert [letter.method for letter in arrived(running)][-1] == "REQUEST"
    booking = two.online.book_online("Talk", "2026-03-20")
    two.online.settle()
    letters = {letter.method: letter for letter in arrived(running)}
    assert letters.keys() == {"CANCEL", "REQUEST"}
    assert two.event(event).ref in letters["CANCEL"].event.one("UID").value
    assert two.booking(booking).ref in letters["REQUEST"].event.one("UID").value
    post.sweep()
    assert arrived(running) == []


def test_staff_see_it_once_too(two: Copying) -> None:
    two.online.book_online("Botox", "2026-03-16")
    booking = two.online.book_online("Micro", "2026-03-20")
    event = two.copy("Microneedling", "2026-03-20", booking)
    two.copy("???", "2026-03-16", "booking-1")
    two.online.settle()
    told = digest(two.online.flow)
    assert [line.ref for line in told.held] == [two.booking(booking).ref]
    assert told.unrecognised == ()
    foreseen = foresee(two.online.flow, DESK)
    assert [each.appointment.source_id for each in foreseen.held] == [event]
    assert foreseen.unrecognised == []
    with two.online.store.reading() as tx:
        now = two.online.clock.now
        assert tx.appointments.count_upcoming(now) == 2


def test_a_check_holds_a_new_booking_against_the_visit_once(two: Copying) -> None:
    booking = two.online.book_online("Botox", "2026-03-16")
    two.copy("Botox", "2026-03-16", booking)
    two.online.settle()
    with two.online.store.reading() as tx:
        book = tx.appointments.of_client(two.booking(booking).client or "")
    assert [each.source for each in book] == [ONLINE]
    verdict = two.online.verdict(booking, ONLINE).verdict
    assert verdict.outcome is Outcome.CLEAR


def test_whoever_is_erased_goes_with_both_halves_and_with_what_was_decided(two: Copying) -> None:
    booking = two.online.book_online("Micro", "2026-03-03")
    event = two.copy("Microneedling", "2026-03-03", at="10:05")
    two.online.settle()
    two.decide(event, booking, same=True)
    client = two.booking(booking).client or ""
    assert "visit_pairs" in rows_about(two.online, client)
    two.online.clock.pass_by(days=3)
    erase(two.online.flow, client, "kim")
    two.online.settle()
    left = rows_about(two.online, client)
    assert "visit_pairs" not in left
    assert "appointments" not in left
    assert "visit_pairs" in {table.name for table in HELD}
