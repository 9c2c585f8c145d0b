"""What can be wrong, where it is, and which exit code says so.

Every refusal in the tool is one of these. A Problem knows its place (`file:line:column`), what is wrong
and what to do; `Refused` carries all problems of a file at once.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command; scripts may rely on them."""

    DONE = 0
    GATE_FAILED = 1
    REFUSED = 2
    NO_PLAN = 3
    NOT_PROVED = 4
    MISSING_EXTRA = 5
    SELF_CHECK_FAILED = 6


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with one place of one file; lines and columns count from 1."""

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}:{self.column}: "
        return at + (f"{self.path}: " if self.path else "") + self.message + (f"; {self.hint}" if self.hint else "")


class SovplanError(Exception):
    """A refusal with a message a person can act on and the exit code that goes with it."""

    exit_code = Exit.REFUSED


class Refused(SovplanError):
    """Input that is not accepted; `problems` holds every problem found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UsageError(SovplanError):
    """A command that was asked for something it cannot do; the message says what it can."""


class NotProved(SovplanError):
    """The solver found no plan, and no proof that there is none, within its limit."""

    exit_code = Exit.NOT_PROVED


class MissingExtra(SovplanError):
    """An optional part is not installed; the message gives the line that installs it."""

    exit_code = Exit.MISSING_EXTRA


class SelfCheckFailed(SovplanError):
    """A plan did not survive the second pair of eyes; `violations` says where."""

    exit_code = Exit.SELF_CHECK_FAILED

    def __init__(self, violations: Iterable[str]):
        self.violations = tuple(violations)
        super().__init__("the plan failed its own re-check:\n" + "\n".join(f"  {v}" for v in self.violations))


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for the known word closest to `word`, or an empty string. Never corrects silently."""
    words = sorted(set(known))
    match = get_close_matches(word, words, 1, 0.6) or get_close_matches(word.lower().replace(" ", "-"), words, 1, 0.6)
    return f"did you mean {match[0]!r}?" if match else ""
