"""WSGI factories that the benchmarks serve: the product's own app, and the peers it is held against."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from signal import SIGTERM, signal
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import House, open_house
from scheduler_app.bootstrap.serving import stay_loaded
from scheduler_app.bootstrap.site import deps_of
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.flow.flow import JUDGE
from scheduler_app.flow.judge import judge_due
from scheduler_app.flow.sync import sync_calendar
from scheduler_app.ports import CalendarGateway, Claim
from scheduler_app.settings import settings
from scheduler_app.store import GroupCommitInbox
from scheduler_app.web.app import create_app
from scheduler_app.work.runner import Runner
from tests.bench.first_sync import Pages
from tests.senders import SENDERS

if TYPE_CHECKING:
    from flask import Flask


BACKLOG = 10_000
EVENTS = 60_000
CLOSED = "http://127.0.0.1:9"  # where platforms would be asked: nobody listens there


class NoInbox:
    """Promises everything and keeps nothing: the route without a database."""

    def accept(self, delivery: Delivery) -> bool:
        """Say yes."""
        return bool(delivery)


def _nobody() -> None:
    """No crew: the routes alone are measured."""


def with_hello() -> "Flask":
    """The app with a hello route beside the others: same app, same server."""
    app = _app(open_house(settings()), _nobody)
    app.add_url_rule("/hello", "hello", lambda: "hello")
    return app


def without_database() -> "Flask":
    """The app whose webhooks are kept nowhere."""
    return _app(open_house(settings()), _nobody, inbox=NoInbox())


def senders() -> "Flask":
    """The app with every sender there is, and no crew."""
    return _app(_house_of_senders(), _nobody)


def senders_without_database() -> "Flask":
    """The same; what they send is kept nowhere."""
    return _app(_house_of_senders(), _nobody, inbox=NoInbox())


def senders_and_backlog() -> "Flask":
    """The same, and a backlog that lies there for whoever works: the web process of `serve --no-crew`."""
    return _app(_house_with_backlog(), _nobody)


def senders_and_crew() -> "Flask":
    """The same with the crew at work in the process, as `serve` has it."""
    house = _house_with_backlog()
    crew = house.crew()
    crew.start()
    return _app(house, crew.nudge)


def crew_alone() -> None:
    """The crew in a process of its own, as `worker` has it, until it is told to stop."""
    stay_loaded()
    house = _house_of_senders()
    crew = house.crew()
    crew.start()
    stop = Event()
    signal(SIGTERM, lambda *_: stop.set())
    stop.wait()
    crew.stop()


def _house_with_backlog() -> House:
    house = _house_of_senders()
    inbox = GroupCommitInbox(house.store)
    website = SENDERS[0]
    with ThreadPoolExecutor(64) as together:
        waiting = [Delivery(website.kind, f"old-{n}", now(), website.body(n)) for n in range(BACKLOG)]
        assert all(together.map(inbox.accept, waiting))
    inbox.close()
    return house


def senders_and_sync() -> "Flask":
    """The same beside the first sync of a large calendar in the process: read, identified and judged."""
    house = _house_of_senders()
    gateways: dict[str, CalendarGateway] = {"desk": Pages(EVENTS)}  # type: ignore[dict-item]
    flow = replace(house.flow, gateways=gateways)

    def judge(claim: Claim) -> None:
        judge_due(flow, claim)

    def judging() -> None:
        runner = Runner(house.store, {JUDGE: judge}, house.leases)
        while True:
            if not runner.run_next():
                time.sleep(0.01)

    for work in (lambda: sync_calendar(flow, "desk"), *[judging] * 4):
        Thread(target=work, daemon=True).start()
    return _app(house, _nobody)


def _app(house: House, nudge: Callable[[], None], **others: Any) -> "Flask":
    app = create_app(replace(deps_of(house, nudge), **others))
    stay_loaded()  # as scheduler_app.wsgi does
    return app


def _house_of_senders() -> House:
    house = open_house(settings())
    known = {each.kind: each.platform(CLOSED) for each in SENDERS if each.is_platform}
    clinic = replace(house.flow.clinic, platforms=known)
    made: dict[str, Any] = {each.kind: each.receiver(clinic, CLOSED) for each in SENDERS}
    sources = {name: each for name, each in made.items() if name not in known}
    platforms = {name: each for name, each in made.items() if name in known}
    return replace(house, flow=replace(house.flow, clinic=clinic, sources=sources, platforms=platforms))
