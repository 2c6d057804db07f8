"""What a web server serves: feeds in front, Flask behind, and the crew in the same process."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.house import House, open_house
from scheduler_app.flow.check import Checker
from scheduler_app.flow.mailing.link_letters import undertake
from scheduler_app.settings import Settings
from scheduler_app.store import GroupCommitInbox, SqlFeedShelf, SqlKeyShelf
from scheduler_app.web.app import create_app
from scheduler_app.web.deps import Deps
from scheduler_app.web.feeds import with_feeds

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def open_site(settings: Settings) -> "WSGIApplication":
    """The WSGI application, its crew at work unless `worker` processes do that.

    Raises BadConfig, Invalid, Unavailable.
    """
    house = open_house(settings)
    if not settings.crew:
        return site(house, _nobody)
    behind = house.crew()
    behind.start()
    return site(house, behind.nudge)


def site(house: House, nudge: Callable[[], None]) -> "WSGIApplication":
    """The application over a house that is open. nudge wakes whoever does the work behind the page."""
    deps = deps_of(house, nudge)
    return with_feeds(create_app(deps).wsgi_app, SqlFeedShelf(house.store), deps.counters.feed_poll)


def deps_of(house: House, nudge: Callable[[], None]) -> Deps:
    """What the app stands on."""
    loaded = house.loaded
    clinic = loaded.clinic
    return Deps(
        flow=house.flow,
        inbox=GroupCommitInbox(house.store),
        keys=SqlKeyShelf(house.store),
        calendar=house.calendar,
        checker=Checker(loaded.rulebook, loaded.catalogue, clinic.location.zone, now, clinic.languages[0]),
        settle=house.settle,
        press=house.press,
        public_url=house.settings.public_url,
        send_link=undertake if house.flow.post and house.flow.post.root else None,
        nudge=nudge,
    )


def _nobody() -> None:
    """For a site whose work is done by other processes: their tick finds it."""
