"""What is true of the world: models, licences, accelerators, parties, offers, law, criteria. All dated and sourced."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictStr

from planner.domain.base import (
    Amount, Basis, Confidence, Count, Country, Currency, Day, FactName, FactRecord, FactScalar, Figure, Flag, Id, Noun, Number, PartialDay,
    Positive, Seal, Share, Text,
)
from planner.domain.conditions import Condition
from planner.quantities import first_day

# Days after which a figure should be read again, by collection.
SHELF_LIFE_DAYS = {"prices": 90, "rules": 180, "groups": 180, "licences": 180, "accelerators": 720, "servers": 720}

# ------------------------------------------------------------------------------------------------- sources


class Source(Noun):
    """A document that figures are read from."""

    id: Id
    what: Text
    url: Text | None = None
    date: PartialDay
    tier: Literal["law", "official", "primary", "upstream", "independent", "aggregator", "secondary", "own", "recall"]
    licence: Text | None = None  # terms under which its data may be kept here, where it holds data
    note: Text | None = None


# -------------------------------------------------------------------------------------------------- models


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
    published_precisions: tuple[str, ...] = ()  # weights the maker publishes: bf16, fp8, nvfp4, mxfp4, int4
    minimum_memory_gb: Mapping[str, Figure[Decimal]] = {}  # the maker's own recipe, by precision, to check ours against
    languages: tuple[str, ...] = ()  # ISO 639-1, where the maker lists them
    features: tuple[str, ...] = ()
    claims: tuple[Text, ...] = ()  # scores quoted from vendors or others: shown, never passing a floor
    facts: tuple[FactRecord, ...] = ()  # `m.` facts for the law
    components: Figure[Mapping[Id, Text | None]] | None = None  # released parts by the openness framework -> SPDX id; null: no terms stated
    note: Text | None = None


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


# ------------------------------------------------------------------------------------------------ licences


class Colour(StrEnum):
    """The deck's green, yellow and blue; derived from terms, never typed in."""

    OPEN = "open"
    RESTRICTED = "restricted"
    CLOSED = "closed"


