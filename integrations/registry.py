"""Which adapter stands behind a name of the configuration."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.standard_webhooks import StandardWebhooksSource
from scheduler_app.domain.clinic import CalendarAccount, Clinic, ClinicCalendar
from scheduler_app.domain.platforms import ClinicPlatform, Step
from scheduler_app.errors import Invalid
from scheduler_app.ports import BookingPlatform, BookingSource, Clock, RequestBudget, WatchableCalendar

if TYPE_CHECKING:
    from integrations.google_calendar.shelf import TokenShelf


# Booking platforms by the `kind` of clinic.toml: the module and the class that speaks to each.
PLATFORMS = {
    "calcom": "integrations.calcom:CalcomPlatform",
    "acuity": "integrations.acuity:AcuityPlatform",
    "simplybook": "integrations.simplybook:SimplybookPlatform",
    "square": "integrations.square:SquarePlatform",
    "calendly": "integrations.calendly:CalendlyPlatform",
    "memory": "integrations.memory:MemoryPlatform",
}
PLATFORM_KINDS = frozenset(PLATFORMS) - {"memory"}


def booking_platform(
    platform: ClinicPlatform, clinic: Clinic, secrets: Sequence[str], key: str
) -> BookingPlatform:
    """The platform as the flow speaks to it. secrets: of its webhooks; key: to its API.

    Raises Invalid for secrets or settings that cannot be any, naming the setting.
    """
    module, name = PLATFORMS[platform.kind].split(":")
    # imported when it is used: nobody pays for platforms the clinic does not have
    made: BookingPlatform = getattr(import_module(module), name)(platform, clinic, secrets, key)
    return made


def booking_source(name: str, secrets: Sequence[str], clinic: Clinic) -> BookingSource:
    """The sender of webhooks of that name. Raises Invalid for secrets that cannot be any."""
    return StandardWebhooksSource(name, secrets, clinic)


@dataclass(frozen=True, slots=True)
class Keyring:
    """With what one account signs in. given: the JSON the program gave; setting: the variable it came from.

    shelf: the file a person's sign-in is kept in; keys: what it is encrypted with, the newest first.
    endpoint and access: an emulator's address and its token, on this machine only.
    """

    account: CalendarAccount
    setting: str
    given: str = field(repr=False)
    shelf: Path
    keys: Sequence[bytes] = field(repr=False)
    endpoint: str = ""
    access: str = field(default="", repr=False)


def google_calendars(
    keyring: Keyring, calendars: Mapping[str, ClinicCalendar], budget: RequestBudget, clock: Clock
) -> WatchableCalendar:
    """The calendars of one account at Google, by our own ids. Raises Invalid for keys that are none."""
    # a second and 30 MB, which a clinic without Google need not spend
    from integrations.google_calendar import GoogleCalendar, GoogleCalendarGateway, GoogleClient

    signed, charged = google_credentials(keyring), keyring.account.subject
    payer = _payer(keyring.account, signed)
    client = GoogleClient(signed, payer, budget, endpoint=keyring.endpoint, charged=charged)
    kept = {id: GoogleCalendar(calendar.address, calendar.marks) for id, calendar in calendars.items()}
    return GoogleCalendarGateway(client, kept, clock)


def _payer(account: CalendarAccount, signed: Any) -> str:
    """Whose budget requests are taken from: Google counts them by who signs in and for whom, so two accounts
    with one key share one."""
    from integrations.google_calendar import credentials

    address = credentials.address_of(signed)
    return (
        sha256(f"{address}\n{account.subject}".lower().encode()).hexdigest()[:16] if address else account.id
    )


def google_credentials(keyring: Keyring) -> Any:
    """What the account signs in with. Raises Invalid naming the setting where there is no such key."""
    from integrations.google_calendar import credentials

    account = keyring.account
    if keyring.access:
        return credentials.fixed_token(keyring.access, keyring.endpoint)
    if account.sign_in == "user":
        return credentials.person(google_shelf(keyring))
    if not keyring.given:
        fault = (
            f"the account {account.id} has no key: set {keyring.setting}_FILE to the JSON file Google gave "
            "for its service account"
        )
        raise Invalid("google-key-missing", fault, keyring.setting)
    return credentials.service_account(keyring.given, account.subject, keyring.setting)


def google_shelf(keyring: Keyring) -> "TokenShelf":
    """Where a person's sign-in is kept."""
    from integrations.google_calendar.shelf import TokenShelf

    return TokenShelf(keyring.shelf, keyring.keys)


def google_steps(
    keyring: Keyring, calendar: ClinicCalendar, budget: RequestBudget, now: datetime, notices: str
) -> Iterator[Step]:
    """Try everything on a calendar at Google, one step after the other; nothing is left behind.

    notices: a public address for a channel, "" where there is none. Raises Invalid for keys that are none.
    """
    from integrations.google_calendar import GoogleClient, credentials, scratch

    signed = google_credentials(keyring)
    user = keyring.account.sign_in == "user" and not keyring.access
    kept = google_shelf(keyring).get() if user else None
    if user and kept is None:
        yield Step("sign in", False, f"nobody signed in yet: scheduler google login {keyring.account.id}")
        return
    payer, charged = _payer(keyring.account, signed), keyring.account.subject
    client = GoogleClient(signed, payer, budget, endpoint=keyring.endpoint, charged=charged)
    tried = scratch.Tried(
        calendar.address,
        keyring.account.subject or credentials.address_of(signed),
        kept.refresh_until if kept else None,
        notices,
    )
    for step in scratch.steps(client, tried, now):
        yield Step(step.name, step.ok, step.words)


def google_login(
    keyring: Keyring, clock: Clock, show: Callable[[str], None], *, open_browser: bool, port: int
) -> datetime | None:
    """Let a person sign in, and keep it; when Google withdraws it by itself, None where it does not.

    Raises Invalid for a client that is none, Denied, Unavailable.
    """
    from integrations.google_calendar.login import sign_in

    if not keyring.given:
        fault = (
            f"the account {keyring.account.id} has no OAuth client: set {keyring.setting}_FILE to the JSON "
            "file Google gave for a desktop app"
        )
        raise Invalid("google-client-missing", fault, keyring.setting)
    kept = sign_in(
        keyring.given,
        google_shelf(keyring),
        clock,
        show,
        open_browser=open_browser,
        port=port,
        setting=keyring.setting,
    )
    return kept.refresh_until
