"""Open corpora of visitors, by a secret name that the browser's tab keeps: a reload finds corpus, filters and view again.

With a folder they are on the disk too, and outlive the program; without one they are forgotten a time after the last use.
"""

from __future__ import annotations

import gzip
import json
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from sorot.data.article import Reject
from sorot.data.atomic_files import write_atomically
from sorot.data.errors import SorotError
from sorot.data.taxonomy import Taxonomy
from sorot.serving.model.labels import Thresholds
from sorot.serving.page.corpus.kept.open_corpus import OpenCorpus, open_corpus
from sorot.serving.page.corpus.scored_articles import ScoredArticle
from sorot.serving.page.corpus.scoring import ScoredCorpus

KEPT_SECONDS = 4 * 3600
# In memory at once; 5,000 articles are about 40 MB.
MOST_OPEN = 32
FORMAT = 1
KEY = re.compile(r"[\w-]{22}")
CORPUS, VIEW = ".jsonl.gz", ".view.json"


class SessionError(SorotError):
    """The folder of sessions cannot be used; the message says why and what to do."""


@dataclass(slots=True)
class KeptSession:
    """A corpus and how it is looked at; `view` is JSON that the workbench made."""

    opened: OpenCorpus
    view: Mapping[str, Any] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class SessionName:
    """A session on the disk: its key, the corpus' name, and its number of articles."""

    key: str
    name: str
    articles: int


class CorpusSessions:
    """The sessions of one model. Safe to use from several threads."""

    def __init__(self, taxonomy: Taxonomy, thresholds: Thresholds, folder: Path | None = None) -> None:
        self.folder, self._taxonomy, self._thresholds = folder, taxonomy, thresholds
        self._open: OrderedDict[str, KeptSession] = OrderedDict()
        self._lock = Lock()
        if folder:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                write_atomically(folder / ".sorot-sessions", "Scored corpora of the page.\n")
            except OSError as error:
                raise SessionError(f"{folder}: cannot be written ({error.strerror}); choose another --sessions folder") from error

    def put(self, opened: OpenCorpus) -> str:
        """Keep a corpus under a new key."""
        key = secrets.token_urlsafe(16)
        if self.folder:
            with suppress(OSError):
                write_atomically(self.folder / f"{key}{CORPUS}", gzip.compress(_dump(opened).encode(), 5))
        self._remember(key, KeptSession(opened))
        return key

    def get(self, key: object) -> KeptSession | None:
        """The session of a key, or None for one that was forgotten or never was."""
        if not (isinstance(key, str) and KEY.fullmatch(key)):
            return None
        with self._lock:
            self._forget()
            if kept := self._open.get(key):
                kept.used = time.monotonic()
                self._open.move_to_end(key)
                return kept
        if kept := self._read(key):
            self._remember(key, kept)
        return kept

    def look(self, key: object, view: Mapping[str, Any]) -> None:
        """Keep how a corpus is looked at now."""
        if (kept := self.get(key)) and kept.view != view:
            kept.view = view
            if self.folder:
                with suppress(OSError):
                    write_atomically(self.folder / f"{key}{VIEW}", json.dumps(view, ensure_ascii=False))

    def names(self) -> list[SessionName]:
        """The sessions on the disk, the newest first."""
        if not self.folder:
            return []
        paths = sorted(self.folder.glob(f"*{CORPUS}"), key=lambda path: -path.stat().st_mtime)
        return [name for path in paths if (name := _name_of(path, self._taxonomy))]

    def _remember(self, key: str, kept: KeptSession) -> None:
        with self._lock:
            self._open[key] = kept
            self._forget()

    def _forget(self) -> None:
        old = time.monotonic() - KEPT_SECONDS
        for key in [key for key, kept in self._open.items() if kept.used < old]:
            del self._open[key]
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)

    def _read(self, key: str) -> KeptSession | None:
        if not self.folder:
            return None
        try:
            with gzip.open(self.folder / f"{key}{CORPUS}", "rt", encoding="utf-8") as lines:
                corpus, name = _load(lines, self._taxonomy)
            view_path = self.folder / f"{key}{VIEW}"
            view = json.loads(view_path.read_text(encoding="utf-8")) if view_path.exists() else {}
        except (OSError, ValueError, KeyError, TypeError, EOFError):
            return None
        return KeptSession(open_corpus(name, corpus, self._thresholds, self._taxonomy), view if isinstance(view, dict) else {})


def _dump(opened: OpenCorpus) -> str:
    corpus = opened.corpus
    head = {
        "format": FORMAT,
        "name": opened.name,
        "labels": {task.key: task.keys for task in opened.taxonomy.tasks},
        "articles": len(corpus.items),
        "rejects": [asdict(reject) for reject in corpus.rejects],
        "done": corpus.done,
        "total": corpus.total,
        "seconds": corpus.seconds,
    }
    return "".join(json.dumps(line) + "\n" for line in (head, *(asdict(item) for item in corpus.items)))


def _load(lines: Iterator[str], taxonomy: Taxonomy) -> tuple[ScoredCorpus, str]:
    head = _checked_head(next(lines), taxonomy)
    items = tuple(ScoredArticle(**json.loads(line)) for line in lines)
    rejects = tuple(Reject(**reject) for reject in head["rejects"])
    return ScoredCorpus(items, rejects, head["done"], head["total"], head["seconds"]), str(head["name"])


def _checked_head(line: str, taxonomy: Taxonomy) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(line)
    if head["format"] != FORMAT or head["labels"] != {task.key: list(task.keys) for task in taxonomy.tasks}:
        raise ValueError("a session of another taxonomy")
    return head


def _name_of(path: Path, taxonomy: Taxonomy) -> SessionName | None:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            head = _checked_head(next(lines), taxonomy)
    except (OSError, ValueError, KeyError, StopIteration, EOFError):
        return None
    return SessionName(path.name.removesuffix(CORPUS), str(head["name"]), int(head["articles"]))
