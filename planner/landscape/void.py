"""The void of a map: who stands in the open and fit quarter, alone or not, and the largest region with nobody inside."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from planner.domain.market import Position, Region, Void
from planner.landscape.position import AXES, without

_SIDES = (Decimal(0), Decimal(1))


def find_void(places: Sequence[Position]) -> Void:
    """Quadrants, the vendors nobody beats, and the largest empty rectangle. ValueError without vendors."""
    if not places:
        raise ValueError("a map needs at least one vendor")
    points = {p.vendor: (p.openness.value, p.fit.value) for p in places}
    across, up = (_middle([point[i] for point in points.values()]) for i in (0, 1))
    quadrants: dict[str, tuple[str, ...]] = {}
    for key, keep in (("open-fit", (True, True)), ("open-unfit", (True, False)), ("closed-fit", (False, True)), ("closed-unfit", (False, False))):
        quadrants[key] = tuple(sorted(v for v, (x, y) in points.items() if (x >= across, y >= up) == keep))
    corner, empty = quadrants["open-fit"], largest_empty(sorted(points.values()))
    return Void(openness_split=across, fit_split=up, quadrants=quadrants, alone=corner[0] if len(corner) == 1 else None,
                holders=tuple(sorted(v for v, a in points.items() if not any(_beats(b, a) for b in points.values()))),
                empty=empty, borders=tuple(sorted(v for v, point in points.items() if _at_edge(point, empty))))


def turns_on(places: Sequence[Position]) -> tuple[str, ...]:
    """The parts without which others would stand in the open and fit quarter: what the finding rests on. None means it is robust."""
    corner = find_void(places).quadrants["open-fit"]
    thinner = {part: without(places, part) for parts in AXES.values() for part in parts}
    return tuple(part for part, left in thinner.items() if left and find_void(left).quadrants["open-fit"] != corner)


def _middle(values: Sequence[Decimal]) -> Decimal:
    return (min(values) + max(values)) / 2


def _beats(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> bool:
    """At least as good on both axes and better on one."""
    return one != other and one[0] >= other[0] and one[1] >= other[1]


def _at_edge(point: tuple[Decimal, Decimal], region: Region) -> bool:
    """On the boundary of a region, which nobody is inside of."""
    return region.openness_from <= point[0] <= region.openness_to and region.fit_from <= point[1] <= region.fit_to


def largest_empty(points: Sequence[tuple[Decimal, Decimal]]) -> Region:
    """The largest rectangle in the unit square with no point strictly inside; of equal ones the first from the lower left.

    Every such rectangle is bounded left and right by points or edges: for each pair of those, the tallest gap between them.
    """
    columns = sorted({*_SIDES, *(x for x, _ in points)})
    best = Region(openness_from=Decimal(0), openness_to=Decimal(0), fit_from=Decimal(0), fit_to=Decimal(0), area=Decimal(0))
    for i, left in enumerate(columns):
        for right in columns[i + 1 :]:
            rows = sorted({*_SIDES, *(y for x, y in points if left < x < right)})
            for low, high in pairwise(rows):
                area = (right - left) * (high - low)
                if area > best.area:
                    best = Region(openness_from=left, openness_to=right, fit_from=low, fit_to=high, area=area)
    return best
