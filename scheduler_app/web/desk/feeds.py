"""The client's private calendar address: shown on demand, revoked, made anew."""

from dataclasses import dataclass

from scheduler_app.flow import links
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields


@dataclass(frozen=True, slots=True)
class FeedSight:
    """What the desk shows of a feed; address, and the client's page, only when somebody asked to see it."""

    there: bool
    revoked: bool = False
    address: str = ""
    page: str = ""


def feed_sight(deps: Deps, client: str, show: bool, root: str) -> FeedSight:
    """The client's feed. root: where the feeds are reached, with a slash at its end."""
    if deps.press is None:
        return FeedSight(False)
    with deps.store.reading() as held:
        feed = held.feeds.of_client(client)
    if feed is None or feed.revoked or not show:
        return FeedSight(feed is not None, feed is not None and feed.revoked)
    # writes where the key it was made with is no longer listed
    with deps.store.transaction() as held:
        token = links.link(held, deps.press, client)
    return FeedSight(True, False, f"{root}feeds/{token}.ics", f"{root}c/{token}")


def change_feed(deps: Deps, client: str, form: Fields) -> bool:
    """Revoke the address or make a new one; False when the form has mistakes. Raises NotFound."""
    by = form.text("by", "Give your name: it is kept with what was done.")
    change = {"withdraw": links.withdraw, "renew": links.renew}.get(form.typed.get("do", ""))
    if deps.press is None or change is None or not form.ok:
        return False
    with deps.store.transaction() as held:
        change(held, deps.press, client)
        held.audit.write(deps.clock(), by, f"feed-{form.typed['do']}", client, {})
    deps.settle()
    return True
