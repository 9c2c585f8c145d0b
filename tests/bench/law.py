"""What our reading of the law is worth: beside classified uses, how few questions decide, how fast; written into docs/law.md.

    python tests/bench/law.py              prints the measured part
    python tests/bench/law.py --write      puts it into docs/law.md
    python tests/bench/law.py --time       judges 10,000 options by all rules and prints how long it took (nothing is asserted)

Whether a use is classified rightly is what the law's examples, the Commission's guidelines and lawyers say of it: tests/specs/classified_cases.yaml, by which
the rules were mended, and two sets that were written down before the rules had seen them: tests/specs/worked_examples.yaml and guidance_examples.yaml.
"""
from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog
from planner.domain.report import LawReading
from planner.judging.compliance import Judge
from planner.judging.deployment import Deployment, deployment_of
from planner.judging.facts import assumed_facts, facts_of
from planner.judging.following import Following
from planner.judging.law import law_of_facts
from planner.judging.lawbook import LawBook
from planner.quantities import add_months
from planner.reading.assessment import load_assessment
from planner.reading.catalog import load_catalog
from planner.reading.strict_yaml import read

ROOT = Path(__file__).resolve().parents[2]
DOC = ROOT / "docs" / "law.md"
CASES = ROOT / "tests" / "specs" / "classified_cases.yaml"
WORKED = ROOT / "tests" / "specs" / "worked_examples.yaml"
GUIDANCE = ROOT / "tests" / "specs" / "guidance_examples.yaml"
TITLES = {CASES: "classified uses", WORKED: "uses of the first blind check", GUIDANCE: "uses of the second blind check"}
START, END = "<!-- measured: start -->\n", "<!-- measured: end -->\n"
DAY = date(2026, 11, 24)
NONE = "none-of-these"
ASKED = ("prohibited", "high_risk", "transparency")
SAID = {True: "yes", False: "no", None: "cannot tell"}
MOST = 15  # questions
MODEL = "mistral-small-4"


@cache
def catalog() -> Catalog:
    """The shipped catalog."""
    return load_catalog([ROOT / "catalog"])


@cache
def cases(path: Path) -> tuple[tuple[Mapping[str, Any], LawReading], ...]:
    """Each classified use of a file, and what we say of it."""
    spec = read(path).data
    return tuple((case, law_of_facts(spec["usual"] | case["facts"], catalog(), DAY)) for case in spec["cases"])


def answers(path: Path) -> Iterator[tuple[Mapping[str, Any], str, bool, LawReading]]:
    """Case, class, what the source says, our reading."""
    return ((case, name, expected, reading) for case, reading in cases(path) for name, expected in case["expected"].items())


def unsafe(name: str, expected: bool, reading: LawReading) -> bool:
    """Whether we call a use free that the source calls prohibited or high-risk."""
    return expected and name in ("prohibited", "high_risk") and reading.classes[name] is False


def with_one_answer_less(path: Path) -> Iterator[tuple[str, str, str, LawReading]]:
    """Each use that its source calls prohibited or high-risk, read as often as it has facts of its own, each time without one of them."""
    spec = read(path).data
    for case in spec["cases"]:
        grave = [name for name, expected in case["expected"].items() if expected and name in ("prohibited", "high_risk")]
        for left_out in case["facts"] if grave else ():
            known = {k: v for k, v in case["facts"].items() if k != left_out}
            reading = law_of_facts({k: v for k, v in spec["usual"].items() if k != left_out} | known, catalog(), DAY)
            yield from ((case["id"], left_out, name, reading) for name in grave)


# ------------------------------------------------------------------------------------------------- questions


def typical() -> Iterator[tuple[str, dict[str, Any]]]:
    """The uses of the worked assessments with all that is known of them, served by an API in the EU: name, facts."""
    for path in sorted((ROOT / "assessments").glob("*.yaml")):
        assessment = load_assessment(path, catalog())
        for workload in assessment.workloads:
            yield f"{path.stem}/{workload.id}", dict(facts_of(_served(assessment, workload.id), assessment, catalog()))


def _served(assessment: Assessment, workload: str) -> Deployment:
    offer = next(o for o in catalog().offers.values() if o.operator == "mistral-ai" and o.mode == "api" and o.kind == "tokens")
    chosen = next(w for w in assessment.workloads if w.id == workload)
    return deployment_of(catalog(), chosen, catalog().models[MODEL], offer, next(iter(offer.sites), None))


def answer(name: str, truth: Mapping[str, Any]) -> Any:
    """What somebody who knows `truth` answers to a question; a list is answered where all that follows from it is known."""
    if truth.get(name) is not None or catalog().facts[name].type not in ("list", "enum"):
        return truth.get(name)
    said = {}
    for fact in catalog().facts.values():
        for condition in fact.follows:
            if condition.fact == name:
                said |= dict.fromkeys(condition.any_of or (str(condition.equals),), truth.get(fact.name))
    if not said or None in said.values():
        return None
    holding = tuple(value for value, holds in said.items() if holds)
    if catalog().facts[name].type == "enum":
        return holding[0] if holding else catalog().facts[name].values[0]
    return holding or (NONE,)


@cache
def _reading(facts: tuple[tuple[str, Any], ...]) -> LawReading:
    return law_of_facts(dict(facts), catalog(), DAY)


