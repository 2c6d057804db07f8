"""A booking platform is three files and one line in the registry, and nobody else knows its name."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from integrations.registry import PLATFORM_KINDS, PLATFORMS
from scheduler_app.ports import BookingPlatform

ROOT = Path(__file__).parents[2]
FILES = {"__init__.py", "client.py", "translate.py", "platform.py"}


@pytest.mark.parametrize("kind", sorted(PLATFORM_KINDS))
def test_a_platform_is_three_files_and_one_line(kind: str) -> None:
    module, _, name = PLATFORMS[kind].partition(":")
    assert module == f"integrations.{kind}"
    assert {path.name for path in (ROOT / "integrations" / kind).glob("*.py")} == FILES
    assert name in import_module(module).__all__


@pytest.mark.parametrize("kind", sorted(PLATFORMS))
def test_what_the_registry_names_has_everything_the_port_asks_for(kind: str) -> None:
    module, _, name = PLATFORMS[kind].partition(":")
    made = getattr(import_module(module), name)
    asked = {each for each in dir(BookingPlatform) if not each.startswith("_")}
    assert asked - {"name"} <= set(dir(made))


@pytest.mark.parametrize("kind", sorted(PLATFORM_KINDS))
def test_its_page_says_what_a_live_account_must_confirm(kind: str) -> None:
    page = (ROOT / "docs" / "platforms" / f"{kind}.md").read_text(encoding="utf-8")
    assert "only a live account can confirm" in page.lower()
    assert f'kind = "{kind}"' in page


def test_no_platform_is_named_outside_its_own_room() -> None:
    """Square is a word like any other: it is looked for as a platform's kind, in quotes."""
    named = re.compile("|".join(f"[\"']{kind}[\"']" for kind in PLATFORM_KINDS))
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "scheduler_app").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if named.search(line) and "examples=" not in line
    ]
    assert found == []
