"""WSGI factories that the benchmarks serve: the product's own app, and the peers it is held against."""

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler_app.bootstrap.house import open_house
from scheduler_app.bootstrap.site import deps_of
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.settings import settings
from scheduler_app.web.app import create_app

if TYPE_CHECKING:
    from flask import Flask


class NoInbox:
    """Promises everything and keeps nothing: the route without a database."""

    def accept(self, delivery: Delivery) -> bool:
        """Say yes."""
        return bool(delivery)


def _nobody() -> None:
    """No crew: the routes alone are measured."""


def with_hello() -> "Flask":
    """The app with a hello route beside the others: same app, same server."""
    app = create_app(deps_of(open_house(settings()), _nobody))
    app.add_url_rule("/hello", "hello", lambda: "hello")
    gc.freeze()  # as scheduler_app.wsgi does
    return app


def without_database() -> "Flask":
    """The app whose webhooks are kept nowhere."""
    return create_app(replace(deps_of(open_house(settings()), _nobody), inbox=NoInbox()))
