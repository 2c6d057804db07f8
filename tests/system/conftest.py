"""A browser, and a stand it can look at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.system.browsing import CHROMIUM, WIDTHS, scriptless, serving
from tests.web.stand import Stand, standing


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    args = ["--no-sandbox", "--disable-gpu", "--no-first-run", *quiet]
    return {"executable_path": CHROMIUM, "args": args}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        yield made


@pytest.fixture
def address(stand: Stand) -> Iterator[str]:
    with serving(stand.deps) as made:
        yield made


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    with scriptless(browser, request.param) as made:
        yield made
