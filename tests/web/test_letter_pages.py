"""Letters at the desk: what waits and what was refused is seen, and each client gets what they want."""

import pytest

from scheduler_app.domain.mail import BOOKED, FAILED, WAITING, Bounce, Mail
from tests.web.at_the_desk import Receptionist
from tests.web.stand import TODAY, Stand

ANNA = "anna@example.com"


class Desk(Receptionist):
    """Somebody at the desk with Anna's booking in front of her."""

    def __init__(self, stand: Stand) -> None:
        super().__init__(stand)
        self.visit = self.book()
        self.client = self.client_of(self.visit)
        self.at = f"/desk/clients/{self.client}/letters"

    def write_down(self, state: str, error: str = "") -> None:
        """A letter that got so far."""
        with self.stand.store.transaction() as tx:
            uid = f"appointment.{self.visit}@clinic.example"
            tx.mails.put(
                Mail(
                    "m1",
                    self.client,
                    self.visit,
                    uid,
                    BOOKED,
                    0,
                    "d",
                    "",
                    "mail:1",
                    TODAY,
                    state,
                    None,
                    error,
                )
            )

    def refuse(self) -> None:
        """Her address was refused for good."""
        with self.stand.store.transaction() as tx:
            tx.mails.put_bounce(Bounce(self.client, ANNA, "550 5.1.1", TODAY))


@pytest.fixture
def desk(stand: Stand) -> Desk:
    return Desk(stand)


def test_with_nothing_to_tell_the_page_says_so(desk: Desk) -> None:
    assert "No letter waits, and none was refused." in desk.page("/desk/letters")


def test_letters_that_wait_go_out_or_do_not_as_a_person_says(desk: Desk) -> None:
    desk.write_down(WAITING)
    page = desk.page("/desk/letters")
    assert "1 letter waits for a person" in page
    assert "Anna Berg about a booking" in page
    nameless = desk.send("/desk/letters", plan="mail:1", do="approve")
    assert nameless.status_code == 422
    assert desk.send("/desk/letters", plan="mail:1", do="withhold", by="Kim").status_code == 303
    assert "wait for a person" not in desk.page("/desk/letters")
    assert "not sent: somebody here decided so" in desk.page(desk.at)
    late = desk.send("/desk/letters", plan="mail:1", do="approve", by="Kim")
    assert late.status_code == 422


def test_what_was_refused_is_told_and_can_be_tried_again(desk: Desk) -> None:
    desk.write_down(FAILED, "address-refused 550 5.1.1")
    desk.refuse()
    page = desk.page("/desk/letters")
    assert "Anna Berg about a booking" in page
    assert f"{ANNA} · 550 5.1.1" in page
    assert "There is no address" in desk.page(desk.at)
    assert desk.send(desk.at, again=ANNA, by="Kim").status_code == 303
    assert f"Letters go to {ANNA}." in desk.page(desk.at)


def test_a_client_gets_what_they_want(desk: Desk) -> None:
    assert desk.send(desk.at, by_mail="invitations", address=ANNA, by="Kim").status_code == 303
    with desk.stand.store.reading() as tx:
        choice = tx.mails.choice(desk.client)
    assert (choice.by_mail, choice.address) == ("invitations", ANNA)
    assert desk.send(desk.at, by_mail="pigeon", by="Kim").status_code == 422
    elsewhere = desk.send(desk.at, by_mail="letters", address="bea@example.com", by="Kim")
    assert elsewhere.status_code == 422
    assert desk.page("/desk/clients/nobody/letters", 404)
