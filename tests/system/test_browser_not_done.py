"""Work that could not be done, found and tried again in a real browser by whoever looks after the clinic."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from scheduler_app.flow.given_up import note_given_up
from tests.parked import give_up
from tests.system.browsing import faultless, fits, needs_browser, picture
from tests.system.test_browser_desk import book
from tests.web.stand import Stand

pytestmark = needs_browser


def client_of_the_visit(stand: Stand) -> str:
    with stand.store.reading() as tx:
        (client,) = tx.clients.refs()
    return client


def test_work_that_was_given_up_is_found_and_tried_again_with_one_button(
    page: Page, browser: Browser, address: str, stand: Stand, tmp_path: Path
) -> None:
    book(page, address, "Microneedling", "2026-03-14")
    give_up(stand.store, stand.clock, "judge", client_of_the_visit(stand))
    give_up(stand.store, stand.clock, "sync", "desk", "Expired: x")
    note_given_up(stand.deps.flow)

    page.get_by_role("navigation").get_by_role("link", name="To review").click()
    page.get_by_role("link", name="Could not be done (2)").click()
    expect(page.get_by_role("heading", name="Work that could not be done")).to_be_visible()
    work = page.get_by_role("region", name="Judging visits by the rules")
    expect(work.get_by_role("link", name="Anna Berg")).to_be_visible()
    expect(work).to_contain_text("KeyError at judge.py:7")
    fits(page)
    faultless(browser, page)
    picture(page, tmp_path, "not-done")

    work.get_by_label("Your name").fill("Rita")
    work.get_by_role("button", name="Try again now").click()

    expect(page.get_by_role("region")).to_have_count(1)
    expect(page.get_by_role("region", name="Reading a calendar")).to_be_visible()
    page.get_by_role("button", name="Try again now").click()
    expect(page.get_by_text("There is none")).to_be_visible()
    fits(page)
    faultless(browser, page)
