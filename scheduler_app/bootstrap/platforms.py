"""Booking platforms: which adapter speaks to each, and with what."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.registry import booking_platform, booking_source
from integrations.services import matched
from scheduler_app.bootstrap.configuration import load_config, now
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.platforms import ClinicPlatform, Service, Step
from scheduler_app.errors import Invalid, SchedulerError
from scheduler_app.ports import BookingPlatform, BookingSource
from scheduler_app.settings import Settings

log = logging.getLogger(__name__)


def sources_of(settings: Settings, clinic: Clinic) -> dict[str, BookingSource]:
    """Senders of webhooks in our own words that have a secret; one without is refused, and said so."""
    sources = {}
    for name in clinic.sources:
        secrets = settings.hook_secrets_of(name)
        if secrets:
            sources[name] = booking_source(name, secrets, clinic)
        else:
            log.warning("source %s has no secret in the environment: its webhooks are refused", name)
    return sources


def platforms_of(settings: Settings, clinic: Clinic) -> dict[str, BookingPlatform]:
    """The platforms of clinic.toml by name. One without a usable key is told in the log and left out: the
    rest goes on without it."""
    found = {}
    for platform in clinic.platforms.values():
        try:
            found[platform.name] = opened_platform(settings, clinic, platform)
        except Invalid as fault:
            log.error("platform %s cannot be used: %s", platform.name, fault.message)
    return found


def opened_platform(settings: Settings, clinic: Clinic, platform: ClinicPlatform) -> BookingPlatform:
    """One platform. Raises Invalid naming the setting at fault."""
    key = settings.platform_key_of(platform.name)
    if not key:
        setting = f"SCHEDULER_PLATFORM_{platform.name.upper().replace('-', '_')}"
        fault = f"{platform.name} has no key: set {setting}_FILE to a file with the key to its API"
        raise Invalid("platform-key-missing", fault, setting)
    return booking_platform(platform, clinic, settings.hook_secrets_of(platform.name), key)


def hook_address(settings: Settings, platform: ClinicPlatform) -> str:
    """Where the platform sends its webhooks; "" where nobody reaches us by https."""
    public = settings.public_url
    if platform.address:
        return platform.address
    return f"{public}/hooks/{platform.name}" if public.startswith("https://") else ""


def check_platforms(settings: Settings, names: Sequence[str] = ()) -> Iterator[tuple[str, Iterator[Step]]]:
    """Each platform (or those named) with the steps tried on it. Raises Invalid where there is none."""
    clinic = load_config(settings.config).clinic
    for platform in _named(clinic, names):
        yield platform.name, _steps(settings, clinic, platform)


@dataclass(frozen=True, slots=True)
class Offered:
    """What clients can book on a platform, and the treatments each is matched to. fault: why it cannot be
    asked; "" where it was."""

    platform: str
    services: Sequence[tuple[Service, tuple[str, ...]]] = ()
    fault: str = ""


def services_of(settings: Settings, names: Sequence[str] = ()) -> Iterator[Offered]:
    """Of each platform, or those named: one that is down never stops the rest. Raises Invalid for none."""
    clinic = load_config(settings.config).clinic
    for platform in _named(clinic, names):
        try:
            listed = opened_platform(settings, clinic, platform).services()
        except SchedulerError as fault:
            yield Offered(platform.name, fault=str(fault))
            continue
        offered = [(each, matched(each.id, each.name, platform.services) or ()) for each in listed]
        yield Offered(platform.name, offered)


def _named(clinic: Clinic, names: Sequence[str]) -> list[ClinicPlatform]:
    unknown = [name for name in names if name not in clinic.platforms]
    if unknown or not clinic.platforms:
        fault = f"clinic.toml has no [[platform]]{' named ' + unknown[0] if unknown else ''}"
        raise Invalid("platform-unknown", fault, "platform")
    return [clinic.platforms[name] for name in names or clinic.platforms]


def _steps(settings: Settings, clinic: Clinic, platform: ClinicPlatform) -> Iterator[Step]:
    try:
        opened = opened_platform(settings, clinic, platform)
    except Invalid as fault:
        yield Step("key", False, fault.message)
        return
    yield from opened.steps(hook_address(settings, platform), now())
