"""Ways to run, and what is sold at which dated price."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from planner.domain.base import Amount, Confidence, Count, Currency, FactName, FactRecord, FactScalar, Flag, Id, Noun, PartialDay, Positive, Text


class Mode(Noun):
    """A way to run a model."""

    id: Id
    name: Text
    says: Text
    weights_held_by_customer: Flag  # the customer (or its tenant) holds the weights
    hardware: Literal["none", "rented", "owned"]  # what has to be sized
    operated_by_customer: Flag
    facts: Mapping[FactName, FactScalar] = {}  # `dep.` facts that follow from the mode


class PriceLayer(StrEnum):
    """The deck's four layers of money."""

    L1 = "L1"  # base API, metered
    L2 = "L2"  # seats
    L3 = "L3"  # platform, customisation
    L4 = "L4"  # compute and custom deployment


class PriceUnit(StrEnum):
    """What one price buys."""

    INPUT_MTOK = "input-mtok"
    CACHED_MTOK = "cached-input-mtok"
    OUTPUT_MTOK = "output-mtok"
    THOUSAND_PAGES = "thousand-pages"
    AUDIO_HOUR = "audio-hour"
    SEAT_MONTH = "seat-month"
    ACCELERATOR_HOUR = "accelerator-hour"
    ACCELERATOR_MONTH = "accelerator-month"
    SERVER = "server"
    KW_MONTH = "kw-month"
    KWH = "kwh"
    PERSON_MONTH = "person-month"
    PLATFORM_MONTH = "platform-month"
    ENGINEER_DAY = "engineer-day"
    THROUGHPUT_UNIT_HOUR = "throughput-unit-hour"
    THROUGHPUT_UNIT_MONTH = "throughput-unit-month"
    ONCE = "once"


class Price(Noun):
    """One dated price. Prices are appended with their start date, never overwritten; currencies are never mixed silently."""

    unit: PriceUnit
    amount: Amount
    currency: Currency
    valid_from: PartialDay
    source: Id
    date: PartialDay  # when it was read
    confidence: Confidence = Confidence.MEDIUM
    estimate: Flag = False
    low: Amount | None = None  # the range behind an estimate
    high: Amount | None = None
    note: Text | None = None
    batch: Flag = False  # for work that may wait


class OfferKind(StrEnum):
    """What is sold."""

    TOKENS = "tokens"
    SEATS = "seats"
    RENT = "rent"
    PURCHASE = "purchase"
    SERVICE = "service"
    PLATFORM = "platform"
    PROVISIONED = "provisioned"  # so many tokens a minute of one model, held ready and paid by time


SERVICES = frozenset({OfferKind.TOKENS, OfferKind.SEATS, OfferKind.PROVISIONED})  # one model, run by the operator: no hardware is sized


class Throughput(Noun):
    """What one unit of provisioned throughput carries. Units come as `least_units`, and then in steps of `step_units`."""

    input_tokens_per_minute: Positive
    output_weight: Amount  # an output token takes as much as so many input tokens
    cached_weight: Amount = Decimal(1)  # and a cached input token as so many
    least_units: Positive = 1
    step_units: Positive = 1
    source: Id
    date: PartialDay


class Offer(Noun):
    """What an operator sells, at dated prices, in one of the four layers: fixed part, unit part, least part, term."""

    id: Id
    name: Text
    operator: Id  # who sells and runs it; `market` for servers bought from a dealer
    mode: Id
    layer: PriceLayer
    kind: OfferKind
    model: Id | None = None  # tokens: the model sold; seats: the model behind the product
    product: Text | None = None
    accelerator: Id | None = None
    server: Id | None = None  # purchase: the machine
    accelerators: Count = 0  # in the smallest unit that can be rented or bought
    sites: tuple[Id, ...] = ()  # sites of the operator where it is sold; none for a purchase
    term_months: Count = 0  # commitment; 0 means by the hour, and for seats by the month
    prices: tuple[Price, ...]
    minimum_eur_per_month: Amount | None = None  # tokens: the least that a month's use by all workloads together is billed at
    paid_ahead: Flag = False  # seats and provisioned throughput: each term is paid at its start
    minimum_seats: Count = 0
    maximum_seats: Count | None = None
    throughput: Throughput | None = None
    included_requests_per_seat_month: Count | None = None
    processing_region: Literal["eu", "eea-ch", "country", "us", "global"] | None = None  # what the contract commits to, for tokens
    batch_allowed: Flag = False
    available_from: PartialDay | None = None
    available_until: PartialDay | None = None
    models_allowed: tuple[Id, ...] = ()  # rent tied to some makers' models (Mistral Compute); empty: any weights
    retains_days: Count | None = None
    facts: tuple[FactRecord, ...] = ()  # `dep.` facts of this offer
    note: Text | None = None


class PriceList(Noun):
    """How a public list of prices names what an operator sells, so that the two can be compared. `source` is what is cited for its prices."""

    id: Id
    source: Id
    operator: Id
    provider: Text  # the list's own name for the operator
    regions: tuple[str, ...]  # offers with these processing regions are compared; the others have prices the list does not know
    models: Mapping[Id, str] = {}  # our id -> the list's name, where neither our id nor an alias is its name
    leave_out: tuple[Id, ...] = ()  # models whose name means another model, or another service, in the list
    checked: PartialDay
