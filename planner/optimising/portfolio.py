"""The planning problem as plain data: what the engine takes, whoever fills it in. Whole numbers only; no catalog, no files.

Time runs in periods of equal standing, numbered from 0. Within a period there may be moments (blocks of hours that the same machines
serve one after another). Money is whole cents, loads are thousandths of a replica, scores and weights are whole numbers of any scale.

    from planner.optimising import engine
    decision = engine.best_plan(Portfolio(items=(...), ways=(...)))
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Spend:
    """Whole cents that one thing causes: as paid, as worth today (what is minimised), what of it is bought, and by budget year."""

    paid: int = 0
    present: int = 0
    bought: int = 0
    by_year: tuple[int, ...] = ()  # in the order of `Portfolio.years`; empty where no year matters

    @staticmethod
    def of(cents: int) -> Spend:
        """Cents paid now: worth what they are, and nothing bought."""
        return Spend(cents, cents)

    def __add__(self, other: Spend) -> Spend:
        if self.by_year and other.by_year:
            years = tuple(a + b for a, b in zip(self.by_year, other.by_year, strict=True))
        else:
            years = self.by_year or other.by_year
        return Spend(self.paid + other.paid, self.present + other.present, self.bought + other.bought, years)


NOTHING = Spend()


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be served in every period: a workload, one of its request classes, its part in one moment, or many alike at once.

    Of `count` like parts each may be served in its own way. `moment` None: it is there in all of them.
    """

    id: str
    count: int = 1
    critical: bool = False
    weight: int = 1  # in the portfolio's score, for each part
    moment: str | None = None
    moving: tuple[Spend, ...] = ()  # changing operator or model at the start of each period, for each part; empty: free
    standby: bool = False  # another operator must stand ready


@dataclass(frozen=True, slots=True)
class Standby:
    """What keeping a way ready costs over the whole time, and the work that must be paid for it from the start."""

    spend: Spend
    works: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way to serve one part of one item: what it costs by itself in each period, and what it runs on.

    A way that is closed in a period has `open` false there. `spends`, `loads`, `open` and `carbon` have one entry a period.
    """

    key: str
    item: str
    operator: str
    model: str
    spends: tuple[Spend, ...]
    pool: str | None = None
    loads: tuple[int, ...] = ()  # thousandths of a replica of `pool`
    works: tuple[str, ...] = ()
    open: tuple[bool, ...] = ()  # empty: always
    score: int = 0
    quality: int = 0
    carbon: tuple[int, ...] = ()  # whole kg; empty: none of its own
    standby: Standby | None = None  # None: it cannot stand by
    billed: tuple[tuple[int, int], ...] = ()  # cents paid and as worth today that one part adds to each of its work's `least` bills

    def opens(self, period: int) -> bool:
        """Whether it may be used in a period."""
        return not self.open or self.open[period]


@dataclass(frozen=True, slots=True)
class Pool:
    """Replicas that may be opened on one kind of machine, each on so many of its accelerators."""

    key: str
    node: str
    accelerators: int = 1


@dataclass(frozen=True, slots=True)
class Term:
    """One way to pay for a machine. One that is taken on in a period costs `spends[period]` and serves `lasts` periods (0: to the end).

    None in `spends`: none can be had then. A machine billed by the hour may be let go between moments: then `by_moment` gives what one
    costs in each moment of each period, and `spends` is not used.
    """

    key: str
    spends: tuple[Spend | None, ...]
    lasts: int = 1
    by_moment: Mapping[str, tuple[Spend | None, ...]] = field(default_factory=dict)
    carbon: tuple[int, ...] = ()  # whole kg of one taken on in each period

    def serving(self, period: int) -> range:
        """The periods in which a machine must have been taken on to serve in `period`."""
        return range(0 if self.lasts == 0 else max(0, period - self.lasts + 1), period + 1)


@dataclass(frozen=True, slots=True)
class Node:
    """One kind of machine, and the terms under which it can be had: its own (named like it, as in `Term`), and `others` beside."""

    key: str
    operator: str
    accelerators: int
    spends: tuple[Spend | None, ...]
    lasts: int = 1
    by_moment: Mapping[str, tuple[Spend | None, ...]] = field(default_factory=dict)
    site: str | None = None
    watts: int = 0
    carbon: tuple[int, ...] = ()  # whole kg of one taken on in each period
    most: int | None = None  # so many can be had at one time
    others: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms; their keys differ from those of every other machine's."""
        return (Term(self.key, self.spends, self.lasts, self.by_moment, self.carbon), *self.others)


@dataclass(frozen=True, slots=True)
class Bill:
    """The least that must come together in one month of a period, in cents as paid and as worth today; what falls short is paid as well."""

    period: int
    paid: int
    present: int
    year: int | None = None  # its place in `Portfolio.years`


@dataclass(frozen=True, slots=True)
class Work:
    """Work paid as soon as somebody needs it, for all who do: begun in a period it holds for `lasts` periods (0: for good)."""

    key: str
    spends: tuple[Spend, ...]
    operator: str | None = None
    lasts: int = 0
    says: str = ""
    each: bool | None = None  # paid for each part of an item that needs it; None: where only one item can need it
    least: tuple[Bill, ...] = ()  # bills that those who need it fill together, while it holds; a way needs one such work at most

    def holding(self, period: int) -> range:
        """The periods in which it must have been begun to hold in `period`."""
        return range(0 if self.lasts == 0 else max(0, period - self.lasts + 1), period + 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What every plan must keep. None: no limit. Shares are of what is paid, and of the critical items by number."""

    total: int | None = None
    bought: int | None = None
    by_year: Mapping[int, int] = field(default_factory=dict)  # budget year -> cents
    score: int | None = None  # least weighted mean, in every period
    share_of_spend: Fraction | None = None
    share_of_critical: Fraction | None = None
    operators: int | None = None  # in use at one time
    models: int | None = None
    carbon: int | None = None
    power: Mapping[str, int] = field(default_factory=dict)  # site -> W
    required: tuple[str, ...] = ()  # operators that serve something at some time
    spares: int = 0  # replicas beyond the load where something critical runs
    free_operators: frozenset[str] = frozenset()  # not counted by the shares: the organisation itself


@dataclass(frozen=True, slots=True)
class Aim:
    """Something to be made as good as possible: `cost`, `sovereignty`, `carbon`, `quality` or `operators`.

    `within`: how much of it may be given up for the aims that follow, as a share of its best value.
    """

    name: str
    within: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The whole problem. `periods` have weights (such as months) for aims that are summed over time."""

    items: tuple[Item, ...]
    ways: tuple[Way, ...]
    pools: tuple[Pool, ...] = ()
    nodes: tuple[Node, ...] = ()
    works: tuple[Work, ...] = ()
    limits: Limits = Limits()
    aims: tuple[Aim, ...] = (Aim("cost"),)
    periods: tuple[int, ...] = (1,)
    moments: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
