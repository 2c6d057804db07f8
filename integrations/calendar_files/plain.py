"""Descriptions made plain: calendar programs keep HTML in them, old Outlook versions RTF."""

import html
import re

_TAG = re.compile(
    r"</?(?:a|b|i|u|p|br|hr|em|ol|ul|li|div|pre|span|font|strong|html|head|body|meta|style|title|table|tbody|tr"
    r"|td|th|h[1-6]|html-blob|blockquote|img|o:p)(?:\s[^<>]{0,4000})?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"(?:<br\s*/?>|</?(?:p|div|ul|ol|li|tr|h[1-6]|hr|blockquote)(?:\s[^<>]{0,4000})?/?>)[ \t]*\n?",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<(/?)(?:style|title|head)\b[^<>]{0,4000}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_BLANK = re.compile(r"\n{3,}")

_RTF = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?\??|\\([a-zA-Z]+)-?\d{0,9} ?|\\([\\{}~])|\\.|([{}])|([^\\{}]+)"
)
_RTF_SILENT = frozenset(("fonttbl", "colortbl", "stylesheet", "info", "pict", "generator", "listtable"))
_RTF_BREAKS = frozenset(("par", "line"))


def plain(value: str) -> str:
    """Text as a person sees it: tags, entities and RTF commands gone, their line breaks kept.

    Text that holds neither is given back as it is.
    """
    if value.startswith("{\\rtf"):
        value = _from_rtf(value)
    if "<" in value and _TAG.search(value):
        value = _TAG.sub("", _BREAK.sub("\n", _shown(value)))
        value = "\n".join(line.strip() for line in value.split("\n"))
    elif "&" not in value:
        return value.strip()
    if _ENTITY.search(value):
        value = html.unescape(value).replace("\N{NO-BREAK SPACE}", " ")
    return _BLANK.sub("\n\n", value).strip()


def _shown(value: str) -> str:
    """Without style sheets and page titles, whose text is no text of the event."""
    kept: list[str] = []
    since, depth = 0, 0
    for match in _HIDDEN.finditer(value):
        if depth == 0:
            kept.append(value[since : match.start()])
        depth = max(0, depth - 1) if match[1] else depth + 1
        since = match.end()
    # One that is never closed hides nothing: better too much text than too little.
    return "".join(kept) + value[since:]


def _from_rtf(value: str) -> str:
    shown: list[str] = []
    depth = 0
    silent_from: int | None = None
    for match in _RTF.finditer(value):
        byte, point, word, escaped, brace, words = match.groups()
        if brace == "{":
            depth += 1
        elif brace == "}":
            depth -= 1
            if silent_from is not None and depth < silent_from:
                silent_from = None
        elif word in _RTF_SILENT or match[0] == "\\*":
            silent_from = depth if silent_from is None else silent_from
        elif silent_from is None:
            shown.append(_rtf_text(byte, point, word, escaped, words))
    return "".join(shown)


def _rtf_text(
    byte: str | None, point: str | None, word: str | None, escaped: str | None, words: str | None
) -> str:
    if byte:
        return bytes([int(byte, 16)]).decode("cp1252", "replace")
    if point:
        return chr(int(point) % 65536) if not 0xD800 <= int(point) % 65536 <= 0xDFFF else ""
    if word in _RTF_BREAKS:
        return "\n"
    if word == "tab" or escaped == "~":
        return " "
    # Line breaks in the source mean nothing in RTF.
    return escaped or (words or "").replace("\n", "")
