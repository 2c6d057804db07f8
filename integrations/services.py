"""Services of a booking platform into treatments, by what the clinic wrote in its configuration."""

from collections.abc import Iterable, Mapping

from scheduler_app.domain.platforms import UNMAPPED


def treatments_of(
    services: Iterable[tuple[str | None, str | None]], mapped: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Treatments of all services (id, name) of one booking, each once in order, and the doubts about them.

    A service is looked up by its id, then by its name in any case. One that is not mapped stands for
    itself by its name, so that the title reader may know it, and is doubted all the same. No service at
    all is a doubt too: unknown is never clear.
    """
    by_name = {name.casefold(): codes for name, codes in mapped.items()}
    found: list[str] = []
    doubts: tuple[str, ...] = ()
    for id, name in services:
        codes = mapped.get(id or "") or by_name.get((name or "").casefold())
        if codes is None:
            doubts = (UNMAPPED,)
            codes = (name or id or "",)
        found += codes
    treatments = tuple(code for code in dict.fromkeys(found) if code)
    return treatments, doubts if treatments else (UNMAPPED,)
