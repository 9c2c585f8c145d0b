"""The fitted constants of the sizing physics: what is common, and what an engine or a vendor of accelerators changes."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from numbers import Real

METRICS = ("throughput", "tpot", "ttft", "watts")
COMMON, UNCALIBRATED = "common", "uncalibrated"
ENOUGH_ROWS = 30
_FAMILIES = (("trtllm", re.compile(r"trt|tensorrt", re.I)), ("sglang", re.compile(r"sglang", re.I)), ("vllm", re.compile(r"vllm", re.I)))


def engine_family(engine: str) -> str:
    """The engine that a name with a version means (`vLLM 0.19.0` -> `vllm`); `vllm` where the name says nothing."""
    return next((family for family, pattern in _FAMILIES if pattern.search(engine)), "vllm")


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What multiplies or is added to the datasheet's physics; units stand in the names, shares have none. The catalog holds the values."""

    bandwidth: float  # reached share of the memory's bandwidth, for weights
    cache_bandwidth: float  # of that again, for the cache
    compute: float  # reached share of the dense peak, in 8 bits and fewer
    compute_16bit: float  # the same in 16 bits
    link: float  # reached share of the link's bandwidth
    layer_us: float  # per layer and step: launches, norms, synchronisation
    fp8_layer_us: float  # more per layer in 8 bits: activations are quantised on the way
    fp4_layer_us: float  # more per layer in 4 bits that the hardware knows
    weight_only_layer_us: float  # more per layer where weights are widened before use
    expert_us: float  # more per layer of a mixture and chosen expert: router, permutation
    request_us: float  # per running request and step
    slow: float  # multiplies every time
    chunk_tokens: float  # prompt tokens that one step takes in
    accept_ms: float  # from the request to the queue: tokenising, templates
    turns: float  # decoding steps that pass before a prompt's first token leaves
    burst: float  # prompts of the others that stand before one's own, as a share of all in flight
    idle_power: float  # share of the rated power at next to no compute
    compute_power: float  # more at full compute, growing with its cube root
    memory_power: float  # more at full bandwidth
    occupancy: float  # share of an answer that a running sequence has in its cache on average
    memory_share: float  # of the memory that the engine may fill
    memory_reserve_gb: float  # of it for activations and graphs
    utilisation: float  # load that is planned for, of the closed loop's throughput
    max_concurrency: float  # as far as capacity is planned, within what was measured


@dataclass(frozen=True, slots=True)
class ErrorBand:
    """Factors on a prediction between which most measurements lie."""

    low: float
    high: float


@dataclass(frozen=True)
class Constants:
    """Constants by class. A class is `common`, an engine, a vendor of accelerators, an accelerator, or an error."""

    classes: Mapping[str, Mapping[str, float]]
    _made: dict[tuple[str, str], Coefficients] = field(default_factory=dict, repr=False, compare=False)

    def __bool__(self) -> bool:
        return COMMON in self.classes

    def coefficients(self, engine: str, maker: str) -> Coefficients:
        """The common constants, overlaid by the engine's and then by the vendor's. KeyError where nothing was calibrated at all."""
        key = (engine, maker)
        if key not in self._made:
            merged = {**self.classes[COMMON], **self.classes.get(engine_family(engine), {}), **self.classes.get(maker, {})}
            self._made[key] = Coefficients(**{f.name: merged[f.name] for f in fields(Coefficients)})
        return self._made[key]

    def calibrated(self, engine: str, accelerator: str) -> bool:
        """Whether enough measurements of this engine and of this accelerator went into the fit; a handful proves nothing."""
        return all(self.classes.get(name, {}).get("rows", 0) >= ENOUGH_ROWS for name in (engine_family(engine), accelerator))

    def band(self, metric: str, calibrated: bool) -> ErrorBand:
        """The published error band of a metric; a wider one off the calibrated engines and accelerators."""
        scale = self.classes[f"error-{metric}"] if calibrated else self.classes[f"error-{metric}-{UNCALIBRATED}"]
        return ErrorBand(scale["low"], scale["high"])


def constants_from(sizing: Mapping[str, Mapping[str, Real]]) -> Constants:
    """Constants from the catalog's `sizing`. An empty mapping gives constants that are false: nothing can be sized with them."""
    return Constants({name: {key: float(value) for key, value in group.items()} for name, group in sizing.items()})
