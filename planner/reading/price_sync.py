"""Our API prices against the price list of the installed package `genai-prices`, on any day; nothing is fetched.

What differs is listed, and can be added to the catalog as dated lines. Prices whose source is the user's own, and offers that the user's own
catalog lays over the shipped ones, are never touched; nor are prices in another currency, which their list only converts.
"""
from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from planner.domain.catalog import Catalog, Offer, OfferKind, Price, PriceList, PriceUnit
from planner.problems import MissingExtra
from planner.quantities import exact, first_day

# What the package calls the units that we both know.
_THEIR_UNITS = {
    PriceUnit.INPUT_MTOK: "input_mtok", PriceUnit.CACHED_MTOK: "cache_read_mtok", PriceUnit.OUTPUT_MTOK: "output_mtok",
    PriceUnit.THOUSAND_PAGES: "input_document_kpages", PriceUnit.AUDIO_HOUR: "input_audio_hours",
}
_THEIR_CURRENCY = "USD"
_NOISE_PERCENT = Decimal("0.5")  # between currencies: rates are of another hour of the day
_TENTH = Decimal("0.1")
Range = tuple[Decimal, Decimal]  # of a price over the hours of a day


@dataclass(frozen=True, slots=True)
class Difference:
    """One price that differs. `theirs_converted` is theirs in our currency; `percent` is theirs above ours.

    `left_alone` says why the line is not to be added; None where it is.
    """

    offer: str
    unit: PriceUnit
    ours: Price
    theirs: Decimal
    theirs_converted: Decimal
    percent: Decimal | None  # None where ours is nought
    name: str  # the model in their list
    left_alone: str | None
    line: Price  # what would be added


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, how many prices were compared, and the offers that their list does not name."""

    package: str
    differences: tuple[Difference, ...]
    compared: int
    unmatched: tuple[str, ...]


def compare_prices(catalog: Catalog, as_of: date) -> Comparison:
    """Every price in force on a day against theirs on that day. Raises MissingExtra where a package is not installed."""
    providers, converted = _providers(), _converter(as_of)
    found: list[Difference] = []
    unmatched: list[str] = []
    compared = 0
    for price_list, offer in _pairs(catalog, as_of):
        theirs = _their_model(price_list, offer, catalog, providers[price_list.provider])
        if theirs is None:
            unmatched.append(offer.id)
            continue
        for ours, amounts, start in _shared(catalog, offer, theirs, as_of):
            compared += 1
            in_ours = converted(_middle(amounts), ours.currency)
            if _differs(ours, in_ours):
                line = _line(price_list, ours, amounts, start, as_of)
                kept = _left_alone(catalog, offer, ours)
                found.append(Difference(offer.id, ours.unit, ours, line.amount, in_ours, _percent(ours, in_ours), theirs.id, kept, line))
    found.sort(key=lambda d: (d.offer, d.unit))
    return Comparison(_package(), tuple(found), compared, tuple(sorted(unmatched)))


def _package() -> str:
    return f"genai-prices {importlib.metadata.version('genai-prices')}"


def _providers() -> Mapping[str, Any]:
    try:
        from genai_prices.data import providers
    except ImportError:
        raise MissingExtra("comparing prices needs the package genai-prices: pip install 'sovplan[prices]'") from None
    return {provider.id: provider for provider in providers}


def _converter(as_of: date) -> Callable[[Decimal, str], Decimal]:
    """Their currency into another at the rate of the European Central Bank of that day, or of its last known day."""
    try:
        from currency_converter import CurrencyConverter
    except ImportError:
        raise MissingExtra("comparing prices needs the package currencyconverter: pip install 'sovplan[prices]'") from None
    rates = CurrencyConverter(decimal=True, fallback_on_missing_rate=True, fallback_on_wrong_date=True)

    def convert(amount: Decimal, currency: str) -> Decimal:
        return amount if currency == _THEIR_CURRENCY else rates.convert(amount, _THEIR_CURRENCY, currency, as_of)

    return convert


def _pairs(catalog: Catalog, as_of: date) -> Iterator[tuple[PriceList, Offer]]:
    """Each metered offer still sold on the day, with the list that names its operator's prices for its region."""
    for offer in (catalog.offers[key] for key in sorted(catalog.offers)):
        if offer.available_until and first_day(offer.available_until) < as_of:
            continue
        for price_list in (catalog.price_lists[key] for key in sorted(catalog.price_lists)):
            if offer.kind is OfferKind.TOKENS and offer.operator == price_list.operator and offer.processing_region in price_list.regions:
                if offer.model not in price_list.leave_out:
                    yield price_list, offer


