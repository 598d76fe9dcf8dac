"""Quotes in an analysis: found where they stand, labelled by the model, in every form that a user sees."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sorot.data.article import Article
from sorot.data.text.windows import encode_article
from sorot.serving.answers import Options, make_answer, quote_model
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.pooling import token_logits
from sorot.serving.model.quoted import quote_logits, token_places
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.article.quotes_view import quotes_html
from sorot.serving.quotes.find import find_quotes
from sorot.serving.quotes.quote import Quote
from tests.serving.command import lines, run

BODY = (
    "Pemerintah memblokir situs berita itu sejak Senin.\n\n"
    '"Langkah itu berlebihan dan melanggar <b>kebebasan</b> pers," kata Rina Hartati di kantornya. '
    "Budi Santoso menilai pemblokiran itu perlu demi keamanan nasional."
)
ARTICLE = Article(id="a", title="Situs berita diblokir", body=BODY, language="id")
SPEAKERS = ["Rina Hartati", "Budi Santoso"]


@pytest.fixture(scope="module")
def analysis(tiny_scorer: Scorer) -> Analysis:
    return tiny_scorer.score([ARTICLE])[0]


def test_quotes_have_speakers_and_a_label_for_every_task_of_one(analysis: Analysis, tiny_scorer: Scorer) -> None:
    assert [q.speaker for q in analysis.quotes] == SPEAKERS
    assert all(BODY[q.start : q.end] == q.text for q in analysis.quotes)
    for quote in analysis.quotes:
        assert list(quote.labels) == [task.key for task in tiny_scorer.taxonomy.one_tasks] == list(quote.probabilities)
        for task in tiny_scorer.taxonomy.one_tasks:
            assert quote.labels[task.key] in (*task.keys, None)
            assert sum(quote.probabilities[task.key].values()) == pytest.approx(1, abs=1e-5)


def test_a_quote_that_is_the_whole_text_has_the_logits_of_the_text(tiny_scorer: Scorer) -> None:
    body = "Langkah itu berlebihan dan melanggar kebebasan pers di negeri ini."
    encoded = encode_article(Article("a", body, language="id"), tiny_scorer.tokenizer, tiny_scorer.manifest.max_tokens)
    ids = [encoded.ids[start:stop] for start, stop in encoded.windows]
    [tokens] = tiny_scorer.runtime.run(ids)
    columns = tiny_scorer.taxonomy.columns()
    whole, part = Quote("direct", 0, len(body), body, None, None), Quote("direct", 0, 11, body[:11], None, None)
    # Another quote beside it changes nothing.
    [logits, _] = quote_logits([whole, part], encoded, tokens, columns, tiny_scorer.tokenizer, tiny_scorer.wide)
    expected = token_logits(*tokens, columns).sum(axis=0) + tiny_scorer.wide.segment_logits(encoded.segments).sum(axis=0)
    np.testing.assert_allclose(logits, expected, atol=1e-4)


def test_tokens_stand_where_their_letters_are(tiny_scorer: Scorer) -> None:
    encoded = encode_article(ARTICLE, tiny_scorer.tokenizer, tiny_scorer.manifest.max_tokens)
    quotes = find_quotes(ARTICLE.title, BODY)
    places = token_places(encoded, quotes, tiny_scorer.tokenizer)
    assert places.shape == (encoded.n_tokens, 2)
    for at, (start, end) in enumerate(places):
        segment = encoded.segments[encoded.segment[at]]
        quoted = segment.start is not None and any(q.start < (segment.end or 0) and segment.start < q.end for q in quotes)
        assert (start >= 0) == quoted
        if quoted:
            assert (segment.start or 0) <= start < end <= (segment.end or 0)


def test_labels_are_null_where_the_model_is_not_sure(tiny_scorer: Scorer) -> None:
    manifest = tiny_scorer.manifest
    tasks = [task.key for task in tiny_scorer.taxonomy.one_tasks]

    def labels(least: float) -> list[str | None]:
        sets = {"coverage": 0.9, "articles": 10, "least": dict.fromkeys(tasks, least)}
        moved = type(manifest).model_validate(manifest.model_dump() | {"label_sets": sets})
        [found] = replace(tiny_scorer, bundle=replace(tiny_scorer.bundle, manifest=moved)).score([ARTICLE])
        return [q.labels[t] for q in found.quotes for t in tasks if found[t] != tiny_scorer.taxonomy.task(t).default]

    assert all(label is None for label in labels(0.0001))
    assert all(label is not None for label in labels(0.9999)) and labels(0.9999)


def test_labels_follow_the_default_of_the_article(analysis: Analysis, tiny_scorer: Scorer) -> None:
    high = analysis.with_thresholds({task.key: 1.0 for task in tiny_scorer.taxonomy.many_tasks})
    for task in tiny_scorer.taxonomy.one_tasks:
        if task.without is not None and high[task.without] == ():
            assert [q.labels[task.key] for q in high.quotes] == [task.default, task.default]
    back = high.with_thresholds(tiny_scorer.manifest.thresholds)
    assert back.quotes == analysis.quotes


def test_withheld_articles(tiny_scorer: Scorer) -> None:
    english = 'The site was blocked on Monday. "This goes much too far," said the chair of the press council in the capital.'
    [foreign] = tiny_scorer.score([Article("e", english, language="en")])
    [bare] = tiny_scorer.score_each([ARTICLE], quotes=False)
    assert foreign.withheld == "language" and foreign.quotes == bare.quotes == ()


def test_forms(analysis: Analysis, tiny_scorer: Scorer) -> None:
    taxonomy = tiny_scorer.taxonomy
    plain = json.loads(json.dumps(analysis.to_dict()["quotes"]))
    answer = make_answer(ARTICLE, analysis, Options(), taxonomy)
    assert [q.model_dump() for q in answer.quotes] == plain and [q["speaker"] for q in plain] == SPEAKERS
    schema = quote_model(taxonomy).model_json_schema()["properties"]
    assert set(schema) == set(plain[0])
    for shown in (analysis._repr_html_(), *(quotes_html(analysis, taxonomy, language) for language in ("id", "en"))):
        assert shown is not None
        assert all(name in shown for name in SPEAKERS) and "<b>kebebasan" not in shown and "&lt;b&gt;kebebasan" in shown


def test_the_page_says_that_there_are_none(tiny_scorer: Scorer) -> None:
    [silent] = tiny_scorer.score([Article("s", "Pemerintah memblokir situs berita itu sejak hari Senin.", language="id")])
    assert "no quotes" in quotes_html(silent, tiny_scorer.taxonomy, "en")
    assert quotes_html(None, tiny_scorer.taxonomy, "id") == ""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "a", "title": ARTICLE.title, "text": BODY.replace("<b>", "").replace("</b>", "")}) + "\n")
    return path


def test_the_command_gives_labels_with_a_model_only(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, tiny_bundle: Path, tiny_scorer: Scorer, tmp_path: Path
) -> None:
    labelled, bare = tmp_path / "labelled.jsonl", tmp_path / "bare.jsonl"
    assert run(monkeypatch, "quotes", corpus, "-o", labelled, "--bundle", tiny_bundle) == 0
    assert run(monkeypatch, "quotes", corpus, "-o", bare, "--no-model") == 0
    [with_labels], [without] = lines(labelled), lines(bare)
    tasks = {task.key for task in tiny_scorer.taxonomy.one_tasks}
    assert isinstance(with_labels["quotes"], list) and isinstance(without["quotes"], list)
    assert [{k: v for k, v in q.items() if k not in tasks} for q in with_labels["quotes"]] == without["quotes"]
    assert all(tasks <= set(q) for q in with_labels["quotes"])


def test_a_model_named_and_left_out(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "quotes", corpus, "--no-model", "--bundle", tiny_bundle) == 2
    assert "give one of the two" in capsys.readouterr().err


def test_a_column_of_quotes_only_if_asked_for(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    parquet, jsonl, bare = tmp_path / "out.parquet", tmp_path / "out.jsonl", tmp_path / "bare.jsonl"
    for output, more in ((parquet, ["--quotes"]), (jsonl, ["--quotes"]), (bare, [])):
        assert run(monkeypatch, "score", corpus, "-o", output, "--bundle", tiny_bundle, "--workers", "1", *more) == 0
    [row] = pq.read_table(parquet).to_pylist()
    assert row["quotes"] == lines(jsonl)[0]["quotes"] and [q["speaker"] for q in row["quotes"]] == SPEAKERS
    assert "quotes" not in lines(bare)[0]
