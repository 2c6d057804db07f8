"""Calendars that other programs keep: which account opens which, and with what."""

import logging

from integrations.registry import Keyring, google_calendars
from scheduler_app.bootstrap.configuration import now
from scheduler_app.bootstrap.secrets import kept
from scheduler_app.domain.clinic import CalendarAccount, Clinic, ClinicCalendar
from scheduler_app.errors import Invalid
from scheduler_app.ports import CalendarGateway
from scheduler_app.settings import Settings
from scheduler_app.store import SqlRequestBudget, SqlStore

log = logging.getLogger(__name__)

GOOGLE = "google"
KEY_FILE = "token-key"
PUSH_PATH = "/hooks/google"


def calendars_elsewhere(settings: Settings, clinic: Clinic, store: SqlStore) -> dict[str, CalendarGateway]:
    """The gateway of every calendar that another program keeps, by our id.

    An account without a usable key is told in the log and left out: the desk, the feeds and the other
    calendars go on without it.
    """
    gateways: dict[str, CalendarGateway] = {}
    budget = SqlRequestBudget(store, clinic.requests, now)
    for account in clinic.accounts.values():
        calendars = calendars_of(clinic, account)
        if not calendars:
            continue
        try:
            gateway = google_calendars(keyring(settings, account), calendars, budget, now)
        except Invalid as fault:
            log.error("account %s cannot be used: %s", account.id, fault.message)
            continue
        gateways |= dict.fromkeys(calendars, gateway)
    return gateways


def calendars_of(clinic: Clinic, account: CalendarAccount) -> dict[str, ClinicCalendar]:
    """The calendars that the account opens, by our id."""
    return {
        calendar.id: calendar
        for calendar in clinic.calendars.values()
        if calendar.kind == GOOGLE and calendar.account == account.id
    }


def keyring(settings: Settings, account: CalendarAccount) -> Keyring:
    """With what the account signs in; a key for kept sign-ins is made where none was given."""
    keys = settings.token_keys or tuple(kept(settings.data / KEY_FILE).split())
    return Keyring(
        account=account,
        setting=f"SCHEDULER_GOOGLE_{account.id.upper().replace('-', '_')}",
        given=settings.google_credentials_of(account.id),
        shelf=settings.data / f"sign-in-{account.id}",
        keys=[key.encode() for key in keys],
        endpoint=settings.google_endpoint,
        access=settings.google_access,
    )


def push_address(settings: Settings) -> str:
    """Where a program may send its notices; "" where nobody reaches us by https, and we poll alone."""
    public = settings.public_url
    return public + PUSH_PATH if public.startswith("https://") else ""
