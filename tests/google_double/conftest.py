"""The double's own tests use the fixtures that everybody uses."""

from tests.google_double.fixtures import google_double, google_double_server, google_service

__all__ = ["google_double", "google_double_server", "google_service"]
