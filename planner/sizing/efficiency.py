"""What a mixture of experts buys: against dense models of equal total and of equal active size, on the same machines at the same price.

Memory follows from all parameters, compute and energy from those that a token passes through. The twins are synthetic: the mixture's own
layers, width and attention with one feed-forward block, sized so that the parameters match. The nearest real models stand beside.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, log

from planner.domain.base import Figure
from planner.domain.catalog import Accelerator, Catalog, Model, ModelKind, OfferKind, PriceUnit
from planner.quantities import exact
from planner.sizing.constants import Constants, constants_from
from planner.sizing.memory import canonical
from planner.sizing.replica import Capacity, Goals, Replica, Shape, capacity, weights_gb

DEGREES = (1, 2, 4, 8)
_GRID_STEPS, _GRID_END = 400, 10**7  # traffic is looked at from 1 to ten million requests an hour


@dataclass(frozen=True, slots=True)
class Contestant:
    """One model of the comparison: what it is to the mixture, and the replicas that fit, by degree. `because` says why none does."""

    role: str  # mixture, twin-total, twin-active, real-total, real-active
    model: Model
    weights_gb: Decimal
    sizes: tuple[tuple[int, Capacity], ...]
    because: str = ""

    @property
    def best(self) -> tuple[int, Capacity] | None:
        """The degree with the most requests an hour for each accelerator, and its size."""
        return max(self.sizes, key=lambda s: (s[1].requests_per_hour / s[0], -s[0]), default=None)

    def accelerators(self, requests_per_hour: float) -> int | None:
        """How many accelerators the traffic takes, at the degree that takes fewest; None where nothing fits."""
        return min((ceil(requests_per_hour / size.requests_per_hour) * degree for degree, size in self.sizes), default=None)


@dataclass(frozen=True, slots=True)
class Duel:
    """The mixture against one other. At the traffic of `from_requests_per_hour` and any above, the mixture never costs more (None: at no
    traffic); `dearer_below` says whether it costs more at some traffic below. `cost_ratio` is the mixture's cost over the other's at much traffic."""

    against: str
    from_requests_per_hour: int | None
    dearer_below: bool
    cost_ratio: float
    energy_ratio: float


@dataclass(frozen=True, slots=True)
class Panel:
    """The comparison on one accelerator, at one price per accelerator and hour."""

    accelerator: Accelerator
    precision: str
    shape: Shape
    eur_per_accelerator_hour: Decimal
    offer: str
    contestants: tuple[Contestant, ...]
    duels: tuple[Duel, ...]

    def eur_per_mtok(self, c: Contestant) -> float | None:
        """Euros for a million tokens, in and out, with replicas filled as planned."""
        if c.best is None:
            return None
        degree, size = c.best
        return float(self.eur_per_accelerator_hour) * degree / self._mtok_per_hour(size)

    def kwh_per_mtok(self, c: Contestant) -> float | None:
        """Energy of the accelerators for a million tokens, in and out; the building comes on top."""
        return c.best[1].watts / 1000 / self._mtok_per_hour(c.best[1]) if c.best else None

    def tokens_per_second(self, c: Contestant) -> float | None:
        """Tokens in and out a second of one accelerator, with replicas filled as planned."""
        return self._mtok_per_hour(c.best[1]) * 1e6 / 3600 / c.best[0] if c.best else None

    def _mtok_per_hour(self, size: Capacity) -> float:
        return size.requests_per_hour * (self.shape.input_tokens + self.shape.output_tokens) / 1e6


def panel(
    catalog: Catalog, model: Model, accelerator: Accelerator, shape: Shape, goals: Goals, as_of: date, precision: str | None = None,
) -> Panel:
    """The panel of a mixture of experts. Raises ValueError, in words, where the model is none, or nobody rents the accelerator by the hour."""
    if model.architecture is None or model.parameters_total_b is None or model.parameters_active_b is None:
        raise ValueError(f"the parameters or the architecture of {model.id} are not known")
    if not model.architecture.value.experts:
        raise ValueError(f"{model.id} is dense: there is no mixture of experts to compare")
    price, offer = rent(catalog, accelerator, as_of)
    number = precision or native_precision(model)
    constants = constants_from(catalog.sizing)
    made = [_contestant(role, m, accelerator, number, shape, goals, constants) for role, m in _field(catalog, model)]
    bare = Panel(accelerator, number, shape, price, offer, tuple(made), ())
    return Panel(accelerator, number, shape, price, offer, tuple(made), tuple(_duels(bare)))


def native_precision(model: Model) -> str:
    """The precision that a model is usually served in: the first of its published ones among fp8, mxfp4, fp4, int4, bf16; else fp8."""
    published = {canonical(p) for p in model.published_precisions}
    return next((p for p in ("fp8", "mxfp4", "fp4", "int4", "bf16") if p in published), "fp8")


def rent(catalog: Catalog, accelerator: Accelerator, as_of: date) -> tuple[Decimal, str]:
    """The lowest rent of one accelerator by the hour without commitment, in euros, and its offer. ValueError where there is none."""
    found = []
    for offer in (catalog.offers[key] for key in sorted(catalog.offers)):
        if offer.kind is not OfferKind.RENT or offer.accelerator != accelerator.id or offer.term_months or offer.models_allowed:
            continue
        price = catalog.price(offer, PriceUnit.ACCELERATOR_HOUR, as_of)
        if price is not None:
            with exact():
                found.append((price.amount / catalog.rate(price.currency, as_of).per_eur, offer.id))
    if not found:
        raise ValueError(f"nobody in the catalog rents {accelerator.id} by the hour")
    return min(found)


def dense_twin(model: Model, billions: Figure[Decimal], name: str) -> Model:
    """A dense model of so many parameters with the layers, width and attention of a mixture."""
    assert model.architecture is not None
    none = {"experts": 0, "experts_per_token": 0, "shared_experts": 0, "expert_ffn": 0, "dense_layers": 0, "ffn": None}
    dense = model.architecture.model_copy(update={"value": model.architecture.value.model_copy(update=none)})
    return model.model_copy(update={"id": name, "name": name, "aliases": (), "architecture": dense, "parameters_total_b": billions,
                                    "parameters_active_b": billions})


def _field(catalog: Catalog, model: Model) -> Iterator[tuple[str, Model]]:
    assert model.parameters_total_b is not None and model.parameters_active_b is not None
    yield "mixture", model
    for size, billions in (("total", model.parameters_total_b), ("active", model.parameters_active_b)):
        yield f"twin-{size}", dense_twin(model, billions, f"dense-{billions.value:f}b")
        if (real := _nearest(catalog, billions.value)) is not None:
            yield f"real-{size}", real


def _nearest(catalog: Catalog, billions: Decimal) -> Model | None:
    """The dense model of the catalog nearest in size, by ratio."""
    dense = [m for m in catalog.models.values() if m.kind in (ModelKind.CHAT, ModelKind.CODE) and m.architecture and m.parameters_total_b
             and not m.architecture.value.experts]
    return min(dense, key=lambda m: (abs(log(float(m.parameters_total_b.value) / float(billions))), m.id), default=None)


def _contestant(role: str, model: Model, accelerator: Accelerator, precision: str, shape: Shape, goals: Goals, constants: Constants) -> Contestant:
    found = [(d, capacity(Replica(model, accelerator, precision, d), shape, goals, constants)) for d in DEGREES]
    sizes = tuple((d, size) for d, size in found if size.requests_per_hour)
    weights = weights_gb(Replica(model, accelerator, precision, 1)) or Decimal(0)
    return Contestant(role, model, weights, sizes, "" if sizes else found[-1][1].because)


def _duels(p: Panel) -> Iterator[Duel]:
    mixture, *others = p.contestants
    if mixture.best is None:
        return
    grid = [_GRID_END ** (step / _GRID_STEPS) for step in range(_GRID_STEPS + 1)]
    ours = [mixture.accelerators(t) or 0 for t in grid]
    for other in others:
        if other.best is None:
            continue
        dearer = [i for i, (t, mine) in enumerate(zip(grid, ours, strict=True)) if mine > (other.accelerators(t) or 0)]
        first = dearer[-1] + 1 if dearer else 0
        yield Duel(
            other.role, ceil(grid[first]) if first < len(grid) else None, bool(dearer),
            (p.eur_per_mtok(mixture) or 0) / (p.eur_per_mtok(other) or 1), (p.kwh_per_mtok(mixture) or 0) / (p.kwh_per_mtok(other) or 1),
        )
