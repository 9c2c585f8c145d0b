"""Ways that are never better than another, left out before solving. Exact: some cheapest plan always survives.

Two comparisons, each within one operator, so that nothing about concentration or law can change by the swap:
replicas of one model on one machine by precision and degree; and the same machine at another of the operator's sites.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from planner.options.machines import replaces
from planner.options.option import NodeKind, Option, Options, TermKind


def without_dominated(options: Options) -> Options:
    """The options without the pools that another pool replaces for every workload at no more cost and no worse a judgement."""
    survivors = _by_site(_by_replica(options))
    kept = {o.pool for ways in survivors.open.values() for o in ways if o.pool}
    nodes = {options.pools[p].node for p in kept}
    shared = {s for ways in survivors.open.values() for o in ways for s in o.shared}
    return replace(
        survivors, pools={k: p for k, p in options.pools.items() if k in kept}, nodes={k: n for k, n in options.nodes.items() if k in nodes},
        shared={k: s for k, s in options.shared.items() if k in shared}, dominated=options.count - survivors.count,
    )


Users = Mapping[tuple[str, frozenset[str]], Option]


def _users(options: Options) -> dict[str, dict[tuple[str, frozenset[str]], Option]]:
    """Pool -> part and wishes broken -> the option that uses it (with wishes lifted a workload may use a pool in two ways)."""
    users: dict[str, dict[tuple[str, frozenset[str]], Option]] = defaultdict(dict)
    for ways in options.open.values():
        for option in ways:
            if option.pool:
                users[option.pool][option.part, option.violated] = option
    return users


def _without(options: Options, pools: set[str]) -> Options:
    return replace(options, open={w: tuple(o for o in ways if o.pool not in pools) for w, ways in options.open.items()})


def _no_worse(a: Option, b: Option) -> bool:
    """Whether option `a` can stand for `b` in any plan, machines apart."""
    return (
        all(x <= y for x, y in zip(a.loads, b.loads, strict=True)) and all(x or not y for x, y in zip(a.opens, b.opens, strict=True))
        and a.score >= b.score and a.score_strict >= b.score_strict and set(a.shared) <= set(b.shared)
        and set(a.conditional_on) <= set(b.conditional_on) and a.violated <= b.violated
    )


def _covers(a: Users, b: Users) -> bool:
    return all(w in a and _no_worse(a[w], option) for w, option in b.items())


def _by_replica(options: Options) -> Options:
    """Of one model on one machine: drop a precision or degree where another needs no more accelerators and carries no less."""
    users = _users(options)
    rivals: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in users:
        pool = options.pools[key]
        rivals[pool.model, pool.node].append(key)
    out: set[str] = set()
    for keys in rivals.values():
        for b in keys:
            for a in keys:
                if a == b or a in out:
                    continue
                fewer = options.pools[a].tensor_parallel <= options.pools[b].tensor_parallel
                if fewer and _covers(users[a], users[b]):
                    out.add(b)
                    break
    return _without(options, out)


def _by_site(options: Options) -> Options:
    """Of the same machine of one operator at several sites: drop a site where another is no dearer and serves whatever the first does."""
    users = _users(options)
    at: dict[str, list[str]] = defaultdict(list)
    for key in users:
        at[options.pools[key].node].append(key)
    rivals: dict[tuple, list[NodeKind]] = defaultdict(list)
    for name in at:
        node = options.nodes[name]
        if node.power_watts is None:  # the power of a site of one's own is limited
            rivals[node.operator, node.accelerator, node.accelerators].append(node)
    out: set[str] = set()
    gone: set[str] = set()
    for nodes in rivals.values():
        for b in nodes:
            for a in nodes:
                if a.key == b.key or a.key in gone or not _no_dearer(a, b, options.carbon_counts):
                    continue
                twins = {(options.pools[k].model, options.pools[k].precision, options.pools[k].tensor_parallel): k for k in at[a.key]}
                if all(_twin_covers(options, users, twins, k) for k in at[b.key]):
                    out |= set(at[b.key])
                    gone.add(b.key)
                    break
    return _without(options, out)


def _no_dearer(a: NodeKind, b: NodeKind, carbon_counts: bool) -> bool:
    """Whether each term of machine `b` has one of `a` that replaces it, and emits no more where that counts."""
    return all(any(replaces(mine, term) and (not carbon_counts or _no_dirtier(mine, term)) for mine in a.terms) for term in b.terms)


def _no_dirtier(a: TermKind, b: TermKind) -> bool:
    """Whether a term emits no more than another, whenever it is taken; what is not known is never taken for less."""
    if a.carbon_kg is None or b.carbon_kg is None:
        return b.carbon_kg is None
    return all(x <= y for x, y in zip(a.carbon_kg, b.carbon_kg, strict=True))


def _twin_covers(options: Options, users: Mapping[str, Users], twins: Mapping[tuple, str], key: str) -> bool:
    pool = options.pools[key]
    twin = twins.get((pool.model, pool.precision, pool.tensor_parallel))
    return twin is not None and _covers(users[twin], users[key])
