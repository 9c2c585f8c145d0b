"""The time of one engine step of a replica: the larger of compute and bandwidth for each part, communication, overheads."""
from __future__ import annotations

from dataclasses import dataclass

from planner.domain.catalog import Accelerator, Architecture, Model
from planner.sizing.constants import Coefficients
from planner.sizing.memory import Cache, cache, cache_share, canonical, parameters, weight_bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One step: seconds, and the shares of the datasheet's compute and bandwidth that it uses."""

    seconds: float
    compute_use: float
    bandwidth_use: float


@dataclass(frozen=True, slots=True)
class Format:
    """A number format on an accelerator: its dense peak in TFLOPS, and whether weights are widened before they are used."""

    peak_tflops: float
    weight_only: bool


@dataclass(frozen=True, slots=True)
class Body:
    """What of a replica does not depend on the fitted constants, per accelerator: bytes, operations a token, datasheet rates."""

    layers: int
    mixture_layers: int
    chosen_experts: int
    untouched: float  # chance that one token passes one expert by
    precision: str
    format: Format
    dense_bytes: float
    expert_bytes: float
    dense_flops: float
    expert_flops: float
    score_flops: float  # of prompt attention, per token and token of context
    score_limit: int
    link_bytes: float
    cache: Cache
    cache_share: float
    memory_gb: float
    bandwidth: float
    link: float
    peak: float
    peak_16bit: float
    attention_dp: int


@dataclass(frozen=True, slots=True)
class Physics:
    """A replica in seconds per unit of work, per accelerator. Built once, asked for many steps."""

    body: Body
    free_gb: float  # of one accelerator, for cache
    occupancy: float
    dense_read_s: float
    dense_token_s: float
    expert_read_s: float
    expert_token_s: float
    cache_byte_s: float
    score_s: float
    fixed_s: float
    token_s: float  # communication per token
    request_s: float
    token_flops_s: float  # seconds of one token at the datasheet's peak
    byte_s: float  # seconds of one byte at the datasheet's bandwidth

    def step(self, decoding: float, context: float, prompt_tokens: float = 0.0, prompt_length: float = 0.0) -> Step:
        """A step in which `decoding` sequences of `context` tokens each get one token and `prompt_tokens` are read in."""
        body = self.body
        tokens = decoding + prompt_tokens
        touched = 1.0 - body.untouched ** max(tokens, 1.0)
        cached = decoding / body.attention_dp * body.cache.read(context) * body.cache_share if decoding else 0.0
        seen = min(prompt_length, body.score_limit) if body.score_limit else prompt_length
        seconds = (
            max(self.dense_read_s, self.dense_token_s * tokens) + max(self.expert_read_s * touched, self.expert_token_s * tokens)
            + cached * self.cache_byte_s + self.score_s * prompt_tokens * seen
            + self.fixed_s + self.token_s * tokens + self.request_s * decoding
        )
        moved = body.dense_bytes + body.expert_bytes * touched + cached
        return Step(seconds, self.token_flops_s * tokens / seconds, self.byte_s * moved / seconds)

    def memory_limit(self, prompt: float, answer: float) -> int:
        """How many sequences run at once; 0 where the weights, or one whole sequence, leave no room.

        A whole sequence has to fit; beyond the first, sequences are at all stages of their answers, as engines admit them.
        """
        body = self.body
        one = body.cache.held(prompt + answer) * body.cache_share / 1e9
        if self.free_gb <= 0 or one > self.free_gb:
            return 0
        mean = body.cache.held(prompt + answer * self.occupancy) * body.cache_share / 1e9
        return max(1, int(self.free_gb / mean)) * body.attention_dp


def number_format(accelerator: Accelerator, precision: str) -> Format:
    """How an accelerator computes in a precision; formats that it does not know are widened to 16 bits.

    MXFP4 weights meet 8-bit activations, so they compute at the 8-bit rate where the hardware knows them.
    """
    bf16 = float(accelerator.bf16_tflops.value)
    fp8 = float(accelerator.fp8_tflops.value) if accelerator.fp8_tflops else None
    fp4 = float(accelerator.fp4_tflops.value) if accelerator.fp4_tflops else None
    native = {"bf16": bf16, "fp8": fp8, "int8": fp8 or bf16, "fp4": fp4, "mxfp4": fp8 if fp4 else None, "int4": None}[canonical(precision)]
    return Format(native or bf16, native is None)


