"""The two tracks of a vendor: models in front (released, deprecated, retired), infrastructure and acquisitions behind."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from planner.domain.base import Figure
from planner.domain.catalog import Catalog, Model
from planner.domain.market import Moment, Timeline, Year
from planner.quantities import first_day

BEHIND = ("infrastructure", "acquisition", "capex")  # kinds of events on the second track


def timeline(catalog: Catalog, as_of: date, vendors: tuple[str, ...] = ()) -> Timeline:
    """The moments of some vendors, or of all where none is named."""
    moments = sorted(
        (m for m in (*_models(catalog, as_of), *_events(catalog, as_of)) if not vendors or m.vendor in vendors),
        key=lambda m: (first_day(m.day), m.vendor, m.track, m.kind, m.says),
    )
    counted = sorted({first_day(m.day).year for m in moments})
    return Timeline(
        moments=tuple(moments),
        years=tuple(Year(year=y, models=_count(moments, y, "models"), infrastructure=_count(moments, y, "infrastructure")) for y in counted),
        undated=tuple(k for k, m in sorted(catalog.models.items()) if m.released is None and (not vendors or m.maker in vendors)),
    )


def _count(moments: list[Moment], year: int, track: str) -> int:
    return sum(m.track == track and first_day(m.day).year == year for m in moments)


def _models(catalog: Catalog, as_of: date) -> Iterator[Moment]:
    for model in catalog.models.values():
        successor = f", then {model.successor}" if model.successor else ""
        yield from _moment(model, "release", model.released, "released", as_of)
        yield from _moment(model, "weights", model.weights_released, "weights released", as_of)
        yield from _moment(model, "deprecation", model.deprecated, "deprecated", as_of)
        yield from _moment(model, "retirement", model.retires, f"leaves the maker's API{successor}", as_of)


def _moment(model: Model, kind: str, figure: Figure[str] | None, verb: str, as_of: date) -> Iterator[Moment]:
    if figure is not None:
        yield Moment(vendor=model.maker, track="models", kind=kind, day=figure.value, says=f"{model.name} {verb}",
                     ahead=first_day(figure.value) > as_of, source=figure.source, date=figure.date, confidence=figure.confidence)


def _events(catalog: Catalog, as_of: date) -> Iterator[Moment]:
    for party in catalog.parties.values():
        for event in party.events:
            if event.kind in BEHIND:
                yield Moment(vendor=party.id, track="infrastructure", kind=event.kind, day=event.date, says=event.says,
                             ahead=first_day(event.date) > as_of, source=event.source, date=event.date, confidence=event.confidence)
