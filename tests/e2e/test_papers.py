"""Papers in a process of their own: the same bytes everywhere, whole files whenever it is killed, exit codes, and a PDF that verifies itself."""
from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from report_fixture import rich_report

from planner.reporting import fonts
from planner.reporting.json_report import report_json

for _extra in ("typst", "docxtpl", "xlsxwriter"):
    pytest.importorskip(_extra, reason="the extras `pdf`, `docx` and `xlsx` are not installed")
ROOT = Path(__file__).resolve().parents[2]
FORMATS = "html,md,json,pdf,docx,xlsx"
LANGUAGES = "en,ja" if fonts.found()["ja"] else "en,fr"


def run(*words: str, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "planner", *words], cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(report_json(rich_report()))
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_every_format_is_the_same_byte_for_byte_over_hash_seeds_time_zones_and_locales(plan, tmp_path):
    zones, locales = ("UTC", "Asia/Tokyo", "America/Lima"), ("C", "C.UTF-8")
    made = []
    for number, seed in enumerate(("0", "1", "77", "4711", "31337")):
        out = tmp_path / seed
        done = run("report", str(plan), "--to", FORMATS, "--lang", LANGUAGES, "--out", str(out), PYTHONHASHSEED=seed, TZ=zones[number % 3],
                   LC_ALL=locales[number % 2])
        assert done.returncode == 0, done.stderr
        made.append(files(out))
    assert len(made[0]) == 12 and all(one == made[0] for one in made)


def test_several_audiences_languages_and_formats_are_one_file_each(plan, tmp_path):
    done = run("report", str(plan), "--to", "md,json", "--lang", "en,de", "--audience", "board,legal", "--out", str(tmp_path))
    assert done.returncode == 0 and len(files(tmp_path)) == 8 and (tmp_path / "report.board.de.md").is_file()
    board, legal = ((tmp_path / f"report.{name}.en.md").read_text() for name in ("board", "legal"))
    assert "## What the law asks" in legal and "## What the law asks" not in board


@pytest.mark.parametrize(("words", "code", "says"), [
    (("--to", "pfd"), 2, "did you mean 'pdf'"), (("--audience", "bord"), 2, "did you mean 'board'"), (("--lang", "tlh", "--to", "pdf"), 2, "no phrases"),
    (("--pdf-a", "1", "--to", "pdf"), 2, "2 or 3"), (("--to", "docx", "--template", "none.docx"), 2, "none.docx:1:1"),
])
def test_what_cannot_be_rendered_is_refused_and_nothing_is_written(plan, tmp_path, words, code, says):
    done = run("report", str(plan), "--out", str(tmp_path / "out"), *words)
    assert done.returncode == code and says in done.stderr and not (tmp_path / "out").exists()


def test_a_missing_extra_is_exit_5_and_says_what_to_install(plan, tmp_path):
    for library, to in (("typst", "pdf"), ("docxtpl", "docx"), ("xlsxwriter", "xlsx")):
        blocked = tmp_path / library
        blocked.mkdir()
        (blocked / f"{library}.py").write_text("raise ImportError('not here')")
        done = run("report", str(plan), "--to", to, "--out", str(tmp_path / "out"), PYTHONPATH=str(blocked))
        assert done.returncode == 5 and f"sovplan[{to}]" in done.stderr and not (tmp_path / "out").exists()


def test_a_template_is_copied_linted_and_a_wrong_one_named(tmp_path):
    import docx

    assert run("template", "start", str(tmp_path / "own.docx")).returncode == 0
    assert run("template", "lint", str(tmp_path / "own.docx")).returncode == 0
    made = docx.Document()
    made.add_paragraph("{{ titel }}")
    made.save(tmp_path / "wrong.docx")
    done = run("template", "lint", str(tmp_path / "own.docx"), str(tmp_path / "wrong.docx"))
    assert done.returncode == 2 and "there is nothing called 'titel'; did you mean 'title'?" in done.stderr
    assert "section.NAME" in run("template", "placeholders").stdout


# ------------------------------------------------------------------------------------------------ killed

KILLS = textwrap.dedent("""
    import os, random, signal, sys, time
    from pathlib import Path
    from planner.reporting.write import write_atomically

    folder, draw = Path(sys.argv[1]), random.Random(7)
    names = [f"report.{kind}" for kind in ("html", "pdf", "docx", "xlsx", "md", "json")]
    states = [letter * 300_000 for letter in (b"a", b"b")]
    for name in names:
        write_atomically(folder / name, states[0])
    for _ in range(200):
        child = os.fork()
        if not child:
            for turn in range(1000):
                for name in names:
                    write_atomically(folder / name, states[turn % 2])
        time.sleep(draw.uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for name in names:
            assert (folder / name).read_bytes() in states, f"{name} is neither the old file nor the new one"
    for name in names:
        write_atomically(folder / name, states[1])
    assert sorted(os.listdir(folder)) == sorted(names), os.listdir(folder)
    print("whole")
""")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_200_kills_at_random_moments_leave_every_file_whole(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLS, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "whole\n", done.stderr


def test_a_report_that_is_killed_leaves_the_old_files_or_the_new_ones(plan, tmp_path):
    words = ["report", str(plan), "--to", "md,html,json", "--out"]
    assert run(*words, str(tmp_path / "new")).returncode == 0
    new, draw, out = files(tmp_path / "new"), random.Random(11), tmp_path / "out"
    out.mkdir()
    for name in new:
        (out / name).write_bytes(b"old")
    for _ in range(8):
        process = subprocess.Popen([sys.executable, "-m", "planner", *words, str(out)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.3, 2.0))
        process.kill()
        process.wait()
        assert all((out / name).read_bytes() in (b"old", data) for name, data in new.items())
