"""What is true of the world: models, licences, accelerators, parties, offers, law, criteria. All dated and sourced."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from pydantic import ConfigDict

from planner.domain.base import Noun
from planner.domain.catalog.chain import ChainLayer, Substitute
from planner.domain.catalog.economy import Assumption, CountryFigures, CountryGroup, ExchangeRate
from planner.domain.catalog.energy import LifeCycle, MeasuredEnergy
from planner.domain.catalog.futures import PricePath, Scenario
from planner.domain.catalog.hardware import Accelerator, MeasuredReplica, PublishedRate, Server
from planner.domain.catalog.law import Citation, ClassDate, Cure, FactDefinition, Rule, Severity, StepTemplate
from planner.domain.catalog.lenses import Lens, LensCriterion, LensLevel
from planner.domain.catalog.licences import Colour, Effect, Licence, Permission, Trigger, TriggerKind, Use
from planner.domain.catalog.models import (
    Architecture, Modality, Model, ModelKind, OpennessComponent, OpennessFramework, PortfolioGroup, Recipe, WorkUnit,
)
from planner.domain.catalog.offers import SERVICES, Mode, Offer, OfferKind, Price, PriceLayer, PriceList, PriceUnit, Throughput
from planner.domain.catalog.parties import DossierEntry, Event, GivenRating, Party, Site, Way
from planner.domain.catalog.products import Pricing, Product, StackLayer
from planner.domain.catalog.quality import Ability, GateScore, QualityTest, QualityTier
from planner.domain.catalog.schemes import Implied, Scheme
from planner.domain.catalog.sources import Source
from planner.domain.catalog.sovereignty import Factor, Objective, RatingLabel, Rung, SovereigntyFramework
from planner.quantities import first_day

__all__ = [
    "Ability", "Accelerator", "Architecture", "Assumption", "ChainLayer", "Citation", "ClassDate", "Colour", "CountryFigures",
    "CountryGroup", "Cure", "DossierEntry", "Effect", "Event", "ExchangeRate", "FactDefinition", "Factor", "GateScore", "GivenRating",
    "Implied", "Lens", "LensCriterion", "LensLevel", "Licence", "LifeCycle", "MeasuredEnergy", "MeasuredReplica", "Modality", "Mode", "Model",
    "ModelKind", "Objective", "Offer", "OfferKind", "OpennessComponent", "OpennessFramework", "Party", "Permission", "PortfolioGroup",
    "Price", "PriceLayer", "PriceList", "PricePath", "PriceUnit", "Pricing", "Product", "PublishedRate", "QualityTest", "QualityTier",
    "RatingLabel", "Rule", "Rung", "Scenario", "Scheme", "Server", "Severity", "Site", "Source", "SovereigntyFramework", "StackLayer",
    "StepTemplate", "Substitute", "Throughput", "Trigger", "TriggerKind", "Use", "Way", "WorkUnit", "SERVICES", "SHELF_LIFE_DAYS", "Catalog",
]

# Days after which a figure should be read again, by collection.
SHELF_LIFE_DAYS = {"prices": 90, "rules": 180, "groups": 180, "licences": 180, "accelerators": 720, "servers": 720}


class Catalog(Noun):
    """Everything the tool knows of the world on the day it was made, with a hash of the files it was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    sources: Mapping[str, Source]
    models: Mapping[str, Model]
    licences: Mapping[str, Licence]
    accelerators: Mapping[str, Accelerator]
    servers: Mapping[str, Server]
    published_rates: Mapping[str, PublishedRate] = {}  # what a replica was measured to do, in the model's own unit
    measured_energy: Mapping[str, MeasuredEnergy] = {}  # beside a plan's carbon, never part of it; so are the life cycles
    life_cycles: Mapping[str, LifeCycle] = {}
    parties: Mapping[str, Party]
    modes: Mapping[str, Mode]
    offers: Mapping[str, Offer]
    products: Mapping[str, Product] = {}  # also those without a public price; a plan rests on offers alone
    price_lists: Mapping[str, PriceList] = {}
    recipes: Mapping[str, Recipe] = {}
    countries: Mapping[str, CountryFigures]
    groups: Mapping[str, CountryGroup]
    rates: tuple[ExchangeRate, ...]
    assumptions: Mapping[str, Assumption]
    facts: Mapping[str, FactDefinition]
    rules: Mapping[str, Rule]
    frameworks: Mapping[str, SovereigntyFramework]
    abilities: tuple[Ability, ...]
    tiers: Mapping[str, QualityTier]
    gate_scores: tuple[GateScore, ...]
    quality_tests: Mapping[str, QualityTest] = {}
    openness: Mapping[str, OpennessFramework] = {}
    scenarios: Mapping[str, Scenario] = {}
    chain: Mapping[str, ChainLayer] = {}
    lenses: Mapping[str, Lens] = {}
    schemes: Mapping[str, Scheme] = {}  # what laws and certificates imply of the parties they bind
    sizing: Mapping[str, Mapping[str, Decimal]] = {}  # calibrated constants by class of hardware and engine, with the error they leave
    sha256: str = ""
    overridden: tuple[str, ...] = ()  # ids that a private catalog laid over the shipped ones

    @cached_property
    def country_groups(self) -> dict[str, frozenset[str]]:
        """Country groups as sets, for conditions."""
        return {key: frozenset(group.members) for key, group in self.groups.items()}

    @cached_property
    def model_names(self) -> dict[str, str]:
        """Every id and alias of a model -> its id."""
        names = {alias: m.id for m in self.models.values() for alias in m.aliases}
        return names | {key: key for key in self.models}

    @cached_property
    def sites(self) -> dict[str, tuple[Site, Party]]:
        """Site id -> the site and the party that runs it."""
        return {site.id: (site, party) for party in self.parties.values() for site in party.sites}

    def price(self, offer: Offer, unit: PriceUnit, as_of: date, batch: bool = False) -> Price | None:
        """The price of one unit in force on a day: the latest that has started; none where none has."""
        started = [p for p in offer.prices if p.unit is unit and p.batch == batch and first_day(p.valid_from) <= as_of]
        return max(started, key=lambda p: (first_day(p.valid_from), first_day(p.date)), default=None)

    def rate(self, currency: str, as_of: date) -> ExchangeRate:
        """The latest known rate of a currency on a day, in units for one euro; the euro's own is 1. KeyError where there is none."""
        if currency == "EUR":
            return ExchangeRate(currency="EUR", per_eur=Decimal(1), date=as_of, source="own-assumption")
        known = [r for r in self.rates if r.currency == currency and r.date <= as_of]
        if not known:
            raise KeyError(f"no exchange rate for {currency} on or before {as_of}")
        return max(known, key=lambda r: r.date)
