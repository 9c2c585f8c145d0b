"""Strict YAML: what it means, and that whatever it does not accept has a place."""
from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from planner.problems import Refused
from planner.reading import strict_yaml
from planner.reading.strict_yaml import parse, read


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse("file.yaml", text)
    assert caught.value.problems and all(p.line >= 1 and p.column >= 1 for p in caught.value.problems)
    return caught.value


def refused_file(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize(("text", "meant"), [
    ("NO", "NO"), ("yes", "yes"), ("off", "off"), ("true", True), ("False", False), ("~", None), ("null", None), ("''", ""),
    ("12", 12), ("-3", -3), ("007", 7), ("0o17", 15), ("0x1F", 31), ("3.10", Decimal("3.10")), (".5", Decimal("0.5")),
    ("1e3", Decimal("1e3")), ("1_000", "1_000"), ("190:20:30", "190:20:30"), ("2026-05-22", "2026-05-22"), ("2026-05", "2026-05"),
    ("'12'", "12"), ('"true"', "true"), ("1.2.3", "1.2.3"), ("-", [None]), ("=", "="),
])
def test_a_plain_scalar_means_what_the_core_schema_says(text, meant):
    value = parse("file.yaml", f"a: {text}" if text != "-" else "a:\n-").data["a"]
    assert value == meant and type(value) is type(meant)


def test_a_decimal_keeps_its_last_zero():
    assert str(parse("file.yaml", "a: 3.10").data["a"]) == "3.10"


def test_keys_are_always_text():
    assert parse("file.yaml", "{2027: 1, NO: 2, true: 3}").data == {"2027": 1, "NO": 2, "true": 3}


def test_a_byte_order_mark_is_taken_off(tmp_path):
    file = tmp_path / "bom.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read(file).data == {"a": 1}


def test_composed_and_decomposed_accents_are_the_same_key():
    assert "is given twice" in str(refusal("\u00e9: 1\ne\u0301: 2\n"))


def test_french_spaces_and_japanese_are_welcome():
    assert parse("file.yaml", "a: 10\u00a0000\u202f€\nb: 計画\n").data == {"a": "10\u00a0000\u202f€", "b": "計画"}


def test_places_are_those_of_values_and_of_keys():
    document = parse("file.yaml", "a:\n  - {b: 1, c: [x, y]}\n  - d\n")
    assert document.places[("a", 0, "c", 1)] == (2, 19)
    assert document.key_places[("a", 0, "c")] == (2, 12)
    assert document.places[("a", 1)] == (3, 5)
    assert document.places[()] == (1, 1)


def test_a_path_that_leads_nowhere_has_the_place_of_its_parent():
    problem = parse("file.yaml", "a:\n  b: 1\n").problem(("a", "c"), "missing")
    assert str(problem) == "file.yaml:2:3: a.c: missing"


def test_the_hash_is_of_the_raw_bytes(tmp_path):
    import hashlib

    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    assert read(file).sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(("text", "place", "says"), [
    ("a: [1, 2\n", "2:1", "not valid YAML"),
    ("a: 1\nb: 2\na: 3\n", "3:1", "the key 'a' is given twice"),
    ("a: {b: 1, b: 2}\n", "1:11", "the key 'b' is given twice"),
    ("a: &x 1\n", "1:4", "an anchor is not allowed"),
    ("a: 1\nb: *x\n", "2:4", "an alias is not allowed"),
    ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "1:4", "an anchor is not allowed"),
    ("*x : 1\n", "1:1", "a key must be plain text"),
    ("a: !!python/object/apply:os.getcwd []\n", "1:4", "the tag"),
    ("a: !x 1\n", "1:4", "the tag '!x' is not allowed"),
    ("a: ! 1\n", "1:4", "the tag '!' is not allowed"),
    ("!!set {a, b}\n", "1:1", "the tag"),
    ("<<: {a: 1}\n", "1:1", "a merge key is not allowed"),
    ("a: 1\n---\nb: 2\n", "2:1", "a second document"),
    ("a: 1\n...\n---\nb: 2\n", "3:1", "a second document"),
    ("", "1:1", "the file is empty"),
    ("# only a comment\n", "1:1", "the file is empty"),
    ("a: .nan\n", "1:4", "not a finite number"),
    ("a: [-.inf]\n", "1:5", "not a finite number"),
    ("a: 1e400\n", "1:4", "30 digits at most"),
    ("a: 1e-99999999999999999999999\n", "1:4", "30 digits at most"),
    ("a: " + "9" * 5000, "1:4", "30 digits at most"),
    ("a: 1234567890123456789012345678901\n", "1:4", "30 digits at most"),
    ("? [a]\n: 1\n", "1:3", "a key must be plain text"),
    ("{{a: 1}: 2}\n", "1:2", "a key must be plain text"),
    ("'': 1\n", "1:1", "a key is missing before the colon"),
    (": 1\n", "1:1", "not valid YAML"),
    ("[" * 900, "1:33", "nested deeper than 32"),
    ("[" * 100_000, "1:", "nested deeper than 32"),
    ("{a: " * 50 + "1" + "}" * 50, "1:129", "nested deeper than 32"),
    ("- " * 40 + "a\n", "1:65", "nested deeper than 32"),
    ("a: x\x00y\n", "1:5", "U+0000"),
    ("a: x\x1b[31m\n", "1:5", "U+001B"),
    ("a: x\u202ey\n", "1:5", "RIGHT-TO-LEFT OVERRIDE"),
    ("a: x\u200by\n", "1:5", "ZERO WIDTH SPACE"),
    ("a: x\u00ady\n", "1:5", "SOFT HYPHEN"),
    ("a: x\u2028y\n", "1:5", "LINE SEPARATOR"),
    ("a: x\u3164y\n", "1:5", "HANGUL FILLER"),
    ("a: x\ufe0fy\n", "1:5", "VARIATION SELECTOR"),
    ("a: x\U000e0041y\n", "1:5", "TAG LATIN CAPITAL LETTER A"),
    ("a: x\ud800y\n", "1:5", "U+D800"),
    ('a: "x\\u202ey"\n', "1:4", "RIGHT-TO-LEFT OVERRIDE"),
    ('a: "x\\0y"\n', "1:4", "U+0000"),
    ('"a\\e": 1\n', "1:1", "U+001B"),
    ("a: " + "x" * 20_001, "1:4", "longer than 20,000 characters"),
    ("[" + "1," * 50_001 + "]", "1:", "more than 50,000 values"),
    ("a:\tb: 1\n", "1:", "not valid YAML"),
    ("a: b: c\n", "1:", "not valid YAML"),
    ("a: 'x\n", "2:1", "not valid YAML"),
    ('a: "\\x"\n', "1:", "not valid YAML"),
    ("%YAML 9.9\n---\na: 1\n", "1:1", "not valid YAML"),
    ("a: @b\n", "1:4", "not valid YAML"),
])
def test_malformed_text_is_refused_with_its_place(text, place, says):
    refused = refusal(text)
    assert any(f"file.yaml:{place}" in str(p) and says in p.message for p in refused.problems), str(refused)


