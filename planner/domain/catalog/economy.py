"""Countries, exchange rates, and the numbers nobody measured for this user."""
from __future__ import annotations

from decimal import Decimal

from planner.domain.base import Amount, Country, Currency, Day, Figure, Id, Noun, Number, PartialDay, Text


class CountryFigures(Noun):
    """Energy of one country: grid intensity in g CO2e per kWh, electricity for a business in EUR per kWh, water in l per kWh."""

    country: Country
    name: Text
    alpha_3: Text | None = None  # ISO 3166-1, the name by which other data knows the country
    grid_g_per_kwh: Figure[Decimal] | None = None
    electricity_eur_per_kwh: Figure[Decimal] | None = None
    colocation_eur_per_kw_month: Figure[Decimal] | None = None
    water_l_per_kwh: Figure[Decimal] | None = None


class CountryGroup(Noun):
    """A named set of countries, such as the EEA or the countries with an adequacy decision."""

    id: Id
    name: Text
    members: tuple[Country, ...]
    source: Id
    checked: PartialDay


class ExchangeRate(Noun):
    """Units of `currency` for one euro on a day."""

    currency: Currency
    per_eur: Amount
    date: Day
    source: Id


class Assumption(Noun):
    """A number nobody measured for this user: shown wherever it is used, and the user can set it."""

    id: Id
    says: Text
    value: Number
    unit: Text
    low: Number | None = None
    high: Number | None = None
    unsuitable_for: Text | None = None
    source: Id
    date: PartialDay
