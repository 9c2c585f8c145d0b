"""The pictures as their users ask for them: on the terminal, as JSON with sources, as a file, and refused in words."""
from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.problems import UsageError

DAY = ["--as-of", "2026-11-24"]
PICTURES = [["matrix"], ["matrix", "--vendor", "mistral-ai"], ["map"], ["timeline", "--vendor", "mistral-ai"], ["ladder"], ["dossier", "mistral-ai"],
            ["diff", "--against", "2026-05-01"]]


@pytest.mark.parametrize("command", PICTURES, ids=" ".join)
def test_a_picture_is_told_written_and_given_as_json_with_sources(command, tmp_path):
    file = tmp_path / "deep" / "picture.svg"
    told = CliRunner().invoke(app, ["catalog", *command, *DAY, "--svg", str(file)])
    assert told.exit_code == 0 and len(told.stdout) > 200
    ElementTree.parse(file)
    answer = CliRunner().invoke(app, ["catalog", *command, *DAY, "--json"])
    document = json.loads(answer.stdout)
    assert document["format_version"] == "1"
    assert '"source":' in answer.stdout and '"date":' in answer.stdout


def test_own_weights_move_the_map_and_are_shown():
    answer = CliRunner().invoke(app, ["catalog", "map", *DAY, "--weights", "sovereignty=0, eu-offers=5", "--json"])
    weights = json.loads(answer.stdout)["weights"]
    assert (weights["sovereignty"], weights["eu-offers"], weights["open-weights"]) == ("0", "5", "1")


@pytest.mark.parametrize(("arguments", "words"), [
    (["map", "--weights", "opennes=2"], "there is no such part"), (["map", "--weights", "layers=many"], "a number from 0"),
    (["map", "--weights", "layers=-1"], "a number from 0"), (["map", "--weights", "layers=NaN"], "a number from 0"),
    (["map", "--weights", "sovereignty=0,eu-offers=0,modes=0,layers=0"], "add up to nothing"), (["dossier", "mistral"], "no such party"),
    (["diff", "--against", "yesterday"], "--against yesterday"), (["map", "--as-of", "1999-01-01"], None),
])
def test_what_cannot_be_drawn_is_refused_in_words(arguments, words):
    done = CliRunner().invoke(app, ["catalog", *arguments])
    if words is None:  # models without a known release are counted as being there
        assert done.exit_code == 0
    else:
        assert isinstance(done.exception, UsageError) and words in str(done.exception)
