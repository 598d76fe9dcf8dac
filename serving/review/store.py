"""The review folder: articles with the model's labels, and people's answers, in one SQLite database (WAL mode).

Every change is one transaction, so the folder survives a crash at any moment and many processes can use it at once. Answers
are never deleted: an undone one stays, marked as undone.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
from sorot.serving.review.store_rows import (
    ANSWER_COLUMNS,
    Review,
    Status,
    answer_from_row,
    article_from_row,
    guess_from_json,
    guess_to_json,
)
from sorot.serving.review.upgrade import upgrade


@dataclass(frozen=True, slots=True)
class Store:
    """An open review folder, from `open_store` or `create_store`. `now` gives the time in seconds since 1970."""

    path: Path
    taxonomy: Taxonomy
    now: Callable[[], float] = field(default=time.time, compare=False)

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it happens, or nothing. Other writers wait."""
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
        """A connection for this thread alone. SQLite errors become ReviewError."""
        with review_errors(self.path), closing(_connect(self.path)) as db:
            yield db

    def moment(self) -> str:
        """Now, as an ISO time in UTC."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="seconds")

    def add(
        self,
        scored: Sequence[tuple[Article, Analysis]],
        thresholds: Mapping[str, Mapping[str, float]],
        people: int = 1,
        *,
        audit: bool = False,
    ) -> int:
        """Queue articles that the model labels, each for `people` reviewers. Returns how many are new.

        Articles whose text is stored already are skipped. New ones wait at the end until `put_in_order` is called.
        `thresholds` are by task and label. Those of an `audit` sample come first and are shown without the model's labels.
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
                reason = queue.AUDIT if audit else queue.first_reason(text_hash, doubts)
                turn = {"article": number, "missing": people, "reason": reason, "doubts": json.dumps(doubts), "audit": int(audit)}
                _insert(db, "turns", turn)
                added += 1
        return added

    def known(self, text_hashes: Collection[str]) -> set[str]:
        """The hashes among `text_hashes` whose texts are stored already, reviewed or not."""
        with self.reading() as db:
            query = "SELECT 1 FROM articles WHERE text_hash = ?"
            return {text_hash for text_hash in text_hashes if db.execute(query, (text_hash,)).fetchone()}

    def make_audit(self, text_hashes: Collection[str]) -> None:
        """Articles of these texts that nobody has reviewed yet belong to an audit sample from now on."""
        with self.changing() as db:
            for text_hash in text_hashes:
                db.execute(
                    "UPDATE turns SET audit = 1, reason = ? WHERE article IN (SELECT number FROM articles WHERE text_hash = ?) "
                    "AND NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.article = turns.article)",
                    (queue.AUDIT, text_hash),
                )

    def put_in_order(self) -> int:
        """Order all articles that lack a review. Returns how many there are; writes only places that change.

        Reviewers can go on while the order is computed.
        """
        with self.reading() as db:
            rows = db.execute(
                "SELECT article, text_hash, doubts, place, reason FROM turns JOIN articles ON number = article "
                "WHERE missing > 0 AND audit = 0 ORDER BY article"
            ).fetchall()
            # The places of an audit sample are below zero, in the order of the hashes, which is random.
            drawn = db.execute(
                "SELECT article, text_hash, doubts, place, reason FROM turns JOIN articles ON number = article "
                "WHERE missing > 0 AND audit = 1 ORDER BY text_hash"
            ).fetchall()
        turns = queue.order_queue([(text_hash, json.loads(doubts)) for _, text_hash, doubts, _, _ in rows])
        places = [(place, turn.reason, rows[turn.index]) for place, turn in enumerate(turns)]
        places += [(place, queue.AUDIT, row) for place, row in enumerate(drawn, -len(drawn))]
        moved = [(place, reason, row[0]) for place, reason, row in places if (place, reason) != row[3:]]
        if moved:
            with self.changing() as db:
                # An article reviewed meanwhile keeps the reason for which it was shown.
                db.executemany("UPDATE turns SET place = ?, reason = ? WHERE article = ? AND missing > 0", moved)
        return len(places)

    def status(self) -> Status:
        """Progress of the whole folder."""
        with self.reading() as db:
            db.execute("BEGIN")
            [articles, left] = db.execute("SELECT count(*), count(*) FILTER (WHERE missing > 0) FROM turns").fetchone()
            [held] = db.execute("SELECT count(*) FROM leases WHERE expires > ?", (self.now(),)).fetchone()
            counts = "SELECT person, count(*) FROM reviews WHERE undone IS NULL GROUP BY person ORDER BY 2 DESC, 1"
            people = dict(db.execute(counts).fetchall())
        return Status(articles, left, held, sum(people.values()), people)

    def reviews(self) -> Iterator[Review]:
        """All answers that were not undone, in the order in which they were given."""
        with self.reading() as db:
            for row in db.execute(
                "SELECT a.id, a.title, a.outlet, a.published, a.url, a.body, a.text_hash, t.reason, a.guess, a.source, "
                f"r.person, r.at, r.blind, {ANSWER_COLUMNS} "
                "FROM reviews r JOIN articles a ON a.number = r.article "
                "JOIN turns t ON t.article = r.article WHERE r.undone IS NULL ORDER BY r.number"
            ):
                yield Review(
                    article=article_from_row(row[:6]),
                    text_hash=row[6],
                    reason=row[7],
                    guess=guess_from_json(row[8]),
                    source=row[9],
                    person=row[10],
                    at=row[11],
                    blind=bool(row[12]),
                    answer=answer_from_row(row[13:]),
                )


def open_store(folder: Path, wanted: Taxonomy | None = None) -> Store:
    """The store of an existing folder, upgraded if an earlier version made it.

    Raises ReviewError if there is none, it cannot be used, or its labels differ from those of `wanted`.
    """
    path = folder / schema.FILE
    if not folder.is_dir() or not path.exists():
        raise ReviewError(f"{folder}: holds no articles to review; fill it with: sorot feedback add {folder} INPUT...")
    with review_errors(path), closing(_connect(path)) as db:
        upgrade(db, path)
        taxonomy = schema.read_taxonomy(db, path)
        # Find out now whether it can be written, not when the first review is lost.
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM leases WHERE expires < 0")
        db.execute("ROLLBACK")
    if wanted is not None:
        schema.check_labels(path, taxonomy, wanted)
    return Store(path, taxonomy)


def create_store(folder: Path, taxonomy: Taxonomy) -> Store:
    """The store of a folder, created if there is none. Raises ReviewError like `open_store`."""
    path = folder / schema.FILE
    with review_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        with closing(schema.connect(path)) as db:
            schema.create(db, path, taxonomy)
    return open_store(folder, taxonomy)


def hash_text(text: str) -> str:
    """The hash of a text, the same for any white space."""
    return blake2b(" ".join(text.split()).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _insert(db: sqlite3.Connection, table: str, row: Row) -> int:
    """Add a row. Returns its number."""
    marks = ", ".join("?" * len(row))
    return db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())).lastrowid or 0


def _free_id(db: sqlite3.Connection, wanted: str, text_hash: str) -> str:
    """The article's own id; with a part of its text's hash if another text has that id."""
    own = str(writable({"id": wanted})["id"])
    taken = db.execute("SELECT 1 FROM articles WHERE id = ?", (own,)).fetchone()
    return f"{own}-{text_hash[:12]}" if taken else own


def _connect(path: Path) -> sqlite3.Connection:
    """A connection to an existing database; one that was moved away meanwhile is not created again."""
    if not path.exists():
        raise ReviewError(f"{path}: is not there any more; restore it, or name another folder", "no_folder")
    return schema.connect(path)
