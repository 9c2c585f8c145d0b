"""Asking a person one thing at a time: what is asked, why, what may be answered; and nobody is kept from saying "I don't know"."""
from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from planner.cli.common import say
from planner.problems import UsageError, nearest

UNKNOWN = None  # the answer "don't know"
_YES, _NO = ("yes", "y", "true"), ("no", "n", "false")
_DONT_KNOW = ("?", "unknown", "don't know", "dont know", "null")
_LONG = 12  # accepted words that a prompt still lists one by one
HELP = "Enter takes what stands in brackets, ? is \"I don't know\", q ends the questions."

Kind = Literal["text", "int", "number", "bool", "enum", "country", "list", "day"]
Origin = Literal["given", "asked", "default"]


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `why` says what turns on it; `default` is taken where nobody answers (None: not known)."""

    key: str  # as in an answers file
    words: str
    kind: Kind
    why: str = ""
    default: Any = UNKNOWN
    values: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)  # value -> what it says, where a word alone does not
    needed: bool = False  # "I don't know" is no answer to it
    low: int = 0  # of a number
    high: int | None = None
    flag: str = ""  # the option of the command that answers it


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered (None: not known), and by whom."""

    item: Item
    value: Any
    origin: Origin


class Walker:
    """Puts questions in turn: what is given answers first, then a person where `asks`, then the default. Keeps every answer."""

    def __init__(self, given: Mapping[str, Any], asks: bool, line: Callable[[], str] = sys.stdin.readline):
        self.given, self.asks, self._line = given, asks, line
        self.answers: list[Answer] = []
        self.ended = False  # the person said that it is enough, or is gone

    def ask(self, item: Item) -> Any:
        """The answer to a question; None where it is not known."""
        if item.key in self.given:
            return self._keep(item, self.given[item.key], "given")
        if self.asks:
            value, answered = self._put(item)
            if answered:
                return self._keep(item, value, "asked")
        return self._keep(item, item.default, "default")

    def pick(self, words: str, why: str, lines: Sequence[str]) -> tuple[int, ...] | None:
        """The numbers (from 0) of those of some lines that hold; an empty tuple for none of them, None where it is not known."""
        say(f"\n{words}\n  {why}")
        for number, line in enumerate(lines, 1):
            say(f"  {number:>2} {line}")
        while True:
            text = self._read("none, the numbers of those that hold, or ?", "?")
            if text is None or text in _DONT_KNOW:
                return None
            if text == "none":
                return ()
            words_of = text.replace(",", " ").split()
            if all(w.isdigit() and 1 <= int(w) <= len(lines) for w in words_of):
                return tuple(sorted({int(w) - 1 for w in words_of}))
            say(f"  `none`, numbers from 1 to {len(lines)}, or `?`")

    def defaults(self) -> tuple[Answer, ...]:
        """The answers that nobody gave."""
        return tuple(a for a in self.answers if a.origin == "default")

    def _keep(self, item: Item, value: Any, origin: Origin) -> Any:
        self.answers.append(Answer(item, value, origin))
        return value

    def _put(self, item: Item) -> tuple[Any, bool]:
        """Ask a person until the answer is one; (value, True), or (None, False) where there is nobody to answer any more."""
        say(f"\n{item.words}" + (f"\n  {item.why}" if item.why else ""))
        for value, words in item.meanings.items():
            say(f"    {value}: {words}")
        takes = accepted(item)
        while True:
            text = self._read(takes, shown(item.default))
            if text is None:
                return None, False
            if not text:
                return item.default, True
            try:
                return parsed(item, text), True
            except ValueError as error:
                say(f"  {error}")

    def _read(self, takes: str, default: str) -> str | None:
        """One line of the person's, trimmed; None where they ended the questions or there are no more lines."""
        sys.stderr.write(f"  {takes} [{default}]: ")
        sys.stderr.flush()
        line = self._line()
        if not line or line.strip() == "q":
            self.asks, self.ended = False, True
            say("")
            return None
        return line.strip()


def accepted(item: Item) -> str:
    """What may be answered, in words."""
    if item.kind == "enum":
        return " | ".join(item.values) if len(item.values) <= _LONG else f"one of {', '.join(item.values)}"
    if item.kind in ("int", "number"):
        return ("a whole number" if item.kind == "int" else "a number") + (f" from {item.low} to {item.high}" if item.high is not None else "")
    return {"bool": "yes | no", "country": "two letters, such as FR", "list": "words, with commas between",
            "day": "a day, such as 2027-01-01", "text": "text"}[item.kind]


def shown(value: Any) -> str:
    """An answer as a person would type it."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def parsed(item: Item, text: str) -> Any:
    """The value that a person typed; None for "I don't know". Raises ValueError, with what is accepted."""
    text = text.strip()
    if text.lower() in _DONT_KNOW:
        if item.needed:
            raise ValueError("the plan cannot do without it: give your best guess, you can change it later")
        return UNKNOWN
    value = _PARSERS[item.kind](item, text)
    if value is None:
        raise ValueError(f"{text!r} is not accepted here: {accepted(item)}" + (f"; {hint}" if (hint := nearest(text, item.values)) else ""))
    return value


def from_flag(item: Item, text: str) -> Any:
    """The value of a flag. Raises UsageError that names the flag."""
    try:
        return parsed(item, text)
    except ValueError as error:
        raise UsageError(f"{item.flag}: {error}") from None


def _bool(_: Item, text: str) -> bool | None:
    return True if text.lower() in _YES else False if text.lower() in _NO else None


def _number(item: Item, text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "").replace("_", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and item.low <= number <= (number if item.high is None else item.high) else None


def _int(item: Item, text: str) -> int | None:
    number = _number(item, text)
    return int(number) if number is not None and number == int(number) else None


def _day(_: Item, text: str) -> str | None:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _list(item: Item, text: str) -> tuple[str, ...] | None:
    words = tuple(word.strip() for word in text.split(",") if word.strip())
    return words if words and (not item.values or set(words) <= set(item.values)) else None


_PARSERS: dict[str, Callable[[Item, str], Any]] = {
    "bool": _bool, "int": _int, "number": _number, "day": _day, "list": _list,
    "text": lambda _, text: text,
    "enum": lambda item, text: text if text in item.values else None,
    "country": lambda item, text: text.upper() if len(text) == 2 and text.isalpha() and (not item.values or text.upper() in item.values) else None,
}
