"""The market's pictures as plain data: portfolio matrix, competitive map, timeline, capital ladder; and what a report annexes of them."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planner.domain.base import Amount, Confidence, Count, Currency, Day, Flag, Id, Noun, PartialDay, Text
from planner.domain.catalog import Colour, PortfolioGroup
from planner.domain.efficiency import EfficiencyPanel
from planner.domain.lens import LensReading
from planner.domain.paradox import Chain, ParadoxPage

Standing = Literal["current", "deprecated", "retired", "announced", "undated"]


class Entry(Noun):
    """One model in the matrix, with where its licence is read. `release` is None, and the standing `undated`, where nobody dates it."""

    model: Id
    name: Text
    standing: Standing
    released: PartialDay | None
    licence: Id
    source: Id
    date: PartialDay


class MatrixCell(Noun):
    """The models of one maker in one group under one colour."""

    group: PortfolioGroup
    colour: Colour
    models: tuple[Entry, ...]


class Portfolio(Noun):
    """One maker's row of cells: groups from flagship to specialised, colours from open to closed, empty cells included."""

    vendor: Id
    name: Text
    cells: tuple[MatrixCell, ...]

    @property
    def size(self) -> int:
        """How many models it holds."""
        return sum(len(cell.models) for cell in self.cells)


class Evidence(Noun):
    """A figure behind a part: what it is, who says so, for which day."""

    what: Text
    source: Id
    date: PartialDay


class Part(Noun):
    """One share of an axis, from 0 to 1: what is known of it, what is proven, what is possible, and the figures behind it."""

    id: Id
    weight: Amount
    value: Amount
    low: Amount
    high: Amount
    says: Text
    evidence: tuple[Evidence, ...]


class Axis(Noun):
    """A vendor's place on one axis, from 0 to 1, with its range and its parts."""

    value: Amount
    low: Amount
    high: Amount
    parts: tuple[Part, ...]


class Position(Noun):
    """One vendor on the map."""

    vendor: Id
    name: Text
    models: Count  # how many models its shares are shares of
    openness: Axis
    fit: Axis


class Region(Noun):
    """A rectangle of the map, both axes from 0 to 1."""

    openness_from: Amount
    openness_to: Amount
    fit_from: Amount
    fit_to: Amount
    area: Amount


class Void(Noun):
    """What a map shows of itself.

    The splits are the middle between the lowest and the highest vendor of each axis. `quadrants` holds who stands where; `alone` is
    the one vendor in the open and fit quarter, where it is one; `holders` are those whom nobody beats on both axes at once;
    `empty` is the largest rectangle of the map with nobody inside, and `borders` the vendors at its edge.
    """

    openness_split: Amount
    fit_split: Amount
    quadrants: Mapping[str, tuple[Id, ...]]
    alone: Id | None
    holders: tuple[Id, ...]
    empty: Region
    borders: tuple[Id, ...]


class Moment(Noun):
    """One dated thing on a track; `ahead` where it lies after the day of reading."""

    vendor: Id
    track: Literal["models", "infrastructure"]
    kind: Literal["release", "weights", "deprecation", "retirement", "infrastructure", "acquisition", "capex"]
    day: PartialDay  # when it happens, as exactly as is known
    says: Text
    ahead: Flag
    source: Id
    date: PartialDay  # for when the source says so
    confidence: Confidence


class Year(Noun):
    """How much happened on each track in a year."""

    year: Count
    models: Count
    infrastructure: Count


class Timeline(Noun):
    """Moments in the order of their days, and the count of each year; `undated` are models whose release nobody dates."""

    moments: tuple[Moment, ...]
    years: tuple[Year, ...]
    undated: tuple[Id, ...]


class LadderStep(Noun):
    """One event; `total_m` is what its kind has come to by then in this currency, in millions (None: no amount is known)."""

    day: PartialDay
    kind: Text
    says: Text
    amount_m: Amount | None
    currency: Currency | None
    total_m: Amount | None
    source: Id
    confidence: Confidence


class RateUsed(Noun):
    """An exchange rate behind a ratio: units of `currency` for one euro."""

    currency: Currency
    per_eur: Amount
    source: Id
    date: Day


class Viability(Noun):
    """Years of the latest known revenue that debt and building costs tie up; None where one side is not known."""

    burden_low: Amount | None
    burden_high: Amount | None
    reading: Text
    because: Text
    rates: tuple[RateUsed, ...] = ()


class Ladder(Noun):
    """One vendor's steps in the order of their days, and the reading."""

    vendor: Id
    name: Text
    steps: tuple[LadderStep, ...]
    viability: Viability


class Annexes(Noun):
    """What a report shows beyond the plan: the market on its day, what the plan still depends on, and its supply chains.

    Bounded, and without the evidence behind the map's parts: the map's own command has it. `moments_left_out` counts what a timeline
    of the plan's makers and operators holds beyond those that are shown.
    """

    portfolios: tuple[Portfolio, ...] = ()
    positions: tuple[Position, ...] = ()
    void: Void | None = None
    timeline: Timeline | None = None
    moments_left_out: Count = 0
    ladders: tuple[Ladder, ...] = ()
    paradox: ParadoxPage | None = None
    chains: tuple[Chain, ...] = ()
    lenses: tuple[LensReading, ...] = ()  # the plan's operators by other yardsticks
    efficiency: tuple[EfficiencyPanel, ...] = ()
