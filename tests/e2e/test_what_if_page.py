"""The sliders of the page in a browser: they look up plans that were solved beforehand, by mouse and by keys, on a telephone, and on paper."""
from __future__ import annotations

import shutil

import pytest
from test_report_html import CONTRAST
from what_if_fixture import rich_with_others

from planner.reporting.render import render

pytestmark = pytest.mark.network  # the driver talks to the browser over a local connection
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("what-if")
    for lang in ("en", "ja"):
        (folder / f"{lang}.html").write_bytes(render(rich_with_others(), "html", lang))
    return {lang: (folder / f"{lang}.html").as_uri() for lang in ("en", "ja")}


@pytest.fixture
def page(browser, addresses):
    """The page, which must not ask for anything nor complain of anything."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    asked, said = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(addresses["en"])
    yield opened
    assert asked == [addresses["en"]] and said == []
    opened.close()


def move(page, lever: str, steps: int) -> None:
    """Move a slider by its keys."""
    page.locator(f"#lever-{lever}").focus()
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")


def test_the_page_opens_on_todays_plan(page):
    assert page.locator("#lever-cost").inner_text() == "€2,492,655" and page.locator("#lever-versus").inner_text() == "as much as today's plan"
    assert page.locator("#lever-budget").get_attribute("aria-valuetext") == "€2,500,000 (as today)"
    assert page.locator("#lever-rows tr.changed").count() == 0


def test_a_slider_shows_the_plan_of_its_place_and_what_changes(page):
    move(page, "budget", 1)
    move(page, "score", 2)
    assert page.locator("#lever-cost").inner_text() == "€2,692,655" and page.locator("#lever-versus").inner_text() == "€200,000 more than today's plan"
    assert page.locator("#lever-points").inner_text() == "78.9"
    changed = page.locator("#lever-rows tr.changed")
    assert changed.count() == 1 and "Mistral Large 3" in changed.inner_text() and "today: Mistral Medium 3.5" in changed.inner_text()
    assert page.locator("#lever-changes").inner_text().startswith("1 workload")
    page.locator("#lever-reset").click()
    assert page.locator("#lever-cost").inner_text() == "€2,492,655" and page.locator("#lever-score").input_value() == "0"


def test_a_setting_without_a_plan_says_why(page):
    move(page, "budget", -1)
    assert page.locator("#lever-none").inner_text() == "No plan: the cheapest that meets these minimums costs €2,492,655."
    assert page.locator("#lever-plan").is_hidden()
    move(page, "seal", 1)
    assert page.locator("#lever-none").inner_text() == "No plan: no plan gives every workload SEAL-4."
    move(page, "seal", -1)
    move(page, "score", 3)
    assert page.locator("#lever-none").inner_text().startswith("Not known: neither a plan nor a proof")


def test_the_aim_changes_the_plan_and_what_is_not_proved_says_so(page):
    move(page, "budget", 2)
    page.get_by_label("highest sovereignty").check()
    assert page.locator("#lever-points").inner_text() == "78.9" and "is not proved" in page.locator("#lever-open").inner_text()
    page.get_by_label("lowest cost").check()
    assert page.locator("#lever-points").inner_text() == "71.2" and page.locator("#lever-open").is_hidden()


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone(browser, addresses, lang, scheme):
    opened = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    opened.goto(addresses[lang])
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.locator("#lever-budget").bounding_box()["width"] > 200
    opened.close()


def test_without_a_script_the_plans_stand_as_a_table_and_on_paper_no_slider_does(browser, addresses):
    still = browser.new_page(java_script_enabled=False)
    still.goto(addresses["en"])
    assert still.locator("#levers").is_hidden() and still.locator("#what-if-plans tbody tr").count() == 2
    still.close()
    paper = browser.new_page()
    paper.goto(addresses["en"])
    paper.emulate_media(media="print")
    assert paper.locator("#levers").is_hidden() and paper.locator("#what-if-plans").is_visible()
    assert paper.pdf(format="A4").startswith(b"%PDF")
    paper.close()


def test_a_figure_opens_how_it_is_made_by_keys_and_closes_again(page):
    figure = page.locator("#choices-table a.opens").nth(2)
    figure.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    assert dialog.is_visible() and "How the cost of Drafts of credit memoranda" in dialog.inner_text()
    assert "€910,000.00" in dialog.inner_text() and "Price list of an operator" in dialog.inner_text() and "2 October 2026" in dialog.inner_text()
    assert "its part of: 2 servers" in dialog.inner_text()
    dialog.locator("a.opens").first.focus()
    page.keyboard.press("Enter")
    assert "€560,000.00" in page.get_by_role("dialog").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#derivation").is_visible() and page.evaluate("document.activeElement.className") == "opens"


def test_a_link_unfolds_what_it_leads_to(browser, addresses):
    opened = browser.new_page()
    opened.goto(f"{addresses['en']}#sources")
    assert opened.locator("#sources-table").is_visible()
    opened.locator('a[href="#proof"]').first.click()
    assert opened.locator("#proof-table").is_visible()
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_every_state_stands_out_from_its_ground(browser, addresses, scheme):
    opened = browser.new_page(color_scheme=scheme)
    opened.goto(addresses["en"])
    for lever, steps in (("score", 2), ("budget", -1), ("seal", 1)):
        move(opened, lever, steps)
        ratio, where = opened.evaluate(CONTRAST)
        assert ratio >= 4.5, where
    opened.locator("#choices-table a.opens").first.click()
    ratio, where = opened.evaluate(CONTRAST)
    assert ratio >= 4.5, where
    opened.close()


def test_a_reader_without_eyes_hears_the_plan_of_a_setting_and_every_lever_has_a_name(page):
    assert page.locator("[role=status][aria-live=polite] #lever-cost").count() == 1
    assert [page.get_by_role("slider").nth(n).get_attribute("aria-valuetext") is not None for n in range(3)] == [True] * 3
    for name in ("SEAL of every workload, at least", "Sovereignty score of 100, at least", "Budget over the horizon, at most"):
        assert page.get_by_role("slider", name=name).count() == 1
    assert page.get_by_role("radio").count() == 2 and page.get_by_role("group", name="Aim").count() == 1
