"""Articles join the queue: it is in order at any time, and each text is scored once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest

from sorot.data.reading.columns import Columns
from sorot.serving.model.scorer import Scorer
from sorot.serving.model.wide import Wide
from sorot.serving.review import add as adding
from sorot.serving.review.add import add_articles
from sorot.serving.review.leases import confirm, take
from sorot.serving.review.queue import CHANCE
from sorot.serving.review.store import Store, create_store
from tests.serving.command import GOOD
from tests.serving.reviewing import ANSWER, THRESHOLDS, analysis, article, fill


def corpus(folder: Path, n: int, times: int = 1) -> str:
    path = folder / "k.jsonl"
    rows = [{"id": str(i), "text": f"{GOOD} Nomor berita ini {i}."} for i in range(n)] * times
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def queue_of(store: Store) -> list[tuple[int, str]]:
    """Place and reason of all waiting articles, in order."""
    with store.reading() as db:
        return db.execute("SELECT place, reason FROM turns WHERE missing > 0 ORDER BY place, article").fetchall()


class Counting:
    """Records the articles given to a scorer's linear part, and fails at those that contain `bad`."""

    def __init__(self, real: Wide, bad: str = "nothing") -> None:
        self.seen: list[str] = []
        self.real, self.bad = real, bad

    def segment_logits(self, segments: Sequence[str]) -> object:
        text = " ".join(map(str, segments))
        self.seen.append(text)
        if self.bad in text:
            raise ValueError("is made to fail")
        return self.real.segment_logits(segments)  # type: ignore[arg-type]


def counting(scorer: Scorer, bad: str = "nothing") -> tuple[Scorer, Counting]:
    counter = Counting(scorer.wide, bad)
    parts = {f.name: getattr(scorer, f.name) for f in fields(scorer)}
    return Scorer(**{**parts, "wide": counter}), counter


def test_the_queue_is_in_order_while_articles_join_and_after_a_kill(
    tiny_scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "CHUNK", 4)
    store = create_store(tmp_path / "t", tiny_scorer.taxonomy)
    seen: list[list[tuple[int, str]]] = []

    class Killed(BaseException):
        pass

    def look(_: object) -> None:
        seen.append(queue_of(store))
        if len(seen) == 3:
            # Nothing else runs after a kill.
            monkeypatch.setattr(Store, "put_in_order", lambda _: 0)
            raise Killed

    with pytest.raises(Killed):
        add_articles(store, tiny_scorer, [corpus(tmp_path, 16)], Columns(), advance=look)
    assert [len(queue) for queue in seen] == [4, 8, 12]
    for queue in seen:
        assert [place for place, _ in queue] == list(range(len(queue)))
    # An article that is not in order yet has a reason already.
    assert store.add([(article(i), analysis(store.taxonomy, i)) for i in range(40)], THRESHOLDS) == 40
    assert all(reason for _, reason in queue_of(store))
    with store.reading() as db:
        found = db.execute("SELECT text_hash, reason FROM articles JOIN turns ON article = number").fetchall()
    by_chance = [text_hash for text_hash, _ in found if int(text_hash[:12], 16) / 16**12 < 0.2]
    assert by_chance == [text_hash for text_hash, reason in found if reason == CHANCE] and by_chance
    monkeypatch.undo()
    again = add_articles(store, tiny_scorer, [corpus(tmp_path, 16)], Columns())
    assert (again.queued, again.repeats) == (4, 12)
    assert [place for place, _ in queue_of(store)] == list(range(56))


def test_a_queued_text_is_not_scored_again(tiny_scorer: Scorer, tmp_path: Path) -> None:
    store = create_store(tmp_path / "t", tiny_scorer.taxonomy)
    inputs = corpus(tmp_path, 5, times=2)
    scorer, counter = counting(tiny_scorer)
    assert add_articles(store, scorer, [inputs], Columns()).repeats == 5
    assert len(counter.seen) == 5
    again = add_articles(store, scorer, [inputs], Columns())
    assert (again.queued, again.repeats, len(counter.seen)) == (0, 10, 5)


def test_an_article_that_cannot_be_scored_affects_no_other(tiny_scorer: Scorer, tmp_path: Path) -> None:
    store = create_store(tmp_path / "t", tiny_scorer.taxonomy)
    scorer, _ = counting(tiny_scorer, bad="Nomor berita ini 2.")
    added = add_articles(store, scorer, [corpus(tmp_path, 5)], Columns())
    assert (added.queued, added.rejects) == (4, 1)
    assert "could not be scored (ValueError: is made to fail)" in added.first_rejects[0].reason


def test_nothing_is_written_if_nothing_changes(tmp_path: Path) -> None:
    store = fill(tmp_path, 20)
    with store.reading() as watching:

        def version() -> tuple[int]:
            return watching.execute("PRAGMA data_version").fetchone()  # type: ignore[no-any-return]

        before = version()
        assert store.put_in_order() == 20
        assert version() == before
        held = take(store, "Ani")
        assert held is not None
        confirm(store, "Ani", held.number, ANSWER)
        with store.reading() as db:
            reason = db.execute("SELECT place, reason FROM turns WHERE article = ?", (held.number,)).fetchone()
        assert store.add([(article(i), analysis(store.taxonomy, i)) for i in range(20, 30)], THRESHOLDS) == 10
        joined = version()
        assert store.put_in_order() == 29
        assert version() != joined
        with store.reading() as db:
            assert db.execute("SELECT place, reason FROM turns WHERE article = ?", (held.number,)).fetchone() == reason
