"""What a report says in JSON, HTML and Markdown, and what it never says."""
from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from report_fixture import no_plan_report, rich_report, with_text

from planner.domain.plan import Binding
from planner.domain.report import Report
from planner.problems import UsageError
from planner.reporting import phrases as phrase_room
from planner.reporting.context import Context
from planner.reporting.figures import Figures
from planner.reporting.json_report import report_json, to_json
from planner.reporting.phrases import languages, phrases
from planner.reporting.render import FORMATS, render, report_in_page
from planner.reporting.text import https_only, markdown, visible
from planner.reporting.texts import texts
from planner.reporting.view_money import used_and_limit

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def page() -> str:
    return render(rich_report(), "html").decode()


@pytest.fixture(scope="module")
def text(page) -> str:
    return plain(page)


def plain(page: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body).replace("\u00a0", " "))


# ------------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize("report", [rich_report(), no_plan_report()], ids=["planned", "no-plan"])
def test_a_report_comes_back_from_its_json_unchanged(report):
    assert Report.model_validate_json(report_json(report)) == report


def test_json_has_the_names_that_scripts_rely_on():
    made = json.loads(report_json(rich_report()))
    assert made["format_version"] == "1" and made["outcome"] == "planned" and made["conflict"] is None
    assert {"status", "gap", "bound_eur"} <= set(made["proof"])
    assert {"workload", "model", "mode", "operator", "site", "offer", "hardware", "precision", "replicas", "cost_eur", "sources"} \
        <= set(made["plan"]["choices"][0])
    assert {"total_eur", "capex_eur", "by_year", "by_layer"} <= set(made["plan"]["cost"])
    assert {"rule", "workload", "status", "timing", "citation", "why"} <= set(made["findings"][0])
    assert {"id", "step", "horizon", "audience", "owner", "due", "evidence", "because"} <= set(made["checklist"][0])
    assert {"workload", "option", "reason", "rule"} <= set(made["exclusions"][0])
    assert {"tool", "catalog_sha256", "assessment_sha256", "as_of"} <= set(made["provenance"])
    assert {"demands", "repairs"} <= set(json.loads(report_json(no_plan_report()))["conflict"])


def test_money_in_json_is_plain_text_and_unknown_is_null():
    made = json.loads(to_json({"a_eur": Decimal("1E+6"), "b_eur": Decimal("1E-7"), "c_eur": None, "set": {"b", "a"}}))
    assert made == {"a_eur": "1000000", "b_eur": "0.0000001", "c_eur": None, "set": ["a", "b"]}
    choice = json.loads(report_json(rich_report()))["plan"]["choices"][4]
    assert choice["cost_eur"] == "298700.00" and choice["score_known"] is None


def test_json_is_ascii_and_ends_with_a_newline():
    made = report_json(with_text(rich_report(), lambda old: "\u202eé€" + old))
    assert made.isascii() and made.endswith("}\n")


def test_json_refuses_what_is_not_a_number():
    with pytest.raises(ValueError):
        to_json({"x": float("nan")})


# ----------------------------------------------------------------------------------------------- formats


@pytest.mark.parametrize("to", sorted(FORMATS))
@pytest.mark.parametrize("report", [rich_report(), no_plan_report()], ids=["planned", "no-plan"])
def test_the_same_report_gives_the_same_bytes(report, to):
    assert render(report, to) == render(report, to)


def test_an_unknown_format_or_language_is_refused_with_a_hint():
    with pytest.raises(UsageError, match="did you mean 'html'"):
        render(rich_report(), "htm")
    with pytest.raises(UsageError, match="one of de, en, fr, ja"):
        render(rich_report(), "md", "tlh")


def test_a_language_is_one_file_and_no_code(tmp_path, monkeypatch):
    shutil.copy(ROOT / "templates/phrases/en.yaml", tmp_path / "en.yaml")
    words = (ROOT / "templates/phrases/en.yaml").read_text()
    words = (
        words.replace('thousands: ","', 'thousands: "."')
        .replace('decimal: "."', 'decimal: ","')
        .replace("not: not known", "not: nicht bekannt")
    )
    (tmp_path / "de.yaml").write_text(words.replace("choices: What runs where", "choices: Was wo läuft"))
    monkeypatch.setattr(phrase_room, "_folder", lambda: tmp_path)
    phrases.cache_clear()
    texts.cache_clear()  # it holds phrases
    try:
        assert languages() == ("de", "en")
        page = plain(render(rich_report(), "html", "de").decode())
        assert "Was wo läuft" in page and "€2.492.655" in page and "nicht bekannt" in page
    finally:
        phrases.cache_clear()
        texts.cache_clear()


