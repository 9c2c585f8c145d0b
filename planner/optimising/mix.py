"""The cheapest mix of whole machines for classes of requests that may be split: a library function on plain data.

There are types of machines, each with a price, and classes of requests. A class needs so many machines of one type if that type alone
serves it; it may be shared out over types, either freely or in equal slices that cannot be cut. Machines are bought whole:

    minimise  sum of price x count   such that, for each type, count >= sum over classes of share x need,   shares of a class add up to 1.

    >>> from decimal import Decimal
    >>> cheapest_mix([Decimal("1.01"), Decimal("3.67")], [[6.0, 0.5], [0.9, 0.8]]).counts
    (1, 1)

How it is solved: types that another beats everywhere are left out, and classes that differ only in size become one. Without whole
machines each class would go where it costs least, which gives a bound and, rounded up, a first mix. Two types are swept exactly; more go
to the solver as one programme with one whole number for each type. For slices the free split comes first: it bounds the cost from
below, and where its rounding fits the same machines, nothing can be cheaper. All money is in whole multiples of the largest common unit
of the prices, so a bound less than one unit away proves a mix.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import ceil, floor, gcd, inf, isfinite

from planner.optimising.highs import Rows, minimise

_WELL_SCALED = 1e5  # the largest price the solver sees
TOLERANCE = 1e-8  # of one machine: loads are measured numbers, and sums of them are rounded


@dataclass(frozen=True, slots=True)
class Mix:
    """How many machines of each type; the share of each class on each type; what it costs; a bound no mix is below; whether that proves it."""

    counts: tuple[int, ...]
    shares: tuple[tuple[float, ...], ...]
    cost: Decimal
    bound: Decimal
    proved: bool


def cheapest_mix(
    costs: Sequence[Decimal | int], loads: Sequence[Sequence[float | None]], slices: int | None = None, seconds: float = 30.0,
) -> Mix:
    """The cheapest counts of machines, with a proof.

    `costs[g]` is the price of one machine of type g; `loads[c][g]` how many of them class c needs alone, None if type g cannot serve it.
    `slices` None: classes may be split freely; n: each class is n equal slices, each served whole by one type. Within `seconds` the best
    mix is proved; afterwards the best known is returned with `proved` false. Raises ValueError for data that no mix can answer,
    TypeError for prices that are not exact.
    """
    _check(costs, loads, slices)
    unit, prices = _whole_prices(costs)
    kept = _undominated(prices, loads)
    needs = [[inf if row[g] is None else float(row[g] or 0) for g in kept] for row in loads]
    problem = _Problem([prices[g] for g in kept], needs)
    found = _divided(problem, seconds)
    if slices is not None:
        found = _sliced(problem, slices, found, seconds)
    counts, shares = [0] * len(costs), [[0.0] * len(costs) for _ in loads]
    for place, g in enumerate(kept):
        counts[g] = found.counts[place]
        for c, row in enumerate(found.shares):
            shares[c][g] = row[place]
    total = problem.cost(found.counts)
    return Mix(tuple(counts), tuple(map(tuple, shares)), unit * total, unit * min(found.bound, total), found.bound >= total)


@dataclass(frozen=True, slots=True)
class _Problem:
    """Prices as whole multiples of a unit, and needs by class and type; infinite where a type cannot serve a class."""

    prices: list[int]
    needs: list[list[float]]

    def cost(self, counts: Sequence[int]) -> int:
        return sum(p * n for p, n in zip(self.prices, counts, strict=True))

    def used(self, shares: Sequence[Sequence[float]]) -> list[float]:
        """The machines of each type that some shares need."""
        used = [0.0] * len(self.prices)
        for need, share in zip(self.needs, shares, strict=True):
            for g, part in enumerate(share):
                if part:
                    used[g] += part * need[g]
        return used


@dataclass(frozen=True, slots=True)
class _Found:
    counts: list[int]
    shares: list[list[float]]
    bound: int  # no mix costs less, in units


def _check(costs: Sequence[Decimal | int], loads: Sequence[Sequence[float | None]], slices: int | None) -> None:
    if any(not isinstance(cost, (Decimal, int)) for cost in costs):
        raise TypeError("a price is exact: a Decimal or a whole number")
    if any(not Decimal(cost).is_finite() or cost < 0 for cost in costs):
        raise ValueError("a price is a number of at least 0")
    if slices is not None and slices < 1:
        raise ValueError("a class has at least one slice")
    for c, row in enumerate(loads):
        if len(row) != len(costs):
            raise ValueError(f"class {c} has {len(row)} loads for {len(costs)} types of machine")
        if any(load is not None and not (isfinite(load) and load >= 0) for load in row):
            raise ValueError(f"class {c}: a load is a number of at least 0, or None")
        if all(load is None for load in row):
            raise ValueError(f"class {c} can be served by no type of machine")


def _whole_prices(costs: Sequence[Decimal | int]) -> tuple[Decimal, list[int]]:
    """The largest unit that all prices are multiples of, and the prices in it."""
    exponent = min((0, *(int(Decimal(cost).as_tuple().exponent) for cost in costs)))
    whole = [int(Decimal(cost).scaleb(-exponent)) for cost in costs]
    common = gcd(*whole) or 1
    return Decimal(common).scaleb(exponent), [w // common for w in whole]


def _undominated(prices: Sequence[int], loads: Sequence[Sequence[float | None]]) -> list[int]:
    """Types that no other beats or equals in price and in every class; of equals the first."""
    needs = [[inf if row[g] is None else float(row[g] or 0) for row in loads] for g in range(len(prices))]

    def beaten(g: int, by: int) -> bool:
        never_worse = prices[by] <= prices[g] and all(a <= b for a, b in zip(needs[by], needs[g], strict=True))
        return never_worse and (by < g or prices[by] < prices[g] or needs[by] != needs[g])

    return [g for g in range(len(prices)) if not any(beaten(g, by) for by in range(len(prices)) if by != g)]


def _up(load: float) -> int:
    """Whole machines for a load."""
    return max(ceil(load - TOLERANCE), 0)


# ------------------------------------------------------------------------------------------ divisible classes


def _divided(problem: _Problem, seconds: float) -> _Found:
    """The cheapest mix where classes may be split freely."""
    group, needs = _merged(problem.needs)
    merged = _Problem(problem.prices, needs)
    found = _rounded(merged)
    if merged.cost(found.counts) > found.bound:
        found = _swept(merged) if len(merged.prices) == 2 else _programmed(merged, found, 0, seconds)
    return _Found(found.counts, [found.shares[k] for k in group], found.bound)


def _merged(needs: Sequence[Sequence[float]]) -> tuple[list[int], list[list[float]]]:
    """Classes that differ only in size as one: for each class its group, and the needs of the groups."""
    places: dict[tuple[float, ...], int] = {}
    group, merged = [], []
    for row in needs:
        least = min(row)
        key = tuple(float(f"{need / least:.13g}") if least else (0.0 if need == 0 else inf) for need in row)
        if key not in places:
            places[key] = len(merged)
            merged.append([0.0] * len(row))
        place = places[key]
        merged[place] = [a + b for a, b in zip(merged[place], row, strict=True)]
        group.append(place)
    return group, merged


def _rounded(problem: _Problem) -> _Found:
    """Every class where a fraction of a machine costs least: a bound, and a mix by rounding up."""
    bound, shares = 0.0, []
    for need in problem.needs:
        price, _, best = min((p * n, n, g) for g, (p, n) in enumerate(zip(problem.prices, need, strict=True)) if n < inf)
        bound += price
        shares.append([1.0 if g == best else 0.0 for g in range(len(need))])
    return _Found([_up(load) for load in problem.used(shares)], shares, _up(bound * (1 - 1e-12)))


def _swept(problem: _Problem) -> _Found:
    """Two types, exactly: for each count of the first, it takes the classes it is relatively best at, and the second takes the rest."""
    order = sorted(range(len(problem.needs)), key=lambda c: (-_ratio(problem.needs[c]), c))
    first = [problem.needs[c][0] for c in order]
    second = [problem.needs[c][1] for c in order]
    forced = sum(1 for need in second if need == inf)  # they stand first: only the first type can serve them
    able = sum(1 for need in first if need < inf)
    filled = [0.0, *accumulate(first[:able])]
    left = [*reversed([0.0, *accumulate(reversed(second[forced:]))])]  # need of the second type for the classes from `forced` on
    best: tuple[int, int, int, int] | None = None
    place = forced
    for count in range(_up(filled[forced]), _up(filled[able]) + 1):
        while place < able and filled[place + 1] <= count + TOLERANCE:
            place += 1
        rest = left[place - forced]
        if place < able:
            rest -= second[place] * max(count - filled[place], 0.0) / first[place]
        cost = problem.prices[0] * count + problem.prices[1] * _up(rest)
        if best is None or cost < best[0]:
            best = (cost, count, _up(rest), place)
    assert best is not None  # the range above is never empty
    cost, count, other, place = best
    shares = [[0.0, 1.0] for _ in order]
    for position, c in enumerate(order[:place + 1]):
        part = 1.0 if position < place else max(count - filled[place], 0.0) / first[place] if place < able else 0.0
        shares[c] = [min(part, 1.0), 1.0 - min(part, 1.0)]
    return _Found([count, other], shares, cost)


def _ratio(need: Sequence[float]) -> float:
    """How much of the second type a class takes for what it takes of the first."""
    if need[1] == inf:
        return inf
    if need[0] == inf:
        return -1.0
    return need[1] / need[0] if need[0] else float("1e308")


# ------------------------------------------------------------------------------------------ indivisible slices


def _sliced(problem: _Problem, slices: int, free: _Found, seconds: float) -> _Found:
    """The cheapest mix of equal slices; `free` is the free split, which no slicing undercuts."""
    fitted = _slices_fit(problem, slices, free)
    if fitted is not None:
        return _Found(free.counts, fitted, free.bound)
    group, sizes, needs = _alike(problem.needs)
    alike = _Problem(problem.prices, needs)
    start = _rounded(alike)
    found = _programmed(alike, _Found(start.counts, start.shares, free.bound), slices, seconds, sizes)
    return _Found(found.counts, _handed_out(found.shares, group, sizes, slices), found.bound)


def _alike(needs: Sequence[Sequence[float]]) -> tuple[list[int], list[int], list[list[float]]]:
    """Classes with the very same needs as one: each class's group, how many classes are in a group, and the needs of a group."""
    places: dict[tuple[float, ...], int] = {}
    group = [places.setdefault(tuple(row), len(places)) for row in needs]
    sizes = [group.count(k) for k in range(len(places))]
    return group, sizes, [[need * size for need in row] for row, size in zip(places, sizes, strict=True)]


