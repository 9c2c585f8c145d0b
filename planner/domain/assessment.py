"""What an organisation has and wants: its workloads, data, constraints and objective."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from planner.domain.base import (
    Amount, Count, Country, Currency, Day, FactName, FactValue, Flag, Id, Noun, Number, Positive, Seal, Share, Text,
)
from planner.domain.catalog import MeasuredReplica, Modality, ModelKind, Offer


class Revenue(Noun):
    """Revenue of the whole group in the preceding calendar month, as licences ask for it."""

    amount: Amount
    currency: Currency


class OwnSite(Noun):
    """A room of the organisation's own, or one it rents, where bought servers can stand."""

    id: Id
    name: Text
    country: Country
    kind: Literal["own-room", "colocation"] = "own-room"
    power_kw: Amount | None = None  # what is free for accelerators' servers; none means no stated limit
    pue: Number | None = Field(None, ge=1)
    electricity_eur_per_kwh: Amount | None = None


class Organisation(Noun):
    """Who asks. Facts are truths in the words of the vocabulary (`org.`, `roles.`, `ev.` …)."""

    name: Text
    sector: Literal[
        "banking", "insurance", "public-administration", "healthcare", "energy", "telecommunications", "transport", "automotive",
        "semiconductor", "manufacturing", "retail", "research", "education", "legal", "media", "software", "defence", "other",
    ]
    country: Country
    employees: Count | None = None
    group_monthly_revenue: Revenue | None = None
    public_body: Flag | None = None
    monthly_active_users: Count | None = None  # of the organisation's own products, as some licences ask
    hosts_for_third_parties: Flag | None = None  # sells hosted models to others
    facts: Mapping[FactName, FactValue | None] = {}
    sites: tuple[OwnSite, ...] = ()


class RequestClass(Noun):
    """Requests of one size: which share of all they are, and how many tokens each of them reads and writes."""

    id: Id
    share: Share
    input_tokens: Positive
    output_tokens: Positive


class Demand(Noun):
    """How much is asked: requests per month outright, or users × adoption × requests per user and working day."""

    requests_per_month: Amount | None = None
    users: Count | None = None
    adoption: Share | None = None
    requests_per_user_day: Amount | None = None
    working_days_per_month: Amount | None = None  # default: assumption `working-days-per-month`
    input_tokens: Positive | None = None  # per request; default by task, shown as an assumption
    output_tokens: Positive | None = None
    pages_per_request: Amount | None = None
    audio_minutes_per_request: Amount | None = None
    cached_input_share: Share | None = None
    peak_factor: Number | None = Field(None, ge=1)  # busiest hour over the mean active hour
    active_hours_per_month: Amount | None = None
    growth_per_year: Number | None = Field(None, gt=-1)
    ramp_months: Count = 0  # adoption grows evenly up to the full number of requests over so many months
    classes: tuple[RequestClass, ...] = ()  # the traffic as a histogram of sizes: each class is served where it is cheapest
    by_hours: Mapping[Id, Share] = {}  # share of the requests in each block of hours of the assessment; empty: alike in all
    batch: Flag = False  # the work may wait a day, so batch prices apply

    @model_validator(mode="after")
    def _one_way(self) -> Demand:
        by_users = [self.users, self.adoption, self.requests_per_user_day]
        if self.requests_per_month is None and any(v is None for v in by_users):
            raise ValueError("give `requests_per_month`, or all of `users`, `adoption` and `requests_per_user_day`")
        if self.requests_per_month is not None and any(v is not None for v in by_users):
            raise ValueError("give either `requests_per_month` or `users`, `adoption` and `requests_per_user_day`, not both")
        if self.classes and (self.input_tokens is not None or self.output_tokens is not None):
            raise ValueError("give either `classes`, or `input_tokens` and `output_tokens`")
        for name, shares in (("classes", [c.share for c in self.classes]), ("by_hours", list(self.by_hours.values()))):
            if shares and sum(shares) != 1:
                raise ValueError(f"the shares of `{name}` add up to {sum(shares)}; they must add up to 1")
        if len({c.id for c in self.classes}) != len(self.classes):
            raise ValueError("two of `classes` have the same id")
        return self


class Service(Noun):
    """How fast and how surely an answer must come."""

    time_to_first_token_ms: Positive | None = None
    tokens_per_second: Number | None = Field(None, gt=0)  # per user, while it streams
    availability_percent: Number | None = Field(None, gt=0, le=100)


