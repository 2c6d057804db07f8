"""Everybody's feed at once, and feeds made with the clinic's own rules and texts."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scheduler_app.domain.clients import Client
from scheduler_app.domain.clinic import FeedTerms
from scheduler_app.domain.facts import Said, TreatmentFact
from scheduler_app.flow.publish import Press, publish
from scheduler_app.flow.republish import publish_together, texts_of, together
from tests.domain.care_cases import CLINIC, LINES, NOW, visit
from tests.flow.test_publish import Overtaken
from tests.house import house
from tests.press import DAY, KEY, PRESS, START, VISIT, Book, events, served
from tests.rfc5545 import feed_checked


def everybody(book: Book, count: int) -> list[str]:
    """More clients with a visit each; all refs in order."""
    refs = [f"c{number:03}" for number in range(100, 100 + count)]
    with book.store.transaction() as tx:
        for ref in refs:
            tx.clients.add(Client(ref, ref, NOW), ())
            tx.appointments.put(replace(visit(f"v{ref}", START), client=ref), by="test", at=NOW)
    return ["c1", *refs]


def test_everybody_is_published_in_batches_from_where_an_interrupted_run_left_off(book: Book) -> None:
    refs = sorted(everybody(book, 8))
    batches = list(together(book.store, at_most=3))
    assert [client for batch in batches for client in batch] == refs
    assert [len(batch) for batch in batches] == [3, 3, 3]
    assert publish_together(book.store, PRESS, batches[0], NOW) == 2  # c1 has nothing booked
    rest = list(together(book.store, after=batches[0][-1], at_most=3))
    assert rest == batches[1:]
    assert [publish_together(book.store, PRESS, batch, NOW) for batch in rest] == [3, 3]
    assert not any(publish(book.store, PRESS, ref, NOW) for ref in refs)
    assert [publish_together(book.store, PRESS, batch, NOW) for batch in batches] == [0, 0, 0]


def test_published_together_or_one_by_one_the_bytes_are_the_same(tmp_path: Path) -> None:
    made = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        with closing(Book(folder)) as book:
            book.write([VISIT])
            if number:
                publish_together(book.store, PRESS, ["c1", "nobody"], NOW)
            else:
                book.publish()
            made.append(served(book))
    assert made[0] == made[1]


def test_a_batch_that_was_overtaken_goes_on_from_what_the_other_one_wrote(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([visit("v1", START + DAY)])
    assert publish_together(Overtaken(book, NOW + DAY), PRESS, ["c1"], NOW + DAY) == 0
    book.write([visit("v1", START + 2 * DAY)])
    luna = replace(PRESS, clinic=replace(CLINIC, name="Luna"))
    assert publish_together(Overtaken(book, NOW + 2 * DAY), luna, ["c1"], NOW + 2 * DAY) == 1
    assert {row.sequence for row in book.rows().values()} == {2}
    assert feed_checked(served(book).body).one("NAME").text == "Luna"


def test_other_texts_are_told_from_the_same_ones() -> None:
    assert texts_of(PRESS) == texts_of(replace(PRESS))
    other = {"en": (replace(LINES[0], title="Other"), *LINES[1:])}
    for changed in (replace(PRESS, care=other), replace(PRESS, clinic=replace(CLINIC, name="Luna"))):
        assert texts_of(changed) != texts_of(PRESS)
    assert texts_of(replace(PRESS, keys=(b"n" * 32,))) == texts_of(PRESS)


def test_treatments_that_are_not_clear_today_say_when_they_are_possible_again(tmp_path: Path) -> None:
    loaded = house()
    clinic = replace(CLINIC, feed=FeedTerms(possible_again=True), privacy="plain")
    press = Press(clinic, loaded.catalogue, loaded.rulebook, {"en": LINES}, (KEY,), loaded.precedence)
    said = Said("staff", "desk", NOW)
    with closing(Book(tmp_path, press)) as book:
        book.write([visit("v1", START + 300 * DAY)])
        with book.store.transaction() as tx:
            fact = TreatmentFact("f1", "c1", "botulinum_toxin", said, on="2026-06-25")
            tx.records.add_treatment(fact)
        book.publish()
        milestone = events(book)["possible-again-microneedling.c1"]
        assert milestone.one("DTSTART").value == "20260709"
        assert "possible-again-botulinum_toxin.c1" not in events(book)
        # reached, it stays like everything past, and is not called off
        book.publish(datetime(2026, 7, 20, tzinfo=UTC))
        assert events(book)["possible-again-microneedling.c1"].one("STATUS").value == "CONFIRMED"
        book.publish(datetime(2026, 9, 20, tzinfo=UTC))
        assert "possible-again-microneedling.c1" not in events(book)


def test_the_demo_publishes_the_shipped_texts_under_a_banner_and_serve_publishes_none(tmp_path: Path) -> None:
    loaded = house()
    for shown in (True, False):
        folder = tmp_path / str(shown)
        folder.mkdir()
        press = Press(
            loaded.clinic, loaded.catalogue, loaded.rulebook, loaded.care, (KEY,), loaded.precedence, shown
        )
        with closing(Book(folder, press)) as book:
            book.write([VISIT])
            book.publish()
            found = events(book)
        assert len(found) == (6 if shown else 1)
        texts = [
            each.value for event in found.values() for each in event.properties if each.name == "DESCRIPTION"
        ]
        assert all("no clinician has approved" in text for text in texts)
        assert bool(texts) is shown


def spoken(book: Book, language: str) -> dict[str, str]:
    """Titles in the client's feed, after they changed their language."""
    with book.store.transaction() as tx:
        known = tx.clients.get(book.client)
        assert known is not None
        tx.clients.change(replace(known, language=language))
    book.publish()
    return {uid: event.one("SUMMARY").text for uid, event in events(book).items()}


