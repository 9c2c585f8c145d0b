"""From plain data to nouns: every objection in plain words, at its place, all at once."""
from __future__ import annotations

import pytest

from planner.domain.assessment import Assessment
from planner.domain.base import FactRecord
from planner.domain.conditions import Condition
from planner.reading.binding import bind
from planner.reading.catalog import CatalogFile
from planner.reading.strict_yaml import parse

GOOD = """name: x
organisation: {name: N, sector: banking, country: FR}
horizon: {start: 2027-01-01}
workloads:
  - {id: one, name: One, task: chat, demand: {requests_per_month: 10}}
"""


def problems(text: str, noun: type = Assessment, at: tuple = ()) -> list[str]:
    bound = bind(noun, parse("f.yaml", text), at)
    assert isinstance(bound, list), bound
    return [str(p) for p in bound]


def changed(old: str, new: str) -> list[str]:
    assert old in GOOD
    return problems(GOOD.replace(old, new))


def test_a_good_file_becomes_the_noun():
    assert bind(Assessment, parse("f.yaml", GOOD)).workloads[0].id == "one"


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("name: x\n", "", "f.yaml:1:1: name: this key is missing"),
    ("requests_per_month: 10", "", "f.yaml:5:46: workloads[0].demand: give `requests_per_month`, or all of"),
    ("task: chat", "task: chatt", "f.yaml:5:32: workloads[0].task: the text 'chatt' is not accepted here; one of chat, extraction"),
    ("task: chat", "task: chatt", "did you mean 'chat'?"),
    ("task: chat", "tasc: chat", "f.yaml:5:26: workloads[0].tasc: there is no such key here; did you mean 'task'?"),
    ("demand: {", "demand: {user: 1, ", "f.yaml:5:47: workloads[0].demand.user: there is no such key here; did you mean 'users'?"),
    ("per_month: 10", "per_month: -10", "f.yaml:5:67: workloads[0].demand.requests_per_month: it must be at least 0, and is -10"),
    ("per_month: 10", "per_month: '10'", "a number is needed here, without quotation marks"),
    ("per_month: 10", "per_month: true", "a number is needed here, without quotation marks"),
    ("name: N", "name: 3", "f.yaml:2:22: organisation.name: text is needed here, not 3"),
    ("name: N", "name: ''", "organisation.name: it may not be empty"),
    ("country: FR", "country: France", "a country is its two-letter ISO 3166 code"),
    ("country: FR", "country: FR, employees: 2.5", "organisation.employees: a whole number is needed here, not 2.5"),
    ("country: FR", "country: FR, public_body: yes", "organisation.public_body: true or false is needed here, not the text 'yes'"),
    ("country: FR", "country: FR, sites: {}", "organisation.sites: a list is needed here, not a mapping; write `[a, b]`"),
    ("country: FR", "country: FR, sites: [3]", "f.yaml:2:63: organisation.sites[0]: a mapping of keys to values is needed here, not 3"),
    ("country: FR", "country: FR, facts: {Bad: true}", "organisation.facts.Bad: a fact is named like `data.personal`"),
    ("country: FR",
     "country: FR, facts: {a.b: {c: 1}}",
     "true or false, a whole number, a number, text or a list is needed here, not a mapping"),
    ("2027-01-01", "2027-13-01", "horizon.start: a date is needed here"),
    ("2027-01-01", "2027", "horizon.start: a day is written 2026-05-22"),
    ("2027-01-01", "0", "horizon.start: a day is written 2026-05-22"),
    ("2027-01-01", "2027-01-01T00:00:00", "horizon.start: a day is written 2026-05-22"),
    ("2027-01-01", "2027-01-01, months: 0", "horizon.months: it must be at least 1, and is 0"),
    ("2027-01-01", "2027-01-01, months: 121", "horizon.months: it must be at most 120, and is 121"),
    ("id: one", "id: Number One", "an id is lower-case letters"),
    ("task: chat", "task: chat, min_seal: 5", "workloads[0].min_seal: it must be at most 4, and is 5"),
    ("task: chat", "task: chat, languages: []", "workloads[0].languages: at least 1 must be listed, and there are 0"),
    ("task: chat", "task: chat, quality: {tier: a, at_least_as_good_as: b}", "workloads[0].quality: give either `tier` or"),
])
def test_an_objection_says_what_is_wrong_and_where(old, new, expected):
    assert any(expected in problem for problem in changed(old, new)), changed(old, new)


def test_two_workloads_of_one_id_are_refused():
    again = GOOD + "  - {id: one, name: One, task: chat, demand: {requests_per_month: 10}}\n"
    assert "two workloads have the id `one`" in problems(again)[0]


def test_all_objections_come_at_once_and_in_order():
    found = problems("name: 3\norganisation: {}\nworkloads: {}\nnonsense: 1\n")
    assert len(found) == 7 and found == sorted(found, key=lambda p: tuple(int(x) for x in p.split(":")[1:3]))


def test_a_faulty_item_does_not_make_its_list_too_short():
    assert not any("must be listed" in p for p in changed("task: chat", "task: x"))


def test_an_unknown_word_lists_the_keys_that_are_known():
    assert "known keys: hours, months, period_months, start" in changed("2027-01-01", "2027-01-01, zzz: 1")[0]


def test_keys_written_under_an_alias_are_known_by_it():
    found = problems("{fact: a.b, iss: true}", Condition)
    assert any("iss: there is no such key here; did you mean 'is'?" in p for p in found)


def test_a_union_objects_once_a_place():
    found = problems("{fact: a.b, value: null, source: s, date: 2026, basis: seen}", FactRecord)
    assert found == ["f.yaml:1:20: value: true or false, a whole number, a number, text or a list is needed here, not nothing"]


def test_a_key_that_is_no_member_is_placed_at_the_key():
    found = problems("licences:\n  - permissions: {internal-us: 'yes'}\n", CatalogFile)
    assert any(p.startswith("f.yaml:2:19: licences[0].permissions.internal-us: the text 'internal-us' is not accepted here") and
               "did you mean 'internal-use'?" in p for p in found)


def test_a_part_of_a_file_can_be_bound():
    found = problems("here:\n  - {fact: a.b, known: maybe}\n", Condition, ("here", 0))
    assert found == ["f.yaml:2:24: here[0].known: true or false is needed here, not the text 'maybe'"]


@pytest.mark.parametrize("text", ["3", "[]", "hello", "null", "true"])
def test_a_file_that_is_no_mapping_is_refused_at_its_first_place(text):
    assert problems(text)[0].startswith("f.yaml:1:1: a mapping of keys to values is needed here")


def test_a_long_text_is_shortened_in_a_message():
    assert all(len(p) < 400 for p in changed("task: chat", "task: " + "x" * 5000))
