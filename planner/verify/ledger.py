"""Shared work, moves, who bears which cost, and every sum of the plan, computed once more."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.plan import CostLine, Plan
from planner.judging.deployment import OWN
from planner.quantities import exact, from_cents, quarter_of, share_out, to_cents
from planner.sizing.demand import Part, Period, months_of
from planner.verify.bill import Bill
from planner.verify.commitments import Commitments
from planner.verify.serving import Serving, monthly


class Ledger:
    """Every euro of a plan, with whose requests spread it over time and who is paid."""

    def __init__(
        self, plan: Plan, assessment: Assessment, catalog: Catalog, bill: Bill, serving: list[Serving], same: Callable[[str, Any, Any], None]
    ):
        self.plan, self.a, self.c, self.bill, self.serving, self.same = plan, assessment, catalog, bill, serving, same
        self.months = months_of(assessment.horizon)
        self.money: list[tuple[CostLine, Serving | None, str]] = []
        self.commitments = Commitments(catalog, bill, serving, same)

    def check(self) -> None:
        """Compare the plan's shared work, moves, attribution and sums with what follows from its choices."""
        for s in self.serving:
            self.money += [(line, s, s.choice.operator) for line in s.choice.cost_lines]
        for group in self.plan.nodes:
            self.money += [(line, None, self.c.offers[group.offer].operator) for line in group.cost_lines if group.offer in self.c.offers]
        self._shared()
        self._moves()
        self._attributed()
        self._totals()

    # ------------------------------------------------------------------------------------ shared work and moves

    def _shared(self) -> None:
        needed: dict[str, list[tuple[Serving, tuple]]] = {}
        for s in self.serving:
            for work in self.bill.works(s.choice, s.judged):
                needed.setdefault(work[0], []).append((s, work))
        self.same("shared", [item.id for item in self.plan.shared], sorted({*needed, *self.commitments.names}))
        for item in self.plan.shared:
            if item.id in self.commitments.names:
                self.money += [(x, None, item.operator or OWN) for x in self.commitments.check(item)]
            if item.id not in needed:
                continue
            users = [s for s, _ in needed[item.id]]
            _, what, operator, words, quantity, price, unit, estimate = needed[item.id][0][1]
            begun = self._begun(item.cost_lines, users)
            line = self.bill.worked(words, quantity, price, unit, begun, len(self.months), spread="start", estimate=estimate)
            lines = [line, *(self._running(users) if item.id.startswith("operator:") else [])]
            self.same(f"shared {item.id}.cost_lines", item.cost_lines, tuple(lines))
            names = tuple(dict.fromkeys(s.choice.workload for s in users))
            stated = (item.what, item.operator, item.workloads, item.cost_eur)
            self.same(f"shared {item.id}", stated, (what, operator, names, _total(lines)))
            self.money += [(x, None, operator or OWN) for x in lines]

    def _begun(self, stated: tuple[CostLine, ...], users: list[Serving]) -> Period:
        """The period in which work is begun: the plan's word, as long as it is no later than the first need."""
        latest = min(s.periods[0].number for s in users)
        months = [p for p in self.bill.periods if stated and p.first == stated[0].from_month and p.number <= latest]
        return months[0] if months else self.bill.periods[latest]

    def _running(self, users: list[Serving]) -> list[CostLine]:
        """Looking after an operator in each period in which it serves somebody."""
        serving = [s for s in users if not s.choice.stands_by]
        numbers = sorted({p.number for s in serving for p in s.periods})
        return [self.bill.running(serving[0].choice, self.bill.periods[n]) for n in numbers]

    def _moves(self) -> None:
        expected = []
        for part in dict.fromkeys(s.part for s in self.serving):
            for before, now in zip(self.bill.periods, self.bill.periods[1:], strict=False):
                moved = Counter(self._families(part, now)) - Counter(self._families(part, before))
                number = sum(moved.values())
                if number:
                    line = self.bill.moving(now)
                    line = line.model_copy(update={"quantity": line.quantity * number, "amount_eur": line.amount_eur * number})
                    expected.append((part.workload, part.label, now.first, line.amount_eur, (line,)))
        stated = [(m.workload, m.part, m.from_month, m.cost_eur, m.cost_lines) for m in self.plan.moves]
        self.same("moves", stated, expected)
        self.money += [(line, None, OWN) for *_, lines in expected for line in lines]

    def _families(self, part: Part, period: Period) -> dict[tuple[str, str], int]:
        found: Counter[tuple[str, str]] = Counter()
        for s in self.serving:
            if s.part == part and period in s.periods and not s.choice.stands_by:
                found[s.choice.operator, s.choice.model] += s.number
        return found

    # ------------------------------------------------------------------------------------------ attribution

    def _attributed(self) -> None:
        cents = [s.cents for s in self.serving]

        def spread(amount: Decimal, weights: list[Decimal]) -> None:
            for i, part in enumerate(share_out(to_cents(amount), weights)):
                cents[i] += part

        for group in self.plan.nodes:
            spread(group.cost_eur, [self.filled(s, group.machine) for s in self.serving])
        for item in self.plan.shared:
            bears = self.commitments.users(item.id) if item.id in self.commitments.names else [
                s for s in self.serving if any(w[0] == item.id for w in self.bill.works(s.choice, s.judged))]
            weights = [self._weight(s) if any(s is x for x in bears) else Decimal(0) for s in self.serving]
            whole: Counter[str] = Counter()
            for s, weight in zip(self.serving, weights, strict=True):
                whole[s.choice.workload] += weight
            with exact():
                spread(item.cost_eur, [w / whole[s.choice.workload] if w else w for s, w in zip(self.serving, weights, strict=True)])
        for move in self.plan.moves:
            here = [
                not s.choice.stands_by and (s.choice.workload, s.part.label, s.choice.from_month) == (move.workload, move.part, move.from_month)
                for s in self.serving
            ]
            spread(move.cost_eur, [Decimal(x) for x in here])
        for s, amount in zip(self.serving, cents, strict=True):
            self.same(f"{s.choice.workload}.cost_eur", s.choice.cost_eur, from_cents(amount))

    def filled(self, s: Serving, machine: str) -> Decimal:
        """Accelerators of a machine times months that a choice fills."""
        pool = next((p for p in self.plan.pools if p.id == s.choice.pool), None)
        if pool is None or s.choice.stands_by or pool.id.partition("@")[2] != machine:
            return Decimal(0)
        with exact():
            return sum((
                Decimal(e.replicas * pool.tensor_parallel) * (Decimal(s.load(self.bill.periods[e.period], e.hours)) / 1000) / e.load
                * self.bill.periods[e.period].months for e in pool.periods if e.load
            ), Decimal(0))

    def _weight(self, s: Serving) -> Decimal:
        with exact():
            return s.part.share * s.number / s.part.count * sum(p.months for p in s.periods)

    # ------------------------------------------------------------------------------------------------- sums

    def _totals(self) -> None:
        years = sorted({m.year for m in self.months})
        quarters = list(dict.fromkeys(map(quarter_of, self.months)))
        by_year, by_quarter = Counter(dict.fromkeys(years, 0)), Counter(dict.fromkeys(quarters, 0))
        by_layer, by_operator, present = Counter(dict.fromkeys(("L1", "L2", "L3", "L4"), 0)), Counter[str](), 0
        for line, s, operator in self.money:
            cents, weights = to_cents(line.amount_eur), monthly(line, s, len(self.months))
            by_layer[line.layer] += cents
            by_operator[operator] += cents
            present += self._worth(cents, weights)
            for names, of, total in ((years, lambda m: m.year, by_year), (quarters, quarter_of, by_quarter)):
                sums = [sum((w for m, w in zip(self.months, weights, strict=True) if of(m) == name), Decimal(0)) for name in names]
                for name, part in zip(names, share_out(cents, sums), strict=True):
                    total[name] += part
        lines = [line for line, _, _ in self.money]
        expected = dict(
            total_eur=_total(lines), present_eur=from_cents(present), capex_eur=_total([line for line in lines if line.capex]),
            by_year={str(y): from_cents(by_year[y]) for y in years}, by_quarter={q: from_cents(by_quarter[q]) for q in quarters},
            by_layer={k: from_cents(v) for k, v in by_layer.items()}, by_operator={k: from_cents(by_operator[k]) for k in sorted(by_operator)},
        )
        for name, value in expected.items():
            self.same(f"cost.{name}", getattr(self.plan.cost, name), value)

    def _worth(self, cents: int, weights: list[Decimal]) -> int:
        """Cents as worth at the start of the horizon, at the cost of capital."""
        rate = self.c.assumptions["cost-of-capital-per-year"].value
        if not rate or not any(weights):  # a forged line may cover no month; it has been told of
            return cents
        with exact():
            each = [(1 + rate) ** (Decimal(-m) / 12) for m in range(len(weights))]
            return int((cents * sum((w * d for w, d in zip(weights, each, strict=True)), Decimal(0)) / sum(weights)).to_integral_value())


def _total(lines: list[CostLine]) -> Decimal:
    return from_cents(sum(to_cents(line.amount_eur) for line in lines))
