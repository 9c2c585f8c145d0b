"""Who makes, runs or owns something, where, and what happened to them."""
from __future__ import annotations

from decimal import Decimal
from typing import Literal

from planner.domain.base import Amount, Basis, Confidence, Country, Currency, FactRecord, Figure, Id, Noun, Number, PartialDay, Text


class Site(Noun):
    """A place where service runs."""

    id: Id
    name: Text
    country: Country
    owner: Id | None = None  # a party, where it is not the operator
    regions: tuple[str, ...] = ()  # names the operator gives it
    pue: Figure[Decimal] | None = None
    opens: PartialDay | None = None
    facts: tuple[FactRecord, ...] = ()


class DossierEntry(Noun):
    """One sentence about a party, for reading: free text with its source."""

    topic: Text
    says: Text
    source: Id
    date: PartialDay
    confidence: Confidence = Confidence.MEDIUM
    basis: Basis
    note: Text | None = None


class Event(Noun):
    """Something that happened to a party: a funding round, a data centre, an acquisition, a debt."""

    date: PartialDay
    kind: Literal["funding", "debt", "capex", "revenue", "acquisition", "infrastructure", "product", "contract", "certificate"]
    says: Text
    amount_m: Amount | None = None
    currency: Currency | None = None
    source: Id
    confidence: Confidence = Confidence.MEDIUM


class Way(Noun):
    """One way of running a party's models, to hold a rating against: who operates it, how, with which model, where."""

    name: Text
    operator: Id
    mode: Id
    model: Id
    country: Country
    site: Id | None = None


class GivenRating(Noun):
    """A rating of its sovereignty that somebody gave a party as a whole. Compared with ours for each way; never a source of facts."""

    rating_out_of_10: Number
    says: Text
    source: Id
    date: PartialDay
    ways: tuple[Way, ...]


class Party(Noun):
    """Who makes, runs or owns something: a vendor, an operator, a maker of chips."""

    id: Id
    name: Text
    kinds: tuple[Literal["operator", "vendor", "hardware", "investor", "site-owner"], ...]
    country: Country | None = None
    parent: Id | None = None
    sites: tuple[Site, ...] = ()
    facts: tuple[FactRecord, ...] = ()  # `party.` facts, from which sovereignty rungs follow
    dossier: tuple[DossierEntry, ...] = ()
    events: tuple[Event, ...] = ()
    given_ratings: tuple[GivenRating, ...] = ()
