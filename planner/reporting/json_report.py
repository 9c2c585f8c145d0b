"""JSON for scripts: one document, in a fixed order, exact numbers as text, unknown as null."""
from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from planner.domain.base import Noun
from planner.domain.report import Report


def to_json(document: Noun | Mapping[str, Any]) -> str:
    """A noun, or a mapping that may hold nouns, as one indented JSON document that ends with a newline.

    Keys keep the order of the noun or mapping; sets are sorted; a Decimal becomes plain text without an exponent. Everything
    outside ASCII is escaped, so that the bytes are the same in every locale and no terminal acts on them. ValueError for NaN.
    """
    return json.dumps(_plain(document), indent=1, allow_nan=False) + "\n"


def report_json(report: Report) -> str:
    """The whole report as saved in plan.json; `Report.model_validate_json` gives the same report back."""
    return to_json(report)


def _plain(value: Any) -> Any:
    if isinstance(value, Noun):
        return {info.alias or name: _plain(getattr(value, name)) for name, info in type(value).model_fields.items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(inner) for inner in value), key=lambda inner: json.dumps(inner))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value
