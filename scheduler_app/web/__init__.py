"""The only home of Flask: webhooks in, the API, the desk, health."""

from scheduler_app.web.app import create_app
from scheduler_app.web.deps import Deps

__all__ = ["Deps", "create_app"]
