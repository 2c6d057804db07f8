"""A double, a stand in front of it, and nothing but this machine within reach."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.google_double import GoogleDouble
from tests.google_double.fixtures import google_double, google_double_server
from tests.integrations.google_calendar.stand import Stand

__all__ = ["google_double", "google_double_server"]


@pytest.fixture(autouse=True)
def _nothing_but_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere else is a fault of the test or of the adapter."""
    connect = socket.socket.connect

    def here_only(self: socket.socket, address: Any) -> None:
        assert isinstance(address, str) or address[0] in ("127.0.0.1", "::1", "localhost"), "not this machine"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", here_only)


@pytest.fixture
def stand(google_double: GoogleDouble) -> Iterator[Stand]:
    """The clinic's calendar as the program's own account sees it."""
    stand = Stand(google_double)
    yield stand
    stand.client.close()


@pytest.fixture
def quick(google_double: GoogleDouble) -> Iterator[Stand]:
    """The same, and it waits for an answer no longer than a moment."""
    stand = Stand(google_double, timeout=0.2)
    yield stand
    stand.client.close()
