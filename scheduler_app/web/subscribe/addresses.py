"""The addresses behind the buttons: how each program is told to subscribe, as far as anybody found out."""

from dataclasses import dataclass
from urllib.parse import quote

import segno


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where one client's things are. root: how clients reach this service, "https://care.clinic.example"."""

    root: str
    token: str

    @property
    def page(self) -> str:
        """How to subscribe."""
        return f"{self.root}/c/{self.token}"

    @property
    def feed(self) -> str:
        """The calendar itself, as every program can be given it."""
        return f"{self.root}/feeds/{self.token}.ics"

    @property
    def apple(self) -> str:
        """`webcal:` offers to subscribe, where `https:` would import once; iOS knows no `webcals:`."""
        return f"webcal://{self.feed.partition('://')[2]}"

    @property
    def google(self) -> str:
        """Google follows a `webcal:` address in `cid`, and stumbles over an `https:` one."""
        return f"https://calendar.google.com/calendar/r?cid={quote(self.apple, safe='')}"

    def outlook(self, name: str) -> str:
        """Outlook on the web wants `https:`."""
        address, called = quote(self.feed, safe=""), quote(name, safe="")
        return f"https://outlook.live.com/calendar/0/addfromweb?url={address}&name={called}"

    def mail(self, subject: str, body: str) -> str:
        """A letter to oneself: nothing is sent by us, and nobody is told an address."""
        text = quote(f"{body}\r\n\r\n{self.page}\r\n", safe="")
        return f"mailto:?subject={quote(subject, safe='')}&body={text}"


def picture(address: str, scale: int) -> str:
    """The address as a QR code (ISO/IEC 18004): an SVG to stand in a page, dark on white."""
    code = segno.make(address, error="m", micro=False)
    drawn: str = code.svg_inline(scale=scale, border=4, dark="#000", light="#fff", omitsize=True)
    return drawn
