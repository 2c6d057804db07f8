"""RFC 5545 held against bytes, as strict readers do: from the RFC, sharing no code with the writer."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

_NAME = re.compile(r"[A-Z0-9-]+")
_PARAMETER = re.compile(r';([A-Z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TEXT = re.compile(r"(?:\\[\\;,nN]|[^\\;,])*")
_DURATION = re.compile(r"[+-]?P(?:\d+W|(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)(?<!P)")
_TEXTS = {
    "UID",
    "SUMMARY",
    "DESCRIPTION",
    "RELATED-TO",
    "NAME",
    "X-WR-CALNAME",
    "PRODID",
    "LOCATION",
    "COLOR",
}
_ONE_OF = {
    "STATUS": {"TENTATIVE", "CONFIRMED", "CANCELLED"},
    "TRANSP": {"OPAQUE", "TRANSPARENT"},
    "CLASS": {"PUBLIC", "PRIVATE", "CONFIDENTIAL"},
    "X-MICROSOFT-CDO-BUSYSTATUS": {"FREE", "TENTATIVE", "BUSY", "OOF"},
}
_ONCE = {
    "VCALENDAR": {"VERSION", "PRODID"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART"},
    "VALARM": {"ACTION", "TRIGGER"},
}
_AT_MOST_ONCE = {
    "VCALENDAR": {"CALSCALE", "METHOD", "NAME", "REFRESH-INTERVAL", "COLOR"},
    "VEVENT": {
        "CLASS", "CREATED", "DESCRIPTION", "DTEND", "DURATION", "GEO", "LAST-MODIFIED", "LOCATION",
        "ORGANIZER", "PRIORITY", "RECURRENCE-ID", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "URL",
    },
    "VALARM": {"DESCRIPTION", "DURATION", "REPEAT", "SUMMARY"},
}  # fmt: skip


@dataclass(slots=True)
class Property:
    """One content line, unfolded and taken apart; value as written."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as TEXT says it (3.3.11)."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value)

    @property
    def moment(self) -> datetime | date:
        """DATE-TIME in UTC or DATE. Raises ValueError for every other form."""
        if self.parameters.get("VALUE") == "DATE":
            return datetime.strptime(self.value, "%Y%m%d").replace(tzinfo=UTC).date()
        return datetime.strptime(self.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    inside: list["Component"] = field(default_factory=list)

    def one(self, name: str) -> Property:
        """The property of this name; there must be exactly one."""
        (found,) = [each for each in self.properties if each.name == name]
        return found

    def walk(self, name: str) -> list["Component"]:
        """Every component of this name in here."""
        here = [self] if self.name == name else []
        return here + [found for each in self.inside for found in each.walk(name)]


def parse(body: bytes) -> tuple[Component, list[str]]:
    """The calendar, and every fault found in it: each one line that says what is wrong and where."""
    faults: list[str] = []
    root = Component("")
    open_: list[Component] = [root]
    for line in _unfolded(body, faults):
        taken = _apart(line, faults)
        if taken is None:
            continue
        if taken.name == "BEGIN":
            open_[-1].inside.append(Component(taken.value))
            open_.append(open_[-1].inside[-1])
        elif taken.name == "END":
            if len(open_) == 1 or open_.pop().name != taken.value:
                faults.append(f"END:{taken.value} closes nothing")
                return root, faults
        else:
            open_[-1].properties.append(taken)
    if len(open_) != 1 or len(root.inside) != 1 or root.properties or root.inside[0].name != "VCALENDAR":
        faults.append("not exactly one VCALENDAR")
        return root, faults
    calendar = root.inside[0]
    _check(calendar, faults)
    if not calendar.inside:
        faults.append("a VCALENDAR holds at least one component (3.6)")
    uids = Counter(
        each.value for event in calendar.walk("VEVENT") for each in event.properties if each.name == "UID"
    )
    faults += [f"UID {uid} stands there {count} times" for uid, count in uids.items() if count > 1]
    return calendar, faults


def checked(body: bytes) -> Component:
    """The calendar, in which no fault was found. Raises AssertionError with all of them."""
    calendar, faults = parse(body)
    assert not faults, "\n".join(faults)
    return calendar


def feed_checked(body: bytes) -> Component:
    """As `checked`, and what a subscribed calendar must keep to beyond the RFC."""
    calendar = checked(body)
    names = {each.name for each in calendar.properties}
    assert names & {"METHOD", "UID"} == set(), "METHOD and UID do not belong in a feed"
    assert calendar.walk("VTIMEZONE") == [], "times in UTC need no VTIMEZONE"
    assert calendar.one("NAME").value == calendar.one("X-WR-CALNAME").value
    assert calendar.one("REFRESH-INTERVAL").parameters == {"VALUE": "DURATION"}
    for event in calendar.walk("VEVENT"):
        for name in ("LAST-MODIFIED", "SEQUENCE", "STATUS", "TRANSP"):
            event.one(name)
        assert len(event.walk("VALARM")) <= 1
        for alarm in event.walk("VALARM"):
            assert alarm.one("TRIGGER").value.startswith("-P"), "Outlook reads every trigger as before"
    assert len(body) < 1_000_000
    return calendar


def _unfolded(body: bytes, faults: list[str]) -> list[str]:
    if body.startswith(b"\xef\xbb\xbf"):
        faults.append("a byte order mark")
    if not body.endswith(b"\r\n"):
        faults.append("the last line has no CRLF")
    lines: list[str] = []
    for number, raw in enumerate(body.removesuffix(b"\r\n").split(b"\r\n"), 1):
        if len(raw) > 75:
            faults.append(f"line {number}: {len(raw)} octets (3.1: at most 75)")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            faults.append(f"line {number}: a fold inside a UTF-8 sequence, or no UTF-8")
            text = raw.decode("utf-8", "replace")
        if _CONTROL.search(text):
            faults.append(f"line {number}: a control character (3.1: CONTROL)")
        if text.startswith((" ", "\t")) and lines:
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def _apart(line: str, faults: list[str]) -> Property | None:
    found = _NAME.match(line)
    if not found:
        faults.append(f"no property name in {line[:30]!r}")
        return None
    place, parameters = found.end(), {}
    while following := _PARAMETER.match(line, place):
        parameters[following[1]] = following[2].strip('"')
        place = following.end()
    if line[place : place + 1] != ":":
        faults.append(f"no colon after the name in {line[:30]!r}")
        return None
    return Property(found[0], parameters, line[place + 1 :])


def _check(component: Component, faults: list[str]) -> None:
    counts = Counter(each.name for each in component.properties)
    for name in _ONCE.get(component.name, ()):
        if counts[name] != 1:
            faults.append(f"{component.name}: {name} stands there {counts[name]} times, not once")
    for name in _AT_MOST_ONCE.get(component.name, ()):
        if counts[name] > 1:
            faults.append(f"{component.name}: {name} stands there {counts[name]} times")
    for each in component.properties:
        _check_value(each, faults)
    if component.name == "VEVENT":
        _check_bounds(component, counts, faults)
    if component.name == "VALARM" and counts["DESCRIPTION"] != 1:
        faults.append("VALARM: DISPLAY has no DESCRIPTION (3.6.6)")
    for inner in component.inside:
        _check(inner, faults)


def _check_value(each: Property, faults: list[str]) -> None:
    name, value = each.name, each.value
    if name in _TEXTS and not _TEXT.fullmatch(value):
        faults.append(f"{name}: not escaped as TEXT (3.3.11)")
    if name in _ONE_OF and value not in _ONE_OF[name]:
        faults.append(f"{name}: {value!r} is none of its values")
    if name in {"REFRESH-INTERVAL", "X-PUBLISHED-TTL", "TRIGGER"} and not _DURATION.fullmatch(value):
        faults.append(f"{name}: {value!r} is no duration (3.3.6)")
    if name == "SEQUENCE" and not value.isdigit():
        faults.append(f"SEQUENCE: {value!r} is no number")
    if name in {"DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED"}:
        try:
            moment = each.moment
        except ValueError:
            faults.append(f"{name}: {value!r} is neither a UTC time nor a date (3.3.4, 3.3.5)")
        else:
            if name in {"DTSTAMP", "LAST-MODIFIED"} and not isinstance(moment, datetime):
                faults.append(f"{name}: must be a UTC time (3.8.7)")


def _check_bounds(event: Component, counts: Counter[str], faults: list[str]) -> None:
    if counts["DTEND"] and counts["DURATION"]:
        faults.append("VEVENT: DTEND and DURATION together (3.6.1)")
    if counts["DTSTART"] == counts["DTEND"] == 1:
        try:
            start, end = event.one("DTSTART").moment, event.one("DTEND").moment
        except ValueError:
            return  # already told
        if isinstance(start, datetime) != isinstance(end, datetime):
            faults.append("VEVENT: DTSTART and DTEND are of different types (3.8.2.2)")
        elif not start < end:
            faults.append("VEVENT: DTEND is not later than DTSTART (3.8.2.2)")
