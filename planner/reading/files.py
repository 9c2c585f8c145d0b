"""Bytes from regular files, within a bound, and text without hidden characters. Everything else is a Problem."""
from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path

from planner.problems import Problem, Refused

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_UNUSUAL = re.compile(r"[^\n\r\t\x20-\x7e]")
# Letters and marks that print as nothing: fillers, joiners and variation selectors. Other invisibles are known by category.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def shown(path: Path) -> str:
    """A file's name as it may stand in a message: unprintable characters are replaced."""
    return "".join(ch if ch.isprintable() else "\ufffd" for ch in str(path))


def refuse(name: str, message: str, line: int = 1, column: int = 1, hint: str = "") -> Refused:
    """One problem with a file as a whole, or with one place of it, to be raised."""
    return Refused([Problem(name, line, column, "", message, hint)])


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes. Never waits on a pipe or a device. Raises Refused."""
    name = shown(path)
    try:
        # Opened first and looked at through the descriptor, so that nothing can be swapped in between.
        descriptor = os.open(path, _OPEN)
    except (OSError, ValueError) as error:
        raise refuse(name, _why_closed(error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refuse(name, "this is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        try:
            raw = file.read(limit + 1)
        except OSError as error:
            raise refuse(name, f"the file cannot be read: {error.strerror}") from None
    if len(raw) > limit:
        raise refuse(name, f"the file is larger than {limit:,} bytes", hint="split it into several files")
    return raw


def _why_closed(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return f"the file cannot be opened: {getattr(error, 'strerror', None) or error}"


def decode(name: str, raw: bytes) -> str:
    """UTF-8 text, a byte-order mark taken off, free of hidden characters. Raises Refused with the place of the first fault."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
        raise refuse(name, "the file is not UTF-8", *place_of(good, len(good)), hint="save it as UTF-8") from None
    check_characters(name, text)
    return text


def check_characters(name: str, text: str) -> None:
    """Raises Refused at the first control, bidirectional, invisible or unassigned character of a text."""
    at = unwelcome(text)
    if at is not None:
        raise refuse(name, f"the hidden character {named(text[at])} is not allowed", *place_of(text, at), hint="delete it")


def unwelcome(text: str) -> int | None:
    """Where the first character stands that a reader would not see, or None. Line breaks, tabs and kinds of space are welcome."""
    for match in _UNUSUAL.finditer(text):
        ch = match.group()
        if _BLANK.match(ch) or not (ch.isprintable() or unicodedata.category(ch) == "Zs"):
            return match.start()
    return None


def named(ch: str) -> str:
    """A character as it may stand in a message: its code point and its name."""
    return f"U+{ord(ch):04X} {unicodedata.name(ch, '')}".rstrip()


def place_of(text: str, at: int) -> tuple[int, int]:
    """Line and column, counted from 1, of a position in a text."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
