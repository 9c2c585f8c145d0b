"""Whatever bytes come in: a clean read or a refusal with a place, and nothing else."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from planner.problems import Refused
from planner.reading.assessment import assessment_data, assessment_from_data, load_assessment
from planner.reading.catalog import raw_files, read_catalog
from planner.reading.saved import load_report
from planner.reading.strict_yaml import MAX_DEPTH, from_bytes, parse

DATA = Path(__file__).resolve().parents[1] / "unit" / "test_reading_data"
ASSESSMENT = (DATA / "assessment.yaml").read_bytes()
relaxed = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
INTERESTING = [b"&", b"*", b"!", b"<<: ", b"---\n", b"{", b"}", b"[", b"]", b"\x00", b"\xff", b"\xe2\x80\xae", b'"', b"'", b": ", b"- ",
               b"\n", b"\t", b"|", b"~", b".nan", b"1e999", b"9" * 40, b"NO", b"\\", b"%", b"? ", b"#", b"\xef\xbb\xbf"]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "catalog.yaml").write_bytes((DATA / "catalog.yaml").read_bytes())
    return read_catalog(raw_files([folder]))[0]


@st.composite
def mutants(draw, original: bytes = ASSESSMENT) -> bytes:
    """The file with a few pieces cut out, doubled, or put in."""
    data = original
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from([*INTERESTING, data[at:end], b""]) | st.binary(max_size=3))
        data = data[:at] + piece + data[draw(st.sampled_from([at, end])):]
    return data


def assert_placed(refused: Refused) -> None:
    assert refused.problems
    for problem in refused.problems:
        assert problem.line >= 1 and problem.column >= 1 and problem.message and "Traceback" not in str(problem)


@relaxed
@given(data=mutants())
def test_a_mutated_assessment_is_read_or_refused(data, catalog, tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(data)
    try:
        load_assessment(file, catalog)
    except Refused as refused:
        assert_placed(refused)


@relaxed
@given(data=mutants((DATA / "catalog.yaml").read_bytes()))
def test_a_mutated_catalog_is_read_or_refused(data, tmp_path):
    (tmp_path / "a.yaml").write_bytes(data)
    try:
        read_catalog(raw_files([tmp_path]))
    except Refused as refused:
        assert_placed(refused)


@relaxed
@given(data=st.binary(max_size=200) | st.text(alphabet="{}[],:\"'&*!|>-? \n\tab1.#%@`", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(data, tmp_path):
    try:
        from_bytes("x", data)
    except Refused as refused:
        assert_placed(refused)
    (tmp_path / "plan.json").write_bytes(data)
    with pytest.raises(Refused) as caught:
        load_report(tmp_path / "plan.json")
    assert_placed(caught.value)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-10**20, 10**20) | st.decimals(-10**9, 10**9, places=3, allow_nan=False)
    | st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=8).map(lambda text: normalize("NFC", text)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), inner, max_size=3),
    max_leaves=12)


def written(value) -> str:
    """Plain data as flow YAML, texts in single quotation marks."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"'{k}': {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, int) else format(value, "f")


@relaxed
@given(value=plain)
def test_what_is_written_is_what_is_read_and_every_value_has_a_place(value):
    document = parse("x", written(value) + "\n")
    assert document.data == value
    count = 0
    waiting = [((), value)]
    while waiting:
        route, at = waiting.pop()
        count += 1
        assert route in document.places
        items = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
        waiting.extend(((*route, key), inner) for key, inner in items)
    assert count == len(document.places)


@settings(deadline=None, max_examples=20)
@given(depth=st.integers(1, 60))
def test_depth_is_bounded_exactly(depth):
    text = "[" * depth + "1" + "]" * depth
    if depth <= MAX_DEPTH:
        parse("x", text)
    else:
        with pytest.raises(Refused):
            parse("x", text)


@relaxed
@given(share=st.decimals(0, 1, places=6), staff=st.integers(0, 10**9), total=st.decimals(0, 10**9, places=2))
def test_saving_loses_no_digit(share, staff, total, catalog):
    assessment = load_assessment(DATA / "assessment.yaml", catalog)
    facts = {"org.share": share, "org.staff": staff}
    organisation = assessment.organisation.model_copy(update={"facts": facts})
    budget = assessment.constraints.budget.model_copy(update={"total": total + 10**6})
    constraints = assessment.constraints.model_copy(update={"budget": budget})
    changed = assessment.model_copy(update={"organisation": organisation, "constraints": constraints})
    again = assessment_from_data(assessment_data(changed), catalog)
    assert again == changed and isinstance(again.constraints.budget.total, Decimal)
