"""Words people must never read here: the service applies a policy, it does not vouch for anyone's health."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEVER = re.compile(r"\b(safe|safely|safety|cleared|harmless|fit for)\b", re.IGNORECASE)
STOPPING = re.compile(
    r"\b(stop|discontinue|pause|skip)\b[^.]{0,40}\b(medic\w*|drug\w*|prescri\w*|pill\w*)", re.I
)
SHOWN = sorted(
    path
    for folder in ("scheduler_app/texts", "scheduler_app/web/templates", "config")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".toml", ".html", ".txt", ".css")
)


def shown(path: Path) -> str:
    """The file as people read it: without the comments of TOML and Jinja."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        text = re.sub(r"(?m)^\s*#.*$", "", text)
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)


def test_there_is_something_to_read() -> None:
    assert len(SHOWN) > 10


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_says_that_anything_is_safe_or_cleared(path: Path) -> None:
    assert NEVER.findall(shown(path)) == []


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_tells_anyone_to_stop_a_prescribed_medicine(path: Path) -> None:
    assert STOPPING.findall(shown(path)) == []
