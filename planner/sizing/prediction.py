"""What a benchmark of a replica would measure: the same physics as a plan's, asked for one measured point."""
from __future__ import annotations

from dataclasses import dataclass

from planner.sizing.constants import Coefficients, Constants
from planner.sizing.memory import cache_bytes
from planner.sizing.physics import Body, body_of, physics
from planner.sizing.replica import Replica
from planner.sizing.serving import closed_loop, power_share


@dataclass(frozen=True, slots=True)
class Outcome:
    """A closed loop as a benchmark reports it: ms, output tokens a second and watts, both of one accelerator."""

    tpot_ms: float
    ttft_ms: float
    out_tps_per_accelerator: float
    power_share: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Prediction:
    """An outcome with watts, and the band in which most measurements of the throughput lie."""

    tpot_ms: float
    ttft_ms: float
    out_tps_per_accelerator: float
    watts_per_accelerator: float
    fits: bool
    low: float
    high: float


def outcome(body: Body, c: Coefficients, accelerators: int, isl: int, osl: int, concurrency: float) -> Outcome:
    """The closed loop of `concurrency` requests of `isl` tokens in and `osl` out. Where nothing fits, as if memory were no limit."""
    made = physics(body, c)
    room = made.memory_limit(isl, osl)
    loop = closed_loop(made, c, float(isl), float(isl), float(osl), concurrency, room or None)
    return Outcome(
        tpot_ms=loop.token_s * 1e3, ttft_ms=loop.first_s * 1e3, out_tps_per_accelerator=loop.requests_per_s * osl / accelerators,
        power_share=power_share(c, loop), fits=room > 0,
    )


def predict(
    replica: Replica, isl: int, osl: int, concurrency: float, attention_dp: int, kv_bytes: float | None, engine: str, constants: Constants,
) -> Prediction | None:
    """What a benchmark would measure; None where the model cannot be sized. `kv_bytes` None: the engine's default for the precision."""
    accelerator = replica.accelerator
    element = kv_bytes or cache_bytes(replica.precision)
    body = body_of(replica.model, accelerator, replica.precision, replica.tensor_parallel, attention_dp, element)
    if body is None:
        return None
    c = constants.coefficients(engine, accelerator.maker)
    o = outcome(body, c, replica.tensor_parallel, isl, osl, concurrency)
    band = constants.band("throughput", constants.calibrated(engine, accelerator.id))
    return Prediction(
        tpot_ms=o.tpot_ms, ttft_ms=o.ttft_ms, out_tps_per_accelerator=o.out_tps_per_accelerator,
        watts_per_accelerator=o.power_share * float(accelerator.power_w.value), fits=o.fits,
        low=o.out_tps_per_accelerator * band.low, high=o.out_tps_per_accelerator * band.high,
    )
