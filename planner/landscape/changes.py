"""What changed in the catalog's world between two days: prices, models, rules, offers, events."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from planner.domain.base import Amount, Currency, Day, Figure, Flag, Id, Noun, Number, PartialDay, Text
from planner.domain.catalog import Catalog, Offer, Price, PriceUnit
from planner.landscape.position import in_force
from planner.quantities import exact, first_day

_PLACES = Decimal("0.01")


class PriceChange(Noun):
    """A price in force on both days that differs. `percent` is None where the currency changed too, or from nothing."""

    offer: Id
    unit: PriceUnit
    batch: Flag
    before: Amount
    after: Amount
    currency_before: Currency
    currency_after: Currency
    percent: Number | None
    valid_from: PartialDay
    source: Id
    date: PartialDay


class OfferChange(Noun):
    """An offer that one could buy on one of the days alone, as far as is known."""

    offer: Id
    name: Text
    what: Text  # first known, ended
    day: PartialDay
    source: Id
    date: PartialDay


class ModelChange(Noun):
    """Something in the life of a model that fell between the days."""

    model: Id
    what: Text  # released, weights released, deprecated, retired
    day: PartialDay
    source: Id
    date: PartialDay


class RuleChange(Noun):
    """A rule that began or stopped to apply."""

    rule: Id
    what: Text  # applies, ends
    day: Day
    citation: Text
    date: PartialDay  # when its text was checked


class EventChange(Noun):
    """An event of a party between the days."""

    party: Id
    kind: Text
    says: Text
    source: Id
    date: PartialDay


class Changes(Noun):
    """All that differs between two days, the earlier first."""

    since: Day
    until: Day
    prices: tuple[PriceChange, ...]
    offers: tuple[OfferChange, ...]
    models: tuple[ModelChange, ...]
    rules: tuple[RuleChange, ...]
    events: tuple[EventChange, ...]


def changes(catalog: Catalog, one: date, other: date) -> Changes:
    """What changed from the earlier of two days to the later; nothing where they are the same."""
    since, until = sorted((one, other))
    offers = [o for _, o in sorted(catalog.offers.items())]
    return Changes(
        since=since, until=until,
        prices=tuple(change for o in offers for change in _prices(catalog, o, since, until)),
        offers=tuple(change for o in offers for change in _offers(o, since, until)),
        models=tuple(sorted(_models(catalog, since, until), key=lambda m: (first_day(m.day), m.model, m.what))),
        rules=tuple(sorted(_rules(catalog, since, until), key=lambda r: (r.day, r.rule, r.what))),
        events=tuple(sorted(_events(catalog, since, until), key=lambda e: (first_day(e.date), e.party, e.kind, e.says))),
    )


def _prices(catalog: Catalog, offer: Offer, since: date, until: date) -> Iterator[PriceChange]:
    if not (in_force(offer, since) and in_force(offer, until)):
        return
    for unit, batch in sorted({(p.unit, p.batch) for p in offer.prices}):
        before, after = catalog.price(offer, unit, since, batch), catalog.price(offer, unit, until, batch)
        if before and after and (before.amount, before.currency) != (after.amount, after.currency):
            yield PriceChange(offer=offer.id, unit=unit, batch=batch, before=before.amount, after=after.amount, currency_before=before.currency,
                              currency_after=after.currency, percent=_percent(before, after), valid_from=after.valid_from, source=after.source,
                              date=after.date)


def _percent(before: Price, after: Price) -> Decimal | None:
    if before.currency != after.currency or not before.amount:
        return None
    with exact():
        return ((after.amount / before.amount - 1) * 100).quantize(_PLACES)


def _offers(offer: Offer, since: date, until: date) -> Iterator[OfferChange]:
    before, after = in_force(offer, since), in_force(offer, until)
    if before != after:
        price = min(offer.prices, key=lambda p: (first_day(p.valid_from), p.unit))
        began = max(offer.available_from or price.valid_from, price.valid_from, key=first_day)
        yield OfferChange(offer=offer.id, name=offer.name, what="first known" if after else "ended",
                          day=began if after else offer.available_until or began, source=price.source, date=price.date)


def _models(catalog: Catalog, since: date, until: date) -> Iterator[ModelChange]:
    for model in catalog.models.values():
        moments: tuple[tuple[str, Figure[str] | None], ...] = (
            ("released", model.released), ("weights released", model.weights_released), ("deprecated", model.deprecated), ("retired", model.retires),
        )
        for what, figure in moments:
            if figure and since < first_day(figure.value) <= until:
                yield ModelChange(model=model.id, what=what, day=figure.value, source=figure.source, date=figure.date)


def _rules(catalog: Catalog, since: date, until: date) -> Iterator[RuleChange]:
    for rule in catalog.rules.values():
        days = {("applies", rule.applies_from), *((f"applies for {c.when_class}", c.applies_from) for c in rule.applies_from_by_class)}
        days |= {("ends", rule.applies_until)} if rule.applies_until else set()
        for what, day in sorted(days):
            if since < day <= until:
                yield RuleChange(rule=rule.id, what=what, day=day, citation=rule.cites.text, date=rule.cites.checked)


def _events(catalog: Catalog, since: date, until: date) -> Iterator[EventChange]:
    for party in catalog.parties.values():
        for e in party.events:
            if since < first_day(e.date) <= until:
                yield EventChange(party=party.id, kind=e.kind, says=e.says, source=e.source, date=e.date)
