"""YAML that means what it shows: the core scalars of YAML 1.2, exact numbers, and nothing clever.

No aliases, tags, merge keys, second documents or duplicate keys; bounded in size, depth and number of values. Built
on the parser's stream of events with a stack of our own, so no input can exhaust Python's. Places are not kept
while reading, which would double its time: they are found by reading the text once more when a problem needs one.
"""
from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from planner.problems import Problem, Refused
from planner.reading.files import check_characters, decode, named, read_bytes, refuse, shown, unwelcome

MAX_BYTES = 1_048_576
MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_SCALAR = 20_000  # characters
MAX_DIGITS = 30  # of a number, and the largest power of ten either way
MAX_PROBLEMS = 100  # after so many, reading stops

Route = tuple[str | int, ...]  # the keys and indices that lead to a value
Place = tuple[int, int]  # line and column, from 1

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None,
          "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INTEGER = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_BASES = {"0o": 8, "0x": 16}


@dataclass
class Places:
    """Where values and keys stand in a file: path -> (line, column)."""

    values: dict[Route, Place] = field(default_factory=dict)
    keys: dict[Route, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """What one file says. `data` is made of dict, list, str, int, Decimal, bool and None; `sha256` is of the raw bytes."""

    name: str
    text: str = field(repr=False)
    data: Any
    sha256: str

    @cached_property
    def _places(self) -> Places:
        places = Places()
        _Builder(self.name, self.text, places).build()
        return places

    @property
    def places(self) -> dict[Route, Place]:
        """The place of every value."""
        return self._places.values

    @property
    def key_places(self) -> dict[Route, Place]:
        """The place of every key of every mapping, under the path of its value."""
        return self._places.keys

    def problem(self, path: Route, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with the value at `path` (or with its key); a path that leads nowhere has the place of what would hold it."""
        where = self.key_places if key and path in self.key_places else self.places
        held = path
        while held not in where and held:
            held, where = held[:-1], self.places
        return Problem(self.name, *where.get(held, (1, 1)), path_text(path), message, hint)


def path_text(path: Route) -> str:
    """A path as it is shown: `workloads[2].demand.users`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def read(path: Path) -> Document:
    """The document in a file. Raises Refused with the place of everything that is not allowed."""
    return from_bytes(shown(path), read_bytes(path, MAX_BYTES))


def from_bytes(name: str, raw: bytes) -> Document:
    """The document in the bytes of the file `name`. Raises Refused."""
    text = decode(name, raw)
    return Document(name, text, _Builder(name, text).build(), hashlib.sha256(raw).hexdigest())


def parse(name: str, text: str) -> Document:
    """The document in a text; `name` stands for the file in every problem. Raises Refused."""
    check_characters(name, text)
    raw = text.encode("utf-8")
    if len(raw) > MAX_BYTES:
        raise refuse(name, f"the text is larger than {MAX_BYTES:,} bytes")
    return Document(name, text, _Builder(name, text).build(), hashlib.sha256(raw).hexdigest())


class _Builder:
    """Builds plain data from the parser's events. The innermost open container is `box`; in a mapping, `key` awaits its value."""

    def __init__(self, name: str, text: str, places: Places | None = None):
        self.name, self.text, self.places = name, text, places
        self.box: Any = []  # holds the root
        self.key: str | None = None
        self.outer: list[tuple[Any, str | None]] = []
        self.nodes = self.documents = 0
        self.escapes = "\\" in text
        self.problems: list[Problem] = []

    def build(self) -> Any:
        """The data. Raises Refused with all problems; what cannot be read past (syntax, bounds) ends the list."""
        take = {yaml.ScalarEvent: self._scalar, yaml.MappingStartEvent: self._mapping, yaml.SequenceStartEvent: self._sequence,
                yaml.MappingEndEvent: self._close, yaml.SequenceEndEvent: self._close, yaml.AliasEvent: self._alias,
                yaml.DocumentStartEvent: self._document}
        root = self.box
        try:
            parser = _Parser(self.text)
            while type(event := parser.get_event()) is not yaml.StreamEndEvent:
                if handle := take.get(type(event)):
                    handle(event)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            why = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
            too_deep = "nesting depth" in why  # newer readers have a limit of their own, and look far ahead
            self._stop(f"values are nested deeper than {MAX_DEPTH}" if too_deep else f"this is not valid YAML: {why}", mark)
        if self.problems:
            raise Refused(self.problems)
        if not root:
            raise refuse(self.name, "the file is empty")
        return root[0]

    # ------------------------------------------------------------------------------------ events

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop("there is a second document in the file", event.start_mark, "`---` may only stand at the top")

    def _alias(self, event: Any) -> None:
        self._fault("an alias is not allowed", event.start_mark, "write the value out")
        self._attach(None, event)

    def _mapping(self, event: Any) -> None:
        self._open({}, event)

    def _sequence(self, event: Any) -> None:
        self._open([], event)

    def _open(self, box: Any, event: Any) -> None:
        if self.key is None and type(self.box) is dict:
            self._stop("a key must be plain text", event.start_mark)
        if len(self.outer) >= MAX_DEPTH:
            self._stop(f"values are nested deeper than {MAX_DEPTH}", event.start_mark)
        self._admit(event)
        self._attach(box, event)
        self.outer.append((self.box, self.key))
        self.box, self.key = box, None

    def _close(self, _: Any) -> None:
        self.box, self.key = self.outer.pop()[0], None

    def _scalar(self, event: Any) -> None:
        self._admit(event)
        text = event.value
        if len(text) > MAX_SCALAR:
            self._stop(f"a text is longer than {MAX_SCALAR:,} characters", event.start_mark)
        if self.escapes and event.style == '"' and (bad := unwelcome(text)) is not None:
            self._fault(f"the hidden character {named(text[bad])} is not allowed", event.start_mark, "delete it")
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if self.key is None and type(self.box) is dict:
            self._take_key(text, event)
        else:
            self._attach(self._resolved(text, event) if event.implicit[0] else text, event)

    def _take_key(self, text: str, event: Any) -> None:
        self.key = text
        if text in self.box:
            self._fault(f"the key {text[:80]!r} is given twice", event.start_mark)
        elif text == "<<" and event.implicit[0]:
            self._fault("a merge key is not allowed", event.start_mark, "write the values out")
        elif not text:
            self._fault("a key is missing before the colon", event.start_mark)
        self.box[text] = None  # so that a problem with the value finds its path
        if self.places is not None:
            self.places.keys[self._here()] = _place(event.start_mark)

    def _resolved(self, text: str, event: Any) -> Any:
        """A plain scalar by the core schema of YAML 1.2: null, true, false, a number, or text."""
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in "+-.0123456789":
            return text
        if _INTEGER.match(text) or _DECIMAL.match(text):
            return self._number(text, event)
        if _NOT_FINITE.match(text):
            self._fault(f"{text} is not a finite number", event.start_mark)
        return text

    def _number(self, text: str, event: Any) -> int | Decimal | None:
        if len(text) <= 2 * MAX_DIGITS:
            if text[:2] in _BASES:
                return int(text, _BASES[text[:2]])
            try:
                number = Decimal(text)
            except InvalidOperation:  # an exponent beyond every bound
                number = Decimal("Infinity")
            if number.is_finite() and len(number.as_tuple().digits) <= MAX_DIGITS and abs(number.adjusted()) <= MAX_DIGITS:
                return int(text) if _INTEGER.match(text) else number
        self._fault(f"a number may have {MAX_DIGITS} digits at most", event.start_mark)
        return None

    # ------------------------------------------------------------------------------------ helpers

    def _admit(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop(f"the file holds more than {MAX_NODES:,} values", event.start_mark, "split it into several files")
        if event.anchor is not None:
            self._fault("an anchor is not allowed", event.start_mark, "write the value out")
        if event.tag is not None:
            self._fault(f"the tag {event.tag[:60]!r} is not allowed", event.start_mark)

    def _attach(self, value: Any, event: Any) -> None:
        if self.places is not None:
            self.places.values[self._here()] = _place(event.start_mark)
        if type(self.box) is list:
            self.box.append(value)
        elif self.key is None:
            self._stop("a key must be plain text", event.start_mark)
        else:
            self.box[self.key] = value
            if type(value) is not dict and type(value) is not list:
                self.key = None

    def _here(self) -> Route:
        """The path of the value that comes next."""
        steps = [*self.outer, (self.box, self.key)][1:]  # the first holds the root
        route = tuple(key if type(box) is dict else len(box) - (depth < len(steps) - 1) for depth, (box, key) in enumerate(steps))
        return route[:-1] if route and route[-1] is None else route

    def _fault(self, message: str, mark: Any, hint: str = "") -> None:
        line, column = _place(mark) if mark else (1, 1)
        self.problems.append(Problem(self.name, line, column, path_text(self._here()), message, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Refused(self.problems)

    def _stop(self, message: str, mark: Any, hint: str = "") -> None:
        self._fault(message, mark, hint)
        raise Refused(self.problems)


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1
