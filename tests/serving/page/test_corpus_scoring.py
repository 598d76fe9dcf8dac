"""A corpus scored in steps, and its rows at thresholds that are moved."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.cleaning.clean import clean_article
from sorot.data.text.language import detect_language
from sorot.serving.model.evidence import choose_evidence
from sorot.serving.model.scorer import Scorer
from sorot.serving.output.columns import output_columns
from sorot.serving.output.rows import make_row
from sorot.serving.page.corpus.download import scored_file
from sorot.serving.page.corpus.limits import CorpusError
from sorot.serving.page.corpus.scored_articles import keep_possible, make_scored_article, read_thresholds, relabel
from sorot.serving.page.corpus.scoring import STEP_ARTICLES, STEP_CHARACTERS, score_corpus
from sorot.serving.page.corpus.uploads.corpus_file import CorpusFile
from sorot.serving.page.corpus.workbench.table import counts_html, summary_html
from sorot.serving.service.batching import Batcher
from sorot.serving.service.queued_scorer import QueuedScorer
from tests.serving.corpora import ARTICLES, Counting, scored, thresholds


def test_a_repeat_is_scored_once_and_a_full_queue_is_waited_for(tiny_scorer: Scorer) -> None:
    articles = tuple(Article(id=str(n), body=f"Polisi menangkap {n // 2} orang di Jakarta.") for n in range(8))
    waits: list[float] = []
    scorer = Counting(tiny_scorer, full=4)
    *_, last = score_corpus(scorer, CorpusFile(articles, ()), pause=waits.append)
    assert len(last.items) == last.done == 8 and sum(scorer.given) == 4 and waits == [1, 1]
    with pytest.raises(CorpusError, match="busy"):
        list(score_corpus(Counting(tiny_scorer, full=10_000), CorpusFile(articles, ()), pause=waits.append))


@pytest.mark.parametrize("most", [1, 3])
def test_a_queue_that_takes_few_articles_takes_them_in_turn(tiny_scorer: Scorer, most: int) -> None:
    articles = tuple(Article(id=str(n), body=f"Polisi menangkap {n} orang di Jakarta.") for n in range(STEP_ARTICLES + 1))
    scorer, waits = Counting(tiny_scorer, most=most), list[float]()
    *_, last = score_corpus(scorer, CorpusFile(articles, ()), pause=waits.append)
    assert len(last.items) == STEP_ARTICLES + 1 and max(scorer.given) <= most and waits == []
    batcher = Batcher(tiny_scorer, capacity=most, budget=8_192)
    try:
        *_, last = score_corpus(QueuedScorer(tiny_scorer, batcher), CorpusFile(articles, ()), pause=waits.append)
    finally:
        batcher.close()
    assert [item.row["id"] for item in last.items] == [a.id for a in articles] and waits == []


def test_steps_end_at_characters_and_a_run_can_be_left_between_them(tiny_scorer: Scorer) -> None:
    body = "Polisi menangkap orang di Jakarta. " * (STEP_CHARACTERS // 30)
    articles = tuple(Article(id=str(n), body=f"{n} {body}") for n in range(4))
    scorer = Counting(tiny_scorer)
    steps = score_corpus(scorer, CorpusFile(articles, ()))
    while next(steps).done == 0:
        pass
    steps.close()
    assert scorer.given == [1]
    # Nor does a run that waits for a full queue keep from being stopped.
    waits: list[float] = []
    steps = score_corpus(Counting(tiny_scorer, full=10_000), CorpusFile(articles, ()), pause=waits.append)
    next(steps), next(steps)
    assert waits == [1]


def test_an_article_that_fails_is_a_reject_and_the_others_are_scored(tiny_scorer: Scorer) -> None:
    faults = {5: "rusak", 8: "terlalu panjang"}
    articles = tuple(Article(id=str(n), body=f"Artikel {n} {faults.get(n, 'baik')} di Jakarta.") for n in range(12))
    corpus = scored(Counting(tiny_scorer), CorpusFile(articles, ()))
    assert [r.file for r in corpus.rejects] == ["5", "8"] and len(corpus.items) == 10 and corpus.done == 12
    assert "secret" not in summary_html("k.csv", corpus.items, corpus.rejects, tiny_scorer.taxonomy, "en")


def test_a_service_that_stops_ends_the_run(tiny_scorer: Scorer) -> None:
    batcher = Batcher(tiny_scorer, capacity=8, budget=8_192)
    batcher.close()
    with pytest.raises(CorpusError, match="stopping"):
        list(score_corpus(QueuedScorer(tiny_scorer, batcher), CorpusFile(ARTICLES, ())))


def scorers_row(scorer: Scorer, article: Article, at: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The row that the scorer itself makes where these are its thresholds."""
    cleaned = clean_article(article)
    cleaned = replace(cleaned, language=detect_language(cleaned.body))
    manifest = scorer.manifest.model_copy(update={"thresholds": at})
    moved = replace(scorer, bundle=replace(scorer.bundle, manifest=manifest))
    return make_row(cleaned, moved.score([cleaned])[0], output_columns(scorer.taxonomy))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_moved_thresholds_give_the_rows_that_the_scorer_would_have_made(tiny_scorer: Scorer, values: list[float]) -> None:
    [task] = tiny_scorer.taxonomy.many_tasks
    at = {task.key: dict(zip(task.keys, values, strict=True))}
    corpus = scored(tiny_scorer, CorpusFile(ARTICLES, ()))
    items = relabel(corpus.items, at, tiny_scorer.taxonomy)
    assert [item.row for item in items] == [scorers_row(tiny_scorer, article, at) for article in ARTICLES]
    assert relabel(items, thresholds(tiny_scorer), tiny_scorer.taxonomy) == corpus.items
    # All that shows labels shows these.
    html = counts_html(items, corpus.items, tiny_scorer.taxonomy, "en")
    _, data = scored_file(items, "csv", at, thresholds(tiny_scorer), tiny_scorer.taxonomy)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for topic, name in zip(task.keys, ("Censorship", "Terrorism", "Platform regulation"), strict=True):
        held = [row["id"] for row in rows if topic in row["topics"].split(";")]
        assert f"{name}: {len(held)} articles" in html
    for row in rows:
        told = {e["label"] for e in json.loads(row["evidence"]) if e["task"] == "topics"}
        assert told <= set(row["topics"].split(";")) and (row["topics"] or row["stance"] in ("none", ""))


