"""The paradox page and the supply chain: what sovereignty is reached, what still depends on whom, and what cutting it takes."""
from __future__ import annotations

from decimal import Decimal
from typing import Literal

from planner.domain.base import Amount, Basis, Count, Flag, Noun, Number, Seal, Text
from planner.domain.scorecard import Levels, NextStep


class Cut(Noun):
    """One dependency that remains: who causes it, how it could be cut, what that brings, and what it costs.

    Points are of the overall score out of 100. The cost paid once is an estimate of the framework file; the monthly one comes from
    planning again without the dependency. None: nobody knows it.
    """

    factor: Text
    name: Text
    party: Text
    cause: Text
    cut_by: Text
    to_verify: Flag = False
    seal: Seal | None = None  # of the factor today; None where it only ranks
    seal_after: Seal | None = None
    overall_seal_after: Seal  # of the whole, everything else unchanged
    points: Number
    cost_eur: Amount | None = None
    cost_estimate: Flag = False
    weeks: Count | None = None
    cost_eur_per_month: Decimal | None = None


class Leave(Noun):
    """What the best plan without a party is like beside this one: the bill by the month, the score out of 100, the known SEAL.

    `points` and `seal_after` are None where nothing is known of the new plan's sovereignty.
    """

    party: Text
    cost_eur_per_month: Decimal
    points: Decimal | None = None
    seal: Seal | None = None
    seal_after: Seal | None = None


class Compared(Noun):
    """A rating that somebody gave, held against one way of running: proven, reached by what is known, possible, or out of reach.

    `because`: what carries it where it is reached, else what keeps it below, worst first.
    """

    way: Text
    given: Number
    given_by: Text
    rating: Number
    rating_range: tuple[Decimal, Decimal]
    seal: Levels
    holds: Literal["proven", "reached", "possible", "out-of-reach"]
    because: tuple[Text, ...]


class ParadoxPage(Noun):
    """What is achieved, what remains, the rating, and the cheapest next step."""

    subject: Text
    seal: Levels
    rating_out_of_10: Number
    rating_range: tuple[Decimal, Decimal]
    label: Text
    achieved: tuple[Text, ...]
    remaining: tuple[Cut, ...]
    holding: tuple[Text, ...]  # factors that all have to rise before the known SEAL does
    unknown: tuple[Text, ...]
    confirm_first: NextStep | None = None  # free: a fact to find out or to read in its source
    next_cut: Cut | None = None
    compared: tuple[Compared, ...] = ()  # only of a party that somebody rated as a whole
    leaves: tuple[Leave, ...] = ()  # planned again without a party; the least paid for a point first


class Link(Noun):
    """One layer of the supply chain of a service: who holds it, under which law, and who else could."""

    layer: Text
    name: Text
    owner: Text
    law: Text
    in_eea: bool | None  # None: not known
    basis: Basis | None = None  # of the law; None where the deployment itself tells, or nothing does
    note: Text | None = None
    substitutes: tuple[Text, ...] = ()
    substitutable: Literal["in the EEA", "outside the EEA only", "nobody", "not known"] = "not known"
    outlook: Text


class Chain(Noun):
    """The supply chain of one service, from chips to agents."""

    subject: Text
    links: tuple[Link, ...]
    in_eea: Count
    outside: Count
    not_known: Count
