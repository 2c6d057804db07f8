"""The client's private calendar: its address, shown on demand, revoked, made anew; how it is written."""

from dataclasses import dataclass, replace

from babel import Locale, UnknownLocaleError

from scheduler_app.domain.clinic import DISCREET, PLAIN, Clinic
from scheduler_app.errors import NotFound
from scheduler_app.flow import links
from scheduler_app.flow.flow import PUBLISH
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


@dataclass(frozen=True, slots=True)
class Choices:
    """What a client's calendar may be written in and as: (value, words) each."""

    languages: tuple[tuple[str, str], ...]
    privacy: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, clinic: Clinic) -> "Choices":
        """By the clinic's own settings."""
        said = {DISCREET: "discreet: what to do, never which treatment", PLAIN: "plain: treatments by name"}
        return cls(
            tuple(
                (code, Locale.parse(code, "_").get_display_name("en") or code) for code in clinic.languages
            ),
            (("", f"as the clinic has it ({clinic.privacy})"), *said.items()),
        )


def change_writing(deps: Deps, client: str, form: Fields) -> bool:
    """In which language, and how openly, this client's calendar is written; False when the form has mistakes.

    Raises NotFound.
    """
    by = form.text("by", "Give your name: it is kept with what was done.")
    choices = Choices.of(deps.clinic)
    language = form.choice("language", [code for code, _ in choices.languages], "Choose the language.")
    privacy = form.choice("privacy", [code for code, _ in choices.privacy], "Choose how openly.")
    if not form.ok:
        return False
    with deps.store.transaction() as held:
        known = held.clients.get(client)
        if known is None:
            raise NotFound("No client has this address.")
        held.clients.change(replace(known, language=language, privacy=privacy))
        detail = {"language": language, "privacy": privacy or deps.clinic.privacy}
        held.audit.write(deps.clock(), by, "calendar-writing", client, detail)
        held.work.touch(PUBLISH, client)
    deps.settle()
    return True


def _language(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
