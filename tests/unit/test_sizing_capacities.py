"""Sizing by the best that is known: a measurement, a published rate, the physics; and work that is not counted in tokens."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sizing_world as world
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sizing_world import H100, LLAMA_70B, QWEN_8B

from planner.domain.catalog import MeasuredReplica, ModelKind, PublishedRate, WorkUnit
from planner.sizing.capacities import capacity_for
from planner.sizing.demand import Volumes
from planner.sizing.replica import Goals, Replica, Shape, capacity

CONSTANTS = world.constants()
CHAT = Volumes((Decimal(1000),), 1500, 400, Decimal(0), Decimal(0), Decimal(0), Decimal(300), Decimal(3), ())
LLAMA = Replica(LLAMA_70B, H100, "fp8", 2)
SPEECH = QWEN_8B.model_copy(update={"kind": ModelKind.SPEECH, "unit": WorkUnit.AUDIO_HOURS})
EMBEDDER = Replica(QWEN_8B.model_copy(update={"kind": ModelKind.EMBEDDING}), H100, "bf16", 1)
CALL = replace(CHAT, input_tokens=0, output_tokens=0, audio_minutes=Decimal(6))


def stated(model=LLAMA_70B, precision="fp8", degree=2, **more):
    return MeasuredReplica(model=model.id, accelerator=H100.id, precision=precision, tensor_parallel=degree, **more)


def published(**more):
    return PublishedRate(id="r", model=SPEECH.id, accelerator=H100.id, source="s", date="2026", **more)


# ------------------------------------------------------------------------------------------- measurements


def test_without_a_measurement_the_physics_speaks():
    other = [stated(degree=4, requests_per_hour=7), stated(model=QWEN_8B, requests_per_hour=7)]
    assert capacity_for(LLAMA, CHAT, Goals(), CONSTANTS, other) == capacity(LLAMA, Shape(1500, 400), Goals(), CONSTANTS)


def test_a_measured_replica_answers_what_it_was_measured_to_and_says_so():
    made = capacity_for(LLAMA, CHAT, Goals(), CONSTANTS, [stated(requests_per_hour=1234)])
    assert made.requests_per_hour == made.requests_per_hour_low == made.requests_per_hour_high == 1234
    assert "measured by the organisation" in made.rests_on and made.ttft_ms and made.watts


def test_a_measurement_that_breaks_a_goal_closes_the_way():
    slow = stated(requests_per_hour=1234, ttft_ms=3000, tpot_us=50_000)
    assert "3000 ms" in capacity_for(LLAMA, CHAT, Goals(2000, None), CONSTANTS, [slow]).because
    assert "20.0 tokens a second" in capacity_for(LLAMA, CHAT, Goals(None, 25.0), CONSTANTS, [slow]).because
    assert capacity_for(LLAMA, CHAT, Goals(3000, 20.0), CONSTANTS, [slow]).fits


def test_a_goal_that_was_not_measured_stays_with_the_physics():
    made = capacity_for(LLAMA, CHAT, Goals(1, None), CONSTANTS, [stated(requests_per_hour=1234)])
    assert not made.fits and "first token" in made.because


def test_other_lengths_are_scaled_by_the_physics():
    there = stated(requests_per_hour=1000, input_tokens=1500, output_tokens=800)
    made = capacity_for(LLAMA, CHAT, Goals(), CONSTANTS, [there]).requests_per_hour
    here, measured_at = (capacity(LLAMA, Shape(1500, o), Goals(), CONSTANTS).requests_per_hour for o in (400, 800))
    assert made == int(1000 * here / measured_at) > 1000


def test_ones_own_measurement_comes_before_a_published_one():
    made = capacity_for(Replica(SPEECH, H100, "bf16", 1), CALL, Goals(), CONSTANTS,
                        [stated(SPEECH, "bf16", 1, requests_per_hour=5)], [published(units_per_hour=70)])
    assert made.requests_per_hour == 5


@pytest.mark.parametrize("wrong", [{}, {"requests_per_hour": 1, "units_per_hour": 1}, {"requests_per_hour": 1, "input_tokens": 5}])
def test_a_measurement_gives_one_rate_and_both_lengths_or_neither(wrong):
    with pytest.raises(ValidationError):
        stated(**wrong)


# ------------------------------------------------------------------------------- audio hours and pages


def test_audio_without_a_known_rate_is_never_sized_as_chat():
    replica = Replica(SPEECH, H100, "bf16", 1)
    for made in (capacity_for(replica, CALL, Goals(), CONSTANTS), capacity(replica, Shape(1500, 400), Goals(), CONSTANTS)):
        assert not made.fits and "audio-hours" in made.because and made.requests_per_hour == 0


def test_audio_hours_at_a_published_rate_are_filled_to_the_planned_share():
    made = capacity_for(Replica(SPEECH, H100, "bf16", 1), CALL, Goals(), CONSTANTS, (), [published(units_per_hour=70, high=140)])
    share = CONSTANTS.coefficients("vllm", "nvidia").utilisation
    assert made.requests_per_hour == int(70 * share / 0.1) and made.requests_per_hour_high == int(140 * share / 0.1)
    assert made.requests_per_hour_low < made.requests_per_hour and not made.calibrated  # of others' recordings
    assert made.watts == round(float(H100.power_w.value))  # nobody measured them: the rated power
    assert "published (s, 2026)" in made.rests_on


def test_a_goal_for_audio_that_nobody_measured_is_not_met():
    made = capacity_for(Replica(SPEECH, H100, "bf16", 1), CALL, Goals(500, None), CONSTANTS, (), [published(units_per_hour=70)])
    assert not made.fits and "not measured" in made.because


# ------------------------------------------------------------------------------------------ embeddings


def test_an_embedding_model_reads_faster_than_the_same_model_chats():
    chat = capacity(Replica(QWEN_8B, H100, "bf16", 1), Shape(512, 1), Goals(), CONSTANTS)
    vectors = capacity(EMBEDDER, Shape(512, 0), Goals(), CONSTANTS)
    assert vectors.fits and vectors.tpot_us == 0 and vectors.requests_per_hour > chat.requests_per_hour and not vectors.calibrated


@given(st.integers(1, 20_000))
def test_longer_texts_never_embed_faster(tokens):
    short, long = (capacity(EMBEDDER, Shape(n, 0), Goals(), CONSTANTS).requests_per_hour for n in (tokens, tokens * 2))
    assert long <= short


def test_an_embedding_stays_below_the_datasheets_peak():
    tokens = 1024
    per_s = capacity(EMBEDDER, Shape(tokens, 0), Goals(), CONSTANTS).requests_per_hour * tokens / 3600
    assert per_s * 2 * float(QWEN_8B.parameters_total_b.value) * 1e9 < float(H100.bf16_tflops.value) * 1e12


def test_a_vector_that_comes_too_late_is_refused():
    assert "longer than the 1 ms" in capacity(EMBEDDER, Shape(4096, 0), Goals(1, None), CONSTANTS).because
