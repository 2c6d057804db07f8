"""The words around care lines in clients' feeds, in one language."""

from functools import lru_cache

from scheduler_app.domain.carewords import Phrases
from scheduler_app.texts.dates import clock_text, date_text
from scheduler_app.texts.sentences import discreet_of
from scheduler_app.texts.words import REFERENCE, phrase, words


@lru_cache(maxsize=64)
def care_phrases(language: str = REFERENCE, clinic: str = "") -> Phrases:
    """Everything an entry says that the clinic did not write itself. clinic: its name."""
    embed = words(language).embed

    def possible(treatment: str, phone: str, discreet: bool) -> tuple[str, str]:
        kind = "possible_again_discreet" if discreet else "possible_again"
        values = {"treatment": embed(treatment), "phone": embed(phone)}
        return phrase(f"{kind}_title", language, **values), phrase(f"{kind}_text", language, **values)

    return Phrases(
        day=lambda day: date_text(day, language),
        clock=lambda moment: clock_text(moment, language),
        appointment=phrase("appointment_title", language, clinic=embed(clinic)),
        banner=phrase("demo_banner", language),
        not_confirmed_title=lambda title: phrase("not_confirmed_title", language, title=title),
        not_confirmed_text=lambda sentence: phrase("not_confirmed_text", language, sentence=sentence),
        cancelled_title=lambda title: phrase("cancelled_title", language, title=title),
        refusal=lambda verdict: discreet_of(verdict, language),
        possible=possible,
        embed=embed,
    )
