"""Is the catalog fit to plan with? Everything loading demands, and whether its figures are dated, agree and add up."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from planner.domain.catalog import SHELF_LIFE_DAYS, Catalog, Pricing
from planner.problems import Problem, Refused, nearest
from planner.quantities import first_day
from planner.reading.catalog import checked_references, raw_files, read_catalog
from planner.reading.located import entries
from planner.reading.offers import missing_parts
from planner.reading.parameters import disagreement
from planner.reading.references import walk
from planner.reading.strict_yaml import Document, Route

PRICE_GAP = Decimal("0.10")
# The keys that lead to the mapping that holds a date, where they are not the collection's own name.
_HOLDERS = {"offers.prices": "prices", "products.list_prices": "prices", "rules.cites": "rules"}


class CatalogCheck(NamedTuple):
    """What a check found, sorted by place: `errors` must go before one plans, `warnings` should be looked at."""

    errors: list[Problem]
    warnings: list[Problem]


Further = Callable[[Catalog, Sequence[Document]], CatalogCheck]  # a check of a room that this one may not know


def check_catalog(folders: Sequence[Path], as_of: date, further: Sequence[Further] = ()) -> CatalogCheck:
    """Everything wrong with the catalog in `folders` on the day `as_of`, by this room and by `further` checks. Does not raise for what it finds.

    Errors: what loading refuses, dates after `as_of`, contradicting facts and prices, totals that the architecture does not
    make, offers that cannot be priced, weights that do not add up. Warnings: figures past their shelf life, and sources
    more than a tenth apart.
    """
    try:
        catalog, documents = read_catalog(raw_files(folders))
    except Refused as refusal:
        return CatalogCheck(list(refusal.problems), [])
    errors, warnings = set(checked_references(catalog, documents)), set()
    resolved = not errors
    for document in documents:
        errors.update(_future(document, as_of))
        errors.update(_contradicting_facts(document))
        warnings.update(_stale(document, as_of))
        warnings.update(_far_apart(document))
    errors.update(_models(catalog, documents))
    errors.update(_offers(catalog, documents))
    errors.update(_products(catalog, documents))
    errors.update(_frameworks(catalog, documents))
    for check in further if resolved else ():  # they follow ids, so the ids have to lead somewhere first
        found = check(catalog, documents)
        errors.update(found.errors)
        warnings.update(found.warnings)
    return CatalogCheck(sorted(errors), sorted(warnings))


# ------------------------------------------------------------------------------------------------- dates


def _dated(document: Document) -> Iterator[tuple[str, str, Route]]:
    """Every day on which something was read or happened: the day, the keys that lead to it, its path."""
    for value, shape, route in walk(document.data):
        if route and route[-1] in ("date", "checked") and isinstance(value, (str, int)):
            yield str(value), shape, route


def _future(document: Document, as_of: date) -> Iterator[Problem]:
    for day, _, route in _dated(document):
        if first_day(day) > as_of:
            yield document.problem(route, f"{day} lies after {as_of}, the day of this check")


def _stale(document: Document, as_of: date) -> Iterator[Problem]:
    for day, shape, route in _dated(document):
        holder = shape.rpartition(".")[0]
        shelf_life = SHELF_LIFE_DAYS.get(_HOLDERS.get(holder, holder.partition(".")[0]))
        age = (as_of - first_day(day)).days
        if shelf_life is not None and age > shelf_life:
            yield document.problem(route, f"this was read {age} days ago, and keeps for {shelf_life}", "read the source again")


# ---------------------------------------------------------------------------------------- contradictions


def _contradicting_facts(document: Document) -> Iterator[Problem]:
    """Two records of one party (model, site, offer) that give one fact different values."""
    for records, _, route in walk(document.data):
        if not route or route[-1] != "facts" or not isinstance(records, list):
            continue
        first: dict[str, Any] = {}
        for index, record in enumerate(records):
            name = record.get("fact")
            if name is not None and first.setdefault(name, record["value"]) != record["value"]:
                message = f"`{name}` was {first[name]!r} before, and is {record['value']!r} here"
                yield document.problem((*route, index), message, "keep the one that holds")


def _far_apart(document: Document) -> Iterator[Problem]:
    """Figures that another source puts more than a tenth higher or lower."""
    for figure, _, route in walk(document.data):
        if not isinstance(figure, dict) or not _is_number(figure.get("value")):
            continue
        for index, other in enumerate(figure.get("also_reported") or ()):
            if _is_number(other["value"]) and (gap := _gap(figure["value"], other["value"])) > PRICE_GAP:
                message = f"{other['value']} is {gap:.0%} from {figure['value']}"
                yield document.problem((*route, "also_reported", index), message, "see which source holds")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _gap(one: Decimal | int, other: Decimal | int) -> Decimal:
    """The difference as a share of the first; of the second where the first is nothing."""
    base = Decimal(one) or Decimal(other)
    return abs(Decimal(one) - Decimal(other)) / abs(base) if base else Decimal(0)


# ------------------------------------------------------------------------------- models, offers, weights


def _models(catalog: Catalog, documents: Sequence[Document]) -> Iterator[Problem]:
    for key, (document, route) in entries(documents, "models").items():
        model = catalog.models[key]
        if model.architecture is None or model.parameters_total_b is None:
            continue
        if objection := disagreement(model.architecture.value, model.parameters_total_b.value):
            yield document.problem((*route, "parameters_total_b"), objection, "correct the total or the architecture")


def _offers(catalog: Catalog, documents: Sequence[Document]) -> Iterator[Problem]:
    currencies = {"EUR"} | {rate.currency for rate in catalog.rates}
    for key, (document, route) in entries(documents, "offers").items():
        offer = catalog.offers[key]
        yield from (document.problem(route, missing) for missing in missing_parts(offer))
        first: dict[tuple, tuple[int, Decimal]] = {}
        for index, price in enumerate(offer.prices):
            at = (*route, "prices", index)
            if price.currency not in currencies:
                message = f"there is no exchange rate for {price.currency!r}"
                yield document.problem((*at, "currency"), message, nearest(price.currency, currencies))
            earlier, amount = first.setdefault((price.unit, price.currency, price.valid_from, price.batch), (index, price.amount))
            if earlier != index and (gap := _gap(amount, price.amount)) > PRICE_GAP:
                message = f"{price.amount} is {gap:.0%} from the price of the same unit and day, {amount}"
                yield document.problem(at, message, "keep the one that holds")


def _products(catalog: Catalog, documents: Sequence[Document]) -> Iterator[Problem]:
    """An offer of a product whose price is not public can only be an estimate."""
    for key, (document, route) in entries(documents, "products").items():
        product = catalog.products[key]
        if product.pricing is not Pricing.NOT_PUBLIC:
            continue
        for offer in catalog.offers.values():
            if product.includes(offer.id, offer.operator, offer.kind, offer.mode) and not all(p.estimate for p in offer.prices):
                yield document.problem((*route, "pricing"), f"no price of it is public, and the offer {offer.id!r} has one that is no estimate",
                                       "mark the price an estimate, or the pricing public")


def _frameworks(catalog: Catalog, documents: Sequence[Document]) -> Iterator[Problem]:
    """Weights name the objectives that exist and sum to 100; the default set exists."""
    for key, (document, route) in entries(documents, "frameworks").items():
        framework = catalog.frameworks[key]
        objectives = [objective.id for objective in framework.objectives]
        if framework.default_weights not in framework.weights:
            yield document.problem((*route, "default_weights"), f"there is no set of weights {framework.default_weights!r}",
                                   nearest(framework.default_weights, framework.weights))
        for name, weights in framework.weights.items():
            yield from _weights(document, (*route, "weights", name), weights, objectives)


def _weights(document: Document, route: Route, weights: Mapping[str, Decimal], objectives: Sequence[str]) -> Iterator[Problem]:
    for unknown in sorted(set(weights) - set(objectives)):
        yield document.problem((*route, unknown), f"there is no objective {unknown!r}", nearest(unknown, objectives), key=True)
    for missing in sorted(set(objectives) - set(weights)):
        yield document.problem(route, f"the objective {missing!r} has no weight")
    if (total := sum(weights.values())) != 100:
        yield document.problem(route, f"the weights sum to {total}, not to 100")