def _handed_out(shares: Sequence[Sequence[float]], group: Sequence[int], sizes: Sequence[int], slices: int) -> list[list[float]]:
    """The slices of a group dealt to its classes, one after another."""
    stock = [[round(part * slices * sizes[k]) for part in row] for k, row in enumerate(shares)]
    dealt = []
    for k in group:
        wanted, row = slices, []
        for g, there in enumerate(stock[k]):
            taken = min(wanted, there)
            stock[k][g] -= taken
            wanted -= taken
            row.append(taken / slices)
        dealt.append(row)
    return dealt


def _slices_fit(problem: _Problem, slices: int, free: _Found) -> list[list[float]] | None:
    """The free split rounded down to slices, and what is left over put where it takes least of the room; None if it does not fit."""
    whole = [[floor(part * slices + 1e-9) for part in row] for row in free.shares]
    room = [n - u for n, u in zip(free.counts, problem.used([[k / slices for k in row] for row in whole]), strict=True)]
    over = [c for c, row in enumerate(whole) for _ in range(slices - sum(row))]
    for c in sorted(over, key=lambda c: (-min(problem.needs[c]), c)):
        places = [(problem.needs[c][g] / slices / max(space, 1e-30), g) for g, space in enumerate(room)
                  if problem.needs[c][g] / slices <= space + TOLERANCE]
        if not places:
            return None
        _, g = min(places)
        whole[c][g] += 1
        room[g] -= problem.needs[c][g] / slices
    fits = all(space >= -TOLERANCE for space in room)
    return [[k / slices for k in row] for row in whole] if fits else None


