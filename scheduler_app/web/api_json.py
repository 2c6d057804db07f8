"""JSON in and out of the API."""

import json
import re
from typing import Any, NoReturn

import msgspec
from flask import Response
from werkzeug.wrappers import Request

from scheduler_app.errors import Invalid
from scheduler_app.web.bodies import require_json, whole_body
from scheduler_app.web.problems import UNREADABLE

_AT = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)
_encode = msgspec.json.Encoder().encode


def read_json(request: Request, decoder: "msgspec.json.Decoder[Any]") -> Any:
    """The body as the decoder's type.

    Raises UnsupportedMediaType (415), RequestEntityTooLarge (413), Invalid for no JSON or with the path
    of the field at fault.
    """
    require_json(request)
    raw = whole_body(request)
    keys_once(raw)
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as fault:
        found = _AT.fullmatch(str(fault))
        message, path = (found[1], found[2]) if found else (str(fault), "")
        raise Invalid("field-invalid", f"{path or 'the object'}: {message}", path or None) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid(UNREADABLE, "the body is no JSON object in UTF-8") from None


def keys_once(raw: bytes) -> None:
    """Raise Invalid for an object with the same key twice, and for what is no JSON at all.

    Of two `facts` the decoder would take the later one without a word, and the earlier would be hidden.
    """
    try:
        _strictly(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Invalid(UNREADABLE, "the body is no JSON object in UTF-8") from None


def _once_each(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise Invalid(UNREADABLE, "an object in the body has the same key twice")


def _no_number(_word: str) -> NoReturn:
    raise Invalid(UNREADABLE, "NaN and Infinity are no JSON")


_strictly = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_number).decode


def told(answer: object, status: int = 200) -> Response:
    """An answer as JSON, kept by nobody on the way."""
    said = Response(_encode(answer), status, content_type="application/json")
    said.headers["Cache-Control"] = "no-store"
    return said
