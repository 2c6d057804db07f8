"""Reading a title beyond the corpus: descriptions, defaults, contacts, declared words, any text at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.catalogue import CalendarDefaults, Catalogue, Treatment, Wording
from scheduler_app.domain.doubts import DOUBTS
from scheduler_app.domain.titles import Reader, strip_mark
from tests.domain.shipped import cases, catalogue, reader, reader_with

MICRONEEDLING = CalendarDefaults(treatments=("microneedling",))
TITLES = st.sampled_from([case["title"] for _, case in cases()])
WORDS = st.sampled_from(
    "Botox,MN,facial,filler,lips,plasma,consult,review,no,post,or,and,+,&,-,(,),?,:,/,|,Anna,Smith,1ml,"
    "2 week,training,lunch,DNA,tbc,accutane,PRP,top up,with,re,Botxo,xyzzy,10:00,#C0123,a@b.example".split(
        ","
    )
)
SENTENCES = st.lists(WORDS, max_size=9).map(" ".join)


class TestDescription:
    def test_other_text_in_a_description_is_never_a_booking(self) -> None:
        reading = reader().read("Anna Smith", "Hx: Botox Jan, filler Feb.\nWants microneedling")
        assert reading.treatments == ()
        assert reading.doubts == ("treatment-unknown",)

    def test_a_service_line_says_what_is_booked_where_the_title_does_not(self) -> None:
        reading = reader().read("Anna Smith", "Ref 12\nService: Botox + lip filler\nthank you")
        assert reading.treatments == ("botulinum_toxin", "dermal_filler")
        assert (reading.name, reading.origin, reading.doubts) == ("Anna Smith", "service", ())

    def test_a_service_line_may_stand_in_html(self) -> None:
        html = "<b>Service:</b><br>Micro&shy;needling&nbsp;facial<br/>"
        html += "<b>Booked by</b><br>Anna Smith<br>a@b.example"
        reading = reader().read("", html)
        assert reading.treatments == ("microneedling",)
        assert reading.clues == Clues(name="Anna Smith", email="a@b.example")

    def test_the_title_goes_before_a_service_line_that_agrees(self) -> None:
        reading = reader().read("Botox - Anna", "Service: Anti-wrinkle injections")
        assert (reading.treatments, reading.doubts, reading.origin) == (("botulinum_toxin",), (), "title")

    def test_a_service_line_that_disagrees_with_the_title_is_a_doubt(self) -> None:
        reading = reader().read("Botox - Anna", "Service: Microneedling")
        assert reading.treatments == ("botulinum_toxin",)
        assert (reading.doubts, reading.guesses) == (("service-disagrees",), ("microneedling",))

    def test_an_unknown_service_is_not_covered_up_by_a_default(self) -> None:
        reading = reader().read("Anna Smith", "Service: Xyzzy", defaults=MICRONEEDLING)
        assert (reading.treatments, reading.doubts) == ((), ("treatment-unknown",))

    def test_a_service_line_is_doubted_like_a_title(self) -> None:
        assert reader().read("Anna", "Service: Botox?").doubts == ("title-question",)
        negated = reader().read("Anna", "Service: no Botox")
        assert (negated.doubts, negated.guesses) == (("title-negated",), ("botulinum_toxin",))

    def test_lunch_with_a_service_is_a_contradiction(self) -> None:
        reading = reader().read("Lunch", "Service: Botox")
        assert (reading.booking, reading.doubts) == (True, ("title-contradictory",))

    def test_only_configured_labels_count(self) -> None:
        assert reader().read("Anna", "Previous service: Botox").treatments == ()
        assert reader_with(service_labels=("what",)).read("Anna", "Service: Botox").treatments == ()
        assert reader_with(service_labels=("what",)).read("Anna", "WHAT : Botox").treatments == (
            "botulinum_toxin",
        )

    def test_the_name_of_a_labelled_line_serves_where_the_title_has_none(self) -> None:
        assert reader().read("Botox", "Client: Anna Smith (new)").name == "Anna Smith"
        assert reader().read("Botox - Ben Lee", "Booked by: Anna Smith").name == "Ben Lee"


class TestContacts:
    @pytest.mark.parametrize(
        ("text", "clues"),
        [
            ("Botox Anna Smith 07700 900123", Clues("Anna Smith", None, "07700 900123")),
            ("Botox Anna Smith +44 (0)7700 900-123", Clues("Anna Smith", None, "+44 (0)7700 900-123")),
            ("Botox Anna Smith (555) 123-4567", Clues("Anna Smith", None, "(555) 123-4567")),
            ("Botox Anna Smith 555-123-4567", Clues("Anna Smith", None, "555-123-4567")),
            ("Botox Anna 030/1234567", Clues("Anna", None, "030/1234567")),
            ("Botox <Anna.Smith+x@Mail.example>", Clues(None, "Anna.Smith+x@Mail.example")),
            ("Botox Anna Smith #C0123", Clues("Anna Smith", None, None, "#C0123")),
            ("c-0123: Anna Smith Botox", Clues("Anna Smith", None, None, "c-0123")),
            ("Botox Anna 12/03/2026 10:00", Clues("Anna")),
            ("Botox Anna 2026-03-12", Clues("Anna")),
            ("Botox Anna C-12", Clues("Anna C")),
            ("Botox Anna @home", Clues("Anna")),
        ],
    )
    def test_contacts_are_found_as_they_were_typed(self, text: str, clues: Clues) -> None:
        reading = reader().read(text)
        assert reading.treatments == ("botulinum_toxin",)
        found = reading.clues
        assert (found.email, found.phone, found.code) == (clues.email, clues.phone, clues.code)
        assert clues.name is None or found.name == clues.name or "@home" in text

    def test_the_title_goes_before_the_description(self) -> None:
        clues = reader().read("Botox a@b.example", "c@d.example 07700 900123 #C001").clues
        assert (clues.email, clues.phone, clues.code) == ("a@b.example", "07700 900123", "#C001")
        clues = reader().read("Botox 07700 900124 #C002", "07700 900123 #C001").clues
        assert (clues.phone, clues.code) == ("07700 900124", "#C002")

    def test_the_clinics_own_contacts_are_nobodys(self) -> None:
        own = reader_with(own_contacts=("Desk@clinic.example", "020 7946 0000"))
        clues = own.read("Botox Anna", "desk@clinic.example 020 79460000\nanna@x.example").clues
        assert (clues.email, clues.phone) == ("anna@x.example", None)

    def test_a_clinic_declares_how_its_codes_begin(self) -> None:
        assert reader_with(client_codes=("PAT/",)).read("Botox pat/00077").clues.code == "pat/00077"
        assert reader_with(client_codes=()).read("Botox #C0123").clues.code is None

    def test_staff_are_never_clients(self) -> None:
        staffed = reader_with(staff=("Dr Lee", "Sarah"))
        assert staffed.read("Sarah: Botox Anna Smith").name == "Anna Smith"
        assert staffed.read("Botox Dr Lee").name is None


class TestDefaults:
    def test_a_bare_name_takes_the_calendars_treatment(self) -> None:
        reading = reader().read("Anna Smith", defaults=MICRONEEDLING)
        assert (reading.treatments, reading.doubts, reading.origin) == (("microneedling",), (), "calendar")
        assert reading.name == "Anna Smith"

    @pytest.mark.parametrize(
        "title",
        ["Anna Smith (new client)", "10:30 Anna Smith 07700 900123", "smith, anna", "Anna", "", "שרה כהן"],
    )
    def test_notes_and_contacts_leave_a_name_bare(self, title: str) -> None:
        assert reader().read(title, defaults=MICRONEEDLING).treatments == ("microneedling",)

    @pytest.mark.parametrize(
        "title",
        [
            "Xyzzy - Anna Smith",
            "PRP Anna",
            "Skin Anna Smith",
            "Anna Smith: Whatever",
            "Anna Smith whatever thing",
            "Botxo Anna",
            "Anna review",
            "no Botox Anna",
            "Accutane Anna",
            "Anna Smith new rejuvenation thing",
            "Anna Marie Beth Smith Jones",
            "Botoxkontrolle Anna",
        ],
    )
    def test_unknown_words_are_a_doubt_and_no_default(self, title: str) -> None:
        reading = reader().read(title, defaults=MICRONEEDLING)
        assert reading.treatments == ()
        assert reading.booking
        assert reading.doubts

    def test_a_title_that_names_its_treatment_needs_no_default(self) -> None:
        reading = reader().read(
            "Botox Anna", colour="5", defaults=CalendarDefaults(colours={"5": ("microneedling",)})
        )
        assert (reading.treatments, reading.origin) == (("botulinum_toxin",), "title")

    def test_colour_goes_before_label_before_calendar(self) -> None:
        defaults = CalendarDefaults(
            {"5": ("plasma_pen",)}, {"peel": ("beauty_treatment",)}, ("microneedling",)
        )
        read = reader().read
        assert read("Anna", colour="5", defaults=defaults).origin == "colour"
        assert read("Anna", labels=["vip", "peel"], defaults=defaults).treatments == ("beauty_treatment",)
        assert read("Anna", colour="7", labels=["vip"], defaults=defaults).treatments == ("microneedling",)

    def test_a_colour_and_a_label_that_disagree_are_a_doubt(self) -> None:
        defaults = CalendarDefaults({"5": ("plasma_pen",)}, {"peel": ("beauty_treatment",)})
        reading = reader().read("Anna", colour="5", labels=("peel",), defaults=defaults)
        assert (reading.treatments, reading.doubts) == (("plasma_pen",), ("defaults-disagree",))
        assert reading.guesses == ("beauty_treatment",)

    def test_other_doubts_stay_beside_a_default(self) -> None:
        reading = reader().read("CANCELLED Anna Smith?", defaults=MICRONEEDLING)
        assert reading.treatments == ("microneedling",)
        assert reading.doubts == ("title-question", "title-cancelled")

    def test_a_top_up_is_more_of_the_calendars_treatment(self) -> None:
        reading = reader().read("Anna top-up", defaults=CalendarDefaults(treatments=("botulinum_toxin",)))
        assert (reading.treatments, reading.doubts) == (("botulinum_toxin",), ())

    def test_lunch_takes_no_default(self) -> None:
        assert not reader().read("Lunch", defaults=MICRONEEDLING).booking

    @pytest.mark.parametrize("title", ["Dad's surgery", "Swimming", "call Anna?", "", "top up phone", "Skin"])
    def test_a_shared_calendar_may_ignore_what_is_not_recognised(self, title: str) -> None:
        assert not reader().read(title, defaults=CalendarDefaults(unrecognised="ignore")).booking
        assert reader().read(title).doubts

    @pytest.mark.parametrize(
        "title", ["Botxo Anna", "lips", "no Botox", "Accutane", "Botox review", "2 week check"]
    )
    def test_even_there_a_likely_treatment_is_not_missed(self, title: str) -> None:
        reading = reader().read(title, defaults=CalendarDefaults(unrecognised="ignore"))
        assert reading.booking
        assert reading.doubts


class TestMarks:
    @pytest.mark.parametrize(
        "marked",
        [
            "⛔15 Mar · {}",
            "⛔ 15 Mar · {}",
            "⛔\ufe0f15 Mar\u00a0·\u00a0{}",
            "\u200e⛔15 Mar ·{}",
            "⛔15 Mar · ⛔2 Apr · {}",
            "? · {}",
            "?·{}",
            " ? ·  ? · {}",
            "? · ⛔15 Mar • {}",
            "⛔ · {}",
        ],
    )
    def test_our_own_marks_come_off(self, marked: str) -> None:
        assert strip_mark(marked.format("Botox Anna")) == "Botox Anna"

    @pytest.mark.parametrize(
        "title", ["Botox Anna", "Botox · Anna", "? Botox", "", "⛔ Botox Anna", "Anna ? · Botox"]
    )
    def test_the_receptionists_own_words_stay(self, title: str) -> None:
        assert strip_mark(title) == title

    @given(st.text(max_size=60))
    def test_taking_marks_off_twice_changes_nothing(self, text: str) -> None:
        once = strip_mark(text)
        assert strip_mark(once) == once
        assert text.endswith(once)


class TestAnyText:
    @given(st.text(max_size=200), st.text(max_size=200))
    def test_no_text_raises(self, title: str, description: str) -> None:
        reader().read(title, description, defaults=MICRONEEDLING)

    @settings(max_examples=1500)
    @given(SENTENCES | TITLES, st.sampled_from(["", "Service: Botox", "Service: xyzzy?", "Hx: Botox"]))
    def test_an_appointment_without_a_treatment_is_always_doubted(self, title: str, description: str) -> None:
        reading = reader().read(title, description)
        assert reading.treatments or reading.doubts or not reading.booking
        assert list(reading.doubts) == [doubt for doubt in DOUBTS if doubt in reading.doubts]
        assert len(set(reading.treatments)) == len(reading.treatments)
        assert not set(reading.guesses) & set(reading.treatments)

    @given(SENTENCES | TITLES)
    def test_a_medication_is_never_booked(self, title: str) -> None:
        medications = {code for code, one in catalogue().treatments.items() if one.medication}
        assert not medications & set(reader().read(title).treatments)

    @given(TITLES)
    def test_case_width_and_unseen_signs_change_nothing(self, title: str) -> None:
        plain, dressed = reader().read(title), reader().read("\u200f" + title.upper() + "\u00a0\u202c")
        said = (plain.treatments, plain.booking, plain.guesses, plain.status)
        assert (dressed.treatments, dressed.booking, dressed.guesses, dressed.status) == said

    @given(TITLES, st.sampled_from(["?", " - tbc", " - cancelled", ", no Botox"]))
    def test_a_word_of_doubt_added_to_a_booking_is_never_lost(self, title: str, doubt: str) -> None:
        if reader().read(title).booking:
            assert reader().read(title + doubt).doubts

    @pytest.mark.parametrize(
        "piece",
        "a|botox |facial |@|a@|a.b@c.|+ |0|0 |00 |(|<|&lt;|⛔ · |⛔|no |consult |Service: Botox\n|Name:\n|"
        "Anna, |Anna de |💉|\u202e\0|א|\u0301|'|-".split("|"),
    )
    def test_a_hundred_kilobytes_of_anything_take_no_longer_than_their_length(self, piece: str) -> None:
        hostile = piece * (100_000 // len(piece))
        began = time.perf_counter()
        reader().read(hostile)
        reader().read("Anna", hostile)
        assert time.perf_counter() - began < 5, "linear is far below a second; quadratic takes minutes"

    def test_a_page_in_place_of_a_title_is_doubted(self) -> None:
        assert "title-too-long" in reader().read("Botox " + "Anna " * 1000).doubts


class TestMisspellings:
    ALIASES = sorted(
        alias
        for one in catalogue().treatments.values()
        for alias in one.aliases
        if len(alias) >= 6 and alias.isascii() and alias.isalpha()
    )

    @given(st.sampled_from(ALIASES), st.data())
    def test_one_slip_in_a_treatments_word_is_never_a_silent_miss(
        self, alias: str, data: st.DataObject
    ) -> None:
        place = data.draw(st.integers(1, len(alias) - 1))
        letter = data.draw(st.sampled_from("aeioxz"))
        kind = data.draw(st.sampled_from(["left out", "put in", "changed", "changed round"]))
        slipped = {
            "left out": alias[:place] + alias[place + 1 :],
            "put in": alias[:place] + letter + alias[place:],
            "changed": alias[:place] + letter + alias[place + 1 :],
            "changed round": alias[: place - 1] + alias[place] + alias[place - 1] + alias[place + 1 :],
        }[kind]
        if slipped[0] != alias[0] or slipped in catalogue().wording.lookalikes:
            return
        reading = reader().read(
            f"{slipped} Anna Smith", defaults=CalendarDefaults(treatments=("plasma_pen",))
        )
        assert reading.origin != "calendar", f"{slipped} was taken for part of a name"

    def test_a_near_word_never_becomes_a_treatment(self) -> None:
        for slipped in ("Botoxx", "Btooxs", "Dysprott", "Microneedlings", "Juvedermm"):
            reading = reader().read(f"{slipped} Anna")
            assert (reading.treatments, reading.doubts) == ((), ("treatment-doubtful",))

    def test_declared_lookalikes_are_left_alone(self) -> None:
        assert "treatment-doubtful" in reader_with(lookalikes=()).read("Dave Fuller").doubts
        assert "treatment-doubtful" not in reader().read("Dave Fuller").doubts


class TestCatalogue:
    SMALL = Catalogue(
        {
            "peel": Treatment("peel", "Peel", aliases=("gentle peel",), tails=("deluxe",)),
            "mask": Treatment("mask", "Gold mask", aliases=("mask",), hints=("gold",), suffixes=("kur",)),
        },
        Wording(negations=("no",), joins=("and",), noise=("for",), prefixes=("the",)),
    )

    def test_a_clinic_may_bring_words_of_its_own(self) -> None:
        small = Reader(self.SMALL)
        assert small.read("gentle-peel deluxe and mask for Anna").treatments == ("peel", "mask")
        assert small.read("Maskkur Anna").treatments == ("mask",)
        assert small.read("gold Anna").doubts == ("treatment-doubtful",)
        assert small.read("Botox Anna").doubts == ("treatment-unknown",)

    def test_name_and_code_are_words_for_a_treatment_too(self) -> None:
        assert Reader(self.SMALL).read("Gold mask - Anna").treatments == ("mask",)
        for code, one in catalogue().treatments.items():
            expected = () if one.medication else (code,)
            assert reader().read(code).treatments == expected
            assert reader().read(one.name).treatments == expected

    def test_a_word_inside_a_longer_word_is_never_found(self) -> None:
        for title in ("Resurfacing", "Unmasked Anna", "Peeling Anna", "maskara"):
            assert Reader(self.SMALL).read(title).treatments == ()

    def test_an_apostrophe_does_not_part_a_word(self) -> None:
        assert reader().read("Anna Mac'Laser").treatments == ()
        assert reader().read("Peel's Anna").treatments == ("beauty_treatment",)
        assert reader().read("l'acide hyaluronique Anna").treatments == ("dermal_filler",)

    def test_phrases_may_lose_their_spaces_but_small_words_may_not(self) -> None:
        assert reader().read("teartrough Anna").treatments == ("dermal_filler",)
        assert reader().read("noshow Anna Botox").status == "noshow"
        assert reader().read("Anna Newclient Botox").name == "Anna Newclient"

    def test_prefixes_and_suffixes_keep_to_their_script(self) -> None:
        assert reader().read("בבוטוקס").treatments == ("botulinum_toxin",)
        for mixed in ("בbotox", "בוטוקסbehandlung"):
            assert reader().read(mixed).treatments == ()

    def test_an_empty_catalogue_reads_nothing_and_doubts_everything(self) -> None:
        reading = Reader(Catalogue({})).read("Botox Anna", "Service: Botox")
        assert (reading.treatments, reading.doubts) == ((), ("treatment-unknown",))

    def test_the_reading_says_which_words_counted(self) -> None:
        seen = reader().read("MN (no Botox) - Anna, tbc").seen
        assert seen == (
            ("MN", "microneedling"),
            ("no", "negation"),
            ("Botox", "botulinum_toxin"),
            ("tbc", "tentative"),
        )

    def test_no_shipped_alias_is_claimed_twice_or_left_unread(self) -> None:
        for code, one in catalogue().treatments.items():
            for alias in one.aliases:
                example = alias.replace("#", "2")
                reading = reader().read(example)
                found = {*reading.treatments, *reading.guesses}
                if one.medication:
                    assert reading.doubts == ("medication-mentioned",), alias
                else:
                    assert code in found, f"{alias} of {code} is read as {reading}"
                    assert reading.treatments == (code,), alias
