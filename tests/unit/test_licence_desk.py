"""The licence desk at the command line: lists, one licence, one licensee, several models side by side."""
from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.judging.licences import every_use, judge_licence
from planner.problems import Refused, UsageError
from planner.reading.catalog import load_catalog
from planner.resources import bundled

CATALOG = load_catalog([bundled("catalog")])
BANK = "facts: {licensee.country: DE, licensee.public_body: false, licensee.monthly_revenue_usd: 20000001}\n"
GOOD = {"allowed", "allowed-with-duties"}


def desk(*args: str):
    result = CliRunner().invoke(app, ["licence", *args, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def words(*args: str) -> str:
    return CliRunner().invoke(app, ["licence", *args], catch_exceptions=False).stdout


def verdicts(answer) -> dict[str, str]:
    return {verdict["use"]: verdict["verdict"] for verdict in answer["verdicts"]}


@pytest.fixture
def bank(tmp_path):
    file = tmp_path / "bank.yaml"
    file.write_text(BANK, encoding="utf-8")
    return str(file)


def test_every_licence_is_listed_with_a_verdict_on_the_exemption_and_its_paragraph():
    items = desk("list")["items"]
    assert {item["id"] for item in items} == set(CATALOG.licences)
    assert all(item["art_53_2"]["verdict"] and item["art_53_2"]["paragraph"] and item["art_53_2"]["because"] for item in items)


def test_a_licence_is_shown_with_its_terms_its_models_and_what_is_known_of_their_openness():
    shown = desk("show", "apache-2-0")
    assert shown["terms"]["permissions"]["internal-use"] == "yes" and shown["art_53_2"]["verdict"] == "yes"
    assert shown["openness"]["gpt-oss-120b"]["class"] == 0 and shown["openness"]["devstral-small-2"] is None
    assert desk("show", "gpt-oss-120b")["id"] == "apache-2-0"


def test_open_terms_and_an_open_model_are_two_answers():
    answer = desk("check", "gpt-oss-120b")
    assert answer["colour"] == "open" and answer["openness"]["class"] == 0
    assert "data-card" in answer["openness"]["missing"] and answer["openness"]["progress"]["3"] == "83.3"


def test_a_file_of_facts_says_the_same_as_flags(bank):
    by_file = desk("check", "mistral-medium-3-5", "--licensee", bank)
    flags = ("--country", "DE", "--no-public-body", "--monthly-revenue-usd", "20000001")
    assert by_file == desk("check", "mistral-medium-3-5", *flags)
    assert "needs-licence" in verdicts(by_file).values()


def test_a_flag_wins_over_the_file(bank):
    answer = desk("check", "mistral-medium-3-5", "--licensee", bank, "--monthly-revenue-usd", "20000000")
    assert set(verdicts(answer).values()) <= GOOD


@pytest.mark.parametrize("facts", ["facts: {data.personal: true}\n", "facts: {licensee.contry: DE}\n", "facts: {licensee.country: Germany}\n"])
def test_a_file_with_facts_that_would_be_passed_over_is_refused(tmp_path, facts):
    (tmp_path / "who.yaml").write_text(facts, encoding="utf-8")
    with pytest.raises((Refused, UsageError)):
        desk("check", "devstral-2", "--licensee", str(tmp_path / "who.yaml"))


@pytest.mark.parametrize("revenue", ["lots", "-1", "NaN", "Infinity"])
def test_a_revenue_that_is_no_amount_is_refused(revenue):
    with pytest.raises(UsageError, match="number"):
        desk("check", "devstral-2", "--monthly-revenue-usd", revenue)


def test_models_are_laid_side_by_side_use_by_use(bank):
    answer = desk("compare", "devstral-2", "devstral-small-2", "llama-4-maverick", "--licensee", bank)
    assert [model["model"] for model in answer["models"]] == ["devstral-2", "devstral-small-2", "llama-4-maverick"]
    for row in answer["uses"]:
        assert row["verdicts"]["devstral-2"]["verdict"] == "needs-licence", row["use"]
        assert row["verdicts"]["devstral-small-2"]["verdict"] in GOOD, row["use"]
        assert row["verdicts"]["llama-4-maverick"]["verdict"] == "forbidden", row["use"]
    assert answer["licensee"]["licensee.country"] == "DE"


def test_a_use_is_compared_as_if_it_was_meant():
    silent = every_use(CATALOG.models["mistral-large-4"], {}, CATALOG)
    assert verdicts(silent)["host-for-third-parties"] in {"forbidden", "needs-licence"}
    assert verdicts(silent)["internal-use"] == "cannot-tell"


def test_comparing_allows_nothing_that_the_judge_does_not():
    for model in CATALOG.models.values():
        licence = CATALOG.licences[model.licence.value]
        for verdict in every_use(model, {}, CATALOG)["verdicts"]:
            if verdict["verdict"] in GOOD:
                (plain,) = judge_licence(licence, {}, [verdict["use"]], CATALOG.country_groups)
                assert plain.verdict not in {"forbidden", "needs-licence"}, (model.id, verdict["use"])


def test_people_read_the_same_in_words(bank):
    table = words("compare", "devstral-2", "gpt-oss-120b", "--licensee", bank)
    assert "needs licence" in table and "no class" in table and "the way out" in table
    assert "par. 83, 86" in words("show", "mistral-medium-3-5")


def test_a_misspelt_name_is_answered_with_the_nearest():
    for command in ("check", "compare", "show"):
        with pytest.raises(UsageError, match="devstral-2"):
            desk(command, "devstral2")
