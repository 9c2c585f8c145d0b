"""The capital ladder: funding, debt, building costs and revenue of a vendor, each in its own currency, and what they say of viability.

Funding, debt and building costs add up over time; revenue is a rate for a year, so the latest counts. An event without an amount is
shown and counts nothing. Debt may pay for what is built, so the burden is a range: from the larger of the two to their sum.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from planner.domain.catalog import Catalog, Event, Party
from planner.domain.market import Ladder, LadderStep, RateUsed, Viability
from planner.quantities import exact, first_day

RUNGS = ("funding", "debt", "capex")  # kinds that add up
KINDS = (*RUNGS, "revenue")
_PLACES = Decimal("0.01")


def ladders(catalog: Catalog, as_of: date, vendors: tuple[str, ...] = ()) -> tuple[Ladder, ...]:
    """The ladders of the named parties, or of all that have a step by `as_of`, the longest first."""
    chosen = [catalog.parties[v] for v in vendors] or [p for _, p in sorted(catalog.parties.items()) if _events(p, as_of)]
    made = [Ladder(vendor=p.id, name=p.name, steps=_steps(_events(p, as_of)), viability=viability(p, catalog, as_of)) for p in chosen]
    return tuple(sorted(made, key=lambda ladder: (-len(ladder.steps), ladder.vendor)))


def _events(party: Party, as_of: date) -> list[Event]:
    return sorted((e for e in party.events if e.kind in KINDS and first_day(e.date) <= as_of), key=lambda e: (first_day(e.date), e.kind))


def _steps(events: Sequence[Event]) -> tuple[LadderStep, ...]:
    totals: dict[tuple[str, str | None], Decimal] = {}
    steps = []
    for e in events:
        total = None
        if e.amount_m is not None:
            key = (e.kind, e.currency)
            total = totals[key] = (totals.get(key, Decimal(0)) if e.kind in RUNGS else Decimal(0)) + e.amount_m
        steps.append(LadderStep(day=e.date, kind=e.kind, says=e.says, amount_m=e.amount_m, currency=e.currency, total_m=total, source=e.source,
                          confidence=e.confidence))
    return tuple(steps)


def viability(party: Party, catalog: Catalog, as_of: date) -> Viability:
    """The fixed-cost burden of a party on a day. Unknown revenue, or neither debt nor building costs known: not known."""
    events = [e for e in _events(party, as_of) if e.amount_m is not None and e.currency is not None]
    revenue = [e for e in events if e.kind == "revenue"]
    tied = [e for e in events if e.kind in ("debt", "capex")]
    missing = [words for words, known in (("revenue", revenue), ("debt and building costs", tied)) if not known]
    if missing:
        return _not_known(f"no amount is known of {' nor of '.join(missing)}")
    used: dict[str, RateUsed] = {}
    try:
        for e in (*tied, revenue[-1]):
            used.setdefault(e.currency, _rate(e.currency, catalog, as_of))
    except KeyError as error:
        return _not_known(str(error.args[0]))
    with exact():
        euros = {kind: sum((e.amount_m / used[e.currency].per_eur for e in tied if e.kind == kind), Decimal(0)) for kind in ("debt", "capex")}
        a_year = revenue[-1].amount_m / used[revenue[-1].currency].per_eur
        if not a_year:
            return _not_known("the latest known revenue is nothing")
        low, high = (_round(total / a_year) for total in (max(euros.values()), sum(euros.values())))
    because = (f"debt {euros['debt']:.0f} and building costs {euros['capex']:.0f} against a yearly revenue of {a_year:.0f} (EUR million, "
               f"as far as is known); debt may pay for what is built, so the two are not simply added")
    return Viability(burden_low=low, burden_high=high, reading=_reading(low, high, catalog), because=because,
                     rates=tuple(rate for key, rate in sorted(used.items()) if key != "EUR"))


def _not_known(why: str) -> Viability:
    return Viability(burden_low=None, burden_high=None, reading="not known", because=why)


def _rate(currency: str, catalog: Catalog, as_of: date) -> RateUsed:
    rate = catalog.rate(currency, as_of)
    return RateUsed(currency=currency, per_eur=rate.per_eur, source=rate.source, date=rate.date)


def _round(value: Decimal) -> Decimal:
    return value.quantize(_PLACES)


def _reading(low: Decimal, high: Decimal, catalog: Catalog) -> str:
    """Light, heavy, or between: by the bounds that the catalog assumes."""
    light, heavy = (Decimal(catalog.assumptions[key].value) for key in ("viability-light-at-most", "viability-heavy-from"))
    if high <= light:
        return "light"
    return "heavy" if low >= heavy else "to watch"
