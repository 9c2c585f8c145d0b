"""What an offer must say for its kind to be priced at all."""
from __future__ import annotations

from collections.abc import Iterator

from planner.domain.catalog import Offer, OfferKind


def missing_parts(offer: Offer) -> Iterator[str]:
    """In words, what an offer lacks: the model of tokens, the accelerators of a rent, the machine of a purchase, a price."""
    if offer.kind is OfferKind.TOKENS and offer.model is None:
        yield "an offer of tokens names its `model`"
    if offer.kind is OfferKind.RENT and (offer.accelerator is None or not offer.accelerators):
        yield "an offer of rent names its `accelerator` and how many `accelerators` the smallest unit has"
    if offer.kind is OfferKind.PURCHASE and offer.server is None and offer.accelerator is None:
        yield "an offer of a purchase names its `server` or its `accelerator`"
    if not offer.prices and offer.kind is not OfferKind.SERVICE:
        yield "an offer has at least one price"
