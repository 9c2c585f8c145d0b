"""Reports made by hand, so that what is shown can be tested without planning anything."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import ValidationError

from planner.domain.catalog import Citation, PriceLayer, PriceUnit
from planner.domain.plan import (
    AssumptionUsed, Binding, Choice, Conflict, Cost, CostLine, Demanded, Exclusion, NodeGroup, Plan, Pool, Proof, ProofStatus, Repair, SharedCost,
    Size,
)
from planner.domain.report import (
    Dependency, FactorVerdict, Finding, LawReading, Levels, NextStep, ObjectiveScore, Overall, PartScore, Provenance, Question, Report, Scorecard,
    Scores, SourceUsed, Stack, StackLayer, StaleFact, Step,
)
from planner.domain.roadmap import RoadmapEntry

AS_OF = date(2026, 11, 24)
OBJECTIVES = {
    "SOV-1": "Strategic sovereignty", "SOV-2": "Legal and jurisdictional sovereignty", "SOV-3": "Data and AI sovereignty",
    "SOV-4": "Operational sovereignty", "SOV-5": "Supply chain sovereignty", "SOV-6": "Technology sovereignty",
    "SOV-7": "Security and compliance sovereignty", "SOV-8": "Environmental sustainability",
}
# workload, its name, model, mode, operator, site, country, offer, cost, quality, seal known, seal proven, score, open facts
ROWS = (
    ("assistant", "Assistant for all staff", "mistral-medium-3-5", "api", "mistral-ai", "mistral-ai-fr", "FR", "mistral-api-medium", "412345.67",
     "0.953", 2, 1, "71.4", ()),
    ("triage", "Triage of customer letters and mail", "ministral-3-14b", "vpc", "scaleway", "scaleway-fr", "FR", "scaleway-l40s", "182000.10",
     "0.991", 3, 1, "78.2", ()),
    ("credit-memo", "Drafts of credit memoranda on natural persons, with the reasons a credit officer needs to decide", "mistral-large-3", "on-prem",
     "own", "dc-duesseldorf", "DE", "server-8x-h200-sxm", "910000.00", "0.968", 3, 2, "83.9", ("ev.fria",)),
    ("aml", "Money-laundering alerts, first reading", "mistral-large-3", "on-prem", "own", "dc-duesseldorf", "DE", "server-8x-h200-sxm",
     "655000.49", "0.968", 3, 2, "83.9", ()),
    ("coding", "Coding assistant", "devstral-2", "mistral-compute", "mistral-ai", "mistral-ai-compute-fr", "FR", "mistral-compute-h100",
     "298700.00", None, None, 1, None, ("dep.admin_access_from",)),
    ("scans", "Reading scanned forms", "mistral-ocr-3", "api", "mistral-ai", "mistral-ai-fr", "FR", "mistral-api-ocr", "34560.00", "0.902", 2, 1,
     "71.4", ()),
    ("search", "Embeddings for search", "mistral-embed", "api", "mistral-ai", None, None, "mistral-api-embed", "48.95", None, 2, 0, "70.1", ()),
)
NAMES = {
    "mistral-medium-3-5": "Mistral Medium 3.5", "ministral-3-14b": "Ministral 3 14B", "mistral-large-3": "Mistral Large 3", "devstral-2": "Devstral 2",
    "mistral-ocr-3": "Mistral OCR 3", "mistral-embed": "Mistral Embed", "api": "Metered API", "vpc": "Rented accelerators (VPC)",
    "on-prem": "On-premises", "mistral-compute": "Mistral Compute", "mistral-ai": "Mistral AI", "scaleway": "Scaleway", "own": "Your own operation",
    "mistral-ai-fr": "Mistral AI, France", "scaleway-fr": "Scaleway, Paris", "dc-duesseldorf": "Duesseldorf data centre",
    "mistral-ai-compute-fr": "Mistral Compute, Bruyères-le-Châtel", "h200": "NVIDIA H200 141 GB", "l40s": "NVIDIA L40S 48 GB",
    "mistral-api-medium": "Mistral API: Medium 3.5", "llama-4-maverick": "Llama 4 Maverick", "gpt-5-5": "GPT-5.5",
}


def line(what: str, layer: str, amount: str, **other: Any) -> CostLine:
    """A cost line in euros, one unit at the whole amount unless told otherwise."""
    given = {"offer": None, "unit": PriceUnit.ONCE, "quantity": 1, "price": Decimal(amount), "currency": "EUR", "per_eur": 1,
             "source": "commerce-price-list", "date": "2026-10-02"}
    return CostLine(what=what, layer=PriceLayer(layer), amount_eur=Decimal(amount), **(given | other))


def choice(row: tuple) -> Choice:
    """The choice of one row of the table above, paid in two lines where it is metered."""
    workload, _, model, mode, operator, site, country, offer, cost, quality, known, proven, score, open_facts = row
    whole = Decimal(cost)
    if mode == "api":
        part = (whole / 3).quantize(Decimal("0.01"))
        lines = (
            line("input tokens", "L1", str(part), offer=offer, unit=PriceUnit.INPUT_MTOK, quantity=Decimal("812345.5"), price=Decimal("0.40"),
                 currency="USD", per_eur=Decimal("1.1583")),
            line("output tokens", "L1", str(whole - part), offer=offer, unit=PriceUnit.OUTPUT_MTOK, quantity=Decimal("203456"), price=Decimal("2.00"),
                 currency="USD", per_eur=Decimal("1.1583")),
        )
    elif mode == "mistral-compute":
        lines = (line("reserved accelerators", "L4", cost, offer=offer, unit=PriceUnit.ACCELERATOR_HOUR, estimate=True, source="own-assumption",
                      date="2026-11"),)
    else:
        elsewhere = {"credit-memo": Decimal("343000.25"), "aml": Decimal(343000)}.get(workload, Decimal(0))  # servers and shared work
        lines = (line("running", "L3", str(whole - elsewhere), offer=offer),)
    hosted = mode in ("vpc", "on-prem", "mistral-compute")
    return Choice(
        workload=workload, option=f"{model}@{offer}", model=model, mode=mode, operator=operator, site=site, country=country, offer=offer,
        hardware={"on-prem": "h200", "vpc": "l40s", "mistral-compute": "h100"}.get(mode), precision="fp8" if hosted else None,
        tensor_parallel=8 if mode == "on-prem" else None, pool=f"{model}-{mode}" if mode == "on-prem" else None, load=Decimal("1.4") if hosted else None,
        replicas=3 if hosted else None, cost_eur=whole, cost_lines=lines, exit_cost_eur=Decimal(42000) if mode == "on-prem" else None,
        quality_probability=None if quality is None else Decimal(quality), quality_pinned=workload == "coding", seal_known=known, seal_proven=proven,
        score_known=None if score is None else Decimal(score), carbon_kg=Decimal(5120) if mode == "on-prem" else None, conditional_on=open_facts,
        size=Size(requests_per_hour=5200, requests_per_hour_low=4300, requests_per_hour_high=6100, concurrency=48, ttft_ms=640, tpot_us=21500,
                  watts=4100, weights_gb=Decimal("342.5"), calibrated=True) if hosted else None,
        sources=("commerce-price-list", "models-cards"),
    )


def plan() -> Plan:
    """Seven workloads in four modes, with a shared pool, bought servers and work paid once."""
    choices = tuple(map(choice, ROWS))
    servers = (
        line("servers with 8 x H200", "L4", "560000", capex=True, estimate=True, unit=PriceUnit.SERVER, quantity=2, price=Decimal(280000),
             offer="server-8x-h200-sxm", source="own-assumption", date="2026-09"),
        line("electricity", "L4", "96000.25", unit=PriceUnit.KWH, quantity=Decimal(457144), price=Decimal("0.21"), source="own-assessment"),
    )
    setup = (line("evaluation and roll-out of Mistral Large 3", "L3", "30000", unit=PriceUnit.ENGINEER_DAY, quantity=25, price=Decimal(1200),
                  estimate=True, source="own-assumption", date="2026-11"),)
    nodes = (NodeGroup(id="h200@dc", offer="server-8x-h200-sxm", site="dc-duesseldorf", accelerator="h200", accelerators_each=8, nodes=2, months=36,
                       cost_eur=Decimal("656000.25"), capex_eur=Decimal(560000), cost_lines=servers, power_kw=Decimal("17.4")),)
    shared = (SharedCost(id="model:mistral-large-3", what="bringing in Mistral Large 3", operator=None, workloads=("aml", "credit-memo"),
                         cost_eur=Decimal(30000), cost_lines=setup),)
    total = sum((c.cost_eur for c in choices), Decimal(0))
    by_layer = {"L1": Decimal("446954.62"), "L2": Decimal(0), "L3": Decimal("1091000.34")}
    by_layer["L4"] = total - sum(by_layer.values())
    return Plan(
        months=36,
        choices=choices, nodes=nodes, shared=shared, as_of=AS_OF,
        pools=(Pool(id="mistral-large-3-on-prem", model="mistral-large-3", precision="fp8", accelerator="h200", tensor_parallel=8,
                    offer="server-8x-h200-sxm", site="dc-duesseldorf", replicas=2, spares=1, load=Decimal("0.87"), workloads=("aml", "credit-memo")),),
        cost=Cost(total_eur=total, capex_eur=Decimal(560000), by_layer=by_layer,
                  by_year={"2027": Decimal(1500000), "2028": Decimal(550000), "2029": total - Decimal(2050000)},
                  by_operator={"mistral-ai": Decimal("745654.62"), "own": total - Decimal("927654.72"), "scaleway": Decimal("182000.10")}),
        assumptions=(
            AssumptionUsed(workload="scans", name="pages-per-request", value=Decimal("2.5"), unit="pages", says="Pages of a form where nobody counted"),
            AssumptionUsed(workload=None, name="hours-per-month", value=Decimal(730), unit="hours", says="Hours in a month",
                           unsuitable_for="services that are switched off at night"),
        ),
    )


def scorecard() -> Scorecard:
    """A scorecard with a range, an unknown objective, dependencies and a next step."""
    levels = [(1, 2, 3), (1, 2, 3), (2, 3, 4), (1, None, 4), (1, 1, 2), (2, 3, 4), (1, 3, 4), (2, 2, 4)]
    percents = [("35", "62", "80"), ("40", "66", "78"), ("52", "81", "93"), ("22", None, "88"), ("18", "34", "51"), ("47", "73", "90"),
                ("31", "76", "95"), ("44", "58", "83")]

    def scores(low: str, known: str | None, high: str) -> Scores:
        return Scores(proven=Decimal(low), known=None if known is None else Decimal(known), possible=Decimal(high))

    return Scorecard(
        subject="Rheinland Bank, AI adoption 2027 to 2029",
        objectives={key: ObjectiveScore(name=name, seal=Levels(proven=a, known=b, possible=c), percent=scores(*p))
                    for (key, name), (a, b, c), p in zip(OBJECTIVES.items(), levels, percents, strict=True)},
        overall=Overall(seal=Levels(proven=1, known=1, possible=2), score={"1.2.1": Decimal("61.2"), "2026": Decimal("64.3")},
                        score_range={"1.2.1": (Decimal("34.5"), Decimal("80.9")), "2026": (Decimal("36.1"), Decimal("82.2"))},
                        coverage_percent=Decimal("72.9"), rating_out_of_10=Decimal("6.4"), rating_range=(Decimal("3.6"), Decimal("8.2")),
                        label="Sovereign with exceptions"),
        factors=(
            FactorVerdict(factor="SOV-2.1", name="Exposure to law from outside the EU", rung_proven=1, rung_known=3, rung_possible=4, rungs=4,
                          points=Decimal(3), party="NVIDIA", because="The parent is under US law", facts=("party.owner_country",)),
            FactorVerdict(factor="SOV-4.2", name="Who can administer the service", rung_proven=1, rung_known=None, rung_possible=5, rungs=5,
                          points=None, party="Mistral AI", because="at least: anybody; at best: staff in the EU", unknown=("dep.admin_access_from",),
                          to_verify=True),
        ),
        achieved=("Place of processing: all data stays in the EEA", "Weights: held under an irrevocable licence (to verify)"),
        remaining=(
            Dependency(factor="SOV-5.1", name="Origin of accelerators", party="NVIDIA", cause="Chips come from one maker under US law",
                       cut_by="a second maker of accelerators in the next purchase", seal=1),
            Dependency(factor="SOV-2.1", name="Exposure to law from outside the EU", party="Mistral AI", cause="non EU holders: 40",
                       cut_by="no way known"),
        ),
        unknown=("SOV-4.2 Who can administer the service",),
        next_step=NextStep(says="Find out for Mistral AI: from where administrators reach the service", gain_points=Decimal("2.083"), cost_eur=Decimal(0)),
        parts=tuple(PartScore(workload=r[0], seal=Levels(proven=r[11], known=r[10], possible=4), weight=Decimal(3),
                              score=scores("40.1", r[12], "88.5")) for r in ROWS),
    )


def finding(rule: str, title: str, workload: str | None, status: str, timing: str = "in-force", **other: Any) -> Finding:
    """One finding with its citation."""
    given = {"severity": "warns", "law_status": "law", "applies_from": date(2025, 1, 17), "why": f"{title}: what the facts say of it."}
    return Finding(
        rule=rule, title=title, workload=workload, status=status, timing=timing, says=f"{title}, as the law puts it.",
        citation=Citation(text="Regulation (EU) 2022/2554, Art. 28", url="https://eur-lex.europa.eu/eli/reg/2022/2554/oj", checked="2026-11-20"),
        **(given | other),
    )


FINDINGS = (
    finding("dora-exit", "Exit strategy for critical functions", "credit-memo", "unmet", severity="forbids", why="ev.exit_plan is false"),
    finding("dora-exit", "Exit strategy for critical functions", "aml", "unmet", severity="forbids", why="ev.exit_plan is false"),
    finding("ai-act-27", "Fundamental rights impact assessment", "credit-memo", "unknown", unknown=("ev.fria",), why="whether one exists is not known"),
    finding("gdpr-dpia", "Data protection impact assessment", "triage", "unknown", unknown=("ev.dpia",), assumed=("ev.dpia",)),
    finding("ai-act-annex3", "Duties of deployers of high-risk systems", "credit-memo", "unknown", "upcoming", applies_from=date(2027, 12, 2)),
    finding("omnibus-proposal", "Digital omnibus", None, "informs", "upcoming", law_status="proposal", severity="informs", act_by="vendor"),
    finding("gdpr-transfer", "Transfers outside the EEA", "assistant", "met"),
    finding("gdpr-transfer", "Transfers outside the EEA", "triage", "met"),
    finding("ai-act-4", "AI literacy", None, "met"),
)
CHECKLIST = (
    Step(id="quote-mistral-compute", step="Get a written quote for reserved accelerators at Mistral Compute", horizon="short", audience="finance",
         owner="Procurement", due=date(2027, 1, 15), evidence="the quote, signed", because="its price is an estimate", workloads=("coding",), weeks=4),
    Step(id="dora-exit", step="Write and test an exit plan for each critical function", horizon="short", audience="adopter, legal", owner="CISO",
         due=date(2027, 1, 31), evidence="a tested plan", because="Exit strategy for critical functions", workloads=("aml", "credit-memo"),
         cost_eur=Decimal(25000), citation="DORA Art. 28(8)"),
    Step(id="literacy", step="Train the people who use AI", horizon="mid", audience="adopter", owner="HR", due=date(2027, 6, 30),
         evidence="attendance lists", because="AI literacy", status="done"),
    Step(id="second-maker", step="Try a second maker of accelerators", horizon="long", audience="investor, engineering", owner="CTO",
         due=date(2029, 3, 31), evidence="a benchmark", because="Origin of accelerators"),
)
EXCLUSIONS = (
    Exclusion(workload="assistant", option="gpt-5-5", reason="processing leaves the EEA", rule="residency", count=14),
    Exclusion(workload="triage", option="gpt-5-5", reason="processing leaves the EEA", rule="residency", count=9),
    Exclusion(workload="contracts", option="llama-4-maverick/fp8@l40s", reason="its licence keeps EU organisations out", rule="licence-geography"),
    Exclusion(workload="credit-memo", option="ministral-3-14b", reason="probability 0.31 that it is as good as the floor", rule="quality-below-floor", count=6),
    Exclusion(workload="aml", option="ministral-3-14b", reason="probability 0.28 that it is as good as the floor", rule="quality-below-floor", count=2),
)


def stacks() -> tuple[Stack, ...]:
    """Who owns each layer: some of it foreign, some of it own, some of it not known."""
    def stack(row: tuple) -> Stack:
        own = row[4] == "own"
        operator = NAMES[row[4]]
        return Stack(workload=row[0], layers=(
            StackLayer(layer="L4", name="Agents and applications", owner="Your own operation", law="DE", could_switch_off=False),
            StackLayer(layer="L3", name="Serving and tools", owner="vLLM" if own else operator, law="US" if own else "FR", could_switch_off=not own),
            StackLayer(layer="L2", name="Model", owner="Mistral AI", law="FR", could_switch_off=not own, note="the weights are with their maker"),
            StackLayer(layer="L1", name="Cloud platform", owner=operator, law="DE" if own else "FR", could_switch_off=not own),
            StackLayer(layer="L1", name="Servers and site", owner=operator if row[5] else "not known", law="DE" if own else "FR",
                       could_switch_off=None if row[5] is None else not own, note="in DE" if own else None),
            StackLayer(layer="L1", name="Chips", owner="NVIDIA", law="US", could_switch_off=None, note="supply and firmware depend on the maker"),
        ))
    return tuple(map(stack, ROWS))


SOURCES = (
    SourceUsed(id="commerce-price-list", what="Price list of an operator", url="https://example.com/prices", date="2026-10-02"),
    SourceUsed(id="models-cards", what="Model cards", url="http://plain.example.com/cards", date="2026-09"),
    SourceUsed(id="own-assumption", what="An assumption of this tool", url=None, date="2026"),
)
PROVENANCE = Provenance(
    tool="sovplan 0.1.0", catalog_sha256="ab" * 32, assessment_sha256="cd" * 32, as_of=AS_OF, exchange_rates=("1 EUR = 1.1583 USD on 2026-11-23",),
    overridden=("mistral-compute-h100",), solver="highs", facts_by_status={"law": 120, "guideline": 14, "licence-term": 9, "proposal": 6},
)
QUESTIONS = (
    Question(fact="ev.fria", question="Has a fundamental rights impact assessment been done?", decides=3, about="credit-memo"),
    Question(fact="dep.admin_access_from", question="From which countries do administrators reach the service?", decides=2, about="coding"),
)
ROADMAP = (
    RoadmapEntry(day=date(2027, 1, 1), kind="ready", what="Legal counsel", owners=("Legal counsel",), steps=("Sign the agreement", "File it"), weeks=8,
                 begin_by=date(2026, 11, 6), late=True),
    RoadmapEntry(day=date(2027, 12, 2), kind="duty", what="Fundamental rights impact assessment", says="Before first use, assess the effects on people.",
                 rule="ai-act-27-fria", status="unknown", citation="AI Act Art. 27", workloads=("credit-memo",), owners=("Compliance officer",),
                 steps=("Carry out the assessment",), weeks=8, begin_by=date(2027, 10, 7)),
    RoadmapEntry(day=date(2028, 6, 30), kind="model-retires", what="Mistral Medium 3.5", detail="Mistral Medium 4", workloads=("assistant",)),
    RoadmapEntry(day=date(2028, 7, 1), kind="price", what="Mistral API: Medium 3.5", detail="0.50 USD / input-mtok", workloads=("assistant",)),
)
BASE: dict[str, Any] = {
    "assessment_name": "Rheinland Bank, AI adoption 2027 to 2029", "organisation": "Rheinland Bank AG", "options_open": 412, "options_excluded": 1834,
    "exclusions": EXCLUSIONS, "provenance": PROVENANCE, "names": {row[0]: row[1] for row in ROWS} | NAMES | {"contracts": "Questions to contracts"},
    "assessment": {
        "name": "Rheinland Bank, AI adoption 2027 to 2029", "horizon": {"start": "2027-01-01", "months": 36}, "objective": ["cost", "sovereignty"],
        "workloads": [{"id": r[0], "name": r[1], "criticality": "critical" if r[0] in ("aml", "credit-memo") else "supporting"} for r in ROWS],
    },
}


def rich_report() -> Report:
    """A bank's plan with everything a report can hold."""
    made = plan()
    total = f"{made.cost.total_eur:,.2f}"
    return Report(
        **BASE, outcome="planned", plan=made, scorecard=scorecard(), stack=stacks(), findings=FINDINGS, checklist=CHECKLIST, questions=QUESTIONS,
        headline=("This plan holds on condition: 2 facts that nobody has stated yet decide whether parts of it may stand.",
                  "Accepted without measurement, as you asked: Devstral 2.",
                  "7 workloads on 6 models under 3 operators (Mistral AI, Scaleway, Your own operation).",
                  f"EUR {total} over 36 months, proved to be the cheapest.", "Sovereignty: SEAL-1 proven, up to SEAL-2 possible."),
        proof=Proof(status=ProofStatus.OPTIMAL, gap=Decimal(0), bound_eur=made.cost.total_eur, objective=("cost", "sovereignty"), solver="highs"),
        binding=(Binding(demand="budget 2027", used="EUR 1,500,000", limit="EUR 2,500,000", unit="euros", used_value=Decimal(1500000),
                         limit_value=Decimal(2500000)),
                 Binding(demand="SEAL of each workload", used="not known", limit="SEAL-1", unit="seal", limit_value=Decimal(1), at_least=True)),
        stale=(StaleFact(what="price of input tokens (mistral-api-medium)", date="2026-05", age_days=207, shelf_life_days=90),),
        sources=SOURCES, roadmap=ROADMAP,
    )


