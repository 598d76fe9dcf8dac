"""The metadata of a page: its <meta> elements and JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sorot.data.reading.pages.tree import Element

MAX_JSON = 500_000
MAX_THINGS = 500


def read_meta(tree: Element) -> dict[str, str]:
    """Content of the <meta> elements by their name, property or itemprop in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        for kind in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(kind) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def read_json_ld(tree: Element) -> list[dict[str, Any]]:
    """All objects of the page's JSON-LD, from the outside in; broken scripts are skipped."""
    things: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:MAX_JSON].strip()
        # Some sites wrap the JSON in a comment, or leave a comma or semicolon at its end.
        text = re.sub(r"^(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)$", "", text).strip().rstrip(";")
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            try:
                value = json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
            except (ValueError, RecursionError):
                continue
        things.extend(_objects(value))
    return things[:MAX_THINGS]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(MAX_THINGS * 4):
        if not waiting:
            return
        thing = waiting.pop(0)
        if isinstance(thing, dict):
            yield thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            waiting.extend(thing)


def kinds_of(thing: dict[str, Any]) -> tuple[str, ...]:
    """The types of a JSON-LD object, in lower case."""
    kinds = thing.get("@type")
    return tuple(str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds]))


def articles_of(things: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The JSON-LD objects that are articles, then web pages: an article of a list of articles is another one."""
    listed = {id(thing) for item in things if {"itemlist", "listitem"} & set(kinds_of(item)) for thing in _objects(item)}
    own = [thing for thing in things if id(thing) not in listed]
    articles = [t for t in own if any(k.endswith(("article", "posting", "reportage")) for k in kinds_of(t))]
    return articles + [t for t in own if "webpage" in kinds_of(t)]
