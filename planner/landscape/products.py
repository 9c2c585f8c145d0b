"""What each vendor sells in the four layers of the stack, and what the public knows of its price."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from planner.domain.base import Count, Flag, Id, Noun, PartialDay, Text
from planner.domain.catalog import Catalog, Offer, OfferKind, PriceLayer, Pricing, Product, StackLayer
from planner.landscape.position import in_force
from planner.quantities import first_day

Basis = Literal["priced", "estimate", "none"]


class ProductLine(Noun):
    """One product on a day. `plannable` says on what a plan with it would rest: prices, estimates, or nothing, so that none is made."""

    id: Id
    name: Text
    vendor: Id
    stack: StackLayer
    layer: PriceLayer
    pricing: Pricing
    price: Text
    offers: Count  # on sale on the day
    plannable: Basis
    for_one_person: Flag
    ended: PartialDay | None
    source: Id
    date: PartialDay


def product_lines(catalog: Catalog, as_of: date, vendors: tuple[str, ...] = ()) -> tuple[ProductLine, ...]:
    """The products of some vendors, or of all where none is named: by vendor, layer of the stack (from the machines up) and id."""
    order = list(StackLayer)
    chosen = sorted(catalog.products.values(), key=lambda p: (p.vendor, order.index(p.stack), p.id))
    return tuple(_line(p, catalog, as_of) for p in chosen if not vendors or p.vendor in vendors)


def offers_of(product: Product, catalog: Catalog) -> list[Offer]:
    """The offers of a product, in order of ids."""
    return [o for _, o in sorted(catalog.offers.items()) if product.includes(o.id, o.operator, o.kind, o.mode)]


def without_product(catalog: Catalog) -> tuple[str, ...]:
    """Ids of offers that no product holds, other than machines to buy: what the list of products still misses."""
    return tuple(key for key, o in sorted(catalog.offers.items()) if o.kind is not OfferKind.PURCHASE
                 and not any(p.includes(o.id, o.operator, o.kind, o.mode) for p in catalog.products.values()))


def count_by_stack(lines: tuple[ProductLine, ...]) -> Mapping[StackLayer, Mapping[Pricing, int]]:
    """How many products stand in each layer of the stack, by what is known of their price."""
    return {stack: {pricing: sum(line.stack is stack and line.pricing is pricing for line in lines) for pricing in Pricing} for stack in StackLayer}


def _line(product: Product, catalog: Catalog, as_of: date) -> ProductLine:
    sold = [o for o in offers_of(product, catalog) if in_force(o, as_of)]
    ended = product.ended is not None and first_day(product.ended) <= as_of
    return ProductLine(
        id=product.id, name=product.name, vendor=product.vendor, stack=product.stack, layer=product.layer, pricing=product.pricing,
        price=_price(product, sold), offers=len(sold), plannable=_basis(sold), for_one_person=product.for_one_person,
        ended=product.ended if ended else None, source=product.source, date=product.date,
    )


def _basis(sold: list[Offer]) -> Basis:
    if not sold:
        return "none"
    return "estimate" if all(p.estimate for o in sold for p in o.prices) else "priced"


def _price(product: Product, sold: list[Offer]) -> str:
    """The price in words: what is stated, the amount of the list, or how many offers hold it. Never an amount where none is public."""
    if product.price_says is not None:
        return product.price_says
    prices = product.list_prices or (sold[0].prices if len(sold) == 1 else ())
    if len({p.unit for p in prices}) == 1:
        newest = max(prices, key=lambda p: (first_day(p.valid_from), first_day(p.date)))
        return f"{newest.currency} {newest.amount:f} / {newest.unit}"
    return f"{len(sold)} offers" if sold else "no offer on this day"
