"""Documents made from templates that lie beside the code which fills them."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template


@cache
def template_in(folder: Path, name: str) -> Template:
    """Compiled once. Whatever is filled in is escaped, and what is missing raises."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
