"""Models: what they are, read, write and are made of; and how open their making is."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.domain.base import Amount, Confidence, Count, FactRecord, Figure, Flag, Id, Noun, PartialDay, Positive, Text


class Modality(StrEnum):
    """What a model reads or writes."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    EMBEDDING = "embedding"
    REASONING = "reasoning"


class WorkUnit(StrEnum):
    """What a model's work is counted in, for prices and for sizing."""

    TOKENS = "tokens"
    PAGES = "pages"
    AUDIO_HOURS = "audio-hours"


class ModelKind(StrEnum):
    """What a model is for. Only like is compared with like: a speech model never serves a chat."""

    CHAT = "chat"
    CODE = "code"
    OCR = "ocr"
    SPEECH = "speech"
    EMBEDDING = "embedding"
    MODERATION = "moderation"
    IMAGE = "image"
    OTHER = "other"


class PortfolioGroup(StrEnum):
    """The three rows of the portfolio matrix."""

    FLAGSHIP = "flagship"
    EFFICIENCY = "efficiency"
    SPECIALISED = "specialised"


class Architecture(Noun):
    """What the memory and the speed of a model follow from. Parameters in billions, widths in elements."""

    layers: Positive
    hidden: Positive
    attention_heads: Positive
    kv_heads: Positive
    head_dim: Positive
    ffn: Positive | None = None
    vocabulary: Positive | None = None
    experts: Count = 0  # routed experts per mixture layer; 0 for a dense model
    experts_per_token: Count = 0
    shared_experts: Count = 0
    expert_ffn: Count = 0
    dense_layers: Count = 0  # leading layers without experts
    mla_latent: Count = 0  # kv_lora_rank + rope width, where attention keeps a latent instead of heads
    q_lora_rank: Count = 0
    qk_nope_head_dim: Count = 0
    qk_rope_head_dim: Count = 0  # 0: what `head_dim` leaves beside `qk_nope_head_dim`
    v_head_dim: Count = 0
    full_attention_layers: Count = 0  # layers that keep the whole context; 0 means all
    window: Count = 0  # tokens that the other layers keep (sliding window); 0 with full_attention_layers: a state of constant size
    sparse_top_k: Count = 0  # tokens attended to under sparse attention
    tied_embeddings: Flag = False


class TrainingCompute(Noun):
    """What training a model took, in FLOP: the best figure, and the least and the most it can have been by whoever says so."""

    flop: Amount
    least: Amount
    most: Amount

    @model_validator(mode="after")
    def _in_order(self) -> TrainingCompute:
        if not 0 < self.least <= self.flop <= self.most:
            raise ValueError("`flop` lies between `least` and `most`, and all are above zero")
        return self


class Model(Noun):
    """An AI model, and only that. Prices are offers; quality is kept apart, by reasoning effort."""

    id: Id
    name: Text
    aliases: tuple[Id, ...] = ()
    maker: Id  # a party
    kind: ModelKind
    group: PortfolioGroup
    unit: WorkUnit = WorkUnit.TOKENS
    released: Figure[PartialDay] | None = None
    weights_released: Figure[PartialDay] | None = None
    deprecated: Figure[PartialDay] | None = None
    retires: Figure[PartialDay] | None = None  # the maker's own API stops; weights stay where their licence lets them
    successor: Text | None = None
    licence: Figure[Id]  # of the weights; a closed model has its maker's API terms
    weights_url: Text | None = None
    reads: Figure[tuple[Modality, ...]]
    writes: Figure[tuple[Modality, ...]]
    context_tokens: Figure[int] | None = None
    parameters_total_b: Figure[Decimal] | None = None
    parameters_active_b: Figure[Decimal] | None = None
    architecture: Figure[Architecture] | None = None
    training_compute: Figure[TrainingCompute] | None = None  # decides the presumption of systemic risk, and what a modifier may spend
    published_precisions: tuple[str, ...] = ()  # weights the maker publishes: bf16, fp8, nvfp4, mxfp4, int4
    minimum_memory_gb: Mapping[str, Figure[Decimal]] = {}  # the maker's own recipe, by precision, to check ours against
    languages: tuple[str, ...] = ()  # ISO 639-1, where the maker lists them
    features: tuple[str, ...] = ()
    claims: tuple[Text, ...] = ()  # scores quoted from vendors or others: shown, never passing a floor
    facts: tuple[FactRecord, ...] = ()  # `m.` facts for the law
    components: Figure[Mapping[Id, Text | None]] | None = None  # released parts by the openness framework -> SPDX id; null: no terms stated
    note: Text | None = None


class Recipe(Noun):
    """A published way to serve a model, to hold our sizing against: the least memory in GB it asks for, and accelerators it fits or does not."""

    id: Id
    model: Id
    precision: Text
    memory_gb: Amount
    accelerator: Id | None = None
    accelerators: Count = 0  # how many of them the recipe speaks of
    fits: Flag = True
    differs: Text | None = None  # why our own figure is kept although it is far from this one
    source: Id
    date: PartialDay
    confidence: Confidence = Confidence.MEDIUM


class OpennessComponent(Noun):
    """One part of a model that can be released. `instead` may stand in for it."""

    id: Id
    name: Text
    from_class: Annotated[int, Field(ge=1, le=3)]  # asked for from this class on, up to class 1
    content: Literal["code", "data", "document"]
    required: Flag = True
    instead: Id | None = None


class OpennessFramework(Noun):
    """Which parts of a model have to be open for which class. `classes` are named I, II, III; I is the most open."""

    id: Id
    name: Text
    source: Id
    date: PartialDay
    classes: Mapping[Literal["I", "II", "III"], Text]
    components: tuple[OpennessComponent, ...]
    open_licences: frozenset[Text]  # SPDX ids that count as open
