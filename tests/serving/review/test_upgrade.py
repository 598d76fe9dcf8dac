"""Folders of earlier versions are upgraded when they are opened: whole, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sorot.data.article import Article
from sorot.data.labels.records import read_labelled
from sorot.data.taxonomy import load_taxonomy
from sorot.serving.review import upgrade as upgrading
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.export import write_records
from sorot.serving.review.leases import article_for, confirm, take, undo
from sorot.serving.review.store import create_store, open_store
from tests.serving.review.old_folders import body, make_old_folder
from tests.serving.reviewing import ANSWER, THRESHOLDS, analysis


def dump(path: Path) -> list[str]:
    """Every statement that would build the database, and its version."""
    with closing(sqlite3.connect(path)) as db:
        return [*db.iterdump(), str(db.execute("PRAGMA user_version").fetchone())]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_old_folder_keeps_everything(version: int, tmp_path: Path) -> None:
    path = make_old_folder(tmp_path / "old", version)
    store = open_store(path.parent, load_taxonomy())
    assert store.taxonomy.keys == ("topics", "stance", "sentiment")
    status = store.status()
    assert (status.articles, status.left, status.held, status.people) == (3, 3, 1, {"Ani": 1})
    [review] = store.reviews()
    assert (review.article.id, review.article.body, review.person, review.reason) == ("a1", body(1), "Ani", "stance")
    assert review.answer.labels == {"topics": ("censorship", "terrorism"), "stance": "oppose", "sentiment": "negative"}
    assert review.answer.sentences == ("Pemerintah memblokir situs nomor 1.",)
    assert review.guess.labels == {"topics": ("censorship",), "stance": "neutral", "sentiment": "negative"}
    assert review.guess.probabilities["stance"]["neutral"] == 0.25 and review.guess.model == "old-0.4"
    with store.reading() as db:
        assert db.execute("SELECT article, undone IS NULL, labels FROM reviews ORDER BY number").fetchall()[0] == (
            1, 0, '{"topics": [], "stance": "none", "sentiment": "negative"}',
        )  # fmt: skip
        assert db.execute("SELECT * FROM skips").fetchall() == [(2, "Budi", 1.8e9)]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_old_folder_has_the_tables_of_a_new_one(version: int, tmp_path: Path) -> None:
    path = make_old_folder(tmp_path / "old", version)
    old, new = open_store(path.parent), create_store(tmp_path / "new", load_taxonomy())
    # SQLite quotes the name of a table that was renamed.
    schema = "SELECT name, replace(sql, '\"', '') FROM sqlite_master ORDER BY name"
    with old.reading() as db, new.reading() as other:
        assert db.execute(schema).fetchall() == other.execute(schema).fetchall()
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    before = dump(path)
    open_store(path.parent)
    assert dump(path) == before


@pytest.mark.parametrize("version", [1, 2, 3])
def test_work_goes_on_in_an_old_folder(version: int, tmp_path: Path) -> None:
    store = open_store(make_old_folder(tmp_path / "old", version).parent, load_taxonomy())
    assert undo(store, "Ani").number == 1
    assert article_for(store, "Ani", 1).before is not None
    confirm(store, "Ani", 1, ANSWER)
    assert store.add([(Article(id="n", body="Lain."), analysis(store.taxonomy, 9))], THRESHOLDS) == 1
    assert store.put_in_order() == 4
    while (held := take(store, "Budi")) is not None:
        confirm(store, "Budi", held.number, ANSWER)
    assert store.status().people == {"Budi": 3, "Ani": 1}
    assert write_records(store, tmp_path / "out.jsonl") == 4
    assert all(record.labels == ANSWER.labels for record in read_labelled(tmp_path / "out.jsonl", store.taxonomy))


@pytest.mark.parametrize("version", [1, 2])
def test_an_upgrade_that_fails_changes_nothing(version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_old_folder(tmp_path / "old", version)
    before = dump(path)
    calls: list[Any] = []
    real = upgrading._upgrade_guess

    class Killed(BaseException):
        pass

    def stop_at_the_third(*given: Any) -> str:
        calls.append(given)
        if len(calls) == 3:
            raise Killed
        return real(*given)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(upgrading, "_upgrade_guess", stop_at_the_third)
        open_store(path.parent)
    assert dump(path) == before
    assert open_store(path.parent).status().articles == 3


def test_rows_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    path = make_old_folder(tmp_path / "old", 2)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE reviews SET topics = '[broken' WHERE undone IS NULL")
    before = dump(path)
    with pytest.raises(ReviewError, match=r"holds rows that cannot be read .*; restore it from a copy"):
        open_store(path.parent)
    assert dump(path) == before
