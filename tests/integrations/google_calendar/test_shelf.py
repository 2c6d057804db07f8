"""Where a person's sign-in is kept."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.google_calendar.shelf import SignIn, TokenShelf
from scheduler_app.errors import Invalid

KEPT = SignIn(
    "client",
    "client-5ecret",
    "https://oauth2.googleapis.com/token",
    "refresh-5ecret",
    "access-5ecret",
    datetime(2026, 3, 1, 10, tzinfo=UTC),
    datetime(2026, 3, 8, 9, tzinfo=UTC),
    datetime(2026, 3, 1, 9, tzinfo=UTC),
)


def test_what_was_put_there_is_there(tmp_path: Path) -> None:
    shelf = TokenShelf(tmp_path / "deeper" / "sign-in", [b"key"])
    assert shelf.get() is None
    shelf.put(KEPT)
    assert shelf.get() == KEPT


def test_nothing_of_it_can_be_read_in_the_file_nor_in_a_log(tmp_path: Path) -> None:
    path = tmp_path / "sign-in"
    TokenShelf(path, [b"key"]).put(KEPT)
    assert b"5ecret" not in path.read_bytes()
    assert "5ecret" not in repr(KEPT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["sign-in"]


def test_keys_may_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "sign-in"
    TokenShelf(path, [b"old"]).put(KEPT)
    both = TokenShelf(path, [b"new", b"old"])
    assert both.get() == KEPT
    both.put(KEPT)
    assert TokenShelf(path, [b"new"]).get() == KEPT


@pytest.mark.parametrize("spoil", ["key", "bytes", "folder"])
def test_what_cannot_be_opened_is_told_with_the_cure(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "sign-in"
    if spoil == "folder":
        path.mkdir()
    else:
        TokenShelf(path, [b"another" if spoil == "key" else b"key"]).put(KEPT)
    if spoil == "bytes":
        path.write_bytes(b"\x00" + path.read_bytes()[1:])
    with pytest.raises(Invalid) as refused:
        TokenShelf(path, [b"key"]).get()
    assert (refused.value.code, refused.value.path) == ("sign-in-unreadable", "sign-in")


def test_a_shelf_without_a_key_is_none(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        TokenShelf(tmp_path / "sign-in", [])
