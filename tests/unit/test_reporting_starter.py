"""The assessment to start from takes any words without changing its meaning."""
from __future__ import annotations

import pytest

from planner.reading.strict_yaml import parse
from planner.reporting.starter import starter


@pytest.mark.parametrize("name", ["Café & Söhne", "yes", "null", "a: b", '"x"\n- y', "{{ 7 * 7 }}", "# no comment", "[x]", "1e3"])
def test_a_name_stays_the_name_it_was(name):
    made = parse("starter", starter(name=name, sector="banking", country="NO", users=40)).data
    assert made["organisation"]["name"] == name and made["organisation"]["country"] == "NO"
    assert made["workloads"][0]["demand"]["users"] == 40 and made["horizon"]["months"] == 36
