"""Two saved plans side by side: what moved, by how much, and which figures, rules or assumptions differ behind it."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from planner.domain.plan import Choice, CostLine
from planner.domain.report import Report

_FIELDS = ("model", "mode", "operator", "site", "offer", "hardware", "precision", "replicas")


def compare(a: Report, b: Report) -> dict[str, Any]:
    """`changed`, `choices`, `cost_eur`, `score`, and `why`: prices, rates, assumptions, assessment, rules and catalog that differ."""
    choices = _choices(a, b)
    cost = {"a": _cost(a), "b": _cost(b), "change": None}
    if cost["a"] is not None and cost["b"] is not None:
        cost["change"] = cost["b"] - cost["a"]
    score = {"a": _score(a), "b": _score(b)}
    reasons = _why(a, b)
    same_outcome = a.outcome == b.outcome
    changed = bool(choices) or not same_outcome or cost["a"] != cost["b"] or score["a"] != score["b"] or any(reasons.values())
    return {
        "changed": changed, "outcome": {"a": a.outcome, "b": b.outcome}, "choices": choices, "cost_eur": cost, "score": score,
        "by_layer": _money(a, b, "by_layer"), "by_year": _money(a, b, "by_year"), "why": reasons,
    }


def _cost(r: Report) -> Decimal | None:
    return r.plan.cost.total_eur if r.plan else None


def _score(r: Report) -> dict[str, Any] | None:
    if r.scorecard is None:
        return None
    overall = r.scorecard.overall
    return {"seal_proven": overall.seal.proven, "seal_possible": overall.seal.possible, "rating_out_of_10": overall.rating_out_of_10,
            "score": dict(overall.score)}


def _choices(a: Report, b: Report) -> list[dict[str, Any]]:
    one, other = _by_workload(a), _by_workload(b)
    found = []
    for w in [*one, *(w for w in other if w not in one)]:
        before, after = one.get(w, []), other.get(w, [])
        moved = [f for f in _FIELDS if [getattr(c, f) for c in before] != [getattr(c, f) for c in after]]
        cost = [sum((c.cost_eur for c in side), Decimal(0)) for side in (before, after)]
        if moved or cost[0] != cost[1]:
            found.append({
                "workload": w, "moved": moved, "a": [{f: getattr(c, f) for f in _FIELDS} for c in before],
                "b": [{f: getattr(c, f) for f in _FIELDS} for c in after], "cost_eur": {"a": cost[0], "b": cost[1], "change": cost[1] - cost[0]},
            })
    return found


def _by_workload(r: Report) -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = {}
    for c in r.plan.choices if r.plan else ():
        found.setdefault(c.workload, []).append(c)
    return found


def _money(a: Report, b: Report, cut: str) -> dict[str, Decimal]:
    one, other = [dict(getattr(r.plan.cost, cut)) if r.plan else {} for r in (a, b)]
    return {k: d for k in sorted({*one, *other}) if (d := other.get(k, Decimal(0)) - one.get(k, Decimal(0)))}


def _why(a: Report, b: Report) -> dict[str, list[dict[str, Any]]]:
    return {
        "assessment": _differences("", a.assessment, b.assessment), "prices": _keyed(_prices(a), _prices(b)),
        "assumptions": _keyed(_assumed(a), _assumed(b)), "rules": _keyed(_findings(a), _findings(b)),
        "exchange_rates": _keyed({r.split()[4]: r for r in a.provenance.exchange_rates}, {r.split()[4]: r for r in b.provenance.exchange_rates}),
        "provenance": _keyed({k: str(getattr(a.provenance, k)) for k in ("tool", "catalog_sha256", "as_of")},
                             {k: str(getattr(b.provenance, k)) for k in ("tool", "catalog_sha256", "as_of")}),
        "excluded": _keyed(_excluded(a), _excluded(b)),
    }


def _excluded(r: Report) -> dict[str, str]:
    """Why the options that some plan of the two could hold are ruled out, a line for each workload, option and rule."""
    return {f"{e.workload}: {e.option} [{e.rule}]": e.reason for e in r.exclusions}


def _prices(r: Report) -> dict[str, str]:
    lines: tuple[CostLine, ...] = r.plan.lines if r.plan else ()
    return {f"{line.offer}: {line.what}": f"{line.price} {line.currency} ({line.source}, {line.date})" for line in lines if line.offer}


def _assumed(r: Report) -> dict[str, str]:
    return {f"{a.workload or 'all'}: {a.name}": f"{a.value} {a.unit}" for a in (r.plan.assumptions if r.plan else ())}


def _findings(r: Report) -> dict[str, str]:
    return {f"{f.workload}: {f.rule}": f"{f.status}, {f.timing}" for f in r.findings}


def _keyed(one: Mapping[str, str], other: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"what": k, "a": one.get(k), "b": other.get(k)} for k in sorted({*one, *other}) if one.get(k) != other.get(k)]


def _differences(path: str, one: Any, other: Any) -> list[dict[str, Any]]:
    """The leaves at which two trees of plain data differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return [d for k in sorted({*one, *other}) for d in _differences(f"{path}.{k}" if path else k, one.get(k), other.get(k))]
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        return [d for n, (x, y) in enumerate(zip(one, other)) for d in _differences(f"{path}[{n}]", x, y)]
    return [] if one == other else [{"what": path, "a": one, "b": other}]
