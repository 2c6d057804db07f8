"""`scheduler audit` as a clinic runs it: its own exports in, a report out, nothing set up or stored."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler_app.cli import main

SAMPLES = Path(__file__).parents[1] / "samples" / "audits"
GOOGLE, OUTLOOK, TABLE = (str(SAMPLES / name) for name in ("google.ics", "outlook.ics", "bookings.csv"))
REPORT = (SAMPLES / "report.json").read_text(encoding="utf-8")
TODAY = ("--today", "2026-03-01")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def _run(*arguments: str, code: int = 0, **environment: str) -> Result:
        runner = CliRunner(env={"SCHEDULER_DATA": str(tmp_path / "data"), **environment})
        result = runner.invoke(main, ["audit", *arguments])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        # Nothing was stored.
        assert not (tmp_path / "data").exists()
        return result

    return _run


def test_exports_of_three_programs_are_one_book(run: Run) -> None:
    assert run(GOOGLE, OUTLOOK, TABLE, *TODAY, "--format", "json", code=1).stdout == REPORT


def test_the_order_of_the_files_changes_nothing_but_where_what_was_lost_is_told(run: Run) -> None:
    told = json.loads(run(TABLE, OUTLOOK, GOOGLE, *TODAY, "--format", "json", code=1).stdout)
    expected = json.loads(REPORT)
    assert {key: told[key] for key in ("summary", "findings", "possible", "unrecognised")} == {
        key: expected[key] for key in ("summary", "findings", "possible", "unrecognised")
    }


def test_a_file_given_twice_counts_once(run: Run) -> None:
    once = json.loads(run(OUTLOOK, *TODAY, "--format", "json", code=1).stdout)
    twice = json.loads(run(OUTLOOK, OUTLOOK, *TODAY, "--format", "json", code=1).stdout)
    assert once == twice


def test_googles_archive_is_read_as_it_comes(run: Run, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(GOOGLE, "Takeout/Calendar/Room 1.ics")
        archive.write(OUTLOOK, "Takeout/Calendar/Room 2.ics")
    (tmp_path / "takeout.zip").write_bytes(packed.getvalue())
    told = json.loads(run(str(tmp_path / "takeout.zip"), *TODAY, "--format", "json", code=1).stdout)
    assert told["summary"]["events"] == 16
    assert [one["where"] for one in told["unreadable"]] == [
        "takeout.zip/Takeout/Calendar/Room 1.ics line 131"
    ]


def test_the_report_for_people_is_the_default(run: Run) -> None:
    told = run(GOOGLE, *TODAY, code=1).stdout
    assert told.startswith("Audit of the appointment book\n")
    assert "Fri 20 Mar" not in told  # nothing is held against the visit that was booked first
    assert 'Thu 12 Mar 2026 10:00  Eva Lind  "Botox - Eva Lind"' in told


def test_a_screen_that_shows_ascii_only_gets_ascii(run: Run) -> None:
    runner = CliRunner(charset="ascii")
    told = runner.invoke(main, ["audit", GOOGLE, "--today", "2026-01-19"])
    assert told.exit_code == 1
    assert told.stdout.isascii()
    assert '"Microneedling - Anna Smith"' in told.stdout


def test_the_report_goes_to_a_file_that_only_its_owner_can_read(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    told = run(GOOGLE, *TODAY, "--format", "html", "--output", str(output), code=1)
    assert told.stdout == ""
    assert output.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert stat.S_IMODE(output.stat().st_mode) == 0o600


def test_the_exit_status_is_zero_when_nothing_is_blocked(run: Run) -> None:
    run(TABLE, *TODAY, code=0)  # a caution
    run(GOOGLE, *TODAY, "--since", "2026-02-01", "--until", "2026-02-28", code=0)  # possible only


def test_the_period_limits_the_report(run: Run) -> None:
    told = run(GOOGLE, OUTLOOK, *TODAY, "--since", "2026-04-01", "--format", "json", code=1).stdout
    assert [one["start"][:10] for one in json.loads(told)["findings"]] == ["2026-04-01"]


def test_ahead_reports_from_today_on_and_the_past_still_counts(run: Run) -> None:
    asked = (GOOGLE, OUTLOOK, "--format", "json")
    ahead = run(*asked, "--today", "2026-03-05", "--ahead", code=1).stdout
    assert ahead == run(*asked, "--today", "2026-03-05", "--since", "2026-03-05", code=1).stdout
    assert json.loads(ahead)["findings"]


def test_today_decides_what_took_place(run: Run) -> None:
    told = json.loads(run(GOOGLE, "--today", "2026-12-31", "--format", "json", code=1).stdout)
    clash = next(one for one in told["findings"] if one["client"] == "Eva Lind")
    assert (clash["uid"], clash["until"]) == ("later@google.com", "2026-03-26")


def _calendar(path: Path, *visits: tuple[str, str, str]) -> str:
    """A calendar of (start, title, description), one event each."""
    events = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nDTSTART:{start}\nSUMMARY:{title}\nDESCRIPTION:{note}\nEND:VEVENT\n"
        for n, (start, title, note) in enumerate(visits)
    )
    path.write_text(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n", encoding="utf-8")
    return str(path)


def test_the_zone_tells_the_country_of_telephone_numbers(run: Run, tmp_path: Path) -> None:
    book = _calendar(
        tmp_path / "book.ics",
        ("20260105T090000", "Botox - Anna Smith", "Tel 050-234-5678"),
        ("20260112T090000", "MN - Anna Smith", "Tel +972 50 234 5678"),
    )
    run(book, *TODAY, code=0)
    run(book, *TODAY, "--zone", "Asia/Jerusalem", code=1)


def test_the_clinics_own_contacts_are_no_clients(run: Run, tmp_path: Path) -> None:
    for own in ("020 7946 0000", "hello@clinic.example"):  # as in config/clinic.toml
        book = _calendar(
            tmp_path / "book.ics",
            ("20260105T090000", "Botox - Anna Smith", f"Questions? {own}"),
            ("20260112T090000", "MN - Anna Smith", f"Questions? {own}"),
        )
        run(book, *TODAY, code=0)


def test_a_missing_file_is_told_before_the_others_are_read(run: Run) -> None:
    nobody_answers = "http://127.0.0.1:9/calendar.ics"
    assert "There is no file 'missing.ics' here" in run(nobody_answers, "missing.ics", code=2).stderr
    assert "127.0.0.1" not in run(nobody_answers, code=2).stderr


def _table(path: Path, *rows: str) -> str:
    path.write_text("\n".join(["Date,Time,Treatment,Client,Email", *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_dates_that_can_be_read_two_ways_are_read_as_one_says(run: Run, tmp_path: Path) -> None:
    book = _table(
        tmp_path / "book.csv",
        "03/01/2026,10:00,Botox,Anna Smith,anna@example.com",
        "05/01/2026,10:00,Microneedling,Anna Smith,anna@example.com",
    )
    assert "2 days after it" in run(book, *TODAY, "--dates", "day-first", code=1).stdout
    assert "2 days after it" not in run(book, *TODAY, "--dates", "month-first", code=0).stdout


def test_the_zone_decides_the_day_where_the_file_names_none(run: Run, tmp_path: Path) -> None:
    note = "anna@example.com"
    book = _calendar(
        tmp_path / "book.ics",
        ("20260105T090000Z", "Botox - Anna Smith", note),
        ("20260118T120000Z", "MN - Anna Smith", note),
    )
    run(book, *TODAY, "--zone", "Europe/London", code=1)
    run(book, *TODAY, "--zone", "Pacific/Auckland", code=0)


def test_a_configured_calendar_says_what_a_bare_name_is_for(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shipped = Path(__file__).parents[2] / "config"
    for path in shipped.rglob("*.toml"):
        copy = config / path.relative_to(shipped)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        copy.write_text(text.replace("treatments = []", 'treatments = ["microneedling"]'), encoding="utf-8")
    book = _calendar(tmp_path / "book.ics", ("20260105T120000Z", "Anna Smith", ""))
    asked = (book, *TODAY, "--config", str(config), "--format", "json")
    assert json.loads(run(*asked).stdout)["summary"]["unrecognised"] == 1
    assert json.loads(run(*asked, "--calendar", "desk").stdout)["summary"]["visits"] == 1
    assert "it has: desk" in run(*asked, "--calendar", "spa", code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        ((), "Missing argument"),
        (("missing.ics",), "There is no file 'missing.ics' here"),
        ((GOOGLE, "missing.ics"), "There is no file 'missing.ics' here"),
        ((str(SAMPLES),), "is a folder: name the files in it"),
        ((GOOGLE, "--today", "1 March"), "write it as YYYY-MM-DD"),
        ((GOOGLE, "--today", "0026-03-01"), "write it as YYYY-MM-DD"),
        ((GOOGLE, "--zone", "Atlantis"), "no IANA time zone"),
        ((GOOGLE, "--zone", "Atlantis", *TODAY), "no IANA time zone"),
        ((GOOGLE, "--since", "2026-02-01", "--until", "2026-01-01"), "--since lies after --until"),
        ((GOOGLE, "--since", "2026-02-01", "--ahead"), "leave out --since"),
        ((GOOGLE, "--output", "no/such/folder/report.html"), "there is no such folder"),
        ((GOOGLE, "--config", "no-such-config"), "there is no such folder"),
    ],
)
def test_arguments_that_cannot_be_used_say_the_cure(run: Run, arguments: tuple[str, ...], cure: str) -> None:
    assert cure in run(*arguments, code=2).stderr


def test_a_file_that_is_no_calendar_is_told_and_no_success(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "calendar.ics"
    page.write_text("<html>Sign in</html>", encoding="utf-8")
    told = run(str(page), *TODAY, "--format", "json", code=2)
    assert json.loads(told.stdout)["unreadable"][0]["where"] == "calendar.ics"
    # Beside one that can be read it is only told.
    assert "calendar.ics" in run(TABLE, str(page), *TODAY, code=0).stdout


def test_an_empty_calendar_is_a_book_without_visits(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "empty.ics"
    book.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n", encoding="utf-8")
    assert "No rule broken by what the calendar says." in run(str(book), *TODAY).stdout


def test_nothing_is_said_beside_the_report_where_nobody_looks(run: Run) -> None:
    assert run(TABLE, *TODAY).stderr == ""


def test_help_names_what_can_be_given(run: Run) -> None:
    told = run("--help").stdout
    assert "secret" in told
    assert "--since YYYY-MM-DD" in told
