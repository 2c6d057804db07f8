"""The report for a browser: one page, nothing fetched, nothing run, nothing let through."""

import re
from datetime import date
from html.parser import HTMLParser

from scheduler_app.domain.audits import Audit
from scheduler_app.texts.report import html_report
from tests.flow.audited_books import audited, event, shipped
from tests.texts.test_report_text import ANNA, busy

_VOID = {"meta", "br", "link", "img", "input", "hr"}


class _Page(HTMLParser):
    """Tags, attributes and text; fails on tags that are closed out of turn."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def markup(found: Audit) -> str:
    """The page as it is written."""
    return "".join(html_report(found, shipped().catalogue))


def page(found: Audit) -> _Page:
    """The page, taken apart."""
    return _Page(markup(found))


def test_it_fetches_nothing_and_runs_nothing() -> None:
    found = page(busy())
    assert not {"script", "link", "img", "iframe", "object", "embed", "form"}.intersection(found.tags)
    for name, value in found.attributes:
        assert not name.startswith("on")
        if name in ("href", "src", "xlink:href", "action"):
            assert (value or "").startswith("#")
    assert not re.search(r"@import|url\(|https?:|//[a-z]", markup(busy()))
    assert "default-src 'none'; style-src 'unsafe-inline'" in markup(busy())


def test_a_hostile_title_is_only_text() -> None:
    hostile = "Botox - <script>alert(1)</script> \"onload='x' {{ 7*7 }} &amp; </title></style>"
    guest = 'A"><svg onload=alert(2)> Smith <a@x.example>'
    found = page(
        audited(
            event("b", hostile + " ?", "2026-03-09", guest),
            event("m", "Microneedling " + hostile, "2026-03-12", guest),
            event("z", "<img src=x onerror=alert(3)>", "2026-03-12"),
        )
    )
    assert "script" not in found.tags
    assert "img" not in found.tags
    assert not any(name.startswith("on") for name, _ in found.attributes)
    assert "<script>alert(1)</script>" in found.words
    assert "{{ 7*7 }} &amp;" in found.words


def test_names_on_top_and_every_section() -> None:
    found = markup(busy())
    words = re.sub(r"\s+", " ", page(busy()).words)
    assert "This report holds clients' names and treatments." in words
    sections = re.findall(r'<h2 id="(\w+)">', found)
    assert sections == ["blocked", "caution", "review", "possible", "unrecognised", "unreadable"]
    assert set(re.findall(r'href="#(\w+)"', found)) == set(sections)
    assert "book.ics line 12: has no DTSTART" in words
    assert "In hindsight, no rule would have been broken from 19 January 2026." in words
    assert "safe" not in words.lower()


def test_what_stands_with_a_worse_visit_of_the_client_is_said_to_stand_there() -> None:
    found = audited(
        event("p", "Plasma pen - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-02-05", ANNA),
        event("b", "Botox - Anna Smith", "2026-02-06", ANNA),
    )
    words = page(found).words
    assert (found.counts.blocked, found.counts.caution) == (1, 1)
    assert "1 visit shown further up, with the rest of the client's story." in words


def test_each_affected_client_has_a_picture() -> None:
    found = markup(busy())
    figures = re.findall(r"<figure>.*?</figure>", found, re.DOTALL)
    assert len(figures) == 4  # two stretches of Anna's story, Ben's, and the possible one
    assert all('class="shade' in figure and "<title>" in figure for figure in figures)
    assert "Microneedling, 12 January 2026: blocked" in figures[0] + figures[1]
    assert "Microneedling blocked from 6 January 2026" not in found
    assert "Microneedling blocked from 5 January 2026 to 18 January 2026" in found


def test_nothing_is_drawn_outside_of_its_picture() -> None:
    marked = [float(x) for x in re.findall(r' (?:x|x1|x2)="(-?[\d.]+)%"', markup(busy()))]
    assert marked
    assert all(0 <= x <= 100 for x in marked)
    for x, width in re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', markup(busy())):
        assert float(x) + float(width) <= 100.5


def test_clients_about_whom_something_can_be_done_come_first() -> None:
    ben = "Ben Jones <ben@x.example>"
    found = audited(
        event("b", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2026-01-12", ANNA),
        event("c", "Botox - Ben Jones", "2026-02-25", ben),
        event("n", "Microneedling - Ben Jones", "2026-03-05", ben),
    )
    assert re.findall(r"<h3><bdi>(.*?)</bdi>", markup(found)) == ["Ben Jones", "Anna Smith"]


def test_clashes_years_apart_have_pictures_of_their_own() -> None:
    found = audited(
        event("b", "Botox - Anna Smith", "2021-01-05", ANNA),
        event("m", "Microneedling - Anna Smith", "2021-01-12", ANNA),
        event("c", "Botox - Anna Smith", "2026-01-05", ANNA),
        event("n", "Microneedling - Anna Smith", "2026-01-12", ANNA),
    )
    assert markup(found).count("<figure>") == 2


def test_a_book_without_findings_is_a_page_too() -> None:
    found = page(audited(event("b", "Botox - Anna Smith", "2026-01-05", ANNA)))
    assert "No rule broken by what the calendar says." in found.words
    assert "svg" not in found.tags


def test_the_same_audit_gives_the_same_page() -> None:
    assert markup(busy()) == markup(busy())
    assert "Reported: from 1 January 2026" in markup(audited(since=date(2026, 1, 1)))
