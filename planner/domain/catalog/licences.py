"""The terms of weights, as typed triggers; a licence's colour is derived from them."""
from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictStr

from planner.domain.base import Amount, Confidence, Flag, Id, Noun, PartialDay, Text
from planner.domain.conditions import Condition


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
