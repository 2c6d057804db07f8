"""Fixtures for a conftest: `from tests.google_double.fixtures import *`, or name it in pytest_plugins."""

from collections.abc import Callable, Iterator
from typing import Any

import httplib2
import pytest
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build

from tests.google_double.double import GoogleDouble

__all__ = ["google_double", "google_double_server", "google_service"]

Service = Any
Making = Callable[..., Service]


@pytest.fixture(scope="session")
def google_double_server() -> Iterator[GoogleDouble]:
    """One server for all tests."""
    with GoogleDouble() as double:
        yield double


@pytest.fixture
def google_double(google_double_server: GoogleDouble) -> Iterator[GoogleDouble]:
    """The double as new, and held to the schemas it serves at the end of the test."""
    google_double_server.reset()
    yield google_double_server
    google_double_server.release()
    assert google_double_server.faults_of_its_own == []


def service_for(double: GoogleDouble, who: str = "bot", timeout: float = 10.0) -> Service:
    """The real client, with the fixed token of an account, that asks the double."""
    credentials: Any = Credentials
    http = AuthorizedHttp(credentials(who), http=httplib2.Http(timeout=timeout))
    return build("calendar", "v3", http=http, client_options={"api_endpoint": double.endpoint})


@pytest.fixture
def google_service(google_double: GoogleDouble) -> Iterator[Making]:
    """`google_service("anna")`: the real client of that account; all are closed after the test."""
    made: list[Service] = []

    def making(who: str = "bot", timeout: float = 10.0) -> Service:
        made.append(service_for(google_double, who, timeout))
        return made[-1]

    yield making
    for each in made:
        each.close()
