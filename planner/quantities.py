"""Exact money, dates that may be partial, and the arithmetic that every room shares.

Money is `Decimal`; rounding happens once per printed line, to the cent, half to even. Physics stays float
inside `sizing/` and leaves it as rounded integers, so the same input gives the same plan on every machine.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, localcontext

CENT = Decimal("0.01")
_EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)


def exact():
    """A decimal context of 50 digits, rounding half to even, for money arithmetic: `with exact(): ...`."""
    return localcontext(_EXACT)


def to_cents(amount: Decimal) -> int:
    """An amount of euros as whole cents, half to even."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN, context=_EXACT))


def from_cents(cents: int) -> Decimal:
    """Whole cents as euros with two decimals."""
    return (Decimal(cents) / 100).quantize(CENT)


def round_cents(amount: Decimal) -> Decimal:
    """An amount of euros rounded to the cent, half to even."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN, context=_EXACT)


def share_out(total_cents: int, weights: Sequence[Decimal]) -> list[int]:
    """Split whole cents in proportion to `weights` so that the parts add up to the total exactly.

    The largest remainders get the odd cents; ties go to the earlier part. All weights zero splits evenly.
    """
    if not weights:
        return []
    with exact():
        parts = list(weights) if sum(weights) > 0 else [Decimal(1)] * len(weights)
        whole = sum(parts)
        ideal = [Decimal(total_cents) * p / whole for p in parts]
        floors = [int(x.to_integral_value(rounding=ROUND_FLOOR)) for x in ideal]
        order = sorted(range(len(parts)), key=lambda i: (floors[i] - ideal[i], i))
    for i in order[: total_cents - sum(floors)]:
        floors[i] += 1
    return floors


def first_day(partial: str) -> date:
    """The first day of a date that may be partial: `2026`, `2026-05` or `2026-05-22`."""
    parts = [int(p) for p in partial.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def quarter_of(day: date) -> str:
    """The calendar quarter of a day, such as `2027-Q1`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of the month where that day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
