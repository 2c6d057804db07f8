"""A feed's token opens one feed in one generation, can be printed again and is never kept."""

import hmac
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.entries import Feed
from scheduler_app.domain.tokens import printed_again, stored_form, token, well_formed
from scheduler_app.errors import Invalid

KEY = bytes(range(32))
OLD_KEY = bytes(range(32, 64))
FEED = Feed(ref="f1", client="c1")
refs = st.text(alphabet="abc123 |", min_size=1, max_size=6)


def test_a_token_carries_all_256_bits_of_the_mac_in_43_url_safe_characters() -> None:
    made = token(KEY, FEED)
    assert len(made) == 43
    assert well_formed(made)
    assert urlsafe_b64decode(made + "=") == hmac.digest(KEY, b"feed 2 f1 1", "sha256")


def test_the_same_feed_has_the_same_token_every_time() -> None:
    assert token(KEY, FEED) == token(KEY, Feed(ref="f1", client="somebody else"))


def test_raising_the_generation_makes_another_token() -> None:
    assert token(KEY, FEED) != token(KEY, replace(FEED, generation=2))


@given(refs, refs, st.integers(1, 300), st.integers(1, 300))
def test_no_two_feeds_or_generations_share_a_token(one: str, two: str, first: int, second: int) -> None:
    same = (one, first) == (two, second)
    left, right = Feed(one, "c", first), Feed(two, "c", second)
    assert (token(KEY, left) == token(KEY, right)) is same


def test_what_is_kept_is_the_sha256_and_not_the_token() -> None:
    made = token(KEY, FEED)
    assert len(stored_form(made)) == 32
    assert made.encode() not in stored_form(made)


def test_a_token_made_with_an_older_key_can_be_printed_again_while_that_key_is_listed() -> None:
    made = token(OLD_KEY, FEED)
    assert printed_again((KEY, OLD_KEY), FEED, stored_form(made)) == made


def test_a_token_whose_key_is_gone_cannot_be_printed() -> None:
    assert printed_again((KEY,), FEED, stored_form(token(OLD_KEY, FEED))) is None
    assert printed_again((), FEED, stored_form(token(OLD_KEY, FEED))) is None


@pytest.mark.parametrize(
    "text", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "/", "ä" * 43, "a" * 42 + "\n"]
)
def test_what_cannot_be_a_token_is_told_from_its_shape(text: str) -> None:
    assert not well_formed(text)


def test_a_short_key_is_refused_without_repeating_it() -> None:
    with pytest.raises(Invalid) as refused:
        token(b"password", FEED)
    assert "password" not in str(refused.value).replace("password generator", "")
