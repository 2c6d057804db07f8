"""Services of a booking platform into treatments, by what the clinic wrote in its configuration."""

from collections.abc import Iterable, Mapping

from scheduler_app.domain.platforms import UNMAPPED


def matched(
    id: str | None, name: str | None, mapped: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    """The treatments of one service, by its id, else by its name in any case; None for one not matched."""
    by_name = {known.casefold(): codes for known, codes in mapped.items()}
    return mapped.get(id or "") or by_name.get((name or "").casefold())


def treatments_of(
    services: Iterable[tuple[str | None, str | None]], mapped: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Treatments of all services (id, name) of one booking, each once in order, and the doubts about them.

    A service is looked up by its id, then by its name in any case. One that is not mapped stands for
    itself by its name, so that the title reader may know it, and is doubted all the same. No service at
    all is a doubt too: unknown is never clear.
    """
    found: list[str] = []
    doubts: tuple[str, ...] = ()
    for id, name in services:
        codes = matched(id, name, mapped)
        if codes is None:
            doubts = (UNMAPPED,)
            codes = (name or id or "",)
        found += codes
    treatments = tuple(code for code in dict.fromkeys(found) if code)
    return treatments, doubts if treatments else (UNMAPPED,)
