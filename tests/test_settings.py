"""The environment, read once: what each variable does, and that no secret is ever printed."""

from pathlib import Path

import pytest

from scheduler_app.errors import Invalid
from scheduler_app.settings import Settings

read = Settings.from_environment


def test_without_any_variable_everything_has_a_default() -> None:
    found = read({})
    assert (found.config / "clinic.toml").is_file()
    assert found.data == Path.cwd() / "var" / "clinic"
    assert found.database_url == f"sqlite:///{found.data}/clinic.db"
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert (found.secrets, found.hook_secrets) == ((), {})


def test_the_database_lies_in_the_data_folder_unless_its_address_is_given(tmp_path: Path) -> None:
    assert read({"SCHEDULER_DATA": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/clinic.db"
    assert (
        read({"SCHEDULER_DATABASE_URL": "postgresql+psycopg://db"}).database_url == "postgresql+psycopg://db"
    )


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert read({"SCHEDULER_CONFIG": "", "SCHEDULER_PORT": "", "SCHEDULER_SECRET": " "}) == read({})


def test_several_secrets_at_once_let_keys_rotate() -> None:
    assert read({"SCHEDULER_SECRET": "new, old\nolder"}).secrets == ("new", "old", "older")


def test_secrets_come_from_files_where_the_operator_keeps_them_there(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\ufeffnew\nold\n", encoding="utf-8")
    (tmp_path / "acme").write_text("whsec_1", encoding="utf-8")
    found = read(
        {
            "SCHEDULER_SECRET_FILE": str(tmp_path / "key"),
            "SCHEDULER_HOOK_SECRETS_ACME_FILE": str(tmp_path / "acme"),
        }
    )
    assert found.secrets == ("new", "old")
    assert found.hook_secrets_of("acme") == ("whsec_1",)


def test_each_source_has_its_own_secrets_and_one_without_any_is_refused() -> None:
    found = read({"SCHEDULER_HOOK_SECRETS_ACME_CRM": "one two", "SCHEDULER_HOOK_SECRETS_OTHER": ""})
    assert found.hook_secrets_of("acme-crm") == ("one", "two")
    assert found.hook_secrets_of("other") == ()
    assert found.hook_secrets_of("nobody") == ()


def test_a_secret_is_never_printed() -> None:
    found = read(
        {
            "SCHEDULER_SECRET": "hush-1",
            "SCHEDULER_HOOK_SECRETS_ACME": "hush-2",
            "SCHEDULER_DATABASE_URL": "postgresql+psycopg://user:hush-3@db/clinic",
        }
    )
    assert "hush" not in repr(found)
    assert "hush" not in str(found)


@pytest.mark.parametrize("port", ["eighty", "-1", "65536", "80 80", "８０"])
def test_a_port_that_is_none_is_named_with_its_cure(port: str) -> None:
    with pytest.raises(Invalid) as caught:
        read({"SCHEDULER_PORT": port})
    assert caught.value.path == "SCHEDULER_PORT"
    assert caught.value.message == (
        "SCHEDULER_PORT is no port; write a number from 0 to 65535 (0 takes any that is free)"
    )


def test_a_variable_and_its_file_are_not_set_at_once() -> None:
    with pytest.raises(Invalid, match="SCHEDULER_SECRET and SCHEDULER_SECRET_FILE are both set; set one"):
        read({"SCHEDULER_SECRET": "a", "SCHEDULER_SECRET_FILE": "b"})


def test_a_file_of_secrets_that_cannot_be_read_or_is_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="that SCHEDULER_SECRET_FILE names cannot be read: No such file"):
        read({"SCHEDULER_SECRET_FILE": str(tmp_path / "nothing")})
    with pytest.raises(Invalid, match="that SCHEDULER_SECRET_FILE names cannot be read: it is no text"):
        read({"SCHEDULER_SECRET_FILE": str(_written(tmp_path / "latin", b"\xff\xfe\xff"))})
    with pytest.raises(Invalid, match="the file that SCHEDULER_HOOK_SECRETS_ACME_FILE names is empty"):
        read({"SCHEDULER_HOOK_SECRETS_ACME_FILE": str(_written(tmp_path / "empty", b" \n"))})


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_what_google_gave_is_kept_by_account_and_never_printed(tmp_path: Path) -> None:
    (tmp_path / "clinic.json").write_text('{"type": "service_account"}', encoding="utf-8")
    found = read(
        {
            "SCHEDULER_GOOGLE_CLINIC_FILE": str(tmp_path / "clinic.json"),
            "SCHEDULER_GOOGLE_SECOND_DESK": '{"installed": {}}',
        }
    )
    assert found.google_credentials_of("clinic") == '{"type": "service_account"}'
    assert found.google_credentials_of("second-desk") == '{"installed": {}}'
    assert found.google_credentials_of("third") == ""
    assert "service_account" not in repr(found)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://www.googleapis.com/calendar/v3/",
        "http://127.0.0.1@example.com/calendar/v3/",
        "http://127.0.0.1.example.com/",
        "http://192.168.0.7:8765/calendar/v3/",
        "http://127.0.0.1:8765/calendar/v3",
    ],
)
def test_an_emulator_is_on_this_machine_or_refused(endpoint: str) -> None:
    with pytest.raises(Invalid) as refused:
        read({"SCHEDULER_GOOGLE_API_ENDPOINT": endpoint})
    assert refused.value.path == "SCHEDULER_GOOGLE_API_ENDPOINT"


def test_a_fixed_access_token_is_refused_without_an_emulator() -> None:
    with pytest.raises(Invalid, match="SCHEDULER_GOOGLE_API_ENDPOINT"):
        read({"SCHEDULER_GOOGLE_ACCESS_TOKEN": "ya29"})
    both = read(
        {
            "SCHEDULER_GOOGLE_ACCESS_TOKEN": "ya29",
            "SCHEDULER_GOOGLE_API_ENDPOINT": "http://127.0.0.1:8765/calendar/v3/",
        }
    )
    assert both.google_endpoint == "http://127.0.0.1:8765/calendar/v3/"
    assert "ya29" not in repr(both)


def test_a_mail_password_may_hold_spaces_and_commas_and_stands_in_one_place_only(tmp_path: Path) -> None:
    assert read({"SCHEDULER_SMTP_PASSWORD": "two words, please"}).smtp_password == "two words, please"
    (tmp_path / "secret").write_text("two words, please\n", encoding="utf-8")
    found = read({"SCHEDULER_SMTP_PASSWORD_FILE": str(tmp_path / "secret"), "SCHEDULER_SMTP_USER": "desk"})
    assert (found.smtp_user, found.smtp_password) == ("desk", "two words, please")
    assert "please" not in repr(found)
    with pytest.raises(Invalid, match="both set"):
        read({"SCHEDULER_SMTP_PASSWORD": "a", "SCHEDULER_SMTP_PASSWORD_FILE": str(tmp_path / "secret")})
