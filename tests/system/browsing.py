"""What tests in a real browser share: a browser, a server to look at, and what every page must stand."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from scheduler_app.web import Deps, create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = (360, 1280)

# Asked from outside the page; its own scripts are off.
STICKING_OUT = """width => [...document.querySelectorAll("main *")]
  .filter(part => part.checkVisibility() && part.getBoundingClientRect().width > 1)
  .filter(part => part.getBoundingClientRect().right > width + 1 || part.getBoundingClientRect().left < 0)
  .map(part => part.outerHTML.slice(0, 200))"""
TOO_SMALL = """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, summary")]
  .filter(part => part.checkVisibility())
  .filter(part => Math.max(part.getBoundingClientRect().height,
                           part.parentElement.getBoundingClientRect().height) < 43.5)
  .map(part => part.outerHTML.slice(0, 200))"""

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="no Chromium on this machine: `make setup-proof` installs it",
    ),
]


class Silent(WSGIRequestHandler):
    """Logs nothing: the pages' addresses are nobody's business."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(deps: Deps) -> Iterator[str]:
    """The app behind an address of this machine."""
    server = make_server("127.0.0.1", 0, create_app(deps), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def scriptless(browser: Browser, width: int, *expected: str) -> Iterator[Page]:
    """A window without script, since no page needs any; what it complains about fails the test.

    expected: complaints that hold one of these are none.
    """
    window = browser.new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", java_script_enabled=False
    )
    complaints: list[str] = []
    page = window.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    window.close()
    assert [told for told in complaints if not any(each in told for each in expected)] == []


def fits(page: Page) -> None:
    """Nothing sticks out to either side, and what is pressed is large enough for a thumb."""
    viewport = page.viewport_size
    assert viewport is not None
    assert page.evaluate(STICKING_OUT, viewport["width"]) == []
    assert page.evaluate(TOO_SMALL) == []


def picture(page: Page, folder: os.PathLike[str], name: str) -> None:
    """The whole page, for whoever wants to look."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=os.path.join(folder, f"{name}-{width}.png"), full_page=True)


def faultless(browser: Browser, page: Page) -> None:
    """axe-core finds nothing, in a window of the same size that may run its script."""
    window: Any = browser.new_context(viewport=page.viewport_size, bypass_csp=True)
    looked = window.new_page()
    looked.goto(page.url)
    found = Axe().run(looked)
    window.close()
    assert found.violations_count == 0, found.generate_report()