class Permission(StrEnum):
    """What a licence says of one use."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


class TriggerKind(StrEnum):
    """What sets off a condition in a licence."""

    REVENUE = "revenue"
    ACTIVE_USERS = "active-users"
    BUSINESS_MODEL = "business-model"
    DISPLAY = "display"
    GEOGRAPHY = "geography"
    SECTOR = "sector"
    OUTPUT_USE = "output-use"
    FIELD_OF_USE = "field-of-use"


class Effect(StrEnum):
    """What a trigger does once it is set off."""

    FORBIDS = "forbids"
    NEEDS_LICENCE = "needs-licence"
    ADDS_DUTY = "adds-duty"


class Use(StrEnum):
    """The uses a licence is asked about."""

    INTERNAL = "internal-use"
    COMMERCIAL = "commercial-use"
    MODIFY = "modify"
    FINE_TUNE = "fine-tune"
    REDISTRIBUTE = "redistribute"
    HOST = "host-for-third-parties"
    EMBED = "embed-in-product"
    DISTIL = "distil-outputs"


class Trigger(Noun):
    """One typed condition: when the licensee meets `when`, `effect` follows for `uses`."""

    kind: TriggerKind
    says: Text  # the clause in our words, with its number
    when: Condition  # over `licensee.` facts
    effect: Effect
    uses: tuple[Use, ...]
    clause: Text
    remedy: Text | None = None
    threshold_usd: Amount | None = None
    period: Text | None = None
    whose: Text | None = None


class Licence(Noun):
    """The terms of some weights. The colour is derived by `judging.licences`."""

    id: Id
    name: Text
    spdx: Text  # an SPDX id, or a LicenseRef- of ours
    licensor: Text
    permissions: Mapping[Use, Permission]
    conditions: tuple[Text, ...] = ()  # duties that always hold, each one becoming a checklist step
    triggers: tuple[Trigger, ...] = ()
    irrevocable: Flag | None = None
    weights_available: Flag = True  # false for API terms
    patent_grant: Text | None = None
    governing_law: Text | None = None
    osi_approved: Flag | None = None
    art_53_2: Literal["yes", "likely", "unlikely", "no", "unclear"]
    art_53_2_because: Text
    art_53_2_paragraph: Text
    evidence: Literal["text-read", "secondary", "not-read"]
    source: Id
    checked: PartialDay
    confidence: Confidence = Confidence.MEDIUM
    text_sha256: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")] | None = None  # of the text, blanks evened out: `reading.licence_drift`
    note: Text | None = None


# ---------------------------------------------------------------------------------------------- hardware


class Accelerator(Noun):
    """Dense peak rates in TFLOPS, bandwidths in GB/s (link: one direction, per accelerator), memory in GB, power in W."""

    id: Id
    name: Text
    maker: Id
    memory_gb: Figure[Decimal]
    bandwidth_gbs: Figure[Decimal]
    bf16_tflops: Figure[Decimal]
    fp8_tflops: Figure[Decimal] | None = None
    fp4_tflops: Figure[Decimal] | None = None
    link_gbs: Figure[Decimal]
    link: Text
    nvlink: Flag  # a scale-up fabric wide enough for tensor parallelism across a server
    power_w: Figure[Decimal]
    aliases: tuple[Id, ...] = ()


class Server(Noun):
    """A machine one can buy: so many accelerators, its power under load, its price (an estimate where no list exists)."""

    id: Id
    name: Text
    accelerator: Id
    accelerators: Positive
    power_w: Figure[Decimal]  # at the wall, under load
    rack_units: Positive


# ----------------------------------------------------------------------------------------------- parties


class Site(Noun):
    """A place where service runs."""

    id: Id
    name: Text
    country: Country
    owner: Id | None = None  # a party, where it is not the operator
    regions: tuple[str, ...] = ()  # names the operator gives it
    pue: Figure[Decimal] | None = None
    opens: PartialDay | None = None
    facts: tuple[FactRecord, ...] = ()


class DossierEntry(Noun):
    """One sentence about a party, for reading: free text with its source."""

    topic: Text
    says: Text
    source: Id
    date: PartialDay
    confidence: Confidence = Confidence.MEDIUM
    basis: Basis
    note: Text | None = None


class Event(Noun):
    """Something that happened to a party: a funding round, a data centre, an acquisition, a debt."""

    date: PartialDay
    kind: Literal["funding", "debt", "capex", "revenue", "acquisition", "infrastructure", "product", "contract", "certificate"]
    says: Text
    amount_m: Amount | None = None
    currency: Currency | None = None
    source: Id
    confidence: Confidence = Confidence.MEDIUM


class Party(Noun):
    """Who makes, runs or owns something: a vendor, an operator, a maker of chips."""

    id: Id
    name: Text
    kinds: tuple[Literal["operator", "vendor", "hardware", "investor", "site-owner"], ...]
    country: Country | None = None
    parent: Id | None = None
    sites: tuple[Site, ...] = ()
    facts: tuple[FactRecord, ...] = ()  # `party.` facts, from which sovereignty rungs follow
    dossier: tuple[DossierEntry, ...] = ()
    events: tuple[Event, ...] = ()


# ------------------------------------------------------------------------------------------ modes, offers


class Mode(Noun):
    """A way to run a model."""

    id: Id
    name: Text
    says: Text
    weights_held_by_customer: Flag  # the customer (or its tenant) holds the weights
    hardware: Literal["none", "rented", "owned"]  # what has to be sized
    operated_by_customer: Flag
    facts: Mapping[FactName, FactScalar] = {}  # `dep.` facts that follow from the mode


class PriceLayer(StrEnum):
    """The deck's four layers of money."""

    L1 = "L1"  # base API, metered
    L2 = "L2"  # seats
    L3 = "L3"  # platform, customisation
    L4 = "L4"  # compute and custom deployment


class PriceUnit(StrEnum):
    """What one price buys."""

    INPUT_MTOK = "input-mtok"
    CACHED_MTOK = "cached-input-mtok"
    OUTPUT_MTOK = "output-mtok"
    THOUSAND_PAGES = "thousand-pages"
    AUDIO_HOUR = "audio-hour"
    SEAT_MONTH = "seat-month"
    ACCELERATOR_HOUR = "accelerator-hour"
    ACCELERATOR_MONTH = "accelerator-month"
    SERVER = "server"
    KW_MONTH = "kw-month"
    KWH = "kwh"
    PERSON_MONTH = "person-month"
    PLATFORM_MONTH = "platform-month"
    ENGINEER_DAY = "engineer-day"
    ONCE = "once"


class Price(Noun):
    """One dated price. Prices are appended with their start date, never overwritten; currencies are never mixed silently."""

    unit: PriceUnit
    amount: Amount
    currency: Currency
    valid_from: PartialDay
    source: Id
    date: PartialDay  # when it was read
    confidence: Confidence = Confidence.MEDIUM
    estimate: Flag = False
    low: Amount | None = None  # the range behind an estimate
    high: Amount | None = None
    note: Text | None = None
    batch: Flag = False  # for work that may wait


