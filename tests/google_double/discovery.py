"""What the bundled discovery document says: every path, method and parameter of the API."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import googleapiclient.discovery_cache as bundled

from tests.google_double.refusals import Json, invalid
from tests.google_double.times import moment

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API, as the document describes it."""

    id: str
    http: str
    path: str
    parameters: dict[str, Json]
    request: str | None
    response: str | None
    scopes: frozenset[str]


@lru_cache(maxsize=1)
def document() -> Json:
    """The discovery document that the client itself ships."""
    where = Path(bundled.__file__).parent / "documents" / "calendar.v3.json"
    read: Json = json.loads(where.read_text())
    return read


@lru_cache(maxsize=1)
def methods() -> tuple[Method, ...]:
    """All of them."""
    return tuple(
        Method(
            id=each["id"].removeprefix("calendar."),
            http=each["httpMethod"],
            path=each["path"],
            parameters=each.get("parameters", {}),
            request=each.get("request", {}).get("$ref"),
            response=each.get("response", {}).get("$ref"),
            scopes=frozenset(each["scopes"]),
        )
        for resource in document()["resources"].values()
        for each in resource["methods"].values()
    )


def parameters(method: Method, query: list[tuple[str, str]]) -> Given:
    """The query as values, defaults filled in. Raises Refused(400) for what the document does not allow."""
    known = method.parameters | document()["parameters"]
    found: Given = {}
    for name, raw in query:
        told = known.get(name)
        if told is None or told["location"] != "query":
            raise invalid(f"Unknown parameter: {name}", name)
        value = _value(name, raw, told)
        if told.get("repeated"):
            found.setdefault(name, []).append(value)
        elif name in found:
            raise invalid(f"Given twice: {name}", name)
        else:
            found[name] = value
    for name, told in method.parameters.items():
        if told["location"] == "query" and name not in found:
            if told.get("required"):
                raise invalid(f"Missing parameter: {name}", name)
            if "default" in told:
                found[name] = _value(name, told["default"], told)
    return found


def _value(name: str, raw: str, told: Json) -> Any:
    if told["type"] == "boolean":
        if raw not in ("true", "false"):
            raise invalid(f"{name}: not a boolean: {raw}", name)
        return raw == "true"
    if told["type"] == "integer":
        if not re.fullmatch(r"-?[0-9]{1,10}", raw):
            raise invalid(f"{name}: not an integer: {raw}", name)
        number = int(raw)
        if not int(told.get("minimum", -(2**31))) <= number <= int(told.get("maximum", 2**31 - 1)):
            raise invalid(f"{name}: out of range: {raw}", name)
        return number
    if "enum" in told and raw not in told["enum"]:
        raise invalid(f"{name}: not one of {told['enum']}: {raw}", name)
    if told.get("format") == "date-time":
        moment(raw, name)
    return raw
