"""The folder of letters, held to the contract of senders."""

from pathlib import Path

import pytest

from integrations.mail_folder import FolderMailer
from scheduler_app.errors import Unavailable
from tests.contracts.mailer import Arrived, MailerContract, letter


class TestFolderMailer(MailerContract):
    @pytest.fixture
    def mailer(self, tmp_path: Path) -> FolderMailer:
        return FolderMailer(tmp_path / "mail")

    @pytest.fixture
    def arrived(self, tmp_path: Path) -> Arrived:
        return lambda: [file.read_bytes() for file in sorted((tmp_path / "mail").glob("*"))]

    def test_only_its_owner_reads_a_letter_and_its_name_tells_nobody(self, tmp_path: Path) -> None:
        with FolderMailer(tmp_path / "mail").sending() as send:
            name = send(letter())
        assert (tmp_path / "mail" / name).stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
        assert name.startswith("2026-03-02-090000-")
        assert "ann" not in name

    def test_a_folder_that_cannot_be_written_to_is_tried_again_later(self, tmp_path: Path) -> None:
        (tmp_path / "mail").write_text("in the way")
        with FolderMailer(tmp_path / "mail").sending() as send, pytest.raises(Unavailable):
            send(letter())
