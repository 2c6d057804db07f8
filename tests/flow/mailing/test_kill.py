"""Killed at any line, every letter still arrives; one may come twice, and is then the same letter."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler_app.domain.clinic import MailTerms
from scheduler_app.domain.mail import OutgoingMail
from scheduler_app.flow.flow import MAIL, POST, SEND
from scheduler_app.ports import Mailer, Send
from tests.flow.clinic_at_work import NOW, ClinicAtWork
from tests.flow.fragile import FragileStore, Fuse, ends_killed
from tests.flow.letters import Correspondence


class Counting:
    """Implements ports.Mailer: every letter that was taken over, in order."""

    def __init__(self) -> None:
        self.took: list[OutgoingMail] = []

    @contextmanager
    def sending(self) -> Iterator[Send]:
        def keep(mail: OutgoingMail) -> str:
            self.took.append(mail)
            return "kept"

        yield keep


class FragileMailer:
    """May die before a letter is handed over, and after it was taken."""

    def __init__(self, mailer: Mailer, fuse: Fuse) -> None:
        self._mailer = mailer
        self._fuse = fuse

    @contextmanager
    def sending(self) -> Iterator[Send]:
        with self._mailer.sending() as send:

            def fragile(mail: OutgoingMail) -> str:
                self._fuse.point()
                answer = send(mail)
                self._fuse.point()
                return answer

            yield fragile


class Story:
    """Two people, a booking, a hold and a visit that is called off, of which nobody has been told."""

    def __init__(self, file: Path) -> None:
        self.clinic = ClinicAtWork(file)
        self.clinic.book("Microneedling", "2026-03-20")
        self.clinic.settle()
        gone = self.clinic.book("Botox", "2026-04-20", "Ben Hall")
        self.post(Counting())
        self.clinic.settle()  # Ben was told, and Ann is yet to be
        self.clinic.cancel(gone)
        self.clinic.book("Botox", "2026-03-18")
        with self.clinic.store.transaction() as tx:
            for client in tx.clients.refs():
                tx.work.touch("judge", client)
        runner = self.clinic.runner()  # the rest of the flow is killed elsewhere (test_kill.py)
        while runner.run_next([kind for kind in runner.kinds if kind not in (MAIL, POST, SEND)]):
            pass
        self.clinic.close()
        self._database = file.read_bytes()
        self.expected, times = self.ended(self.again())
        assert times == len(set(self.expected)) == 3

    def post(self, mailer: Mailer) -> Correspondence:
        return Correspondence(self.clinic, mailer, MailTerms(by_mail="invitations"))

    def again(self) -> Counting:
        self.clinic.put_back(self._database, NOW + timedelta(minutes=1))
        took = Counting()
        self.post(took)
        return took

    def ended(self, mailer: Counting) -> tuple[list[tuple[str, str, str]], int]:
        self.clinic.settle()
        said = {(mail.id, mail.subject, mail.text) for mail in mailer.took}
        return sorted(said), len(mailer.took)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, migrated_file: bytes) -> Iterator[Story]:
    file = tmp_path_factory.mktemp("letters") / "clinic.db"
    file.write_bytes(migrated_file)
    story = Story(file)
    yield story
    story.clinic.close()


def run_until_killed(clinic: ClinicAtWork, took: Counting, kill_at: int) -> bool:
    fuse = Fuse(kill_at)
    assert clinic.flow.post is not None
    post = replace(clinic.flow.post, mailer=FragileMailer(took, fuse))
    return ends_killed(clinic, replace(clinic.flow, store=FragileStore(clinic.store, fuse), post=post))


def test_killed_at_any_point_everybody_is_told_everything_and_at_most_one_letter_comes_twice(
    story: Story,
) -> None:
    kill_at, doubled = 0, 0
    killed = True
    while killed:
        kill_at += 1
        took = story.again()
        killed = run_until_killed(story.clinic, took, kill_at)
        story.clinic.clock.pass_by(seconds=150)
        said, times = story.ended(took)
        assert said == story.expected, f"killed at point {kill_at}"
        assert times in (3, 4), f"killed at point {kill_at}"
        doubled += times == 4
        with story.clinic.store.reading() as tx:
            assert tx.mails.undone() == ([], []), f"killed at point {kill_at}"
    assert kill_at > 25, kill_at
    # only between the server's answer and its being written down: two points for each of three letters
    assert doubled == 6, doubled
