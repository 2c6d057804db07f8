"""The examples a clinic copies out of docs/rules.md can be copied as they stand."""

import re
import shutil
from pathlib import Path

import pytest

from scheduler_app.rulebook import load

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), re.S)
FILES = {"rule": "rules.toml", "treatment": "treatments.toml", "line": "care/en.toml"}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.split("\n")[1] for example in EXAMPLES])
def test_each_example_of_the_handbook_is_accepted(example: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    table = example[2 : example.index("]]")]
    name = FILES.get(table, "care/en.toml")
    text = (folder / name).read_text(encoding="utf-8")
    if table == "rule":  # the example ends one version and begins the next: the shipped one makes room
        text = re.sub(
            r'(id = "microneedling-after-dermal-filler"\n(?:.+\n)*)', r"\1effective_to = 2025-12-31\n", text
        )
        example = example.replace("approved_by", "effective_from = 2026-01-01\napproved_by", 1)
    if table == "treatment":
        for alias in re.findall(r'"([a-z ]+ peel)"', example):
            text = text.replace(f'"{alias}", ', "").replace(f'"{alias}",', "")
    if table == "precedence":
        example += EXAMPLES[[one.startswith("[[line]]") for one in EXAMPLES].index(True)]
        example += example[example.index("[[line]]") :].replace("no-swimming", "gentle-swimming")
    (folder / name).write_text(f"{text}\n{example}", encoding="utf-8")
    assert [str(mistake) for mistake in load(folder).refused] == []
