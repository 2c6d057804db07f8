"""Somebody with a phone, a visit ahead, and private links: what the pages behind them are tested with."""

from dataclasses import dataclass, field, replace

from flask.testing import FlaskClient

from scheduler_app.flow.links import link
from scheduler_app.flow.private_links import LinkLetter, LinkPress, Wanted, address_of, make_link
from scheduler_app.flow.record import Speaker
from tests.web.at_the_desk import Receptionist, words
from tests.web.stand import Stand

DOCTOR = Speaker("practitioner", "Dr Reyes")
NOTHING = {"step": "review", "none": "yes", "m-isotretinoin": "no", "m-topical_retinoid": "no"}


@dataclass
class Client:
    """Somebody with a phone, a visit ahead, and links."""

    stand: Stand
    ref: str = ""
    letters: list[LinkLetter] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visit = Receptionist(self.stand).book()
        self.ref = Receptionist(self.stand).client_of(self.visit)
        deps = replace(self.stand.deps, send_link=lambda _tx, letter: self.letters.append(letter))
        self.browser: FlaskClient = self.stand.client(deps, peer="192.0.2.7")

    def path(self, purpose: str) -> str:
        assert self.stand.deps.press is not None
        press = LinkPress(tuple(self.stand.deps.press.keys), "https://care.example")
        made = make_link(self.stand.deps.flow, press, self.ref, Wanted(purpose, "kim"))
        with self.stand.store.reading() as tx:
            stored = dict(tx.links.of_client(self.ref))[made]
        return str(address_of(press, made, stored)).removeprefix("https://care.example")

    def page(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == status
        return words(answer.text)

    def feed(self) -> str:
        assert self.stand.deps.press is not None
        with self.stand.store.transaction() as tx:
            return link(tx, self.stand.deps.press, self.ref)

    def facts(self) -> int:
        with self.stand.store.reading() as tx:
            r = tx.records
            return len([*r.treatments(self.ref), *r.conditions(self.ref), *r.screenings(self.ref)])
