"""Bodies and signatures no careful reader would take, each made of a sound one."""

import json
from collections.abc import Callable


def _changed(value: str) -> str:
    return value[:-3] + ("B" if value[-3] != "B" else "C") + value[-2:]


FORGERIES: dict[str, Callable[[str], str]] = {
    "none": lambda _: "",
    "one character changed": _changed,
    "cut short": lambda value: value[:-1],
    "no hexadecimal and no base64": lambda _: "?*!",
    "beyond ascii": lambda value: value + "\xe9",
    "endless": lambda value: value * 200,
    "a list of nothing": lambda _: ",,v1,,=,t=",
    "what Cal.com sends without a secret": lambda _: "no-secret-provided",
}


def _within(sound: bytes, more: bytes) -> bytes:
    """The sender's own JSON with one member more in front."""
    return sound.replace(b"{", b'{"more": ' + more + b", ", 1)


BROKEN_JSON: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "blank": lambda _: b" \n",
    "cut off": lambda sound: sound[:-1],
    "two documents": lambda sound: sound + sound,
    "a list": lambda sound: b"[" + sound + b"]",
    "null": lambda _: b"null",
    "a number": lambda _: b"1",
    "a text": lambda sound: json.dumps(sound.decode()).encode(),
    "an object with nothing in it": lambda _: b"{}",
    "a form": lambda _: b"type=appointment.created&id=1",
    "not utf-8": lambda sound: _within(sound, b'"\xff\xfe"'),
    "an overlong slash": lambda sound: _within(sound, b'"\xc0\xaf"'),
    "half a surrogate pair as bytes": lambda sound: _within(sound, b'"\xed\xa0\x80"'),
    "utf-16": lambda sound: sound.decode().encode("utf-16"),
    "with a byte order mark": lambda sound: b"\xef\xbb\xbf" + sound,
    "a control character": lambda sound: _within(sound, b'"\x00"'),
    "nested 100,000 deep": lambda sound: _within(sound, b"[" * 100_000 + b"]" * 100_000),
    "nested 20,000 objects deep": lambda sound: _within(sound, b'{"a":' * 20_000 + b"1" + b"}" * 20_000),
    "a key twice": lambda sound: _within(sound, b'1, "more": 2'),
    "a key twice, spelt in two ways": lambda sound: _within(sound, b'1, "\\u006dore": 2'),
    "a key twice, deep within": lambda sound: _within(sound, b'[{"a": {"b": 1, "b": 2}}]'),
    "a number of 5,000 digits": lambda sound: _within(sound, b"9" * 5_000),
    "a number past 64 bits": lambda sound: _within(sound, b"9223372036854775808000"),
    "an endless number": lambda sound: _within(sound, b"1e999"),
    "a fraction of 5,000 digits": lambda sound: _within(sound, b"0." + b"9" * 5_000),
    "no number": lambda sound: _within(sound, b"NaN"),
    "a comma too many": lambda sound: sound[:-1] + b",}",
}

# At /check these are objects with fields no question has, or without those it needs: told by name.
NAMED_AT_CHECK = {
    "a list",
    "null",
    "a number",
    "a text",
    "an object with nothing in it",
    "a number past 64 bits",
    "an endless number",
    "a fraction of 5,000 digits",
}

BROKEN_FORM: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no pairs": lambda _: b"appointment",
    "json": lambda _: b'{"action": "appointment.scheduled", "id": 1}',
    "not utf-8": lambda sound: sound + b"&more=\xff",
    "escaped, not utf-8": lambda sound: sound + b"&more=%ff",
    "a field twice": lambda sound: sound + b"&more=1&more=2",
    "a field twice, spelt in two ways": lambda sound: sound + b"&more=1&%6dore=2",
    "60,000 fields": lambda sound: sound + b"&a=1" * 60_000,
    "an id of 5,000 digits": lambda sound: sound.replace(b"&id=", b"&id=" + b"9" * 5_000),
    "an id that is none": lambda sound: sound.replace(b"&id=", b"&id=../../"),
    "a control character": lambda sound: sound.replace(b"&id=", b"&id=%00"),
}