class QualityFloor(Noun):
    """At least as good as a reference, with a probability: a named tier, or a model."""

    tier: Id | None = None
    at_least_as_good_as: Id | None = None
    probability: Share = Decimal("0.9")
    accept_unmeasured: tuple[Id, ...] = ()  # models pinned by the user although nobody measured them; the plan prints it

    @model_validator(mode="after")
    def _one_reference(self) -> QualityFloor:
        if (self.tier is None) == (self.at_least_as_good_as is None):
            raise ValueError("give either `tier` or `at_least_as_good_as`")
        return self


class Residency(StrEnum):
    """Where a workload's data may be processed."""

    COUNTRY = "country"  # the organisation's own country
    EEA = "eea"
    EEA_OR_ADEQUATE = "eea-or-adequate"
    ANYWHERE = "anywhere"


class Criticality(StrEnum):
    """What a failure would mean."""

    SUPPORTING = "supporting"
    IMPORTANT = "important"
    CRITICAL = "critical"


class Tuning(Noun):
    """A model adapted with the organisation's own data."""

    kind: Literal["none", "fine-tune", "adapter", "distil"] = "none"


class Workload(Noun):
    """One use of AI in the organisation."""

    id: Id
    name: Text
    task: Literal[
        "chat", "extraction", "summarisation", "retrieval", "coding", "agents", "classification", "translation", "reasoning",
        "ocr", "speech", "embedding",
    ]
    languages: tuple[str, ...] = Field(("en",), min_length=1)
    modalities: tuple[Modality, ...] = (Modality.TEXT,)
    context_tokens: Positive | None = None  # the longest input that must fit
    demand: Demand
    service: Service = Service()
    quality: QualityFloor | None = None
    reasoning_effort: Literal["off", "low", "on"] | None = None
    residency: Residency = Residency.EEA
    criticality: Criticality = Criticality.SUPPORTING
    standby: Flag = False  # another operator must stand ready to take over
    parts: int = Field(1, ge=1, le=20)  # it may be split over several ways, in so many equal parts
    seats: Count | None = None  # people who need a seat product; a seat offer may then serve the workload
    tuning: Tuning = Tuning()
    embeds_in_product: Flag = False
    min_seal: Seal | None = None
    min_score: Number | None = Field(None, ge=0, le=100)
    models: tuple[Id, ...] = ()  # only these models, where the user insists
    modes: tuple[Id, ...] = ()
    facts: Mapping[FactName, FactValue | None] = {}  # `wl.`, `data.`, `mod.` … for the law

    @property
    def model_kind(self) -> ModelKind:
        """The kind of model that can do this task."""
        return {"ocr": ModelKind.OCR, "speech": ModelKind.SPEECH, "embedding": ModelKind.EMBEDDING}.get(self.task, ModelKind.CHAT)


class Budget(Noun):
    """Caps in the assessment's currency: over the whole horizon, per calendar year, and on what is bought."""

    total: Amount | None = None
    per_year: Mapping[int, Amount] = {}
    capex: Amount | None = None


class SovereigntyDemand(Noun):
    """What the portfolio must reach. `basis: known` lets an option hold by what is known and names the open facts; `strict` excludes it."""

    min_seal: Seal | None = None
    min_score: Number | None = Field(None, ge=0, le=100)
    basis: Literal["known", "strict"] = "known"


class Concentration(Noun):
    """How much one operator may carry: of the spend, and of the critical workloads (by number)."""

    max_share_of_spend: Share | None = None
    max_share_of_critical: Share | None = None


class Selection(Noun):
    """What is let in. `only` empty means everything; `exclude` always wins."""

    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Constraints(Noun):
    """What every plan must respect."""

    budget: Budget = Budget()
    sovereignty: SovereigntyDemand = SovereigntyDemand()
    concentration: Concentration = Concentration()
    operators: Selection = Selection()
    vendors: Selection = Selection()
    countries: Selection = Selection()
    modes: Selection = Selection()
    required_operators: tuple[Id, ...] = ()
    max_operators: Positive | None = None
    max_models: Positive | None = None
    max_carbon_kg: Amount | None = None
    spare_replicas_for_critical: Count = 1
    standby_for_critical: Flag = False  # every critical workload needs another operator that stands ready


HOURS_PER_MONTH = 730  # 365 days of 24 hours over twelve months


class HourBlock(Noun):
    """A part of the month in which the load is alike, such as working hours or nights."""

    id: Id
    hours_per_month: int = Field(ge=1, le=744)


