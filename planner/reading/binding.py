"""Plain data into nouns. Every objection pydantic has becomes a Problem in plain words, with the place of the value."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Protocol, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from planner.problems import Problem, nearest
from planner.reading.strict_yaml import Route

N = TypeVar("N", bound=BaseModel)
MAX_LISTED = 25  # accepted values that one message lists


class Placed(Protocol):
    """Data that knows where in its file each value stands."""

    data: Any

    def problem(self, path: Route, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with the value (or the key) at a path."""


def bind(noun: type[N], document: Placed, at: Route = ()) -> N | list[Problem]:
    """The noun that the value at `at` describes, or every problem with it, one a place."""
    data = document.data
    for part in at:
        data = data[part]
    try:
        return noun.model_validate(data)
    except ValidationError as error:
        return problems_of(error, noun, document, at)


def problems_of(error: ValidationError, noun: type[BaseModel], document: Placed, at: Route = ()) -> list[Problem]:
    """A validation error as problems, sorted by place. A union's several objections to one value are joined."""
    data = document.data
    for part in at:
        data = data[part]
    objections: dict[tuple[Route, bool], list[tuple[dict[str, Any], Route]]] = {}
    for item in error.errors(include_url=False):
        route, is_key = _route(item, data)
        objections.setdefault((route, is_key), []).append((item, tuple(item["loc"])))
    found = []
    for (route, is_key), items in objections.items():
        if _echoes(route, items, objections):
            continue
        message, hint = _said(items, noun)
        found.append(document.problem(at + route, message, hint, key=is_key))
    return sorted(found)


def _echoes(route: Route, items: list[tuple[dict[str, Any], Route]], objections: Iterable[tuple[Route, bool]]) -> bool:
    """Whether an objection only repeats one further inside: a list short of its faulty items, a union that failed inside."""
    inside = any(len(other) > len(route) and other[: len(route)] == route for other, _ in objections)
    return inside and (len(items) > 1 or items[0][0]["type"] == "too_short")


def _route(item: Mapping[str, Any], data: Any) -> tuple[Route, bool]:
    """Where in the data an error points, and whether at a key. Parts of `loc` that only name a branch of a union are skipped."""
    route: list[str | int] = []
    for part in item["loc"]:
        if isinstance(data, dict) and str(part) in data:
            data = data[str(part)]
            route.append(str(part))
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
            route.append(part)
    if item["type"] == "missing":
        route.append(str(item["loc"][-1]))
    return tuple(route), item["type"] == "extra_forbidden" or item["loc"][-1:] == ("[key]",)


# ------------------------------------------------------------------------------------------------- in words


def _said(items: list[tuple[dict[str, Any], Route]], noun: type[BaseModel]) -> tuple[str, str]:
    """Message and hint for what is objected to one value."""
    item, loc = items[0]
    if item["type"] == "extra_forbidden":
        return "there is no such key here", _known_keys(str(loc[-1]), noun, loc[:-1])
    if len(items) > 1:
        kinds = [_NEEDED[i["type"]] for i, _ in items if i["type"] in _NEEDED]
        if len(kinds) == len(items):
            return f"{_any_of(kinds)} is needed here, not {_quoted(item['input'])}", ""
        item = next(i for i, _ in items if i["type"] not in _NEEDED)
    return _words(item)


def _words(item: Mapping[str, Any]) -> tuple[str, str]:
    kind, context, value = item["type"], item.get("ctx", {}), item["input"]
    if kind == "missing":
        return "this key is missing", ""
    if kind == "value_error":
        return str(context["error"]), ""
    if kind in ("enum", "literal_error"):
        accepted = re.findall(r"'([^']*)'", str(context["expected"])) or [str(context["expected"])]
        hint = nearest(value, accepted) if isinstance(value, str) else ""
        return f"{_quoted(value)} is not accepted here; one of {_listed(accepted)}", hint
    if kind in _NEEDED:
        return f"{_NEEDED[kind]} is needed here, not {_quoted(value)}", _HINTS.get(kind, "")
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(value=_quoted(value), **context), ""
    return item["msg"][:1].lower() + item["msg"][1:], ""


_NEEDED = {
    "model_type": "a mapping of keys to values", "mapping_type": "a mapping of keys to values", "dict_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values", "tuple_type": "a list", "list_type": "a list", "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number", "decimal_type": "a number",
    "decimal_parsing": "a number", "date_type": "a date", "date_parsing": "a date", "date_from_datetime_parsing": "a date",
    "date_from_datetime_inexact": "a date", "is_instance_of": "another kind of value",
}
_HINTS = {
    "string_type": "put it in quotation marks if it is a text", "tuple_type": "write `[a, b]`, or one item a line after `- `",
    "date_type": "write 2026-05-22", "date_parsing": "write 2026-05-22", "date_from_datetime_parsing": "write 2026-05-22",
    "date_from_datetime_inexact": "write 2026-05-22",
}
_BOUNDS = {
    "greater_than_equal": "it must be at least {ge}, and is {value}", "greater_than": "it must be above {gt}, and is {value}",
    "less_than_equal": "it must be at most {le}, and is {value}", "less_than": "it must be below {lt}, and is {value}",
    "too_short": "at least {min_length} must be listed, and there are {actual_length}",
    "too_long": "at most {max_length} may be listed, and there are {actual_length}",
    "string_too_short": "it may not be empty", "string_too_long": "the text is longer than {max_length} characters",
    "string_pattern_mismatch": "{value} is not written as it must be ({pattern})", "finite_number": "the number must be finite",
    "missing_argument": "a value is missing", "int_parsing_size": "the number is out of range",
}


def _quoted(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    text = text if len(text) <= 60 else text[:59] + "…"
    return f"the text {text!r}" if isinstance(value, str) else text


def _any_of(words: Iterable[str]) -> str:
    *some, last = dict.fromkeys(words)
    return f"{', '.join(some)} or {last}" if some else last


def _listed(words: list[str]) -> str:
    return ", ".join(words[:MAX_LISTED]) + (f" and {len(words) - MAX_LISTED} more" if len(words) > MAX_LISTED else "")


# ------------------------------------------------------------------------------------- the keys of a noun


def _known_keys(word: str, noun: type[BaseModel], loc: Route) -> str:
    """The nearest key that the noun at `loc` knows, or all of them where none is near."""
    known = sorted({field.alias or name for model in _models_at(noun, loc) for name, field in model.model_fields.items()})
    return nearest(word, known) or (f"known keys: {_listed(known)}" if known else "")


def _models_at(noun: type[BaseModel], loc: Route) -> list[type[BaseModel]]:
    """The nouns that may stand at `loc`, followed through the annotations of the fields."""
    here: list[Any] = [noun]
    for part in loc:
        here = [inner for annotation in here for inner in _inside(annotation, part)] or here
    return [a for a in here if isinstance(a, type) and issubclass(a, BaseModel)]


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    """What a value of this annotation holds under a key or an index."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias):
                yield from _branches(field.annotation)
    elif arguments := [a for a in get_args(annotation) if a is not Ellipsis]:
        yield from _branches(arguments[-1])


def _branches(annotation: Any) -> Iterator[Any]:
    """The branches of a union, without what annotates them."""
    if get_origin(annotation) is Annotated:
        yield from _branches(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for branch in get_args(annotation):
            yield from _branches(branch)
    else:
        yield annotation