# --------------------------------------------------------------------------------------------- one programme


def _programmed(problem: _Problem, known: _Found, slices: int, seconds: float, sizes: Sequence[int] = ()) -> _Found:
    """The mix as one programme for the solver: a whole number for each type, a share (or slices) for each class and type that can serve it.

    `slices` 0: shares are free. `known` is a mix at hand and a bound; the better of it and the solver's answer is returned.
    """
    types = len(problem.prices)
    best = problem.cost(known.counts)
    pairs = [(c, g) for c, need in enumerate(problem.needs) for g in range(types) if need[g] < inf]
    parts = [slices * sizes[c] if slices else 1 for c in range(len(problem.needs))]
    rows = Rows()
    columns: list[list[tuple[int, float]]] = [[] for _ in problem.needs]
    loads: list[list[tuple[int, float]]] = [[(g, 1.0)] for g in range(types)]
    for j, (c, g) in enumerate(pairs, start=types):
        columns[c].append((j, 1.0))
        loads[g].append((j, -problem.needs[c][g] / parts[c]))
    for c, terms in enumerate(columns):
        rows.add(terms, parts[c], parts[c])
    for terms in loads:
        rows.add(terms, 0.0, inf)
    scale = max(1.0, max(problem.prices, default=0) / _WELL_SCALED)
    rows.add([(g, p / scale) for g, p in enumerate(problem.prices) if p], (known.bound - 0.5) / scale, (best + 0.5) / scale)
    most = [_up(sum(need[g] for need in problem.needs if need[g] < inf)) for g in range(types)]
    outcome = minimise(
        [*(p / scale for p in problem.prices), *[0.0] * len(pairs)], [*map(float, most), *[float(parts[c]) for c, _ in pairs]],
        [True] * types + [bool(slices)] * len(pairs), rows, seconds, absolute_gap=0.999 / scale,
    )
    below = min(outcome.bound * scale, float(best))  # no answer at all means that nothing undercuts the known mix
    bound = known.bound if below == -inf else min(best, max(known.bound, ceil(below - 1e-6 - 1e-9 * below)))
    if outcome.values is None:
        return _Found(known.counts, known.shares, bound)
    shares = [[0.0] * types for _ in problem.needs]
    for (c, g), value in zip(pairs, outcome.values[types:], strict=True):
        shares[c][g] = round(value) / parts[c] if slices else max(value, 0.0)
    shares = [[part / sum(row) for part in row] for row in shares]
    counts = [_up(load) for load in problem.used(shares)]
    return _Found(counts, shares, bound) if problem.cost(counts) < best else _Found(known.counts, known.shares, bound)
