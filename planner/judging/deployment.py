"""The thing that is judged: one way to serve one workload, before size and price."""
from __future__ import annotations

from dataclasses import dataclass

from planner.domain.assessment import Workload
from planner.domain.catalog import Licence, Mode, Model, Offer, Party

OWN = "own"  # the party id of the organisation itself


@dataclass(frozen=True, slots=True)
class Deployment:
    """A workload, the model that would serve it, and who would run it where.

    `operator` is the party that runs the service (`own` for bought hardware); `site` and `country` say where data is
    processed (None: not committed to). `workload` is None where a party or a model is judged by itself.
    """

    workload: Workload | None
    model: Model | None
    licence: Licence | None
    vendor: Party | None
    mode: Mode | None
    operator: Party
    site: str | None
    site_owner: Party | None
    country: str | None
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why a way is not open: the rule it fails, a sentence, and the demand of the user that could be lifted, if any.

    A barrier without a demand is a fact of the world (law, licence, physics, dates): nothing lifts it.
    """

    rule: str
    reason: str
    demand: str | None = None
