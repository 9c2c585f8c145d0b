"""Why there is no plan is said in the reader's language: every demand that can be made, and every change that can be proposed."""
from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace as Stub

import pytest

from planner.domain.assessment import Assessment
from planner.optimising.repairing import Change
from planner.options.demands import demands_of
from planner.planning.repairs import _edits
from planner.reading.assessment import load_assessment
from planner.reading.catalog import load_catalog
from planner.reporting.texts import texts
from planner.resources import bundled

LANGUAGES = ("fr", "de", "ja")
KINDS = ("budget", "portfolio", "concentration", "operators", "vendors", "countries", "modes", "required", "max-", "carbon", "power", "context",
         "residency", "quality", "service", "seal", "score", "standby", "models", "modes:")


def _everything_asked() -> Assessment:
    """An assessment that makes every demand there is."""
    bank = load_assessment(bundled("assessments") / "bank.yaml", load_catalog([bundled("catalog")]))
    data = bank.model_dump(mode="python")
    data["constraints"] |= {
        "budget": {"total": Decimal("1200000"), "capex": Decimal("5000.5"), "per_year": {2027: Decimal("900000")}},
        "sovereignty": {"min_seal": 1, "min_score": Decimal("58.5")},
        "concentration": {"max_share_of_spend": Decimal("0.4"), "max_share_of_critical": Decimal("0.5")},
        "operators": {"only": ["scaleway", "aws"], "exclude": ["nebius"]}, "vendors": {"exclude": ["qwen"]}, "countries": {"only": ["FR", "DE"]},
        "modes": {"only": ["api"]}, "required_operators": ["scaleway"], "max_operators": 3, "max_models": 4, "max_carbon_kg": Decimal("12000"),
    }
    data["organisation"]["sites"] = [site | {"power_kw": Decimal("12.5")} for site in data["organisation"]["sites"]]
    residencies = ("country", "eea", "eea-or-adequate", "anywhere")
    services = ((800, 30), (800, None), (None, 30))
    for number, workload in enumerate(data["workloads"]):
        first, speed = services[number % 3]
        workload |= {
            "residency": residencies[number % 4], "min_seal": 1, "min_score": Decimal(40), "standby": True, "models": ["mistral-small-4"],
            "modes": ["api", "vpc"], "service": {"time_to_first_token_ms": first, "tokens_per_second": speed},
        }
    return Assessment.model_validate(data)


ASKED = _everything_asked()
DEMANDS = demands_of(ASKED)
CHANGES = [Change(name, {"budget": 123_456_700, "portfolio-score": 5, "score": 5, "power": 12_500}.get(name.partition(":")[0], 1)) for name in DEMANDS
           if not name.startswith("context")]
GIVEN_UP = [Change(name, None) for name in DEMANDS if name.partition(":")[0] in ("seal", "score", "portfolio-seal")]
BREAKING = [Stub(model=model, deployment=Stub(country=country, operator=Stub(id=operator), model=Stub(maker=maker), mode=Stub(id=mode)))
            for model, country, operator, maker, mode in (("gpt-5-5", "US", "aws", "openai", "api"), ("qwen3-32b", "NO", "nebius", "qwen", "vpc"))]


def test_every_kind_of_demand_is_among_them():
    assert all(any(name.startswith(kind) for name in DEMANDS) for kind in KINDS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_demand_has_a_translation(lang):
    assert not [says for says in DEMANDS.values() if texts(lang).found(says) is None]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_change_and_several_together_have_a_translation(lang):
    said = [_edits(change, ASKED, BREAKING)[0] for change in (*CHANGES, *GIVEN_UP)]
    together = [f"{one}; and {other}" for one, other in zip(said, said[1:], strict=False)]
    closed = [f"law, licences or the catalog leave no way to serve {ASKED.workloads[0].name}"]
    assert not [says for says in (*said, *together, *closed) if texts(lang).found(says) is None]


def test_amounts_and_numbers_are_written_as_the_language_writes_them():
    both = "raise the budget in all to EUR 2,135,000; and lower the portfolio's least sovereignty score to 57.25"
    said = {lang: texts(lang)(both) for lang in LANGUAGES}
    assert said["fr"] == "porter le budget total à 2\u202f135\u202f000\u00a0€ ; et abaisser la note de souveraineté minimale du portefeuille à 57,25"
    assert said["de"] == "das Gesamtbudget auf 2.135.000\u00a0€ erhöhen; und die Mindestpunktzahl der Souveränität des Portfolios auf 57,25 senken"
    assert said["ja"] == "総予算を€2,135,000に引き上げる、かつ全体の主権性の最低得点を57.25に下げる"
