"""One serving copy of a model: whether it fits, and how many requests an hour it answers within the service goals."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import log

from planner.domain.catalog import Accelerator, Model, ModelKind, WorkUnit
from planner.sizing.constants import Coefficients, Constants
from planner.sizing.memory import WEIGHT_BYTES, cache_bytes, canonical, parameters, weight_bytes
from planner.sizing.physics import Physics, body_of, physics
from planner.sizing.serving import Loop, closed_loop, power_share

NOT_KNOWN = "the model's parameters or architecture are not known, so it cannot be sized"
NOT_TOKENS = "its work is counted in {unit}, which the physics of tokens says nothing of, and no rate on this hardware is known"
NO_CONSTANTS = "the catalog holds no sizing constants"
_LATE = 0.05  # a p95 leaves one request in twenty later


@dataclass(frozen=True, slots=True)
class Replica:
    """Model × precision × accelerator × how many accelerators share one copy."""

    model: Model
    accelerator: Accelerator
    precision: str
    tensor_parallel: int
    engine: str = "vllm"


@dataclass(frozen=True, slots=True)
class Shape:
    """What one request looks like: tokens in and out, and the share of the input that a prompt cache answers."""

    input_tokens: int
    output_tokens: int
    cached_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Goals:
    """How fast an answer must come: p95 of the time to the first token in ms, tokens per second while it streams. None: no goal."""

    ttft_ms: int | None = None
    tokens_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a replica can do within the goals, in whole numbers so that every machine agrees.

    Requests an hour at the planned utilisation, with the published error band; `concurrency` in flight at most; p95 of the time to the
    first token in ms; microseconds a token; watts of all its accelerators; weights in GB. `because` says why it does not fit, or is empty.
    """

    fits: bool
    because: str
    requests_per_hour: int
    requests_per_hour_low: int
    requests_per_hour_high: int
    concurrency: int
    ttft_ms: int
    tpot_us: int
    watts: int
    weights_gb: Decimal
    calibrated: bool
    rests_on: str = ""  # in words, where it is a measurement and not the physics


def weights_gb(replica: Replica) -> Decimal | None:
    """Weights of one copy in GB, to a tenth, over all its accelerators; None where the model's parameters are not known.

    Where the architecture is not known, all parameters count in the replica's precision.
    """
    p = parameters(replica.model)
    total = replica.model.parameters_total_b
    if p is None and total is None:
        return None
    size = sum(weight_bytes(p, replica.precision)) / 1e9 if p else float(total.value) * WEIGHT_BYTES[canonical(replica.precision)]
    return Decimal(str(round(size, 1)))


def capacity(replica: Replica, shape: Shape, goals: Goals, constants: Constants) -> Capacity:
    """The most requests an hour that one replica answers within the goals.

    The largest concurrency that fits the memory and meets the goals is found by bisection; the replica is planned to take `utilisation` of
    the throughput there. Time to the first token is a p95: prompts queue for one server (the engine reads one batch of prompts at a
    time), whose utilisation is ρ and service time s, so P(wait > t) = ρ·exp(-2(1-ρ)t/s) and p95 = own prompt + s·ln(ρ/0.05)/(2(1-ρ)).
    """
    weights = weights_gb(replica) or Decimal(0)
    if replica.model.unit is not WorkUnit.TOKENS:
        return closed(NOT_TOKENS.format(unit=replica.model.unit), weights)
    if not constants:
        return closed(NO_CONSTANTS, weights)
    c = constants.coefficients(replica.engine, replica.accelerator.maker)
    body = body_of(replica.model, replica.accelerator, replica.precision, replica.tensor_parallel, 1, cache_bytes(replica.precision))
    if body is None:
        return closed(NOT_KNOWN, weights)
    made = physics(body, c)
    if replica.model.kind is ModelKind.EMBEDDING:
        return embedding(replica, made, constants, shape.input_tokens, goals.ttft_ms, weights)
    if shape.input_tokens + shape.output_tokens < 1:
        return closed("a request without tokens cannot be sized", weights)
    room = made.memory_limit(shape.input_tokens, shape.output_tokens)
    if room < 1:
        return closed(_no_room(made, replica, shape), weights)
    most = min(room, int(c.max_concurrency))
    search = _Search(made, c, shape, goals)
    if reason := search.broken(1):
        return closed(f"even one request at a time {reason}", weights)
    concurrency = search.largest(most)
    return _open(replica, constants, c, search, concurrency, weights)


def closed(because: str, weights: Decimal) -> Capacity:
    """A replica that cannot serve, with the reason."""
    return Capacity(False, because, 0, 0, 0, 0, 0, 0, 0, weights, False)


def p95_wait_s(load: float, service_s: float) -> float:
    """Seconds that one request in twenty waits longer than, before one server of so much load and so long a service."""
    return service_s * log(load / _LATE) / (2 * (1 - load)) if load > _LATE else 0.0


