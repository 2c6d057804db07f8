"""On which line of a TOML file something stands: tomllib forgets, so the text is looked through again."""

import re
from collections.abc import Mapping

Place = tuple[str | int, ...]  # ("rule", 2, "minimum"): that key of the third [[rule]]

# Strings and comments, so that what they hold is not taken for keys and brackets.
_QUOTED = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*'
)
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*([^\s=][^=]*?)\s*=")
_PART = re.compile(r'"[^"]*"|\'[^\']*\'|[^\s."\']+')


def find_lines(text: str) -> Mapping[Place, int]:
    """Line numbers (from 1) of every table and key of a text that tomllib could read.

    Keys inside inline tables are not listed: what they belong to is.
    """
    lines: dict[Place, int] = {}
    arrays: dict[Place, int] = {}
    table: Place = ()
    depth = 0
    for number, line in enumerate(_QUOTED.sub(_hide, text).split("\n"), 1):
        if depth == 0:
            if header := _HEADER.match(line):
                table = _resolve(header[2], header[1] == "[[", arrays)
                lines.setdefault(table, number)
                continue
            if key := _KEY.match(line):
                lines.setdefault((*table, *_parts(key[1])), number)
        depth += sum(map(line.count, "[{")) - sum(map(line.count, "]}"))
    return lines


def line_of(place: Place, lines: Mapping[Place, int]) -> int | None:
    """The line of a place, or of the nearest thing around it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place)


def _hide(quoted: re.Match[str]) -> str:
    text = quoted[0]
    return "\n" * text.count("\n") or re.sub(r"[\[\]{}=]", "_", text)


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(key)]


def _resolve(header: str, many: bool, arrays: dict[Place, int]) -> Place:
    """The place a header opens: [[rule]] is the next rule, [rule.x] belongs to the last one."""
    table: Place = ()
    parts = _parts(header)
    for position, part in enumerate(parts):
        table = (*table, part)
        if many and position == len(parts) - 1:
            arrays[table] = arrays.get(table, -1) + 1
        if table in arrays:
            table = (*table, arrays[table])
    return table
