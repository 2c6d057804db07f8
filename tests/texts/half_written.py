"""A language of which a few lines are written, two without a blank and one with a brace too many."""

import shutil
from pathlib import Path

from scheduler_app import texts

HERE = Path(texts.__file__).parent
LANGUAGE = "nl"
WRITTEN = {
    "": 'locale = "nl"\n[phrase]\ncancelled_title = "Geannuleerd: {title}"\ndesk_link = "Link"\n'
    '[digest]\nnothing = "Niets {"\n',
    "mail": '[subject]\nbooked = "Uw afspraak op {date}"\n[phrase]\nhello = "Beste {name},"\n',
    "intake": '[common]\nyes = "Ja"\n[condition]\neczema = "Eczeem"\n',
}


def write_half(folder: Path) -> str:
    """All languages there are and that one, in a folder of their own; its code."""
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True)
    for room, lines in WRITTEN.items():
        (folder / room / f"{LANGUAGE}.toml").write_text(lines, encoding="utf-8")
    return LANGUAGE
