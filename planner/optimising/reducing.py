"""A smaller portfolio with the same best plan: items that are alike as one with a count, and no way that another always beats."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from planner.optimising.portfolio import Item, Portfolio, Spend, Way

Serving = Mapping[tuple[str, int], Mapping[str, int]]  # (item, period) -> way -> parts


@dataclass(frozen=True, slots=True)
class Reduced:
    """The smaller portfolio, and which items of the whole one each of its items stands for."""

    portfolio: Portfolio
    members: Mapping[str, tuple[str, ...]]

    def spread(self, serving: Serving, whole: Portfolio) -> dict[tuple[str, int], dict[str, int]]:
        """How each item of the whole portfolio is served: parts stay where they were from period to period as far as they can."""
        items, found = {i.id: i for i in whole.items}, {}
        families = {(w.item, w.key): (w.operator, w.model) for w in self.portfolio.ways}
        for first, members in self.members.items():
            if len(members) == 1:
                found.update({(i, t): dict(parts) for (i, t), parts in serving.items() if i == first})
                continue
            before: list[str | None] = [None] * (items[first].count * len(members))
            for t in range(len(whole.periods)):
                before = _dealt(dict(serving[first, t]), before, {w: families[first, w] for w in {*serving[first, t], *filter(None, before)}})
                for n, way in enumerate(before):
                    parts = found.setdefault((members[n // items[first].count], t), {})
                    parts[way] = parts.get(way, 0) + 1
        return found


def reduced(p: Portfolio) -> Reduced:
    """The portfolio without dominated ways and with like items together; any best plan of it is one of the whole, and the same one."""
    ways: dict[str, list[Way]] = defaultdict(list)
    for way in p.ways:
        ways[way.item].append(way)
    kept = {i.id: list(_undominated(ways[i.id], p)) for i in p.items}
    alike: dict[tuple, list[Item]] = defaultdict(list)
    for item in p.items:
        own = (item.id,) if item.standby else tuple(replace(w, item="") for w in kept[item.id])
        alike[(replace(item, id=""), own)].append(item)
    users: dict[str, set[str]] = defaultdict(set)
    for way in p.ways:
        for work in way.works:
            users[work].add(way.item)
    works = tuple(replace(w, each=len(users[w.key]) <= 1) if w.each is None else w for w in p.works)  # as it was before ways were left out
    if len(alike) == len(p.items):
        small = replace(p, works=works, ways=tuple(w for i in p.items for w in kept[i.id]))
        return Reduced(small, {i.id: (i.id,) for i in p.items})
    items = tuple(replace(group[0], count=group[0].count * len(group)) for group in alike.values())
    small = replace(p, items=items, works=works, ways=tuple(w for i in items for w in kept[i.id]))
    return Reduced(small, {group[0].id: tuple(i.id for i in group) for group in alike.values()})


def _dealt(left: dict[str, int], before: list[str | None], family: Mapping[str, tuple[str, str]]) -> list[str | None]:
    """Ways for parts in order: each keeps its way where it can, then its family, then takes what is left."""
    now: list[str | None] = [None] * len(before)
    for same in (lambda way, was: way == was, lambda way, was: was is not None and family[way] == family[was], lambda way, was: True):
        for n, was in enumerate(before):
            if now[n] is None:
                way = next((w for w, count in left.items() if count and same(w, was)), None)
                if way is not None:
                    now[n] = way
                    left[way] -= 1
    return now


def _undominated(ways: list[Way], p: Portfolio) -> Iterator[Way]:
    """The ways that no other way of the same operator and model in the same place makes needless."""
    alike: dict[tuple, list[tuple[int, Way]]] = defaultdict(list)
    for n, way in enumerate(ways):
        alike[way.operator, way.model, way.pool].append((n, way))
    strict = p.limits.share_of_spend is not None
    beaten = {
        n for group in alike.values() if len(group) > 1 for n, way in group
        if any(_beats(other, way, strict, earlier=m < n) for m, other in group if m != n)
    }
    return (way for n, way in enumerate(ways) if n not in beaten)


def _beats(a: Way, b: Way, strict: bool, earlier: bool) -> bool:
    """Whether `a` is never worse than `b`, and in a plan for sure preferred: cheaper whenever used, or the earlier of two alike.

    With shares of the spend (`strict`) spending less may break a share, so only what is paid alike can be compared.
    """
    if a.billed != b.billed or b.billed and not earlier:  # under a least bill the dearer of two may cost as little
        return False
    open_b = [t for t in range(len(b.spends)) if b.opens(t)]
    if not all(a.opens(t) for t in open_b) or not set(a.works) <= set(b.works) or strict and set(a.works) != set(b.works):
        return False
    if a.score < b.score or a.quality < b.quality or not _stands_by(a, b, strict):
        return False
    for t in open_b:
        if not _no_dearer(a.spends[t], b.spends[t], strict) or a.carbon and a.carbon[t] > (b.carbon[t] if b.carbon else 0):
            return False
        if a.pool is not None and (a.loads[t] > b.loads[t] or strict and a.loads[t] != b.loads[t]):
            return False
    return earlier or b.standby is None and all(a.spends[t].present < b.spends[t].present for t in open_b)


def _stands_by(a: Way, b: Way, strict: bool) -> bool:
    if b.standby is None:
        return True
    both = a.standby is not None and _no_dearer(a.standby.spend, b.standby.spend, strict) and set(a.standby.works) <= set(b.standby.works)
    return both and all(a.opens(t) for t in range(len(a.spends))) and not (strict and a.standby != b.standby)


def _no_dearer(a: Spend, b: Spend, strict: bool) -> bool:
    if strict and (a.paid, a.by_year) != (b.paid, b.by_year):
        return False
    if a.by_year and b.by_year:
        years = all(x <= y for x, y in zip(a.by_year, b.by_year, strict=True))
    else:
        years = not any(a.by_year)
    return years and a.paid <= b.paid and a.present <= b.present and a.bought <= b.bought
