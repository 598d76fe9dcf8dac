"""Findings over the open corpus: shares with bands, speakers, stories, the report, and the drift of the Model tab."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.bundle import load_bundle
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.corpus.charts.counting import by_outlet
from sorot.serving.page.corpus.charts.vega import as_plot
from sorot.serving.page.corpus.findings.bands import bands_note, bands_numbers_html, bands_spec, find_bands
from sorot.serving.page.corpus.findings.report_file import report_file
from sorot.serving.page.corpus.findings.speakers import speakers_html, speakers_in
from sorot.serving.page.corpus.findings.stories import stories_html
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus, open_corpus
from sorot.serving.page.corpus.kept.query import Query, passing
from sorot.serving.page.corpus.uploads.corpus_file import read_corpus_file
from sorot.serving.page.model.drift import drift_html, find_drift
from sorot.serving.page.model.mistakes import read_mistakes
from tests.serving.corpora import COLUMNS, scored, thresholds

TAXONOMY = load_taxonomy()
[TOPICS, STANCE, _] = TAXONOMY.tasks
ARTICLES = 12


@pytest.fixture(scope="module")
def corpus(tiny_scorer: Scorer, tmp_path_factory: pytest.TempPathFactory) -> OpenCorpus:
    """Articles of our own, and the first of them once more in another outlet a day later."""
    lines = files("sorot.data.corpus").joinpath("articles.jsonl").read_text(encoding="utf-8").splitlines()[:ARTICLES]
    rows = [json.loads(line) for line in lines]
    rows.append(rows[0] | {"id": "salinan", "outlet": "Kabar <b>Salinan</b>"})
    path = tmp_path_factory.mktemp("findings") / "korpus.jsonl"
    path.write_text(
        "".join(
            json.dumps({"isi": r["text"], "judul": r["title"], "media": r["outlet"], "tanggal": r["date"]}) + "\n" for r in rows
        ),
        encoding="utf-8",
    )
    found = scored(tiny_scorer, read_corpus_file(path, COLUMNS))
    return open_corpus("korpus.jsonl", found, thresholds(tiny_scorer), tiny_scorer.taxonomy)


def gos(html: str) -> list[dict[str, object]]:
    return [json.loads(unescape(found)) for found in re.findall(r'data-go="([^"]*)"', html)]


def test_a_speaker_leaves_the_articles_that_quote_them(corpus: OpenCorpus) -> None:
    everything = passing(corpus, Query())
    speakers, total, unnamed = speakers_in(corpus, everything)
    assert total == sum(len(item.quotes) for item in corpus.items) == sum(s.quotes for s in speakers) + unnamed > 0
    first, go = speakers[0], gos(speakers_html(corpus, everything, "id"))[0]
    assert go == {"picked": first.places}
    assert all(first.name in corpus.items[place].text for place in first.places)
    assert "No named speaker" in speakers_html(corpus, np.zeros(len(corpus.items), dtype=bool), "en")


def test_an_article_printed_twice_is_one_story(corpus: OpenCorpus) -> None:
    everything = passing(corpus, Query())
    html = stories_html(corpus, everything, "en")
    assert {"picked": [0, ARTICLES]} in gos(html)
    assert "No story" in stories_html(corpus, everything & (np.arange(len(corpus.items)) != 0), "en")
    groups, _ = by_outlet(corpus, everything, TOPICS)
    told, _ = by_outlet(corpus, everything, TOPICS, stories=True)
    assert sum(g.n for g in groups) == ARTICLES + 1 and max(g.n for g in told) <= max(g.n for g in groups)


def test_every_band_holds_its_share_and_a_click_leaves_its_articles(corpus: OpenCorpus) -> None:
    everything, confusion = passing(corpus, Query()), load_bundle().manifest.confusion
    for task in TAXONOMY.tasks:
        found = find_bands(corpus, everything, task, "outlet", confusion, "id")
        assert found[0].n and len(found) > 2
        assert all(0 <= one.low <= one.share <= one.high <= 1 for group in found for one in group.estimates)
        spec = bands_spec(found, task, TAXONOMY, "id")
        assert as_plot(spec).plot and len(spec["data"]["values"]) == sum(len(g.estimates) for g in found)
        for value in spec["data"]["values"]:
            outlet = value["go"].get("outlet")
            query = Query(labels={task.key: tuple(value["go"]["labels"][task.key])}, outlets=(outlet,) if outlet else ())
            assert passing(corpus, query).sum() == value["n"]
        assert "data-go" in bands_numbers_html(found, task, "id")
    assert "Galat dianggap sama" in bands_note(found, "id") and "kurang dari 30" in bands_note(found, "id")
    # The labels of the task itself are no groups of it.
    assert len(find_bands(corpus, everything, STANCE, STANCE.key, confusion, "id")) <= 1


def test_the_report_is_of_the_filtered_articles_and_in_the_language_of_the_page(corpus: OpenCorpus, tiny_scorer: Scorer) -> None:
    name, data = report_file(corpus, range(len(corpus.items)), tiny_scorer.bundle, "en")
    text = data.decode()
    assert name == "sorot-en.html" and '<html lang="en"' in text and "<b>Salinan" not in text
    other, fewer = report_file(corpus, range(3), tiny_scorer.bundle, "id")
    assert other == "sorot-id.html" and '<html lang="id"' in fewer.decode() and b'"articles": 3,' in fewer


def test_drift_compares_the_last_corpus_and_says_what_to_do_without_one(corpus: OpenCorpus, tiny_scorer: Scorer) -> None:
    shipped = load_bundle()
    drift = find_drift(corpus, shipped)
    assert drift and {m.name for m in drift.measures} >= {"length in tokens", "language"}
    html = drift_html(drift, corpus.name, shipped, "id")
    assert corpus.name in html and "panjang (token)" in html and ("Berbeda" in html or "Seperti" in html)
    assert find_drift(None, shipped) is None and "tab Korpus" in drift_html(None, "", shipped, "id")
    none = replace(tiny_scorer.bundle, manifest=tiny_scorer.manifest.model_copy(update={"reference": None}))
    assert find_drift(corpus, none) is None and "does not say" in drift_html(None, "", none, "en")


def test_mistakes_are_those_of_the_shipped_model_alone() -> None:
    bundle = load_bundle()
    found = read_mistakes(f"{bundle.manifest.name}-{bundle.manifest.version}", bundle.taxonomy, "en")
    assert [one.name for one in found] == [task.name("en") for task in bundle.taxonomy.tasks]
    own = {json.loads(line)["title"] for name in ("held_out", "beats_held_out") for line in _lines(name)}
    for task in found:
        assert 0 < len(task.examples) <= task.wrong <= task.articles
        assert all(one.title in own and one.true != one.given for one in task.examples)
    assert read_mistakes("another-1.0", bundle.taxonomy, "en") == []


def _lines(name: str) -> list[str]:
    return Path(str(files("sorot.data.corpus").joinpath(f"{name}.jsonl"))).read_text(encoding="utf-8").splitlines()
