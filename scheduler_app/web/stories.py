"""A client's stored story, as programs ask for it: by e-mail, telephone, our own ref or the clinic's code."""

from collections.abc import Mapping

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.identity import normal_code, normal_email
from scheduler_app.domain.story import Story
from scheduler_app.errors import Invalid
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.story import recorded, tell
from scheduler_app.ports import Transaction
from scheduler_app.ports.phones import normal_phone

SIGNS = ("id", "email", "phone")


def stored_story(flow: Flow, client: Mapping[str, str], today: int) -> Story | None:
    """What is held about the client; None when nobody, or more than one, bears the sign.

    Whoever asks with a sign that a couple shares would be told somebody else's story: then nobody is
    meant, and the answer is `review`. Raises Invalid for a question that names no sign, or several.
    """
    with flow.store.reading() as held:
        ref = whose(held, client, flow.clinic.location.country)
        if ref is None:
            return None
        book = held.appointments.of_client(ref, twins=True)
        return tell(book, recorded(held, ref), flow.catalogue, today)


def whose(held: Transaction, client: Mapping[str, str], country: str) -> str | None:
    """The ref of the one client who bears the sign."""
    if len(client) != 1 or not client.keys() <= set(SIGNS):
        raise Invalid("client-unreadable", f"client must hold exactly one of {', '.join(SIGNS)}", "client")
    sign, value = next(iter(client.items()))
    if sign == "id" and held.clients.get(value) is not None:
        return value
    clues = {
        "id": Clues(code=normal_code(value)),
        "email": Clues(email=normal_email(value)),
        "phone": Clues(phone=normal_phone(value, country)),
    }[sign]
    if clues == Clues():
        return None
    found = held.clients.candidates(clues, "")
    return found[0].ref if len(found) == 1 else None