def _their_model(price_list: PriceList, offer: Offer, catalog: Catalog, provider: Any) -> Any:
    """Their entry for the offer's model: by the name that our list of names gives, else by its id, else by an alias; or None."""
    model = catalog.models[offer.model or ""]
    given = price_list.models.get(model.id)
    for name in [given] if given else [model.id, *model.aliases]:
        if (entry := provider.find_model(name)) is not None:
            return entry
    return None


def _shared(catalog: Catalog, offer: Offer, theirs: Any, as_of: date) -> Iterator[tuple[Price, Range, date | None]]:
    """The units that both price on the day: ours, theirs at its cheapest and dearest hour, and from when that holds, where they say."""
    hourly = [theirs.get_prices(datetime.combine(as_of, time(hour), UTC)) for hour in range(24)]
    start = max(filter(None, (_start(theirs, prices) for prices in hourly)), default=None)
    for unit, attribute in _THEIR_UNITS.items():
        ours = catalog.price(offer, unit, as_of)
        amounts = [amount for prices in hourly if (amount := _base(getattr(prices, attribute, None))) is not None]
        if ours is not None and amounts:
            yield ours, (min(amounts), max(amounts)), start


def _base(amount: Any) -> Decimal | None:
    """A price as one number; prices in tiers start with their base."""
    amount = getattr(amount, "base", amount)
    return None if amount is None else Decimal(amount)


def _start(theirs: Any, prices: Any) -> date | None:
    """From when prices hold, where their entry is dated."""
    dated = theirs.prices if isinstance(theirs.prices, list) else []
    return next((getattr(entry.constraint, "start_date", None) for entry in dated if entry.prices is prices), None)


def _differs(ours: Price, theirs: Decimal) -> bool:
    if ours.currency == _THEIR_CURRENCY:
        return ours.amount != theirs
    return abs(theirs - ours.amount) * 100 > _NOISE_PERCENT * ours.amount


def _middle(amounts: Range) -> Decimal:
    with exact():
        return (amounts[0] + amounts[1]) / 2


def _percent(ours: Price, theirs: Decimal) -> Decimal | None:
    with exact():
        return ((theirs - ours.amount) / ours.amount * 100).quantize(_TENTH, ROUND_HALF_EVEN) if ours.amount else None


def _left_alone(catalog: Catalog, offer: Offer, ours: Price) -> str | None:
    if catalog.sources[ours.source].tier == "own" or offer.id in catalog.overridden:
        return "yours"
    return "another currency" if ours.currency != _THEIR_CURRENCY else None


def _line(price_list: PriceList, ours: Price, amounts: Range, start: date | None, as_of: date) -> Price:
    """The price to add: theirs from the day it holds, where that is after ours began; a price that turns with the hour is an estimate."""
    since = start if start is not None and first_day(ours.valid_from) < start <= as_of else as_of
    spread = {} if amounts[0] == amounts[1] else {"estimate": True, "low": amounts[0], "high": amounts[1]}
    return Price(
        unit=ours.unit, amount=_middle(amounts), currency=_THEIR_CURRENCY, valid_from=since.isoformat(), source=price_list.source,
        date=as_of.isoformat(), note=_package(), **spread,
    )
