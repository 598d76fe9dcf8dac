"""The database of a review folder: its tables, their version, and the taxonomy that its labels belong to."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sorot.data.taxonomy import Taxonomy
from sorot.serving.review.errors import ReviewError

FILE = "review.sqlite"
VERSION = 4
# SQLite's application id of our databases: 'SRvw'.
APPLICATION = 0x53527677
BUSY_SECONDS = 30.0
# The place of an article that is not in order yet: after all others.
NO_PLACE = 2**53
# Columns that never change. The name is left open because the upgrade from version 1 builds the table a second time.
ARTICLES = """
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
# Columns that change while articles wait, apart from the texts: all of them are rewritten when other articles join. An article
# of an `audit` sample comes before all others, and is shown without the model's labels.
TURNS = f"""
CREATE TABLE turns (
    article INTEGER PRIMARY KEY REFERENCES articles,
    missing INTEGER NOT NULL CHECK (missing >= 0),
    place INTEGER NOT NULL DEFAULT {NO_PLACE},
    reason TEXT NOT NULL,
    doubts TEXT NOT NULL,
    audit INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX queue ON turns (place, article) WHERE missing > 0;
"""
# Labels are a JSON object by task, so that any taxonomy fits. An answer is `blind` if the person had not seen the model's.
REVIEWS = """
CREATE TABLE reviews (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles,
    person TEXT NOT NULL,
    at TEXT NOT NULL,
    undone TEXT,
    labels TEXT NOT NULL,
    sentences TEXT NOT NULL,
    quotes TEXT NOT NULL DEFAULT '[]',
    flag INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    blind INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX one_each ON reviews (article, person) WHERE undone IS NULL;
CREATE INDEX by_person ON reviews (person, number);
"""
OTHERS = """
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
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that commits explicitly, waits for other writers, and syncs every commit to disk."""
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def create(db: sqlite3.Connection, path: Path, taxonomy: Taxonomy) -> None:
    """Create the tables in an empty database; any other stays as it is."""
    if not _is_empty(db):
        return
    [mode] = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise ReviewError(f"{path}: this disk cannot hold a database in WAL mode; name a folder on a local disk")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have created them meanwhile.
        if _is_empty(db):
            run_statements(db, ARTICLES.format(name="articles"), TURNS, REVIEWS, OTHERS)
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.execute("INSERT INTO settings VALUES ('taxonomy', ?)", (taxonomy_json(taxonomy),))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def run_statements(db: sqlite3.Connection, *scripts: str) -> None:
    """Run statements separated by semicolons within the transaction; sqlite3's executescript would commit it first."""
    for script in scripts:
        for statement in script.split(";"):
            db.execute(statement)


def taxonomy_json(taxonomy: Taxonomy) -> str:
    """The setting 'taxonomy'."""
    return json.dumps(taxonomy.to_dict(), ensure_ascii=False)


def version_of(db: sqlite3.Connection) -> int | None:
    """The version of the tables; None if sorot did not make the database."""
    return _pragma(db, "user_version") if _pragma(db, "application_id") == APPLICATION else None


def read_taxonomy(db: sqlite3.Connection, path: Path) -> Taxonomy:
    """The taxonomy of the labels. Raises ReviewError if the database is not ours, or of another version."""
    version = version_of(db)
    if version is None:
        raise ReviewError(f"{path}: was not made by sorot feedback; name another folder")
    if version != VERSION:
        raise ReviewError(
            f"{path}: has version {version} of the tables, this sorot reads version {VERSION}; "
            "use the sorot that made it, or name another folder"
        )
    [raw] = db.execute("SELECT value FROM settings WHERE name = 'taxonomy'").fetchone()
    return Taxonomy.from_dict(json.loads(raw))


def check_labels(path: Path, stored: Taxonomy, wanted: Taxonomy) -> None:
    """Raise ReviewError if a database's tasks or labels differ from a model's; names, phrases and order may differ."""
    labels = {task.key: set(task.keys) for task in wanted.tasks}
    different = [task for task in stored.tasks if set(task.keys) != labels.get(task.key)]
    if different or set(stored.keys) != set(wanted.keys):
        own = "; ".join(f"{task.key}: {', '.join(task.keys)}" for task in different or stored.tasks)
        raise ReviewError(f"{path}: is for other labels than the model's ({own}); use a bundle with those, or another folder")
    for task in stored.tasks:
        model = wanted.task(task.key)
        if (task.kind, task.default, task.without) != (model.kind, model.default, model.without):
            raise ReviewError(
                f"{path}: has other rules for {task.key} than the model ({_rules(task.kind, task.default, task.without)}); "
                "use a bundle with those, or another folder"
            )


def _rules(kind: str, default: str | None, without: str | None) -> str:
    number = "any number of labels" if kind == "many" else "one label"
    return number if default is None else f"{number}, {default} without {without}"


def _is_empty(db: sqlite3.Connection) -> bool:
    return _pragma(db, "application_id") == 0 and db.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _pragma(db: sqlite3.Connection, name: str) -> int:
    [value] = db.execute(f"PRAGMA {name}").fetchone()
    return int(value)