def test_a_feed_is_written_in_the_clients_language(tmp_path: Path) -> None:
    loaded = house()
    press = Press(
        loaded.clinic, loaded.catalogue, loaded.rulebook, loaded.care, (KEY,), loaded.precedence, True
    )
    with closing(Book(tmp_path, press)) as book:
        book.write([VISIT])
        spanish, arabic = spoken(book, "es"), spoken(book, "ar")
        assert spanish["appointment.v1"] == "Su cita"
        assert arabic["appointment.v1"] == "موعدكم"
        assert "لا تغسلوا الوجه حتى" in arabic["first-hours.v1"]
        assert list(spanish) == list(arabic) == list(spoken(book, "tlh"))


def test_numbers_stand_apart_from_the_arabic_around_them(tmp_path: Path) -> None:
    loaded = house()
    press = Press(
        loaded.clinic, loaded.catalogue, loaded.rulebook, loaded.care, (KEY,), loaded.precedence, True
    )
    with closing(Book(tmp_path, press)) as book:
        book.write([VISIT])
        spoken(book, "ar")
        said = events(book)["appointment.v1"].one("DESCRIPTION").text
    assert "\u2068+44 20 7946 0000\u2069" in said


def test_a_text_that_is_signed_in_english_only_is_read_in_english(tmp_path: Path) -> None:
    loaded = house()
    signed = {
        "en": tuple(replace(line, approved_by="Dr Vega") for line in loaded.care["en"]),
        "es": tuple(
            replace(line, approved_by="Dr Vega" if line.code == "appointment" else None)
            for line in loaded.care["es"]
        ),
    }
    press = Press(loaded.clinic, loaded.catalogue, loaded.rulebook, signed, (KEY,), loaded.precedence)
    with closing(Book(tmp_path, press)) as book:
        book.write([VISIT])
        titles = spoken(book, "es")
    assert titles["appointment.v1"] == "Su cita"
    assert titles["first-week.v1"].startswith("Be kind to your skin until 16 de julio")


def test_what_matters_rings_once_before_it_begins_and_nothing_else_rings(tmp_path: Path) -> None:
    loaded = house()
    press = Press(
        loaded.clinic, loaded.catalogue, loaded.rulebook, loaded.care, (KEY,), loaded.precedence, True
    )
    with closing(Book(tmp_path, press)) as book:
        book.write([VISIT])
        for language in loaded.care:
            spoken(book, language)
            rings = {
                uid: [alarm.one("TRIGGER").value for alarm in event.walk("VALARM")]
                for uid, event in events(book).items()
                if event.walk("VALARM")
            }
            assert rings == {"appointment.v1": ["-PT2H"], "before.v1": ["-PT1H"]}
