"""The commands around the book, run as the operator runs them, each on a data folder of its own."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler_app.bootstrap.house import House, opened
from scheduler_app.cli import COMMANDS, main
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.settings import Settings
from tests.cli.conftest import Run

QUESTION = {"treatments": ["microneedling"], "start": "2030-03-14T10:00", "today": "2030-03-01"}


@pytest.fixture
def house(environment: dict[str, str]) -> House:
    """A book in which Emma had Botox four days ago and is booked for microneedling in six."""
    with opened(Settings.from_environment(environment)) as house:
        for days, title in ((-4, "Botox"), (6, "Microneedling")):
            start = datetime.now(UTC).replace(hour=12, minute=0) + timedelta(days=days)
            end = start + timedelta(hours=1)
            guest = Person("emma@example.com", "Emma Clarke")
            house.calendar.book("desk", EventDraft(title, start, end, "Europe/London", attendees=(guest,)))
        return house


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_command_answers_help(command: tuple[str, ...], run: Run) -> None:
    assert "Usage:" in run(*command, "--help").stdout


def test_check_answers_each_line_and_tells_errors_by_its_exit_status(run: Run) -> None:
    good = json.dumps(QUESTION)
    assert json.loads(run("check", asked=good + "\n").stdout)["outcome"] == "clear"
    lines = run("check", asked=f"{good}\nnonsense\n{good}\n", code=1).stdout.splitlines()
    assert [("error" in json.loads(line)) for line in lines] == [False, True, False]


def test_sync_brings_the_book_to_its_state_and_the_second_time_changes_nothing(
    run: Run, house: House
) -> None:
    first = run("sync", "--all").stdout
    assert re.search(r"marks +1\b", first)
    assert re.search(r"feeds +1\b", first)
    assert "Nothing had to change" in run("sync", "--all").stdout


def test_explain_tells_everything_about_one_appointment(run: Run, house: House) -> None:
    run("sync", "--all")
    told = json.loads(run("explain", held(house)).stdout)
    assert told["verdict"]["outcome"] == "blocked"
    assert "Emma Clarke" in json.dumps(told)
    assert "no appointment" in run("explain", "nobody", code=2).output


def test_an_override_lets_the_visit_stand_and_needs_a_practitioner(run: Run, house: House) -> None:
    run("sync", "--all")
    ref = held(house)
    finding = json.loads(run("explain", ref).stdout)["verdict"]["findings"][0]["key"]
    asked = ("override", ref, finding, "--reason", "other", "--comment", "patch test done")
    assert "only a practitioner" in run("record", "--who", "Ann", *asked, code=2).output
    run("record", "--by", "practitioner", "--who", "Dr A", *asked)
    assert json.loads(run("explain", ref).stdout)["verdict"]["outcome"] in ("clear", "review")


def test_a_course_recorded_for_a_client_turns_the_booking(run: Run, house: House) -> None:
    run("sync", "--all")
    run("record", "--who", "Ann", "course", "emma@example.com", "isotretinoin", "--ongoing")
    findings = json.loads(run("explain", held(house)).stdout)["verdict"]["findings"]
    assert "microneedling-after-isotretinoin" in [finding["rule"] for finding in findings]


def test_a_record_that_was_wrong_is_withdrawn_and_stays_to_be_seen(run: Run, house: House) -> None:
    run("sync", "--all")
    ref = run(
        "record", "--who", "Ann", "treatment", "Emma Clarke", "plasma_pen", "--on", "2020-01"
    ).stdout.strip()
    run("record", "--who", "Ann", "withdraw", ref)
    with house.store.reading() as tx:
        client = tx.clients.find("Emma Clarke")[0].ref
        assert [(fact.ref, fact.withdrawn) for fact in tx.records.treatments(client)] == [(ref, True)]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (("treatment", "emma@example.com", "plasma_pen", "--on", "soon"), "on is no date"),
        (("treatment", "emma@example.com", "thread_lift", "--on", "2020-01-01"), "treatment"),
        (("treatment", "nobody@example.com", "plasma_pen", "--on", "2020-01-01"), "no client goes by that"),
        (("condition", "emma@example.com", "mood"), "condition"),
        (("screening", "emma@example.com", "--on", "2999-01-01"), "on lies"),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_a_sentence(
    asked: tuple[str, ...], fault: str, run: Run, house: House
) -> None:
    run("sync", "--all")
    assert fault in run("record", "--who", "Ann", *asked, code=2).output


def test_a_list_is_imported_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    head = "name,email,treatment,on\n"
    good.write_text(head + "Ada Moor,ada@example.com,botulinum_toxin,2026-01-05\n", encoding="utf-8")
    bad.write_text(
        head + "Bea Moor,bea@example.com,botulinum_toxin,soon\nCy Moor,,x,2026-01-05\n", encoding="utf-8"
    )
    told = run("import", str(bad), "--who", "Ann", code=2).output
    assert "row 2" in told
    assert "row 3" in told
    assert "1 clients" in run("import", str(good), "--who", "Ann").stdout
    assert "1 known" in run("import", str(good), "--who", "Ann").stdout


def test_a_key_is_shown_once_and_can_be_revoked(run: Run) -> None:
    key = run("keys", "add", "website", "--scope", "check").stdout.strip()
    listed = run("keys", "list").stdout
    assert key not in listed
    assert "website" in listed
    run("keys", "revoke", listed.split()[0])
    assert "revoked" in run("keys", "list").stdout


def test_no_plan_waits_in_a_small_book(run: Run, house: House) -> None:
    run("sync", "--all")
    assert "No plan waits" in run("plans").stdout


def test_a_configuration_with_mistakes_refuses_to_start_and_names_all_of_them(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "rules.toml").write_text("[[rule]]\nid = 'a'\nlater = 'nothing'\n", encoding="utf-8")
    run_with = CliRunner(env={"SCHEDULER_CONFIG": str(folder), "SCHEDULER_DATA": str(tmp_path / "data")})
    result = run_with.invoke(main, ["serve", "--port", "0"])
    assert result.exit_code == 2
    assert len(result.output.splitlines()) > 3
    assert "rules.toml" in result.output
    assert "clinic.toml" in result.output


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SCHEDULER_SECRET": "short"}, "a feed key has at least 32 bytes"),
        ({"SCHEDULER_DATABASE_URL": "postgresql+psycopg://127.0.0.1:9/clinic"}, "database"),
    ],
)
def test_what_is_wrong_outside_the_configuration_is_told_in_a_sentence_before_anything_is_served(
    wrong: dict[str, str], words: str, tmp_path: Path
) -> None:
    run_with = CliRunner(env={"SCHEDULER_DATA": str(tmp_path / "data"), **wrong})
    result = run_with.invoke(main, ["serve", "--port", "0"])
    assert result.exit_code == 2
    assert result.output.startswith("scheduler: ")
    assert words in result.output
    assert len(result.output.splitlines()) == 1


def held(house: House) -> str:
    """The ref of Emma's microneedling."""
    now = datetime.now(UTC)
    with house.store.reading() as tx:
        (appointment,) = tx.appointments.between(now, now + timedelta(days=30))
    return appointment.ref
