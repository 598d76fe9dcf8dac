"""The worked case: what was planted in its articles is found (data/corpus/case, docs/case.md)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import sorot
from sorot.serving.quotes.find import find_quotes
from tests.serving.command import lines, run

CASE = Path(__file__).parents[3] / "data" / "corpus" / "case"
Records = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def planted() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((CASE / "facts.json").read_text(encoding="utf-8"))
    return facts


@pytest.fixture(scope="module")
def articles() -> Records:
    lines = (CASE / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


@pytest.fixture(scope="module")
def details(tmp_path_factory: pytest.TempPathFactory) -> tuple[Records, list[dict[str, Any]]]:
    """Groups by id, and the details of each copy."""
    folder = tmp_path_factory.mktemp("case")
    groups, pairs = folder / "groups.jsonl", folder / "details.jsonl"
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert run(monkeypatch, "stories", CASE / "articles.jsonl", "-o", groups, "--details", pairs) == 0
    records: list[dict[str, Any]] = list(lines(groups))
    return {record["id"]: record for record in records}, list(lines(pairs))


def test_who_copied_whom_is_found(planted: dict[str, Any], details: tuple[Records, list[dict[str, Any]]]) -> None:
    groups, _ = details
    copies = planted["copies"]
    found = [copy for copy, source in copies.items() if groups[copy]["copy"] and groups[copy]["copy"] == groups[source]["copy"]]
    assert len(found) >= 0.95 * len(copies)
    members = defaultdict(list)
    for key, record in groups.items():
        if record["copy"]:
            members[record["copy"]].append(copies.get(key, key))
    pairs = [pair for group in members.values() for pair in combinations(group, 2)]
    assert sum(a == b for a, b in pairs) >= 0.98 * len(pairs)


def test_copies_name_the_article_that_was_first(
    planted: dict[str, Any], details: tuple[Records, list[dict[str, Any]]], articles: Records
) -> None:
    _, pairs = details
    sources = {pair["id"]: pair["source"] for pair in pairs}
    right = [copy for copy, source in planted["copies"].items() if sources.get(copy) == source]
    assert len(right) >= 0.95 * len(planted["copies"])
    assert Counter(articles[source]["outlet"] for source in sources.values()).most_common(1)[0][0] == "Kantor Berita Nusa"


def test_who_is_quoted_most_is_found(planted: dict[str, Any], articles: Records) -> None:
    counts = Counter(
        quote.speaker
        for key in planted["stances"]
        for quote in find_quotes(articles[key]["title"], articles[key]["text"])
        if quote.type == "direct"
    )
    given = planted["direct_quotes"]
    most = max(given, key=given.__getitem__)
    assert counts.most_common(1)[0][0] == most
    # A quote that its attribution interrupts is counted once or twice.
    assert abs(counts[most] - given[most]) <= 0.15 * given[most]


def test_the_day_on_which_an_outlet_changed_its_tone_shows(planted: dict[str, Any], articles: Records) -> None:
    change = planted["changed_tone"]
    own = [record for key, record in articles.items() if record["outlet"] == change["outlet"] and key in planted["stances"]]
    analyses = list(sorot.load().analyze_many(f"{record['title']}\n\n{record['text']}" for record in own))
    after = [
        analysis["stance"] == change["after"] for analysis, r in zip(analyses, own, strict=True) if r["date"] >= change["from"]
    ]
    before = [
        analysis["stance"] == change["after"] for analysis, r in zip(analyses, own, strict=True) if r["date"] < change["from"]
    ]
    assert sum(after) > 0.8 * len(after) and sum(before) < 0.5 * len(before)
