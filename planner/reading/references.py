"""Everything a file names, looked up in the catalog: an id that leads nowhere is a problem, with its place and the nearest name.

A file is walked as plain data. The tables say which keys hold a reference, by the names of the keys that lead there,
list indices left out; so a new noun that cites a `source` or tests a `fact` needs no code.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from planner.domain.catalog import Catalog, FactDefinition
from planner.problems import Problem, nearest
from planner.reading.binding import Placed
from planner.reading.strict_yaml import Document, Route
from planner.reading.vocabulary import Objection, asked_fact, condition_objection, unknown_fact, value_objection

_OFFER = {"operator": "parties", "mode": "modes", "model": "models", "accelerator": "accelerators", "server": "servers", "sites": "sites",
          "models_allowed": "models"}
_EVERYWHERE = {"source": "sources", "in_group": "groups"}  # by the last key alone
CATALOG_REFERENCES = {
    "models.maker": "parties", "models.licence.value": "licences", "models.successor": "names of models",
    "accelerators.maker": "parties", "servers.accelerator": "accelerators",
    "published_rates.model": "models", "published_rates.accelerator": "accelerators",
    "parties.parent": "parties", "parties.sites.owner": "parties",
    **{f"offers.{key}": kind for key, kind in _OFFER.items()},
    "recipes.model": "models", "recipes.accelerator": "accelerators",
    "measured_energy.vendor": "parties", "measured_energy.model": "models", "measured_energy.accelerator": "accelerators",
    "life_cycles.vendor": "parties", "life_cycles.model": "models",
    "products.vendor": "parties", "products.offers": "offers", "products.modes": "modes",
    "price_lists.operator": "parties", "price_lists.leave_out": "models",
    "abilities.model": "models", "abilities.sources": "sources", "gate_scores.model": "models", "tiers.reference": "models",
    "scenarios.prices.operators": "parties", "scenarios.prices.modes": "modes", "scenarios.operators_gone": "parties",
    "scenarios.rules_on": "rules", "scenarios.rules_off": "rules",
    "lenses.asked_by": "rules", "rules.sets": "facts", "rules.applies_from_by_class.when_class": "facts",
}
_ANY_MODEL = {f"offers.{key}": "names of models" for key, kind in _OFFER.items() if kind == "models"}
ASSESSMENT_REFERENCES = {
    **{f"offers.{key}": kind for key, kind in _OFFER.items()}, **_ANY_MODEL,
    "measured.model": "names of models", "measured.accelerator": "accelerators",
    "workloads.models": "names of models", "workloads.modes": "modes", "workloads.quality.tier": "tiers",
    "workloads.quality.at_least_as_good_as": "names of models", "workloads.quality.accept_unmeasured": "names of models",
    "constraints.operators.only": "parties", "constraints.operators.exclude": "parties", "constraints.required_operators": "parties",
    "constraints.vendors.only": "parties", "constraints.vendors.exclude": "parties",
    "constraints.countries.only": "countries", "constraints.countries.exclude": "countries",
    "constraints.modes.only": "modes", "constraints.modes.exclude": "modes",
    "organisation.country": "countries", "organisation.sites.country": "countries",
}
KEYED_REFERENCES = {"assumptions": "assumptions", "party_facts": "parties"}  # in an assessment, the keys are the references
_FACT_MAPPINGS = ("modes.facts", "organisation.facts", "workloads.facts", "evidence", "party_facts.*")
_SINGULAR = {"parties": "party", "countries": "country", "names of models": "model", "facts": "fact"}
Visit = tuple[Any, str, Route]  # a value, the keys that lead to it without indices, the path to it


class Names:
    """What the catalog knows, by kind: every id that a reference of that kind may name. `sites` are the assessment's own, besides."""

    def __init__(self, catalog: Catalog, own_sites: frozenset[str] = frozenset()):
        self.catalog = catalog
        countries = {code for group in catalog.groups.values() for code in group.members} | set(catalog.countries)
        self._known: dict[str, Mapping[str, Any] | set[str]] = {
            "sites": set(catalog.sites) | own_sites, "names of models": catalog.model_names, "countries": countries,
        }

    def known(self, kind: str) -> Mapping[str, Any] | set[str]:
        """The ids of a kind: a collection of the catalog, `sites`, `countries` or `names of models` (ids and aliases)."""
        return self._known[kind] if kind in self._known else getattr(self.catalog, kind)

    def objection(self, kind: str, word: str) -> Objection | None:
        """An objection where no such thing is known. A nearly right name is refused with the nearest one, never corrected."""
        if word in self.known(kind):
            return None
        if kind == "models" and (canonical := self.catalog.model_names.get(word)):
            return Objection(f"{word!r} is an alias; the catalog itself names a model by its id", f"write {canonical!r}")
        what = _SINGULAR.get(kind, kind.removesuffix("s"))
        return Objection(f"there is no {what} {word!r} in the catalog", nearest(word, self.known(kind)))


