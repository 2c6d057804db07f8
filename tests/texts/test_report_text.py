"""The report in a terminal."""

import re
from datetime import date

from scheduler_app.domain.audits import Audit
from scheduler_app.domain.events import Unreadable
from scheduler_app.texts.report import text_report
from scheduler_app.texts.report.visible import ascii_only, visible
from tests.flow.audited_books import audited, event, shipped

ANNA = "Anna Smith <anna@x.example>"


def lines(found: Audit, *, width: int = 80, ascii_screen: bool = False) -> list[str]:
    """The report, line by line."""
    pieces = text_report(found, shipped().catalogue, width=width, ascii_screen=ascii_screen)
    return "".join(pieces).splitlines()


def text(found: Audit) -> str:
    """The report with its lines joined, so that wrapping does not matter."""
    return re.sub(r"\s+", " ", " ".join(lines(found)))


def busy() -> Audit:
    """One of everything."""
    return audited(
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
        event("n", "Microneedling - Anna Smith", "2026-03-10", ANNA),
        event("f", "Facial - Anna Smith", "2026-03-12", ANNA),
        event("p", "Plasma pen - Ben Jones", "2026-01-05", "ben@x.example"),
        event("q", "Microneedling - Ben Jones", "2026-02-20", "ben@x.example"),
        event("d", "Botox? - Ben Jones", "2026-04-20", "ben@x.example"),
        event("x", "Botox - Cleo Park", "2026-01-05"),
        event("y", "Microneedling - Cleo Park", "2026-01-12"),
        event("z", "Zorbing - Dee", "2026-01-06"),
        event("l", "Lunch", "2026-01-06"),
        Unreadable("book.ics line 12", "has no DTSTART: nothing says when it is"),
    )


def test_it_says_on_top_that_it_holds_names_and_gives_no_medical_advice() -> None:
    top = text(busy())[:600]
    assert "This report holds clients' names and treatments. Keep it as you keep patient records." in top
    assert "it gives no medical advice" in top


def test_counts_come_first_then_the_worst_and_what_was_not_read_at_the_end() -> None:
    told = lines(busy())
    headings = [told[n - 1] for n in range(1, len(told)) if told[n] and not told[n].strip("-")]
    assert headings == [
        "Blocked (2)",
        "Caution (1)",
        "A person must look (1)",
        "Possible: if two records are one person (1)",
        "Not recognised (1)",
        "Could not be read (1)",
    ]
    assert told.index("          2  Blocked (1 still ahead)") < told.index("Blocked (2)")
    assert "11 events read: 9 visits of 3 clients, 1 not recognised, 0 cancelled, 1 that are" in " ".join(
        told
    )


def test_visits_ahead_come_before_those_that_are_past() -> None:
    told = "\n".join(lines(busy()))
    assert told.index("[Still ahead]") < told.index("Thu 12 Mar 2026 10:00") < told.index("[Already past]")


def test_of_what_is_past_the_latest_comes_first() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
        event("f", "Facial - Anna Smith", "2026-01-14", ANNA),
    )
    told = "\n".join(lines(found))
    assert told.index("Wed 14 Jan 2026 10:00") < told.index("Mon 12 Jan 2026 10:00")


def test_where_no_gap_is_in_question_no_date_is_told() -> None:
    found = audited(*(event(f"{n:03}", "Botox - Anna", f"2025-{n % 12 + 1:02}-10") for n in range(41)))
    assert "it cannot be one person's" in text(found)
    assert "No date can do" not in text(found)


def test_each_visit_says_why_and_when_it_would_have_been_possible() -> None:
    told = text(busy())
    assert 'Mon 12 Jan 2026 10:00 Anna Smith "Microneedling - Anna Smith"' in told
    assert (
        "this visit is 7 days after it. This rule is met from 19 January 2026. Source: clinic sheet." in told
    )
    assert "In hindsight, no rule would have been broken from 19 January 2026." in told
    assert "No rule is broken from 17 March 2026." in told
    assert "presumed" not in told


def test_a_date_that_is_only_not_blocked_is_told_apart() -> None:
    found = audited(
        event("m", "Microneedling - Anna Smith", "2026-03-10", ANNA),
        event("n", "Microneedling - Anna Smith", "2026-03-12", ANNA),
    )
    assert "Not blocked from 17 March 2026; no rule is broken from 7 April 2026." in text(found)


def test_where_no_date_can_do_it_says_so() -> None:
    assert "No date can do as it is booked." in text(
        audited(event("v", "Microneedling + Botox - Anna Smith", "2026-03-09", ANNA))
    )


def test_visits_with_one_doubt_stand_together_under_it() -> None:
    told = lines(audited(*(event(f"b{n}", "Botox", f"2026-03-1{n}") for n in range(3))))
    start = told.index("It is not known whose booking this is: choose the client.")
    assert [line.strip() for line in told[start + 1 : start + 4]] == [
        f'{day} Mar 2026 10:00  client not known  "Botox"' for day in ("Tue 10", "Wed 11", "Thu 12")
    ]


def test_possible_findings_say_whom_the_other_visit_is_booked_for() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", "home@x.example"),
        event("m", "Microneedling - Ben Smith", "2026-01-12", "home@x.example"),
    )
    assert "That visit is booked for: Anna Smith." in text(found)


def test_an_empty_or_blameless_book_reads_no_rule_broken() -> None:
    assert "No rule broken by what the calendar says." in text(audited())
    assert "safe" not in text(busy()).lower()
    assert "cleared" not in text(busy()).lower()


def test_the_period_is_named() -> None:
    found = audited(since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert "Reported: 1 January 2026 to 31 December 2026" in text(found)
    assert "Reported: from 1 January 2026" in text(audited(since=date(2026, 1, 1)))
    assert "Reported: to 1 January 2026" in text(audited(until=date(2026, 1, 1)))


def test_lines_keep_within_the_screen() -> None:
    for width in (60, 100):
        assert max(map(len, lines(busy(), width=width))) <= width


def test_a_title_cannot_act_on_the_screen() -> None:
    hostile = "Botox - Anna\x1b[2J\x1b]0;owned\x07 \u202etxet\u202c\r\n\u2028Smith"
    told = "\n".join(lines(audited(event("v", hostile + "?", "2026-03-09"))))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e]", told)


def test_a_title_without_end_is_cut() -> None:
    told = text(audited(event("v", "Botox " + "x" * 5000, "2026-03-09")))
    assert len(told) < 2500


def test_a_screen_for_ascii_gets_ascii() -> None:
    found = audited(event("v", "Botox? - Zoë Müller “VIP” ⛔ שרה", "2026-03-09"))
    told = lines(found, ascii_screen=True)
    assert all(line.isascii() for line in told)
    assert any('Zoe Muller "VIP" ? ???' in line for line in told)


def test_what_is_no_text_becomes_a_question_mark() -> None:
    assert visible("a\ud800b\x07c") == "a?b c"
    assert ascii_only("Größe – naïve…") == "Grosse - naive..."
