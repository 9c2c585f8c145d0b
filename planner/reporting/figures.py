"""Figures as a reader sees them. What is not known is said, never left blank and never shown as nought."""
from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from planner.domain.report import Levels
from planner.reporting.phrases import Phrases

MINUS = "\u2212"  # as typographers set it: as wide as a plus, and not a hyphen


class Figures:
    """Formats amounts, shares, days and levels by one language's conventions."""

    def __init__(self, phrases: Phrases):
        self.phrases = phrases
        self.unknown = phrases("known.not")

    def number(self, value: Decimal | int | None, places: int = 0) -> str:
        """A number with so many decimals, rounded half to even."""
        if value is None:
            return self.unknown
        rounded = self._rounded(value, places)
        swap = {",": self.phrases("format.thousands"), ".": self.phrases("format.decimal"), "-": MINUS}
        return "".join(swap.get(c, c) for c in f"{rounded:,f}")

    @staticmethod
    def _rounded(value: Decimal | int, places: int) -> Decimal:
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
        return rounded or abs(rounded)  # no minus before a nought

    def exact(self, value: Decimal | int) -> str:
        """A number as exactly as it is stored, without trailing noughts."""
        text = format(Decimal(value), "f")
        places = len(text.partition(".")[2].rstrip("0"))
        return self.number(value, places)

    def euros(self, value: Decimal | None) -> str:
        """An amount to the euro; to the cent below 100 euros, where whole euros would hide it."""
        if value is None:
            return self.unknown
        places = 2 if value and abs(value) < 100 else 0
        return self._money(value, places)

    def cents(self, value: Decimal | None) -> str:
        """An amount to the cent."""
        return self.unknown if value is None else self._money(value, 2)

    def _money(self, value: Decimal, places: int) -> str:
        """The minus comes first in every language, before the sign of the currency too."""
        said = self.phrases("format.euros", amount=self.number(abs(value), places))
        return MINUS + said if self._rounded(value, places) < 0 else said

    def percent(self, share: Decimal | None, places: int = 0) -> str:
        """A share of one as a percentage."""
        return self.unknown if share is None else self.phrases("format.percent", number=self.number(share * 100, places))

    def probability(self, share: Decimal) -> str:
        """A probability as a percentage; one that is not certain is never rounded up to certainty."""
        near = share < 1 and round(share * 100) == 100
        return self.phrases("format.over", number=self.percent(Decimal("0.99"))) if near else self.percent(share)

    def day(self, day: date | str) -> str:
        """A day, or a date that is known to the month or the year only."""
        parts = str(day).split("-")
        month = self.phrases(f"format.months.m{parts[1]}") if len(parts) > 1 else ""
        number = int(parts[2]) if len(parts) > 2 else 0
        form = "format.first_day" if number == 1 else {1: "format.year", 2: "format.month", 3: "format.day"}[len(parts)]
        return self.phrases(form, year=parts[0], month=month, day=number)

    def seal(self, level: int | None) -> str:
        """One SEAL level."""
        return self.unknown if level is None else self.phrases("format.seal", level=level)

    def seals(self, levels: Levels) -> str:
        """A SEAL as the range from what is proven to what is possible."""
        if levels.proven == levels.possible:
            return self.seal(levels.proven)
        return self.phrases("format.seal_range", low=levels.proven, high=levels.possible)

    def span(self, low: Decimal | int, high: Decimal | int, places: int = 0) -> str:
        """A range of two numbers, or the one number they are."""
        first, last = self.number(low, places), self.number(high, places)
        return first if first == last else self.phrases("format.range", low=first, high=last)
