"""JSON Schemas of the files, for editors: completion and red lines while one types. Reading itself is stricter."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from planner.domain.assessment import Assessment
from planner.domain.report import Report
from planner.reading.catalog import CatalogFile

Kind = Literal["assessment", "catalog", "report"]
KINDS: tuple[Kind, ...] = ("assessment", "catalog", "report")
_NOUNS: dict[Kind, type[BaseModel]] = {"assessment": Assessment, "catalog": CatalogFile, "report": Report}
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_NOT_WRITTEN = {"assessment": ("sha256",)}  # fields that the tool sets


class _YamlSchema(GenerateJsonSchema):
    """YAML carries exact decimals as numbers; only JSON needs them as text."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """A number."""
        return {"type": "number"}


def json_schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file of this kind: an assessment, one file of a catalog, a saved plan."""
    generator = GenerateJsonSchema if kind == "report" else _YamlSchema
    schema = _NOUNS[kind].model_json_schema(by_alias=True, mode="validation", schema_generator=generator)
    for name in _NOT_WRITTEN.get(kind, ()):
        del schema["properties"][name]
    return {"$schema": GenerateJsonSchema.schema_dialect, **_with_bounds(schema)}


def _with_bounds(schema: Any) -> Any:
    """The same schema with the bounds of decimals under the names that JSON Schema has for them."""
    if isinstance(schema, list):
        return [_with_bounds(part) for part in schema]
    if isinstance(schema, dict):
        return {_BOUNDS.get(key, key): _with_bounds(part) for key, part in schema.items() if not _is_decimal_pattern(key, part)}
    return schema


def _is_decimal_pattern(key: str, value: Any) -> bool:
    """The pattern of a decimal's text, which some versions of the schema generator write and others leave out."""
    return key == "pattern" and isinstance(value, str) and value.startswith("^(?!")


def schema_text(kind: Kind) -> str:
    """The schema as it stands in `docs/schemas/`: sorted, indented, one trailing line break."""
    return json.dumps(json_schema(kind), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> None:
    """Write every schema into a folder such as `docs/schemas`, anew after a noun has changed."""
    for kind in KINDS:
        (folder / f"{kind}.schema.json").write_text(schema_text(kind), encoding="utf-8")
