"""An assessment file into a noun whose every reference resolves, and back from a saved plan."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.problems import Problem, Refused
from planner.reading.binding import Placed, bind, problems_of
from planner.reading.contradictions import contradictions
from planner.reading.references import ASSESSMENT_REFERENCES, KEYED_REFERENCES, Names, reference_problems, walk
from planner.reading.strict_yaml import Document, Route, path_text, read


def load_assessment(path: Path, catalog: Catalog) -> Assessment:
    """The assessment in a YAML file. Models may be named by an alias and come back by their id; `sha256` is of the file's bytes.

    Raises Refused with all problems of the file: what is misshapen, what the catalog does not know, what contradicts itself.
    """
    return assessment_of(read(path), catalog)


def assessment_of(document: Document, catalog: Catalog) -> Assessment:
    """The assessment in a document that was read; as `load_assessment`."""
    problems = list(_reference_problems(document, catalog))
    if isinstance(document.data, dict) and "sha256" in document.data:
        problems.append(document.problem(("sha256",), "this key is not yours to set", "leave it out", key=True))
    _name_models_by_id(document.data, catalog)
    bound = bind(Assessment, document)
    if isinstance(bound, list):
        # What leads nowhere is told once, with the nearest name, and not as a wrong shape besides.
        known = {(p.line, p.column) for p in problems}
        raise Refused(problems + [p for p in bound if (p.line, p.column) not in known])
    problems.extend(contradictions(bound, catalog, document))
    if problems:
        raise Refused(problems)
    return bound.model_copy(update={"sha256": document.sha256})


def assessment_data(assessment: Assessment) -> dict[str, Any]:
    """The assessment as JSON can carry it, to be kept in a report: exact numbers as text, facts that are numbers as numbers."""
    data = assessment.model_dump(mode="json", by_alias=True)
    data["organisation"]["facts"] = _fact_numbers(assessment.organisation.facts)
    data["evidence"] = _fact_numbers(assessment.evidence)
    data["party_facts"] = {party: _fact_numbers(facts) for party, facts in assessment.party_facts.items()}
    for kept, workload in zip(data["workloads"], assessment.workloads):
        kept["facts"] = _fact_numbers(workload.facts)
    for kept, offer in zip(data["offers"], assessment.offers):
        for record, fact in zip(kept["facts"], offer.facts):
            record["value"] = _fact_number(fact.value)
    return data


def assessment_from_data(data: Mapping[str, Any], catalog: Catalog) -> Assessment:
    """The inverse of `assessment_data`, for a second look at a saved plan. Raises Refused where the data or the catalog no longer fits."""
    text = json.dumps(data)
    document = _Unplaced("the saved assessment", json.loads(text, parse_float=Decimal))
    try:
        assessment = Assessment.model_validate_json(text)
    except ValidationError as error:
        raise Refused(problems_of(error, Assessment, document)) from None
    if problems := [*_reference_problems(document, catalog), *contradictions(assessment, catalog, document)]:
        raise Refused(problems)
    return assessment


@dataclass(frozen=True)
class _Unplaced:
    """Data that came from no file of its own."""

    name: str
    data: Any

    def problem(self, path: Route, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with a path but no line."""
        return Problem(self.name, 1, 1, path_text(path), message, hint)


def _reference_problems(document: Placed, catalog: Catalog) -> Iterator[Problem]:
    names = Names(catalog, _own_sites(document.data))
    return reference_problems(document, names, ASSESSMENT_REFERENCES, KEYED_REFERENCES)


def _own_sites(data: Any) -> frozenset[str]:
    """The ids of the organisation's sites, read from data that may still be misshapen."""
    return frozenset(value for value, shape, _ in walk(data) if shape == "organisation.sites.id" and isinstance(value, str))


def _name_models_by_id(data: Any, catalog: Catalog) -> None:
    """Put the id of a model in the place of its alias, in the document's own data."""
    for value, shape, route in list(walk(data)):
        if ASSESSMENT_REFERENCES.get(shape) == "names of models" and isinstance(value, str) and value in catalog.model_names:
            holder = data
            for part in route[:-1]:
                holder = holder[part]
            holder[route[-1]] = catalog.model_names[value]


def _fact_numbers(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _fact_number(value) for name, value in facts.items()}


def _fact_number(value: Any) -> Any:
    """A fact's value for JSON. The vocabulary holds numbers to 15 digits, which a JSON number carries exactly."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value
