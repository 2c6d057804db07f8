"""The command line: reads arguments, calls bootstrap, prints. Every command answers `--help`."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="treatment-scheduler")
def main() -> None:
    """Holds appointments that come too soon after another treatment, where they were booked."""
