"""The law of the shipped catalog by itself: rules, vocabulary and the country groups they name, read once."""
from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from planner.domain.catalog import Catalog, CountryGroup, FactDefinition, Rule
from planner.reading.strict_yaml import read

CATALOG = Path(__file__).resolve().parent.parent / "catalog"
EU = tuple("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
ADEQUATE = tuple("AD AR BR CA CH FO GB GG IL IM JE JP KR NZ US UY".split())


@cache
def law_catalog() -> Catalog:
    """A catalog that holds the law and nothing else."""
    rules = [Rule.model_validate(r) for path in sorted((CATALOG / "law").glob("*.yaml")) for r in read(path).data["rules"]]
    facts = [FactDefinition.model_validate(f) for path in sorted((CATALOG / "facts").glob("*.yaml")) for f in read(path).data["facts"]]
    groups = {
        name: CountryGroup(id=name, name=name, members=members, source="law-gdpr", checked="2026-11-24")
        for name, members in (("eu", EU), ("eea", (*EU, "IS", "LI", "NO")), ("adequate", ADEQUATE))
    }
    empty: dict[str, Any] = {
        name: {} for name in ("sources", "models", "licences", "accelerators", "servers", "parties", "modes", "offers", "countries", "assumptions",
                              "frameworks", "tiers")
    }
    return Catalog(
        **empty, groups=groups, rates=(), abilities=(), gate_scores=(), facts={f.name: f for f in facts}, rules={r.id: r for r in rules}
    )
