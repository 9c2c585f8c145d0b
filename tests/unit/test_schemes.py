"""What laws and certificates imply of operators: written once, added on loading, never more than a least value."""
from __future__ import annotations

import pytest

from planner.domain.base import Basis, FactRecord
from planner.domain.catalog import Catalog, Party
from planner.domain.implied import with_implied
from planner.judging.rungs import fact_set


def record(fact: str, value: object, basis: Basis = Basis.SEEN, at_least: bool = False) -> FactRecord:
    return FactRecord(fact=f"party.{fact}", value=value, source="own-assumption", date="2026-11-24", basis=basis, at_least=at_least)


def implied_of(catalog: Catalog, *records: FactRecord, kinds: tuple[str, ...] = ("operator",)) -> dict[str, FactRecord]:
    """The last record of each fact of an operator with these facts of its own."""
    party = Party(id="one", name="One", kinds=kinds, facts=records)
    fields = {name: getattr(catalog, name) for name in type(catalog).model_fields} | {"parties": {"one": party}}
    return {r.fact: r for r in with_implied(type(catalog).model_construct(**fields)).parties["one"].facts}


def test_a_certificate_that_was_read_implies_what_its_criteria_ask_as_a_least_value_with_the_clause(catalog):
    deletion = implied_of(catalog, record("c5", "type-2"))["party.deletion"]
    assert deletion.value == "verified" and deletion.at_least and deletion.implied_by == "bsi-c5-type-2"
    assert "PI-03" in deletion.note and deletion.source == catalog.schemes["bsi-c5-type-2"].source


def test_what_a_scheme_implies_proves_nothing(catalog):
    for party in catalog.parties.values():
        assert all(r.basis is Basis.INFERENCE for r in party.facts if r.implied_by)


def test_a_worse_value_that_somebody_read_stays_what_is_proven(catalog):
    facts = implied_of(catalog, record("deletion", "policy"), record("c5", "type-2"))
    known = fact_set([record("deletion", "policy"), facts["party.deletion"]])["party.deletion"]
    assert (known.value, known.proof, known.least) == ("verified", "policy", True)


@pytest.mark.parametrize("own", [record("deletion", "independent"), record("deletion", "none", Basis.DECLARED)])
def test_an_own_fact_that_is_better_and_one_the_user_declared_go_before_a_scheme(catalog, own):
    assert implied_of(catalog, own, record("c5", "type-2"))["party.deletion"] == own


def test_nobody_is_bound_by_a_scheme_of_which_it_is_not_known_whether_it_holds(catalog):
    assert not [r for r in implied_of(catalog).values() if r.implied_by]
    assert not [r for r in implied_of(catalog, record("dora_terms", False)).values() if r.implied_by == "dora-terms"]
    assert not [r for r in implied_of(catalog, record("c5", "type-2"), kinds=("hardware",)).values() if r.implied_by]


def test_of_two_schemes_the_one_that_asks_more_counts(catalog):
    facts = implied_of(catalog, record("secnumcloud", "qualified"), record("c5", "type-2"), record("owner_country", "FR"))
    assert facts["party.supplier_audit"].value == "most" and facts["party.supplier_audit"].implied_by == "secnumcloud"


def test_only_a_company_without_a_parent_elsewhere_is_bound_to_dispute_foreign_orders(catalog):
    home, abroad = (implied_of(catalog, record("entity_country", "IE"), record("owner_country", owner)) for owner in ("FR", "US"))
    assert home["party.access_policy"].value == "disputes" and "Art. 48" in home["party.access_policy"].note
    assert abroad["party.access_policy"].value == "notify-unless-forbidden"


def test_a_certificate_of_management_reaches_less_far_than_one_of_the_cloud_service(catalog):
    managed, attested = implied_of(catalog, record("iso_27001", True)), implied_of(catalog, record("c5", "type-2"))
    assert managed["party.best_certificate"].value == "international" and attested["party.best_certificate"].value == "national"
    assert "party.access_logs" not in managed and attested["party.access_logs"].value == "exportable"


def test_applying_the_schemes_twice_changes_nothing(catalog):
    assert with_implied(catalog).parties == catalog.parties


def test_no_party_repeats_at_home_what_a_scheme_says(catalog):
    said = {(i.fact, i.value, s.source) for s in catalog.schemes.values() for i in s.implies}
    for party in catalog.parties.values():
        assert not [r for r in party.facts if not r.implied_by and (r.fact, r.value, r.source) in said], party.id


def test_every_clause_gives_a_value_above_the_lowest_of_an_ordered_fact_or_a_plain_yes(catalog):
    for scheme in catalog.schemes.values():
        for implied in scheme.implies:
            definition = catalog.facts[implied.fact]
            assert implied.value is True if definition.type == "bool" else implied.value in definition.values[1:], (scheme.id, implied.fact)
