"""A platform that shows no message of ours: the clinic's own letter says from when the visit is possible."""

from dataclasses import replace

from integrations.memory import MemoryBooking, MemoryPlatform
from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.platforms import ClinicPlatform, PlatformTerms
from scheduler_app.flow.receive import receive
from tests.flow.clinic_at_work import local
from tests.flow.letters import ANN, Correspondence
from tests.flow.mailing.conftest import arrived
from tests.mail_server import MailServer

ONLINE = "online"
SERVICES = {"Micro": ("microneedling",), "Botox": ("botulinum_toxin",)}


def with_platform(post: Correspondence) -> MemoryPlatform:
    """The clinic is booked online too, and lets us call off."""
    known = ClinicPlatform(ONLINE, "memory", "main", services=SERVICES, terms=PlatformTerms(cancel=True))
    flow = post.clinic.flow
    clinic = replace(flow.clinic, platforms={ONLINE: known})
    platform = MemoryPlatform(known, clinic, ["a secret of the tests"])
    assert flow.post is not None
    sending = replace(
        flow.post,
        press=replace(flow.post.press, clinic=replace(flow.post.press.clinic, platforms=clinic.platforms)),
    )
    post.clinic.flow = replace(flow, clinic=clinic, platforms={ONLINE: platform}, post=sending)
    return platform


def booked(post: Correspondence, platform: MemoryPlatform, service: str, day: str) -> str:
    clock = post.clinic.clock
    clock.pass_by(minutes=1)
    id = f"booking-{len(platform.bookings)}"
    clues = Clues("Ann Lee", ANN)
    platform.bookings[id] = MemoryBooking(
        id, local(day), local(day, "11:00"), (service,), clues, clock.now, clock.now
    )
    receive(platform, post.clinic.inbox, *platform.sent(id), clock.now)
    post.clinic.settle()
    return id


def test_the_letter_about_a_visit_we_called_off_says_from_when_it_is_possible(
    post: Correspondence, server: MailServer
) -> None:
    platform = with_platform(post)
    booked(post, platform, "Botox", "2026-03-20")
    over = booked(post, platform, "Micro", "2026-03-27")
    post.clinic.clock.pass_by(minutes=10)
    post.clinic.settle()
    assert platform.bookings[over].status == "cancelled"
    letters = [letter for letter in arrived(server) if "27 March" in letter.subject]
    assert letters
    assert "cancelled" in letters[-1].subject
    assert "choose a date from 3 April 2026" in " ".join(letters[-1].text.split())
    for letter in letters:
        assert "otox" not in letter.text


def test_the_letter_about_a_visit_the_client_called_off_says_nothing_of_the_kind(
    post: Correspondence, server: MailServer
) -> None:
    platform = with_platform(post)
    booking = booked(post, platform, "Botox", "2026-03-20")
    arrived(server)
    held = platform.bookings[booking]
    platform.bookings[booking] = replace(held, status="cancelled", version=2)
    receive(platform, post.clinic.inbox, *platform.sent(booking), post.clinic.clock.now)
    post.clinic.settle()
    (letter,) = arrived(server)
    assert "cancelled" in letter.subject
    assert "choose a date" not in letter.text
