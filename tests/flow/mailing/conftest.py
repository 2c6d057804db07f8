"""A clinic that writes to its clients through a real mail server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flow.letters import Correspondence, Part, taken_apart, writing_clinic
from tests.mail_server import MailServer


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def server(running: MailServer) -> MailServer:
    running.post.forget()
    return running


@pytest.fixture
def file(tmp_path: Path, migrated_file: bytes) -> Path:
    file = tmp_path / "clinic.db"
    file.write_bytes(migrated_file)
    return file


@pytest.fixture
def post(file: Path, server: MailServer) -> Iterator[Correspondence]:
    with writing_clinic(file, server) as made:
        yield made


def arrived(server: MailServer) -> list[Part]:
    """Everything that came since the last look."""
    found = [taken_apart(message) for message in server.post.messages]
    server.post.messages.clear()
    return found


def only(server: MailServer) -> Part:
    (letter,) = arrived(server)
    return letter


def book(post: Correspondence, *what: str, **options: Any) -> str:
    event = post.clinic.book(*(what or ("Microneedling", "2026-03-20")), **options)
    post.clinic.settle()
    return event


def published(post: Correspondence, client: str) -> list[str]:
    with post.clinic.store.reading() as tx:
        feed = tx.feeds.of_client(client)
        assert feed is not None
        return [uid for uid, entry in tx.feeds.entries(feed.ref).items() if entry.block]
