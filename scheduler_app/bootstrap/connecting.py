"""Getting into calendars that other programs keep: signing in, and trying whether everything is allowed."""

from collections.abc import Callable, Iterator
from datetime import datetime

from integrations.registry import google_login, google_steps
from scheduler_app.bootstrap.calendars import GOOGLE, keyring, push_address
from scheduler_app.bootstrap.configuration import load_config, now
from scheduler_app.domain.clinic import CalendarAccount, Clinic, ClinicCalendar
from scheduler_app.domain.platforms import Step
from scheduler_app.errors import Invalid
from scheduler_app.settings import Settings


class _Unlimited:
    """Implements ports.RequestBudget for one command, which asks a dozen times at most."""

    def spend(self, account: str, units: int = 1) -> None:
        """Always enough."""


def login_google(
    settings: Settings, account: str, show: Callable[[str], None], *, open_browser: bool, port: int
) -> datetime | None:
    """A person signs in for an account; when Google withdraws that by itself, None where it does not.

    Raises Invalid for an account that is none or signs in otherwise, Denied, Unavailable.
    """
    known = _account(load_config(settings.config).clinic, account)
    if known.sign_in != "user":
        fault = f'nobody signs in for {account}: clinic.toml says sign_in = "{known.sign_in}"'
        raise Invalid("account-needs-no-login", fault, "account")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return google_login(keyring(settings, known), now, show, open_browser=open_browser, port=port)


def check_google(settings: Settings, calendar: str | None) -> Iterator[tuple[str, Iterator[Step]]]:
    """Each calendar at Google (or the one named) with the steps tried on it.

    Raises Invalid where clinic.toml has none.
    """
    clinic = load_config(settings.config).clinic
    kept = [held for held in clinic.calendars.values() if held.kind == GOOGLE]
    if calendar is not None:
        kept = [held for held in kept if held.id == calendar]
    if not kept:
        named = f" {calendar}" if calendar else ""
        fault = f'clinic.toml has no calendar{named} with kind = "google"'
        raise Invalid("calendar-unknown", fault, "calendar")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for held in kept:
        yield held.name, _steps(settings, clinic, held)


def _steps(settings: Settings, clinic: Clinic, calendar: ClinicCalendar) -> Iterator[Step]:
    keys = keyring(settings, _account(clinic, calendar.account))
    try:
        yield from google_steps(keys, calendar, _Unlimited(), now(), push_address(settings))
    except Invalid as fault:
        yield Step("key", False, fault.message)


def _account(clinic: Clinic, name: str) -> CalendarAccount:
    if name not in clinic.accounts:
        known = ", ".join(sorted(clinic.accounts)) or "none"
        raise Invalid("account-unknown", f"clinic.toml has no account {name}; it has: {known}", "account")
    return clinic.accounts[name]
