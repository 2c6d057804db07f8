"""The desk shows online bookings that need a person, and does what the person decides."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler_app.domain.platforms import Act
from scheduler_app.errors import Disconnected, Invalid
from tests.web.at_the_desk import Receptionist, words
from tests.web.online import ONLINE, Online, standing_online
from tests.web.stand import Stand


@pytest.fixture
def online(tmp_path: Path, empty_database: Path) -> Iterator[Online]:
    with standing_online(tmp_path, empty_database) as made:
        yield made


@pytest.fixture
def desk(online: Online) -> Receptionist:
    return Receptionist(online.stand)


def test_without_a_platform_the_page_says_so(stand: Stand) -> None:
    assert "No booking platform is configured." in Receptionist(stand).page("/desk/platforms")


def test_a_booking_that_waits_for_a_person_is_shown_and_confirmed_by_one(
    online: Online, desk: Receptionist
) -> None:
    ref = online.book("Micro", 20, waits=True)
    page = desk.page("/desk/platforms")
    assert "Waiting for confirmation (1)" in page
    assert "Anna Berg" in page
    answer = desk.send(f"/desk/appointments/{ref}/platform", by="Rita", do="confirm")
    assert answer.status_code == 303
    assert online.stands(ref) == "booked"
    assert "Nothing waits for a person." in desk.page("/desk/platforms")
    with online.stand.store.reading() as tx:
        assert "confirm-decided" in [
            entry["what"] for entry in tx.audit.entries(ref) if entry["who"] == "Rita"
        ]


def test_a_booking_that_is_declined_by_itself_needs_nobody(online: Online, desk: Receptionist) -> None:
    online.book("Botox", 18)
    ref = online.book("Micro", 20, waits=True)
    assert online.stands(ref) == "cancelled"
    assert "Waiting for confirmation" not in desk.page("/desk/platforms")


def test_what_a_rule_blocks_is_not_confirmed_by_hand_but_may_be_declined(
    tmp_path: Path, empty_database: Path
) -> None:
    with standing_online(tmp_path, empty_database, hold=False) as online:
        desk = Receptionist(online.stand)
        online.book("Botox", 18)
        ref = online.book("Micro", 20, waits=True)
        page = desk.browser.get("/desk/platforms").text
        assert "A rule blocks it" in words(page)
        assert 'value="confirm"' not in page
        refused = desk.send(f"/desk/appointments/{ref}/platform", by="Rita", do="confirm")
        assert refused.status_code == 422
        assert online.stands(ref) == "pending"
        declined = desk.send(f"/desk/appointments/{ref}/platform", by="Rita", do="decline")
        assert declined.status_code == 303
        assert online.stands(ref) == "cancelled"


def test_a_booking_that_stands_in_spite_of_a_rule_is_shown_and_called_off_by_a_person(
    online: Online, desk: Receptionist
) -> None:
    online.book("Botox", 18)
    ref = online.book("Micro", 20)
    page = desk.page("/desk/platforms")
    assert "Booked although a rule is broken (1)" in page
    assert "Wednesday 1 April 2026" in page
    assert online.stands(ref) == "booked"
    desk.send(f"/desk/appointments/{ref}/platform", by="Rita", do="cancel")
    assert online.stands(ref) == "cancelled"


def test_a_form_without_a_name_does_nothing(online: Online, desk: Receptionist) -> None:
    ref = online.book("Micro", 20, waits=True)
    answer = desk.send(f"/desk/appointments/{ref}/platform", by="", do="confirm")
    assert answer.status_code == 422
    assert "Give your name" in words(answer.text)
    assert online.stands(ref) == "pending"


def test_what_the_platform_refuses_is_told(online: Online, desk: Receptionist) -> None:
    online.book("Botox", 18)
    ref = online.book("Micro", 20)

    def refuse(act: Act) -> None:
        raise Invalid("platform-refused", "the platform answered 422")

    online.platform.cancel = refuse  # type: ignore[method-assign]
    desk.send(f"/desk/appointments/{ref}/platform", by="Rita", do="cancel")
    assert "The platform refused: the platform answered 422." in desk.page("/desk/platforms")


def test_a_closed_door_is_told(online: Online, desk: Receptionist) -> None:
    online.book("Talk", 20)
    online.platform.faults = [Disconnected("access-withdrawn", "the key opens nothing")]
    with online.stand.store.transaction() as tx:
        tx.work.touch("reconcile", ONLINE)
    online.stand.deps.settle()
    assert "It lets us in no more" in desk.page("/desk/platforms")


def test_a_booking_that_cannot_be_read_is_named_with_why(online: Online, desk: Receptionist) -> None:
    ref = online.book("Talk", 20)
    with online.stand.store.reading() as tx:
        held = tx.appointments.get(ref)
    assert held is not None
    for _ in range(2):
        online.platform.faults = [Invalid("time-does-not-exist", "start is a time that clocks skip")]
        with online.stand.store.transaction() as tx:
            tx.work.touch("fetch", f"{ONLINE} {held.source_id}")
        online.stand.deps.settle()
    page = desk.page("/desk/platforms")
    assert page.count(f"{held.source_id}: start is a time that clocks skip") == 1


def test_services_nobody_matched_are_counted(online: Online, desk: Receptionist) -> None:
    online.book("Peel deluxe", 20)
    assert "1 booking ahead are for a service" in desk.page("/desk/platforms")
