"""A client with a visit ahead, and what their link opens."""

from dataclasses import dataclass, replace

from werkzeug.test import TestResponse

from scheduler_app.domain.clients import Client
from scheduler_app.flow.links import link, renew, withdraw
from scheduler_app.flow.publish import Press, publish
from scheduler_app.web import Deps
from tests.web.at_the_desk import Receptionist
from tests.web.stand import Stand

PUBLIC = "https://care.clinic.example"


@dataclass
class Linked:
    """One client of the stand."""

    stand: Stand
    client: str
    visit: str
    deps: Deps

    @property
    def press(self) -> Press:
        """What feeds are made with."""
        assert self.deps.press is not None
        return self.deps.press

    @property
    def token(self) -> str:
        """Of their link."""
        with self.stand.store.transaction() as tx:
            return link(tx, self.press, self.client)

    def open(self, path: str = "", token: str = "") -> TestResponse:
        """GET /c/<token><path>, from anywhere."""
        asking = self.stand.client(self.deps, peer="203.0.113.9")
        return asking.get(f"/c/{token or self.token}{path}", base_url=PUBLIC)

    def change(self, **changes: object) -> None:
        """Change the client, and publish."""
        with self.stand.store.transaction() as tx:
            known = tx.clients.get(self.client)
            assert isinstance(known, Client)
            tx.clients.change(replace(known, **changes))  # type: ignore[arg-type]
        self.publish()

    def publish(self) -> None:
        """As the flow does."""
        publish(self.stand.store, self.press, self.client, self.stand.clock())

    def planned(self) -> int:
        """How many entries are published and still ahead."""
        with self.stand.store.reading() as tx:
            feed = tx.feeds.of_client(self.client)
            assert feed is not None
            published = tx.feeds.entries(feed.ref).values()
        return sum(1 for each in published if each.block and each.ends_at > self.stand.clock())

    def renew(self) -> str:
        """A new link; the token."""
        with self.stand.store.transaction() as tx:
            return renew(tx, self.press, self.client)

    def withdraw(self) -> None:
        """No link any more."""
        with self.stand.store.transaction() as tx:
            withdraw(tx, self.press, self.client)


def linked(stand: Stand) -> Linked:
    """Anna Berg, with a microneedling on 14 March 2026 at ten."""
    desk = Receptionist(stand)
    visit = desk.book()
    return Linked(stand, desk.client_of(visit), visit, replace(stand.deps, public_url=PUBLIC))
