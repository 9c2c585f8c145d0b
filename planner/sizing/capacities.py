"""What a replica can do for a workload, from the best that is known: the user's own measurement, a published rate, the physics.

The one door for everybody who sizes a workload, so that a plan and the check of it cannot differ.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from planner.domain.catalog import MeasuredReplica, PublishedRate, WorkUnit
from planner.sizing.constants import Constants
from planner.sizing.demand import Volumes
from planner.sizing.memory import canonical
from planner.sizing.replica import Capacity, Goals, Replica, Shape, capacity, closed, weights_gb

_NO_GOALS = Goals()


def capacity_for(
    replica: Replica, volumes: Volumes, goals: Goals, constants: Constants, measured: Iterable[MeasuredReplica] = (),
    published: Iterable[PublishedRate] = (),
) -> Capacity:
    """Requests an hour of one replica for a workload's requests, within its goals.

    `measured` are the assessment's, `published` the catalog's; the first that speaks of this very deployment (model, accelerator,
    precision, degree) counts, the user's own before others'. Without one, tokens are sized by the physics, and pages or audio hours
    cannot be sized: the answer then says so.
    """
    found = next((m for m in (*measured, *published) if _is_of(m, replica)), None)
    shape = Shape(volumes.input_tokens, volumes.output_tokens, float(volumes.cached_share))
    if found is None:
        return capacity(replica, shape, goals, constants)
    weights = weights_gb(replica) or Decimal(0)
    if reason := _broken(found, goals):
        return closed(reason, weights)
    if replica.model.unit is not WorkUnit.TOKENS:
        return _by_unit(found, replica, volumes, goals, constants, weights)
    return _by_request(found, replica, shape, goals, constants, weights)


def _is_of(m: MeasuredReplica, replica: Replica) -> bool:
    model, accelerator = replica.model, replica.accelerator
    return (
        m.model in (model.id, *model.aliases) and m.accelerator in (accelerator.id, *accelerator.aliases)
        and canonical(m.precision) == canonical(replica.precision) and m.tensor_parallel == replica.tensor_parallel
    )


def _broken(m: MeasuredReplica, goals: Goals) -> str:
    """Which goal a measurement itself breaks, in words, or nothing."""
    if goals.ttft_ms is not None and m.ttft_ms is not None and m.ttft_ms > goals.ttft_ms:
        return f"it was measured to wait {m.ttft_ms} ms for its first token, longer than the {goals.ttft_ms} ms asked for"
    if goals.tokens_per_second is not None and m.tpot_us is not None and m.tpot_us * goals.tokens_per_second > 1e6:
        return f"it was measured to stream {1e6 / m.tpot_us:.1f} tokens a second, fewer than the {goals.tokens_per_second:g} asked for"
    return ""


def _open_goals(m: MeasuredReplica, goals: Goals) -> Goals:
    """The goals that the measurement says nothing of."""
    return Goals(goals.ttft_ms if m.ttft_ms is None else None, goals.tokens_per_second if m.tpot_us is None else None)


def _by_unit(m: MeasuredReplica, replica: Replica, v: Volumes, goals: Goals, constants: Constants, weights: Decimal) -> Capacity:
    """Requests an hour of a model whose work is audio hours or pages. A goal that nobody measured is not met."""
    if _open_goals(m, goals) != _NO_GOALS:
        return closed("how soon it answers was not measured, and the workload has a goal for it", weights)
    if m.requests_per_hour is not None:
        return _measured(m, replica, float(m.requests_per_hour), 1.0, 1.0, weights, "")
    each = v.pages if replica.model.unit is WorkUnit.PAGES else v.audio_minutes / 60
    if each <= 0:
        return closed(f"a request without {replica.model.unit} cannot be sized", weights)
    if not constants:
        return closed("the catalog holds no sizing constants, so no share of full load to plan for", weights)
    used = constants.coefficients(replica.engine, replica.accelerator.maker).utilisation
    rate = float(m.units_per_hour or 0)
    low, high = 1.0, 1.0
    if isinstance(m, PublishedRate):  # of others' recordings or documents, so with a band
        band = constants.band("throughput", calibrated=False)
        low, high = float(m.low) / rate if m.low else band.low, float(m.high) / rate if m.high else band.high
    says = f"{rate:g} {replica.model.unit} an hour at full load, of which {used:.0%} is planned for"
    return _measured(m, replica, rate * used / float(each), low, high, weights, says)


def _by_request(m: MeasuredReplica, replica: Replica, shape: Shape, goals: Goals, constants: Constants, weights: Decimal) -> Capacity:
    """Requests an hour of a model of tokens: as measured, scaled by the physics where the requests were of another length."""
    if m.requests_per_hour is None:
        return closed("its measured rate is not in requests an hour", weights)
    left = _open_goals(m, goals)
    physical = capacity(replica, shape, left, constants)
    if left != _NO_GOALS and not physical.fits:
        return physical  # of what was not measured, the physics has the say
    scale, says = 1.0, f"{m.requests_per_hour:,} requests an hour as stated"
    if m.input_tokens is not None and m.output_tokens is not None and (m.input_tokens, m.output_tokens) != (shape.input_tokens, shape.output_tokens):
        here = capacity(replica, shape, _NO_GOALS, constants).requests_per_hour
        there = capacity(replica, Shape(m.input_tokens, m.output_tokens), _NO_GOALS, constants).requests_per_hour
        if not here or not there:
            return closed("it was measured with requests of another length, and the physics cannot say what that changes", weights)
        scale = here / there
        says += f" for {m.input_tokens} tokens in and {m.output_tokens} out, times {scale:.3f} for this workload's lengths"
    made = _measured(m, replica, m.requests_per_hour * scale, 1.0, 1.0, weights, says)
    if not physical.fits:
        return made
    return replace(
        made, concurrency=physical.concurrency, ttft_ms=made.ttft_ms or physical.ttft_ms, tpot_us=made.tpot_us or physical.tpot_us,
        watts=m.watts or physical.watts,
    )


def _measured(m: MeasuredReplica, replica: Replica, per_hour: float, low: float, high: float, weights: Decimal, says: str) -> Capacity:
    """The capacity that a rate means. Watts that nobody measured count as the rated power: unknown is never read as little."""
    rated = round(float(replica.accelerator.power_w.value) * replica.tensor_parallel)
    who = f"published ({m.source}, {m.date})" if isinstance(m, PublishedRate) else "measured by the organisation"
    return Capacity(
        True, "", int(per_hour), int(per_hour * low), int(per_hour * high), 1, m.ttft_ms or 0, m.tpot_us or 0, m.watts or rated, weights,
        calibrated=not isinstance(m, PublishedRate), rests_on=f"{who}: {says or f'{m.requests_per_hour:,} requests an hour as stated'}",
    )
