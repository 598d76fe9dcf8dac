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
from sorot.serving.page.corpus.uploads.corpus_file import read_corpus_file
from sorot.serving.page.corpus.workbench.table import summary_html
from tests.serving.corpora import Counting, example, scored

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
    assert all(corpus.done for _, corpus in given) and given[-1][0] == "contoh.csv" and len(given[-1][1].items) == 12
    assert last[:2] == (SKIPPED, SKIPPED)
    # In both languages: the page may be switched meanwhile.
    assert "Selesai." in last[2] and "Done." in last[2]
    assert "12 dari 12" in handler("stop")(given[-1], True)[0] and "12" not in handler("stop")(given[-1], False)[0]
    assert "Belum ada berkas" in list(handler("run")(None, *[None] * 6))[-1][2]


def test_a_run_that_has_to_wait_says_so_and_can_be_stopped(tiny_scorer: Scorer, handler: Any) -> None:
    _, said, cancel, start = handler("begin")()
    assert "Menunggu giliran" in said and cancel["visible"] is True and start["interactive"] is False
    fns = {f.fn.__name__: f for f in build_page(tiny_scorer).fns.values() if f.fn}
    assert fns["begin"].queue is False and fns["run"].concurrency_limit > 2


def test_a_file_that_went_leaves_neither_columns_nor_first_rows(handler: Any, tmp_path: Path) -> None:
    shown, *columns = handler("look")(str(example(tmp_path)), "en")
    assert "First rows" in shown and columns[0]["value"] == "isi"
    shown, *columns = handler("look")(None, "en")
    assert shown == "" and all(c["value"] == "" and not c["visible"] for c in columns)
    empty = tmp_path / "kosong.csv"
    empty.write_text("", encoding="utf-8")
    shown, *columns = handler("look")(str(empty), "en")
    # Once, and no column to choose.
    assert shown.count('class="notice"') == 1 and not columns[0]["visible"]


def test_the_language_is_switched_everywhere(handler: Any, tmp_path: Path) -> None:
    first, *columns = handler("switch_file")(str(example(tmp_path)), "isi", *[""] * 5, "en")
    assert "First rows" in first
    assert all(c["choices"][0] == ("(none)", "") and "value" not in c for c in columns)
    assert handler("switch_file")(str(tmp_path / "gone.csv"), "isi", *[""] * 5, "en")[0] == SKIPPED


def test_what_is_kept_of_a_visitor_is_kept_for_a_time(tiny_scorer: Scorer) -> None:
    page = build_page(tiny_scorer)
    ours = [f for f in page.fns.values() if f.fn and "page.corpus." in f.fn.__module__]
    states = {b._id: b for f in ours for b in (*f.inputs, *f.outputs) if b.stateful and b.value is None}
    assert states and all(0 < b.time_to_live <= 86_400 for b in states.values() if b.time_to_live)


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
    html = summary_html("k.csv", (), own, load_taxonomy(), "id")
    assert html.count("<li>") == len(own) and not [r for r in own if r.reason in html] and "Inggris" not in html
    html = summary_html("k.csv", (), corpus.rejects, load_taxonomy(), "id")
    [foreign] = (r.reason for r in corpus.rejects if r.row == 4)
    assert "tidak dapat diberi label" in html.partition("Inggris")[0] and escape(foreign) in html.partition("Inggris")[2]
    assert "in English" not in summary_html("k.csv", (), corpus.rejects, load_taxonomy(), "en")
