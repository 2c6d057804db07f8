"""People as the command line names them."""

from scheduler_app.bootstrap.house import House
from scheduler_app.errors import Invalid, NotFound


def client_ref(house: House, text: str) -> str:
    """The client who goes by this ref, e-mail, phone, code or name.

    Raises NotFound for nobody, Invalid where several do: their refs are named, and nothing else of them.
    """
    with house.store.reading() as tx:
        if tx.clients.get(text) is not None:
            return text
        found = tx.clients.find(text, 10)
    if not found:
        raise NotFound("no client goes by that; see the desk's list of clients, or `scheduler record client`")
    if len(found) > 1:
        refs = ", ".join(client.ref for client in found)
        raise Invalid(
            "client-ambiguous", f"several clients go by that; name one by its ref: {refs}", "client"
        )
    return found[0].ref
