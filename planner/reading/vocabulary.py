"""Values of facts, held against the closed vocabulary of the catalog."""
from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from planner.domain.catalog import FactDefinition
from planner.problems import nearest

MAX_FACT_DIGITS = 15  # so that a fact passes through JSON as a number, unchanged
_NUMERIC_TESTS = ("at_least", "at_most", "above", "below")
_TAKES = {"bool": "true or false", "int": "a whole number", "number": "a number", "country": "a two-letter country code such as FR",
          "list": "a list"}


class Objection(NamedTuple):
    """What is wrong with a value, and the nearest right one."""

    message: str
    hint: str = ""


def unknown_fact(name: str, facts: Mapping[str, FactDefinition]) -> Objection | None:
    """An objection where the vocabulary has no such fact."""
    return None if name in facts else Objection(f"there is no fact {name!r} in the catalog's vocabulary", nearest(name, facts))


def asked_fact(name: str, facts: Mapping[str, FactDefinition]) -> Objection | None:
    """An objection where a user cannot state this fact: no such name, or it follows from other facts."""
    if name in facts and facts[name].derived and facts[name].question is None:
        return Objection(f"{name!r} is not asked: it follows from other facts", "leave it out")
    return unknown_fact(name, facts)


def value_objection(fact: FactDefinition, value: Any) -> Objection | None:
    """An objection where a fact cannot have this value. `list` facts take a list of texts, of `values` where they are listed."""
    if fact.type != "list":
        return _scalar_objection(fact, value)
    if not isinstance(value, (list, tuple)):
        return Objection(f"`{fact.name}` takes a list, not {value!r}", "write it in square brackets")
    return next((found for item in value if (found := _scalar_objection(fact, item))), None)


def condition_objection(fact: FactDefinition, test: str, wanted: Any) -> Objection | None:
    """An objection where a condition's test can never hold of this fact; `test` is the key as it is written in a file."""
    if test in ("known", "fact"):
        return None
    if test in _NUMERIC_TESTS:
        return None if fact.type in ("int", "number") else Objection(f"`{test}` tests a number, and `{fact.name}` takes {_takes(fact)}")
    if test == "in_group":
        return None if _may_be_country(fact) else Objection(f"`in_group` tests a country, and `{fact.name}` takes {_takes(fact)}")
    if fact.type == "list" and test != "any_of":
        return Objection(f"`{test}` cannot test `{fact.name}`, which takes a list", "a list is tested with `any_of`")
    if test == "any_of" and fact.type not in ("list", "enum", "country"):
        return Objection(f"`any_of` cannot test `{fact.name}`, which takes {_takes(fact)}", "test it with `is` or `in`")
    values = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    return next((found for value in values if (found := _scalar_objection(fact, value))), None)


def _may_be_country(fact: FactDefinition) -> bool:
    """Countries may also be listed as values, beside words such as `none`."""
    return fact.type == "country" or any(re.fullmatch(r"[A-Z]{2}", value) for value in fact.values)


def _scalar_objection(fact: FactDefinition, value: Any) -> Objection | None:
    if fact.values:
        if value in fact.values and isinstance(value, str):
            return None
        hint = nearest(value, fact.values) if isinstance(value, str) else ""
        return Objection(f"`{fact.name}` is one of {', '.join(fact.values)}, not {_written(value)}", hint)
    right = {
        "bool": isinstance(value, bool),
        "int": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, (int, Decimal)) and not isinstance(value, bool),
        "country": isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value) is not None,
    }
    if right.get(fact.type, isinstance(value, str)):
        too_long = isinstance(value, (int, Decimal)) and len(Decimal(value).as_tuple().digits) > MAX_FACT_DIGITS
        return Objection(f"`{fact.name}` may have {MAX_FACT_DIGITS} digits at most") if too_long else None
    return Objection(f"`{fact.name}` takes {_takes(fact)}, not {_written(value)}")


def _takes(fact: FactDefinition) -> str:
    if fact.type == "enum":
        return f"one of {', '.join(fact.values)}"
    return _TAKES[fact.type]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a mapping" if isinstance(value, dict) else repr(value) if isinstance(value, str) else str(value)
