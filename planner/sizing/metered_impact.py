"""Energy and carbon of tokens bought from a metered API, as ecologits estimates them (the `impact` extra); unknown where it knows no such model.

An estimate from assumed hardware and published or guessed parameters, not a measurement and not the vendor's own life-cycle figure: those
are shown beside, never mixed in. Output tokens count alone, as the method has it. The package carries its data: nothing leaves the machine.
"""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# How the package calls the services of our operators and makers.
PROVIDERS = {
    "mistral-ai": "mistralai", "openai": "openai", "anthropic": "anthropic", "google-cloud": "google_genai", "aleph-alpha-cohere": "cohere",
}
_TOKENS = 1000  # the estimate is proportional to tokens: asked once for this many
_NO_HURRY_S = 1e9  # the estimate takes the smaller of its own and a measured duration; none was measured


class ImpactMissing(RuntimeError):
    """The `impact` extra is not installed."""


@dataclass(frozen=True, slots=True)
class Range:
    """From the lowest to the highest that the estimate allows."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class MeteredImpact:
    """For a million output tokens: kWh with the building, grams of CO2e of use and of making the hardware; warnings of the method, and its name."""

    kwh_per_output_mtok: Range
    grams_per_output_mtok: Range
    warnings: tuple[str, ...]
    source: str

    def grams(self, output_tokens: Decimal) -> Range:
        """Grams of CO2e of so many output tokens."""
        return Range(self.grams_per_output_mtok.low * output_tokens / 1_000_000, self.grams_per_output_mtok.high * output_tokens / 1_000_000)


def metered_impact(maker: str, names: Sequence[str], zone: str | None = None) -> MeteredImpact | None:
    """The impact of a maker's model in its own service; None where it is not known.

    `names` are the model's ids and aliases, the first known one counts; `zone` is the country of the data centre in ISO 3166 alpha-3, the
    provider's usual mix where None. Raises ImpactMissing without the extra.
    """
    try:
        from ecologits import __version__
        from ecologits.model_repository import models
        from ecologits.tracers.utils import llm_impacts
    except ImportError:
        raise ImpactMissing("the impact of metered APIs needs an extra: pip install 'sovplan[impact]'") from None
    provider = PROVIDERS.get(maker)
    name = next((n for n in names if provider and models.find_model(provider=provider, model_name=n) is not None), None)
    if provider is None or name is None:
        return None
    logger = logging.getLogger("ecologits")
    quiet, logger.disabled = logger.disabled, True
    try:
        made = llm_impacts(provider, name, _TOKENS, _NO_HURRY_S, zone)
    finally:
        logger.disabled = quiet
    if made.energy is None or made.gwp is None:
        return None
    return MeteredImpact(
        _range(made.energy.value, 1_000_000 // _TOKENS), _range(made.gwp.value, 1_000_000 // _TOKENS * 1000),
        tuple(sorted(w.message for w in made.warnings or ())), f"PyPI ecologits {__version__}, an estimate",
    )


def _range(value: object, times: int) -> Range:
    """A number or a range of the package, times a factor, to four digits."""
    low, high = (getattr(value, side, value) for side in ("min", "max"))
    return Range(Decimal(f"{float(low) * times:.4g}"), Decimal(f"{float(high) * times:.4g}"))
