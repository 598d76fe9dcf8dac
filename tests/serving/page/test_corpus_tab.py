"""What the corpus tab shows, and what its handlers do with whatever they are sent."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.app import build_page
from sorot.serving.page.corpus.charts import draw_charts
from sorot.serving.page.corpus.scoring import ScoredCorpus
from sorot.serving.page.corpus.table import TableQuery, select_rows, summary_html, table_html
from sorot.serving.page.corpus.uploads.corpus_file import read_corpus_file
from tests.serving.corpora import Counting, example, item, scored

SKIPPED = {"__type__": "update"}


@pytest.fixture
def handler(tiny_scorer: Scorer) -> Callable[[str], Callable[..., Any]]:
    """A function behind the tab, by its name."""
    page = build_page(tiny_scorer)
    named = {f.fn.__name__: f.fn for f in page.fns.values() if f.fn and "page.corpus." in f.fn.__module__}
    return lambda name: named[name]


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


def results(handler: Any, name: str, corpus: ScoredCorpus | None, page: int, *filters: str, lang: str = "id") -> Any:
    wanted = (*filters, *("",) * (6 - len(filters)))
    return handler(name)(corpus, page, None, None, None, *wanted, lang)


def test_pages_are_turned_and_a_filter_goes_back_to_the_first(handler: Any) -> None:
    items = tuple(item(id=str(n), title=f"Judul {n}") for n in range(60))
    corpus = ScoredCorpus(items, (), 60, 60, 1.0)
    table, page, row, back, on = results(handler, "page_on", corpus, 2)
    assert "halaman 3 dari 3" in table and page == 3 and row["visible"] and back["interactive"] and not on["interactive"]
    assert results(handler, "page_on", corpus, 3)[1] == 3 and results(handler, "page_back", corpus, 1)[1] == 1
    table, page, row, *_ = results(handler, "narrow", corpus, 3, "judul 4")
    assert "11 artikel cocok; halaman 1 dari 1" in table and page == 1 and row["visible"] is False
    assert results(handler, "narrow", corpus, 3, "judul")[1] == 1


def test_the_language_is_switched_everywhere(handler: Any, tmp_path: Path) -> None:
    corpus = ScoredCorpus((item(outlet="Warta"),), (), 1, 1, 1.0)
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


def test_days_are_those_of_jakarta(tiny_scorer: Scorer) -> None:
    late = item(id="a", published="2024-01-31T18:00:00+00:00", topics=["terrorism"])
    early = item(id="b", published="2024-01-31T23:30:00+07:00", topics=["terrorism"])
    day = item(id="c", published="2023-06-01T00:00:00+07:00", topics=["terrorism"])
    items = [late, early, day]
    assert [i.row["id"] for i in select_rows(items, TableQuery(sort="sort_oldest"))] == ["c", "b", "a"]
    assert [i.row["id"] for i in select_rows(items, TableQuery(sort="sort_newest"))] == ["a", "b", "c"]
    html = table_html(items, 1, tiny_scorer.taxonomy, "id")
    assert "<td>2024-02-01</td>" in html and "<td>2024-01-31</td>" in html and "<td>2023-06-01</td>" in html
    drawn = draw_charts(items, tiny_scorer.taxonomy, "id")["attention"]
    assert "2024-02: 1" in drawn and "2024-01: 1" in drawn and "2023-06: 1" in drawn


def test_charts_are_of_the_articles_on_a_topic(tiny_scorer: Scorer) -> None:
    off = [item(outlet="Ramai") for _ in range(9)]
    on = [
        item(outlet="Tenang", topics=["censorship"], stance="oppose"),
        item(outlet="Tenang", topics=["censorship"], stance="support", published="2024-01-31T00:00:00+07:00"),
    ]
    drawn = draw_charts([*off, *on], tiny_scorer.taxonomy, "en")
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
    corpus = scored(Counting(tiny_scorer), read_corpus_file(table, {"text": "isi"}))
    own = [*read_corpus_file(path, {}).rejects, *read_corpus_file(other, {}).rejects, *(r for r in corpus.rejects if r.row != 4)]
    assert len({r.reason for r in own}) == len(members) + 3
    html = summary_html((), own, load_taxonomy(), "id")
    assert html.count("<li>") == len(own) and not [r for r in own if r.reason in html] and "Inggris" not in html
    html = summary_html((), corpus.rejects, load_taxonomy(), "id")
    [foreign] = (r.reason for r in corpus.rejects if r.row == 4)
    assert "tidak dapat diberi label" in html.partition("Inggris")[0] and escape(foreign) in html.partition("Inggris")[2]
    assert "in English" not in summary_html((), corpus.rejects, load_taxonomy(), "en")