def check_references(catalog: Catalog, documents: Sequence[Document]) -> list[Problem]:
    """Every id in the catalog's files that leads nowhere, and every fact with a value it cannot have, sorted by place."""
    names = Names(catalog)
    return sorted(problem for document in documents for problem in reference_problems(document, names, CATALOG_REFERENCES, {}))


def reference_problems(document: Placed, names: Names, table: Mapping[str, str], keyed: Mapping[str, str]) -> Iterator[Problem]:
    """The problems with the references of one file. The file may be misshapen: what is not a reference is passed over."""
    for value, shape, route in walk(document.data):
        kind = table.get(shape) or _EVERYWHERE.get(shape.rpartition(".")[2])
        if kind and isinstance(value, str) and (found := names.objection(kind, value)):
            yield document.problem(route, *found)
        if not isinstance(value, dict):
            continue
        if shape in keyed:
            for key in value:
                if found := names.objection(keyed[shape], key):
                    yield document.problem((*route, key), *found, key=True)
        if isinstance(value.get("fact"), str):
            yield from _fact_problems(document, value, route, names.catalog)
        elif _is_fact_mapping(shape):
            may_state = unknown_fact if shape.startswith("modes.") or shape.startswith("party_facts.") else asked_fact
            yield from fact_mapping_problems(document, value, route, names.catalog, may_state)


def walk(data: Any) -> Iterator[Visit]:
    """Every value of plain data, in the order of the file."""
    waiting: list[Visit] = [(data, "", ())]
    while waiting:
        value, shape, route = waiting.pop()
        yield value, shape, route
        if isinstance(value, dict):
            base = shape + "." if shape else ""
            waiting.extend((inner, base + key, (*route, key)) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend((inner, shape, (*route, index)) for index, inner in zip(range(len(value) - 1, -1, -1), reversed(value)))


def _is_fact_mapping(shape: str) -> bool:
    return shape in _FACT_MAPPINGS or shape.rpartition(".")[0] + ".*" in _FACT_MAPPINGS


def fact_mapping_problems(document: Placed, facts: Mapping[str, Any], route: Route, catalog: Catalog,
                          may_state: Callable[[str, Mapping[str, FactDefinition]], Objection | None] = asked_fact) -> Iterator[Problem]:
    """The problems with a mapping of facts to values; a value of null says that the fact is not known."""
    for name, value in facts.items():
        if found := may_state(name, catalog.facts):
            yield document.problem((*route, name), *found, key=True)
        elif value is not None and (found := value_objection(catalog.facts[name], value)):
            yield document.problem((*route, name), *found)


def _fact_problems(document: Placed, holder: Mapping[str, Any], route: Route, catalog: Catalog) -> Iterator[Problem]:
    """The problems with a fact record (it has a `value`) or with one test of a condition."""
    name = holder["fact"]
    if found := unknown_fact(name, catalog.facts):
        yield document.problem((*route, "fact"), *found)
    elif "value" in holder:
        if found := value_objection(catalog.facts[name], holder["value"]):
            yield document.problem((*route, "value"), *found)
    else:
        for test, wanted in holder.items():
            if found := condition_objection(catalog.facts[name], test, wanted):
                yield document.problem((*route, test), *found)
