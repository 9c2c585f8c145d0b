"""JSON with places: strict, bounded, no key twice, and a line and a column for whatever is wrong.

The standard parser does the reading; its data carries no places, so the text is scanned once more where a problem needs one.
"""
from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from planner.problems import Problem, Refused
from planner.reading.files import decode, named, read_bytes, refuse, shown, unwelcome
from planner.reading.references import walk
from planner.reading.strict_yaml import Route, path_text

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


@dataclass(frozen=True)
class JsonDocument:
    """What one JSON file says; numbers with a point are Decimal."""

    name: str
    text: str = field(repr=False)
    data: Any

    @cached_property
    def _offsets(self) -> _Offsets:
        return _scan(self.text)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def problem(self, path: Route, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with the value at `path` (or with its key); a path that leads nowhere has the place of what would hold it."""
        where = self._offsets.keys if key and path in self._offsets.keys else self._offsets.values
        held = path
        while held not in where and held:
            held, where = held[:-1], self._offsets.values
        offset = where.get(held, 0)
        line = bisect_right(self._lines, offset)
        return Problem(self.name, line, offset - self._lines[line - 1] + 1, path_text(path), message, hint)


def read_json(path: Path, limit: int) -> JsonDocument:
    """The document in a JSON file of at most `limit` bytes. Raises Refused with the place of what is wrong."""
    name = shown(path)
    return parse_json(name, decode(name, read_bytes(path, limit)))


def parse_json(name: str, text: str) -> JsonDocument:
    """The document in a text that is known by `name`. Raises Refused with the place of what is wrong."""
    twice: list[str] = []
    try:
        data = json.loads(text, object_pairs_hook=lambda pairs: _mapping(pairs, twice), parse_float=_decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise refuse(name, f"this is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.lineno, error.colno) from None
    except RecursionError:
        raise refuse(name, "values are nested too deep") from None
    except ValueError as error:  # a constant that is no number, or a number of thousands of digits
        raise refuse(name, f"this is not valid JSON: {error}") from None
    document = JsonDocument(name, text, data)
    problems = [document.problem(route, "this key is given twice", key=True) for route in (_scan(text).twice if twice else ())]
    for value, _, route in walk(data) if "\\" in text else ():
        if isinstance(value, str) and (at := unwelcome(value)) is not None:
            problems.append(document.problem(route, f"the hidden character {named(value[at])} is not allowed", "delete it"))
    if problems:
        raise Refused(problems)
    return document


def _mapping(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice.append("")
    return made


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"the number {text[:40]} is out of range") from None


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


@dataclass
class _Offsets:
    """Where values and keys stand in a text, and the paths of keys that stand twice."""

    values: dict[Route, int] = field(default_factory=dict)
    keys: dict[Route, int] = field(default_factory=dict)
    twice: list[Route] = field(default_factory=list)


def _scan(text: str) -> _Offsets:
    """The offsets in a text that is known to be valid JSON."""
    found, route = _Offsets(), []  # type: ignore[var-annotated]
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in "}]":
            route.pop()
        elif token == ",":
            route[-1] = route[-1] + 1 if isinstance(route[-1], int) else None
        elif token == ":":
            continue
        elif route and route[-1] is None:
            route[-1] = json.loads(token)
            here = tuple(route)
            if here in found.keys:
                found.twice.append(here)
            found.keys[here] = match.start()
        else:
            found.values[tuple(route)] = match.start()
            if token in "{[":
                route.append(None if token == "{" else 0)
    return found
