"""The question that every study asks, as plain data: which plan is best if this or that were so?

A case says what is planned with (catalog folders, assessment, day, engine); a question says what is different from today. Both
are what JSON can carry, so that a question can be asked in another process or on another machine, and kept under its hash.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.plan import Plan
from planner.problems import NotProved, UsageError
from planner.reading.assessment import assessment_data, assessment_from_data
from planner.reading.catalog import load_catalog
from planner.resources import bundled
from planner.studies.futures import changed, in_future
from planner.studies.resolve import Found, Prepared, Way, find, prepare

Data = Mapping[str, Any]
_ROWS = ("budget.", "sovereignty.min_score", "concentration.", "max_models", "max_operators", "max_carbon_kg")  # limits that close no option


def case_of(catalog: Catalog, assessment: Assessment, as_of: date, folders: Iterable[Path] = (), engine: str = "highs", seconds: float = 60) -> Data:
    """What is planned with. `folders` are catalogs of the user's own, laid over the shipped one."""
    return {
        "folders": [str(f.resolve()) for f in folders], "catalog": catalog.sha256, "assessment": assessment_data(assessment),
        "as_of": as_of.isoformat(), "engine": engine, "seconds": seconds,
    }


def question(
    case: Data, *, future: str | None = None, assumptions: Mapping[str, Decimal] | None = None, growth: Decimal = Decimal(0),
    traffic: Decimal = Decimal(1), limits: Mapping[str, Any] | None = None, workload_limits: Mapping[str, Mapping[str, Any]] | None = None,
    objective: Iterable[str] = (), pins: Mapping[str, Iterable[str]] | None = None, cuts: Iterable[Iterable[Way]] = (), offers: Iterable[str] = (),
    models: Iterable[str] = (), cached: Decimal | None = None, widen: bool = False, in_use: Mapping[str, Iterable[str]] | None = None,
) -> Data:
    """A task for `ask`: what differs from today.

    `future` is a scenario of the catalog; `assumptions` take other values; `growth` is added to every yearly growth; `traffic`
    multiplies every demand; `limits` sets constraints by their path (`budget.total`), None lifting one; `workload_limits` does so for single
    workloads; `pins` leaves a workload these options alone; each of `cuts` is a plan's ways, which must not all come again; `offers` and
    `models` leave no others in the market; with `widen` the whole market is asked where they hold no plan; `cached` is the share of input that
    every prompt cache answers; `in_use` gives each workload's options in a plan in use: what that plan costs here is answered too, and the
    best plan, in the first aim alone, keeps as much of it as costs nothing.
    """
    return {
        "case": case, "future": future, "assumptions": {k: str(v) for k, v in sorted((assumptions or {}).items())}, "growth": str(growth),
        "traffic": str(traffic), "limits": {k: _plain(v) for k, v in sorted((limits or {}).items())},
        "workload_limits": {w: {k: _plain(v) for k, v in sorted(of.items())} for w, of in sorted((workload_limits or {}).items())},
        "objective": list(objective), "pins": {w: sorted(keys) for w, keys in sorted((pins or {}).items())},
        "cuts": [[list(way) for way in cut] for cut in cuts], "offers": sorted(offers), "models": sorted(models),
        "cached": None if cached is None else str(cached), "widen": widen,
        "in_use": {w: sorted(keys) for w, keys in sorted((in_use or {}).items())},
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def ask(task: Data) -> Data:
    """The answer to a question, as plain data: `outcome` is "planned", "no-plan" or "not-proved", and what the plan costs, scores and chooses.

    Where a short list held no plan and the whole market was asked, `searched_whole` says so. `kept` is the answer for the plan in use.
    """
    if not task["in_use"]:
        return _best(task)
    return {**_best(task), "kept": _answered({**task, "pins": task["in_use"], "in_use": {}})}


def _best(task: Data) -> Data:
    answer = _answered(task)
    if not task["widen"] or answer["outcome"] == "planned":
        return answer
    whole = {**task, "offers": [], "models": []}
    without = {part.workload for part in ready_for(task).parts_without_way}
    if without and ready_for({**whole, "only": sorted(without)}).parts_without_way:
        return {"outcome": "no-plan", "searched_whole": True}  # what one workload lacks alone, it lacks among the others
    return {**_answered(whole), "searched_whole": True}


def _answered(task: Data) -> Data:
    ready, asked = _ready(task)
    try:
        found = find(ready, asked, dict(task["pins"]), [[tuple(w) for w in cut] for cut in task["cuts"]], task["case"]["engine"],
                     task["case"]["seconds"], task["in_use"])
    except NotProved:
        return {"outcome": "not-proved"}
    return {"outcome": "no-plan"} if found is None else answer_of(found)


def answer_of(found: Found) -> Data:
    """A found plan as plain data."""
    plan = found.plan
    return {
        "outcome": "planned", "proved": found.proved, "cost_eur": str(plan.cost.total_eur), "capex_eur": str(plan.cost.capex_eur),
        "bound_eur": None if found.bound_eur is None else str(found.bound_eur), "score": None if found.score is None else str(found.score),
        "carbon_kg": found.carbon_kg, "by_year": {k: str(v) for k, v in plan.cost.by_year.items()},
        "utilisation": _utilisation(plan), "seal": min((c.seal_known for c in plan.choices if c.seal_known is not None), default=None),
        "choices": [{name: getattr(c, name) for name in ("workload", "option", "model", "mode", "operator", "offer", "site")} for c in plan.choices],
    }


def _utilisation(plan: Plan) -> str | None:
    """How full the plan's replicas are at the peak; None where it has none."""
    replicas = sum(p.replicas for p in plan.pools)
    return str((sum((p.load for p in plan.pools), Decimal(0)) / replicas).quantize(Decimal("0.001"))) if replicas else None


def differs(a: Data, b: Data) -> list[str]:
    """The workloads whose model, mode or operator is not the same in two answers."""
    def ways(answer: Data) -> dict[str, set[Way]]:
        found: dict[str, set[Way]] = {}
        for c in answer["choices"]:
            found.setdefault(c["workload"], set()).add((c["workload"], c["model"], c["mode"], c["operator"]))
        return found

    one, other = ways(a), ways(b)
    return [w for w in one if one[w] != other.get(w)] + [w for w in other if w not in one]


# ---------------------------------------------------------------------------------------------- worlds


def ready_for(task: Data) -> Prepared:
    """The options of a question's world."""
    return _ready(task)[0]


def _ready(task: Data) -> tuple[Prepared, Assessment]:
    """The options of the question's world, enumerated once for all questions that differ in limits alone; and the assessment asked about."""
    limits, case = task["limits"], task["case"]
    rows = {k: v for k, v in limits.items() if k.startswith(_ROWS)}
    others = {k: v for k, v in limits.items() if k not in rows}
    carbon = rows.get("max_carbon_kg") is not None
    world = {k: task[k] for k in ("future", "assumptions", "growth", "traffic", "workload_limits", "offers", "models", "cached")}
    world["only"] = task.get("only")
    aims = ["carbon"] if "carbon" in task["objective"] else []
    ready = _prepared(json.dumps({"case": case, **world, "limits": others, "carbon": carbon, "aims": aims}, sort_keys=True))
    return ready, _limited(ready.assessment, rows, task["objective"])


@lru_cache(maxsize=3)
def _prepared(key: str) -> Prepared:
    said = json.loads(key)
    case = said["case"]
    catalog = world_of(case)
    as_of = date.fromisoformat(case["as_of"])
    assessment = _altered(assessment_from_data(case["assessment"], catalog), said, catalog)
    limits = dict(said["limits"])
    if said["carbon"]:
        limits["max_carbon_kg"] = "1e15"  # carbon counts; how much is allowed is the question's own
    assessment = _limited(assessment, limits, said["aims"])
    if said["future"] is not None:
        catalog = in_future(catalog, catalog.scenarios[said["future"]], assessment.horizon, as_of)
    return prepare(catalog, _market(catalog, assessment, said), assessment, as_of, said["only"] and frozenset(said["only"]))


def _market(catalog: Catalog, assessment: Assessment, said: Data) -> Catalog:
    """The catalog with the offers and models of a short list alone, and the models that others are held against."""
    fields: dict[str, object] = {}
    if said["offers"]:
        listed = set(said["offers"])
        fields["offers"] = {k: o for k, o in catalog.offers.items() if k in listed}
    if said["models"]:
        names = [tier.reference for tier in catalog.tiers.values()]
        names += [w.quality.at_least_as_good_as for w in assessment.workloads if w.quality is not None and w.quality.at_least_as_good_as]
        listed = {*said["models"], *(catalog.model_names.get(name, name) for name in names)}
        fields["models"] = {k: m for k, m in catalog.models.items() if k in listed}
    return changed(catalog, fields) if fields else catalog


@lru_cache(maxsize=2)
def _catalog(folders: tuple[str, ...]) -> Catalog:
    return load_catalog([bundled("catalog"), *map(Path, folders)])


def world_of(case: Data) -> Catalog:
    """The catalog of a case. Raises UsageError where this machine reads another catalog than the one that asks."""
    catalog = _catalog(tuple(case["folders"]))
    if catalog.sha256 != case["catalog"]:
        raise UsageError("this worker reads another catalog than the study does: install the same version and give it the same --catalog folder")
    return catalog


def _altered(assessment: Assessment, said: Data, catalog: Catalog) -> Assessment:
    """The assessment with other assumptions, growth and traffic."""
    growth, traffic = Decimal(said["growth"]), Decimal(said["traffic"])
    default = Decimal(said["assumptions"].get("growth-per-year", catalog.assumptions["growth-per-year"].value))
    workloads = []
    for w in assessment.workloads:
        demand = w.demand
        if growth:
            stated = demand.growth_per_year if demand.growth_per_year is not None else default
            demand = demand.model_copy(update={"growth_per_year": max(stated + growth, Decimal("-0.99"))})
        if traffic != 1:
            field = "requests_per_month" if demand.requests_per_month is not None else "requests_per_user_day"
            demand = demand.model_copy(update={field: getattr(demand, field) * traffic})
        if said["cached"] is not None:
            demand = demand.model_copy(update={"cached_input_share": Decimal(said["cached"])})
        workloads.append(w.model_copy(update={"demand": demand, **said["workload_limits"].get(w.id, {})}))
    own = {**assessment.assumptions, **{k: Decimal(v) for k, v in said["assumptions"].items()}}
    return Assessment.model_validate(assessment.model_copy(update={"workloads": tuple(workloads), "assumptions": own}).model_dump())


def _limited(assessment: Assessment, limits: Mapping[str, Any], objective: Iterable[str]) -> Assessment:
    """The assessment with other constraints and another objective."""
    data = assessment.constraints.model_dump()
    for path, said in limits.items():
        value = Decimal(said) if isinstance(said, str) else said
        *parents, last = path.split(".")
        at = data
        for name in parents:
            at = at[name]
        if last not in at and value is not None:
            at[int(last) if last.isdigit() else last] = value
        elif last.isdigit():
            at[int(last)] = value
            if value is None:
                del at[int(last)]
        else:
            at[last] = value
    made = type(assessment.constraints).model_validate(data)
    aims = tuple(objective) or assessment.objective
    return Assessment.model_validate({**assessment.model_copy(update={"constraints": made}).model_dump(), "objective": aims})
