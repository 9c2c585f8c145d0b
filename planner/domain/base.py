"""What every noun is made of: closed frozen models, strict scalars, dated figures and typed facts."""
from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr, ValidationInfo

from planner.quantities import first_day


class Noun(BaseModel):
    """A closed, frozen record: an unknown key is refused, and nothing changes after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


def _number(value: Any, info: ValidationInfo) -> Any:
    """Numbers only: text is accepted from JSON alone, where an exact decimal has to travel as text."""
    if isinstance(value, bool) or (isinstance(value, str) and info.mode != "json"):
        raise ValueError("a number is needed here, without quotation marks")
    return value


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", value):
        raise ValueError("an id is lower-case letters, digits and hyphens, at most 64 of them")
    return value


def _fact_name(value: str) -> str:
    if not re.fullmatch(r"[a-z]+\.[a-z0-9_]{1,63}", value):
        raise ValueError("a fact is named like `data.personal`: a group, a dot, words joined by underscores")
    return value


def _partial_day(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value)
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError("a date is written 2026, 2026-05 or 2026-05-22")
    first_day(text)
    return text


def _full_day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise ValueError("a day is written 2026-05-22")


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError("a country is its two-letter ISO 3166 code in capitals, such as FR")
    return value


Text = Annotated[StrictStr, Field(min_length=1, max_length=4000)]
Id = Annotated[StrictStr, AfterValidator(_identifier)]
FactName = Annotated[StrictStr, AfterValidator(_fact_name)]
Country = Annotated[StrictStr, AfterValidator(_country)]
PartialDay = Annotated[str, BeforeValidator(_partial_day)]  # "2026", "2026-05" or "2026-05-22"
Day = Annotated[date, BeforeValidator(_full_day)]  # a number is no day: pydantic alone would read it as seconds since 1970
Flag = StrictBool
Number = Annotated[Decimal, BeforeValidator(_number), Field(allow_inf_nan=False)]  # exact; may be negative
Amount = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, allow_inf_nan=False)]  # exact, not negative
Share = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_number), Field(ge=0)]
Positive = Annotated[int, BeforeValidator(_number), Field(ge=1)]
Seal = Annotated[int, BeforeValidator(_number), Field(ge=0, le=4)]
Currency = Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$")]


class Confidence(StrEnum):
    """How far the researcher trusts a figure."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Basis(StrEnum):
    """How a fact was come by. Only `seen` may prove anything; the others are shown as "to verify"."""

    SEEN = "seen"  # the text of the source was read
    DECLARED = "declared"  # the user says so in the assessment
    RECALLED = "recalled"  # from general knowledge; the source says where to check
    INFERENCE = "inference"  # reasoned from other facts


T = TypeVar("T")


class Reported(Noun, Generic[T]):
    """What another source says of the same figure."""

    value: T
    source: Id
    date: PartialDay
    note: Text | None = None


class Figure(Noun, Generic[T]):
    """One value with who says so, for which day, how sure, and who disagrees. The unit stands in the key."""

    value: T
    source: Id
    date: PartialDay
    confidence: Confidence = Confidence.MEDIUM
    estimate: Flag = False
    note: Text | None = None
    also_reported: tuple[Reported[T], ...] = ()


FactScalar = StrictBool | int | Decimal | StrictStr
FactValue = FactScalar | tuple[StrictStr, ...]


class FactRecord(Noun):
    """A typed truth about a party, model, site or offer, in the words of the fact vocabulary."""

    fact: FactName
    value: FactValue
    source: Id
    date: PartialDay
    confidence: Confidence = Confidence.MEDIUM
    basis: Basis
    at_least: Flag = False  # the least that law or a scheme gives, on an ordered scale; it may be better
    implied_by: Id | None = None  # the scheme of the catalog it follows from; added on loading, not written at a party
    note: Text | None = None


Facts = Mapping[str, Any]  # fact name -> value; a name that is absent (or None) is unknown
