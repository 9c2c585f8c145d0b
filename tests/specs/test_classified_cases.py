"""Uses that others have classified: none is called free that they call prohibited or high-risk, and nearly all are decided, and rightly."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
import law as bench

ANSWERS = [answer for path in bench.TITLES for answer in bench.answers(path)]


def test_no_use_is_called_free_that_its_source_calls_prohibited_or_high_risk():
    assert [case["id"] for case, name, expected, reading in ANSWERS if bench.unsafe(name, expected, reading)] == []


def test_no_use_that_is_prohibited_or_high_risk_is_called_free_when_one_answer_is_missing():
    said = [found for path in bench.TITLES for found in bench.with_one_answer_less(path)]
    assert said and [(case, left_out) for case, left_out, name, reading in said if reading.classes[name] is False] == []


def test_at_least_nine_in_ten_are_decided_and_right():
    right = [reading.classes[name] is expected for _, name, expected, reading in ANSWERS]
    assert sum(right) >= 0.9 * len(right)


@pytest.mark.parametrize(("case", "name", "expected", "reading"), ANSWERS, ids=lambda v: v["id"] if isinstance(v, dict) and "id" in v else None)
def test_what_cannot_be_told_turns_on_facts_that_are_asked_and_what_is_told_is_traced(case, name, expected, reading):
    trace = reading.trace[name]
    if reading.classes[name] is None:
        assert trace.open and {q.fact for q in reading.questions} & set(trace.open)
    else:
        assert trace.value is reading.classes[name] and trace.facts
        assert not reading.classes[name] or trace.points
    assert not reading.contradicted


def test_the_facts_of_a_case_decide_and_not_what_is_usual_of_rare_facts():
    told = [reading.trace[name] for _, name, _, reading in ANSWERS if reading.classes[name] is False]
    assert all(not trace.assumed for trace in told)


def test_the_table_on_the_page_is_that_of_today():
    page = bench.DOC.read_text(encoding="utf-8")
    for path in bench.TITLES:
        assert "\n".join(bench.confusion(path)) in page, "run: python tests/bench/law.py --write"
