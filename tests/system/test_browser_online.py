"""Online bookings at the desk, clicked in a real browser: decided about, told apart, fit for everybody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browsing import faultless, fits, needs_browser, serving
from tests.system.test_browser_desk import book
from tests.web.online import Online, standing_online
from tests.web.stand import standing

pytestmark = needs_browser


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, made once."""
    folder = tmp_path_factory.mktemp("online")
    with standing(folder):
        pass
    return folder / "clinic.db"


@pytest.fixture
def online(tmp_path: Path, template: Path) -> Iterator[Online]:
    with standing_online(tmp_path, template, hold=False) as made:
        yield made


@pytest.fixture
def address(online: Online) -> Iterator[str]:
    with serving(online.stand.deps) as made:
        yield made


def test_a_booking_that_waits_is_confirmed_with_two_clicks(
    page: Page, browser: Browser, address: str, online: Online
) -> None:
    waiting = online.book("Micro", 20, waits=True)
    page.goto(f"{address}/desk/platforms")
    fits(page)
    faultless(browser, page)
    booking = page.locator(f"#b-{waiting}")
    booking.get_by_text("Decide").click()
    fits(page)
    booking.get_by_label("Your name").fill("Rita")
    booking.get_by_role("button", name="Confirm this booking").click()
    expect(page.get_by_text("Nothing waits for a person.")).to_be_visible()
    assert online.stands(waiting) == "booked"


def test_a_booking_against_a_rule_is_called_off_by_a_person(
    page: Page, browser: Browser, address: str, online: Online
) -> None:
    online.book("Botox", 18)
    standing_there = online.book("Micro", 20)
    page.goto(f"{address}/desk/platforms")
    booking = page.locator(f"#b-{standing_there}")
    expect(booking).to_contain_text("A rule blocks it")
    expect(booking).to_contain_text("First possible date: Wednesday 1 April 2026")
    fits(page)
    faultless(browser, page)
    booking.get_by_text("Decide").click()
    booking.get_by_label("Your name").fill("Rita")
    booking.get_by_role("button", name="Call this booking off").click()
    expect(page.get_by_text("Nothing waits for a person.")).to_be_visible()
    assert online.stands(standing_there) == "cancelled"


def test_a_visit_told_of_twice_is_said_to_be_one(
    page: Page, browser: Browser, address: str, online: Online
) -> None:
    online.book("Micro", 14, "Anna Berg")
    ((id, held),) = online.platform.bookings.items()
    later = timedelta(minutes=5)
    online.platform.bookings[id] = replace(held, start=held.start + later, end=held.end + later, version=2)
    online.deliver(id)
    book(page, address, "Microneedling", "2026-03-14")
    page.goto(f"{address}/desk/reviews")
    expect(page.get_by_text("Told of twice", exact=False).first).to_be_visible()
    fits(page)
    faultless(browser, page)
    page.get_by_label("Your name").first.fill("Rita")
    page.get_by_role("button", name="It is one visit").click()
    page.goto(f"{address}/desk/reviews")
    expect(page.get_by_text("Told of twice")).to_have_count(0)
