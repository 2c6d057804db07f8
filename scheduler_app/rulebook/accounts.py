"""clinic.toml: with what we sign in where calendars are kept, and what we may do on each calendar."""

from collections.abc import Collection, Mapping

from scheduler_app.domain.clinic import CalendarAccount, MarkTerms
from scheduler_app.rulebook.clinic_shapes import AccountShape, CalendarShape, MarksShape
from scheduler_app.rulebook.entries import Entry, claimed, did_you_mean, read_entries
from scheduler_app.rulebook.files import Notebook, TomlFile

GOOGLE = "google"
MARKED = {"hold": "11", "review": "5", "clash": "11"}  # where clinic.toml names no colours: red and yellow
GOOGLE_COLOURS = tuple(str(number) for number in range(1, 12))  # colors.get: the event colours of the API
COLOUR_NAMES = tuple(
    "Lavender Sage Grape Flamingo Banana Tangerine Peacock Graphite Blueberry Basil Tomato".split()
)


def read_accounts(file: TomlFile, notebook: Notebook) -> Mapping[str, CalendarAccount]:
    """Every [[account]] by id."""
    accounts: dict[str, CalendarAccount] = {}
    for entry in read_entries(file, "account", AccountShape, notebook):
        shape = entry.shape
        if entry.sound("id") and shape.id in accounts:
            fault = f"the account {shape.id} is given twice"
            notebook.mistake(file.name, entry.where("id"), fault, "Give each account its own id.")
        _check_subject(entry, notebook)
        if not entry.broken:
            accounts[shape.id] = CalendarAccount(shape.id, shape.program, shape.sign_in, shape.subject or "")
    return accounts


def _check_subject(entry: Entry[AccountShape], notebook: Notebook) -> None:
    shape = entry.shape
    if not entry.sound("sign_in", "subject"):
        return
    if shape.sign_in == "delegated" and shape.subject is None:
        fault = f"the account {entry.label} is delegated and does not say whom it acts for"
        cure = 'Write the person\'s address, like: subject = "desk@clinic.example".'
        notebook.mistake(entry.file.name, entry.where("sign_in"), fault, cure)
    if shape.sign_in != "delegated" and shape.subject is not None:
        fault = f"the account {entry.label} has a subject and is not delegated"
        cure = 'Remove the subject, or write: sign_in = "delegated".'
        notebook.mistake(entry.file.name, entry.where("subject"), fault, cure)


def check_program(entry: Entry[CalendarShape], notebook: Notebook) -> None:
    """A calendar kept elsewhere names its account; one kept here names none."""
    shape, file = entry.shape, entry.file
    if not entry.sound("kind", "account"):
        return
    known = claimed(file, "account", "id")
    if shape.kind == "embedded":
        _check_nothing_elsewhere(entry, notebook)
        return
    if shape.account is None:
        fault = f"the calendar {entry.label} is kept at Google and names no account"
        cure = f'{did_you_mean("", known)}Add: account = "…", the id of an [[account]].'
        notebook.mistake(file.name, entry.where("kind"), fault, cure)
    elif shape.account not in known:
        fault = f"there is no account {shape.account}"
        cure = f"{did_you_mean(shape.account, known)}Add an [[account]] with this id, or correct the word."
        notebook.mistake(file.name, entry.where("account"), fault, cure)
    for kind, colour in shape.marks.colours.items():
        if entry.sound("marks") and colour not in GOOGLE_COLOURS and not _label(colour):
            fault = f"Google has no event colour {colour!r} for a {kind}"
            cure = "Write a number from 1 to 11 as text, or the id of an event label (a UUID)."
            notebook.mistake(file.name, entry.where("marks", "colours", kind), fault, cure)
    _check_meanings(entry, notebook)


def _check_meanings(entry: Entry[CalendarShape], notebook: Notebook) -> None:
    """A colour or label that no event will ever have would stand for nothing, and nobody would notice."""
    for colour in entry.shape.colours if entry.sound("colours") else ():
        if colour not in COLOUR_NAMES:
            fault = f"Google Calendar calls no event colour {colour!r}"
            cure = f"Write its name there: {', '.join(COLOUR_NAMES)}."
            notebook.mistake(entry.file.name, entry.where("colours", colour), fault, cure)
    for label in entry.shape.labels if entry.sound("labels") else ():
        if not _label(label):
            fault = f"{label!r} is no event label's id"
            cure = "Write the label's id (a UUID): its name is not shown to us."
            notebook.mistake(entry.file.name, entry.where("labels", label), fault, cure)


def _check_nothing_elsewhere(entry: Entry[CalendarShape], notebook: Notebook) -> None:
    for key in ("account", "address"):
        if entry.sound(key) and getattr(entry.shape, key) is not None:
            fault = f"the calendar {entry.label} is kept here and has an {key}"
            cure = f'Remove {key}, or write: kind = "google".'
            notebook.mistake(entry.file.name, entry.where(key), fault, cure)


def _label(colour: str) -> bool:
    return len(colour) == 36 and colour.count("-") == 4


def check_addresses(entries: Collection[Entry[CalendarShape]], notebook: Notebook) -> None:
    """No calendar is read twice: its visits would forbid each other."""
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.shape.kind == "embedded" or not entry.sound("id", "address"):
            continue
        address = (entry.shape.address or entry.shape.id).lower()
        if address in seen:
            fault = f"the calendars {seen[address]} and {entry.label} are one and the same"
            notebook.mistake(entry.file.name, entry.where("id"), fault, "Remove one of them.")
        seen[address] = entry.label


def mark_terms(shape: MarksShape, *, at_google: bool) -> MarkTerms:
    """How far we may go on the calendar's events."""
    colours = MARKED if at_google and "colours" not in shape.model_fields_set else shape.colours
    return MarkTerms(
        mode=shape.mode,
        release_after=shape.release_after if shape.release else None,
        escalate=shape.escalate,
        reviews_on_grid=shape.reviews_on_grid,
        colours={str(kind): colour for kind, colour in colours.items()},
        explain=shape.explain,
        notify=shape.notify,
        only=shape.only,
    )
