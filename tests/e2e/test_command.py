"""The command as its users run it: a process of its own, its exit codes, its streams, its files."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = [sys.executable, "-m", "planner"]
BANK = str(ROOT / "assessments" / "bank.yaml")
DAY = ["--as-of", "2026-11-24"]


def run(*arguments: str, env: dict[str, str] | None = None, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    where = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    return subprocess.run([*TOOL, *arguments], capture_output=True, text=True, cwd=cwd, env=where, stdin=subprocess.DEVNULL, timeout=300, check=False)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A plan of the bank, saved."""
    out = tmp_path_factory.mktemp("bank")
    done = run("plan", BANK, "--out", str(out), *DAY)
    assert done.returncode == 0, done.stderr
    return out


def test_the_same_input_gives_the_same_bytes_wherever_and_whenever_it_runs(tmp_path):
    first = run("plan", BANK, "--json", *DAY, env={"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"})
    second = run("plan", BANK, "--json", *DAY, env={"PYTHONHASHSEED": "77", "TZ": "America/Lima", "LC_ALL": "C"}, cwd=tmp_path)
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout


def test_both_solvers_give_the_same_plan(saved):
    other = json.loads(run("plan", BANK, "--json", *DAY, "--solver", "cbc").stdout)
    assert other["plan"] == json.loads((saved / "plan.json").read_text())["plan"]


def test_json_is_alone_on_stdout(saved):
    done = run("plan", BANK, "--json", *DAY)
    document = json.loads(done.stdout)
    assert document["outcome"] == "planned" and document["proof"]["status"] == "optimal"


def test_a_saved_plan_is_verified_and_a_forged_one_is_not(saved, tmp_path):
    assert run("verify", str(saved / "plan.json")).returncode == 0
    forged = json.loads((saved / "plan.json").read_text())
    forged["plan"]["choices"][0]["cost_eur"] = "1"
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    done = run("verify", str(tmp_path / "forged.json"))
    assert done.returncode == 6 and "cost_eur" in done.stderr


def test_a_page_is_verified_by_the_plan_it_carries_in_any_language_and_a_damaged_one_is_refused(saved, tmp_path):
    assert run("report", str(saved / "plan.json"), "--lang", "en,fr,de,ja", "--out", str(tmp_path)).returncode == 0
    for lang in ("en", "fr", "de", "ja"):
        assert run("verify", str(tmp_path / f"report.{lang}.html")).returncode == 0
    page = (tmp_path / "report.en.html").read_text()
    start = page.index('data-encoding="gzip+base64">"') + 200
    (tmp_path / "damaged.html").write_text(page[:start] + "AAAA" * 20 + page[start + 80 :])
    done = run("verify", str(tmp_path / "damaged.html"))
    assert done.returncode == 2 and "damaged" in done.stderr


def test_a_forged_judgement_is_found_too(saved, tmp_path):
    forged = json.loads((saved / "plan.json").read_text())
    forged["findings"] = forged["findings"][1:]
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    assert run("verify", str(tmp_path / "forged.json")).returncode == 6


def test_no_plan_ends_with_3_and_names_the_conflict(tmp_path):
    text = Path(BANK).read_text().replace("total: 1200000", "total: 1000").replace("2027: 500000", "2027: 900").replace("capex: 300000", "capex: 500")
    (tmp_path / "poor.yaml").write_text(text)
    done = run("plan", str(tmp_path / "poor.yaml"), "--json", *DAY)
    assert done.returncode == 3
    document = json.loads(done.stdout)
    assert document["outcome"] == "no-plan" and document["plan"] is None
    assert any("1,000" in d["says"] or "900" in d["says"] for d in document["conflict"]["demands"])


def test_a_saved_plan_renders_again(saved, tmp_path):
    assert run("report", str(saved / "plan.json"), "--to", "html,md,json", "--out", str(tmp_path)).returncode == 0
    assert (tmp_path / "report.html").read_bytes() == (saved / "report.html").read_bytes()
    assert (tmp_path / "report.json").read_bytes() == (saved / "plan.json").read_bytes()


def test_the_formulation_is_written_on_demand(tmp_path):
    assert run("plan", BANK, "--lp", str(tmp_path / "bank.lp"), "--json", *DAY).returncode == 0
    text = (tmp_path / "bank.lp").read_text()
    assert "Minimize" in text and "served_00000" in text and "is served in exactly one way" in text


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (["plan", "nowhere.yaml"], 2, "nowhere.yaml"),
    (["plan", BANK, "--solver", "abacus"], 2, "highs"),
    (["plan", BANK, "--as-of", "yesterday"], 2, "2026-11-24"),
    (["plan", BANK, "--fail-on", "rain"], 2, "unmet-law"),
    (["catalog", "list", "modelz"], 2, "did you mean 'models'"),
    (["catalog", "show", "accelerators", "h10"], 2, "did you mean 'h100'"),
    (["score", "--operator", "scalway"], 2, "did you mean 'scaleway'"),
    (["report", BANK, "--to", "html"], 2, "bank.yaml:1:"),
    (["nonsense"], 2, "nonsense"),
])
def test_a_refusal_is_words_and_a_code(arguments, code, says):
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stderr and "Traceback" not in done.stderr and done.stdout == ""


def test_a_gate_ends_with_1(tmp_path):
    assert run("plan", BANK, *DAY, "--fail-on", "conditional").returncode == 1


def test_init_writes_an_assessment_that_validates_and_plans(tmp_path):
    file = tmp_path / "mine.yaml"
    assert run("init", str(file), "--name", 'Bread: "and" butter', "--sector", "retail", "--country", "FR", "--users", "200").returncode == 0
    assert run("validate", str(file)).returncode == 0
    assert run("plan", str(file), *DAY).returncode == 0
    assert run("init", str(file)).returncode == 2  # never overwrites


def test_the_checklist_and_the_score_of_a_saved_plan_are_shown(saved):
    steps = json.loads(run("checklist", str(saved / "plan.json"), "--json").stdout)["checklist"]
    assert {s["horizon"] for s in steps} == {"short", "mid", "long"}
    card = json.loads(run("score", str(saved / "plan.json"), "--json").stdout)
    assert set(card["objectives"]) == {f"SOV-{n}" for n in range(1, 9)}


def test_a_reader_that_goes_away_does_no_harm():
    done = subprocess.run(f"{sys.executable} -m planner catalog list offers | head -1", shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert "Traceback" not in done.stderr
