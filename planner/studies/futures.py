"""A future laid over a catalog: prices along their paths, law that falls or begins to bind, places and operators that drop out."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Horizon
from planner.domain.catalog import Catalog, Offer, OfferKind, Price, PricePath, Rule, Scenario
from planner.quantities import exact

_FINE = Decimal("0.00000001")


def in_future(catalog: Catalog, future: Scenario, horizon: Horizon, as_of: date) -> Catalog:
    """The catalog as that future has it. The given one is unchanged.

    One plan has one price for its whole horizon, so a path enters as its mean over the horizon's months, with a step at each
    anniversary of the planning day; what is bought at the start is paid at the start's price.
    """
    rules = {key: _binding(rule, as_of) if key in future.rules_on else rule for key, rule in catalog.rules.items() if key not in future.rules_off}
    groups = {
        key: group.model_copy(update={"members": tuple(c for c in group.members if c not in future.groups_without.get(key, ()))})
        for key, group in catalog.groups.items()
    }
    offers = {
        key: _priced(offer, future.prices, horizon, as_of) for key, offer in catalog.offers.items() if offer.operator not in future.operators_gone
    }
    return changed(catalog, {"rules": rules, "groups": groups, "offers": offers})


def changed(catalog: Catalog, fields: Mapping[str, object]) -> Catalog:
    """The catalog with other collections, made anew, so that no index computed from the old ones is carried along."""
    return Catalog.model_construct(**{**{name: getattr(catalog, name) for name in Catalog.model_fields}, **fields})


def _binding(rule: Rule, as_of: date) -> Rule:
    return rule.model_copy(update={"status": "law", "applies_from": min(rule.applies_from, as_of)})


def _priced(offer: Offer, paths: tuple[PricePath, ...], horizon: Horizon, as_of: date) -> Offer:
    mine = [p for p in paths if _meant(offer.operator, p.operators) and _meant(offer.mode, p.modes) and _meant(offer.layer, p.layers)]
    if not mine:
        return offer
    with exact():
        factor = Decimal(1)
        for path in mine:
            factor *= mean_factor(path.factor_per_year, horizon, as_of, only_start=offer.kind is OfferKind.PURCHASE)
        prices = tuple(_times(p, factor) for p in offer.prices)
    return offer.model_copy(update={"prices": prices})


def _times(price: Price, factor: Decimal) -> Price:
    return price.model_copy(update={"amount": (price.amount * factor).quantize(_FINE).normalize() + 0})


def _meant(value: object, selected: tuple) -> bool:
    return not selected or value in selected


def mean_factor(per_year: Decimal, horizon: Horizon, as_of: date, only_start: bool = False) -> Decimal:
    """The mean of a yearly price factor over the horizon's months, or what it is at the start; 1 until a year has passed."""
    start = horizon.start
    first = (start.year - as_of.year) * 12 + start.month - as_of.month - (start.day < as_of.day)  # whole months from the planning day
    months = [max(first, 0)] if only_start else [max(first + m, 0) for m in range(horizon.months)]
    with exact():
        return sum((per_year ** (m // 12) for m in months), Decimal(0)) / len(months)
