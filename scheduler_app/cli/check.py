"""`scheduler check`: questions in, answers out, one JSON object a line."""

import sys
from io import BufferedReader
from pathlib import Path
from typing import cast

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
    answers = check_lines(cast(BufferedReader, sys.stdin.buffer).read1, config)
    write, flush = sys.stdout.buffer.write, sys.stdout.buffer.flush
    fine = True
    for told, readable in answers:
        write(told)
        flush()
        fine = fine and readable
    sys.exit(0 if fine else 1)