def interview(truth: Mapping[str, Any]) -> tuple[int | None, int, int]:
    """Questions until the classes are decided (None: not within the limit), rules decided at the start, and after the last question."""
    book, truth = LawBook(catalog(), DAY), Following(catalog()).complete({**assumed_facts(truth, catalog()), **truth})
    facts: dict[str, Any] = {}
    asked, decided_at = list[str](), None
    before = _decided_rules(book, facts)
    while len(asked) < MOST:
        reading = _reading(tuple(sorted(facts.items())))
        if decided_at is None and all(reading.classes[name] is not None for name in ASKED):
            decided_at = len(asked)
        nxt = next((q.fact for q in reading.questions if q.fact not in asked), None)
        if nxt is None:
            break
        asked.append(nxt)
        if (value := answer(nxt, truth)) is not None:
            facts[nxt] = value
    return decided_at, before, _decided_rules(book, facts)


def _decided_rules(book: LawBook, facts: Mapping[str, Any]) -> int:
    """Rules of law of which it is settled whether they apply, rare facts supposed as usual."""
    rules = sum(rule.status != "proposal" for rule in book.rules)
    supposed = {**book.classifier.read(facts).assumed, **facts}
    return rules - sum(v.status == "unknown" and not v.applies and v.rule.status != "proposal" for v in book.verdicts(supposed))


# ------------------------------------------------------------------------------------------------------ time


def timed(options: int = 10_000) -> str:
    """The time that judging many options takes, and the share of the work that was reused."""
    assessment = load_assessment(ROOT / "assessments" / "bank.yaml", catalog())
    end = add_months(assessment.horizon.start, assessment.horizon.months)
    every = (
        deployment_of(catalog(), w, m, o, site)
        for o in catalog().offers.values() for site in (o.sites or (None,)) for m in catalog().models.values() for w in assessment.workloads
    )
    some = list(islice(every, options))
    judge = Judge(assessment, catalog(), DAY, end)
    started = process_time()
    for deployment in some:
        judge.judge(deployment)
    took = process_time() - started
    rules = len(judge.book.rules)
    return (
        f"{len(some):,} options x {rules} rules: {took:.2f} s on one core, {took / len(some) * 1e6:.0f} microseconds an option; "
        f"{judge.book.worked_out:,} verdicts worked out, {1 - judge.book.worked_out / (len(some) * rules):.2%} reused"
    )


# ---------------------------------------------------------------------------------------------------- the page


def measured() -> str:
    """The measured part of the page."""
    return "\n".join([line for path in TITLES for line in confusion(path)] + list(_questions())) + "\n"


def document() -> str:
    """The page with the measured part of today."""
    text = DOC.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    return head + START + measured() + END + rest.partition(END)[2]


def confusion(path: Path) -> Iterator[str]:
    """The table of what the sources and we say, and each use of which we say something else."""
    found = list(answers(path))
    table = Counter((name, expected, reading.classes[name]) for _, name, expected, reading in found)
    right = sum(reading.classes[name] is expected for _, name, expected, reading in found)
    free = sum(unsafe(name, expected, reading) for _, name, expected, reading in found)
    yield f"## {len(cases(path))} {TITLES[path]}\n"
    yield "| class | the source says | we say yes | we say no | we cannot tell |\n| --- | --- | --- | --- | --- |"
    for name in ASKED:
        for expected in (True, False):
            cells = " | ".join(str(table[name, expected, said]) for said in (True, False, None))
            yield f"| {name.replace('_', '-')} | {SAID[expected]} | {cells} |"
    yield f"\n{right} of {len(found)} answers decided and right; {free} unsafe (called free where the source says prohibited or high-risk).\n"
    rows = [(c, n, e, r) for c, n, e, r in found if r.classes[n] is not e]
    if rows:
        yield "| use | class | the source | we | it turns on |\n| --- | --- | --- | --- | --- |"
        for case, name, expected, reading in rows:
            yield f"| {case['case']} | {name} | {SAID[expected]} | {SAID[reading.classes[name]]} | {', '.join(reading.trace[name].open)} |"
        yield ""


def _questions() -> Iterator[str]:
    found = [(name, *interview(truth)) for name, truth in typical()]
    counts = [n for _, n, _, _ in found if n is not None]
    rules = sum(rule.status != "proposal" for rule in LawBook(catalog(), DAY).rules)
    yield "## How few questions decide\n"
    yield (
        f"{len(found)} uses of the worked assessments, asked from nothing in the order of `questions`; a person answers what the assessment states "
        f"and what is usual of the rest, and an API in the EU serves the use. Prohibited, high-risk and transparency are decided for {len(counts)} of {len(found)} within {MOST} questions, "
        f"by {min(counts)} to {max(counts)}, {median(counts):g} in the middle. Of {rules} rules, {median(b for _, _, b, _ in found):g} are settled "
        f"(whether they apply) by usual values alone, and {median(a for _, _, _, a in found):g} after {MOST} questions.\n"
    )
    if len(counts) < len(found):
        yield "A dash: the assessment itself does not say what would decide, such as whether people talk to the AI.\n"
    yield "| use | questions until the classes are decided | rules settled after fifteen |\n| --- | --- | --- |"
    for name, n, _, after in found:
        yield f"| {name} | {'-' if n is None else n} | {after} |"
    yield ""


def main(arguments: list[str]) -> None:
    """Print the measured part, write it into the page, or take the time."""
    if "--time" in arguments:
        print(timed())
    elif "--write" in arguments:
        DOC.write_text(document(), encoding="utf-8")
    else:
        print(measured())


if __name__ == "__main__":
    main(sys.argv[1:])
