"""What docs/catalog.md tells a contributor to write can be written, checked and seen."""
from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app

PAGE = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: ([a-z.]+) -->\n```yaml\n(.*?)```", PAGE, re.S))
COMMANDS = re.search(r"<!-- run -->\n```bash\n(.*?)```", PAGE, re.S).group(1).splitlines()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(command):
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    return done.exit_code, " ".join(done.output.split())


def test_every_command_of_the_page_runs(folder):
    assert len(FILES) == 4 and len(COMMANDS) == 5
    for command in COMMANDS:
        code, output = said(command)
        assert code == 0, f"{command}: {output[-500:]}"


def test_the_other_figure_is_shown_beside_and_the_rise_is_seen(folder):
    show_model, show_offer, diff, show_product = COMMANDS[1:]
    assert "also_reported: - value: 32768 source: our-paper" in said(show_model)[1]
    assert "0.10" in said(show_offer)[1] and "0.45" in said(show_offer)[1]
    assert "our-offer" in said(diff)[1]
    assert "not-public" in said(show_product)[1]


@pytest.mark.parametrize(("file", "old", "new", "named"), [
    ("models.yaml", "value: 131072, source: our-notes, ", "value: 131072, ", "models.yaml:11"),
    ("models.yaml", "licence: {value: apache-2-0", "licence: {value: apache-3", "models.yaml:8"),
    ("models.yaml", "parameters_total_b: {value: 8.03", "parameters_total_b: {value: 9.03", "models.yaml:12"),
    ("offers.yaml", "model: our-model-8b", "model: our-model-9b", "offers.yaml:8"),
    ("products.yaml", "price_says: by quote", "offers: [our-offer]", "products.yaml:2"),
])
def test_what_the_page_warns_of_is_refused_at_its_line(folder, file, old, new, named):
    assert old in FILES[file]
    (folder / file).write_text(FILES[file].replace(old, new))
    code, output = said(COMMANDS[0])
    assert code == 2 and named in output, output[-600:]
