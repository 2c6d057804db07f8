"""`scheduler mail`, as the operator runs it: a folder by default, a real server where one is configured."""

import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import opened
from scheduler_app.domain.events import EventDraft, Person
from scheduler_app.settings import Settings
from tests.cli.conftest import Run
from tests.house import CONFIG
from tests.mail_server import MailServer


@pytest.fixture
def run(run: Run) -> Run:
    """What a command about mail answers."""
    return partial(run, "mail")


def configured(environment: dict[str, str], folder: Path, port: int) -> None:
    """A clinic whose mail server is the one on this port."""
    config = Path(shutil.copytree(CONFIG, folder / "config"))
    file = config / "clinic.toml"
    server = f'[mail]\nserver = "127.0.0.1"\nsecurity = "none"\nport = {port}\n'
    file.write_text(file.read_text(encoding="utf-8").replace("[mail]", server, 1), encoding="utf-8")
    environment["SCHEDULER_CONFIG"] = str(config)


def test_with_nothing_to_tell_it_says_so(run: Run) -> None:
    assert run().stdout == "No letter waits, and none failed.\n"


def test_a_test_letter_without_a_server_lies_in_the_folder_it_names(run: Run, tmp_path: Path) -> None:
    assert "no mail server is configured" in run("test", "kim@clinic.example").stdout
    (file,) = (tmp_path / "data" / "mail").glob("*.eml")
    assert b"To: kim@clinic.example\r\n" in file.read_bytes()


def test_a_test_letter_goes_through_the_server_and_what_it_refuses_is_told_in_words(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    server = MailServer()
    configured(environment, tmp_path, server.port)
    try:
        assert "127.0.0.1 took it over (250 2.0.0)" in run("test", "kim@clinic.example").stdout
        assert server.post.recipients == ["kim@clinic.example"]
        server.post.to_recipient = lambda _: "550 5.1.1 nobody"
        assert "address-refused: 550 5.1.1" in run("test", "kim@clinic.example", code=2).stderr
    finally:
        server.stop()
    assert "the mail server does not answer" in run("test", "kim@clinic.example", code=2).stderr
    assert "this is no e-mail address" in run("test", "kim", code=2).stderr


def test_a_refused_address_is_listed_and_can_be_written_to_again(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    server = MailServer()
    server.post.to_recipient = lambda _: "550 5.1.1 nobody"
    configured(environment, tmp_path, server.port)
    start = now().replace(hour=12, minute=0) + timedelta(days=9)
    guest = Person("emma@example.com", "Emma Clarke")
    draft = EventDraft(
        "Microneedling", start, start + timedelta(hours=1), "Europe/London", attendees=(guest,)
    )
    with opened(Settings.from_environment(environment)) as house:
        house.calendar.book("desk", draft)
        with house.store.transaction() as tx:
            tx.work.touch("sync", "desk")
        runner = house.runner()
        while runner.run_next():
            pass
    server.stop()
    told = run().stdout
    assert "failed: booked to c" in told
    assert "refused address: of c" in told
    assert "emma" not in told
    run("again", "Emma Clarke", "emma@example.com", "--who", "Kim")
    assert "refused address" not in run().stdout
    run("choose", "Emma Clarke", "--by-mail", "invitations", "--who", "Kim")
    assert "one of" in run("choose", "Emma Clarke", "--by-mail", "pigeon", "--who", "Kim", code=2).stderr


def test_a_plan_nobody_knows_is_not_approved(run: Run) -> None:
    for verb in ("approve", "withhold"):
        assert "no letters under this name" in run(verb, "mail:none", "--who", "Kim", code=2).stderr
