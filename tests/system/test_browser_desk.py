"""The main job, done in a real browser against a real server: booked too soon, held, moved, restored."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.system.browsing import fits, needs_browser, picture
from tests.web.stand import Stand

pytestmark = needs_browser


def book(page: Page, address: str, treatment: str, day: str) -> None:
    page.goto(f"{address}/desk/")
    form = page.locator("#book")
    form.get_by_label("Client's name").fill("Anna Berg")
    form.get_by_label("E-mail").fill("anna@example.com")
    form.get_by_label("Treatment").fill(treatment)
    form.get_by_label("Date").fill(day)
    form.get_by_label("Time").fill("10:00")
    form.get_by_role("button", name="Book").click()
    expect(page).to_have_url(re.compile(rf"from={day}"))


def test_a_microneedling_too_soon_is_held_and_moved_with_one_button(
    page: Page, address: str, stand: Stand, tmp_path: Path
) -> None:
    book(page, address, "Botox", "2026-03-04")
    book(page, address, "Microneedling", "2026-03-14")

    held = page.get_by_role("article").filter(has_text="Microneedling - Anna Berg")
    expect(held.get_by_text("Held")).to_be_visible()
    expect(held).to_contain_text("Microneedling must wait 2 weeks after Botulinum toxin (Botox)")
    expect(held).to_contain_text("First possible date: Wednesday 18 March 2026")
    fits(page)
    picture(page, tmp_path, "held")
    marks = [event.mark for event in stand.calendar.changes("desk", None).events]
    assert [mark.prefix for mark in marks if mark] == ["⛔18 Mar · "]

    held.get_by_role("button", name="Move to 18 Mar 10:00").click()

    moved = page.get_by_role("article").filter(has_text="Microneedling - Anna Berg")
    expect(page.get_by_role("heading", name="Wednesday 18 March 2026")).to_be_visible()
    expect(moved.get_by_text("Held")).to_have_count(0)
    expect(moved.get_by_role("button", name="Move to")).to_have_count(0)
    picture(page, tmp_path, "moved")
    assert [event.mark for event in stand.calendar.changes("desk", None).events] == [None, None]
    assert {event.title for event in stand.calendar.changes("desk", None).events} == {
        "Botox - Anna Berg",
        "Microneedling - Anna Berg",
    }


def test_what_is_known_is_recorded_beside_the_booking_and_judged_at_once(
    page: Page, address: str, tmp_path: Path
) -> None:
    book(page, address, "Microneedling", "2026-03-14")
    page.get_by_role("link", name="Anna Berg", exact=True).click()
    page.get_by_text("Record a course of medication").click()
    form = page.locator("#course")
    form.get_by_label("Medication").select_option("isotretinoin")
    form.get_by_label("Still taking it").check()
    form.get_by_label("Your name").fill("Kim")
    form.get_by_role("button", name="Record").click()

    expect(page.get_by_text("still being taken").first).to_be_visible()
    expect(page.get_by_text("Held")).to_be_visible()
    expect(page.get_by_text("No date can be given as things stand.")).to_be_visible()
    fits(page)
    picture(page, tmp_path, "client")


def test_every_page_fits_and_says_where_it_is(page: Page, address: str, tmp_path: Path) -> None:
    book(page, address, "Botox", "2026-03-04")
    book(page, address, "Microneedling", "2026-03-14")
    for name, link in (
        ("reviews", "To review"),
        ("letters", "Letters"),
        ("calendars", "Calendars"),
        ("plans", "Plans"),
        ("deliveries", "Deliveries"),
        ("work", "Not done"),
        ("clients", "Clients"),
        ("diary", "Diary"),
    ):
        page.get_by_role("navigation").get_by_role("link", name=link, exact=True).click()
        here = page.get_by_role("navigation").locator("[aria-current=page]")
        expect(here).to_have_text(link)
        expect(page.locator("h1")).to_have_count(1)
        fits(page)
        picture(page, tmp_path, name)
    page.goto(f"{address}/desk/?from=2026-03-14")
    page.get_by_role("link", name="Microneedling - Anna Berg").click()
    page.get_by_text("Let it stand (practitioner)").first.click()
    fits(page)
    picture(page, tmp_path, "appointment")
