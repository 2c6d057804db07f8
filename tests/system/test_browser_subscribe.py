"""A client's own pages in a real browser: on a phone, wide, in Arabic, offline, without script."""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scheduler_app.web.desk.pages import PLACES
from tests.system import browsing
from tests.system.browsing import WIDTHS, needs_browser, serving
from tests.web.at_the_desk import Receptionist
from tests.web.stand import Stand, standing
from tests.web.subscribe.linked import Linked, linked

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
AXE: Any = importlib.import_module("axe_playwright_python.sync_playwright").Axe()
LANGUAGES = ("en", "es", "ar")
DESK = tuple(address for _, _, address in PLACES)

pytestmark = needs_browser


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(tmp_path_factory.mktemp("stand")) as made:
        yield made


@pytest.fixture(scope="module")
def address(stand: Stand) -> Iterator[str]:
    with serving(stand.deps) as made:
        yield made


@pytest.fixture(scope="module")
def anna(stand: Stand) -> Linked:
    made = linked(stand)
    Receptionist(stand).book(date="2026-05-14", time="15:00")
    return replace(made, deps=stand.deps)


@pytest.fixture(params=WIDTHS)
def window(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": request.param, "height": 800})
    yield made
    made.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 800})
    yield page
    page.close()


def fits(page: Page) -> None:
    """As every page does, and there is nothing to scroll sideways for."""
    viewport = page.viewport_size
    assert viewport is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    browsing.fits(page)


def accessible(page: Page) -> None:
    """WCAG 2.2 AA, as far as axe-core can tell."""
    found = AXE.run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_fits_is_accessible_and_fetches_nothing(
    window: BrowserContext, anna: Linked, address: str, language: str, tmp_path: Path
) -> None:
    anna.change(language=language)
    asked: list[str] = []
    complaints: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    page = window.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    width = page.viewport_size["width"] if page.viewport_size else 0
    link = f"{address}/c/{anna.token}"
    for name, path in (("page", ""), ("card", "/card")):
        page.goto(link + path)
        assert asked == [link + path]
        asked.clear()
        fits(page)
        accessible(page)
        page.screenshot(path=tmp_path / f"{name}-{language}-{width}.png", full_page=True)
    assert complaints == []
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


def test_the_checker_speaks_up_where_something_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=en><title>x</title><p style='color:#ccc'>pale</p><input></html>")
    found = AXE.run(page, options=WCAG)
    assert {each["id"] for each in found.response["violations"]} == {"color-contrast", "label"}
    page.close()


WHERE = """() => {
  const text = document.querySelector(".private").firstChild, at = text.data.indexOf("+44");
  const left = offset => { const range = document.createRange();
    range.setStart(text, offset); range.setEnd(text, offset + 1);
    return range.getBoundingClientRect().left; };
  return [left(at), left(at + 1), left(at + 15)];
}"""


def test_a_telephone_number_keeps_its_order_among_arabic_words(
    browser: Browser, anna: Linked, address: str
) -> None:
    anna.change(language="ar")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/c/{anna.token}")
    places = page.evaluate(WHERE)
    assert places == sorted(places)
    page.close()


def test_dark_it_is_as_legible(phone: Page, anna: Linked, address: str) -> None:
    phone.emulate_media(color_scheme="dark")
    for path in ("", "/card"):
        phone.goto(f"{address}/c/{anna.token}{path}")
        accessible(phone)


def test_a_link_that_opens_nothing_says_so_in_a_page_like_the_others(phone: Page, address: str) -> None:
    phone.goto(f"{address}/c/{'A' * 43}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This link does not open anything")
    fits(phone)
    accessible(phone)


def test_once_loaded_it_works_without_a_network(browser: Browser, anna: Linked, address: str) -> None:
    anna.change(language="en")
    window = browser.new_context(viewport={"width": 360, "height": 800})
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.new_page()
    page.goto(f"{address}/c/{anna.token}")
    window.set_offline(True)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}/feeds/{anna.token}.ics"
    expect(page.get_by_text("Be kind to your skin until 20 March 2026")).to_be_visible()
    expect(page.get_by_role("img", name="Picture to scan")).to_be_visible()
    window.close()


def test_without_script_everything_but_the_copy_button_is_there(
    browser: Browser, anna: Linked, address: str
) -> None:
    anna.change(language="en")
    window = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = window.new_page()
    page.goto(f"{address}/c/{anna.token}")
    for name in ("iPhone, iPad or Mac", "Google Calendar", "Outlook", "Send the link to my computer"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_label("Any other program")).to_have_value(f"{address}/feeds/{anna.token}.ics")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save 14 March 2026, 10:00").click()
    assert download.value.suggested_filename == "appointment.ics"
    window.close()


def test_the_card_prints_on_one_sheet(browser: Browser, anna: Linked, address: str, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(f"{address}/c/{anna.token}/card")
    printed = page.pdf(format="A5", path=tmp_path / "card.pdf")
    assert printed.count(b"/Type /Page\n") == 1
    page.close()


def test_the_desks_pages_are_accessible_too(phone: Page, anna: Linked, address: str) -> None:
    for path in (*DESK, f"/desk/clients/{anna.client}?feed=show", f"/desk/appointments/{anna.visit}"):
        phone.goto(address + path)
        accessible(phone)
