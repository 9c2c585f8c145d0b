"""A commented assessment to start from, with the user's own words put in safely."""
from __future__ import annotations

import json
from datetime import date
from typing import Any

from planner.resources import bundled

START = date(2027, 1, 1)  # of the example's horizon; the reader of the file sets their own


def starter(name: str, sector: str, country: str, users: int, start: date = START) -> str:
    """The text of an assessment (YAML) for an organisation with one assistant for so many users.

    Words are written as quoted YAML scalars, so that a name such as `yes: [no]` stays a name. What they say is checked when it is read.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    engine = Environment(
        loader=FileSystemLoader(bundled("templates")),
        undefined=StrictUndefined,
        finalize=_scalar,
        keep_trailing_newline=True,
        autoescape=False,
    )
    title = f"{name}, AI adoption from {start.year}"
    return engine.get_template("starter.yaml.j2").render(title=title, name=name, sector=sector, country=country, users=users, start=start)


def _scalar(value: Any) -> str:
    """A value as one YAML scalar; JSON's quoting is YAML's double quoting."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
