"""Review folders as sorot made them before: the SQL of versions 1 to 3, word for word, with rows as they were stored."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sorot.data.taxonomy import load_taxonomy
from sorot.serving.review.schema import APPLICATION, FILE
from sorot.serving.review.store import hash_text

_VERSION_1_ARTICLES = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    place INTEGER NOT NULL DEFAULT 9007199254740992,
    missing INTEGER NOT NULL CHECK (missing >= 0),
    text_hash TEXT NOT NULL UNIQUE,
    id TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL DEFAULT '',
    doubts TEXT NOT NULL,
    guess TEXT NOT NULL,
    added TEXT NOT NULL,
    title TEXT,
    outlet TEXT,
    published TEXT,
    url TEXT,
    source TEXT,
    body TEXT NOT NULL
);
CREATE INDEX queue ON articles (place, number) WHERE missing > 0;
"""
_VERSION_2_ARTICLES = """
CREATE TABLE articles (
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
);
CREATE TABLE turns (
    article INTEGER PRIMARY KEY REFERENCES articles,
    missing INTEGER NOT NULL CHECK (missing >= 0),
    place INTEGER NOT NULL DEFAULT 9007199254740992,
    reason TEXT NOT NULL,
    doubts TEXT NOT NULL
);
CREATE INDEX queue ON turns (place, article) WHERE missing > 0;
"""
_REST = """
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
    LABELS
    sentences TEXT NOT NULL
);
CREATE UNIQUE INDEX one_each ON reviews (article, person) WHERE undone IS NULL;
CREATE INDEX by_person ON reviews (person, number);
"""
_LABELS = {2: "topics TEXT NOT NULL, stance TEXT NOT NULL, sentiment TEXT NOT NULL,", 3: "labels TEXT NOT NULL,"}
# The taxonomy as 0.4 stored it, shortened to keys.
TAXONOMY = {
    "topics": ["censorship", "terrorism", "platform_regulation"],
    "stance": ["support", "oppose", "neutral", "none"],
    "sentiment": ["positive", "neutral", "negative"],
}
N_ARTICLES = 3
NOW = "2026-03-01T08:00:00+00:00"


def body(number: int) -> str:
    return f"Pemerintah memblokir situs nomor {number}. Warga mengkritik kebijakan itu."


def make_old_folder(folder: Path, version: int) -> Path:
    """A folder of version 1, 2 or 3 with three articles for two people each: Ani reviewed the first one twice, undoing once;
    Budi skipped the second; Citra holds the third."""
    folder.mkdir(parents=True)
    path = folder / FILE
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        rest = _REST.replace("LABELS", _LABELS[max(version, 2)])
        db.executescript((_VERSION_1_ARTICLES if version == 1 else _VERSION_2_ARTICLES) + rest)
        taxonomy: dict[str, object] = {
            task: [{"key": key, "name_id": key, "name_en": key, "definition_id": "", "definition_en": ""} for key in keys]
            for task, keys in TAXONOMY.items()
        }
        taxonomy["stance_without_topic"] = "none"
        if version == 3:
            taxonomy = load_taxonomy().to_dict()
        db.execute("INSERT INTO settings VALUES ('taxonomy', ?)", (json.dumps(taxonomy),))
        for number in range(1, N_ARTICLES + 1):
            _add_article(db, version, number)
        db.execute("INSERT INTO leases VALUES (3, 'Citra', ?)", (time.time() + 600,))
        db.execute("INSERT INTO skips VALUES (2, 'Budi', 1.8e9)")
        first = f"Pemerintah memblokir situs nomor {1}."
        for at, undone, topics, stance in ((NOW, NOW, [], "none"), (NOW, None, ["censorship", "terrorism"], "oppose")):
            labels: dict[str, object] = {"topics": topics, "stance": stance, "sentiment": "negative"}
            columns = {"labels": json.dumps(labels)} if version == 3 else labels | {"topics": json.dumps(topics)}
            sentences = json.dumps([first] if topics else [])
            _insert(db, "reviews", {"article": 1, "person": "Ani", "at": at, "undone": undone, **columns, "sentences": sentences})
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {version}")
    return path


def _add_article(db: sqlite3.Connection, version: int, number: int) -> None:
    labels = {
        "topics": ["censorship"],
        "stance": "neutral",
        "sentiment": "negative",
    }
    guess = {
        **({"labels": labels} if version == 3 else labels),
        "probabilities": {task: dict.fromkeys(keys, 0.25) for task, keys in TAXONOMY.items()},
        "model": "old-0.4",
    }
    doubts = {
        "topics: censorship": 0.4,
        "topics: terrorism": 0.1,
        "topics: platform_regulation": 0.1,
        "stance": 0.3,
        "sentiment": 0.2,
    }
    constant = {
        "number": number, "text_hash": hash_text(body(number)), "id": f"a{number}", "guess": json.dumps(guess), "added": NOW,
        "title": f"Judul {number}", "outlet": None, "published": "2020-03-01T00:00:00", "url": None, "source": f"k.jsonl:{number}",
        "body": body(number),
    }  # fmt: skip
    changing: dict[str, object] = {
        "missing": 1 if number == 1 else 2,
        "place": number,
        "reason": "stance",
        "doubts": json.dumps(doubts),
    }
    if version == 1:
        _insert(db, "articles", constant | changing)
    else:
        _insert(db, "articles", constant)
        _insert(db, "turns", {"article": number} | changing)


def _insert(db: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
