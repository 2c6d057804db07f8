"""One content line: name, parameters, value; and the value types the events need (RFC 5545 3.1 to 3.3)."""

import quopri
import re
from urllib.parse import unquote

from integrations.calendar_files.encodings import text
from scheduler_app.domain.events import Person

# Possessive: an unbalanced quotation mark must not be tried in every way there is.
_PARTS = re.compile(rb'[^:;]*+((?:[^":]|"[^"]*+")*+):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';[ \t]*([A-Za-z0-9-]+)[ \t]*=[ \t]*("[^"]*"|[^;]*)')
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_CARETS = re.compile(r"\^(['n^])")
_BREAKS = re.compile("\r\n?")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_COMMA = re.compile(r"((?:[^\\,]|\\.?)*+)(?:,|\Z)", re.DOTALL)
_MAIL = re.compile(r"mailto:\s*([^\s;,\"<>]+@[^\s;,\"<>]+)", re.IGNORECASE)
_BARE_MAIL = re.compile(r"[^\s;,\"<>:/@]+@[^\s;,\"<>:/@]+\.[^\s;,\"<>:/@]+")


def split(line: bytes) -> tuple[bytes, bytes]:
    """The parameters, with their leading semicolon, and the raw value of a content line."""
    head, _, value = line.partition(b":")
    if b";" not in head:
        return b"", value
    match = _PARTS.fullmatch(line)
    if match is not None:
        return match[1], match[2]
    # A quotation mark that is never closed: the first colon is the best guess left.
    return head[head.index(b";") :], value


def parameters(raw: bytes) -> dict[str, str]:
    """Names in capitals, values without their quotation marks, RFC 6868 carets and stray backslashes."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(text(raw)):
        value = match[2].strip().strip('"')
        if "^" in value:
            value = _CARETS.sub(lambda m: {"n": "\n", "'": '"', "^": "^"}[m[1]], value)
        found.setdefault(match[1].upper(), unescape(value))
    return found


def unescape(value: str) -> str:
    """RFC 5545 TEXT as people wrote it: `\\n` is a line break, `\\,` a comma; others stay as they are."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def clean(value: str) -> str:
    """Without control characters; line breaks of every kind become \\n."""
    if value.isprintable():
        return value
    return _CONTROLS.sub("", _BREAKS.sub("\n", value))


def text_value(line: bytes) -> str:
    """A TEXT property, unescaped, decoded (quoted-printable too) and cleaned."""
    raw_parameters, value = split(line)
    if raw_parameters and b"QUOTED-PRINTABLE" in raw_parameters.upper():
        given = parameters(raw_parameters)
        value = quopri.decodestring(value)
        try:
            return clean(unescape(value.decode(given.get("CHARSET", "utf-8"))))
        except (LookupError, UnicodeDecodeError):
            return clean(unescape(text(value)))
    return clean(unescape(text(value)))


def one_line(line: bytes) -> str:
    """A TEXT property on one line, trimmed: for titles and places."""
    value = text_value(line).strip()
    return value if value.isprintable() else " ".join(value.split())


def text_list(line: bytes) -> list[str]:
    """A comma-separated TEXT property, such as CATEGORIES: trimmed, without empty ones."""
    value = text(split(line)[1])
    parts = [match[1] for match in _COMMA.finditer(value)]
    return [part for part in (clean(unescape(part)).strip() for part in parts) if part]


def integer(line: bytes) -> int:
    """An INTEGER property; one that is none counts as 0."""
    try:
        return int(split(line)[1])
    except ValueError:
        return 0


def person(line: bytes, account: str) -> Person | None:
    """ATTENDEE or ORGANIZER: name from CN, e-mail from mailto: or the EMAIL parameter.

    None for rooms and equipment, and where there is neither name nor e-mail. account is the calendar's
    own address where it is known, and makes the person `itself`.
    """
    raw_parameters, raw_value = split(line)
    given = parameters(raw_parameters)
    if given.get("CUTYPE", "").upper() in ("ROOM", "RESOURCE"):
        return None
    value = text(raw_value).strip()
    # Searched in the whole line: some programs forget to quote a colon in CN.
    match = _MAIL.search(value)
    email = unquote(match[1]) if match else ""
    if not email:
        bare = _BARE_MAIL.fullmatch(value) or _BARE_MAIL.fullmatch(given.get("EMAIL", "").strip())
        email = bare[0] if bare else ""
    name = " ".join(clean(given.get("CN", "")).strip(" '\"").split())
    if name.casefold().removeprefix("mailto:") == email.casefold():
        name = ""
    if not email and not name:
        return None
    return Person(email=email, name=name, itself=bool(account) and email.casefold() == account.casefold())
