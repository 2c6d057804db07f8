"""GET /c/<token>: for a phone, without login or script, with everything in it."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from scheduler_app.texts.words import languages
from tests.texts.test_discreet import STEMS
from tests.web.at_the_desk import Receptionist, words
from tests.web.subscribe.linked import PUBLIC, Linked

ELSEWHERE = re.compile(r"""(?:src|srcset|action|data|poster)=|url\(|@import|<link(?![^>]*href="data:,")""")


def links(html: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', html)]


def test_a_link_shows_the_plan_in_plain_words_by_day(anna: Linked) -> None:
    said = words(anna.open().text)
    assert "Saturday 14 March 2026 10:00 to 10:45 Your appointment" in said
    assert "10:45 to 22:45 No face washing until 15:45" in said
    assert "All day, up to and with 20 March 2026 Be kind to your skin until 20 March 2026" in said
    assert said.index("Friday 13 March") < said.index("Saturday 14 March")
    assert "As of 1 March 2026, 09:00." in said


def test_what_goes_on_already_is_told_first(anna: Linked) -> None:
    anna.stand.clock.now += timedelta(days=14, hours=3)
    anna.publish()
    said = words(anna.open().text)
    assert "What it shows Now 14 March 2026, 10:45 to 17 March 2026, 10:45 Use your serum" in said
    assert "Your appointment is on" not in said


def test_each_program_is_told_in_its_own_way(anna: Linked) -> None:
    feed = f"{PUBLIC}/feeds/{anna.token}.ics"
    apple = feed.replace("https:", "webcal:")
    found = links(anna.open().text)
    assert apple in found
    google = next(urlsplit(each) for each in found if "calendar.google.com" in each)
    assert (google.scheme, google.path, parse_qs(google.query)) == ("https", "/calendar/r", {"cid": [apple]})
    outlook = next(urlsplit(each) for each in found if "outlook.live.com" in each)
    assert parse_qs(outlook.query) == {"url": [feed], "name": ["Example Clinic"]}
    letter = next(each for each in found if each.startswith("mailto:"))
    assert unquote(letter).endswith(f"\r\n\r\n{PUBLIC}/c/{anna.token}\r\n")
    assert f'value="{feed}"' in anna.open().text


def test_the_address_it_was_asked_under_is_used_where_none_is_set(anna: Linked) -> None:
    answer = anna.stand.client().get(f"/c/{anna.token}", base_url="http://localhost:8000")
    assert f"webcal://localhost:8000/feeds/{anna.token}.ics" in links(answer.text)


def test_everything_stands_in_the_page_and_nothing_is_fetched(anna: Linked) -> None:
    html = anna.open().text
    assert ELSEWHERE.findall(html) == []
    assert html.count("<svg") == 1
    assert html.count("<script>") == 1


@pytest.mark.parametrize("language", languages())
def test_a_page_stays_under_sixty_kilobytes_however_much_is_planned(anna: Linked, language: str) -> None:
    desk = Receptionist(anna.stand)
    for week in range(1, 13):
        desk.book(date=f"{2026 + week // 9}-{(3 + week) % 12 + 1:02}-17")
    anna.change(language=language)
    answer = anna.open()
    assert 20_000 < len(answer.data) < 60_000
    left_out = re.search(
        {"en": r"(\d+) more entries", "es": r"(\d+) entradas más", "ar": r"(\d+) بندًا"}[language], answer.text
    )
    assert left_out is not None
    assert answer.text.count('class="what"') + int(left_out[1]) == anna.planned()


def test_without_script_the_copy_button_is_not_there(anna: Linked) -> None:
    assert re.search(r'<button type="button" id="copy" hidden', anna.open().text)


def test_nothing_planned_is_said(anna: Linked) -> None:
    anna.stand.clock.now += timedelta(days=40)
    assert "Nothing is planned at the moment." in words(anna.open().text)


def test_the_banner_of_unsigned_texts_is_shown_once(anna: Linked) -> None:
    assert words(anna.open().text).count("no clinician has approved these texts") == 1
    assert anna.open("/plan.txt").text.count("no clinician has approved these texts") == 1


def test_each_language_has_its_own_page_in_its_own_direction(anna: Linked) -> None:
    anna.change(language="ar")
    arabic = anna.open().text
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "تقويمكم من" in arabic
    assert "\u2068+44\u00a020\u00a07946\u00a00000\u2069" in arabic
    anna.change(language="es")
    spanish = anna.open().text
    assert '<html lang="es" dir="ltr">' in spanish
    assert "sábado, 14 de marzo de 2026" in spanish


@pytest.mark.parametrize("language", languages())
def test_a_discreet_page_names_no_treatment_anywhere_and_a_plain_one_does(
    anna: Linked, language: str
) -> None:
    anna.change(language=language)
    for path in ("", "/plan.txt", "/card", f"/visits/{anna.visit}.ics"):
        answer = anna.open(path)
        shown = answer.text + str(answer.headers)
        assert not re.search(STEMS, re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL), re.IGNORECASE)
    anna.change(privacy="plain")
    assert "Microneedling" in anna.open().text


def test_a_page_names_nobody(anna: Linked) -> None:
    desk = Receptionist(anna.stand)
    desk.book(client="<b>Anna", treatment="Microneedling", date="2026-06-14")
    html = anna.open().text
    assert "<b>" not in html
    assert "Anna" not in html
    assert "Berg" not in html


def test_the_desk_chooses_a_clients_language_and_how_openly_their_calendar_is_written(anna: Linked) -> None:
    desk = Receptionist(anna.stand)
    place = f"/desk/clients/{anna.client}"
    assert "Spanish" in desk.page(place)
    assert desk.send(f"{place}/writing", language="es", privacy="plain", by="Kim").status_code == 303
    said = words(anna.open().text)
    assert "Microneedling en Example Clinic" in said
    desk.send(f"{place}/writing", language="ar", privacy="", by="Kim")
    assert "موعدكم" in anna.open().text
    assert "Microneedling" not in anna.open().text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"language": "tlh", "privacy": "", "by": "Kim"}, "Choose the language."),
        ({"language": "en", "privacy": "loud", "by": "Kim"}, "Choose how openly."),
        ({"language": "en", "privacy": ""}, "Give your name"),
    ],
)
def test_what_nobody_offers_is_not_chosen(anna: Linked, typed: dict[str, str], why: str) -> None:
    desk = Receptionist(anna.stand)
    answer = desk.send(f"/desk/clients/{anna.client}/writing", **typed)
    assert answer.status_code == 422
    assert why in words(answer.text)
    assert '<html lang="en"' in anna.open().text