def test_all_faults_that_can_be_read_past_are_told_at_once():
    lines = [p.line for p in refusal("a: 1\na: 2\nb: !x 1\nc: &c 1\nd: .nan\n").problems]
    assert lines == [2, 3, 4, 5]


def test_a_file_of_nothing_but_faults_is_not_answered_at_length():
    assert len(refusal("[" + "&a 1," * 10_000 + "]").problems) == strict_yaml.MAX_PROBLEMS


def test_a_file_that_is_not_utf8_is_refused_with_its_place(tmp_path):
    file = tmp_path / "latin.yaml"
    file.write_bytes("a: 1\nb: ok\nc: caf".encode() + b"\xe9\n")
    assert f"{file}:3:7: the file is not UTF-8" in refused_file(file)


def test_utf16_is_refused(tmp_path):
    file = tmp_path / "wide.yaml"
    file.write_bytes("a: 1\n".encode("utf-16"))
    assert ":1:1: the file is not UTF-8" in refused_file(file)


def test_ten_megabytes_are_refused_unread(tmp_path):
    file = tmp_path / "big.yaml"
    file.write_bytes(b"a" * 10_000_000)
    assert "larger than 1,048,576 bytes" in refused_file(file)


def test_a_missing_file_a_folder_and_a_strange_name_are_refused(tmp_path):
    assert "there is no such file" in refused_file(tmp_path / "nowhere.yaml")
    assert "not a regular file" in refused_file(tmp_path)
    assert "cannot be opened" in refused_file(Path("a\0b.yaml"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "not a regular file" in refused_file(tmp_path / "pipe.yaml")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no devices here")
def test_a_device_is_refused():
    assert "not a regular file" in refused_file(Path("/dev/zero"))


def test_an_unprintable_file_name_is_shown_without_harm(tmp_path):
    assert "\x1b" not in refused_file(tmp_path / "a\x1b[31m.yaml")
