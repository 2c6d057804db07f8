"""A booking that waits for the health questions sends their link, once, and only where it surely arrives."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.mail_folder import FolderMailer
from scheduler_app.domain.clinic import MailTerms
from scheduler_app.flow.record import Speaker, record_screening
from tests.flow.clinic_at_work import NOW, ClinicAtWork
from tests.flow.letters import ANN, Correspondence, Part, taken_apart


@pytest.fixture
def post(open_clinic: Callable[..., ClinicAtWork], tmp_path: Path) -> Correspondence:
    """Ann has had Botox long ago, and Kim confirmed her address."""
    post = Correspondence(open_clinic(), FolderMailer(tmp_path / "mail"), MailTerms(by_mail="nothing"))
    event = post.clinic.book("Consultation", "2026-03-10")
    post.clinic.settle()
    with post.clinic.store.transaction() as tx:
        tx.links.verify(post.clinic.client_of(event), "email", ANN, "desk", "Kim", NOW)
    return post


def asked(tmp_path: Path) -> list[Part]:
    letters = [taken_apart(file.read_bytes()) for file in sorted((tmp_path / "mail").glob("*.eml"))]
    return [letter for letter in letters if "/my/intake/" in letter.text]


def test_it_is_sent_once_however_often_the_book_changes(post: Correspondence, tmp_path: Path) -> None:
    event = post.clinic.book("Microneedling", "2026-03-20")
    post.clinic.settle()
    assert len(asked(tmp_path)) == 1
    post.clinic.move(event, "2026-03-23")
    post.clinic.book("Microneedling", "2026-04-27")
    post.clinic.settle()
    assert len(asked(tmp_path)) == 1


def test_a_visit_that_asks_for_none_sends_none(post: Correspondence, tmp_path: Path) -> None:
    post.clinic.book("Botox", "2026-03-20")
    post.clinic.settle()
    assert asked(tmp_path) == []


def test_who_was_screened_is_not_asked(post: Correspondence, tmp_path: Path) -> None:
    event = post.clinic.book("Botox", "2026-04-20")
    post.clinic.settle()
    client = post.clinic.client_of(event)
    record_screening(post.clinic.flow, client, "2026-03-01", Speaker("practitioner", "Dr Vale"))
    post.clinic.book("Microneedling", "2026-03-20")
    post.clinic.settle()
    assert asked(tmp_path) == []


def test_an_address_nobody_confirmed_is_sent_nothing(post: Correspondence, tmp_path: Path) -> None:
    post.clinic.book("Microneedling", "2026-03-20", "Bea Ott")
    post.clinic.settle()
    assert asked(tmp_path) == []


def test_the_clinic_may_ask_by_itself(post: Correspondence, tmp_path: Path) -> None:
    known = post.clinic.flow.clinic
    post.clinic.flow = replace(post.clinic.flow, clinic=replace(known, links=replace(known.links, ask=False)))
    post.clinic.book("Microneedling", "2026-03-20")
    post.clinic.settle()
    assert asked(tmp_path) == []
