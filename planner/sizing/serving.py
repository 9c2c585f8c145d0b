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
    alone_s: float  # to the first token with no other prompt waiting
    requests_per_s: float
    compute_use: float
    bandwidth_use: float


def closed_loop(
    made: Physics, c: Coefficients, prompt: float, context: float, answer: float, concurrency: float, room: float | None = None,
) -> Loop:
    """`concurrency` requests in flight, each with `prompt` tokens to read in, `context` tokens of input and an answer of `answer` tokens.

    Over one generation every slot decodes its answer, and every other prompt, read in chunks, holds one up once: either before
    one's own first token (`burst` of them, and all where the answer is a single token) or between two tokens. So no work is lost or
    counted twice. Requests beyond `room` slots (no limit: None) wait for whole generations of others. Little's law gives the throughput.
    """
    slots = max(1.0, concurrency if room is None else min(concurrency, room))
    decode = made.step(slots, context + answer / 2)
    chunk = max(1.0, min(c.chunk_tokens, slots * prompt))
    batch = made.step(0.0, 0.0, chunk, context)
    prompt_s = batch.seconds * prompt / chunk
    alone = max(1.0, min(c.chunk_tokens, prompt))
    alone_s = c.accept_ms / 1e3 + made.step(0.0, 0.0, alone, context).seconds * max(1.0, prompt / alone) + c.turns * decode.seconds
    before = c.burst + (1 - c.burst) / answer  # share of the others' prompts that is read before one's own first token
    others_s = (slots - 1) * prompt_s
    token_s = decode.seconds + (1 - c.burst) * others_s / answer
    waiting_s = (max(concurrency, 1.0) / slots - 1) * (answer * token_s + prompt_s)
    first_s = alone_s + before * others_s + waiting_s
    decoding = answer * decode.seconds / (answer * decode.seconds + slots * prompt_s)
    return Loop(
        token_s=token_s, first_s=first_s, prompt_s=prompt_s, alone_s=alone_s,
        requests_per_s=max(concurrency, 1.0) / (first_s + (answer - 1) * token_s),
        compute_use=decoding * decode.compute_use + (1 - decoding) * batch.compute_use,
        bandwidth_use=decoding * decode.bandwidth_use + (1 - decoding) * batch.bandwidth_use,
    )


def power_share(c: Coefficients, loop: Loop) -> float:
    """The part of its rated power that an accelerator draws: even thin work lights most of it up, hence the cube root."""
    return min(1.0, c.idle_power + c.compute_power * loop.compute_use ** (1 / 3) + c.memory_power * loop.bandwidth_use)
