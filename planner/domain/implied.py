"""What laws and certificates imply of each operator, added to its own facts as least values."""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.domain.base import Basis, FactRecord
from planner.domain.catalog import Catalog, FactDefinition, Party, Scheme
from planner.domain.conditions import Groups, holds


def with_implied(catalog: Catalog) -> Catalog:
    """A catalog whose operators have, after their own facts, the least values that follow from the schemes that bind them.

    A scheme adds nothing where a party's own fact is as good or better, or where the user declared it. A worse value that somebody
    read stays what is proven: what a scheme asks of its holders was not seen at the holder. Doing it twice changes nothing.
    """
    fields = {name: getattr(catalog, name) for name in Catalog.model_fields}
    parties = {key: _with_implied(party, catalog) if "operator" in party.kinds else party for key, party in catalog.parties.items()}
    return Catalog.model_construct(**{**fields, "parties": parties})


def _with_implied(party: Party, catalog: Catalog) -> Party:
    own = tuple(record for record in party.facts if record.implied_by is None)
    held = {record.fact: record for record in own}
    added: dict[str, FactRecord] = {}
    for scheme in catalog.schemes.values():
        for record in _of_scheme(scheme, held, catalog.country_groups):
            if _is_better(record, added.get(record.fact) or held.get(record.fact), catalog.facts[record.fact]):
                added[record.fact] = record
    return party.model_copy(update={"facts": own + tuple(added.values())})


def _of_scheme(scheme: Scheme, held: Mapping[str, FactRecord], groups: Groups) -> Iterator[FactRecord]:
    """The records that a scheme gives a party with these facts: none where it does not bind it, or nobody knows whether it does."""
    if holds(scheme.binds, {name: record.value for name, record in held.items()}, groups) is True:
        for implied in scheme.implies:
            yield FactRecord(
                fact=implied.fact, value=implied.value, source=scheme.source, date=scheme.date, basis=Basis.INFERENCE,
                at_least=not isinstance(implied.value, bool), implied_by=scheme.id, note=f"{scheme.name}: {implied.clause}",
            )


def _is_better(record: FactRecord, known: FactRecord | None, definition: FactDefinition) -> bool:
    """Whether it says more than what is known; of a fact without order, or one the user declared, nothing says more."""
    if known is None:
        return True
    if known.basis is Basis.DECLARED or definition.type != "enum":
        return False
    return definition.values.index(str(record.value)) > definition.values.index(str(known.value))
