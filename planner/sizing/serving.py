"""A replica at work: so many requests in flight, each answered by another. Time per token, first token, throughput, power."""
from __future__ import annotations

from dataclasses import dataclass

from planner.sizing.constants import Coefficients
from planner.sizing.physics import Physics


@dataclass(frozen=True, slots=True)
class Loop:
    """A closed loop in its steady state; times in seconds, for the whole replica."""

    token_s: float  # from one token of an answer to the next, prompts of others in between included
    first_s: float  # from the request to its first token, in the loop
    prompt_s: float  # one prompt's share of the steps that read prompts
    alone_s: float  # reading one prompt alone, and one decoding step
    requests_per_s: float
    compute_use: float
    bandwidth_use: float


def closed_loop(physics: Physics, c: Coefficients, prompt: float, context: float, answer: float, concurrency: float) -> Loop:
    """`concurrency` requests in flight, each with `prompt` tokens to read in, a context of `context` tokens and an answer of `answer` tokens.

    Over one generation every slot decodes its answer, and each prompt is read in chunks that hold up the others:
    cycle = answer × decoding step + concurrency × prompt's share.
    """
    n = max(concurrency, 1.0)
    decode = physics.step(n, context + answer / 2)
    chunk = max(1.0, min(c.chunk_tokens, n * prompt))
    batch = physics.step(0.0, 0.0, chunk, context)
    prompt_s = batch.seconds * prompt / chunk
    alone = max(1.0, min(c.chunk_tokens, prompt))
    alone_s = c.first_token * physics.step(0.0, 0.0, alone, context).seconds * max(1.0, prompt / alone) + decode.seconds
    cycle = answer * decode.seconds + n * prompt_s
    busy = answer * decode.seconds / cycle
    return Loop(
        token_s=decode.seconds + (n - 1) * prompt_s / max(answer, 1.0), first_s=alone_s + c.burst * (n - 1) / 2 * prompt_s,
        prompt_s=prompt_s, alone_s=alone_s, requests_per_s=n / cycle,
        compute_use=busy * decode.compute_use + (1 - busy) * batch.compute_use,
        bandwidth_use=busy * decode.bandwidth_use + (1 - busy) * batch.bandwidth_use,
    )


def power_share(c: Coefficients, compute_use: float, bandwidth_use: float) -> float:
    """The part of its rated power that an accelerator draws."""
    return min(1.0, c.idle_power + c.compute_power * compute_use + c.memory_power * bandwidth_use)
