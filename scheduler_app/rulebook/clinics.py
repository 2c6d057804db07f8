"""clinic.toml: the clinic, its locations and calendars."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from babel.localedata import exists

from scheduler_app.domain.catalogue import CalendarDefaults
from scheduler_app.domain.clinic import (
    CalendarAccount,
    Clinic,
    ClinicCalendar,
    FeedTerms,
    Location,
    MailTerms,
    Opening,
    PlanLimits,
    RequestLimits,
)
from scheduler_app.domain.keeping import RetentionTerms
from scheduler_app.domain.private_links import LinkTerms
from scheduler_app.rulebook.accounts import check_addresses, check_program, mark_terms, read_accounts
from scheduler_app.rulebook.clinic_shapes import CalendarShape, ClinicShape, LocationShape
from scheduler_app.rulebook.entries import Entry, claimed, did_you_mean, read_entries, read_entry
from scheduler_app.rulebook.files import Notebook, TomlFile
from scheduler_app.rulebook.platforms import read_platforms
from scheduler_app.rulebook.shapes import WEEKDAYS
from scheduler_app.rulebook.treatments import Codes

NOWHERE = Location("", "", "UTC", "")
LISTS = ("location", "calendar", "account", "platform")
UNREAD = Clinic("", "", "", "", "", {"": NOWHERE}, {})  # stands in while clinic.toml has mistakes


def read_clinic(
    file: TomlFile | None,
    codes: Codes,
    notebook: Notebook,
    rules: Collection[str] = (),
    kinds: Collection[str] | None = None,
) -> Clinic | None:
    """The clinic; None, with everything noted, where it cannot be put together.

    rules: the ids there are, kinds: the platforms there are adapters for; () and None where nobody knows.
    """
    if file is None:
        return None
    own = {key: value for key, value in file.table.items() if key not in LISTS}
    clinic = read_entry(file, (), own, ClinicShape, notebook)
    locations = _locations(file, notebook)
    calendars = read_entries(file, "calendar", CalendarShape, notebook)
    accounts = read_accounts(file, notebook)
    platforms = read_platforms(file, codes, rules, kinds, notebook)
    rooms = claimed(file, "location", "id")
    _check_location(clinic, "default_location", rooms, notebook)
    for entry in calendars:
        _check_location(entry, "location", rooms, notebook)
        _check_calendar(entry, codes, notebook)
        check_program(entry, notebook)
    check_addresses(calendars, notebook)
    _check_ids("calendar", calendars, notebook)
    _check_languages(clinic, notebook)
    _check_sources(clinic, notebook)
    if clinic.broken or clinic.shape.default_location not in locations:
        return None
    sound = [entry for entry in calendars if not entry.broken]
    return replace(_clinic(clinic.shape, locations, sound, accounts), platforms=platforms)


def _clinic(
    shape: ClinicShape,
    locations: dict[str, Location],
    calendars: Sequence[Entry[CalendarShape]],
    accounts: Mapping[str, CalendarAccount],
) -> Clinic:
    return Clinic(
        name=shape.name,
        host=shape.host,
        phone=shape.phone,
        email=shape.email,
        default_location=shape.default_location,
        locations=locations,
        calendars={entry.shape.id: _calendar(entry.shape, shape.default_location) for entry in calendars},
        privacy=shape.privacy,
        feed=FeedTerms(**shape.feed.model_dump()),
        limits=PlanLimits(**shape.plan.model_dump()),
        screening_lasts=shape.screening_lasts,
        sources=shape.sources,
        languages=tuple(dict.fromkeys(shape.languages)),
        accounts=accounts,
        requests=RequestLimits(**shape.requests.model_dump()),
        mail=MailTerms(**shape.mail.model_dump(exclude_none=True)),
        links=LinkTerms(**shape.links.model_dump()),
        retention=RetentionTerms(**shape.retention.model_dump()),
    )


def _calendar(shape: CalendarShape, default_location: str) -> ClinicCalendar:
    defaults = CalendarDefaults(shape.colours, shape.labels, shape.treatments, shape.unrecognised)
    location = shape.location or default_location
    elsewhere = shape.kind != "embedded"
    return ClinicCalendar(
        id=shape.id,
        location=location,
        name=shape.name or shape.id,
        kind=shape.kind,
        defaults=defaults,
        marks=mark_terms(shape.marks, at_google=elsewhere),
        address=(shape.address or shape.id) if elsewhere else "",
        account=shape.account or "",
    )


def _locations(file: TomlFile, notebook: Notebook) -> dict[str, Location]:
    entries = read_entries(file, "location", LocationShape, notebook)
    if not entries and "location" not in file.table:
        notebook.mistake(
            file.name, "the whole file", "there is no [[location]]", "Add one, with its zone and country."
        )
    _check_ids("location", entries, notebook)
    locations = {}
    for entry in entries:
        shape = entry.shape
        if not _zone_exists(shape.zone):
            cure = did_you_mean(shape.zone, available_timezones())
            cure += 'Write an IANA name, like: zone = "Europe/London".'
            notebook.mistake(file.name, entry.where("zone"), f"there is no zone {shape.zone!r}", cure)
        if shape.country not in phonenumbers.SUPPORTED_REGIONS:
            cure = 'Write its ISO 3166 code, like: country = "GB".'
            notebook.mistake(file.name, entry.where("country"), f"there is no country {shape.country}", cure)
        openings = _openings(entry, notebook)
        if not entry.broken:
            locations[shape.id] = Location(shape.id, shape.name, shape.zone, shape.country, openings)
    return locations


def _openings(entry: Entry[LocationShape], notebook: Notebook) -> tuple[Opening, ...]:
    openings = []
    for day in WEEKDAYS:
        stretches = sorted(_stretch(text) for text in entry.shape.hours.get(day, ()))
        closed = time.min
        for opens, closes in stretches:
            if closes <= opens or opens < closed:
                fault = f"the hours on {day} end before they begin, or overlap"
                cure = f'Write them in order, like: {day} = ["09:00-12:00", "13:00-18:00"].'
                notebook.mistake(entry.file.name, entry.where("hours", day), fault, cure)
                break
            closed = closes
            openings.append(Opening(WEEKDAYS.index(day), opens, closes))
    return tuple(openings)


def _stretch(text: str) -> tuple[time, time]:
    opens, closes = text[:5], text[-5:]
    return time.fromisoformat(opens), time.max if closes == "24:00" else time.fromisoformat(closes)


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _check_calendar(entry: Entry[CalendarShape], codes: Codes, notebook: Notebook) -> None:
    shape, file = entry.shape, entry.file
    named: dict[tuple[str, ...], tuple[str, ...]] = {("treatments",): shape.treatments}
    named[("marks", "only")] = shape.marks.only
    named |= {("colours", word): codes_of for word, codes_of in shape.colours.items()}
    named |= {("labels", word): codes_of for word, codes_of in shape.labels.items()}
    for keys, treatments in named.items():
        for code in treatments:
            if codes.unknown(code):
                fault = f"the calendar {entry.label} names the unknown treatment {code}"
                notebook.mistake(file.name, entry.where(*keys), fault, codes.cure(code))
            elif codes.medication(code):
                fault = f"the calendar {entry.label} takes the medication {code} for a booking"
                notebook.mistake(file.name, entry.where(*keys), fault, "Name procedures only.")


def _check_location(
    entry: Entry[ClinicShape] | Entry[CalendarShape], key: str, rooms: Collection[str], notebook: Notebook
) -> None:
    name = getattr(entry.shape, key)
    # Without any location that is the mistake to tell, and it is told.
    if entry.sound(key) and name is not None and rooms and name not in rooms:
        cure = f"{did_you_mean(name, rooms)}Add a [[location]] with this id, or correct the word."
        notebook.mistake(entry.file.name, entry.where(key), f"there is no location {name}", cure)


def _check_ids(
    noun: str, entries: Sequence[Entry[LocationShape] | Entry[CalendarShape]], notebook: Notebook
) -> None:
    seen = set()
    for entry in entries:
        name = entry.shape.id
        if entry.sound("id") and name in seen:
            fault = f"the {noun} {name} is given twice"
            notebook.mistake(entry.file.name, entry.where("id"), fault, f"Give each {noun} its own id.")
        seen.add(name)


def _check_languages(clinic: Entry[ClinicShape], notebook: Notebook) -> None:
    for language in clinic.shape.languages:
        if not exists(language.replace("-", "_")):
            cure = 'Write its ISO 639 code, like: languages = ["en"].'
            where = clinic.where("languages")
            notebook.mistake(clinic.file.name, where, f"there is no language {language}", cure)


def _check_sources(clinic: Entry[ClinicShape], notebook: Notebook) -> None:
    for source in clinic.shape.sources:
        if source.endswith("-file"):
            fault = f"the source {source} may not end in -file, which names files of secrets"
            notebook.mistake(clinic.file.name, clinic.where("sources"), fault, "Choose another name.")
        if source == "google":
            fault = "the source google is where Google's own notices arrive"
            notebook.mistake(clinic.file.name, clinic.where("sources"), fault, "Choose another name.")