class OfferKind(StrEnum):
    """What is sold."""

    TOKENS = "tokens"
    SEATS = "seats"
    RENT = "rent"
    PURCHASE = "purchase"
    SERVICE = "service"
    PLATFORM = "platform"


class Offer(Noun):
    """What an operator sells, at dated prices, in one of the four layers: fixed part, unit part, term."""

    id: Id
    name: Text
    operator: Id  # who sells and runs it; `market` for servers bought from a dealer
    mode: Id
    layer: PriceLayer
    kind: OfferKind
    model: Id | None = None  # tokens: the model sold; seats: the model behind the product
    product: Text | None = None
    accelerator: Id | None = None
    server: Id | None = None  # purchase: the machine
    accelerators: Count = 0  # in the smallest unit that can be rented or bought
    sites: tuple[Id, ...] = ()  # sites of the operator where it is sold; none for a purchase
    term_months: Count = 0  # commitment; 0 means by the hour
    prices: tuple[Price, ...]
    minimum_eur_per_month: Amount | None = None
    included_requests_per_seat_month: Count | None = None
    processing_region: Literal["eu", "eea-ch", "country", "us", "global"] | None = None  # what the contract commits to, for tokens
    batch_allowed: Flag = False
    available_from: PartialDay | None = None
    available_until: PartialDay | None = None
    models_allowed: tuple[Id, ...] = ()  # rent tied to some makers' models (Mistral Compute); empty: any weights
    retains_days: Count | None = None
    facts: tuple[FactRecord, ...] = ()  # `dep.` facts of this offer
    note: Text | None = None


class PriceList(Noun):
    """How a public list of prices names what an operator sells, so that the two can be compared. `source` is what is cited for its prices."""

    id: Id
    source: Id
    operator: Id
    provider: Text  # the list's own name for the operator
    regions: tuple[str, ...]  # offers with these processing regions are compared; the others have prices the list does not know
    models: Mapping[Id, str] = {}  # our id -> the list's name, where neither our id nor an alias is its name
    leave_out: tuple[Id, ...] = ()  # models whose name means another model, or another service, in the list
    checked: PartialDay


# ----------------------------------------------------------------------------------- countries and money


class CountryFigures(Noun):
    """Energy of one country: grid intensity in g CO2e per kWh, electricity for a business in EUR per kWh, water in l per kWh."""

    country: Country
    name: Text
    grid_g_per_kwh: Figure[Decimal] | None = None
    electricity_eur_per_kwh: Figure[Decimal] | None = None
    colocation_eur_per_kw_month: Figure[Decimal] | None = None
    water_l_per_kwh: Figure[Decimal] | None = None


class CountryGroup(Noun):
    """A named set of countries, such as the EEA or the countries with an adequacy decision."""

    id: Id
    name: Text
    members: tuple[Country, ...]
    source: Id
    checked: PartialDay


class ExchangeRate(Noun):
    """Units of `currency` for one euro on a day."""

    currency: Currency
    per_eur: Amount
    date: Day
    source: Id


class Assumption(Noun):
    """A number nobody measured for this user: shown wherever it is used, and the user can set it."""

    id: Id
    says: Text
    value: Number
    unit: Text
    low: Number | None = None
    high: Number | None = None
    unsuitable_for: Text | None = None
    source: Id
    date: PartialDay


# --------------------------------------------------------------------------------------- facts and law


class FactDefinition(Noun):
    """One entry of the closed vocabulary that conditions, FACTS files and assessments may use."""

    name: FactName
    type: Literal["bool", "int", "number", "enum", "list", "country"]
    values: tuple[str, ...] = ()
    meaning: Text
    question: Text | None = None  # in plain words; none for facts that are derived
    derived: Flag = False
    relieves: Flag = False  # a class that takes duties away: it is proved from what is known, never assumed
    unit: Text | None = None
    assume_if_unasked: FactScalar | None = None  # a rare fact's usual value; shown as an assumption wherever it is used


class Severity(StrEnum):
    """What a rule's unmet demand does."""

    FORBIDS = "forbids"
    WARNS = "warns"
    INFORMS = "informs"


class Citation(Noun):
    """Where a rule is written."""

    text: Text
    url: Text
    checked: PartialDay


class StepTemplate(Noun):
    """A checklist line that a rule raises."""

    do: Text
    owner: Text
    horizon: Literal["short", "mid", "long"] = "short"
    audience: tuple[Literal["adopter", "investor", "policy", "legal", "engineering", "finance"], ...] = ("adopter",)
    weeks: Count = 4
    evidence: Text | None = None
    cost_eur: Amount | None = None


