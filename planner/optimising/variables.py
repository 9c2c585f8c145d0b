"""The variables of a portfolio, each under what it stands for, and the sets that the families of constraints walk over.

x[item, way, period] how many parts are served so; y[pool, period] open; N[pool, period, moment] replicas; r[pool, period] spares
kept; K[machine's term, period, moment] taken on; z[work, period] begun; u[operator, period] and m[model, period] in use; v[item, family,
period] moved; s[item, way] stands by; q[work, bill] cents that top a least bill up; e[work, bill] the same as
worth today, where money costs something; f[work, bill] the bill falls short, where shares of the spend are capped. Names given to a
solver are ours, never a user's text.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.optimising.linear import Variable
from planner.optimising.portfolio import NOTHING, Bill, Item, Node, Pool, Portfolio, Spend, Way, Work

EVERY = ""  # the one moment of what is not cut by moments


class Variables:
    """The variables of a portfolio, each under what it stands for, and the sets that the families walk over."""

    def __init__(self, portfolio: Portfolio):
        self.portfolio = p = portfolio
        self._spends: tuple[Portfolio, list[tuple[int, Spend, str | None]]] | None = None
        self.made: list[Variable] = []
        self.times = range(len(p.periods))
        self.items: dict[str, Item] = {i.id: i for i in p.items}
        self.pools: dict[str, Pool] = {}
        self.nodes: dict[str, Node] = {}
        self.works: dict[str, Work] = {}
        self.of_item: dict[str, list[Way]] = defaultdict(list)
        self.on_pool: dict[str, list[Way]] = defaultdict(list)
        self.needing: dict[str, list[Way]] = defaultdict(list)
        for way in p.ways:
            self.of_item[way.item].append(way)
            if way.pool is not None:
                self.on_pool[way.pool].append(way)
            for work in way.works:
                self.needing[work].append(way)
        self.pools = {x.key: x for x in sorted(p.pools, key=lambda x: x.key) if x.key in self.on_pool}
        used = {x.node for x in self.pools.values()}
        self.nodes = {x.key: x for x in sorted(p.nodes, key=lambda x: x.key) if x.key in used}
        self.terms = {term.key: (node, term) for node in self.nodes.values() for term in node.terms}
        self.pools_on: dict[str, list[Pool]] = defaultdict(list)
        for pool in self.pools.values():
            self.pools_on[pool.node].append(pool)
        stood = {w for way in p.ways if way.standby and self.items[way.item].standby for w in way.standby.works}
        self.works = {x.key: x for x in sorted(p.works, key=lambda x: x.key) if x.key in self.needing or x.key in stood}
        self.moments = {key: self._moments_of(ways) for key, ways in self.on_pool.items()}
        self._make()

    # ------------------------------------------------------------------------------------------- sets

    def _moments_of(self, ways: list[Way]) -> tuple[str, ...]:
        """The moments in which a pool's load differs: one where nobody on it is cut by moments."""
        return self.portfolio.moments if any(self.items[w.item].moment for w in ways) else (EVERY,)

    def moments_on(self, node: str) -> tuple[str, ...]:
        """The moments in which a machine's load differs."""
        some = {m for pool in self.pools_on[node] for m in self.moments[pool.key]} - {EVERY}
        return self.portfolio.moments if some or any(term.by_moment for term in self.nodes[node].terms) else (EVERY,)

    def present(self, way: Way, moment: str) -> bool:
        """Whether a way's load falls into a moment."""
        return moment == EVERY or self.items[way.item].moment in (None, moment)

    def replicas(self, pool: Pool, period: int, moment: str) -> int:
        """The variable of a pool's replicas in one moment."""
        return self.N.get((pool.key, period, moment), self.N.get((pool.key, period, EVERY), -1))

    def held(self, node: Node, period: int, moment: str) -> list[int]:
        """The variables whose sum is how many machines serve in one moment."""
        keys = [
            (term.key, t, moment if term.by_moment else EVERY)
            for term in node.terms for t in ((period,) if term.by_moment else term.serving(period))
        ]
        return [self.K[key] for key in keys if key in self.K]

    def operators(self, free: bool = False) -> list[str]:
        """The operators of all ways, in order; without those that no share counts unless `free`."""
        out = frozenset() if free else self.portfolio.limits.free_operators
        return sorted({w.operator for w in self.portfolio.ways} - out)

    def private(self, work: str) -> bool:
        """Whether only one item can need a work: then it is paid for each of its parts."""
        each = self.works[work].each
        return len({w.item for w in self.needing[work]}) <= 1 if each is None else each

    def family(self, way: Way) -> tuple[str, str]:
        """Ways between which no move has to be paid."""
        return way.operator, way.model

    # -------------------------------------------------------------------------------------- variables

    def _variable(self, letter: str, upper: int, meaning: str) -> int:
        self.made.append(Variable(f"{letter}{len(self.made):05d}", upper, meaning))
        return len(self.made) - 1

    def _make(self) -> None:
        p, limits = self.portfolio, self.portfolio.limits
        aims = {aim.name for aim in p.aims}
        self.x = {
            (way.item, way.key, t): self._variable("x", self.items[way.item].count, f"{way.item} is served by {way.key} {self.when(t)}".strip())
            for item in p.items for t in self.times for way in self.of_item[item.id] if way.opens(t)
        }
        critical = {key for key, ways in self.on_pool.items() if any(self.items[w.item].critical for w in ways)}
        self.y = {(k, t): self._variable("y", 1, f"{k} is open {self.when(t)}".strip()) for k in self.pools for t in self.times}
        spared = [k for k in self.pools if limits.spares and k in critical]
        self.r = {(k, t): self._variable("r", 1, f"{k} keeps spares {self.when(t)}".strip()) for k in spared for t in self.times}
        self.N = {
            (k, t, m): self._variable("n", self.cap(k, t, m), f"replicas of {k} {self.when(t)} {m}".strip())
            for k in self.pools for t in self.times for m in self.moments[k]
        }
        self.K = {(g, t, m): self._variable("k", upper, f"machines {g} {self.when(t)} {m}".strip()) for g, t, m, upper in self._machines()}
        self.z = {
            (s, t): self._variable("z", self._parts(s), f"{work.says or s} is paid {self.when(t)}".strip())
            for s, work in self.works.items() for t in self.times
        }
        names = self.operators(free=True) if limits.operators is not None or "operators" in aims else []
        self.u = {(n, t): self._variable("u", 1, f"operator {n} is used {self.when(t)}".strip()) for n in names for t in self.times}
        models = sorted({w.model for w in p.ways}) if limits.models is not None else []
        self.m = {(n, t): self._variable("m", 1, f"model {n} is used {self.when(t)}".strip()) for n in models for t in self.times}
        self.v = {
            (i.id, f, t): self._variable("v", i.count, f"{i.id} moves {self.when(t)}".strip())
            for i in p.items if any(s.present or s.paid for s in i.moving) for t in self.times if t for f in self._movers(i)
        }
        self.s = {
            (w.item, w.key): self._variable("s", 1, f"{w.key} stands by for {w.item}")
            for i in p.items if i.standby for w in self.of_item[i.id] if w.standby is not None and all(w.opens(t) for t in self.times)
        }
        self.q = {(s, n): self._variable("q", b.paid, f"{self.works[s].says or s} tops up bill {n}") for s, n, b in self.bills()}
        self.e = {
            (s, n): self._variable("e", b.present, f"{self.works[s].says or s} tops up bill {n}, as worth today")
            for s, n, b in self.bills() if self.discounted(s, n)
        }
        capped = limits.share_of_spend is not None
        self.f = {(s, n): self._variable("f", 1, f"bill {n} of {self.works[s].says or s} falls short") for s, n, _ in self.bills() if capped}

    def bills(self) -> Iterator[tuple[str, int, Bill]]:
        """The least bills of each work."""
        return ((s, n, bill) for s, work in self.works.items() for n, bill in enumerate(work.least))

    def discounted(self, work: str, bill: int) -> bool:
        """Whether cents of a least bill are not worth as much as is paid."""
        least = self.works[work].least[bill]
        return least.paid != least.present or any(paid != present for paid, present in (w.billed[bill] for w in self.needing[work]))

    def when(self, period: int) -> str:
        """A period in words, nothing where there is only one."""
        return f"in period {period}" if len(self.times) > 1 else ""

    def _parts(self, work: str) -> int:
        ways = self.needing[work]
        return self.items[ways[0].item].count if ways and self.private(work) else 1

    def _movers(self, item: Item) -> list[tuple[str, str]]:
        """One variable an item is enough where it has one part; else one for each family it can move to."""
        return [("", "")] if item.count == 1 else sorted({self.family(w) for w in self.of_item[item.id]})

    def cap(self, pool: str, period: int, moment: str) -> int:
        """The replicas that a pool can at most be asked for."""
        loads: dict[str, int] = {}
        for way in self.on_pool[pool]:
            if way.opens(period) and self.present(way, moment):
                loads[way.item] = max(loads.get(way.item, 0), way.loads[period] * self.items[way.item].count)
        spares = self.portfolio.limits.spares if (pool, period) in self.r else 0
        return -(-sum(loads.values()) // 1000) + spares

    def _machines(self) -> Iterator[tuple[str, int, str, int]]:
        for key, (node, term) in self.terms.items():
            for t in self.times:
                if term.by_moment:
                    moments = (m for m in self.moments_on(node.key) if term.by_moment[m][t] is not None)
                    yield from ((key, t, m, self._most(node, [t])) for m in moments)
                elif term.spends[t] is not None:
                    yield key, t, EVERY, self._most(node, [later for later in self.times if t in term.serving(later)])

    def _most(self, node: Node, periods: list[int]) -> int:
        """The machines that can at most be needed in some periods."""
        def asked(t: int) -> int:
            caps = (max(self.made[self.N[p.key, t, m]].upper for m in self.moments[p.key]) * p.accelerators for p in self.pools_on[node.key])
            return -(-sum(caps) // node.accelerators)

        most = max(asked(t) for t in periods)
        return most if node.most is None else min(most, node.most)

    # ------------------------------------------------------------------------------------------ money

    def spends(self) -> list[tuple[int, Spend, str | None]]:
        """Every variable that costs something: the variable, what one costs, and the operator who is paid. Made once for a portfolio."""
        if self._spends is None or self._spends[0] is not self.portfolio:
            self._spends = self.portfolio, [(i, spend, whom) for i, spend, whom in self._each_spend() if spend != NOTHING]
        return self._spends[1]

    def _each_spend(self) -> Iterator[tuple[int, Spend, str | None]]:
        p = self.portfolio
        for way in p.ways:
            for t in self.times:
                if (way.item, way.key, t) in self.x:
                    yield self.x[way.item, way.key, t], way.spends[t], way.operator
            if (way.item, way.key) in self.s and way.standby is not None:
                yield self.s[way.item, way.key], way.standby.spend, way.operator
        for (g, t, m), i in self.K.items():
            node, term = self.terms[g]
            spend = term.by_moment[m][t] if term.by_moment else term.spends[t]
            assert spend is not None
            yield i, spend, node.operator
        for (s, t), i in self.z.items():
            yield i, self.works[s].spends[t], self.works[s].operator
        for (item, _, t), i in self.v.items():
            yield i, self.items[item].moving[t], None
        for (s, n), i in self.q.items():
            bill = self.works[s].least[n]
            by_year = () if bill.year is None else tuple(int(y == bill.year) for y in range(len(p.years)))
            yield i, Spend(1, 0 if (s, n) in self.e else 1, 0, by_year), self.works[s].operator
        for (s, _), i in self.e.items():
            yield i, Spend(0, 1), self.works[s].operator
