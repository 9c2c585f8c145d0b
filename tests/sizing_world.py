"""Models and accelerators for the tests of sizing: a few architectures and datasheets, typed in by hand, and the shipped constants."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from planner.domain.base import Figure
from planner.domain.catalog import Accelerator, Architecture, Catalog, Model
from planner.sizing.constants import Constants, constants_from

SHIPPED = Path(__file__).resolve().parent.parent / "catalog" / "sizing.yaml"


def figure(value: Any) -> Figure:
    """A figure that nobody needs to trace."""
    return Figure(value=value, source="own-assumption", date="2026-11-24")


def constants() -> Constants:
    """The constants that ship with the catalog."""
    return constants_from(yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["sizing"])


def model(name: str, total: float | None, active: float | None, **architecture: int) -> Model:
    """A model with parameters in billions; no architecture where none is given."""
    return Model(
        id=name, name=name, maker="somebody", kind="chat", group="flagship", licence=figure("apache-2-0"), reads=figure(("text",)),
        writes=figure(("text",)), parameters_total_b=figure(Decimal(str(total))) if total else None,
        parameters_active_b=figure(Decimal(str(active))) if active else None,
        architecture=figure(Architecture(**architecture)) if architecture else None,
    )


def accelerator(name: str, memory: float, bandwidth: float, bf16: float, fp8: float | None, fp4: float | None, link: float, watts: float) -> Accelerator:
    """An accelerator of NVIDIA's by its datasheet."""
    return Accelerator(
        id=name, name=name, maker="nvidia", memory_gb=figure(Decimal(str(memory))), bandwidth_gbs=figure(Decimal(str(bandwidth))),
        bf16_tflops=figure(Decimal(str(bf16))), fp8_tflops=figure(Decimal(str(fp8))) if fp8 else None,
        fp4_tflops=figure(Decimal(str(fp4))) if fp4 else None, link_gbs=figure(Decimal(str(link))), link="NVLink", nvlink=True,
        power_w=figure(Decimal(str(watts))),
    )


A100 = accelerator("a100-80", 80, 2039, 312, None, None, 300, 400)
H100 = accelerator("h100", 80, 3350, 989, 1979, None, 450, 700)
H200 = accelerator("h200", 141, 4800, 989, 1979, None, 450, 700)
B200 = accelerator("b200", 180, 7700, 2250, 4500, 9000, 900, 1000)
ACCELERATORS = (A100, H100, H200, B200)

LLAMA_70B = model("llama-3-3-70b", 70.6, 70.6, layers=80, hidden=8192, attention_heads=64, kv_heads=8, head_dim=128)
QWEN_8B = model("qwen3-8b", 8.2, 8.2, layers=36, hidden=4096, attention_heads=32, kv_heads=8, head_dim=128)
GEMMA_12B = model(
    "gemma-3-12b", 11.8, 11.8, layers=48, hidden=3840, attention_heads=16, kv_heads=8, head_dim=256, full_attention_layers=8, window=1024,
)
GPT_OSS_120B = model(
    "gpt-oss-120b", 116.8, 5.1, layers=36, hidden=2880, attention_heads=64, kv_heads=8, head_dim=64, experts=128, experts_per_token=4,
    expert_ffn=2880, full_attention_layers=18, window=128,
)
MISTRAL_LARGE_3 = model(
    "mistral-large-3", 675, 41, layers=61, hidden=7168, attention_heads=128, kv_heads=128, head_dim=192, experts=128, experts_per_token=4,
    shared_experts=1, expert_ffn=4096, dense_layers=3, mla_latent=576, qk_nope_head_dim=128, qk_rope_head_dim=64, v_head_dim=128,
)
MODELS = (LLAMA_70B, QWEN_8B, GEMMA_12B, GPT_OSS_120B, MISTRAL_LARGE_3)


def catalog() -> Catalog:
    """A catalog of these models and accelerators and nothing else."""
    empty: dict[str, Any] = {name: {} for name in Catalog.model_fields if name not in ("sha256", "overridden")}
    lists = {name: () for name in ("rates", "abilities", "gate_scores")}
    return Catalog(**{**empty, **lists, "models": {m.id: m for m in MODELS}, "accelerators": {a.id: a for a in ACCELERATORS}})
