"""What the README shows is what happens."""
from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "docs" / "pages.md"]  # docs/catalog.md has files of its own, and a test


def block(mark: str, text: str = README) -> str:
    found = re.search(rf"<!-- {mark} -->\n```bash\n(.*?)```", text, re.S)
    assert found, f"there is no block marked {mark}"
    return found.group(1)


def run(arguments: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "planner", *arguments], capture_output=True, text=True, cwd=cwd, env=env, timeout=300, check=False)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_runs_in_its_order(tmp_path, page):
    for line in block("run", page.read_text(encoding="utf-8")).splitlines():
        words = shlex.split(line)
        assert words[0] == "sovplan"
        done = run(words[1:], tmp_path)
        assert done.returncode == 0, f"{line}: {done.stderr}"


def test_each_of_the_thirteen_questions_has_a_command_that_runs():
    page = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| `(sovplan [^`]+)` \|", page, re.M)
    assert [number for number, _ in rows] == [str(n) for n in range(1, 14)]
    ran = block("run", page).splitlines()
    assert not [command for _, command in rows if not any(line.startswith(command) for line in ran)]


def test_the_demo_prints_what_the_readme_prints(tmp_path):
    words = shlex.split(block("demo").split("&&")[-1])
    done = run(words[1:], tmp_path)
    assert done.returncode == 0, done.stderr
    printed = " ".join(done.stdout.split())
    shown = re.search(r"```text\n(.*?)```", README, re.S)
    assert shown
    for line in shown.group(1).splitlines():
        assert line in printed, line
    assert (tmp_path / "out" / "report.html").is_file()


def test_the_second_command_is_what_continuous_integration_runs():
    assert "README.md" in (ROOT / ".ci" / "run").read_text() and "pytest" in block("tests")


def test_every_link_of_the_docs_leads_somewhere():
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
