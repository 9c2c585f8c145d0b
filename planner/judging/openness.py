"""How open a model is: the class of the Model Openness Framework, from the components that were released and their licences."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.domain.catalog import Catalog, Model, OpennessComponent, OpennessFramework
from planner.quantities import exact

Released = Mapping[str, str | None]  # component -> the licence it was released under, None where it has none; absent: not released


@dataclass(frozen=True, slots=True)
class Openness:
    """The class reached (1 is the most open, 0 is none), the progress to each class in percent, and what stands in the way.

    `missing` are the required components that were not released, `unlicensed` those released without terms, and `not_open`
    those under terms that do not count as open. Each is in the order of the framework, up to Class I.
    """

    reached: int
    name: str
    progress: Mapping[int, Decimal]
    missing: tuple[str, ...]
    unlicensed: tuple[str, ...]
    not_open: tuple[str, ...]


def openness_class(released: Released, framework: OpennessFramework) -> Openness:
    """The class that the released components earn. KeyError for a component that the framework does not know.

    Progress to a class starts once every class below it is complete: it is the share of all required components up to that
    class, those of the lower classes among them.
    """
    known = {component.id for component in framework.components}
    if strange := sorted(set(released) - known):
        raise KeyError(f"{framework.name} has no component {strange[0]!r}")
    free = {key for key, licence in released.items() if licence in framework.open_licences}
    progress = dict.fromkeys((1, 2, 3), Decimal(0))
    reached = 0
    for level in (3, 2, 1):
        asked = _asked(framework, level, free)
        with exact():
            progress[level] = Decimal(100) * len(asked & free) / len(asked)
        if not asked <= free:
            break
        reached = level
    lacking = [c.id for c in framework.components if c.id in _asked(framework, 1, free) - free]
    return Openness(
        reached, _name(reached, framework), progress,
        missing=tuple(key for key in lacking if key not in released),
        unlicensed=tuple(key for key in lacking if key in released and released[key] is None),
        not_open=tuple(key for key in lacking if released.get(key) is not None),
    )


def openness_of(model: Model, catalog: Catalog) -> Openness | None:
    """The class of a model of the catalog by the catalog's framework; None where there is none, or its components are not known.

    A component that the framework does not know is left out: it cannot raise a class.
    """
    framework = next(iter(catalog.openness.values()), None)
    if framework is None or model.components is None:
        return None
    known = {component.id for component in framework.components}
    return openness_class({key: licence for key, licence in model.components.value.items() if key in known}, framework)


def licences_of_parts(own: Mapping[str, str | None], shared: Mapping[str, str], framework: OpennessFramework) -> dict[str, str | None]:
    """Component -> licence, where a release states licences for all parts of one content (`code`, `data`, `document`) or for the whole.

    `own` has every released component, with its own licence or with "=" where none is stated; `shared` has licences by
    content, and for the whole under `distribution`. A part's own licence comes first, then that of its content.
    """
    contents = {component.id: component.content for component in framework.components}
    return {
        key: (shared.get(contents[key]) or shared.get("distribution")) if licence == "=" else licence or None
        for key, licence in own.items()
    }


def _name(reached: int, framework: OpennessFramework) -> str:
    if not reached:
        return "no class"
    numeral = "I" * reached
    return f"Class {numeral}, {framework.classes[numeral]}"


def _asked(framework: OpennessFramework, level: int, free: set[str]) -> set[str]:
    """What a class asks for: its required components and those of the classes below it.

    A component with a stand-in (a research paper for the technical report) is not asked for where only the stand-in is open.
    """
    required = [component for component in framework.components if component.required and component.from_class >= level]
    return {_stand_in(component, free) for component in required}


def _stand_in(component: OpennessComponent, free: set[str]) -> str:
    return component.instead if component.instead in free and component.id not in free else component.id