def test_every_phrase_is_used_and_every_used_phrase_exists():
    code = "".join(p.read_text() for p in [*(ROOT / "planner/reporting").glob("*.py"), *(ROOT / "templates").rglob("*.j2")])
    code = code.replace("'", '"')
    known = set(phrases("en").words)
    used = set(re.findall(r"\bp\(\"([a-z_.0-9]+)\"", code)) | set(re.findall(r"phrases\(\"([a-z_.]+)\"", code)) - {"en"}
    used |= {f"{key}.{form}" for key in re.findall(r"count\(\"([a-z_.]+)\"", code) for form in ("one", "other")}
    used |= {"column." + key.rstrip("#") for call in re.findall(r"columns\(([^)]*)\)", code) for key in re.findall(r'"([a-z_#]+)"', call)}
    strings = set(re.findall(r'"([a-z_.0-9]+)"', code))
    prefixes = (
        "layer.",
        "unit.",
        "format.months.",
        "status.",
        "law_status.",
        "horizon.",
        "stack.stop.",
        "proof.short.",
        "proof.row.",
        "objective.",
        "provenance.row.",
        "title.",
        "terminal.class.",
        "efficiency.role.",
        "law.risk.",
        "lens.status.",
        "paradox.holds.",
        "column.",
        "sheet.",
        "severity.",
        "act_by.",
        *(f"roadmap.{kind}." for kind in ("kind", "says", "detail")),
        *(f"market.{kind}." for kind in ("group", "colour", "short", "kind", "reading")),
    )
    assert not {key for key in used if key.rstrip(".") == key} - known
    assert not {key for key in known - used if not key.startswith(prefixes) and key not in strings}


# ------------------------------------------------------------------------------------------------ the page


def test_conditions_come_before_the_decision(text):
    assert text.index("This plan holds on 3 conditions") \
        < text.index("Run 7 workloads on 6 models with Mistral AI, Scaleway and Your own operation, for €2,492,655 over 36 months.") \
        < text.index("Has a fundamental rights impact assessment been done?") < text.index("What runs where")


def test_the_headline_of_sovereignty_is_a_range(text):
    assert "SEAL-1 to SEAL-2" in text and "3.6 to 8.2 out of 10: Sovereign with exceptions" in text
    assert "64.3 by what is known" in text


def test_every_estimate_is_marked(page):
    rows = re.findall(r"<tr[^>]*>.*?</tr>", page, flags=re.S)
    for words in (
        "reserved accelerators",
        "servers with 8 x H200",
        "evaluation and roll-out of Mistral Large 3",
        "L4 Compute and deployment",
    ):
        named = [row for row in rows if re.search(rf"<th[^>]*>{words} ?<", row)]
        assert named and all("(estimate)" in row for row in named), words
    assert not [row for row in rows if ">electricity <" in row and "(estimate)" in row]


def test_a_shared_estimate_marks_every_choice_that_has_a_part_in_it(page):
    row = next(r for r in re.findall(r"<tr[^>]*>.*?</tr>", page, flags=re.S) if "Money-laundering alerts" in r and "On-premises" in r)
    assert "(estimate)" in row


def test_unknown_is_said_and_never_blank(page):
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, flags=re.S)
    assert cells and all(plain(cell).strip() for cell in cells)
    assert "not known" in page and "not measured" in page and ">None<" not in page


def test_the_law_section_informs_and_does_not_advise(text):
    assert "We inform, we do not advise." in text
    assert (
        text.index("Not met: 1 finding")
        < text.index("Not known: 2 findings")
        < text.index("Upcoming: 1 finding")
        < text.index("Met: 2 findings")
    )
    assert "(proposal, not law)" in text and "From 2 December 2027; as things stand: Not known." in text


def test_a_figure_shows_its_source_and_date(text):
    assert "Price list of an operator" in text and "2 October 2026" in text and "1 EUR = 1.1583 USD" in text


def test_a_report_without_a_plan_says_what_cannot_hold_and_what_would_help():
    said = plain(render(no_plan_report(), "html").decode())
    assert "every workload reaches SEAL-4" in said and "raise the budget to EUR 2,135,000" in said and "dropping any one of them" in said
    assert "What runs where" not in said


