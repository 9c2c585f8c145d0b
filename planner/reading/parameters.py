"""Parameters of a model counted from its architecture, to hold a stated total against."""
from __future__ import annotations

from decimal import Decimal

from planner.domain.catalog import Architecture

TOLERANCE_DENSE = Decimal("0.03")
TOLERANCE_MIXTURE = Decimal("0.01")


def parameters_b(a: Architecture) -> Decimal | None:
    """Total parameters in billions, norms and biases left out (below 0.01 %). None where the architecture does not say enough.

    Layers with a state of constant size have weights of another shape, so such models are not counted.
    """
    attention, feed_forward = _attention(a), _feed_forward(a)
    constant_state = a.full_attention_layers and not a.window
    if attention is None or feed_forward is None or a.vocabulary is None or constant_state:
        return None
    embeddings = a.vocabulary * a.hidden * (1 if a.tied_embeddings else 2)
    return Decimal(embeddings + a.layers * attention + feed_forward) / 10**9


def disagreement(a: Architecture, stated_b: Decimal) -> str | None:
    """In words, how far a stated total (in billions) is from the count, where it is beyond rounding and tolerance."""
    counted = parameters_b(a)
    if counted is None:
        return None
    rounding = Decimal(1).scaleb(int(stated_b.as_tuple().exponent)) / 2  # "8" may be anything from 7.5 to 8.5
    tolerance = TOLERANCE_MIXTURE if a.experts else TOLERANCE_DENSE
    if abs(counted - stated_b) <= tolerance * stated_b + rounding:
        return None
    return f"the architecture makes {counted:.2f} billion parameters, and {stated_b} are stated: more than {tolerance:.0%} apart"


def _attention(a: Architecture) -> int | None:
    """Weights of one layer's attention: grouped queries, or a compressed latent (MLA)."""
    if not a.mla_latent:
        queries_and_output = 2 * a.hidden * a.attention_heads * a.head_dim
        return queries_and_output + 2 * a.hidden * a.kv_heads * a.head_dim
    rope = a.qk_rope_head_dim or a.head_dim - a.qk_nope_head_dim
    if rope <= 0 or not a.qk_nope_head_dim or not a.v_head_dim:
        return None
    query_width = a.attention_heads * (a.qk_nope_head_dim + rope)
    queries = a.q_lora_rank * (a.hidden + query_width) if a.q_lora_rank else a.hidden * query_width
    down = a.hidden * a.mla_latent
    up = (a.mla_latent - rope) * a.attention_heads * (a.qk_nope_head_dim + a.v_head_dim)
    output = a.attention_heads * a.v_head_dim * a.hidden
    return queries + down + up + output


def _feed_forward(a: Architecture) -> int | None:
    """Weights of all layers' feed-forward parts: gate, up and down, dense or by expert, with the router."""
    dense_layers = a.dense_layers if a.experts else a.layers
    if (dense_layers and a.ffn is None) or (a.experts and not a.expert_ffn):
        return None
    dense = dense_layers * 3 * a.hidden * (a.ffn or 0)
    expert = 3 * a.hidden * a.expert_ffn
    router = a.hidden * a.experts
    return dense + (a.layers - dense_layers) * ((a.experts + a.shared_experts) * expert + router)
