"""What was asked for of bookings is remembered for as long as they stand as they did."""

from integrations.remembered import Remembered


def test_it_is_told_again_in_the_same_state_only() -> None:
    remembered: Remembered[str, str] = Remembered(2)
    remembered.keep("1", "booked", "with an add-on")
    assert remembered.told("1", "booked") == "with an add-on"
    assert remembered.told("1", "moved") is None
    assert remembered.told("2", "booked") is None


def test_the_newest_are_kept() -> None:
    remembered: Remembered[str, str] = Remembered(2)
    for booking in "123":
        remembered.keep(booking, "booked", booking)
    assert [remembered.told(booking, "booked") for booking in "123"] == [None, "2", "3"]


def test_those_in_a_state_can_be_forgotten() -> None:
    remembered: Remembered[str, str] = Remembered(2)
    remembered.keep("1", "ahead", "one")
    remembered.keep("2", "over", "two")
    remembered.forget(lambda state: state == "ahead")
    assert (remembered.told("1", "ahead"), remembered.told("2", "over")) == (None, "two")
