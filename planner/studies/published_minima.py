"""Our memory figures held against published ones: recipes within a tenth, makers' minima never below the weights, machines that fit or do not."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from planner.domain.catalog import Accelerator, Catalog, Model, Recipe
from planner.problems import Problem
from planner.reading.catalog_check import CatalogCheck
from planner.reading.located import entries
from planner.reading.strict_yaml import Document
from planner.sizing.constants import Constants, constants_from
from planner.sizing.memory import parameters
from planner.sizing.replica import Capacity, Goals, Replica, Shape, capacity, weights_gb

TOLERANCE = Decimal("0.10")
HINT = "see which of the two holds"
KNOWN = "a known difference: ours is kept"
_CHAT = Shape(1000, 200)  # a request small enough that only memory decides
_ENGINE = ("vllm", "nvidia")


def least_memory_gb(model: Model, precision: str, constants: Constants) -> Decimal | None:
    """GB that one accelerator would need to hold a model: its weights in the share an engine may fill, and the engine's reserve.

    None where the model's parameters are not known.
    """
    weights = weights_gb(Replica(model, None, precision, 1))  # type: ignore[arg-type]  # weights do not depend on what holds them
    if weights is None:
        return None
    c = constants.coefficients(*_ENGINE)
    return (weights + Decimal(str(c.memory_reserve_gb))) / Decimal(str(c.memory_share))


def holds(model: Model, precision: str, accelerator: Accelerator, accelerators: int, constants: Constants) -> Capacity | None:
    """What so many accelerators that share one copy of a model can do; None where the model cannot be sized."""
    if model.architecture is None or parameters(model) is None:
        return None
    return capacity(Replica(model, accelerator, precision, accelerators), _CHAT, Goals(), constants)


def published_minima(catalog: Catalog, documents: Sequence[Document]) -> CatalogCheck:
    """Published memory that ours disagrees with, each at its line: an error, or a warning where the entry says why ours is kept."""
    constants = constants_from(catalog.sizing)
    errors: list[Problem] = []
    warnings: list[Problem] = []
    if not constants:
        return CatalogCheck(errors, warnings)
    for key, (document, route) in entries(documents, "recipes").items():
        recipe = catalog.recipes[key]
        for field, message in _objections(recipe, catalog, constants):
            if recipe.differs is None:
                errors.append(document.problem((*route, field), message, HINT))
            else:
                warnings.append(document.problem((*route, field), f"{message}: {recipe.differs}", KNOWN))
    for key, (document, route) in entries(documents, "models").items():
        for precision, figure in catalog.models[key].minimum_memory_gb.items():
            weights = weights_gb(Replica(catalog.models[key], None, precision, 1))  # type: ignore[arg-type]
            if weights is None or weights <= figure.value * (1 + TOLERANCE):
                continue
            message = f"the maker asks for {figure.value} GB, and the weights alone come to {weights}"
            at = (*route, "minimum_memory_gb", precision)
            if figure.note is None:
                errors.append(document.problem(at, message, HINT))
            else:
                warnings.append(document.problem(at, f"{message}: {figure.note}", KNOWN))
    return CatalogCheck(sorted(errors), sorted(warnings))


def _objections(recipe: Recipe, catalog: Catalog, constants: Constants) -> Iterator[tuple[str, str]]:
    """The field of a recipe that ours disagrees with, and how."""
    model = catalog.models[recipe.model]
    ours = least_memory_gb(model, recipe.precision, constants)
    if ours is not None and abs(ours - recipe.memory_gb) > TOLERANCE * recipe.memory_gb:
        yield "memory_gb", f"the recipe asks for {recipe.memory_gb} GB, and ours for {ours:.0f}, {ours / recipe.memory_gb - 1:+.0%}"
    if recipe.accelerator is None:
        return
    found = holds(model, recipe.precision, catalog.accelerators[recipe.accelerator], recipe.accelerators, constants)
    if found is not None and found.fits is not recipe.fits:
        verb = "fits" if recipe.fits else "does not fit"
        yield "accelerators", f"the recipe says that it {verb} {recipe.accelerators} x {recipe.accelerator}, and ours the opposite"
