"""`scheduler check`: questions in, answers out, one JSON object a line."""

import sys
from pathlib import Path

import click

from scheduler_app.bootstrap.configuration import check_lines


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Folder with the clinic's configuration.")
def check(config: Path | None) -> None:
    """Judge appointments: one JSON object a line from standard input, one answer a line.

    Nothing is stored. A line that cannot be read is answered with an error in its place, and the rest
    goes on; the exit status is then 1.

    \b
    echo '{"treatments": ["microneedling"], "start": "2026-12-10T10:00",
           "facts": [{"treatment": "botulinum_toxin", "on": "2026-11-01"}]}' | tr -d '\\n' | scheduler check
    """
    answers = check_lines(sys.stdin.buffer.readline, config)
    write, flush = sys.stdout.buffer.write, sys.stdout.buffer.flush
    fine = True
    for answer, readable in answers:
        write(answer)
        flush()
        fine = fine and readable
    sys.exit(0 if fine else 1)