class Horizon(Noun):
    """From the first of a month, for so many months. What is decided may change every `period_months`; None: never."""

    start: Day
    months: int = Field(36, ge=1, le=120)
    period_months: int | None = Field(None, ge=1, le=120)
    hours: tuple[HourBlock, ...] = ()  # blocks of hours, where workloads say how their requests fall into them

    @model_validator(mode="after")
    def _periods(self) -> Horizon:
        if self.period_months is not None and -(-self.months // self.period_months) > 20:
            raise ValueError(f"{self.months} months in periods of {self.period_months} are more than 20 periods")
        if len({h.id for h in self.hours}) != len(self.hours):
            raise ValueError("two of `hours` have the same id")
        if self.hours and (whole := sum(h.hours_per_month for h in self.hours)) != HOURS_PER_MONTH:
            raise ValueError(f"the `hours` add up to {whole}; all blocks together are the month's {HOURS_PER_MONTH} hours")
        return self


class ObjectiveName(StrEnum):
    """What can be optimised, in the user's order."""

    COST = "cost"
    SOVEREIGNTY = "sovereignty"
    CARBON = "carbon"
    QUALITY = "quality"
    OPERATORS = "operators"


class Limits(Noun):
    """How long the solver may work, and which relative gap is good enough."""

    seconds: Amount = Decimal(60)
    gap: Amount = Decimal(0)


class Waiver(Noun):
    """Somebody answers for a duty or a gate instead of meeting it, until a day. It opens no way that the law closes."""

    rule: Id  # a rule of law, the source of a step such as `get-a-quote`, or a gate of `plan --fail-on`
    workload: Id | None = None  # none: wherever the rule speaks
    owner: Text
    reason: Text
    expires: Day  # the first day on which it no longer holds


class StepRecord(Noun):
    """How far a step of an earlier checklist has come, as its owner says. Done needs evidence."""

    step: Text  # the words of the step
    horizon: Literal["short", "mid", "long"]
    status: Literal["open", "in-progress", "done"] = "open"
    evidence: Text | None = None  # where the evidence lies

    @model_validator(mode="after")
    def _proved(self) -> StepRecord:
        if self.status == "done" and self.evidence is None:
            raise ValueError("a step that is done names its `evidence`")
        return self


class Assessment(Noun):
    """Everything the organisation tells the planner."""

    name: Text
    organisation: Organisation
    horizon: Horizon
    currency: Literal["EUR"] = "EUR"
    objective: tuple[ObjectiveName, ...] = (ObjectiveName.COST, ObjectiveName.SOVEREIGNTY)
    tolerance: Mapping[ObjectiveName, Share] = {}  # how much of an aim's best value the aims after it may use up
    workloads: tuple[Workload, ...] = Field(min_length=1)
    constraints: Constraints = Constraints()
    offers: tuple[Offer, ...] = ()  # own quotes; an id of the catalog is overwritten
    evidence: Mapping[FactName, FactValue | None] = {}  # facts that hold for the whole organisation, such as `ev.dpia`
    party_facts: Mapping[Id, Mapping[FactName, FactValue]] = {}  # what the user knows of a party, as declared facts
    assumptions: Mapping[Id, Number] = {}  # own values for the catalog's assumptions
    discounts: Mapping[Id, Share] = {}  # agreed with an operator, or on one offer; the offer's own wins
    measured: tuple[MeasuredReplica, ...] = ()  # replicas whose speed the organisation measured itself: the plan rests on it
    limits: Limits = Limits()
    waivers: tuple[Waiver, ...] = ()
    progress: tuple[StepRecord, ...] = ()  # what became of an earlier checklist; `checklist import` writes it
    sha256: str = ""

    @property
    def counts_carbon(self) -> bool:
        """Whether carbon is limited or aimed at, so that what is not known of it rules out."""
        return self.constraints.max_carbon_kg is not None or ObjectiveName.CARBON in self.objective

    @model_validator(mode="after")
    def _distinct(self) -> Assessment:
        ids = [w.id for w in self.workloads]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"two workloads have the id `{twice}`")
        for waiver in self.waivers:
            if waiver.workload is not None and waiver.workload not in ids:
                raise ValueError(f"a waiver names the workload `{waiver.workload}`, which there is not")
        blocks = {h.id for h in self.horizon.hours}
        for w in self.workloads:
            if unknown := sorted(set(w.demand.by_hours) - blocks):
                raise ValueError(f"`{w.id}` names the hours `{unknown[0]}`, which `horizon: hours:` does not have")
            if w.demand.classes and w.parts > 1:
                raise ValueError(f"`{w.id}` is cut by `classes` and by `parts`; choose one")
        if len(set(self.objective)) != len(self.objective) or not self.objective:
            raise ValueError("`objective` lists each objective once, the most important first")
        return self
