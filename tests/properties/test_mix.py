"""The mix of machines: against trying every mix, and what must hold of any."""
from __future__ import annotations

from decimal import Decimal
from itertools import product
from math import ceil

import pytest
from hypothesis import given, settings, strategies as st

from planner.optimising.mix import TOLERANCE, Mix, cheapest_mix

PRICES = st.integers(1, 12).map(lambda n: Decimal(n) / 4)
LOADS = st.one_of(st.none(), st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.5]), st.floats(0.01, 2.5).map(lambda x: round(x, 3)))


@st.composite
def cases(draw: st.DrawFn, classes: int = 3, types: int = 3) -> tuple[list[Decimal], list[list[float | None]]]:
    width = draw(st.integers(1, types))
    costs = draw(st.lists(PRICES, min_size=width, max_size=width))
    row = st.lists(LOADS, min_size=width, max_size=width).filter(lambda r: any(x is not None for x in r))
    return costs, draw(st.lists(row, min_size=1, max_size=classes))


def holds(mix: Mix, costs: list[Decimal], loads: list[list[float | None]]) -> None:
    """The mix serves every class, on machines that can, with no machine over its load, at the price it says."""
    for share, row in zip(mix.shares, loads, strict=True):
        assert sum(share) == pytest.approx(1, abs=1e-9)
        assert all(part >= 0 and (part == 0 or load is not None) for part, load in zip(share, row, strict=True))
    for g, count in enumerate(mix.counts):
        assert sum(s[g] * (row[g] or 0) for s, row in zip(mix.shares, loads, strict=True)) <= count + 2 * TOLERANCE
    assert mix.cost == sum(c * n for c, n in zip(costs, mix.counts, strict=True))
    assert mix.bound <= mix.cost and (not mix.proved or mix.bound == mix.cost)


def by_trying_all(costs: list[Decimal], loads: list[list[float | None]], slices: int) -> Decimal:
    """The cheapest cost over every way to put every slice."""
    places = [[g for g, load in enumerate(row) if load is not None] for row in loads for _ in range(slices)]
    best = None
    for chosen in product(*places):
        used = [0.0] * len(costs)
        for k, g in enumerate(chosen):
            used[g] += loads[k // slices][g] / slices
        cost = sum(c * max(ceil(u - TOLERANCE), 0) for c, u in zip(costs, used, strict=True))
        best = cost if best is None else min(best, cost)
    return best


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(1, 2))
def test_slices_cost_what_trying_everything_finds(case, slices):
    mix = cheapest_mix(*case, slices)
    holds(mix, *case)
    assert mix.proved
    assert mix.cost == by_trying_all(*case, slices)
    assert all((part * slices) % 1 == pytest.approx(0, abs=1e-9) for share in mix.shares for part in share)


@settings(max_examples=150, deadline=None)
@given(cases(classes=5, types=4), st.integers(1, 5))
def test_divisible_classes_never_cost_more_than_slices_and_finer_slices_never_more_than_coarse(case, slices):
    split, whole, finer = cheapest_mix(*case), cheapest_mix(*case, slices), cheapest_mix(*case, slices * 2)
    for mix in (split, whole, finer):
        holds(mix, *case)
        assert mix.proved
    assert split.cost <= finer.cost <= whole.cost


@settings(max_examples=100, deadline=None)
@given(cases(classes=4, types=2))
def test_the_sweep_over_two_types_agrees_with_the_solver(case):
    costs, loads = case
    # a third type that nobody would take, but that no other dominates, sends the very same case to the solver
    three = cheapest_mix([*costs, Decimal(1000)], [*[[*row, None] for row in loads], [*[None] * len(costs), 0.5]])
    assert three.cost == cheapest_mix(costs, loads).cost + 1000


@settings(max_examples=60, deadline=None)
@given(cases(classes=4), st.sampled_from([None, 2]))
def test_the_order_of_types_and_classes_changes_no_cost(case, slices):
    costs, loads = case
    other = cheapest_mix(costs[::-1], [row[::-1] for row in loads[::-1]], slices)
    assert other.cost == cheapest_mix(costs, loads, slices).cost


@settings(max_examples=60, deadline=None)
@given(cases(classes=4), PRICES)
def test_one_more_type_never_makes_the_mix_dearer(case, price):
    costs, loads = case
    wider = cheapest_mix([*costs, price], [[*row, 0.7] for row in loads])
    assert wider.cost <= cheapest_mix(costs, loads).cost


def test_the_published_example_costs_6_70_in_slices_and_4_68_divided():
    costs = [Decimal("1.01"), Decimal("3.67")]
    loads = [[3.0, 0.3], [3.0, 0.15], [3.0, 0.375], [3.0, 0.3]]
    assert (cheapest_mix(costs, loads, 1).cost, cheapest_mix(costs, loads).cost) == (Decimal("6.70"), Decimal("4.68"))


def test_within_no_time_the_best_known_comes_back_unproved_and_still_holds():
    costs = [Decimal("1.861"), Decimal("3.67"), Decimal("7.516")]
    loads = [[0.3 + 0.11 * k, 0.25 + 0.03 * (k * 7 % 5), 0.1 + 0.017 * (k * 5 % 7)] for k in range(12)]
    mix = cheapest_mix(costs, loads, 7, seconds=0.0)
    holds(mix, costs, loads)
    assert mix.bound < mix.cost and not mix.proved


@pytest.mark.parametrize(("costs", "loads", "slices", "error"), [
    ([1.5], [[1.0]], None, TypeError),
    ([Decimal(-1)], [[1.0]], None, ValueError),
    ([Decimal("NaN")], [[1.0]], None, ValueError),
    ([Decimal(1)], [[None]], None, ValueError),
    ([Decimal(1)], [[1.0, 2.0]], None, ValueError),
    ([Decimal(1)], [[float("nan")]], None, ValueError),
    ([Decimal(1)], [[1.0]], 0, ValueError),
])
def test_data_that_no_mix_can_answer_is_refused(costs, loads, slices, error):
    with pytest.raises(error):
        cheapest_mix(costs, loads, slices)


def test_no_classes_need_no_machines():
    assert cheapest_mix([Decimal(3)], []) == Mix((0,), (), Decimal(0), Decimal(0), True)


def test_nothing_is_printed(capfd):
    cheapest_mix([Decimal(3), Decimal(4), Decimal(6)], [[1.4, 1.2, 2.2], [2.3, 1.9, 0.8], [1.1, None, 0.7]], 3)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("slices", [None, 2])
def test_prices_with_many_digits_choose_the_same_machines(slices):
    loads = [[1.4, 1.2, 2.2], [2.3, 1.9, 0.8], [1.1, None, 0.7]]
    prices = (("3", "4.5", "6.1"), ("3.0000000000007", "4.5", "6.1000000000003"))
    rough, fine = (cheapest_mix(list(map(Decimal, row)), loads, slices) for row in prices)
    assert rough.counts == fine.counts
    assert float(fine.bound) == pytest.approx(float(fine.cost), rel=1e-8)
