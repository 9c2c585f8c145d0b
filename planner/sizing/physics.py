"""The time of one engine step of a replica: the larger of compute and bandwidth for each part, communication, overheads."""
from __future__ import annotations

from dataclasses import dataclass

from planner.domain.catalog import Accelerator, Model
from planner.sizing.constants import Coefficients
from planner.sizing.memory import Cache, Parameters, cache, cache_share, canonical, parameters, weight_bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One step: seconds, and the shares of the datasheet's compute and bandwidth that it uses."""

    seconds: float
    compute_use: float
    bandwidth_use: float


@dataclass(frozen=True, slots=True)
class Physics:
    """A replica in seconds per unit of work, per accelerator. Built once, asked for many steps."""

    accelerators: int
    attention_dp: int
    weights_gb: float  # of one accelerator
    free_gb: float  # of one accelerator, for cache
    dense_read_s: float
    dense_token_s: float
    expert_read_s: float
    expert_token_s: float
    untouched: float  # chance that one token passes one expert by
    cache: Cache
    cache_share: float
    cache_byte_s: float
    score_s: float  # prompt attention, per token and token of context
    score_limit: int
    fixed_s: float
    token_s: float  # communication per token
    request_s: float
    compute_efficiency: float
    bandwidth_efficiency: float

    def step(self, decoding: float, context: float, prompt_tokens: float = 0.0, prompt_length: float = 0.0) -> Step:
        """A step in which `decoding` sequences of `context` tokens each get one token and `prompt_tokens` are read in."""
        tokens = decoding + prompt_tokens
        touched = 1.0 - self.untouched ** max(tokens, 1.0)
        dense_compute, experts_compute = self.dense_token_s * tokens, self.expert_token_s * tokens
        experts_read = self.expert_read_s * touched
        attention = decoding / self.attention_dp * self.cache.read(context) * self.cache_share * self.cache_byte_s
        seen = min(prompt_length, self.score_limit) if self.score_limit else prompt_length
        scores = self.score_s * prompt_tokens * seen
        seconds = (
            max(self.dense_read_s, dense_compute) + max(experts_read, experts_compute) + attention + scores
            + self.fixed_s + self.token_s * tokens + self.request_s * decoding
        )
        return Step(
            seconds, (dense_compute + experts_compute) * self.compute_efficiency / seconds,
            (self.dense_read_s + experts_read + attention) * self.bandwidth_efficiency / seconds,
        )

    def cache_gb(self, tokens: float) -> float:
        """Cache of one sequence of so many tokens on one accelerator that holds it."""
        return self.cache.held(tokens) * self.cache_share / 1e9

    def memory_limit(self, tokens: float) -> int:
        """How many sequences of so many tokens fit at once; 0 where the weights leave no room."""
        return int(self.free_gb / self.cache_gb(tokens)) * self.attention_dp if self.free_gb > 0 else 0


def peak_tflops(accelerator: Accelerator, precision: str) -> float:
    """Dense peak in TFLOPS at which this precision computes; formats without hardware support compute in the next wider one."""
    bf16 = float(accelerator.bf16_tflops.value)
    fp8 = float(accelerator.fp8_tflops.value) if accelerator.fp8_tflops else bf16
    fp4 = float(accelerator.fp4_tflops.value) if accelerator.fp4_tflops else bf16
    return {"bf16": bf16, "fp8": fp8, "int8": fp8, "fp4": fp4, "mxfp4": fp4, "int4": bf16}[canonical(precision)]


def physics(
    model: Model, accelerator: Accelerator, precision: str, accelerators: int, c: Coefficients, attention_dp: int = 1, element_bytes: float = 2.0,
) -> Physics | None:
    """The physics of a replica, or None where the model's parameters or architecture are not known."""
    p = parameters(model)
    if p is None or model.architecture is None:
        return None
    a = model.architecture.value
    ways = accelerators // attention_dp  # accelerators that share one copy of the dense part
    dense, experts = weight_bytes(p, precision)
    dense, experts = dense / ways, experts / accelerators
    bandwidth = float(accelerator.bandwidth_gbs.value) * 1e9 * c.bandwidth
    peak = peak_tflops(accelerator, precision) * 1e12 * c.compute
    peak_bf16 = float(accelerator.bf16_tflops.value) * 1e12 * c.compute
    held = (dense + experts) / 1e9
    head_width = (a.qk_nope_head_dim + a.v_head_dim) / 2 + 32 if a.mla_latent and a.v_head_dim else a.head_dim
    reduces = 2 * a.layers if accelerators > 1 else 0
    volume = 2.0 * (accelerators - 1) / accelerators * a.hidden * 2.0
    mixtures = a.layers - a.dense_layers if a.experts else 0
    return Physics(
        accelerators=accelerators, attention_dp=attention_dp, weights_gb=held,
        free_gb=float(accelerator.memory_gb.value) * c.memory_share - c.memory_reserve_gb - held,
        dense_read_s=c.slow * dense / bandwidth, dense_token_s=c.slow * 2 * p.active_dense / accelerators / peak,
        expert_read_s=c.slow * experts / bandwidth, expert_token_s=c.slow * 2 * p.active_experts / accelerators / peak,
        untouched=1 - a.experts_per_token / a.experts if a.experts else 1.0,
        cache=cache(a, element_bytes), cache_share=cache_share(a, ways), cache_byte_s=c.slow / bandwidth,
        score_s=c.slow * 2 * (a.full_attention_layers or a.layers) * a.attention_heads * head_width / accelerators / peak_bf16,
        score_limit=2 * a.sparse_top_k,
        fixed_s=c.slow * (a.layers * c.layer_s + mixtures * c.moe_layer_s + c.step_s + reduces * c.reduce_s),
        token_s=c.slow * reduces * volume / (float(accelerator.link_gbs.value) * 1e9 * c.link), request_s=c.slow * c.request_s,
        compute_efficiency=c.compute / c.slow, bandwidth_efficiency=c.bandwidth / c.slow,
    )
