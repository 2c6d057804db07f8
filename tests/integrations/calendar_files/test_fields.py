"""What an event says beside its time: words, people, labels, state."""

import pytest

from scheduler_app.domain.events import Person
from tests.integrations.calendar_files.reading import calendar, events, one, read_bytes, utc, vevent


def titled(line: str) -> str:
    return one(calendar(vevent(line))).title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("SUMMARY:Botox", "Botox"),
        ("SUMMARY;LANGUAGE=de:Botox Stirn", "Botox Stirn"),
        ("summary:Botox", "Botox"),
        ("SUMMARY :Botox", "Botox"),
        ("SUMMARY:", ""),
        ("SUMMARY:  Botox  ", "Botox"),
        (r"SUMMARY:Botox\, forehead\; 20u", "Botox, forehead; 20u"),
        ("SUMMARY:Botox, forehead; 20u", "Botox, forehead; 20u"),  # not escaped
        (r"SUMMARY:Botox\nforehead", "Botox forehead"),
        (r"SUMMARY:C:\\temp\q", r"C:\temp\q"),
        ("SUMMARY:10:30 Botox: Jane", "10:30 Botox: Jane"),
        ('SUMMARY;ALTREP="https://example.com/a;b":Botox', "Botox"),
        ('SUMMARY;ALTREP="never closed:Botox', "Botox"),
        ("SUMMARY:Bo\x00tox\x07", "Botox"),
        ("SUMMARY:Botox💉 für Zoë", "Botox💉 für Zoë"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Botox f=C3=BCr Zo=C3=AB", "Botox für Zoë"),
        ("SUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Botox f=FCr", "Botox für"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=nonsense:Botox f=FCr", "Botox für"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE:Botox =\nforehead", "Botox forehead"),
        ("SUMMARY:first\nSUMMARY:second", "first"),
    ],
)
def test_a_title_is_what_the_receptionist_typed(line: str, title: str) -> None:
    assert titled(line) == title


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"Phone: 07700 900123\nHx: none", "Phone: 07700 900123\nHx: none"),
        ("<b>Phone:</b> 07700 900123<br>Hx: none", "Phone: 07700 900123\nHx: none"),
        ("<p>Service: Botox</p><p>20 units</p>", "Service: Botox\n\n20 units"),
        ("<html-blob>Service: Botox<br></html-blob>", "Service: Botox"),
        ("<style>p {color: red}</style>Service: Botox<br/>x", "Service: Botox\nx"),
        ("<title>never closed<br>Botox", "never closed\nBotox"),
        ("Botox &amp; filler&nbsp\\;lips", "Botox & filler lips"),
        ("skin < 20 and > 10 & R&D", "skin < 20 and > 10 & R&D"),
        (
            r"{\\rtf1\\ansi{\\fonttbl\\f0 Arial\;}\\f0\\fs20 Service: Botox\\par F\\'fcr Zo\\u235 ?\\par}",
            "Service: Botox\nFür Zoë",
        ),
        (r"{\\rtf1{\\*\\generator Word\;}a\\{b\\}\\tab c\\~d}", "a{b} c d"),
    ],
)
def test_a_description_is_plain_text(written: str, shown: str) -> None:
    assert one(calendar(vevent(f"DESCRIPTION:{written}"))).description == shown


def test_lines_a_program_forgot_to_escape_still_belong_to_the_description() -> None:
    content = calendar(
        vevent(
            "DESCRIPTION:Service: Botox", "Phone: 07700 900123", "no allergies", "X-OTHER:1", "SUMMARY:Jane"
        )
    )
    event = one(content)
    assert event.description == "Service: Botox\nPhone: 07700 900123\nno allergies"
    assert event.title == "Jane"


def test_words_after_a_time_are_nobodys_and_harm_nothing() -> None:
    assert one(calendar(vevent("not a property", "SUMMARY:Jane"))).title == "Jane"


@pytest.mark.parametrize(
    ("line", "someone"),
    [
        ("ATTENDEE;CN=Jane Roe:mailto:jane@example.com", Person("jane@example.com", "Jane Roe")),
        ('ATTENDEE;CN="Roe, Jane":MAILTO:jane@example.com', Person("jane@example.com", "Roe, Jane")),
        (r"ATTENDEE;CN=Roe\, Jane:mailto:jane@example.com", Person("jane@example.com", "Roe, Jane")),
        ("ATTENDEE;CN=Jane ^'JR^' Roe:mailto:jane@example.com", Person("jane@example.com", 'Jane "JR" Roe')),
        ("ATTENDEE;CN=jane@example.com:mailto:Jane@example.com", Person("Jane@example.com")),
        ("ATTENDEE:mailto:jane%2Bskin@example.com", Person("jane+skin@example.com")),
        ("ATTENDEE:jane@example.com", Person("jane@example.com")),
        ("ATTENDEE;CN=Jane Roe:invalid:nomail", Person("", "Jane Roe")),
        ("ATTENDEE;CN=Jane;EMAIL=jane@example.com:/abc/principal/", Person("jane@example.com", "Jane")),
        ("ATTENDEE;CN=Dr: Jane:mailto:jane@example.com", Person("jane@example.com", "Dr")),
        ("ATTENDEE;CN='Jane Roe':mailto:jane@example.com", Person("jane@example.com", "Jane Roe")),
    ],
)
def test_a_guest_is_known_by_name_and_email(line: str, someone: Person) -> None:
    assert one(calendar(vevent(line))).attendees == (someone,)


