"""Which adapter stands behind a name of the configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from integrations.standard_webhooks import StandardWebhooksSource
from scheduler_app.domain.clinic import CalendarAccount, Clinic, ClinicCalendar
from scheduler_app.errors import Invalid
from scheduler_app.ports import BookingSource, Clock, RequestBudget, WatchableCalendar

if TYPE_CHECKING:
    from integrations.google_calendar.credentials import Credentials
    from integrations.google_calendar.shelf import TokenShelf


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

    account = keyring.account
    client = GoogleClient(
        google_credentials(keyring), account.id, budget, endpoint=keyring.endpoint, charged=account.subject
    )
    kept = {id: GoogleCalendar(calendar.address, calendar.marks) for id, calendar in calendars.items()}
    return GoogleCalendarGateway(client, kept, clock)


def google_credentials(keyring: Keyring) -> "Credentials":
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
