"""What must hold of every size, whatever the model, the accelerator and the load."""
from __future__ import annotations

from decimal import Decimal

import sizing_world as world
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.sizing.replica import Goals, Replica, Shape, capacity

CONSTANTS = world.constants()

accelerators = st.sampled_from(world.ACCELERATORS)
precisions = st.sampled_from(["bf16", "fp8", "fp4", "mxfp4", "int4"])
ways = st.sampled_from([1, 2, 4, 8])
shapes = st.builds(Shape, st.integers(1, 60_000), st.integers(0, 8_000), st.sampled_from([0.0, 0.5]))
goals = st.builds(Goals, st.none() | st.integers(50, 20_000), st.none() | st.floats(1, 120))
engines = st.sampled_from(["vllm", "sglang", "trtllm"])


@st.composite
def models(draw):
    """Any published kind of architecture, with totals that agree with it."""
    kind = draw(st.sampled_from(["shipped", "dense", "mixture"]))
    if kind == "shipped":
        return draw(st.sampled_from(world.MODELS))
    shape = {"layers": draw(st.integers(8, 96)), "hidden": draw(st.sampled_from([2048, 4096, 8192])), "attention_heads": 32, "head_dim": 128}
    shape["kv_heads"] = draw(st.sampled_from([1, 4, 8, 32]))
    if draw(st.booleans()):
        shape.update(full_attention_layers=shape["layers"] // 2, window=draw(st.sampled_from([0, 128, 4096])))
    if draw(st.booleans()):
        shape.update(mla_latent=576, sparse_top_k=draw(st.sampled_from([0, 2048])))
    if kind == "dense":
        total = draw(st.floats(1, 400))
        return world.model("dense", total, total, **shape)
    experts = draw(st.sampled_from([8, 64, 256]))
    chosen = draw(st.integers(1, 8))
    total = draw(st.floats(10, 800))
    active = total * (0.1 + 0.9 * chosen / experts)
    return world.model("mixture", total, active, experts=experts, experts_per_token=chosen, **shape)


replicas = st.builds(Replica, models(), accelerators, precisions, ways, engines)


def sized(replica, shape, goals):
    return capacity(replica, shape, goals, CONSTANTS)


@given(replicas, shapes, goals, st.floats(1, 4))
@settings(max_examples=150, deadline=None)
def test_more_memory_never_lowers_concurrency_or_capacity(replica, shape, goal, factor):
    more = replica.accelerator.memory_gb.value * Decimal(str(round(factor, 3)))
    larger = replica.accelerator.model_copy(update={"memory_gb": world.figure(more)})
    a = sized(replica, shape, goal)
    b = sized(Replica(replica.model, larger, replica.precision, replica.tensor_parallel, replica.engine), shape, goal)
    assert b.concurrency >= a.concurrency and b.requests_per_hour >= a.requests_per_hour


@given(replicas, shapes, goals, st.integers(1, 40_000))
@settings(max_examples=150, deadline=None)
def test_a_longer_input_never_raises_capacity(replica, shape, goal, more):
    longer = Shape(shape.input_tokens + more, shape.output_tokens, shape.cached_share)
    assert sized(replica, longer, goal).requests_per_hour <= sized(replica, shape, goal).requests_per_hour


@given(replicas, shapes, goals)
@settings(max_examples=150, deadline=None)
def test_doubling_the_input_or_the_answer_never_raises_capacity(replica, shape, goal):
    now = sized(replica, shape, goal).requests_per_hour
    assert sized(replica, Shape(2 * shape.input_tokens, shape.output_tokens, shape.cached_share), goal).requests_per_hour <= now
    assert sized(replica, Shape(shape.input_tokens, 2 * shape.output_tokens, shape.cached_share), Goals()).requests_per_hour <= (
        sized(replica, shape, Goals()).requests_per_hour
    )


@given(replicas, shapes, st.floats(1, 3))
@settings(max_examples=150, deadline=None)
def test_more_active_parameters_are_never_faster(replica, shape, factor):
    model = replica.model
    a = model.architecture.value
    if a.experts and not a.expert_ffn:  # then the split itself follows from the active parameters
        return
    active = min(model.parameters_total_b.value, model.parameters_active_b.value * Decimal(str(round(factor, 3))))
    heavier = model.model_copy(update={"parameters_active_b": world.figure(active)})
    slower = sized(Replica(heavier, replica.accelerator, replica.precision, replica.tensor_parallel, replica.engine), shape, Goals())
    assert slower.requests_per_hour <= sized(replica, shape, Goals()).requests_per_hour


@given(replicas, shapes, goals, st.floats(0.2, 1), st.floats(1, 5))
@settings(max_examples=150, deadline=None)
def test_stricter_goals_never_raise_capacity(replica, shape, goal, sooner, faster):
    strict = Goals(
        max(1, int((goal.ttft_ms or 5_000) * sooner)), (goal.tokens_per_second or 10) * faster,
    )
    loose = Goals(goal.ttft_ms, goal.tokens_per_second)
    assert sized(replica, shape, strict).requests_per_hour <= sized(replica, shape, loose).requests_per_hour


@given(replicas, shapes, goals)
@settings(max_examples=150, deadline=None)
def test_a_size_is_whole_says_why_not_and_keeps_its_goals(replica, shape, goal):
    size = sized(replica, shape, goal)
    assert size == sized(replica, shape, goal)
    assert size.fits is (size.because == "") is (size.concurrency > 0)
    if size.fits:
        assert size.requests_per_hour_low <= size.requests_per_hour <= size.requests_per_hour_high
        assert goal.ttft_ms is None or size.ttft_ms <= goal.ttft_ms + 1
        assert goal.tokens_per_second is None or size.tpot_us <= 1e6 / goal.tokens_per_second + 1
        assert 0 < size.watts <= float(replica.accelerator.power_w.value) * replica.tensor_parallel
