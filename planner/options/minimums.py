"""The least that some offers bill a month: what the use of all workloads together falls short of it is paid as well."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from planner.domain.catalog import Offer, PriceUnit
from planner.domain.plan import CostLine
from planner.quantities import from_cents, to_cents


@dataclass(frozen=True, slots=True)
class Minimum:
    """An offer with a least monthly bill, and the months of the horizon."""

    offer: Offer
    months: int

    @property
    def key(self) -> str:
        """Its name in a plan."""
        return f"minimum:{self.offer.id}"

    @property
    def what(self) -> str:
        """Its name in words."""
        return f"Least monthly bill of {self.offer.name}"

    @property
    def cents(self) -> int:
        """The least that a month is billed at, in whole cents."""
        return to_cents(self.offer.minimum_eur_per_month or Decimal(0))

    def lines(self, short: Sequence[int]) -> tuple[CostLine, ...]:
        """Cost lines for the cents by which each month falls short: one for months in a row that fall short by as much."""
        return tuple(self._line(cents, first, months) for cents, first, months in _runs(short) if cents)

    def _line(self, cents: int, first: int, months: int) -> CostLine:
        read = self.offer.prices[-1]
        until = first + months
        return CostLine(
            what="up to the least monthly bill", layer=self.offer.layer, offer=self.offer.id, unit=PriceUnit.PLATFORM_MONTH, quantity=Decimal(months),
            price=from_cents(cents), currency="EUR", per_eur=Decimal(1), amount_eur=from_cents(cents * months), source=read.source, date=read.date,
            estimate=read.estimate, from_month=first, until_month=None if until >= self.months else until,
        )


def _runs(values: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each value, where it begins, and how often it stands in a row."""
    at = 0
    for value, same in groupby(values):
        number = len(list(same))
        yield value, at, number
        at += number
