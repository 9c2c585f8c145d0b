"""The assessment to start from takes any words without changing their meaning."""
from __future__ import annotations

import pytest

from planner.reading.strict_yaml import parse
from planner.reporting.starter import StarterWorkload, facts_text, starter

ABOUT = {"sector": "banking", "country": "NO", "employees": None, "monthly_revenue_eur": None, "public_body": None, "own_room_kw": 0, "budget_eur": None,
         "min_seal": None, "start": "2027-01-01", "months": 36}
WORK = StarterWorkload("chat", "Assistant", "chat", {"requests_per_month": 40}, ["en"], "supporting", "eea", open={"wl.deepfake": "Is it\n: one?"})
ODD = ["Café & Söhne", "yes", "null", "a: b", '"x"\n- y', "{{ 7 * 7 }}", "# no comment", "[x]", "1e3", "NO", "true", "2027-01-01"]


@pytest.mark.parametrize("name", ODD)
def test_a_name_stays_the_name_it_was(name):
    made = parse("starter", starter({"name": name, **ABOUT}, [WORK])).data
    assert made["organisation"]["name"] == name and made["organisation"]["country"] == "NO"
    assert made["workloads"][0]["demand"]["requests_per_month"] == 40 and made["horizon"]["months"] == 36


@pytest.mark.parametrize("value", [*ODD, True, False, 7, ["a: b", "c"]])
def test_a_fact_keeps_its_value(value):
    facts = {"wl.one": value, "wl.two": None}
    made = parse("facts", facts_text({k: v for k, v in facts.items() if v is not None}, {"wl.two": "What\nis it?"})).data
    assert made == {"facts": {"wl.one": value}}
