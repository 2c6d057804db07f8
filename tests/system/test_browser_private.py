"""A client's own pages on a phone and on a computer, in three languages, held to WCAG 2.2 AA."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from scheduler_app.domain.private_links import ERASE, INTAKE, NEW_LINK, RECORD
from scheduler_app.flow.private_links import LinkPress, Wanted, address_of, make_link
from scheduler_app.flow.record import Speaker, record_condition, record_screening, record_treatment
from tests.system.browsing import WIDTHS, fits, needs_browser, picture, scriptless
from tests.web.at_the_desk import Receptionist
from tests.web.stand import Stand

DOCTOR = Speaker("practitioner", "Dr Reyes")
WIDE_TOO = {"questions", "record", "privacy"}  # elsewhere a wider window shows the same
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = needs_browser


@pytest.fixture
def client(stand: Stand) -> str:
    desk = Receptionist(stand)
    return desk.client_of(desk.book())


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    # a form that comes back with mistakes is answered 422, which Chromium reports
    with scriptless(browser, request.param, "422", "410") as made:
        yield made


def link(stand: Stand, client: str, purpose: str, address: str) -> str:
    assert stand.deps.press is not None
    press = LinkPress(tuple(stand.deps.press.keys), address)
    made = make_link(stand.deps.flow, press, client, Wanted(purpose, "kim"))
    with stand.store.reading() as tx:
        stored = dict(tx.links.of_client(client))[made]
    return str(address_of(press, made, stored))


def speak(stand: Stand, client: str, language: str) -> None:
    with stand.store.transaction() as tx:
        known = tx.clients.get(client)
        assert known is not None
        tx.clients.change(replace(known, language=language))


def accessible(browser: Browser, page: Page) -> None:
    """axe-core finds nothing, in a window of the same size that may run its script."""
    size = page.viewport_size
    assert size is not None
    window = browser.new_context(viewport=size, bypass_csp=True)
    twin = window.new_page()
    twin.goto(page.url.partition("/my/")[0].partition("/desk/")[0] + "/healthz")  # where its styles are
    twin.set_content(page.content())
    found = Axe().run(twin, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    window.close()
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def seen(browser: Browser, page: Page, tmp_path: Path, name: str) -> None:
    fits(page)
    picture(page, tmp_path, name)
    if page.viewport_size == {"width": min(WIDTHS), "height": 800} or name in WIDE_TOO:
        accessible(browser, page)


def test_a_client_answers_the_health_questions_on_a_phone(
    browser: Browser, page: Page, stand: Stand, client: str, address: str, tmp_path: Path
) -> None:
    page.goto(link(stand, client, INTAKE, address))
    seen(browser, page, tmp_path, "questions")
    page.get_by_label("Diabetes").check()
    page.get_by_label("Plasma pen").check()
    page.get_by_role("button", name="Check my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    expect(page.get_by_label("Diabetes")).to_be_checked()
    seen(browser, page, tmp_path, "mistakes")
    for name in ("isotretinoin", "retinoid cream"):
        page.get_by_role("group", name=name).get_by_label("No", exact=True).check()
    when = page.get_by_role("group", name="Plasma pen")
    when.get_by_label("Month").select_option("January")
    when.get_by_label("Year").select_option("2026")
    page.get_by_role("button", name="Check my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please check your answers")
    expect(page.get_by_text("Plasma pen: January 2026")).to_be_visible()
    seen(browser, page, tmp_path, "review")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    seen(browser, page, tmp_path, "thanks")
    page.goto(page.url.removesuffix("/done"))
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your answers")
    seen(browser, page, tmp_path, "answered")
    with stand.store.reading() as tx:
        assert [fact.on for fact in tx.records.treatments(client)] == ["2026-01"]


def test_dates_show_with_the_answer_they_belong_to(
    page: Page, stand: Stand, client: str, address: str
) -> None:
    page.goto(link(stand, client, INTAKE, address))
    group = page.get_by_role("group", name="isotretinoin")
    expect(group.get_by_label("Month")).to_be_hidden()
    group.get_by_label("Yes, but I have stopped").check()
    expect(group.get_by_label("Month")).to_be_visible()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_it_reads_well_in_other_languages(
    browser: Browser, page: Page, stand: Stand, client: str, address: str, tmp_path: Path, language: str
) -> None:
    speak(stand, client, language)
    page.goto(link(stand, client, INTAKE, address))
    page.locator("#t-plasma_pen").check()
    page.locator("#m-isotretinoin-stopped").check()
    seen(browser, page, tmp_path, f"questions-{language}")
    page.goto(link(stand, client, RECORD, address))
    seen(browser, page, tmp_path, f"record-{language}")


def test_a_regular_says_in_two_taps_that_nothing_changed(
    browser: Browser, page: Page, stand: Stand, client: str, address: str, tmp_path: Path
) -> None:
    record_screening(stand.deps.flow, client, "2026-01-05", DOCTOR)
    page.goto(link(stand, client, INTAKE, address))
    seen(browser, page, tmp_path, "changed")
    page.get_by_label("No, nothing has changed").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Nothing has changed since 5 January 2026")).to_be_visible()
    seen(browser, page, tmp_path, "unchanged")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_the_record_is_read_and_downloaded(
    browser: Browser, page: Page, stand: Stand, client: str, address: str, tmp_path: Path
) -> None:
    flow = stand.deps.flow
    record_treatment(flow, client, "isotretinoin", DOCTOR, started_on="2024-01", ended_on="2025-10-01")
    record_condition(flow, client, "diabetes", Speaker("client", "the client"))
    page.goto(link(stand, client, RECORD, address))
    expect(page.get_by_text("Anna Berg", exact=True).first).to_be_visible()
    page.get_by_text(re.compile(r"^Appointments \(1\)")).click()
    seen(browser, page, tmp_path, "record")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").click()
    assert download.value.suggested_filename == "record.zip"


def test_a_new_address_and_being_forgotten_take_one_button(
    browser: Browser, page: Page, stand: Stand, client: str, address: str, tmp_path: Path
) -> None:
    page.goto(link(stand, client, NEW_LINK, address))
    seen(browser, page, tmp_path, "new-link")
    page.get_by_role("button", name="Give me a new address").click()
    page.get_by_role("link", name="/c/").click()
    expect(page).to_have_url(re.compile("/c/"))
    page.goto(page.url.replace("/c/", "/my/ask/"))
    seen(browser, page, tmp_path, "ask")
    page.get_by_role("button", name="See and download").click()
    seen(browser, page, tmp_path, "asked")
    page.goto(link(stand, client, ERASE, address))
    seen(browser, page, tmp_path, "erase")
    page.get_by_role("button", name="Yes, erase everything about me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your wish")


def test_the_desk_looks_after_it(
    browser: Browser, page: Page, stand: Stand, client: str, address: str, tmp_path: Path
) -> None:
    record_condition(stand.deps.flow, client, "diabetes", Speaker("client", "the client"))
    page.goto(f"{address}/desk/statements")
    page.get_by_text("Accept, or withdraw").first.click()
    seen(browser, page, tmp_path, "statements")
    page.get_by_role("link", name="Anna Berg").click()
    page.get_by_role("link", name="Private links, the record").click()
    form = page.locator("section", has=page.get_by_role("heading", name="Make a private link"))
    form.get_by_label("To", exact=True).select_option("Hand it over: the client is here, or on the telephone")
    form.get_by_label("Your name").fill("Kim")
    form.get_by_role("button", name="Make it").click()
    expect(page.locator("code.address")).to_contain_text("/my/intake/")
    seen(browser, page, tmp_path, "privacy")
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Erase this person").click()
    expect(page.get_by_role("alert")).to_contain_text("1 visit(s) lie ahead")
    seen(browser, page, tmp_path, "erase-refused")
