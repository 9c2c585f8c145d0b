"""Where the bundled folders (catalog, templates, assessments) lie, in a wheel and in a checkout."""
from __future__ import annotations

from pathlib import Path

KINDS = ("catalog", "templates", "assessments")


def bundled(kind: str) -> Path:
    """The folder of this kind that ships with this version of the tool.

    A checkout (or an editable install of one) reads its top-level folders where they lie, so an edited
    fact counts at once; a wheel reads `planner/_bundled/`. Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of resource {kind!r}; one of {', '.join(KINDS)}")
    package = Path(__file__).resolve().parent
    in_wheel = package / "_bundled" / kind
    return in_wheel if in_wheel.is_dir() else package.parent / kind