def test_rooms_nobody_and_repetitions_are_no_guests() -> None:
    event = one(
        calendar(
            vevent(
                "ATTENDEE;CUTYPE=ROOM;CN=Room 1:mailto:room1@example.com",
                "ATTENDEE;CUTYPE=RESOURCE;CN=Laser:mailto:laser@example.com",
                "ATTENDEE:invalid:nomail",
                "ATTENDEE;CN=Jane:mailto:jane@example.com",
                "ATTENDEE;CN=Jane:mailto:jane@example.com",
                "ORGANIZER;CN=Desk:mailto:desk@example.com",
            )
        )
    )
    assert event.attendees == (Person("jane@example.com", "Jane"),)
    assert event.organizer == Person("desk@example.com", "Desk")


def test_a_calendar_named_by_its_address_knows_itself_among_the_guests() -> None:
    guests = vevent("ATTENDEE:mailto:Desk@example.com", "ORGANIZER:mailto:jane@example.com")
    event = one(calendar(guests, head="X-WR-CALNAME:desk@example.com"))
    assert event.attendees == (Person("Desk@example.com", itself=True),)
    assert event.organizer == Person("jane@example.com")


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        (["CATEGORIES:Botox"], ("Botox",)),
        (["CATEGORIES:Botox,New client"], ("Botox", "New client")),
        ([r"CATEGORIES:Botox\, lips,New"], ("Botox, lips", "New")),
        (["CATEGORIES:Botox", "CATEGORIES:New,Botox"], ("Botox", "New")),
        (["CATEGORIES: , ,"], ()),
    ],
)
def test_categories_are_labels(lines: list[str], labels: tuple[str, ...]) -> None:
    assert one(calendar(vevent(*lines))).labels == labels


def test_an_events_own_colour_outranks_its_calendars() -> None:
    content = calendar(
        vevent("COLOR:turquoise", uid="1"), vevent(uid="2"), head="X-APPLE-CALENDAR-COLOR:#FF2968"
    )
    assert [event.colour for event in events(read_bytes(content))] == ["turquoise", "#FF2968"]


@pytest.mark.parametrize(
    ("lines", "head", "status"),
    [
        ([], "", "confirmed"),
        (["STATUS:CONFIRMED"], "METHOD:PUBLISH", "confirmed"),
        (["STATUS:TENTATIVE"], "", "tentative"),
        (["STATUS:CANCELLED"], "", "cancelled"),
        (["status:cancelled"], "", "cancelled"),
        (["STATUS:CANCELED"], "", "cancelled"),
        (["STATUS:CONFIRMED"], "METHOD:CANCEL", "cancelled"),
    ],
)
def test_an_event_is_cancelled_by_itself_or_by_its_calendars_method(
    lines: list[str], head: str, status: str
) -> None:
    assert one(calendar(vevent(*lines), head=head)).status == status


@pytest.mark.parametrize(
    ("lines", "busy"),
    [
        ([], True),
        (["TRANSP:OPAQUE"], True),
        (["TRANSP:TRANSPARENT"], False),
        (["TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"], False),
        (["X-MICROSOFT-CDO-BUSYSTATUS:BUSY"], True),
    ],
)
def test_free_time_is_not_busy(lines: list[str], busy: bool) -> None:
    assert one(calendar(vevent(*lines))).busy is busy


def test_creation_and_change_are_told_unless_they_are_placeholders() -> None:
    event = one(calendar(vevent("CREATED:20260102T093000Z", "LAST-MODIFIED:20260103T093000Z")))
    assert (event.created, event.updated) == (utc("2026-01-02T09:30"), utc("2026-01-03T09:30"))
    for nothing in ("CREATED:19000101T120000Z", "CREATED:00001231T000000Z", "CREATED:soon"):
        assert one(calendar(vevent(nothing))).created is None


def test_alarms_todos_and_journals_are_no_events_and_leave_events_alone() -> None:
    alarm = "BEGIN:VALARM\nUID:one\nDESCRIPTION:Reminder\nDURATION:P9W\nEND:VALARM"
    todo = "BEGIN:VTODO\nUID:t\nDTSTART:20260101T000000Z\nSUMMARY:Order\nEND:VTODO"
    journal = "BEGIN:VJOURNAL\nUID:j\nDTSTART:20260101T000000Z\nEND:VJOURNAL"
    event = one(calendar(todo, vevent(alarm, "SUMMARY:Jane"), journal))
    assert (event.title, event.description) == ("Jane", "")