def _no_room(made: Physics, replica: Replica, shape: Shape) -> str:
    memory, body = replica.accelerator.memory_gb.value, made.body
    if made.free_gb <= 0:
        held = (body.dense_bytes + body.expert_bytes) / 1e9
        return f"{held:.0f} GB of weights leave no room in the {memory} GB of each accelerator"
    need = body.cache.held(shape.input_tokens + shape.output_tokens) * body.cache_share / 1e9
    return f"one request needs {need:.1f} GB of cache, and {made.free_gb:.1f} GB are free on each accelerator"


class _Search:
    """Asks the physics what a concurrency would mean for one shape of request, and where the goals end."""

    def __init__(self, made: Physics, c: Coefficients, shape: Shape, goals: Goals):
        self.made, self.c, self.goals = made, c, goals
        self.prompt = shape.input_tokens * (1.0 - shape.cached_share)
        self.context, self.answer = float(shape.input_tokens), float(max(shape.output_tokens, 1))

    def loop(self, concurrency: int) -> Loop:
        """The closed loop at a concurrency."""
        return closed_loop(self.made, self.c, self.prompt, self.context, self.answer, concurrency)

    def first_token_s(self, loop: Loop) -> float:
        """p95 of the time to the first token at the planned utilisation."""
        load = min(0.99, self.c.utilisation * loop.requests_per_s * loop.prompt_s)
        return loop.alone_s + p95_wait_s(load, loop.prompt_s)

    def broken(self, concurrency: int) -> str:
        """Which goal a concurrency breaks, in words, or nothing."""
        loop = self.loop(concurrency)
        speed, first = self.goals.tokens_per_second, self.goals.ttft_ms
        if speed is not None and loop.token_s * speed > 1.0:
            return f"streams {1 / loop.token_s:.1f} tokens a second, fewer than the {speed:g} asked for"
        if first is not None and self.first_token_s(loop) * 1000.0 > first:
            return f"waits {self.first_token_s(loop) * 1000:.0f} ms for its first token, longer than the {first} ms asked for"
        return ""

    def largest(self, most: int) -> int:
        """The largest concurrency up to `most` that breaks no goal; 1 is known to break none."""
        if not self.broken(most):
            return most
        good, bad = 1, most
        while bad - good > 1:
            middle = (good + bad) // 2
            good, bad = (good, middle) if self.broken(middle) else (middle, bad)
        return good


def _open(replica: Replica, constants: Constants, c: Coefficients, search: _Search, concurrency: int, weights: Decimal) -> Capacity:
    loop = search.loop(concurrency)
    per_hour = 3600.0 * c.utilisation * loop.requests_per_s
    calibrated = constants.calibrated(replica.engine, replica.accelerator.id)
    band = constants.band("throughput", calibrated)
    rated = float(replica.accelerator.power_w.value) * replica.tensor_parallel
    return Capacity(
        fits=True, because="", requests_per_hour=int(per_hour), requests_per_hour_low=int(per_hour * band.low),
        requests_per_hour_high=int(per_hour * band.high), concurrency=concurrency, ttft_ms=round(search.first_token_s(loop) * 1e3),
        tpot_us=round(loop.token_s * 1e6), watts=round(rated * power_share(c, loop)),
        weights_gb=weights, calibrated=calibrated,
    )


def embedding(replica: Replica, made: Physics, constants: Constants, tokens: int, ttft_ms: int | None, weights: Decimal) -> Capacity:
    """An embedding model reads and never writes: texts are batched until a step is full, and nothing is decoded.

    `tokens` of one text; `ttft_ms` bounds the p95 until its vector is there. The physics of prompts is the calibrated one, though no
    embedding model was measured: the band is the wider one.
    """
    c = constants.coefficients(replica.engine, replica.accelerator.maker)
    if tokens < 1:
        return closed("a text without tokens cannot be sized", weights)
    if made.memory_limit(tokens, 0) < 1:
        return closed(_no_room(made, replica, Shape(tokens, 0)), weights)
    together = max(1, int(min(c.chunk_tokens // tokens, made.memory_limit(tokens, 0), c.max_concurrency)))
    chunk = min(c.chunk_tokens, float(tokens * together))
    batch = made.step(0.0, 0.0, chunk, float(tokens))
    text_s = batch.seconds * tokens / chunk
    ready_s = c.accept_ms / 1e3 + batch.seconds * max(1.0, tokens / chunk) + p95_wait_s(c.utilisation, text_s)
    if ttft_ms is not None and ready_s * 1e3 > ttft_ms:
        return closed(f"a vector takes {ready_s * 1e3:.0f} ms, longer than the {ttft_ms} ms asked for", weights)
    per_hour, band = 3600 * c.utilisation / text_s, constants.band("throughput", calibrated=False)
    share = min(1.0, c.idle_power + c.compute_power * batch.compute_use ** (1 / 3) + c.memory_power * batch.bandwidth_use)
    return Capacity(
        True, "", int(per_hour), int(per_hour * band.low), int(per_hour * band.high), together, round(ready_s * 1e3), 0,
        round(float(replica.accelerator.power_w.value) * replica.tensor_parallel * share), weights, calibrated=False,
    )