class Cure(Noun):
    """How the customer can meet a demand: what it takes, how long, what it costs (an estimate unless sourced)."""

    what: Text
    weeks: Count
    cost_eur: Amount
    estimate: Flag = True
    per: Literal["workload", "operator", "organisation"] = "workload"


class ClassDate(Noun):
    """From when a rule applies to one class of systems."""

    when_class: FactName
    applies_from: Day


class Rule(Noun):
    """One rule: when it applies, what it demands, whom it binds. Yields the exclusion, the finding and the steps."""

    id: Id
    instrument: Text
    title: Text
    says: Text
    cites: Citation
    kind: Literal["prohibition", "obligation", "classification", "information"]
    status: Literal["law", "guideline", "proposal", "licence-term"]
    binds: tuple[Text, ...]
    act_by: Literal["customer", "vendor"] = "customer"  # whose homework it is
    applies_from: Day
    applies_from_by_class: tuple[ClassDate, ...] = ()  # the first class that holds decides
    applies_until: Day | None = None
    when: Condition
    demands: Condition | None = None  # none on a prohibition: applying is already a breach
    sets: FactName | None = None  # classification: the derived fact that becomes true
    severity: Severity
    scope: Literal["workload", "option", "plan"] = "workload"
    cure_by: Literal["deployer", "vendor", "intrinsic", "role-change", "none"] = "none"
    curable_by: Cure | None = None
    steps: tuple[StepTemplate, ...] = ()
    evidence: tuple[Text, ...] = ()
    confidence: Confidence
    verified: Literal["text-read", "secondary", "not-verified"]
    reviewed_by: Text | None = None
    note: Text | None = None


# ------------------------------------------------------------------------------------------ sovereignty


class Rung(Noun):
    """One step of a factor: its points, its SEAL tag, and the facts that put a party on it."""

    points: Number
    seal: Seal
    says: Text
    when: Condition | None = None  # none on the lowest rung, which needs nothing


class Factor(Noun):
    """One of the 48 factors; rungs from the lowest to the highest."""

    id: str = Field(pattern=r"^SOV-[1-8]\.\d{1,2}$")
    name: Text
    why: Text
    gating: Flag
    ranking_only: Flag = False
    subject: Literal["party", "deployment"]  # judged for each party (worst counts), or once for the deployment
    parties: tuple[Literal["operator", "site-owner", "vendor", "chips", "stack", "customer"], ...] = ("operator", "vendor")
    rungs: tuple[Rung, ...]
    cut_by: Text | None = None  # how the dependency it measures can be cut, in plain words


class Objective(Noun):
    """One of the eight sovereignty objectives."""

    id: str = Field(pattern=r"^SOV-[1-8]$")
    name: Text
    factors: tuple[Factor, ...]


class SovereigntyFramework(Noun):
    """The Commission's calculator: objectives, factors, rungs, weight sets, and the labels of a rating out of ten."""

    id: Id
    name: Text
    source: Id
    checked: PartialDay
    objectives: tuple[Objective, ...]
    weights: Mapping[str, Mapping[str, Number]]  # weight set -> objective -> weight; sums to 100
    default_weights: str
    labels: tuple[RatingLabel, ...]
    label_needs_coverage: Share = Decimal("0.5")  # share of factors that must be known before a label may rest on the known level
    label_too_little_known: Text = "too little is known for a label"
    serving_stack: Id | None = None  # the party whose software serves a model where the customer runs it


class RatingLabel(Noun):
    """A name for a band of ratings; the first whose bounds are met is used."""

    says: Text
    score_at_least: Number
    seal_at_least: Seal


# ---------------------------------------------------------------------------------------------- quality


class Ability(Noun):
    """Measured ability of a model at one reasoning effort, on one latent scale (mean 0, SD 1); only differences mean anything."""

    model: Id
    effort: Literal["off", "low", "on"]
    ability: Number
    standard_error: Amount
    families: Mapping[str, Number] = {}  # task family -> ability
    languages: Mapping[str, tuple[Decimal, Decimal]] = {}  # ISO 639-1 -> (ability, standard error)
    sources: tuple[Id, ...]
    date: PartialDay


class QualityTier(Noun):
    """A named floor that stands for a reference model."""

    id: Id
    says: Text
    reference: Id
    effort: Literal["off", "low", "on"] = "on"


class QualityTest(Noun):
    """A benchmark behind the ability scale, with what a score on it is worth: what to run to measure a model nobody has measured.

    Log-odds of a right answer are `slope` x (ability - `difficulty`). `own_error` and `misfit` are what no number of items takes away, in
    units of ability: the scatter of models about the benchmark's line, and what its source measures besides ability.
    """

    id: Id
    name: Text
    kind: Literal["exam", "agent-run", "votes"]  # the cheapest first: one answer an item, a run an item, a person an item
    family: str
    languages: tuple[str, ...] = ("en",)
    slope: Number
    difficulty: Number
    own_error: Amount
    misfit: Amount
    items: Positive | None = None  # how many it has
    source: Id
    date: PartialDay