def test_topics_leave_and_come_back_with_stance_and_evidence(tiny_scorer: Scorer) -> None:
    taxonomy = tiny_scorer.taxonomy
    stances = {"support": 0.1, "oppose": 0.6, "neutral": 0.2, "none": 0.1}
    cleaned = replace(ARTICLES[0], language="id")
    analysis = tiny_scorer.score([cleaned])[0]
    probabilities: Any = analysis.probabilities | {"topics": {"censorship": 0.7, "terrorism": 0.2, "platform_regulation": 0.1}}
    shares = tuple(replace(e, contribution=1.0) for e in analysis.contributions)
    sentiment: Any = ("sentiment", analysis["sentiment"])
    analysis = replace(
        analysis,
        labels={**analysis.labels, "topics": ("censorship",), "stance": "oppose"},
        probabilities=probabilities | {"stance": stances},
        contributions=shares,
        evidence=choose_evidence(shares, [("topics", "censorship"), ("stance", "oppose"), sentiment]),
    )
    item = make_scored_article(cleaned, keep_possible(analysis, taxonomy), taxonomy)
    assert item.row == make_row(cleaned, analysis, output_columns(taxonomy))

    def labels(at: float) -> tuple[list[str], str, set[str]]:
        [moved] = relabel([item], {"topics": dict.fromkeys(probabilities["topics"], at)}, taxonomy)
        return moved.row["topics"], moved.row["stance"], {e["label"] for e in moved.row["evidence"] if e["task"] != "sentiment"}

    assert labels(0.9) == ([], "none", set())
    assert labels(0.5) == (["censorship"], "oppose", {"censorship", "oppose"})
    assert labels(0.15) == (["censorship", "terrorism"], "oppose", {"censorship", "terrorism", "oppose"})


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_slider_on_the_mark_nearest_to_the_threshold_means_the_threshold(threshold: float, moved: float) -> None:
    at = read_thresholds([moved], {"task": {"a": threshold}}, 0.01)["task"]["a"]
    assert at == moved or (at == threshold and abs(moved - threshold) <= 0.0051)


def test_what_a_caller_may_send_leaves_the_thresholds() -> None:
    sent: tuple[object, ...] = (None, "0.1", float("nan"), 7, [])
    for junk in sent:
        assert read_thresholds([junk], {"task": {"a": 0.4}}, 0.01) == {"task": {"a": 0.4}}
