"""What a model weighs and remembers: bytes of weights and of KV cache, from its totals and its architecture."""
from __future__ import annotations

from dataclasses import dataclass

from planner.domain.catalog import Architecture, Model

# Bytes of one weight, scales included: NVFP4 has an 8-bit scale for 16 weights, MXFP4 for 32, INT4 16 bits for 32.
WEIGHT_BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625, "mxfp4": 0.53125, "int4": 0.5625}
_OTHER_NAMES = {"fp16": "bf16", "nvfp4": "fp4"}
_EXPERTS_ONLY = frozenset({"mxfp4", "int4"})  # formats in which a mixture's checkpoint keeps everything but its experts in 16 bits
_EIGHT_BIT_CACHE = frozenset({"fp8", "fp4"})
_STATE_PER_HIDDEN = 2 * 128  # linear attention and state-space layers: twice the width times 128 states, as the published designs have it
_INDEX_WIDTH = 128  # elements of an indexer's key under sparse attention, one byte each


def canonical(precision: str) -> str:
    """The catalog's name of a number format; KeyError where it is not one that can be sized."""
    name = _OTHER_NAMES.get(precision, precision)
    WEIGHT_BYTES[name]
    return name


def cache_bytes(precision: str) -> float:
    """Bytes of one element of the KV cache that engines use by default beside weights of this precision."""
    return 1.0 if canonical(precision) in _EIGHT_BIT_CACHE else 2.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """Counts of parameters: all routed experts, the rest, and what one token passes through of each."""

    dense: float
    experts: float
    active_dense: float
    active_experts: float


def parameters(model: Model) -> Parameters | None:
    """How a model's parameters split, or None where its totals or its architecture are not known.

    Routed experts are counted from the architecture, or follow from total and active parameters where the width of an
    expert is not known: what is not active is the experts that were not chosen.
    """
    if model.parameters_total_b is None or model.architecture is None:
        return None
    a = model.architecture.value
    total = float(model.parameters_total_b.value) * 1e9
    active = float(model.parameters_active_b.value) * 1e9 if model.parameters_active_b else None
    if not a.experts:
        return Parameters(total, 0.0, min(total, active or total), 0.0)
    share = a.experts_per_token / a.experts
    if a.expert_ffn:
        experts = min(0.98 * total, 3.0 * a.hidden * a.expert_ffn * a.experts * (a.layers - a.dense_layers))
    elif active is not None and share < 1:
        experts = min(0.98 * total, (total - active) / (1 - share))
    else:
        return None
    active = active if active is not None else total - experts * (1 - share)
    return Parameters(total - experts, experts, max(active - experts * share, 0.1 * active), experts * share)


def weight_bytes(p: Parameters, precision: str) -> tuple[float, float]:
    """Bytes of the dense part and of all routed experts in one precision."""
    name = canonical(precision)
    each = WEIGHT_BYTES[name]
    return p.dense * (2.0 if p.experts and name in _EXPERTS_ONLY else each), p.experts * each


@dataclass(frozen=True, slots=True)
class Cache:
    """Bytes of KV cache of one sequence: per token without limit, per token up to `window`, and constant.

    `read_per_token` and `read_limit` say what one decoding step reads of the unlimited part: sparse attention reads its top tokens only.
    """

    per_token: float
    per_window_token: float
    window: int
    constant: float
    read_per_token: float
    read_limit: int  # 0: everything
    index_per_token: float

    def held(self, tokens: float) -> float:
        """Bytes that a sequence of so many tokens keeps."""
        return self.per_token * tokens + self.per_window_token * min(tokens, self.window) + self.constant

    def read(self, tokens: float) -> float:
        """Bytes that one decoding step of a sequence of so many tokens moves; a constant state is read and written."""
        seen = min(tokens, self.read_limit) if self.read_limit else tokens
        local = self.per_window_token * min(tokens, self.window)
        return self.read_per_token * seen + self.index_per_token * tokens + local + 2 * self.constant


def cache(a: Architecture, element_bytes: float) -> Cache:
    """The KV cache of an architecture with so many bytes an element, over all layers, before it is spread over accelerators."""
    full = a.full_attention_layers or a.layers
    other = a.layers - full
    per_layer = (a.mla_latent or 2 * a.kv_heads * a.head_dim) * element_bytes
    index = float(_INDEX_WIDTH * full) if a.sparse_top_k else 0.0
    state = 0.0 if a.window else 2.0 * _STATE_PER_HIDDEN * a.hidden * other
    return Cache(
        per_token=per_layer * full + index, per_window_token=per_layer * other if a.window else 0.0, window=a.window, constant=state,
        read_per_token=per_layer * full, read_limit=a.sparse_top_k, index_per_token=index,
    )


def cache_share(a: Architecture, tensor_parallel: int) -> float:
    """The part of a sequence's cache that one accelerator holds: heads are split, a latent is copied."""
    return 1.0 if a.mla_latent else 1.0 / min(tensor_parallel, a.kv_heads)
