"""The database of a review folder: its tables, and that it is one of ours, of this version, for these labels."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sorot.data.taxonomy import TASKS, Taxonomy
from sorot.serving.review.errors import ReviewError

FILE = "review.sqlite"
VERSION = 2
# 'SRvw', by which one of ours is told from any other SQLite database.
APPLICATION = 0x53527677
BUSY_SECONDS = 30.0
# Where an article stands that has no place in the queue yet: after all others.
NO_PLACE = 2**53
# What never changes: of {name}, as it is made a second time where a table of version 1 is taken over.
_ARTICLES = """
CREATE TABLE {name} (
    number INTEGER PRIMARY KEY,
    text_hash TEXT NOT NULL UNIQUE,
    id TEXT NOT NULL UNIQUE,
    guess TEXT NOT NULL,
    added TEXT NOT NULL,
    title TEXT,
    outlet TEXT,
    published TEXT,
    url TEXT,
    source TEXT,
    body TEXT NOT NULL
)
"""
# What changes while articles wait stands apart from their texts, as all of it is written anew when others join.
_TURNS = f"""
CREATE TABLE turns (
    article INTEGER PRIMARY KEY REFERENCES articles,
    missing INTEGER NOT NULL CHECK (missing >= 0),
    place INTEGER NOT NULL DEFAULT {NO_PLACE},
    reason TEXT NOT NULL,
    doubts TEXT NOT NULL
);
CREATE INDEX queue ON turns (place, article) WHERE missing > 0;
"""
_OTHERS = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE leases (
    article INTEGER PRIMARY KEY REFERENCES articles,
    person TEXT NOT NULL UNIQUE,
    expires REAL NOT NULL
);
CREATE TABLE skips (
    article INTEGER NOT NULL REFERENCES articles,
    person TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (article, person)
) WITHOUT ROWID;
CREATE TABLE reviews (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles,
    person TEXT NOT NULL,
    at TEXT NOT NULL,
    undone TEXT,
    topics TEXT NOT NULL,
    stance TEXT NOT NULL,
    sentiment TEXT NOT NULL,
    sentences TEXT NOT NULL
);
CREATE UNIQUE INDEX one_each ON reviews (article, person) WHERE undone IS NULL;
CREATE INDEX by_person ON reviews (person, number);
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that commits only where it is told to, waits for others, and has what it commits on the disk."""
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def create(db: sqlite3.Connection, path: Path, taxonomy: Taxonomy) -> None:
    """Lay the tables out in an empty database; any other stays as it is."""
    if not _is_empty(db):
        return
    [mode] = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise ReviewError(f"{path}: this disk cannot hold a database in WAL mode; name a folder on a local disk")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it meanwhile.
        if _is_empty(db):
            # Not executescript: that commits before it begins.
            for statement in [_ARTICLES.format(name="articles"), *_TURNS.split(";"), *_OTHERS.split(";")]:
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.execute("INSERT INTO settings VALUES ('taxonomy', ?)", (json.dumps(taxonomy.to_dict(), ensure_ascii=False),))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def read_taxonomy(db: sqlite3.Connection, path: Path) -> Taxonomy:
    """The labels that the database is for. Raises ReviewError where it is none of ours, or of another version."""
    if _pragma(db, "application_id") != APPLICATION:
        raise ReviewError(f"{path}: was not made by sorot feedback; name another folder")
    if (version := _pragma(db, "user_version")) != VERSION:
        raise ReviewError(
            f"{path}: has version {version} of the tables, this sorot reads version {VERSION}; "
            "use the sorot that made it, or name another folder"
        )
    [told] = db.execute("SELECT value FROM settings WHERE name = 'taxonomy'").fetchone()
    return Taxonomy.from_dict(json.loads(told))


def upgrade(db: sqlite3.Connection) -> None:
    """Bring a database of ours from version 1 to this one, whole or not at all; any other stays as it is."""
    if _pragma(db, "application_id") != APPLICATION or _pragma(db, "user_version") != 1:
        return
    kept = "number, text_hash, id, guess, added, title, outlet, published, url, source, body"
    # The table that others refer to is taken away for a moment; foreign keys cannot be switched within a transaction.
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it meanwhile.
        if _pragma(db, "user_version") == 1:
            db.execute("DROP INDEX queue")
            for statement in [_ARTICLES.format(name="taken_over"), *_TURNS.split(";")]:
                db.execute(statement)
            db.execute(f"INSERT INTO taken_over ({kept}) SELECT {kept} FROM articles")
            turn = "missing, place, reason, doubts"
            db.execute(f"INSERT INTO turns (article, {turn}) SELECT number, {turn} FROM articles")
            db.execute("DROP TABLE articles")
            db.execute("ALTER TABLE taken_over RENAME TO articles")
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("PRAGMA foreign_keys = ON")


def check_labels(path: Path, kept: Taxonomy, wanted: Taxonomy) -> None:
    """Raise ReviewError where a database is for other labels than a model's; names and definitions may differ."""
    differ = [task for task in TASKS if set(kept.labels(task)) != set(wanted.labels(task))]
    if differ:
        theirs = "; ".join(f"{task}: {', '.join(kept.labels(task))}" for task in differ)
        raise ReviewError(f"{path}: is for other labels than the model's ({theirs}); use a bundle with those, or another folder")
    if kept.stance_without_topic != wanted.stance_without_topic:
        raise ReviewError(
            f"{path}: has another stance for articles without a topic ({kept.stance_without_topic}) than the model; "
            "use a bundle with that, or another folder"
        )


def _is_empty(db: sqlite3.Connection) -> bool:
    return _pragma(db, "application_id") == 0 and db.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _pragma(db: sqlite3.Connection, name: str) -> int:
    [value] = db.execute(f"PRAGMA {name}").fetchone()
    return int(value)
