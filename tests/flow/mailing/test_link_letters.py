"""Private links go by mail to a confirmed address, whole, and nothing that waits holds them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from integrations.mail_folder import FolderMailer
from scheduler_app.domain.clinic import MailTerms
from scheduler_app.domain.private_links import INTAKE, PURPOSES, RECORD, PrivateLink
from scheduler_app.flow.mailing.link_letters import undertake
from scheduler_app.flow.private_links import LinkPress, Wanted, make_link, opened, revoke_links
from tests.flow.clinic_at_work import ClinicAtWork
from tests.flow.letters import ANN, KEY, ROOT, Correspondence, Part, taken_apart


@pytest.fixture
def post(open_clinic: Callable[..., ClinicAtWork], tmp_path: Path) -> Correspondence:
    return Correspondence(open_clinic(), FolderMailer(tmp_path / "mail"), MailTerms(by_mail="nothing"))


def made(post: Correspondence, purpose: str) -> PrivateLink:
    """Somebody at the desk has one sent to Ann, who chose no letters: this one she asked for."""
    event = post.clinic.book("Microneedling", "2026-03-20")
    post.clinic.settle()
    press = LinkPress((KEY,), ROOT, undertake)
    wanted = Wanted(purpose, "Kim", "email", ANN, confirmed=True)
    return make_link(post.clinic.flow, press, post.clinic.client_of(event), wanted)


def sent(tmp_path: Path) -> list[Part]:
    return [taken_apart(file.read_bytes()) for file in sorted((tmp_path / "mail").glob("*.eml"))]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_arrives_and_opens_what_it_is_for(post: Correspondence, tmp_path: Path, purpose: str) -> None:
    link = made(post, purpose)
    post.clinic.settle()
    (letter,) = sent(tmp_path)
    (line,) = {word for word in letter.text.split() if word.startswith(f"{ROOT}my/{purpose}/")}
    with post.clinic.store.reading() as tx:
        standing, found = opened(tx, line.rpartition("/")[2], purpose, post.clinic.clock())
    assert standing == "open"
    assert found is not None
    assert found.ref == link.ref
    assert line in letter.html
    assert "microneedling" not in letter.text.lower()


def test_the_row_that_waits_holds_neither_the_link_nor_the_address(post: Correspondence) -> None:
    link = made(post, RECORD)
    with post.clinic.store.transaction() as tx:
        claim = tx.work.claim(["send"], 10)
    assert claim is not None
    assert claim.key == f"link:{link.client}:{link.ref}"


def test_a_link_that_was_revoked_meanwhile_is_not_sent(post: Correspondence, tmp_path: Path) -> None:
    link = made(post, INTAKE)
    revoke_links(post.clinic.flow, link.client, "Kim")
    post.clinic.settle()
    assert sent(tmp_path) == []
