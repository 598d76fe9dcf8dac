"""The workbench of the Corpus tab: filters, charts, words, map, the article, and sessions that outlive a reload."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.findings.distinctive_words import distinctive_words
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.app import build_page
from sorot.serving.page.common.label_styles import label_style
from sorot.serving.page.corpus.charts.counting import by_outlet, by_period, fitting_unit
from sorot.serving.page.corpus.charts.label_charts import outlet_spec, time_spec
from sorot.serving.page.corpus.charts.panels import map_html, pair_html, words_html
from sorot.serving.page.corpus.charts.vega import as_plot
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus, open_corpus
from sorot.serving.page.corpus.kept.query import NO_OUTLET, Query, in_order, passing, read_day, read_query
from sorot.serving.page.corpus.kept.sessions import CorpusSessions, SessionError
from sorot.serving.page.corpus.kept.word_matrix import count_words
from sorot.serving.page.corpus.limits import CorpusError
from sorot.serving.page.corpus.uploads.corpus_file import CorpusFile, read_corpus_file
from sorot.serving.page.corpus.workbench.reader import reader_html
from sorot.serving.page.corpus.workbench.table import summary_html, table_html
from tests.serving.corpora import COLUMNS, example, item, opened, scored, thresholds

HOSTILE = "<script>alert(1)</script>"
TAXONOMY = load_taxonomy()
[TOPICS, STANCE, SENTIMENT] = TAXONOMY.tasks


@pytest.fixture(scope="module")
def corpus(tiny_scorer: Scorer, tmp_path_factory: pytest.TempPathFactory) -> OpenCorpus:
    """The twelve articles of the example, scored and opened."""
    read = read_corpus_file(example(tmp_path_factory.mktemp("corpus")), COLUMNS)
    return open_corpus("contoh.csv", scored(tiny_scorer, read), thresholds(tiny_scorer), tiny_scorer.taxonomy)


def ids(found: OpenCorpus, query: Query) -> list[str]:
    return [found.items[row].row["id"] for row in in_order(found, passing(found, query), query.sort)]


def test_each_filter_leaves_its_articles_and_all_together_those_of_all(corpus: OpenCorpus) -> None:
    assert passing(corpus, Query()).sum() == len(corpus.items) == 12
    assert passing(corpus, Query(outlets=("Warta Lereng",))).sum() == 4
    [row] = np.flatnonzero(passing(corpus, Query(search="DAYUNG")))
    assert corpus.items[row].row["title"] == "Tim Dayung Meraih Emas"
    for task in TAXONOMY.tasks:
        for key in task.keys:
            flags = passing(corpus, Query(labels={task.key: (key,)}))
            assert flags.tolist() == corpus.held[task.key][key].tolist()
    p = corpus.probabilities(TOPICS.key, TOPICS.keys[0])
    some = passing(corpus, Query(score=f"{TOPICS.key}/{TOPICS.keys[0]}", least=0.2, most=0.6))
    assert some.tolist() == ((p >= 0.2) & (p <= 0.6)).tolist()
    both = Query(outlets=("Warta Lereng",), picked=(0, 1, 2, 3, 99))
    assert passing(corpus, both).tolist() == [
        place < 4 and corpus.items[place].row["outlet"] == "Warta Lereng" for place in range(12)
    ]


def test_days_are_those_of_jakarta_and_undated_articles_come_last() -> None:
    found = opened(
        item(id="a", published="2024-01-31T18:00:00+00:00"),
        item(id="b", published="2024-01-31T23:30:00+07:00"),
        item(id="c"),
        item(id="d", published="2023-06-01"),
    )
    assert ids(found, Query(sort="sort_oldest")) == ["d", "b", "a", "c"]
    assert ids(found, Query(sort="sort_newest")) == ["a", "b", "d", "c"]
    assert ids(found, Query(first="2024-02")) == ["a"]
    assert ids(found, Query(first="2023", last="2024-01")) == ["b", "d"]
    assert [(g.name, g.n) for g in by_period(found, passing(found, Query(first="2024")), STANCE, "month")] == [
        ("2024-01", 1),
        ("2024-02", 1),
    ]


@pytest.mark.parametrize("typed", ["kemarin", "2024-13", "2024-02-30", "24"])
def test_what_is_no_date_is_refused_by_its_name(typed: str) -> None:
    with pytest.raises(CorpusError) as refused:
        read_day(typed)
    assert refused.value.key == "no_date" and refused.value.values["text"] == typed


@settings(deadline=None, max_examples=30)
@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_a_day_a_month_and_a_year_hold_the_day(day: date) -> None:
    for typed in (f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"):
        found = read_day(typed)
        assert found and found[0] <= day <= found[1]


def test_a_query_survives_json_and_nonsense() -> None:
    query = Query("emas", {TOPICS.key: (TOPICS.keys[0],)}, ("Warta Lereng", NO_OUTLET), "2023", "2024-05", "a/b", 0.1, 0.9, (1,))
    assert read_query(json.loads(json.dumps(query.to_json())), TAXONOMY) == query
    assert read_query({"labels": 3, "least": "x", "picked": [None], "outlets": 1}, TAXONOMY) == Query()
    assert read_query(None, TAXONOMY) == Query()


def test_groups_count_every_article_once_and_its_labels() -> None:
    found = opened(
        *(item(outlet="Tenang", topics=list(TOPICS.keys[:2]), stance=STANCE.keys[1], published="2024-01-05") for _ in range(2)),
        item(outlet="Ramai", published="2024-03-01"),
        item(),
    )
    flags = passing(found, Query())
    groups, more = by_outlet(found, flags, TOPICS)
    assert [(g.name, g.n, list(g.labels.values())) for g in groups] == [
        ("Tenang", 2, [2, 2, 0]),
        ("", 1, [0, 0, 0]),
        ("Ramai", 1, [0, 0, 0]),
    ]
    assert more == 0
    months = by_period(found, flags, STANCE, "month")
    assert [(g.first, g.last, g.n) for g in months] == [
        ("2024-01-01", "2024-01-31", 2),
        ("2024-02-01", "2024-02-29", 0),
        ("2024-03-01", "2024-03-31", 1),
    ]
    assert by_period(found, flags, STANCE, "week")[0].first == "2024-01-01"
    assert fitting_unit(found.arrays.days[:3]) == "week"


@pytest.mark.parametrize("shares", [True, False])
@pytest.mark.parametrize("task", TAXONOMY.tasks, ids=TAXONOMY.keys)
def test_charts_are_valid_vega_lite_and_each_bar_knows_its_articles(corpus: OpenCorpus, task: Any, shares: bool) -> None:
    altair = pytest.importorskip("altair")
    flags = passing(corpus, Query())
    specs = (
        time_spec(by_period(corpus, flags, task, "month"), task, TAXONOMY, "month", shares, "id"),
        outlet_spec(by_outlet(corpus, flags, task)[0], task, TAXONOMY, shares, "en"),
    )
    for spec in specs:
        whole = json.loads(as_plot(spec).plot)
        altair.Chart.from_dict(whole)
        for value in whole["data"]["values"]:
            go = value["go"]
            asked = read_query(go, TAXONOMY)
            outlets = (go["outlet"],) if "outlet" in go else ()
            left = passing(corpus, Query(labels=asked.labels, outlets=outlets, first=asked.first, last=asked.last))
            assert left.sum() == value["n"]


def test_a_label_has_one_look_everywhere(corpus: OpenCorpus) -> None:
    styles = [label_style(TAXONOMY, task.key, key) for task in TAXONOMY.tasks for key in task.keys]
    assert len({s.pattern for s in styles}) == len({(s.colour, s.sign) for s in styles}) == len(styles)
    assert len({s.colour for s in styles}) == len(styles)
    flags = passing(corpus, Query())
    chart = as_plot(outlet_spec(by_outlet(corpus, flags, STANCE)[0], STANCE, TAXONOMY, True, "id")).plot
    for key in STANCE.keys:
        style = label_style(TAXONOMY, STANCE.key, key)
        assert style.fill in chart
        assert style.colour in map_html(corpus, flags, STANCE, "id")


def test_distinctive_words_are_those_of_the_compare_tab() -> None:
    texts = [
        "Warga mengkritik pemblokiran situs. Warga menilai pemblokiran itu menekan kebebasan, dan kebebasan dijamin.",
        "Kementerian menertibkan situs. Kementerian menyebut pemblokiran situs itu ketertiban.",
    ]
    matrix = count_words(texts)
    everything = np.ones(2, dtype=bool)
    for place, expected in enumerate(distinctive_words(texts, 5)):
        found = matrix.distinctive(np.arange(2) == place, everything, 5)
        assert {(d.word, d.here, d.elsewhere) for d in found} == {(d.word, d.here, d.elsewhere) for d in expected}
        assert [d.z for d in found] == pytest.approx([d.z for d in expected])
    assert matrix.distinctive(everything, everything, 5) == []


def test_the_map_puts_articles_of_like_words_together() -> None:
    banjir = [f"banjir sungai hujan warga mengungsi tanggul {w}" for w in ("desa", "kota", "kota desa", "desa sawah")]
    saham = [f"saham bursa indeks rupiah investor {w}" for w in ("naik", "turun", "naik turun", "turun tajam")]
    places = count_words(banjir + saham).projection
    assert places.shape == (8, 2) and places.min() >= 0 and places.max() <= 1
    assert (places[:4, 0].max() < places[4:, 0].min()) or (places[:4, 0].min() > places[4:, 0].max())
    assert count_words(["satu"]).projection.shape == (1, 2) and count_words([]).projection.shape == (0, 2)


def test_the_article_shows_its_evidence_link_and_neighbours(tiny_scorer: Scorer) -> None:
    body = "Pemerintah memblokir situs judi. Polisi menangkap terduga teroris di Jakarta."
    made = [
        Article(id="1", body=body, title="Blokir", url="https://contoh.id/a", outlet="Warta"),
        Article(id="2", body=body + " Cuaca cerah.", url="javascript:alert(1)"),
    ]
    found = open_corpus("k", scored(tiny_scorer, CorpusFile(tuple(made), ())), thresholds(tiny_scorer), TAXONOMY)
    html = reader_html(found, 0, None, 1, True, "id")
    assert 'href="https://contoh.id/a"' in html and 'data-open="1"' in html and 'data-send="review"' in html
    for sentence in found.items[0].row["evidence"]:
        assert f"{sentence['task']}/{sentence['label']}" in html
    html = reader_html(found, 1, 0, None, False, "en")
    assert "javascript:" not in html and "review" not in html.replace("evidence", "")
    assert found.article(1).body == found.items[1].text


def test_hostile_text_is_text_everywhere(tiny_scorer: Scorer) -> None:
    hostile = tuple(Article(id=str(n), body=f"Polisi menangkap {HOSTILE} {n}", title=HOSTILE, outlet=HOSTILE) for n in range(4))
    found = open_corpus(HOSTILE, scored(tiny_scorer, CorpusFile(hostile, ())), thresholds(tiny_scorer), TAXONOMY)
    flags = passing(found, Query())
    html = [
        table_html(found, np.flatnonzero(flags), 1, 0, "id"),
        summary_html(found.name, found.items, (), TAXONOMY, "id"),
        reader_html(found, 0, None, 1, True, "id"),
        map_html(found, flags, TOPICS, "id"),
        words_html(found, flags, "outlet", "id"),
        pair_html(found, flags, TOPICS.key, TOPICS.keys[:2], "id"),
    ]
    assert all("<script" not in part for part in html) and "&lt;script&gt;" in html[0]


def test_two_sides_show_every_label_and_need_to_differ(corpus: OpenCorpus) -> None:
    flags = passing(corpus, Query())
    outlets = [str(name) for name in np.unique(corpus.arrays.outlets) if name][:2]
    html = pair_html(corpus, flags, "outlet", outlets, "en")
    assert all(outlet in html for outlet in outlets)
    assert html.count('class="pair-row"') == sum(len(task.keys) for task in TAXONOMY.tasks)
    assert "different" in pair_html(corpus, flags, "outlet", outlets[:1] * 2, "en")


def test_a_session_comes_back_from_memory_and_from_the_disk(corpus: OpenCorpus, tmp_path: Path) -> None:
    args = TAXONOMY, corpus.thresholds
    for folder in (None, tmp_path / "sesi"):
        sessions = CorpusSessions(*args, folder)
        key = sessions.put(corpus)
        sessions.look(key, {"page": 2})
        # A program that was started again has only the folder.
        again = CorpusSessions(*args, folder) if folder else sessions
        kept = again.get(key)
        assert kept and kept.view == {"page": 2} and kept.opened.items == corpus.items
        assert [(name.key, name.name, name.articles) for name in again.names()] == ([(key, "contoh.csv", 12)] if folder else [])
        assert sessions.get("../../etc/passwd") is None and sessions.get(None) is None and sessions.get("a" * 22) is None
    (tmp_path / "berkas").write_text("", encoding="utf-8")
    with pytest.raises(SessionError, match="choose another"):
        CorpusSessions(*args, tmp_path / "berkas")


@pytest.fixture(scope="module")
def handlers(tiny_scorer: Scorer) -> Callable[[str], Any]:
    """A page's function by its name, and its controls' names."""
    page = build_page(tiny_scorer)
    named = {f.fn.__name__: f.fn for f in page.fns.values() if f.fn and "page.corpus." in f.fn.__module__}
    return lambda name: named[name]


def control_values(**values: Any) -> list[Any]:
    """Values of all controls, in their order."""
    names = ["search", *(f"label-{key}" for key in TAXONOMY.keys), "outlets", "first", "last", "score", "least", "most", "sort"]
    names += ["picked", "view", "task", "unit", "measure", "group", "pair", "side-1", "side-2"]
    return [values.get(name) for name in names]


def test_a_click_on_a_bar_filters_and_opens_its_first_article(corpus: OpenCorpus, handlers: Any) -> None:
    event = SimpleNamespace(_data={"go": {"outlet": "Warta Lereng"}})
    place, _, *rest = handlers("narrow")(event, corpus, "", 1, None, *control_values(), "id")
    assert corpus.items[place].row["outlet"] == "Warta Lereng"
    assert ["Warta Lereng"] in rest and any("4 dari 12 artikel" in part for part in rest if isinstance(part, str))
    place, *_ = handlers("narrow")(SimpleNamespace(_data={"places": [3, 5]}), corpus, "", 1, None, *control_values(), "id")
    assert place == 3


def test_a_caller_of_the_api_may_send_anything(corpus: OpenCorpus, handlers: Any) -> None:
    nothing = handlers("show")(None, "", 1, None, *control_values(), "id")
    assert any("sudah dihapus" in part for part in nothing if isinstance(part, str))
    wrong = handlers("show")(corpus, None, 1, 99, *control_values(first="besok", view=3), "en")
    assert any("is no date" in part for part in wrong if isinstance(part, str))
    for view in ("time_view", "outlet_view", "words_view", "map_view", "pair_view"):
        assert handlers("arrange")(corpus, "", 1, 0, *control_values(view=view, task="x", unit=7), "id")
