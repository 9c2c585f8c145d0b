"""Which assumption moves the plan: every one with a range that the plan rests on, at its low and at its high end."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Assumption, Catalog
from planner.domain.overlay import laid_over
from planner.options.enumerate import enumerate_options
from planner.studies.frontier import Run
from planner.studies.futures import changed
from planner.studies.question import Data, differs, question
from planner.studies.scenarios import kept


class _Noted(Mapping[str, Assumption]):
    """Assumptions that note which of them are read."""

    def __init__(self, inner: Mapping[str, Assumption]):
        self.inner, self.read = inner, set[str]()

    def __getitem__(self, key: str) -> Assumption:
        self.read.add(key)
        return self.inner[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


def used_assumptions(catalog: Catalog, assessment: Assessment, as_of: date, offers: set[str]) -> list[Assumption]:
    """The assumptions with a range that are read when ways under these offers are sized and priced, by id."""
    market = changed(catalog, {"offers": {k: o for k, o in catalog.offers.items() if k in offers}})
    world = laid_over(market, assessment)
    noted = _Noted(world.assumptions)
    enumerate_options(changed(world, {"assumptions": noted}), assessment, as_of)
    return [a for key, a in sorted(world.assumptions.items()) if key in noted.read and a.low is not None and a.high is not None]


def sensitivity(case: Data, catalog: Catalog, assessment: Assessment, as_of: date, run: Run) -> dict[str, Any]:
    """A bar for each assumption: the best plan's cost at both ends, today's choices kept at both ends, and whether the choices change.

    Longest bar first. Where no plan exists at an end, its cost is null and the outcome says so.
    """
    (today,) = run([question(case)])
    if today["outcome"] != "planned":
        return {"today": today, "bars": []}
    used = used_assumptions(catalog, assessment, as_of, {c["offer"] for c in today["choices"]})
    ends = [(a, end, value) for a in used for end, value in (("low", a.low), ("high", a.high)) if value is not None]
    best = run([question(case, assumptions={a.id: value}) for a, _, value in ends])
    held = run([kept(case, today, assumptions={a.id: value}) for a, _, value in ends])
    answers = {(a.id, end): pair for (a, end, _), pair in zip(ends, zip(best, held, strict=True), strict=True)}
    bars = [_bar(a, today, {end: answers[a.id, end] for end in ("low", "high")}) for a in used]
    bars = [b for b in bars if b["span_eur"] is None or Decimal(b["span_eur"]) or any(e["changes"] for e in b["ends"].values())]
    return {"today": today, "bars": sorted(bars, key=lambda b: (b["span_eur"] is not None, -Decimal(b["span_eur"] or 0), b["assumption"]))}


def _bar(a: Assumption, today: Data, ends: Mapping[str, tuple[Data, Data]]) -> dict[str, Any]:
    told = {}
    for end, (best, held) in ends.items():
        planned = best["outcome"] == "planned"
        told[end] = {
            "outcome": best["outcome"], "cost_eur": best["cost_eur"] if planned else None, "changes": differs(today, best) if planned else [],
            "kept_eur": held["cost_eur"] if held["outcome"] == "planned" else None,
        }
    costs = [Decimal(e["cost_eur"]) for e in told.values() if e["cost_eur"] is not None]
    return {
        "assumption": a.id, "says": a.says, "unit": a.unit, "low": str(a.low), "value": str(a.value), "high": str(a.high), "source": a.source,
        "ends": told, "span_eur": str(max(costs) - min(costs)) if len(costs) == 2 else None,
    }
