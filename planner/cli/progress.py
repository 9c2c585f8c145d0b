"""What a search says while it runs: best cost, bound and gap, on stderr; a line now and then, or one line that changes on a terminal."""
from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.optimising.standing import Progress

_FIRST_SECONDS = 1.0  # what takes less needs no talk
_EVERY_SECONDS = 0.5


class Meter:
    """Shows progress: at most twice a second, and nothing of a search that ends at once."""

    def __init__(self) -> None:
        self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self._width = 0

    def __call__(self, progress: Progress) -> None:
        """Show where a search stands."""
        now = time.monotonic()
        if progress.seconds < _FIRST_SECONDS or now - self._shown < _EVERY_SECONDS:
            return
        self._shown = now
        text = line(progress)
        sys.stderr.write(f"\r{text:<{self._width}}" if self._terminal else f"{text}\n")
        sys.stderr.flush()
        self._width = len(text)

    def done(self) -> None:
        """Wipe the line that changes."""
        if self._terminal and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()


def line(progress: Progress) -> str:
    """One line: seconds, the best plan's value, the bound that no plan can beat, and the gap between them."""
    gap = progress.gap
    return (f"{progress.seconds:6.1f} s  best {_amount(progress.cost)}  bound {_amount(progress.bound)}  "
            f"gap {'-' if gap is None else f'{gap:.2%}'}  (Ctrl-C: the best so far)")


def _amount(cents: int | None) -> str:
    return "-" if cents is None else f"{cents / 100:,.0f}"
