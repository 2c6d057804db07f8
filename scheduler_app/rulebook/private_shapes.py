"""The shapes of [links] and [retention] in clinic.toml."""

from pydantic import Field

from scheduler_app.rulebook.shapes import Shape


class LinksShape(Shape):
    """[links]: private links to a client's own pages."""

    intake_days: int = Field(default=7, ge=1, le=60, examples=[7])
    hours: int = Field(default=24, ge=1, le=168, examples=[24])
    a_day: int = Field(default=3, ge=1, le=20, examples=[3])
    ask: bool = Field(default=True, examples=[True])


class RetentionShape(Shape):
    """[retention]: months, but for clients_years."""

    delivery_bodies: int = Field(default=3, ge=1, le=120, examples=[3])
    deliveries: int = Field(default=12, ge=1, le=120, examples=[12])
    settled: int = Field(default=3, ge=1, le=120, examples=[3])
    mails: int = Field(default=12, ge=1, le=120, examples=[12])
    links: int = Field(default=1, ge=1, le=120, examples=[1])
    clients_years: int | None = Field(default=None, ge=2, le=50, examples=[8])
