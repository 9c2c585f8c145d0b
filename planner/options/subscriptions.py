"""Seats and provisioned throughput: so many of one workload's own, paid by time, used or not, and for whole terms."""
from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from planner.domain.assessment import Workload
from planner.domain.catalog import Offer, OfferKind, PriceUnit, Throughput
from planner.options.option import Lines, SharedKind
from planner.options.pricing import Pricer
from planner.quantities import exact
from planner.sizing.demand import Part, Period, Volumes


class Subscriptions:
    """What one workload subscribes to under an offer of seats or of provisioned throughput, priced by a pricer."""

    def __init__(self, pricer: Pricer):
        self.pricer = pricer

    def closed(self, offer: Offer, workload: Workload, part: Part, v: Volumes) -> str | None:
        """Why a part of a workload cannot subscribe, in words; None where it can."""
        if part.label is not None or part.count != 1:
            return "what is subscribed to serves whole workloads, and this one is cut"
        if offer.kind is OfferKind.PROVISIONED:
            return None if v.input_tokens else "its capacity is stated in tokens"
        if not workload.seats:
            return "the workload names no seats"
        if offer.maximum_seats is not None and workload.seats > offer.maximum_seats:
            return f"it is sold for at most {offer.maximum_seats} seats"
        return None

    def spans(self, offer: Offer) -> bool:
        """Whether a subscription, once begun, goes on through several periods."""
        return len(self.pricer.periods) > 1 and offer.term_months > 0 and self.pricer.lasting(offer.term_months) != 1

    def lines(self, offer: Offer, workload: Workload, v: Volumes, period: Period) -> Lines | None:
        """What a subscription costs that is begun in a period, for as long as it lasts; None where it has no price then."""
        p = self.pricer
        until = p.until(period, p.lasting(offer.term_months) if self.spans(offer) else 1)
        months = p.billed_months(offer, until - period.first)
        if offer.kind is OfferKind.SEATS:
            price, what = p.price(offer, PriceUnit.SEAT_MONTH, period), "seats"
            quantity = max(workload.seats or 0, offer.minimum_seats) * months
        else:
            assert offer.throughput is not None
            what, price = "provisioned throughput", p.price(offer, PriceUnit.THROUGHPUT_UNIT_MONTH, period)
            quantity = units(offer.throughput, v, period.first, until, p.number("provisioned-share-filled")) * months
            if price is None:
                price, quantity = p.price(offer, PriceUnit.THROUGHPUT_UNIT_HOUR, period), quantity * p.number("hours-per-month")
        if price is None:
            return None
        if not offer.paid_ahead:
            return (p.line(what, offer, price, quantity, period, until=until),)
        starts, factor = range(period.first, until, offer.term_months), p.factor(offer, period)
        return tuple(
            p.line(what, offer, price, quantity / len(starts), replace(period, first=m), until=min(m + offer.term_months, until), spread="start",
                   factor=factor) for m in starts
        )

    def held(self, key: str, offer: Offer, lines: tuple[Lines, ...]) -> SharedKind:
        """A subscription that goes on through several periods; `lines[t]`: what it costs, begun in period t."""
        what = f"{offer.name}, for {offer.term_months} months at a time"
        return SharedKind(key, key, what, offer.operator, lines, self.pricer.lasting(offer.term_months))


def units(t: Throughput, v: Volumes, first: int, until: int, filled: Decimal) -> int:
    """Units of throughput that carry the busiest hour of some months, filled to a share of what they can: the least, and then whole steps."""
    with exact():
        read = v.input_tokens * (1 - v.cached_share + v.cached_share * t.cached_weight)
        a_minute = v.busiest(first, until) * (read + v.output_tokens * t.output_weight) / 60
        steps = (a_minute / (t.input_tokens_per_minute * filled) - t.least_units) / t.step_units
        return t.least_units + t.step_units * max(int(steps.to_integral_value(rounding=ROUND_CEILING)), 0)