def body_of(
    model: Model, accelerator: Accelerator, precision: str, accelerators: int, attention_dp: int = 1, element_bytes: float = 2.0,
) -> Body | None:
    """The body of a replica on `accelerators`, or None where the model's parameters or architecture are not known.

    With `attention_dp` above one, attention and everything else that is dense is copied that many times, and sequences are dealt out.
    """
    p = parameters(model)
    if p is None or model.architecture is None:
        return None
    a = model.architecture.value
    ways = max(1, accelerators // attention_dp)  # accelerators that share one copy of the dense part
    dense, experts = weight_bytes(p, precision)
    form = number_format(accelerator, precision)
    crossing = 2 * a.layers * 2.0 * (accelerators - 1) / accelerators * a.hidden * 2.0  # two all-reduces a layer, in 16 bits
    return Body(
        layers=a.layers, mixture_layers=a.layers - a.dense_layers if a.experts else 0, chosen_experts=a.experts_per_token,
        untouched=1 - a.experts_per_token / a.experts if a.experts else 1.0, precision=canonical(precision), format=form,
        dense_bytes=dense / ways, expert_bytes=experts / accelerators, dense_flops=2 * p.active_dense / accelerators,
        expert_flops=2 * p.active_experts / accelerators, score_flops=_score_flops(a) / accelerators, score_limit=2 * a.sparse_top_k,
        link_bytes=crossing, cache=cache(a, element_bytes), cache_share=cache_share(a, ways),
        memory_gb=float(accelerator.memory_gb.value), bandwidth=float(accelerator.bandwidth_gbs.value) * 1e9,
        link=float(accelerator.link_gbs.value) * 1e9, peak=form.peak_tflops * 1e12,
        peak_16bit=float(accelerator.bf16_tflops.value) * 1e12, attention_dp=attention_dp,
    )


def _score_flops(a: Architecture) -> float:
    """Operations of causal attention per prompt token and token of context: two products, half of them masked."""
    width = float(a.head_dim)
    if a.mla_latent and a.v_head_dim:
        width = (a.qk_nope_head_dim + (a.qk_rope_head_dim or 64) + a.v_head_dim) / 2
    return 2.0 * (a.full_attention_layers or a.layers) * a.attention_heads * width


def physics(body: Body, c: Coefficients) -> Physics:
    """A body with fitted constants applied."""
    bandwidth = body.bandwidth * c.bandwidth / c.slow
    peak = body.peak * (c.compute_16bit if body.precision == "bf16" else c.compute) / c.slow
    by_format = {"fp8": c.fp8_layer_us, "int8": c.fp8_layer_us, "fp4": c.fp4_layer_us}
    format_us = c.weight_only_layer_us if body.format.weight_only else by_format.get(body.precision, 0.0)
    fixed_us = body.layers * (c.layer_us + format_us) + body.mixture_layers * body.chosen_experts * c.expert_us
    held_gb = (body.dense_bytes + body.expert_bytes) / 1e9
    return Physics(
        body=body, free_gb=body.memory_gb * c.memory_share - c.memory_reserve_gb - held_gb, occupancy=c.occupancy,
        dense_read_s=body.dense_bytes / bandwidth, dense_token_s=body.dense_flops / peak,
        expert_read_s=body.expert_bytes / bandwidth, expert_token_s=body.expert_flops / peak,
        cache_byte_s=1 / (bandwidth * c.cache_bandwidth), score_s=c.slow * body.score_flops / (body.peak_16bit * c.compute),
        fixed_s=c.slow * fixed_us * 1e-6, token_s=c.slow * body.link_bytes / (body.link * c.link), request_s=c.slow * c.request_us * 1e-6,
        token_flops_s=(body.dense_flops + body.expert_flops) / body.peak, byte_s=1 / body.bandwidth,
    )
