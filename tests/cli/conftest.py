"""Commands, run as the operator runs them, each on a data folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler_app.cli import main

Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"SCHEDULER_DATA": str(tmp_path / "data"), "SCHEDULER_HOOK_SECRETS_WEBSITE": ""}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """What a command answers; code: how it must end."""

    def _run(*arguments: str, asked: str = "", code: int = 0) -> Result:
        result = CliRunner(env=environment).invoke(main, arguments, input=asked)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return _run
