"""The corpus tab's parts: reading within limits, scoring in steps, thresholds, table, charts, files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.article import Article, Reject
from data.cleaning import clean_article
from data.language import detect_language
from serving.analysis import Analysis
from serving.analyze import Scores
from serving.bundle import BundleError
from serving.evidence import choose_evidence
from serving.page.app import build_page
from serving.page.corpus_charts import charts
from serving.page.corpus_files import scored_file
from serving.page.corpus_items import Item, at_thresholds, keep_possible, make_item, read_thresholds
from serving.page.corpus_reading import LIMITS, CorpusError, Reading, column_names, command, guess, read_corpus
from serving.page.corpus_scoring import STEP_ARTICLES, STEP_CHARACTERS, Corpus, score_corpus
from serving.page.corpus_table import View, counts_html, select, summary_html, table_html
from serving.rows import make_row
from serving.scorer import Scorer
from serving.service.batching import Batcher
from serving.service.problems import RefusedError
from serving.service.queued import QueuedScorer

COLUMNS = {"text": "isi", "title": "judul", "outlet": "media", "date": "tanggal"}
HOSTILE = "<script>alert(1)</script>"


def example(folder: Path) -> Path:
    path = folder / "contoh.csv"
    path.write_bytes(files("serving.page").joinpath("examples_corpus", "contoh.csv").read_bytes())
    return path


def scored(scorer: Scores, reading: Reading) -> Corpus:
    *_, last = score_corpus(scorer, reading)
    return last


def thresholds(scorer: Scorer) -> dict[str, float]:
    return dict(scorer.manifest.thresholds)


def test_columns_are_found_and_can_be_changed(tmp_path: Path) -> None:
    names = column_names(example(tmp_path))
    assert names == ["tanggal", "media", "judul", "isi"]
    found = guess(names)
    assert (found.text, found.title, found.outlet, found.date) == ("isi", "judul", "media", "tanggal")
    reading = read_corpus(tmp_path / "contoh.csv", {**COLUMNS, "outlet": ""})
    assert len(reading.articles) == 12 and not reading.rejects
    assert {a.outlet for a in reading.articles} == {None}


def test_ten_thousand_rows_are_refused_with_the_command(tmp_path: Path) -> None:
    path = tmp_path / "besar korpus.csv"
    path.write_text("isi\n" + "polisi menangkap\n" * 10_000, encoding="utf-8")
    with pytest.raises(CorpusError) as refused:
        read_corpus(path, {"text": "isi"})
    assert refused.value.key == "too_many_rows"
    assert refused.value.values["command"] == "sorot score 'besar korpus.csv' -o out.parquet"


def test_a_zip_bomb_is_refused_and_hostile_names_are_only_names(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * (LIMITS.unpacked_bytes + 1))
    with pytest.raises(CorpusError, match="bomb"):
        read_corpus(bomb, {})
    path = tmp_path / "k.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../keluar.txt", "Polisi menangkap terduga teroris.")
        archive.writestr("gambar.png", b"\x89PNG")
    reading = read_corpus(path, {})
    assert [a.id for a in reading.articles] == ["../../keluar"] and [r.file for r in reading.rejects] == ["gambar.png"]
    assert not (tmp_path.parent.parent / "keluar.txt").exists()
    path.write_bytes(b"PK\x03\x04 bukan zip")
    with pytest.raises(CorpusError, match="broken"):
        read_corpus(path, {})


def test_other_limits_and_broken_rows(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    path.write_text("isi,judul\npolisi,a\nhanya satu\n" + "x" * (LIMITS.characters + 1) + ",b\n", encoding="utf-8")
    reading = read_corpus(path, {"text": "isi"})
    assert len(reading.articles) == 1 and len(reading.rejects) == 2
    path.write_text(",".join(f"c{n}" for n in range(65)) + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="too_many_columns"):
        column_names(path)
    with pytest.raises(CorpusError, match="too_many_bytes"):
        column_names(path, replace(LIMITS, bytes=10))
    path.write_bytes(b"\x1f\x8b\x08packed")
    with pytest.raises(CorpusError, match="packed"):
        column_names(path)
    assert command("-x; rm.csv") == "sorot score './-x; rm.csv' -o out.parquet"


def scorers_row(scorer: Scorer, article: Article, at: dict[str, float]) -> dict[str, Any]:
    """The row that the scorer itself makes where these are its thresholds."""
    cleaned = clean_article(article)
    cleaned = replace(cleaned, language=detect_language(cleaned.body))
    manifest = scorer.manifest.model_copy(update={"thresholds": at})
    moved = replace(scorer, bundle=replace(scorer.bundle, manifest=manifest))
    return make_row(cleaned, moved.score([cleaned])[0], scorer.taxonomy)


ARTICLES = (
    Article(id="1", body="Pemerintah memblokir situs berita.\n\nWarga menentang aturan platform digital itu.", title="Sensor"),
    Article(id="2", body="Polisi menangkap terduga teroris di Jakarta. Bom ditemukan."),
    Article(id="3", body="The minister of finance said on Monday that the budget would be revised before the end of the year."),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_moved_thresholds_give_the_rows_that_the_scorer_would_have_made(tiny_scorer: Scorer, values: list[float]) -> None:
    at = dict(zip(thresholds(tiny_scorer), values, strict=True))
    corpus = scored(tiny_scorer, Reading(ARTICLES, ()))
    items = at_thresholds(corpus.items, at, tiny_scorer.taxonomy)
    assert [item.row for item in items] == [scorers_row(tiny_scorer, article, at) for article in ARTICLES]
    assert at_thresholds(items, thresholds(tiny_scorer), tiny_scorer.taxonomy) == corpus.items
    # All that shows labels shows these.
    html = counts_html(items, corpus.items, tiny_scorer.taxonomy, "en")
    _, data = scored_file(corpus, "csv", at, thresholds(tiny_scorer), tiny_scorer.taxonomy, "en")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    for topic, name in zip(at, ("Censorship", "Terrorism", "Platform regulation"), strict=True):
        held = [row["id"] for row in rows if topic in row["topics"].split(";")]
        assert f"{name}: {len(held)} articles" in html
        assert [item.row["id"] for item in select(items, View(topic=topic))] == held
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
    sentiment: Any = ("sentiment", analysis.sentiment)
    analysis = replace(
        analysis,
        topics=("censorship",),
        stance="oppose",
        probabilities=probabilities | {"stance": stances},
        contributions=shares,
        evidence=choose_evidence(shares, [("topics", "censorship"), ("stance", "oppose"), sentiment]),
    )
    item = make_item(cleaned, keep_possible(analysis, taxonomy), taxonomy)
    assert item.row == make_row(cleaned, analysis, taxonomy)

    def labels(at: float) -> tuple[list[str], str, set[str]]:
        [moved] = at_thresholds([item], dict.fromkeys(probabilities["topics"], at), taxonomy)
        return moved.row["topics"], moved.row["stance"], {e["label"] for e in moved.row["evidence"] if e["task"] != "sentiment"}

    assert labels(0.9) == ([], "none", set())
    assert labels(0.5) == (["censorship"], "oppose", {"censorship", "oppose"})
    assert labels(0.15) == (["censorship", "terrorism"], "oppose", {"censorship", "terrorism", "oppose"})


def item(**row: Any) -> Item:
    """An item with what tables and charts read."""
    full: dict[str, Any] = {
        "id": "1",
        "title": None,
        "outlet": None,
        "published": None,
        "topics": [],
        "stance": "none",
        "sentiment": "neutral",
    }
    return Item(full | {"withheld": None} | row, "", {}, None, [])


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_slider_on_the_mark_nearest_to_the_threshold_means_the_threshold(threshold: float, moved: float) -> None:
    at = read_thresholds([moved], {"a": threshold}, 0.01)["a"]
    assert at == moved or (at == threshold and abs(moved - threshold) <= 0.0051)


def test_what_a_caller_may_send_leaves_the_thresholds() -> None:
    sent: tuple[object, ...] = (None, "0.1", float("nan"), 7, [])
    for junk in sent:
        assert read_thresholds([junk], {"a": 0.4}, 0.01) == {"a": 0.4}


class Counting:
    """A scorer that counts, whose queue is full at first, and that fails where an article says so."""

    def __init__(self, scorer: Scorer, full: int = 0, most: int = 1_000) -> None:
        self.bundle, self.manifest, self.taxonomy = scorer.bundle, scorer.manifest, scorer.taxonomy
        self._scorer, self._full, self._most = scorer, full, most
        self.given: list[int] = []

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        if self._full or len(articles) > self._most:
            self._full = max(0, self._full - 1)
            raise RefusedError(429, "full", retry_after=1)
        for article in articles:
            if "terlalu" in article.body:
                raise RefusedError(422, "the article in text has too many sentences")
            if "rusak" in article.body:
                raise BundleError("/secret/bundle: this bundle gives values that are not finite")
        self.given.append(len(articles))
        return self._scorer.score(articles)


def test_a_repeat_is_scored_once_and_a_full_queue_is_waited_for(tiny_scorer: Scorer) -> None:
    articles = tuple(Article(id=str(n), body=f"Polisi menangkap {n // 2} orang di Jakarta.") for n in range(8))
    waits: list[float] = []
    scorer = Counting(tiny_scorer, full=4)
    *_, last = score_corpus(scorer, Reading(articles, ()), pause=waits.append)
    assert len(last.items) == last.done == 8 and sum(scorer.given) == 4 and waits == [1, 1]
    with pytest.raises(CorpusError, match="busy"):
        list(score_corpus(Counting(tiny_scorer, full=10_000), Reading(articles, ()), pause=waits.append))


@pytest.mark.parametrize("most", [1, 3])
def test_a_queue_that_takes_few_articles_takes_them_in_turn(tiny_scorer: Scorer, most: int) -> None:
    articles = tuple(Article(id=str(n), body=f"Polisi menangkap {n} orang di Jakarta.") for n in range(STEP_ARTICLES + 1))
    scorer, waits = Counting(tiny_scorer, most=most), list[float]()
    *_, last = score_corpus(scorer, Reading(articles, ()), pause=waits.append)
    assert len(last.items) == STEP_ARTICLES + 1 and max(scorer.given) <= most and waits == []
    batcher = Batcher(tiny_scorer, capacity=most, budget=8_192)
    try:
        *_, last = score_corpus(QueuedScorer(tiny_scorer, batcher), Reading(articles, ()), pause=waits.append)
    finally:
        batcher.close()
    assert [item.row["id"] for item in last.items] == [a.id for a in articles] and waits == []


def test_steps_end_at_characters_and_a_run_can_be_left_between_them(tiny_scorer: Scorer) -> None:
    body = "Polisi menangkap orang di Jakarta. " * (STEP_CHARACTERS // 30)
    articles = tuple(Article(id=str(n), body=f"{n} {body}") for n in range(4))
    scorer = Counting(tiny_scorer)
    steps = score_corpus(scorer, Reading(articles, ()))
    while next(steps).done == 0:
        pass
    steps.close()
    assert scorer.given == [1]
    # Nor does a run that waits for a full queue keep from being stopped.
    waits: list[float] = []
    steps = score_corpus(Counting(tiny_scorer, full=10_000), Reading(articles, ()), pause=waits.append)
    next(steps), next(steps)
    assert waits == [1]


def test_an_article_that_fails_is_a_reject_and_the_others_are_scored(tiny_scorer: Scorer) -> None:
    faults = {5: "rusak", 8: "terlalu panjang"}
    articles = tuple(Article(id=str(n), body=f"Artikel {n} {faults.get(n, 'baik')} di Jakarta.") for n in range(12))
    corpus = scored(Counting(tiny_scorer), Reading(articles, ()))
    assert [r.file for r in corpus.rejects] == ["5", "8"] and len(corpus.items) == 10 and corpus.done == 12
    assert "secret" not in summary_html(corpus.items, corpus.rejects, "en")


def test_a_service_that_stops_ends_the_run(tiny_scorer: Scorer) -> None:
    batcher = Batcher(tiny_scorer, capacity=8, budget=8_192)
    batcher.close()
    with pytest.raises(CorpusError, match="stopping"):
        list(score_corpus(QueuedScorer(tiny_scorer, batcher), Reading(ARTICLES, ())))


def test_hostile_text_is_text_in_table_and_charts(tiny_scorer: Scorer) -> None:
    article = Article(id="1", body=f"Polisi menangkap {HOSTILE}", title=HOSTILE, outlet=HOSTILE)
    corpus = scored(tiny_scorer, Reading((article,), ()))
    items = at_thresholds(corpus.items, dict.fromkeys(thresholds(tiny_scorer), 0.0), tiny_scorer.taxonomy)
    drawn = "".join(charts(items, tiny_scorer.taxonomy, "id").values())
    rejects = (Reject(HOSTILE, 1, HOSTILE),)
    html = table_html(items, 9, tiny_scorer.taxonomy, "id") + summary_html(items, rejects, "id") + drawn
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "bertanggal" in drawn


def test_filters_and_sorting(tiny_scorer: Scorer, tmp_path: Path) -> None:
    corpus = scored(tiny_scorer, read_corpus(example(tmp_path), COLUMNS))
    assert len(select(corpus.items, View(outlet="Warta Lereng"))) == 4
    assert [i.row["title"] for i in select(corpus.items, View(search="DAYUNG"))] == ["Tim Dayung Meraih Emas"]
    newest = [i.row["published"] for i in select(corpus.items, View(sort="sort_newest"))]
    assert newest[-1] is None and newest[:-1] == sorted(newest[:-1], reverse=True)
    p = [i.topics["terrorism"] for i in select(corpus.items, View(sort="p_terrorism"))]
    assert p == sorted(p, reverse=True)


@settings(deadline=None)
@given(st.text(max_size=12), st.floats(0, 1))
def test_a_downloaded_csv_runs_no_formula_and_keeps_numbers(tiny_scorer: Scorer, text: str, p: float) -> None:
    corpus = scored(tiny_scorer, Reading((Article(id="1", body="Polisi menangkap orang."),), ()))
    row = corpus.items[0].row | {"title": text, "outlet": text, "p_terrorism": p}
    corpus = replace(corpus, items=(replace(corpus.items[0], row=row),))
    at = thresholds(tiny_scorer)
    _, data = scored_file(corpus, "csv", at, at, tiny_scorer.taxonomy, "id")
    [read] = csv.DictReader(io.StringIO(data.decode(), newline=""))
    assert not read["title"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert read["title"].removeprefix("'") == text.removeprefix("'") and float(read["p_terrorism"]) == p


def test_a_file_by_moved_thresholds_says_so(tiny_scorer: Scorer, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    corpus = scored(tiny_scorer, read_corpus(example(tmp_path), COLUMNS))
    at = thresholds(tiny_scorer)
    moved = at | {"terrorism": 0.0}
    name, data = scored_file(corpus, "parquet", moved, at, tiny_scorer.taxonomy, "id")
    assert name == "sorot-terrorism-0.00.parquet"
    assert all("terrorism" in topics for topics in pq.read_table(io.BytesIO(data)).column("topics").to_pylist())
    name, data = scored_file(corpus, "svg", at, at, tiny_scorer.taxonomy, "en")
    assert name == "sorot-svg.zip" and len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == 3


def test_days_are_those_of_jakarta(tiny_scorer: Scorer) -> None:
    late = item(id="a", published="2024-01-31T18:00:00+00:00", topics=["terrorism"])
    early = item(id="b", published="2024-01-31T23:30:00+07:00", topics=["terrorism"])
    day = item(id="c", published="2023-06-01T00:00:00+07:00", topics=["terrorism"])
    items = [late, early, day]
    assert [i.row["id"] for i in select(items, View(sort="sort_oldest"))] == ["c", "b", "a"]
    assert [i.row["id"] for i in select(items, View(sort="sort_newest"))] == ["a", "b", "c"]
    html = table_html(items, 1, tiny_scorer.taxonomy, "id")
    assert "<td>2024-02-01</td>" in html and "<td>2024-01-31</td>" in html and "<td>2023-06-01</td>" in html
    drawn = charts(items, tiny_scorer.taxonomy, "id")["attention"]
    assert "2024-02: 1" in drawn and "2024-01: 1" in drawn and "2023-06: 1" in drawn


def test_charts_are_of_the_articles_on_a_topic(tiny_scorer: Scorer) -> None:
    off = [item(outlet="Ramai") for _ in range(9)]
    on = [
        item(outlet="Tenang", topics=["censorship"], stance="oppose"),
        item(outlet="Tenang", topics=["censorship"], stance="support", published="2024-01-31T00:00:00+07:00"),
    ]
    drawn = charts([*off, *on], tiny_scorer.taxonomy, "en")
    assert "Articles on a topic without a date, not in this chart: 1." in drawn["attention"]
    assert "Ramai" not in drawn["stance_by_outlet"] and "Tenang: n = 2; Supports 1, Opposes 1" in drawn["stance_by_outlet"]
    assert "articles on a topic" in drawn["stance_by_outlet"]


def test_on_the_indonesian_page_reasons_are_indonesian(tiny_scorer: Scorer, tmp_path: Path) -> None:
    path, other, table = tmp_path / "k.zip", tmp_path / "l.zip", tmp_path / "k.csv"
    members = {"a.png": b"\x89PNG", "b.txt": b" ", "c.txt": b"\0\1\2" * 99, "d.txt": b"x" * 200_001, "e.html": b"<p></p>"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("f.txt", b"teks")
    locked = bytearray(other.read_bytes())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    other.write_bytes(locked)
    table.write_text("isi,judul\nartikel yang rusak,a\n,b\nhanya satu\n", encoding="utf-8")
    corpus = scored(Counting(tiny_scorer), read_corpus(table, {"text": "isi"}))
    own = [*read_corpus(path, {}).rejects, *read_corpus(other, {}).rejects, *(r for r in corpus.rejects if r.row != 4)]
    assert len({r.reason for r in own}) == len(members) + 3
    html = summary_html((), own, "id")
    assert html.count("<li>") == len(own) and not [r for r in own if r.reason in html] and "Inggris" not in html
    html = summary_html((), corpus.rejects, "id")
    [foreign] = (r.reason for r in corpus.rejects if r.row == 4)
    assert "tidak dapat diberi label" in html.partition("Inggris")[0] and escape(foreign) in html.partition("Inggris")[2]
    assert "in English" not in summary_html((), corpus.rejects, "en")


@pytest.fixture
def handler(tiny_scorer: Scorer) -> Callable[[str], Callable[..., Any]]:
    """A function behind the tab, by its name."""
    page = build_page(tiny_scorer)
    named = {f.fn.__name__: f.fn for f in page.fns.values() if f.fn and "page.corpus_" in f.fn.__module__}
    return lambda name: named[name]


SKIPPED = {"__type__": "update"}


def test_what_was_found_before_stays_until_something_is_in_its_place(handler: Any, tmp_path: Path) -> None:
    path = example(tmp_path)
    for without in ("", None):
        *steps, last = handler("run")(str(path), *[without] * 6)
        assert all(step[:2] == (SKIPPED, SKIPPED) for step in (*steps, last)) and "Kolom teks belum dipilih" in last[2]
    *steps, last = handler("run")(str(path), "isi", *[None] * 5)
    given = [step[0] for step in steps if step[0] != SKIPPED]
    assert all(corpus.done for corpus in given) and len(given[-1].items) == 12 and last[:2] == (SKIPPED, SKIPPED)
    # In both languages: the page may be switched meanwhile.
    assert "Selesai." in last[2] and "Done." in last[2]
    assert "12 dari 12" in handler("stop")(given[-1], True)[0] and "12" not in handler("stop")(given[-1], False)[0]
    assert "Belum ada berkas" in list(handler("run")(None, *[None] * 6))[-1][2]


def test_a_run_that_has_to_wait_says_so_and_can_be_stopped(tiny_scorer: Scorer, handler: Any) -> None:
    _, said, cancel, start = handler("begin")()
    assert "Menunggu giliran" in said and cancel["visible"] is True and start["interactive"] is False
    fns = {f.fn.__name__: f for f in build_page(tiny_scorer).fns.values() if f.fn}
    assert fns["begin"].queue is False and fns["run"].concurrency_limit > 2


def results(handler: Any, name: str, corpus: Corpus | None, page: int, *filters: str, tongue: str = "id") -> Any:
    wanted = (*filters, *("",) * (6 - len(filters)))
    return handler(name)(corpus, page, None, None, None, *wanted, tongue)


def test_pages_are_turned_and_a_filter_goes_back_to_the_first(handler: Any) -> None:
    items = tuple(item(id=str(n), title=f"Judul {n}") for n in range(60))
    corpus = Corpus(items, (), 60, 60, 1.0)
    table, page, row, back, on = results(handler, "page_on", corpus, 2)
    assert "halaman 3 dari 3" in table and page == 3 and row["visible"] and back["interactive"] and not on["interactive"]
    assert results(handler, "page_on", corpus, 3)[1] == 3 and results(handler, "page_back", corpus, 1)[1] == 1
    table, page, row, *_ = results(handler, "narrow", corpus, 3, "judul 4")
    assert "11 artikel cocok; halaman 1 dari 1" in table and page == 1 and row["visible"] is False
    assert results(handler, "narrow", corpus, 3, "judul")[1] == 1


def test_the_language_is_switched_everywhere(handler: Any, tmp_path: Path) -> None:
    corpus = Corpus((item(outlet="Warta"),), (), 1, 1, 1.0)
    update = next(u for u in handler("switch_results")(corpus, "en")[1:] if u.get("label") == "Outlet")
    assert update["choices"] == [("All", ""), ("Warta", "Warta")] and "value" not in update
    told, *columns, first = handler("switch_file")(str(example(tmp_path)), "isi", *[""] * 5, "en")
    assert told == "" and "First rows" in first
    assert all(c["choices"][0] == ("(none)", "") and "value" not in c for c in columns)
    assert handler("switch_file")(str(tmp_path / "gone.csv"), "isi", *[""] * 5, "en")[0] == SKIPPED


def test_what_is_kept_of_a_visitor_is_kept_for_a_time(tiny_scorer: Scorer, handler: Any) -> None:
    page = build_page(tiny_scorer)
    run = next(f for f in page.fns.values() if f.fn and f.fn.__name__ == "run")
    shown = next(f for f in page.fns.values() if f.fn and f.fn.__name__ == "narrow")
    states = {b._id: b for f in (run, shown) for b in (*f.inputs, *f.outputs) if b.stateful}
    assert len(states) == 3 and all(0 < b.time_to_live <= 86_400 for b in states.values())
    for name in ("show", "narrow", "page_on"):
        assert "sudah dihapus" in results(handler, name, None, 1)[0]