def no_plan_report() -> Report:
    """A report that says why there is no plan, and what would make one possible."""
    return Report(
        **BASE, outcome="no-plan", plan=None, scorecard=None, stack=(), findings=(), checklist=(), questions=(), sources=(),
        headline=("No plan meets everything that was asked. These cannot all hold: the budget is EUR 100,000; every workload reaches SEAL-4.",),
        proof=Proof(status=ProofStatus.INFEASIBLE, gap=None, bound_eur=None, objective=("cost",), solver="highs"),
        conflict=Conflict(
            demands=(Demanded(name="budget", says="the whole plan costs at most EUR 100,000"), Demanded(name="seal", says="every workload reaches SEAL-4")),
            repairs=(Repair(says="raise the budget to EUR 2,135,000", cost_eur=Decimal("2035000")), Repair(says="ask for SEAL-1 instead of SEAL-4")),
        ),
    )


def law_reading() -> LawReading:
    """What the law says of some facts, with a class that is not known."""
    return LawReading(as_of=AS_OF, classes={"prohibited": False, "high_risk": True, "transparency": None}, obligations=FINDINGS[:5],
                      proposals=FINDINGS[5:6], questions=QUESTIONS, because={"high_risk": ("ai-act-annex3",)}, assumed={"wl.emotion": False})


def with_text(report: Report, text: Callable[[str], str]) -> Report:
    """The same report with every field that takes free text replaced; fields with a form of their own keep their value."""
    data = report.model_dump()
    places = [p for p in _strings(data, ()) if p[0] not in ("format_version", "assessment")]
    kept = {place: _get(data, place) for place in places}
    for place, old in kept.items():
        _set(data, place, text(old))
    try:
        return Report.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            for place in kept:
                if fault["loc"][: len(place)] == place:
                    _set(data, place, kept[place])
    return Report.model_validate(data)


def _strings(value: Any, place: tuple) -> list[tuple]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in _strings(inner, (*place, key))]
    if isinstance(value, (list, tuple)):
        return [found for index, inner in enumerate(value) for found in _strings(inner, (*place, index))]
    return [place] if isinstance(value, str) and not isinstance(value, Enum) else []


def _get(value: Any, place: tuple) -> Any:
    for key in place:
        value = value[key]
    return value


def _set(value: Any, place: tuple, new: Any) -> None:
    """Set one leaf; tuples on the way become lists, which validation reads alike."""
    for key in place[:-1]:
        if isinstance(value[key], tuple):
            value[key] = list(value[key])
        value = value[key]
    value[place[-1]] = new
