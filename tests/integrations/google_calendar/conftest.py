"""A double, a stand in front of it, and nothing but this machine within reach."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.google_double import GoogleDouble
from tests.google_double.fixtures import google_double, google_double_server
from tests.integrations.google_calendar.stand import Stand

__all__ = ["google_double", "google_double_server"]


_HERE = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def _nothing_but_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to anywhere else, or only asking where that is, is a fault of the test or the adapter."""
    elsewhere: list[str] = []
    ask = socket.getaddrinfo

    def here_only(host: Any, *more: Any, **named: Any) -> Any:
        if host not in _HERE:
            elsewhere.append(str(host))
            raise socket.gaierror("not this machine")
        return ask(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here_only)
    yield
    assert elsewhere == []


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
