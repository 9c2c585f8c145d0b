"""What vendors sell under a name of its own, in the four layers of the stack, also where no price is public."""
from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator

from planner.domain.base import Confidence, Flag, Id, Noun, PartialDay, Text
from planner.domain.catalog.offers import OfferKind, Price, PriceLayer


class StackLayer(StrEnum):
    """The four layers of the stack, from the machines up."""

    COMPUTE = "compute"
    MODELS = "models"
    CUSTOMISATION = "customisation"
    AGENTS = "agents"


class Pricing(StrEnum):
    """What the public can know of a product's price. Unknown is a word of its own: never nothing, never cheap."""

    PUBLIC = "public"  # its offers or its list say the amount
    DERIVED = "derived"  # a share of other prices, such as half of them for work that may wait
    NOT_PUBLIC = "not-public"  # by quote, or nowhere to be found; an offer of it, if any, is an estimate


class Product(Noun):
    """One product of a vendor. A plan rests on offers alone, so a product without one is listed and never planned with.

    Its offers are those that it names in `offers`, and every offer of the vendor of the kinds in `sells`, in the modes in `modes`.
    """

    id: Id
    name: Text
    vendor: Id
    stack: StackLayer
    layer: PriceLayer
    says: Text
    pricing: Pricing
    price_says: Text | None = None  # the price in words: how it is quoted, or which share of which price it is
    offers: tuple[Id, ...] = ()
    sells: tuple[OfferKind, ...] = ()
    modes: tuple[Id, ...] = ()
    list_prices: tuple[Price, ...] = ()  # of what no organisation plans with, such as a subscription of one person
    for_one_person: Flag = False
    ended: PartialDay | None = None
    source: Id
    date: PartialDay
    confidence: Confidence = Confidence.MEDIUM

    @model_validator(mode="after")
    def _price_as_stated(self) -> Product:
        if self.pricing is Pricing.NOT_PUBLIC and any(not p.estimate for p in self.list_prices):
            raise ValueError("a product whose price is `not-public` has no list price")
        if self.pricing is Pricing.PUBLIC and not (self.list_prices or self.offers or self.sells):
            raise ValueError("a product whose price is `public` names its `offers`, what it `sells`, or its `list_prices`")
        if self.pricing is not Pricing.PUBLIC and self.price_says is None:
            raise ValueError("say in `price_says` how it is priced")
        return self

    def includes(self, offer_id: str, operator: str, kind: OfferKind, mode: str) -> bool:
        """Whether an offer, told by its parts, is an offer of this product."""
        return offer_id in self.offers or (operator == self.vendor and kind in self.sells and (not self.modes or mode in self.modes))
