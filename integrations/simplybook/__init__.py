"""SimplyBook.me: asked before it books, told by callbacks, bookings read, approved and called off."""

from integrations.simplybook.platform import SimplybookPlatform

__all__ = ["SimplybookPlatform"]
