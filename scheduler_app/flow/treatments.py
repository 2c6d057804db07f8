"""treatments: what sources call their services becomes codes of the catalogue, where it can be read."""

from collections.abc import Sequence
from dataclasses import replace

from scheduler_app.domain.appointments import Report
from scheduler_app.flow.flow import Flow


def with_known_treatments(flow: Flow, report: Report) -> Report:
    """Names of services become codes where they can be read; what cannot stays, and is for a person."""
    return replace(report, treatments=known_treatments(flow, report.treatments))


def known_treatments(flow: Flow, treatments: Sequence[str]) -> tuple[str, ...]:
    """Each as its code, once, where it is one or can be read as one; else as it was given."""
    codes: list[str] = []
    for word in treatments:
        if word in flow.catalogue:
            codes.append(word)
            continue
        reading = flow.reader.read(word, "")
        if reading.treatments and not reading.doubts:
            codes += reading.treatments
        else:
            codes.append(word)
    return tuple(dict.fromkeys(codes))
