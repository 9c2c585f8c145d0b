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
    if offer.kind in (OfferKind.SEATS, OfferKind.PROVISIONED) and offer.model is None:
        yield f"an offer of {offer.kind} names the `model` behind it"
    if offer.kind is OfferKind.PROVISIONED and offer.throughput is None:
        yield "an offer of provisioned throughput says in `throughput` what one unit carries"
    if offer.minimum_eur_per_month is not None and offer.kind is not OfferKind.TOKENS:
        yield f"`minimum_eur_per_month` is for tokens; the least of {offer.kind} is said by its term, its seats or its units"
    if offer.paid_ahead and (offer.kind not in (OfferKind.SEATS, OfferKind.PROVISIONED) or not offer.term_months):
        yield "`paid_ahead` is for seats and provisioned throughput with `term_months`"
    if offer.maximum_seats is not None and offer.maximum_seats < offer.minimum_seats:
        yield "`maximum_seats` is at least `minimum_seats`"
    if not offer.prices and offer.kind is not OfferKind.SERVICE:
        yield "an offer has at least one price"