class GateScore(Noun):
    """A score on a scale of its own (faithfulness, OCR, speech, embedding): a gate beside ability, never on its scale."""

    model: Id
    gate: Id
    value: Number
    unit: Text
    higher_is_better: Flag
    source: Id
    date: PartialDay


# ------------------------------------------------------------------------------------------- scenarios


class PricePath(Noun):
    """How prices of some offers move in a future: a factor after one year, compounding. Empty selectors mean all."""

    operators: tuple[Id, ...] = ()
    modes: tuple[Id, ...] = ()
    layers: tuple[PriceLayer, ...] = ()
    factor_per_year: Amount
    because: Text


class Scenario(Noun):
    """A future as data: what happens, how prices move, which rules fall or begin to bind, and the signs that it is coming."""

    id: Id
    name: Text
    says: Text
    prices: tuple[PricePath, ...] = ()
    rules_off: tuple[Id, ...] = ()  # law that no longer helps, such as an adequacy decision that falls
    rules_on: tuple[Id, ...] = ()  # proposals that become law
    groups_without: Mapping[Id, tuple[Country, ...]] = {}  # country groups that lose members
    operators_gone: tuple[Id, ...] = ()
    signs: tuple[Text, ...]
    source: Id
    date: PartialDay


# ------------------------------------------------------------------------------------------- the catalog


class Catalog(Noun):
    """Everything the tool knows of the world on the day it was made, with a hash of the files it was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    sources: Mapping[str, Source]
    models: Mapping[str, Model]
    licences: Mapping[str, Licence]
    accelerators: Mapping[str, Accelerator]
    servers: Mapping[str, Server]
    parties: Mapping[str, Party]
    modes: Mapping[str, Mode]
    offers: Mapping[str, Offer]
    price_lists: Mapping[str, PriceList] = {}
    countries: Mapping[str, CountryFigures]
    groups: Mapping[str, CountryGroup]
    rates: tuple[ExchangeRate, ...]
    assumptions: Mapping[str, Assumption]
    facts: Mapping[str, FactDefinition]
    rules: Mapping[str, Rule]
    frameworks: Mapping[str, SovereigntyFramework]
    abilities: tuple[Ability, ...]
    tiers: Mapping[str, QualityTier]
    gate_scores: tuple[GateScore, ...]
    quality_tests: Mapping[str, QualityTest] = {}
    openness: Mapping[str, OpennessFramework] = {}
    scenarios: Mapping[str, Scenario] = {}
    sizing: Mapping[str, Mapping[str, Decimal]] = {}  # calibrated constants by class of hardware and engine, with the error they leave
    sha256: str = ""
    overridden: tuple[str, ...] = ()  # ids that a private catalog laid over the shipped ones

    @cached_property
    def country_groups(self) -> dict[str, frozenset[str]]:
        """Country groups as sets, for conditions."""
        return {key: frozenset(group.members) for key, group in self.groups.items()}

    @cached_property
    def model_names(self) -> dict[str, str]:
        """Every id and alias of a model -> its id."""
        names = {alias: m.id for m in self.models.values() for alias in m.aliases}
        return names | {key: key for key in self.models}

    @cached_property
    def sites(self) -> dict[str, tuple[Site, Party]]:
        """Site id -> the site and the party that runs it."""
        return {site.id: (site, party) for party in self.parties.values() for site in party.sites}

    def price(self, offer: Offer, unit: PriceUnit, as_of: date, batch: bool = False) -> Price | None:
        """The price of one unit in force on a day: the latest that has started; none where none has."""
        started = [p for p in offer.prices if p.unit is unit and p.batch == batch and first_day(p.valid_from) <= as_of]
        return max(started, key=lambda p: (first_day(p.valid_from), first_day(p.date)), default=None)

    def rate(self, currency: str, as_of: date) -> ExchangeRate:
        """The latest known rate of a currency on a day, in units for one euro; the euro's own is 1. KeyError where there is none."""
        if currency == "EUR":
            return ExchangeRate(currency="EUR", per_eur=Decimal(1), date=as_of, source="own-assumption")
        known = [r for r in self.rates if r.currency == currency and r.date <= as_of]
        if not known:
            raise KeyError(f"no exchange rate for {currency} on or before {as_of}")
        return max(known, key=lambda r: r.date)
