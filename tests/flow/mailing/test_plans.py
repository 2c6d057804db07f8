"""One cause does not write to a whole clientele unseen, and a first look at a calendar writes to nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest

from integrations.mail_folder import FolderMailer
from scheduler_app.domain.clinic import MailTerms
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.mailing.desk import choose_mail, mail_again, mail_sight
from scheduler_app.flow.mailing.posting import approve_letters, withhold_letters
from scheduler_app.flow.mailing.posting import post as release_letters
from scheduler_app.flow.sweep import everybody
from tests.flow.clinic_at_work import ClinicAtWork
from tests.flow.letters import Correspondence

NAMES = [f"{first} {last}" for first in ("Ann", "Ben", "Cat", "Dan") for last in ("Lee", "Hall", "Moss")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def post(open_clinic: Callable[..., ClinicAtWork], folder: Path) -> Correspondence:
    return Correspondence(open_clinic(), FolderMailer(folder), MailTerms(max_together=5))


def letters(folder: Path) -> int:
    return len(list(folder.glob("*.eml")))


def many(post: Correspondence) -> str:
    """Twelve bookings at one look; the plan under which their letters wait."""
    for number, name in enumerate(NAMES):
        post.clinic.book("Microneedling", f"2026-03-{10 + number}", name)
    post.clinic.settle()
    (plan,) = mail_sight(post.clinic.flow).waiting
    return plan


def test_too_many_letters_of_one_cause_wait_for_a_person(post: Correspondence, folder: Path) -> None:
    plan = many(post)
    assert letters(folder) == 0
    with post.clinic.store.reading() as tx:
        (entry,) = [each for each in tx.audit.entries(plan) if each["what"] == "letters-stopped"]
    assert entry["visits"] == "12"


def test_letters_that_were_approved_go_out_once(post: Correspondence, folder: Path) -> None:
    plan = many(post)
    assert approve_letters(post.clinic.flow, plan, "Kim") == 12
    post.clinic.settle()
    assert letters(folder) == 12
    with pytest.raises(NotFound):
        approve_letters(post.clinic.flow, plan, "Kim")


def test_letters_that_were_refused_are_never_sent_and_later_changes_are(
    post: Correspondence, folder: Path
) -> None:
    plan = many(post)
    assert withhold_letters(post.clinic.flow, plan, "Kim") == 12
    post.sweep()
    assert letters(folder) == 0
    event = post.clinic.calendar.changes("desk", None).events[0].id
    post.clinic.move(event, "2026-03-27")
    post.clinic.settle()
    assert letters(folder) == 1


def test_a_visit_that_changed_while_its_letter_waited_is_told_as_it_is(
    post: Correspondence, folder: Path
) -> None:
    plan = many(post)
    event = post.clinic.calendar.changes("desk", None).events[0].id
    post.clinic.move(event, "2026-03-27")
    post.clinic.settle()
    assert letters(folder) == 1  # that one change is a cause of its own
    approve_letters(post.clinic.flow, plan, "Kim")
    post.clinic.settle()
    assert letters(folder) == 12


def test_few_letters_go_out_at_once(post: Correspondence, folder: Path) -> None:
    for number, name in enumerate(NAMES[:5]):
        post.clinic.book("Microneedling", f"2026-03-{10 + number}", name)
    post.clinic.settle()
    assert letters(folder) == 5


def test_turning_mail_on_over_a_full_book_writes_to_nobody_and_then_only_about_changes(
    open_clinic: Callable[..., ClinicAtWork], folder: Path
) -> None:
    clinic = open_clinic()
    events = [clinic.book("Microneedling", f"2026-03-{10 + n}", name) for n, name in enumerate(NAMES)]
    clinic.settle()
    clinic.clock.pass_by(days=4)
    post = Correspondence(clinic, FolderMailer(folder), MailTerms(max_together=5))
    post.sweep()
    assert letters(folder) == 0
    assert not mail_sight(clinic.flow).waiting
    clinic.move(events[3], "2026-03-27")
    clinic.settle()
    assert letters(folder) == 1


def test_a_night_in_which_nothing_changed_looks_at_no_letter(post: Correspondence, folder: Path) -> None:
    post.clinic.book("Microneedling", "2026-03-20")
    post.clinic.settle()
    post.clinic.clock.pass_by(days=1)
    everybody(post.clinic.flow, "day:2026-03-03")
    with post.clinic.store.reading() as tx:
        before = tx.work.wanted("mail", post.clinic.client_of(_only_event(post)))
    post.clinic.settle()
    assert not before
    assert letters(folder) == 1


def _only_event(post: Correspondence) -> str:
    return post.clinic.calendar.changes("desk", None).events[0].id


def test_choices_that_make_no_sense_are_refused_and_change_nothing(post: Correspondence) -> None:
    event = post.clinic.book("Microneedling", "2026-03-20")
    post.clinic.settle()
    client, flow = post.clinic.client_of(event), post.clinic.flow
    with pytest.raises(Invalid, match="not on record"):
        choose_mail(flow, client, "Kim", address="other@example.com")
    with pytest.raises(Invalid, match="no e-mail address"):
        choose_mail(flow, client, "Kim", address="nonsense")
    with pytest.raises(Invalid, match="one of"):
        choose_mail(flow, client, "Kim", by_mail="pigeon")
    with pytest.raises(NotFound):
        choose_mail(flow, "nobody", "Kim")
    with pytest.raises(NotFound):
        mail_again(flow, client, "ann.lee@example.com", "Kim")
    with post.clinic.store.reading() as tx:
        assert tx.mails.choice(client).by_mail == ""


def test_letters_wait_until_the_last_story_of_their_cause_was_judged_but_not_for_ever(
    post: Correspondence, folder: Path
) -> None:
    """Or the first few of a flood would be out before it is seen to be one."""
    event = post.clinic.book("Microneedling", "2026-03-20")
    runner = post.clinic.runner()
    while runner.run_next(("sync", "judge", "mail")):
        pass
    (mail,) = post.rows(post.clinic.client_of(event))
    with post.clinic.store.transaction() as tx:
        tx.work.touch("judge", "somebody", plan=mail.plan.removeprefix("mail:"))
    assert release_letters(post.clinic.flow, mail.plan).again_in == 1.0
    assert [each.state for each in post.rows(mail.client)] == ["planned"]
    post.clinic.clock.pass_by(minutes=11)
    assert release_letters(post.clinic.flow, mail.plan).clients == 1
    assert [each.state for each in post.rows(mail.client)] == ["due"]
