"""clinic.toml: the booking platforms the clinic uses, and how far each may act by itself."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from scheduler_app.domain.platforms import ClinicPlatform, PlatformTerms
from scheduler_app.rulebook import patterns
from scheduler_app.rulebook.entries import Entry, claimed, did_you_mean, read_entries
from scheduler_app.rulebook.files import Notebook, TomlFile
from scheduler_app.rulebook.shapes import Code, Line, Shape, Some
from scheduler_app.rulebook.treatments import Codes

Capability = Literal["prevent", "hold", "cancel"]


class PlatformShape(Shape):
    """[[platform]]."""

    name: Annotated[str, StringConstraints(pattern=patterns.SOURCE)] = Field(examples=["online"])
    kind: Code = Field(examples=["square"])
    location: Code | None = Field(default=None, examples=["main"])
    account: Line | None = Field(default=None, examples=["my-clinic"])
    user: Line | None = Field(default=None, examples=["desk@clinic.example"])
    endpoint: Annotated[str, StringConstraints(pattern=patterns.API_ADDRESS)] | None = Field(
        default=None, examples=["https://api.cal.example/v2"]
    )
    address: Annotated[str, StringConstraints(pattern=patterns.HTTPS)] | None = Field(
        default=None, examples=["https://care.clinic.example/hooks/online"]
    )
    prevent: bool = Field(default=True, examples=[True])
    hold: bool = Field(default=True, examples=[True])
    cancel: bool = Field(default=False, examples=[False])
    cancel_hours: int = Field(default=24, ge=0, le=720, examples=[24])
    confirm_reviews: bool = Field(default=False, examples=[False])
    poll: int = Field(default=15, ge=1, le=1440, examples=[15])
    when_down: Literal["refuse", "accept"] = Field(default="refuse", examples=["refuse"])
    rules: dict[Code, tuple[Capability, ...]] = Field(
        default={}, examples=['microneedling-after-microneedling = ["prevent"]']
    )
    services: dict[str, Annotated[tuple[Code, ...], Some]] = Field(
        default={}, examples=['"1234" = ["microneedling"]']
    )
    fields: dict[str, Literal["name", "email", "phone", "code"]] = Field(
        default={}, examples=['"Your telephone" = "phone"']
    )


def read_platforms(
    file: TomlFile, codes: Codes, rules: Collection[str], kinds: Collection[str] | None, notebook: Notebook
) -> Mapping[str, ClinicPlatform]:
    """Every [[platform]] by name. rules: the ids there are; kinds: the adapters there are, None unknown."""
    entries = read_entries(file, "platform", PlatformShape, notebook)
    rooms = claimed(file, "location", "id")
    default = file.table.get("default_location")
    _check_names(file, entries, notebook)
    for entry in entries:
        _check_kind(entry, kinds, notebook)
        _check_place(entry, rooms, notebook)
        _check_services(entry, codes, notebook)
        _check_rules(entry, rules, notebook)
    return {
        entry.shape.name: _platform(entry.shape, default if isinstance(default, str) else "")
        for entry in entries
        if not entry.broken
    }


def _platform(shape: PlatformShape, default_location: str) -> ClinicPlatform:
    terms = PlatformTerms(
        prevent=shape.prevent,
        hold=shape.hold,
        cancel=shape.cancel,
        rules={rule: tuple(capabilities) for rule, capabilities in shape.rules.items()},
        cancel_hours=shape.cancel_hours,
        confirm_reviews=shape.confirm_reviews,
        poll=shape.poll,
        when_down=shape.when_down,
    )
    return ClinicPlatform(
        name=shape.name,
        kind=shape.kind,
        location=shape.location or default_location,
        account=shape.account or "",
        user=shape.user or "",
        endpoint=(shape.endpoint or "").rstrip("/"),
        address=shape.address or "",
        services=shape.services,
        fields=dict(shape.fields),
        terms=terms,
    )


def _check_names(file: TomlFile, entries: Sequence[Entry[PlatformShape]], notebook: Notebook) -> None:
    sources = file.table.get("sources")
    taken = {one for one in sources if isinstance(one, str)} if isinstance(sources, tuple) else set()
    for entry in entries:
        if not entry.sound("name"):
            continue
        name = entry.shape.name
        where = entry.where("name")
        if name in taken:
            fault = f"the name {name} is given twice among platforms and sources"
            notebook.mistake(file.name, where, fault, "Webhooks are told apart by it: choose another name.")
        if name.endswith("-file") or name == "google":
            fault = f"the name {name} is used for something else"
            notebook.mistake(file.name, where, fault, "Choose another name.")
        taken.add(name)


def _check_kind(entry: Entry[PlatformShape], kinds: Collection[str] | None, notebook: Notebook) -> None:
    if kinds is not None and entry.sound("kind") and entry.shape.kind not in kinds:
        fault = f"no booking platform goes by the kind {entry.shape.kind}"
        cure = f"{did_you_mean(entry.shape.kind, kinds)}There are: {', '.join(sorted(kinds))}."
        notebook.mistake(entry.file.name, entry.where("kind"), fault, cure)


def _check_place(entry: Entry[PlatformShape], rooms: Collection[str], notebook: Notebook) -> None:
    name = entry.shape.location
    if entry.sound("location") and name is not None and rooms and name not in rooms:
        cure = f"{did_you_mean(name, rooms)}Add a [[location]] with this id, or correct the word."
        notebook.mistake(entry.file.name, entry.where("location"), f"there is no location {name}", cure)


def _check_services(entry: Entry[PlatformShape], codes: Codes, notebook: Notebook) -> None:
    for service, treatments in entry.shape.services.items():
        for code in treatments:
            if codes.unknown(code):
                fault = f"the service {service} of {entry.label} names the unknown treatment {code}"
                notebook.mistake(entry.file.name, entry.where("services", service), fault, codes.cure(code))
            elif codes.medication(code):
                fault = f"the service {service} of {entry.label} takes the medication {code} for a booking"
                cure = "Name procedures only."
                notebook.mistake(entry.file.name, entry.where("services", service), fault, cure)


def _check_rules(entry: Entry[PlatformShape], rules: Collection[str], notebook: Notebook) -> None:
    for rule in entry.shape.rules:
        if rules and rule not in rules:
            fault = f"there is no rule {rule}"
            cure = f"{did_you_mean(rule, rules)}Write the id of a rule of rules.toml or conditions.toml."
            notebook.mistake(entry.file.name, entry.where("rules", rule), fault, cure)
