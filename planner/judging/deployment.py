"""The thing that is judged: one way to serve one workload, before size and price."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.assessment import Workload
from planner.domain.catalog import Catalog, Licence, Mode, Model, Offer, Party

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


def deployment_of(catalog: Catalog, workload: Workload | None, model: Model, offer: Offer, site_id: str | None) -> Deployment:
    """The deployment of a model under an offer at one of its sites, with the parties that the catalog knows. KeyError for an unknown site."""
    site = catalog.sites[site_id][0] if site_id else None
    return Deployment(
        workload=workload, model=model, licence=catalog.licences[model.licence.value], vendor=catalog.parties.get(model.maker),
        mode=catalog.modes[offer.mode], operator=catalog.parties[offer.operator], site=site_id,
        site_owner=catalog.parties.get(site.owner) if site and site.owner else None, country=site.country if site else None, offer=offer,
    )


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why a way is not open: the rule it fails, a sentence, and the demand of the user that could be lifted, if any.

    A barrier without a demand is a fact of the world (law, licence, physics, dates): nothing lifts it. One that `begins` on a day
    leaves the way open in periods that end before.
    """

    rule: str
    reason: str
    demand: str | None = None
    begins: date | None = None
