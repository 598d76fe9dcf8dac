"""Upgrades review folders of earlier versions: 1 (texts and turns in one table), 2 (a column of reviews for every task), 3 (no
audit samples, and answers without quotes, flag and note)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sorot.data.taxonomy import Taxonomy
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.schema import ARTICLES, REVIEWS, TURNS, VERSION, run_statements, taxonomy_json, version_of

UPGRADED = (1, 2, 3)
_KEPT_ARTICLES = "number, text_hash, id, guess, added, title, outlet, published, url, source, body"
_KEPT_TURNS = "missing, place, reason, doubts"
_KEPT_REVIEWS = ("number", "article", "person", "at", "undone", "sentences")
# Of the stored model's labels, what was beside them in versions 1 and 2.
_KEPT_GUESS = ("probabilities", "model")


def upgrade(db: sqlite3.Connection, path: Path) -> None:
    """Bring a database of an earlier version to VERSION in one transaction; any other stays as it is.

    Raises ReviewError if its rows cannot be read; then nothing has changed.
    """
    if version_of(db) not in UPGRADED:
        return
    # Tables that others refer to are replaced, and foreign keys cannot be switched off within a transaction.
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have upgraded it meanwhile.
        version = version_of(db)
        if version == 1:
            _split_articles(db)
        if version in (2, 3):
            _add_audit(db)
        if version in (1, 2):
            _put_labels_by_task(db)
        if version == 3:
            _add_notes(db)
        if version in UPGRADED:
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        if isinstance(error, (ValueError, KeyError, TypeError)):
            raise ReviewError(f"{path}: holds rows that cannot be read ({error}); restore it from a copy") from error
        raise
    db.execute("PRAGMA foreign_keys = ON")


def _split_articles(db: sqlite3.Connection) -> None:
    """From version 1: a table of its own for what changes while articles wait."""
    db.execute("DROP INDEX queue")
    run_statements(db, ARTICLES.format(name="new_articles"), TURNS)
    db.execute(f"INSERT INTO new_articles ({_KEPT_ARTICLES}) SELECT {_KEPT_ARTICLES} FROM articles")
    db.execute(f"INSERT INTO turns (article, {_KEPT_TURNS}) SELECT number, {_KEPT_TURNS} FROM articles")
    db.execute("DROP TABLE articles")
    db.execute("ALTER TABLE new_articles RENAME TO articles")


def _add_audit(db: sqlite3.Connection) -> None:
    """From versions 2 and 3: no article that waits is of an audit sample. Built again, to be the table of a new folder."""
    db.execute("DROP INDEX queue")
    db.execute("ALTER TABLE turns RENAME TO old_turns")
    run_statements(db, TURNS)
    db.execute(f"INSERT INTO turns (article, {_KEPT_TURNS}) SELECT article, {_KEPT_TURNS} FROM old_turns")
    db.execute("DROP TABLE old_turns")


def _add_notes(db: sqlite3.Connection) -> None:
    """From version 3: answers without quotes, flag and note."""
    kept = ", ".join((*_KEPT_REVIEWS, "labels"))
    _set_reviews_aside(db)
    db.execute(f"INSERT INTO reviews ({kept}) SELECT {kept} FROM old_reviews ORDER BY number")
    db.execute("DROP TABLE old_reviews")


def _set_reviews_aside(db: sqlite3.Connection) -> None:
    """An empty table of reviews as a new folder has it, beside the one until now, as old_reviews."""
    db.execute("ALTER TABLE reviews RENAME TO old_reviews")
    db.execute("DROP INDEX one_each")
    db.execute("DROP INDEX by_person")
    run_statements(db, REVIEWS)


def _put_labels_by_task(db: sqlite3.Connection) -> None:
    """From versions 1 and 2: labels by task in one column, of reviews and of the model; the taxonomy in today's form."""
    [raw] = db.execute("SELECT value FROM settings WHERE name = 'taxonomy'").fetchone()
    taxonomy = Taxonomy.from_dict(json.loads(raw))
    db.execute("UPDATE settings SET value = ? WHERE name = 'taxonomy'", (taxonomy_json(taxonomy),))
    for number, guess in db.execute("SELECT number, guess FROM articles").fetchall():
        db.execute("UPDATE articles SET guess = ? WHERE number = ?", (_upgrade_guess(taxonomy, json.loads(guess)), number))
    _set_reviews_aside(db)
    kept, tasks = ", ".join(_KEPT_REVIEWS), ", ".join(taxonomy.keys)
    marks = ", ".join("?" * len(_KEPT_REVIEWS))
    for row in db.execute(f"SELECT {kept}, {tasks} FROM old_reviews ORDER BY number").fetchall():
        values = zip(taxonomy.tasks, row[len(_KEPT_REVIEWS) :], strict=True)
        labels = json.dumps({task.key: json.loads(value) if task.many else value for task, value in values})
        db.execute(f"INSERT INTO reviews ({kept}, labels) VALUES ({marks}, ?)", (*row[: len(_KEPT_REVIEWS)], labels))
    db.execute("DROP TABLE old_reviews")


def _upgrade_guess(taxonomy: Taxonomy, raw: Mapping[str, Any]) -> str:
    labels = {task: raw[task] for task in taxonomy.keys}
    return json.dumps({"labels": labels} | {key: raw[key] for key in _KEPT_GUESS})
