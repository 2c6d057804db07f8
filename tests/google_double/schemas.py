"""Values held against the discovery document's schemas, in both directions."""

import re
from typing import Any

from tests.google_double.discovery import document
from tests.google_double.refusals import Json, Refused, invalid
from tests.google_double.times import moment

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_body(schema: str, body: Any, nulls: bool) -> Json:
    """A request's body. Raises Refused(400) naming what the schema does not know or allow."""
    if not isinstance(body, dict):
        raise invalid("The body is not a JSON object")
    for fault in faults({"$ref": schema}, body, schema, nulls):
        raise Refused(400, "invalid", fault)
    return body


def faults(schema: Json, value: Any, where: str, nulls: bool = False) -> list[str]:
    """What is wrong with value, in words; nothing when it fits."""
    schema = document()["schemas"][schema["$ref"]] if "$ref" in schema else schema
    if value is None:
        return [] if nulls else [f"{where}: null"]
    kind = schema["type"]
    if kind == "object":
        return _object(schema, value, where, nulls)
    if kind == "array":
        if not isinstance(value, list):
            return [f"{where}: not a list"]
        return [
            fault
            for at, each in enumerate(value)
            for fault in faults(schema["items"], each, f"{where}[{at}]", False)
        ]
    return _plain(schema, value, where)


def _object(schema: Json, value: Any, where: str, nulls: bool) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: not an object"]
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = []
    for name, each in value.items():
        told = known.get(name, others)
        if told is None:
            found.append(f"{where}.{name}: unknown name")
        else:
            found += faults(told, each, f"{where}.{name}", nulls)
    return found


def _plain(schema: Json, value: Any, where: str) -> list[str]:
    kind, form = schema["type"], schema.get("format")
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{where}: not a boolean"]
    if kind == "integer":
        fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31
        return [] if fits else [f"{where}: not a 32 bit integer"]
    if kind == "any":
        return []
    if not isinstance(value, str):
        return [f"{where}: not a string"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: not one of {schema['enum']}"]
    if form == "int64" and not re.fullmatch(r"-?\d{1,19}", value):
        return [f"{where}: not a 64 bit integer in a string"]
    if form == "date" and not _DATE.fullmatch(value):
        return [f"{where}: not a date"]
    if form == "date-time":
        try:
            moment(value, where, zone_needed=False)
        except Refused as refused:
            return [refused.message]
    return []
