"""A change of care texts, to every client's feed: what one feed costs, and how long everybody takes.

Each client has five visits, so thirty entries, and every entry changes.
"""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

from scheduler_app.bootstrap.house import House, opened
from scheduler_app.bootstrap.republishing import republish
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clients import Client
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.publish import publish
from scheduler_app.ports import HeldVerdict
from scheduler_app.settings import Settings
from tests.bench.rows import Row
from tests.house import CONFIG

CLIENTS = 2000
VISITS = 5
ALONE = 200
EVERYBODY = 100_000
CORES = 2
CLEAR = Verdict(Outcome.CLEAR, (), None, None)


def rows() -> list[Row]:
    """Both promises, over one database."""
    with tempfile.TemporaryDirectory() as folder:
        config = copytree(CONFIG, Path(folder) / "config")
        made = Settings.from_environment(
            {"SCHEDULER_DATA": f"{folder}/data", "SCHEDULER_CONFIG": str(config), "SCHEDULER_DEMO": "yes"}
        )
        with opened(made) as house:
            _book(house)
        republish(made, CORES, lambda *_: None)
        _reword(config, "first")
        with opened(made) as house:
            alone = _alone(house)
        _reword(config, "second")
        together = _together(made)
    return [alone, together]


def _alone(house: House) -> Row:
    """One after the other, as after a booking: processor time of everything, database included."""
    refs = [_ref(number) for number in range(ALONE)]
    now = datetime.now(UTC)
    began = time.process_time()
    changed = sum(publish(house.store, house.press, ref, now) for ref in refs)
    spent = (time.process_time() - began) / ALONE
    assert changed == ALONE
    return Row(
        "a feed of 30 changed entries published", f"{1e3 * spent:.1f} ms", "promised 10 ms", 0.010 / spent, 1
    )


def _together(settings: Settings) -> Row:
    """All of them, told from the processor time of one process and shared out among two cores.

    The clock on the wall says the same on a machine that does nothing else; here it is told beside.
    """
    told: list[tuple[float, int]] = []
    done = republish(settings, 1, lambda many, _of: told.append((time.process_time(), many)))
    assert done.written == CLIENTS
    took = _rate(told) * EVERYBODY / CORES
    _reword(settings.config, "third")
    told.clear()
    republish(settings, CORES, lambda many, _of: told.append((time.perf_counter(), many)))
    note = f"{_rate(told) * EVERYBODY:,.0f} s by the clock, with whatever else ran here"
    what = f"{EVERYBODY:,} such feeds republished on {CORES} cores"
    return Row(what, f"{took:,.0f} s", "promised 600 s", 600 / took, 1, note=note)


def _rate(told: list[tuple[float, int]]) -> float:
    """Seconds a client, from the first batch that was done to the last."""
    (first, few), (last, many) = told[0], told[-1]
    return (last - first) / (many - few)


def _book(house: House) -> None:
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=10)
    zone = house.loaded.clinic.location.zone
    with house.store.transaction() as tx:
        for number in range(CLIENTS):
            client = _ref(number)
            tx.clients.add(Client(client, "Anna Berg", first), ())
            held = []
            for count in range(VISITS):
                start = first + timedelta(days=40 * count, minutes=5 * (number % 96))
                visit = Appointment(
                    ref=f"v{number:06}{count}", source="hooks:bench", source_id=f"{number}-{count}",
                    client=client, treatments=("microneedling",), start=start,
                    end=start + timedelta(minutes=45), zone=zone, status="booked",
                    booked_at=first, reported_at=first,
                )  # fmt: skip
                tx.appointments.put(visit, by="bench", at=first)
                held.append(HeldVerdict(visit.ref, client, CLEAR, "v1", first.toordinal(), first))
            tx.verdicts.put(held)


def _reword(config: Path, word: str) -> None:
    """Every discreet text says one word more."""
    path = config / "care" / "en.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('discreet_text = "', f'discreet_text = "({word}) '), encoding="utf-8")


def _ref(number: int) -> str:
    return f"c{number:06}"
