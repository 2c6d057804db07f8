"""Online bookings at the desk, clicked in a real browser: decided about, told apart, fit for everybody."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from scheduler_app.web import create_app
from tests.system.test_browser_desk import (
    Silent,
    book,
    browser_type_launch_args,
    fits,
    page,
    pytestmark,
)
from tests.web.online import Online, standing_online
from tests.web.stand import standing

__all__ = ["browser_type_launch_args", "page", "pytestmark"]


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
    app = create_app(online.stand.deps)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def faultless(browser: Browser, page: Page) -> None:
    """axe-core finds nothing, in a window of the same size that may run its script."""
    window: Any = browser.new_context(viewport=page.viewport_size, bypass_csp=True)
    looked = window.new_page()
    looked.goto(page.url)
    found = Axe().run(looked)
    window.close()
    assert found.violations_count == 0, found.generate_report()


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
