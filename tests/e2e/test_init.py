"""`sovplan init` and `sovplan law --ask`, each in a process of its own, answered through a pipe."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner.reading.strict_yaml import read
from planner.reporting.starter import wizard

ROOT = Path(__file__).resolve().parents[2]


def run(arguments: list[str], cwd: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run([sys.executable, "-m", "planner", *arguments], input=typed, capture_output=True, text=True, cwd=cwd, env=env, timeout=120, check=False)


def test_without_a_terminal_defaults_stand_and_are_said(tmp_path):
    done = run(["init", "my.yaml", "--country", "DE", "--as-of", "2026-11-24"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "these defaults stand: name My organisation; sector other" in done.stderr and "country" not in done.stderr.split("defaults stand")[1].split("\n")[0]
    assert "not known, and asked again by the plan: public_body, employees" in done.stderr
    assert run(["validate", "my.yaml"], tmp_path).returncode == 0


def test_what_is_written_validates_and_plans_and_its_questions_can_be_answered_in_place(tmp_path):
    assert run(["init", "my.yaml", "--users", "800", "--as-of", "2026-11-24"], tmp_path).returncode == 0
    text = (tmp_path / "my.yaml").read_text(encoding="utf-8")
    assert "# data.personal:   # not known" in text
    (tmp_path / "my.yaml").write_text(text.replace("# data.personal:   # not known", "data.personal: true   # known"), encoding="utf-8")
    done = run(["plan", "my.yaml", "--as-of", "2026-11-24"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "proved to be the cheapest" in done.stdout


def test_choices_about_money_stand_in_the_file_and_hold_once_they_are_no_comments(tmp_path):
    assert run(["init", "my.yaml", "--as-of", "2026-11-24"], tmp_path).returncode == 0
    text = (tmp_path / "my.yaml").read_text(encoding="utf-8").replace("# discounts:", "discounts:").replace("# assumptions:", "assumptions:")
    text = text.replace("}   # ramp_months: 6 (until all use it) and growth_per_year: 0.2 may", ", ramp_months: 6, growth_per_year: 0.2}   # may")
    (tmp_path / "my.yaml").write_text(text, encoding="utf-8")
    made = read(tmp_path / "my.yaml").data
    assert made["discounts"] and set(made["assumptions"]) == {"price-change-tokens-per-year", "cost-of-capital-per-year"}
    assert made["workloads"][0]["demand"].keys() >= {"ramp_months", "growth_per_year"}
    done = run(["validate", "my.yaml"], tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_person_is_told_why_and_may_not_know(tmp_path):
    typed = ["Café & Söhne", "banking", "NO", "no", "?", "12,000,000", "0", "?", "eea", "1", "", "24", "chat", "40", "de,en", "basic", "supporting", ""]
    done = run(["init", "my.yaml", "--ask", "--as-of", "2026-11-24"], tmp_path, "\n".join([*typed, "yes", "?", "q", ""]))
    assert done.returncode == 0, done.stderr
    assert "rules turn on it" in done.stderr and "open rules and classes turn on it" in done.stderr
    made = read(tmp_path / "my.yaml").data
    assert made["organisation"] == {"name": "Café & Söhne", "sector": "banking", "country": "NO", "public_body": False,
                                    "group_monthly_revenue": {"amount": 12000000, "currency": "EUR"}}
    assert made["constraints"]["sovereignty"]["min_seal"] == 1 and made["horizon"]["months"] == 24
    assert made["workloads"][0]["demand"]["users"] == 40 and made["workloads"][0]["languages"] == ["de", "en"]


def test_kinds_of_work_may_be_repeated_and_keep_ids_of_their_own(tmp_path):
    done = run(["init", "my.yaml", "--workload", "chat=40", "--workload", "chat=50", "--workload", "extraction"], tmp_path)
    assert done.returncode == 0, done.stderr
    made = read(tmp_path / "my.yaml").data["workloads"]
    assert [(w["id"], w["demand"].get("users")) for w in made] == [("chat", 40), ("chat-2", 50), ("extraction", None)]


def test_every_question_has_a_flag_and_a_key_in_an_answers_file(tmp_path):
    shown = run(["init", "--help"], tmp_path).stdout
    from planner.reading.answers import Answers, WorkloadAnswers

    for question in wizard()["questions"]:
        assert "--" + question["key"].replace("_", "-") in shown and question["key"] in Answers.model_fields
    for question in wizard()["workload"]:
        assert question["key"] in WorkloadAnswers.model_fields
        assert question["key"] == "task" or "--" + question["key"].replace("_", "-") in shown
    assert "--workload" in shown and "--fact" in shown and "--rare" in shown


def test_answers_written_beforehand_are_not_asked_and_a_flag_wins(tmp_path):
    (tmp_path / "a.yaml").write_text("name: A\nsector: banking\ncountry: DE\nrare: none\nfacts: {data.personal: true, wl.annex3_point: none}\n"
                                     "workloads: [{task: chat, users: 9}, {task: ocr, facts: {data.personal: false}}]\n", encoding="utf-8")
    done = run(["init", "my.yaml", "--answers", "a.yaml", "--name", "B"], tmp_path)
    assert done.returncode == 0, done.stderr
    made = read(tmp_path / "my.yaml").data
    assert made["organisation"]["name"] == "B" and made["evidence"]["data.personal"] is True and made["evidence"]["wl.realtime_rbi"] is False
    assert made["workloads"][1]["facts"]["data.personal"] is False


@pytest.mark.parametrize(("text", "where", "hint"), [
    ("sectr: banking\n", "a.yaml:1:1: sectr", "sector"), ("name: x\ncountry: ZZ\n", "a.yaml:2:10: country", ""),
    ("facts: {data.persnal: true}\n", "a.yaml:1:9: facts.data.persnal", "data.personal"), ("workloads: [{task: chatt}]\n", "a.yaml:1:20", "chat"),
    ("workloads: [{task: chat, quality: solidd}]\n", "a.yaml:1:35", "solid"), ("start: 2027-01-15\n", "a.yaml:1:8: start", ""),
])
def test_a_bad_answer_is_refused_at_its_place(tmp_path, text, where, hint):
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    done = run(["init", "my.yaml", "--answers", "a.yaml"], tmp_path)
    assert done.returncode == 2 and done.stderr.startswith(where) and hint in done.stderr, done.stderr
    assert not (tmp_path / "my.yaml").exists()


@pytest.mark.parametrize("flags", [["--sector", "bankin"], ["--country", "XX"], ["--employees", "many"], ["--min-seal", "5"], ["--workload", "chatt"],
                                   ["--workload", "chat=x"], ["--fact", "data.persnal=yes"], ["--fact", "data.personal=perhaps"], ["--rare", "wl.nothing"]])
def test_a_bad_flag_is_named_and_nothing_is_written(tmp_path, flags):
    done = run(["init", "my.yaml", *flags], tmp_path)
    assert done.returncode == 2 and flags[0] in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "my.yaml").exists()


def test_a_file_that_exists_is_kept(tmp_path):
    (tmp_path / "my.yaml").write_text("mine\n", encoding="utf-8")
    assert run(["init", "my.yaml"], tmp_path).returncode == 2
    assert (tmp_path / "my.yaml").read_text(encoding="utf-8") == "mine\n"


def test_the_law_asks_and_writes_the_facts_it_was_told(tmp_path):
    done = run(["law", "--ask", "--save", "facts.yaml", "--as-of", "2026-11-24"], tmp_path, "none-of-these\n?\nnone-of-these\nq\n")
    assert done.returncode == 0, done.stderr
    assert "rules whether they apply" in done.stderr and "not known" in done.stdout
    made = read(tmp_path / "facts.yaml").data["facts"]
    assert len(made) == 2 and {"none-of-these"} in map(set, (v for v in made.values() if isinstance(v, list)))
    assert run(["law", "facts.yaml", "--as-of", "2026-11-24"], tmp_path).stdout == done.stdout
    assert run(["law", "--ask", "--save", "facts.yaml"], tmp_path, "").returncode == 2


def test_answers_of_a_file_answer_the_law_without_a_person(tmp_path):
    (tmp_path / "known.yaml").write_text("facts: {data.personal: false, org.financial_entity: false}\n", encoding="utf-8")
    done = run(["law", "--ask", "--answers", "known.yaml", "--save", "facts.yaml"], tmp_path)
    assert done.returncode == 0 and "[?]" not in done.stderr
    assert read(tmp_path / "facts.yaml").data["facts"] == {"data.personal": False, "org.financial_entity": False}
