"""A clinic of twenty Google calendars for the benchmarks: its configuration, and what serves it."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import House, open_house
from scheduler_app.bootstrap.site import site
from scheduler_app.domain.connections import ALL
from scheduler_app.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CALENDARS = 20
ACCOUNTS = ("anna", "ben", "cleo", "dora", "emil")  # each owns four calendars, and has a budget of its own
NOTICES_TO = "BENCH_NOTICES_TO"
CONFIG = Path(__file__).parents[2] / "config"


def room(number: int) -> str:
    """The calendar's name at Google."""
    return f"team{number}@clinic.example"


def owner(number: int) -> str:
    """Whose calendar it is."""
    return ACCOUNTS[number % len(ACCOUNTS)]


def write_config(folder: Path) -> None:
    """The clinic's rules as shipped; its calendars are twenty at Google, of five users."""
    shutil.copytree(CONFIG, folder)
    shipped = (folder / "clinic.toml").read_text(encoding="utf-8").partition("[[calendar]]")[0]
    parts = [shipped]
    parts += [f'[[account]]\nid = "{name}"\n' for name in ACCOUNTS]
    parts += [
        f'[[calendar]]\nid = "room{number}"\nkind = "google"\nlocation = "main"\n'
        f'address = "{room(number)}"\naccount = "{owner(number)}"\n'
        for number in range(CALENDARS)
    ]
    (folder / "clinic.toml").write_text("\n".join(parts), encoding="utf-8")


def started() -> House:
    """The house, every calendar of it started by a person, notices sent to where BENCH_NOTICES_TO says.

    The settings take https alone; on one machine http does, and is said here instead.
    """
    house = open_house(settings())
    assert len(house.flow.gateways) == CALENDARS, "the accounts have no keys"
    with house.store.transaction() as tx:
        for calendar in house.flow.gateways:
            state = tx.states.get(calendar)
            tx.states.put(replace(state, started_at=now(), started_by="bench", covers=ALL))
    return replace(house, flow=replace(house.flow, push_address=os.environ.get(NOTICES_TO, "")))


def watched() -> "WSGIApplication":
    """What granian serves: the site with its crew, as `scheduler serve` composes it."""
    house = started()
    behind = house.crew()
    behind.start()
    return site(house, behind.nudge)