def test_the_page_lets_nothing_in_and_its_style_is_named_by_its_hash(page):
    style = re.search(r"<style>(.*?)</style>", page, flags=re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'sha256-" in page and "img-src data:;" in page
    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts == ['<script type="application/json" id="report" data-encoding="gzip+base64">', "<script>"]
    assert json.loads(report_in_page(page)) == json.loads(report_json(rich_report()))
    page = re.sub(r'<img class="sheet" alt="[^"]*" src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+">', "", page)  # a picture of its own
    assert not re.search(r"<(link|img|iframe|object|embed|form|base)\b|\sstyle=|\son[a-z]+=|@import|url\(|\ssrc=", page)
    assert set(re.findall(r'href="([^"#][^"]*)"', page)) == {"https://eur-lex.europa.eu/eli/reg/2022/2554/oj", "https://example.com/prices"}


def test_ids_are_unique_and_references_lead_somewhere(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    named = {key for value in re.findall(r'aria-labelledby="([^"]+)"', page) for key in value.split()}
    assert named | set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_every_table_has_a_caption_and_every_drawing_a_title_and_a_table(page):
    assert page.count("<table") == page.count("<caption") > 15
    svgs = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(svgs) == 4 and all("<title" in svg and "<desc" in svg for svg in svgs)
    figures = re.findall(r"<figure>.*?</figure>", page, flags=re.S)
    assert len(figures) == 4 and all("<table" in figure for figure in figures)


def test_money_by_quarter_is_drawn_and_told(page):
    report = rich_report()
    quarters = {f"{year}-Q{q}": amount / 4 for year, amount in report.plan.cost.by_year.items() for q in (1, 2, 3, 4)}
    plan = report.plan.model_copy(update={"cost": report.plan.cost.model_copy(update={"by_quarter": quarters})})
    drawn = render(report.model_copy(update={"plan": plan}), "html").decode()
    assert '<table id="cost-by-quarter"' in drawn and drawn.count("Q3 2028") == 2 and '<table id="cost-by-quarter"' not in page


def test_the_page_is_small(page):
    assert len(page.encode()) < 400_000


def test_markdown_tables_are_even():
    made = render(with_text(rich_report(), lambda old: "a|b\n|c| \\" + old), "md").decode()
    for block in re.findall(r"(?:^\|.*\n)+", made, flags=re.M):
        counts = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in block.splitlines()}
        assert len(counts) == 1


# ------------------------------------------------------------------------------------- figures and text


def test_figures_are_rounded_half_to_even_and_unknown_is_no_nought():
    f = Figures(phrases("en"))
    assert f.euros(Decimal("1234567.5")) == "€1,234,568" and f.euros(Decimal("0.05")) == "€0.05"
    assert f.euros(Decimal(0)) == "€0" and f.euros(None) == "not known" and f.percent(None) == "not known"
    assert f.number(Decimal("-0.2")) == "0" and f.number(Decimal("2.5")) == "2" and f.exact(Decimal("1E+3")) == "1,000"
    assert (f.day("2026"), f.day("2026-05"), f.day("2026-05-02")) == ("2026", "May 2026", "2 May 2026")
    assert f.span(Decimal("3.61"), Decimal("3.64"), 1) == "3.6"


def test_a_minus_stands_before_the_amount_and_its_currency_in_every_language():
    said = {lang: Figures(phrases(lang)).euros(Decimal(-4000)) for lang in languages()}
    assert said == {"en": "−€4,000", "fr": "−4\u202f000\u00a0€", "de": "−4.000\u00a0€", "ja": "−€4,000"}
    assert Figures(phrases("en")).cents(Decimal("-0.001")) == "€0.00"


def test_what_a_demand_uses_and_where_it_ends_is_written_in_the_readers_language():
    def shown(lang: str, **values: object) -> tuple[str, str]:
        return used_and_limit(Context(rich_report(), lang), Binding(demand="x", used="EUR 1", limit="EUR 2", **values))

    assert shown("de", unit="euros", used_value=1_200_000, limit_value=2_500_000) == ("1.200.000\u00a0€", "2.500.000\u00a0€")
    assert shown("fr", unit="points", used_value=Decimal("58.24"), limit_value=58, at_least=True) == ("58,2", "au moins 58")
    assert shown("ja", unit="seal", limit_value=1, at_least=True) == (phrases("ja")("known.not"), "SEAL-1以上")
    assert shown("en") == ("EUR 1", "EUR 2")  # a plan saved when a demand had words only


def test_what_cannot_be_seen_is_spelt_out():
    assert visible("a\u202eb\x07\ufeff\u2066 \n c") == "a‹U+202E›b‹U+0007›‹U+FEFF›‹U+2066› c"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://x.example",
        "https://user:pw@x.example",
        'https://x.example/" onclick=',
        "//x.example",
        "data:text/html,x",
        "https://x.example/\n",
        "https://",
        "https://[",
        " https://x.example",
        None,
    ],
)
def test_only_plain_https_addresses_become_links(url):
    assert https_only(url) is None


def test_markdown_shows_letters_not_markup():
    assert markdown("[a](https://x) www.x.y `c` | <b> *d*") == r"\[a\](https\://x) www\.x.y \`c\` \| \<b\> \*d\*"
    assert (
        markdown("- x") == r"\- x" and markdown("12. x") == r"12\. x" and markdown("3.6 to 8") == "3.6 to 8" and markdown("---") == r"--\-"
    )
