"""What is known of the energy and the life cycle of models from measurements and makers: in words, to be read beside a plan's own carbon."""
from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from planner.domain.base import Figure, Id, Noun, PartialDay, Text
from planner.domain.catalog import Catalog, LifeCycle, MeasuredEnergy

BESIDE = "beside a plan's carbon, never part of it: boundaries, places and lengths of answers differ"
_UNITS = {
    "tonnes_co2e": "t CO2e", "water_m3": "m3 of water", "minerals_kg_sb_eq": "kg Sb eq", "accelerator_hours": "accelerator hours",
    "answer_g_co2e": "g CO2e an answer", "answer_water_ml": "ml of water an answer", "answer_minerals_mg_sb_eq": "mg Sb eq an answer",
}


class EnergyNote(Noun):
    """One figure in words, with who says so and when; `disagrees` says what another source has."""

    id: Id
    vendor: Id
    model: Id | None
    kind: Literal["measured-energy", "life-cycle"]
    says: Text
    source: Id
    date: PartialDay
    disagrees: tuple[Text, ...] = ()


def energy_notes(catalog: Catalog, model: str | None = None, vendor: str | None = None) -> tuple[EnergyNote, ...]:
    """The notes on one model, on everything of one vendor, or on all where neither is named; measurements first, in order of ids."""
    held = [*(m for _, m in sorted(catalog.measured_energy.items())), *(c for _, c in sorted(catalog.life_cycles.items()))]
    kept = [h for h in held if (model is None or h.model == model) and (vendor is None or h.vendor == vendor)]
    return tuple(note for h in kept for note in (_measured(h) if isinstance(h, MeasuredEnergy) else _stated(h)))


def _measured(m: MeasuredEnergy) -> Iterator[EnergyNote]:
    figures = [words for words, value in (("J an output token", m.joules_per_output_token), ("Wh a query", m.watt_hours_per_query),
                                          ("W under load", m.watts)) if value is not None]
    values = [v for v in (m.joules_per_output_token, m.watt_hours_per_query, m.watts) if v is not None]
    told = ", ".join(f"{_number(v)} {words}" for v, words in zip(values, figures))
    where = f" on {m.accelerators} {m.accelerator}" if m.accelerator else ""
    precision = f" in {m.precision}" if m.precision else ""
    yield EnergyNote(id=m.id, vendor=m.vendor, model=m.model, kind="measured-energy", source=m.source, date=m.date,
                     says=f"{m.says}{where}{precision}: {told} ({m.boundary})")


def _stated(c: LifeCycle) -> Iterator[EnergyNote]:
    for name, figure in c.figures:
        of = f" of {c.answer_tokens} tokens" if name.startswith("answer_") and c.answer_tokens else ""
        yield EnergyNote(id=c.id, vendor=c.vendor, model=c.model, kind="life-cycle", source=figure.source, date=figure.date,
                         says=f"{c.says}: {_number(figure.value)} {_UNITS[name]}{of} ({c.covers}; {c.boundary})",
                         disagrees=tuple(_other(figure, name)))


def _other(figure: Figure[Decimal], name: str) -> Iterator[str]:
    for other in figure.also_reported:
        yield f"{_number(other.value)} {_UNITS[name]} ({other.source}, {other.date})" + (f": {other.note}" if other.note else "")


def _number(value: Decimal) -> str:
    return f"{value.normalize():,f}"
