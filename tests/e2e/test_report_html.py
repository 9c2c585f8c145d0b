"""The page in a browser: nothing is fetched, nothing is blocked, it fits a telephone, keys suffice, and it prints."""
from __future__ import annotations

import shutil

import pytest
from report_fixture import no_plan_report, rich_report, with_text

from planner.reporting.render import render

pytestmark = pytest.mark.network  # the driver talks to the browser over a local connection
CHROMIUM = shutil.which("chromium")
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>\'" {{7*7}} \u202e' + "w" * 60
CONTRAST = """() => {
  const parts = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = parts(c).slice(0, 3).map(v => { v /= 255;
                         return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
                       return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) {
                        const c = getComputedStyle(e).backgroundColor; if (parts(c)[3] !== 0) return c; } return 'rgb(255,255,255)'; };
  let worst = [99, ''];
  for (const e of document.querySelectorAll('p, li, th, td, dt, dd, a, summary, caption, .mark, h1, h2, h3, small, svg text')) {
    const style = getComputedStyle(e), [a, b] = [light(e.closest('svg') ? style.fill : style.color),
          light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < worst[0]) worst = [ratio, e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40)];
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    made = {"rich": rich_report(), "none": no_plan_report(), "hostile": with_text(rich_report(), lambda old: HOSTILE + old)}
    for name, report in made.items():
        (folder / f"{name}.html").write_bytes(render(report, "html"))
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@pytest.mark.parametrize("name", ["rich", "none", "hostile"])
def test_nothing_is_fetched_run_or_blocked(browser, files, name):
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(files[name])
    assert asked == [files[name]] and said == []
    assert page.title() != "1" and page.evaluate("[document.querySelectorAll('script').length, document.querySelectorAll('img:not([src^=\"data:\"])').length]") == [2, 0]
    page.close()


@pytest.mark.parametrize("name", ["rich", "none", "hostile"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_never_scrolls_sideways(browser, files, name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(files[name])
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(browser, files, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto(files["rich"])
    ratio, where = page.evaluate(CONTRAST)
    assert ratio >= 4.5, where
    page.close()


def test_keys_reach_the_plan_and_open_what_is_folded(browser, files):
    page = browser.new_page()
    page.goto(files["rich"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    folded = page.locator("#cost details").first
    folded.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert folded.evaluate("d => d.open")
    page.close()


def test_a_reader_without_eyes_finds_landmarks_and_headings_in_order(browser, files):
    page = browser.new_page()
    page.goto(files["rich"])
    assert page.evaluate("['header', 'nav', 'main', 'footer'].map(t => document.querySelectorAll(t).length)") == [1, 1, 1, 1]
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:]))
    assert page.get_by_role("table").count() > 5 and page.get_by_role("img").count() == 5
    page.close()


def test_paper_shows_how_figures_are_made_and_what_stands_under_folded_headings(browser, files):
    page = browser.new_page()
    page.goto(files["rich"])
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    for table in ("walk-1", "sources-table", "law-met-table"):
        assert page.locator(f"#{table}").evaluate("t => t.getBoundingClientRect().height") > 0
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
