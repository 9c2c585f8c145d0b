"""A price put into the text of a catalog file, with everything else left as it is, to the byte."""
from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import yaml

from planner.domain.catalog import Price
from planner.reading.files import refuse
from planner.reading.strict_yaml import from_bytes

_BOM = b"\xef\xbb\xbf"
_FIELDS = ("unit", "amount", "currency", "valid_from", "source", "date", "estimate", "low", "high", "note")


def with_price(name: str, raw: bytes, offer: str, price: Price) -> bytes:
    """The bytes of a catalog file with one more price at the end of an offer's list. Raises Refused where the file holds no such offer,
    or is written in a way that a line cannot be put into: the result is read again, and must say the same and one price more."""
    before = from_bytes(name, raw)
    places = [i for i, held in enumerate(_offers(before.data)) if isinstance(held, dict) and held.get("id") == offer]
    if len(places) != 1 or not before.data["offers"][places[0]].get("prices"):
        raise refuse(name, f"there is no offer {offer!r} with a price here")
    bom = raw.startswith(_BOM)
    text = raw.decode("utf-8-sig")
    edited = _inserted(text, places[0], price).encode("utf-8")
    edited = (_BOM if bom else b"") + edited
    expected = deepcopy(before.data)
    expected["offers"][places[0]]["prices"].append(_plain(price))
    if from_bytes(name, edited).data != expected:
        raise refuse(name, f"a price of the offer {offer!r} cannot be added without touching other lines", hint="add it by hand")
    return edited


def _offers(data: Any) -> list[Any]:
    held = data.get("offers") if isinstance(data, dict) else None
    return held if isinstance(held, list) else []


def _plain(price: Price) -> dict[str, Any]:
    """The fields of a price as the strict reader gives them back."""
    given = {key: getattr(price, key) for key in _FIELDS}
    return {key: _scalar(value) for key, value in given.items() if value is not None and value is not False}


def _scalar(value: Any) -> bool | int | Decimal | str:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    return value if isinstance(value, bool) else str(value)


def _flow(price: Price) -> str:
    """One line of flow-style YAML; the note is the only free text, and is quoted."""
    words = {key: format(value, "f") if isinstance(value, Decimal) else str(value) for key, value in _plain(price).items()}
    if price.estimate:
        words["estimate"] = "true"
    if "note" in words:
        words["note"] = '"' + words["note"].replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "{" + ", ".join(f"{key}: {value}" for key, value in words.items()) + "}"


def _inserted(text: str, offer: int, price: Price) -> str:
    """The text with the price behind the last one, in the style of its list."""
    prices = _child(_child(yaml.compose(text, Loader=yaml.SafeLoader), "offers").value[offer], "prices")
    last = prices.value[-1]
    newline = "\r\n" if "\r\n" in text else "\n"
    end, start = _end(last).index, last.start_mark.index
    begin = text.rfind("\n", 0, start) + 1
    lead = text[begin:start]
    if prices.flow_style:
        gap = "," + (newline + lead if not lead.strip() else " ")
        return text[:end] + gap + _flow(price) + text[end:]
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop - (text[stop - 1] == "\r")
    dash = lead[: lead.rfind("-")] if lead.rstrip().endswith("-") else lead
    return text[:stop] + newline + dash + "- " + _flow(price) + text[stop:]


def _child(node: Any, key: str) -> Any:
    return next(value for name, value in node.value if name.value == key)


def _end(node: Any) -> Any:
    """Where what a node says ends; a block's own mark lies behind the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        return node.end_mark
    child = node.value[-1]
    return _end(child[1] if isinstance(child, tuple) else child)
