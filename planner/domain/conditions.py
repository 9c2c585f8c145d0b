"""Conditions: data that is true, false or not known of a set of facts. No expressions, no eval.

Kleene's three-valued logic: a missing fact is unknown, and unknown is never read as met. Logic is monotone
in knowledge: taking a fact away can turn true or false into unknown, never true into false or back.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field, StrictBool, StrictStr, model_validator

from planner.domain.base import FactName, FactScalar, Noun, Number

Truth = bool | None  # None: not known
_TESTS = ("equals", "is_not", "within", "in_group", "any_of", "at_least", "at_most", "above", "below", "known")


class Between(Noun):
    """A number known only to lie between two, such as an estimate with its band. A test that would differ over the band is not known."""

    least: Decimal
    most: Decimal

    def __str__(self) -> str:
        return f"{self.least:.3g}" if self.least == self.most else f"{self.least:.3g} to {self.most:.3g}"

    def over(self, divisor: Between) -> Between:
        """The quotient of two such numbers. ZeroDivisionError where the divisor may be zero."""
        return Between(least=self.least / divisor.most, most=self.most / divisor.least)

    @classmethod
    def of(cls, number: Any) -> Between:
        """A number, or a band, as a band."""
        return number if isinstance(number, cls) else cls(least=Decimal(str(number)), most=Decimal(str(number)))


class Condition(Noun):
    """Either one of `all`, `any`, `none` over further conditions, or one test of one fact.

    Tests: `is`, `is_not` (a value), `in` (a list of values), `in_group` (a group of countries in the catalog),
    `any_of` (a list fact holds at least one of these), `at_least`, `at_most`, `above`, `below` (numbers),
    `known` (true: the fact is known; this test alone is never unknown and may only be used to ask questions).
    """

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    none: tuple[Condition, ...] | None = None
    fact: FactName | None = None
    equals: FactScalar | None = Field(None, alias="is")
    is_not: FactScalar | None = None
    within: tuple[FactScalar, ...] | None = Field(None, alias="in")
    in_group: StrictStr | None = None
    any_of: tuple[StrictStr, ...] | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    known: StrictBool | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Condition:
        joins = [k for k in ("all", "any", "none") if getattr(self, k) is not None]
        tests = [k for k in _TESTS if getattr(self, k) is not None]
        if len(joins) + (self.fact is not None) != 1:
            raise ValueError("a condition is one of `all`, `any`, `none`, or one test of one `fact`")
        if joins and tests:
            raise ValueError(f"`{joins[0]}` takes a list of conditions and no test of its own")
        if self.fact is not None and len(tests) != 1:
            raise ValueError(f"`{self.fact}` needs exactly one test, such as `is: true` or `at_least: 2`")
        return self

    def fact_names(self) -> frozenset[str]:
        """Every fact this condition can look at."""
        return frozenset(leaf.fact for leaf in self.leaves() if leaf.fact)

    def leaves(self) -> Iterator[Condition]:
        """The single tests, in the order they are written."""
        if self.fact is not None:
            yield self
        for part in (self.all or ()) + (self.any or ()) + (self.none or ()):
            yield from part.leaves()


Groups = Mapping[str, frozenset[str]]  # country group -> ISO codes


def holds(condition: Condition, facts: Mapping[str, Any], groups: Groups) -> Truth:
    """True, False, or None where the facts do not decide it."""
    if condition.fact is not None:
        return _test(condition, facts.get(condition.fact), groups)
    if condition.all is not None:
        return _conjunction(holds(part, facts, groups) for part in condition.all)
    if condition.any is not None:
        return _negation(_conjunction(_negation(holds(part, facts, groups)) for part in condition.any))
    return _conjunction(_negation(holds(part, facts, groups)) for part in condition.none or ())


def deciding(condition: Condition, facts: Mapping[str, Any], groups: Groups) -> tuple[frozenset[str], frozenset[str]]:
    """The facts that carry the verdict, and the unknown facts that would change it: (known, unknown)."""
    verdict = holds(condition, facts, groups)
    carrying, missing = set(), set()
    for leaf in condition.leaves():
        truth = _test(leaf, facts.get(leaf.fact or ""), groups)
        if truth is None and verdict is None:
            missing.add(leaf.fact or "")
        elif truth is not None:
            carrying.add(leaf.fact or "")
    return frozenset(carrying), frozenset(missing)


def _negation(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _conjunction(truths: Iterator[Truth]) -> Truth:
    seen_unknown = False
    for truth in truths:
        if truth is False:
            return False
        seen_unknown = seen_unknown or truth is None
    return None if seen_unknown else True


def _test(leaf: Condition, value: Any, groups: Groups) -> Truth:
    if leaf.known is not None:
        return (value is not None) == leaf.known
    if value is None:
        return None
    if leaf.equals is not None:
        return _same(value, leaf.equals)
    if leaf.is_not is not None:
        return not _same(value, leaf.is_not)
    if leaf.within is not None:
        return any(_same(value, v) for v in leaf.within)
    if leaf.in_group is not None:
        return value in groups.get(leaf.in_group, frozenset())
    if leaf.any_of is not None:
        return bool(set(value if isinstance(value, (tuple, list, frozenset)) else (value,)) & set(leaf.any_of))
    if isinstance(value, Between):  # the tests of numbers turn at one point: where both ends agree, so does all between
        low = _compare(leaf, value.least)
        return low if low is _compare(leaf, value.most) else None
    return _compare(leaf, Decimal(str(value)))


def _compare(leaf: Condition, number: Decimal) -> bool:
    """A test of a number."""
    if leaf.at_least is not None:
        return number >= leaf.at_least
    if leaf.at_most is not None:
        return number <= leaf.at_most
    if leaf.above is not None:
        return number > leaf.above
    return number < leaf.below  # type: ignore[operator]


def _same(value: Any, wanted: Any) -> bool:
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
