"""The review folder: articles with what the model made of them, and what people said, in one SQLite database (WAL).

Everything that changes it is one transaction, so that it holds through a crash at any moment, and many processes may use it
at a time. Nothing that people said is ever deleted: what is undone stays, marked as such.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.serving.output.rows import Row, writable
from sorot.serving.review import queue, schema
from sorot.serving.review.errors import ReviewError, review_errors
from sorot.serving.review.store_rows import Review, Status, answer_from_row, as_article, guess_from_json, guess_to_json


@dataclass(frozen=True, slots=True)
class Store:
    """An open review folder; `open_store` and `create_store` make it. `now` tells the time in seconds."""

    path: Path
    taxonomy: Taxonomy
    now: Callable[[], float] = field(default=time.time, compare=False)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other writer is in: all of it happens, or nothing."""
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of one's own, for threads do not share one."""
        with review_errors(self.path), closing(_connect(self.path)) as db:
            yield db

    def moment(self) -> str:
        """Now, as it is written into a review."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds")

    def add(self, scored: Sequence[tuple[Article, Analysis]], thresholds: dict[str, float], people: int = 1) -> int:
        """Queue articles that the model labels for so many people each; how many of them are new.

        An article whose text is there already is passed over. They stand at the end until `put_in_order` is called, with
        what is known of their reason at once.
        """
        added = 0
        with self.changing() as db:
            for article, analysis in scored:
                text_hash = hash_text(article.body)
                if db.execute("SELECT 1 FROM articles WHERE text_hash = ?", (text_hash,)).fetchone():
                    continue
                source = article.source
                row = {
                    "text_hash": text_hash,
                    "id": _free_id(db, article.id, text_hash),
                    "guess": guess_to_json(analysis),
                    "added": self.moment(),
                    "title": article.title,
                    "outlet": article.outlet,
                    "published": article.published.isoformat() if article.published else None,
                    "url": article.url,
                    "source": f"{source.file}:{source.row}" if source else None,
                    "body": article.body,
                }
                number = _insert(db, "articles", writable(row))
                doubts = queue.find_doubts(analysis, thresholds, self.taxonomy)
                reason = queue.first_reason(text_hash, doubts)
                _insert(db, "turns", {"article": number, "missing": people, "reason": reason, "doubts": json.dumps(doubts)})
                added += 1
        return added

    def known(self, text_hashes: Collection[str]) -> set[str]:
        """Those of the texts that are queued already, reviewed or not."""
        with self.reading() as db:
            find = "SELECT 1 FROM articles WHERE text_hash = ?"
            return {text_hash for text_hash in text_hashes if db.execute(find, (text_hash,)).fetchone()}

    def put_in_order(self) -> int:
        """Give all articles that lack a review their places anew; how many they are. Nothing is written that stays as it is.

        Others go on while the order is found.
        """
        with self.reading() as db:
            rows = db.execute(
                "SELECT article, text_hash, doubts, place, reason FROM turns JOIN articles ON number = article "
                "WHERE missing > 0 ORDER BY article"
            ).fetchall()
        turns = queue.order_queue([(text_hash, json.loads(doubts)) for _, text_hash, doubts, _, _ in rows])
        moved = [
            (place, turn.reason, rows[turn.index][0])
            for place, turn in enumerate(turns)
            if (place, turn.reason) != rows[turn.index][3:]
        ]
        if moved:
            with self.changing() as db:
                # What has been reviewed meanwhile keeps the reason that it was shown for.
                db.executemany("UPDATE turns SET place = ?, reason = ? WHERE article = ? AND missing > 0", moved)
        return len(rows)

    def status(self) -> Status:
        """How far it is."""
        with self.reading() as db:
            db.execute("BEGIN")
            [articles, left] = db.execute("SELECT count(*), count(*) FILTER (WHERE missing > 0) FROM turns").fetchone()
            [held] = db.execute("SELECT count(*) FROM leases WHERE expires > ?", (self.now(),)).fetchone()
            counts = "SELECT person, count(*) FROM reviews WHERE undone IS NULL GROUP BY person ORDER BY 2 DESC, 1"
            people = dict(db.execute(counts).fetchall())
        return Status(articles, left, held, sum(people.values()), people)

    def reviews(self) -> Iterator[Review]:
        """All answers that stand, in the order in which they were given."""
        with self.reading() as db:
            for row in db.execute(
                "SELECT a.id, a.title, a.outlet, a.published, a.url, a.body, a.text_hash, t.reason, a.guess, a.source, "
                "r.person, r.at, r.topics, r.stance, r.sentiment, r.sentences "
                "FROM reviews r JOIN articles a ON a.number = r.article "
                "JOIN turns t ON t.article = r.article WHERE r.undone IS NULL ORDER BY r.number"
            ):
                yield Review(
                    article=as_article(row[:6]),
                    text_hash=row[6],
                    reason=row[7],
                    guess=guess_from_json(row[8]),
                    source=row[9],
                    person=row[10],
                    at=row[11],
                    answer=answer_from_row(row[12:16]),
                )


def open_store(folder: Path, wanted: Taxonomy | None = None) -> Store:
    """The store of a folder; ReviewError where there is none, it cannot be used, or it is for other labels than `wanted`."""
    path = folder / schema.FILE
    if not folder.is_dir() or not path.exists():
        raise ReviewError(f"{folder}: holds no articles to review; fill it with: sorot feedback add {folder} INPUT...")
    with review_errors(path), closing(_connect(path)) as db:
        schema.upgrade(db)
        taxonomy = schema.read_taxonomy(db, path)
        # Whether it can be written is told now, not when the first review is lost.
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM leases WHERE expires < 0")
        db.execute("ROLLBACK")
    if wanted is not None:
        schema.check_labels(path, taxonomy, wanted)
    return Store(path, taxonomy)


def create_store(folder: Path, taxonomy: Taxonomy) -> Store:
    """The same, made where it is not there yet."""
    path = folder / schema.FILE
    with review_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        with closing(schema.connect(path)) as db:
            schema.create(db, path, taxonomy)
    return open_store(folder, taxonomy)


def hash_text(text: str) -> str:
    """By which a text is known again, however its white space was broken."""
    return blake2b(" ".join(text.split()).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _insert(db: sqlite3.Connection, table: str, row: Row) -> int:
    """Add a row; its number."""
    marks = ", ".join("?" * len(row))
    return db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())).lastrowid or 0


def _free_id(db: sqlite3.Connection, wanted: str, text_hash: str) -> str:
    """The article's own id, or with a piece of its text's hash where another text has that already."""
    own = str(writable({"id": wanted})["id"])
    taken = db.execute("SELECT 1 FROM articles WHERE id = ?", (own,)).fetchone()
    return f"{own}-{text_hash[:12]}" if taken else own


def _connect(path: Path) -> sqlite3.Connection:
    """A connection to a database that is there: one that was moved away meanwhile is not made anew."""
    if not path.exists():
        raise ReviewError(f"{path}: is not there any more; bring it back, or name another folder", "no_folder")
    return schema.connect(path)
