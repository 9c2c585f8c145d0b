"""The wishes of an assessment that can be lifted, each with its sentence: what a conflict is made of."""
from __future__ import annotations

from planner.domain.assessment import Assessment, Criticality, Selection, Workload


def demands_of(assessment: Assessment) -> dict[str, str]:
    """Every demand the user made, by name, in words. Law and physics are not among them: nothing lifts those."""
    found: dict[str, str] = {}
    c = assessment.constraints
    if c.budget.total is not None:
        found["budget:total"] = f"the whole plan costs at most EUR {c.budget.total:,}"
    if c.budget.capex is not None:
        found["budget:capex"] = f"at most EUR {c.budget.capex:,} is spent on buying"
    for year, amount in sorted(c.budget.per_year.items()):
        found[f"budget:{year}"] = f"{year} costs at most EUR {amount:,}"
    if c.sovereignty.min_seal is not None:
        found["portfolio-seal"] = f"every workload reaches SEAL-{c.sovereignty.min_seal}"
    if c.sovereignty.min_score is not None:
        found["portfolio-score"] = f"the portfolio's sovereignty score is at least {c.sovereignty.min_score}"
    if c.concentration.max_share_of_spend is not None:
        found["concentration:spend"] = f"no operator gets more than {c.concentration.max_share_of_spend:%} of the spend"
    if c.concentration.max_share_of_critical is not None:
        found["concentration:critical"] = f"no operator carries more than {c.concentration.max_share_of_critical:%} of the critical workloads"
    for name in ("operators", "vendors", "countries", "modes"):
        if words := _selection(getattr(c, name), name):
            found[name] = words
    for operator in c.required_operators:
        found[f"required:{operator}"] = f"{operator} serves at least one workload"
    if c.max_operators is not None:
        found["max-operators"] = f"at most {c.max_operators} operators are in use"
    if c.max_models is not None:
        found["max-models"] = f"at most {c.max_models} models are in use"
    if c.max_carbon_kg is not None:
        found["carbon"] = f"the plan emits at most {c.max_carbon_kg:,} kg CO2e"
    for site in assessment.organisation.sites:
        if site.power_kw is not None:
            found[f"power:{site.id}"] = f"servers at {site.name} draw at most {site.power_kw} kW"
    for workload in assessment.workloads:
        found |= _of_workload(workload, c.standby_for_critical)
    return found


def _selection(selection: Selection, word: str) -> str:
    only = f"only these {word}: {', '.join(selection.only)}" if selection.only else ""
    without = f"none of these {word}: {', '.join(selection.exclude)}" if selection.exclude else ""
    return "; ".join(filter(None, (only, without)))


def _of_workload(w: Workload, standby_for_critical: bool) -> dict[str, str]:
    found = {f"context:{w.id}": f"{w.name} fits the model's context", f"residency:{w.id}": f"{w.name} keeps its data in: {w.residency}"}
    if w.quality is not None:
        floor = w.quality.tier or w.quality.at_least_as_good_as
        found[f"quality:{w.id}"] = f"{w.name} gets a model at least as good as {floor}, with probability {w.quality.probability}"
    goals = [f"{w.service.time_to_first_token_ms} ms to the first token"] if w.service.time_to_first_token_ms else []
    goals += [f"{w.service.tokens_per_second} tokens per second"] if w.service.tokens_per_second else []
    if goals:
        found[f"service:{w.id}"] = f"{w.name} answers with {' and '.join(goals)}"
    if w.min_seal is not None:
        found[f"seal:{w.id}"] = f"{w.name} reaches SEAL-{w.min_seal}"
    if w.min_score is not None:
        found[f"score:{w.id}"] = f"{w.name} reaches a sovereignty score of {w.min_score}"
    if w.standby or w.criticality is Criticality.CRITICAL and standby_for_critical:
        found[f"standby:{w.id}"] = f"another operator stands ready to take over {w.name}"
    if w.models:
        found[f"models:{w.id}"] = f"{w.name} runs on one of: {', '.join(w.models)}"
    if w.modes:
        found[f"modes:{w.id}"] = f"{w.name} runs in one of these modes: {', '.join(w.modes)}"
    return found
