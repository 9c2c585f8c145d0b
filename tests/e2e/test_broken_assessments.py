"""Broken assessments are refused with their places, all at once, in words."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BANK = (ROOT / "assessments" / "bank.yaml").read_text(encoding="utf-8")

BROKEN = {
    "wrong-type": BANK.replace("users: 3000", "users: many"),
    "quoted-number": BANK.replace("users: 3000", 'users: "3000"'),
    "unknown-key": BANK.replace("residency: eea\n", "residencey: eea\n", 1),
    "negative": BANK.replace("requests_per_month: 420000", "requests_per_month: -1"),
    "missing-demand": BANK.replace("demand: {requests_per_month: 420000, input_tokens: 1400, output_tokens: 120, peak_factor: 2.5}", "demand: {}"),
    "missing-model": BANK.replace("quality: {tier: basic}", "quality: {at_least_as_good_as: mistral small 3.2}", 1),
    "nearly-right-tier": BANK.replace("tier: solid", "tier: solidd", 1),
    "nearly-right-operator": BANK.replace("vendors: {exclude: [deepseek,", "operators: {only: [scalway]}\n  vendors: {exclude: [deepseek,"),
    "contradictory-budget": BANK.replace("2027: 500000", "2027: 99000000"),
    "year-outside": BANK.replace("2027: 500000", "2041: 500000"),
    "share-above-one": BANK.replace("adoption: 0.55", "adoption: 55"),
    "unknown-fact": BANK.replace("ev.ropa_entry: true", "ev.ropa_entries: true"),
    "fact-of-wrong-type": BANK.replace("ev.ropa_entry: true", "ev.ropa_entry: perhaps"),
    "two-workloads-alike": BANK.replace("id: triage", "id: assistant"),
    "bad-date": BANK.replace("start: 2027-01-01", "start: 2027-13-01"),
    "bad-country": BANK.replace("country: DE\n  employees", "country: Germany\n  employees"),
    "infinite": BANK.replace("total: 1200000", "total: .inf"),
    "list-at-the-top": "- 1\n",
    "empty": "",
    "not-yaml": "a: [1, 2\n",
    "alias": "a: &x 1\nb: *x\n",
    "deep": "[" * 5000 + "]" * 5000,
    "ten-megabytes": "# " + "x" * 10_000_000,
    "bidirectional": BANK.replace("Rheinland Bank AG", "Rheinland \u202e Bank"),
}


def test_every_broken_assessment_is_refused_with_its_place_and_none_ends_in_a_traceback(tmp_path):
    for name, text in BROKEN.items():
        assert text != BANK, f"{name} is not broken"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "latin.yaml").write_bytes(b"name: \xe9\xff\n")
    files = [f"{name}.yaml" for name in (*BROKEN, "latin", "missing")]
    done = subprocess.run([sys.executable, "-m", "planner", "validate", *files], capture_output=True, text=True, cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    for file in files:
        places = re.findall(rf"^{re.escape(file)}:(\d+):(\d+): .+", done.stderr, re.M)
        assert places, f"{file} was not refused:\n{done.stderr[:2000]}"


def test_a_name_nearly_right_is_refused_with_its_nearest_match(tmp_path):
    (tmp_path / "near.yaml").write_text(BROKEN["missing-model"], encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "planner", "plan", "near.yaml"], capture_output=True, text=True, cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False)
    assert done.returncode == 2 and "did you mean 'mistral-small-3-2'" in done.stderr and done.stdout == ""
