"""One vendor's dossier: every fact with source, date and basis; events, models, offers, and what is still to be asked."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from planner.domain.base import Basis, Confidence, Country, FactName, FactValue, Id, Noun, Number, PartialDay, Text
from planner.domain.catalog import Catalog, Colour, DossierEntry, Event, Offer, Party, PriceLayer
from planner.judging.licences import colour
from planner.judging.sovereignty import Scorer
from planner.landscape.energy import EnergyNote, energy_notes
from planner.landscape.portfolio import Standing, standing
from planner.landscape.position import in_force
from planner.landscape.products import ProductLine, product_lines
from planner.quantities import first_day


class KnownFact(Noun):
    """A typed fact with its meaning in words; it proves something only where its basis is `seen`."""

    fact: FactName
    meaning: Text
    value: FactValue
    source: Id
    date: PartialDay
    confidence: Confidence
    basis: Basis


class OpenQuestion(Noun):
    """A fact that is unknown, or known only by hearsay, with the question that would settle it."""

    fact: FactName
    question: Text
    why: Text


class ModelLine(Noun):
    """A model of the vendor."""

    id: Id
    name: Text
    standing: Standing
    released: PartialDay | None
    licence: Id
    colour: Colour
    source: Id
    date: PartialDay


class OfferLine(Noun):
    """What the vendor sells today, with the source of its newest price."""

    id: Id
    name: Text
    layer: PriceLayer
    mode: Id
    source: Id
    date: PartialDay


class Dossier(Noun):
    """All that the catalog knows of a party on a day."""

    vendor: Id
    name: Text
    country: Country | None
    kinds: tuple[Text, ...]
    parent: Id | None
    rating_range: tuple[Number, Number]  # out of ten: proven, possible
    known_percent: Number  # share of the sovereignty factors that are known
    about: tuple[DossierEntry, ...]
    facts: tuple[KnownFact, ...]
    events: tuple[Event, ...]
    models: tuple[ModelLine, ...]
    offers: tuple[OfferLine, ...]
    products: tuple[ProductLine, ...] = ()
    energy: tuple[EnergyNote, ...] = ()
    questions: tuple[OpenQuestion, ...]


def dossier(party: Party, catalog: Catalog, as_of: date) -> Dossier:
    """The dossier of one party. Events in the order of their days, models newest first, questions in the order of the vocabulary."""
    overall = Scorer(None, catalog).party_scorecard(party).overall
    models = [m for m in catalog.models.values() if m.maker == party.id]
    return Dossier(
        vendor=party.id, name=party.name, country=party.country, kinds=party.kinds, parent=party.parent, rating_range=overall.rating_range,
        known_percent=Decimal(overall.coverage_percent), about=party.dossier,
        facts=tuple(KnownFact(fact=r.fact, meaning=catalog.facts[r.fact].meaning, value=r.value, source=r.source, date=r.date,
                              confidence=r.confidence, basis=r.basis) for r in party.facts),
        events=tuple(sorted(party.events, key=lambda e: (first_day(e.date), e.kind, e.says))),
        models=tuple(ModelLine(
            id=m.id, name=m.name, standing=standing(m, as_of), released=m.released.value if m.released else None, licence=m.licence.value,
            colour=colour(catalog.licences[m.licence.value]), source=m.licence.source, date=m.licence.date,
        ) for m in sorted(models, key=lambda m: (-first_day(m.released.value).toordinal() if m.released else 0, m.id))),
        offers=tuple(_line(o, as_of) for key, o in sorted(catalog.offers.items()) if o.operator == party.id and in_force(o, as_of)),
        products=product_lines(catalog, as_of, (party.id,)), energy=energy_notes(catalog, vendor=party.id), questions=_questions(party, catalog),
    )


def _line(offer: Offer, as_of: date) -> OfferLine:
    newest = max((p for p in offer.prices if first_day(p.valid_from) <= as_of), key=lambda p: (first_day(p.valid_from), first_day(p.date)))
    return OfferLine(id=offer.id, name=offer.name, layer=offer.layer, mode=offer.mode, source=newest.source, date=newest.date)


def _questions(party: Party, catalog: Catalog) -> tuple[OpenQuestion, ...]:
    """Facts about parties that nobody knows of this one, then those that are only recalled or reasoned."""
    known = {record.fact: record for record in party.facts}
    asked = []
    for name, definition in catalog.facts.items():
        if not name.startswith("party.") or definition.derived:
            continue
        words = definition.question or f"{definition.meaning}?"
        if name not in known:
            asked.append(OpenQuestion(fact=name, question=words, why="not known"))
        elif known[name].basis in (Basis.RECALLED, Basis.INFERENCE):
            asked.append(OpenQuestion(fact=name, question=words, why=f"to verify: {known[name].basis}"))
    return tuple(sorted(asked, key=lambda q: q.why != "not known"))
