"""What is paid beside use, once more: subscriptions that go on through several periods, and what months fall short of a least bill."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from planner.domain.catalog import Catalog, PriceUnit
from planner.domain.plan import CostLine, SharedCost
from planner.quantities import from_cents, share_out, to_cents
from planner.verify.bill import Bill
from planner.verify.serving import Serving, monthly

Same = Callable[[str, Any, Any], None]


class Commitments:
    """The commitments that follow from some choices, by the names that a plan gives them: `held:…` and `minimum:…`."""

    def __init__(self, catalog: Catalog, bill: Bill, serving: Sequence[Serving], same: Same):
        self.c, self.bill, self.same = catalog, bill, same
        self._held: dict[str, Serving] = {}
        self._short: dict[str, tuple[list[Serving], list[CostLine]]] = {}
        running = [s for s in serving if not s.choice.stands_by]
        for s in running:
            if bill.spans(catalog.offers[s.choice.offer]):
                self._held.setdefault(f"held:{s.choice.offer}:{s.choice.workload}", s)
        for offer in sorted({s.choice.offer for s in running if catalog.offers[s.choice.offer].minimum_eur_per_month}):
            users = [s for s in running if s.choice.offer == offer]
            if lines := self._lines(offer, self._owed(offer, users)):
                self._short[f"minimum:{offer}"] = users, lines
        self.running = running

    @property
    def names(self) -> set[str]:
        """Their names."""
        return {*self._held, *self._short}

    def users(self, name: str) -> list[Serving]:
        """The choices that bear one of them."""
        if name in self._short:
            return self._short[name][0]
        first = self._held[name].choice
        return [s for s in self.running if (s.choice.offer, s.choice.workload) == (first.offer, first.workload)]

    def check(self, item: SharedCost) -> list[CostLine]:
        """Compare what a plan states of one of them with what follows, and give its lines."""
        users = self.users(item.id)
        offer = self.c.offers[users[0].choice.offer]
        what, lines = f"Least monthly bill of {offer.name}", self._short.get(item.id, ([], []))[1]
        if item.id in self._held:
            what = f"{offer.name}, for {offer.term_months} months at a time"
            lines = self._subscribed(item, users[0])
            held = [(x.from_month, x.until_month or self.bill.months) for x in lines]
            bare = [p.first for s in users for p in s.periods if not any(a <= p.first and p.until <= b for a, b in held)]
            self.same(f"shared {item.id}: months that nothing covers", bare, [])
            early = [begun for (_, ended), (begun, _) in zip(held, held[1:], strict=False) if begun < ended]
            self.same(f"shared {item.id}: begun anew before it ends", early, [])
        self.same(f"shared {item.id}.cost_lines", item.cost_lines, tuple(lines))
        names = tuple(dict.fromkeys(s.choice.workload for s in users))
        total = from_cents(sum(to_cents(x.amount_eur) for x in lines))
        self.same(f"shared {item.id}", (item.what, item.operator, item.workloads, item.cost_eur), (what, offer.operator, names, total))
        return lines

    def _subscribed(self, item: SharedCost, s: Serving) -> list[CostLine]:
        """A subscription begun when the plan says so, as often as it says."""
        stated = [line.from_month for line in item.cost_lines]
        offer = self.c.offers[s.choice.offer]
        return [line for p in self.bill.periods if p.first in stated for line in self.bill.subscribed_lines(offer, s.workload, s.volumes, p)]

    def _owed(self, offer: str, users: list[Serving]) -> list[int]:
        """Cents by which the use of each month falls short of the least bill; none in months in which nobody uses it."""
        least = to_cents(self.c.offers[offer].minimum_eur_per_month or Decimal(0))
        used = [0] * self.bill.months
        for s in users:
            for p in s.periods:
                for line in s.lines.get(p.number, []):
                    for m, cents in enumerate(share_out(to_cents(line.amount_eur), monthly(line, s, self.bill.months))):
                        used[m] += cents * s.number
        serving = {m for s in users for p in s.periods for m in range(p.first, p.until)}
        return [max(least - cents, 0) if m in serving else 0 for m, cents in enumerate(used)]

    def _lines(self, offer_id: str, owed: list[int]) -> list[CostLine]:
        """One line for months in a row in which as much is owed."""
        offer, months, lines = self.c.offers[offer_id], self.bill.months, []
        starts = [m for m in range(months) if owed[m] and (m == 0 or owed[m - 1] != owed[m])]
        for first in starts:
            until = next((m for m in range(first, months) if owed[m] != owed[first]), months)
            price, read = from_cents(owed[first]), offer.prices[-1]
            lines.append(CostLine(
                what="up to the least monthly bill", layer=offer.layer, offer=offer.id, unit=PriceUnit.PLATFORM_MONTH,
                quantity=Decimal(until - first), price=price, currency="EUR", per_eur=Decimal(1), amount_eur=price * (until - first),
                estimate=read.estimate, source=read.source, date=read.date, from_month=first, until_month=None if until == months else until,
            ))
        return lines
