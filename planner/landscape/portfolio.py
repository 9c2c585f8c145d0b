"""The portfolio matrix: what each maker offers, by group and by the colour of its licence (derived from the licence's terms)."""
from __future__ import annotations

from datetime import date

from planner.domain.catalog import Catalog, Colour, Model, PortfolioGroup
from planner.domain.market import Entry, MatrixCell, Portfolio, Standing
from planner.judging.licences import colour
from planner.quantities import first_day


def standing(model: Model, as_of: date) -> Standing:
    """Where a model stands in its life on a day. Without a known release it is `undated`: shown, and counted as being there."""
    if model.retires and first_day(model.retires.value) <= as_of:
        return "retired"
    if model.released is None:
        return "undated"
    if first_day(model.released.value) > as_of:
        return "announced"
    return "deprecated" if model.deprecated and first_day(model.deprecated.value) <= as_of else "current"


def current_models(catalog: Catalog, as_of: date) -> dict[str, list[Model]]:
    """Maker -> the models one can use on a day: neither retired by their maker nor still to come. In order of ids."""
    found: dict[str, list[Model]] = {}
    for _, model in sorted(catalog.models.items()):
        if standing(model, as_of) not in ("retired", "announced"):
            found.setdefault(model.maker, []).append(model)
    return dict(sorted(found.items()))


def matrix(catalog: Catalog, as_of: date) -> tuple[Portfolio, ...]:
    """Every maker's portfolio on a day, the largest first."""
    rows = [_portfolio(maker, models, catalog, as_of) for maker, models in current_models(catalog, as_of).items()]
    return tuple(sorted(rows, key=lambda row: (-row.size, row.vendor)))


def _portfolio(maker: str, models: list[Model], catalog: Catalog, as_of: date) -> Portfolio:
    cells = tuple(
        MatrixCell(group=group, colour=shade, models=tuple(
            _entry(m, as_of) for m in models if m.group is group and colour(catalog.licences[m.licence.value]) is shade
        ))
        for group in PortfolioGroup for shade in Colour
    )
    return Portfolio(vendor=maker, name=catalog.parties[maker].name, cells=cells)


def _entry(model: Model, as_of: date) -> Entry:
    released = model.released.value if model.released else None
    return Entry(model=model.id, name=model.name, standing=standing(model, as_of), released=released, licence=model.licence.value,
                 source=model.licence.source, date=model.licence.date)
