"""The cheapest ways out of a conflict: each a change of the assessment, proved by planning anew with it."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from planner.domain.assessment import Assessment, QualityFloor, Residency, Selection, Service, Workload
from planner.domain.plan import Conflict, Plan, Repair
from planner.judging.portfolio import SCORE_UNIT
from planner.optimising.adapting import portfolio_of
from planner.optimising.conflict import Lift
from planner.optimising.repairing import Change, Closed, repairs
from planner.optimising.repairing import Repair as Proposed
from planner.options.demands import demands_of
from planner.options.option import Option
from planner.problems import NotProved

_SELECTIONS = ("operators", "vendors", "countries", "modes")
_HUNDREDTH = Decimal("0.01")


Again = Callable[[Assessment], Plan | None]  # plan anew with another assessment, and re-check; None where there is no plan
Edit = Callable[[Assessment], Assessment]


def with_repairs(
    conflict: Conflict, assessment: Assessment, lift: Lift, again: Again, engine: str = "highs", seconds: float = 60.0
) -> Conflict:
    """The conflict with its cheapest repairs, the cheapest plan first.

    Each is the least change of one demand, or of a few that have to give way together. What is not settled within `seconds` is left out.
    """
    known = tuple(d.name for d in conflict.demands if d.name != "world")
    names = frozenset(known)
    options = lift(names, None)
    stuck = {part.workload for part in options.parts if not options.open[part.id]}
    if stuck:  # what closes every way of others has to give way as well
        wishes = demands_of(assessment)
        names |= {name for name in wishes if name in ("portfolio-seal", *_SELECTIONS) or name.partition(":")[2] in stuck}
        options = lift(names, None)
    if not names or any(not options.open[part.id] for part in options.parts):
        return conflict
    portfolio = portfolio_of(options, assessment)
    by_key = {(o.part, o.key): o for ways in options.open.values() for o in ways}
    closed = [Closed(w, _levels(by_key[w.item, w.key])) for w in portfolio.ways if by_key[w.item, w.key].violated]
    ways = tuple(w for w in portfolio.ways if not by_key[w.item, w.key].violated)
    try:
        found = repairs(replace(portfolio, ways=ways), closed, engine, seconds, known)
        said = [made for repair in found if (made := _proved(repair, assessment, by_key, again)) is not None]
    except NotProved:
        return conflict
    return conflict.model_copy(update={"repairs": tuple(sorted(said, key=lambda r: (r.cost_eur or 0, r.says)))})


def _levels(option: Option) -> dict[str, int | None]:
    """What each demand that closes a way would have to come down to, where it has levels."""
    levels: dict[str, int | None] = dict.fromkeys(sorted(option.violated))
    for name in levels:
        kind = name.partition(":")[0]
        if kind in ("seal", "portfolio-seal"):
            levels[name] = option.seal_known
        elif kind == "score":
            levels[name] = option.score
    return levels


def _proved(repair: Proposed, assessment: Assessment, by_key: Mapping[tuple[str, str], Option], again: Again) -> Repair | None:
    """The repair in words with what the plan costs that it makes possible; None where planning anew finds none."""
    used = [by_key[item, way] for (item, _), parts in repair.decision.serving.items() for way in parts]
    said, candidates = [], [assessment]
    for change in repair.changes:
        words, edits = _edits(change, assessment, [o for o in used if change.demand in o.violated])
        said.append(words)
        candidates = [edit(a) for a in candidates for edit in edits]
    plan = next((made for a in candidates if (made := again(a)) is not None), None)
    return None if plan is None else Repair(says="; and ".join(said), cost_eur=plan.cost.total_eur)


def _edits(change: Change, a: Assessment, breaking: list[Option]) -> tuple[str, list[Edit]]:
    """One change in words, and as edits of an assessment, the tightest first."""
    kind, _, rest = change.demand.partition(":")
    value = change.value
    if kind == "budget":
        amount = Decimal(int(value or 0)) / 100
        amount = amount.to_integral_value(rounding=ROUND_CEILING)
        year = int(rest) if rest.isdigit() else None
        words = {"total": "the budget in all", "capex": "the budget for what is bought"}.get(rest, f"the budget of {rest}")
        update = {"per_year": {**a.constraints.budget.per_year, year: amount}} if year else {rest: amount}
        return f"raise {words} to EUR {amount:,}", [_constraints(budget=update)]
    if kind == "portfolio-score":
        score = (Decimal(int(value or 0)) / SCORE_UNIT).quantize(_HUNDREDTH, rounding=ROUND_FLOOR)
        return f"lower the portfolio's least sovereignty score to {score}", [_constraints(sovereignty={"min_score": score})]
    if kind == "portfolio-seal":
        return _lowered("the least SEAL of every workload", "SEAL-", value), [_constraints(sovereignty={"min_seal": value})]
    if kind == "concentration":
        share = _share(value)
        name, words = ("max_share_of_spend", "of the spend") if rest == "spend" else ("max_share_of_critical", "of the critical workloads")
        return f"let one operator carry up to {share:.0%} {words}", [_constraints(concentration={name: share})]
    if kind in ("max-operators", "max-models", "carbon"):
        field, words = {"max-operators": ("max_operators", "operators"), "max-models": ("max_models", "models"),
                        "carbon": ("max_carbon_kg", "kg CO2e")}[kind]
        return f"allow up to {int(value or 0):,} {words}", [_constraints(**{field: int(value or 0)})]
    if kind == "power":
        kilowatts = Decimal(int(value or 0)) / 1000
        sites = tuple(s.model_copy(update={"power_kw": kilowatts}) if s.id == rest else s for s in a.organisation.sites)
        organisation = a.organisation.model_copy(update={"sites": sites})
        return f"provide {kilowatts} kW at {rest}", [lambda x: x.model_copy(update={"organisation": organisation})]
    if kind == "required":
        return f"do without {rest}", [lambda x: _with_constraints(x, required_operators=tuple(
            k for k in x.constraints.required_operators if k != rest))]
    if kind in _SELECTIONS and not rest:
        names = sorted({_value(kind, o) for o in breaking})
        return f"allow {', '.join(names)}", [_constraints(**{kind: _opened(getattr(a.constraints, kind), names)})]
    return _of_workload(kind, rest, value, breaking)


def _of_workload(kind: str, workload: str, value: Any, breaking: list[Option]) -> tuple[str, list[Edit]]:
    if kind == "seal":
        return _lowered(f"the least SEAL of `{workload}`", "SEAL-", value), [_workload(workload, min_seal=value)]
    if kind == "score":
        score = None if value is None else (Decimal(int(value)) / SCORE_UNIT).quantize(_HUNDREDTH, rounding=ROUND_FLOOR)
        return _lowered(f"the least score of `{workload}`", "", score), [_workload(workload, min_score=score)]
    if kind == "residency":
        countries = ", ".join(sorted({o.deployment.country or "a place the offer does not name" for o in breaking}))
        wider = (Residency.EEA, Residency.EEA_OR_ADEQUATE, Residency.ANYWHERE)
        return f"let `{workload}` be processed in {countries}", [_workload(workload, residency=r) for r in wider]
    if kind == "quality":
        names = ", ".join(sorted({o.model for o in breaking}))
        return f"accept {names} for `{workload}` below its quality floor", [_workload(workload, quality=None)]
    if kind == "service":
        return f"let `{workload}` answer more slowly", [_workload(workload, service=Service())]
    if kind == "standby":
        return f"let `{workload}` do without a standby", [_workload(workload, standby=False), _constraints(standby_for_critical=False)]
    if kind in ("models", "modes"):
        names = sorted({o.model if kind == "models" else o.deployment.mode.id for o in breaking if o.deployment.mode})
        return f"allow {', '.join(names)} for `{workload}`", [_workload(workload, **{kind: ()})]
    return f"give up {kind} of `{workload}`", []


def _lowered(what: str, prefix: str, value: Any) -> str:
    return f"give up {what}" if value is None else f"lower {what} to {prefix}{value}"


def _share(value: Any) -> Decimal:
    share = Fraction(value or 0)
    return (Decimal(share.numerator) / share.denominator).quantize(Decimal("0.0001"), rounding=ROUND_CEILING)


def _value(kind: str, option: Option) -> str:
    d = option.deployment
    found = {"operators": d.operator.id, "vendors": d.model.maker if d.model else "", "countries": d.country or "",
             "modes": d.mode.id if d.mode else ""}
    return found[kind]


def _opened(selection: Selection, names: list[str]) -> dict[str, tuple[str, ...]]:
    return {
        "only": (*selection.only, *names) if selection.only else (), "exclude": tuple(x for x in selection.exclude if x not in names),
    }


def _constraints(**update: Any) -> Edit:
    """An edit of the constraints; a mapping updates the part of that name."""
    def edit(a: Assessment) -> Assessment:
        return _with_constraints(a, **{
            name: getattr(a.constraints, name).model_copy(update=value) if isinstance(value, dict) else value for name, value in update.items()
        })

    return edit


def _with_constraints(a: Assessment, **update: Any) -> Assessment:
    return a.model_copy(update={"constraints": a.constraints.model_copy(update=update)})


def _workload(name: str, **update: QualityFloor | Service | Residency | object) -> Edit:
    """An edit of one workload."""
    def edit(a: Assessment) -> Assessment:
        changed: tuple[Workload, ...] = tuple(w.model_copy(update=update) if w.id == name else w for w in a.workloads)
        return a.model_copy(update={"workloads": changed})

    return edit
