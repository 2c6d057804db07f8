"""`scheduler rules` and `scheduler config check`, as a clinic's administrator meets them."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler_app.cli import main

SHIPPED = Path(__file__).parents[2] / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "config"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_rules_are_printed_with_source_grade_and_a_loud_word_where_nobody_signed() -> None:
    printed = run("rules").output
    assert (
        "microneedling-after-plasma-pen\n"
        "  microneedling waits after plasma_pen: 12 weeks, blocked before 10 days\n"
        "  source: clinic policy (grade: practice)\n"
        "  UNAPPROVED: nobody at the clinic has signed it\n"
    ) in printed
    assert (
        "microneedling-after-botulinum-toxin\n"
        "  microneedling waits after botulinum_toxin: 2 weeks\n"
        "  source: clinic sheet (grade: opinion)\n"
        "  approved by the clinic, by its treatment sheet\n"
    ) in printed
    assert "  scleroderma: blocks, for microneedling\n" in printed
    assert printed.endswith("2 of 25 UNAPPROVED: enforced, and labelled so.\n")


def test_rules_as_json_hold_everything_a_program_needs() -> None:
    printed = json.loads(run("rules", "--format", "json").output)
    assert len(printed["version"]) == 16
    assert len(printed["rules"]) == 9
    assert len(printed["conditions"]) == 16
    by_id = {rule["id"]: rule for rule in printed["rules"]}
    assert by_id["plasma-pen-after-microneedling"] | {"note": ""} == {
        "id": "plasma-pen-after-microneedling",
        "earlier": "microneedling",
        "later": "plasma_pen",
        "absolute_minimum": "7 days",
        "minimum": "10 days",
        "source": "clinic sheet",
        "grade": "practice",
        "approved_by": "the clinic, by its treatment sheet",
        "effective_from": None,
        "effective_to": None,
        "note": "",
    }


def test_rules_say_from_when_to_when_they_hold(folder: Path) -> None:
    dated = 'minimum = "6 months"\neffective_from = 2026-03-01\neffective_to = 2026-12-31'
    change(folder / "rules.toml", 'minimum = "6 months"', dated)
    assert "  in force from 2026-03-01 to 2026-12-31\n" in run("rules", "--config", str(folder)).output


def test_the_shipped_configuration_has_no_mistake_and_says_what_nobody_approved() -> None:
    result = run("config", "check", "--config", str(SHIPPED))
    assert result.exit_code == 0
    assert result.output.count(": warning: ") == 32
    assert result.output.endswith(f"{SHIPPED}: no mistakes, 32 warnings\n")


def test_config_check_prints_every_mistake_and_fails(folder: Path) -> None:
    rule = change(folder / "rules.toml", 'later = "microneedling"', 'later = "microneedlin"')
    zone = change(folder / "clinic.toml", "Europe/London", "Europe/Londn")
    result = run("config", "check", "--config", str(folder))
    assert result.exit_code == 1
    assert (
        f"rules.toml: {rule}, later: mistake: the rule microneedling-after-botulinum-toxin" in result.output
    )
    assert f"clinic.toml: {zone}, zone: mistake: there is no zone 'Europe/Londn'" in result.output
    assert result.output.endswith(f"{folder}: 2 mistakes, 32 warnings\n")


def test_rules_refuse_a_configuration_with_mistakes_and_name_them(folder: Path) -> None:
    zone = change(folder / "clinic.toml", "Europe/London", "Europe/Londn")
    result = run("rules", "--config", str(folder))
    assert result.exit_code != 0
    assert f"clinic.toml: {zone}, zone: mistake: there is no zone 'Europe/Londn'" in result.output
    assert "Traceback" not in result.output


def test_the_environment_names_the_folder_where_no_option_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCHEDULER_CONFIG", str(folder))
    assert f"{folder}: no mistakes" in run("config", "check").output


def change(path: Path, old: str, new: str) -> str:
    """Change the first occurrence; the line it is on."""
    before, found, after = path.read_text(encoding="utf-8").partition(old)
    assert found
    path.write_text(before + new + after, encoding="utf-8")
    return f"line {before.count(chr(10)) + 1}"
