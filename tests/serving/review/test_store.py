"""The review folder: an article is open at one person at a time, whatever happens, and no answer is lost."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.taxonomy import Label, Taxonomy, load_taxonomy
from sorot.serving.review import leases, schema
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.leases import LEASE_SECONDS, confirm, renew, reviewer_progress, skip, take, undo
from sorot.serving.review.queue import CHANCE, order_queue
from sorot.serving.review.reviewer_answer import check_answer, check_name
from sorot.serving.review.store import Store, create_store, hash_text, open_store
from tests.serving.reviewing import ANSWER, THRESHOLDS, Clock, analysis, article, fill, with_clock

PEOPLE = ("Ani", "Budi", "Citra")
# In another process: confirms articles until none is left, printing each number after it is confirmed.
WORKER = """
import sys
from pathlib import Path
from sorot.serving.review.leases import confirm, take
from sorot.serving.review.store import open_store
from tests.serving.reviewing import ANSWER
store, person = open_store(Path(sys.argv[1])), sys.argv[2]
while held := take(store, person):
    confirm(store, person, held.number, ANSWER)
    print(held.number, flush=True)
"""


def worker(store: Store, person: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(store.path.parent), person]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def refused(key: str | None = None) -> pytest.RaisesExc[ReviewError]:
    return pytest.RaisesExc(ReviewError, check=lambda error: key is None or error.key == key)


@settings(max_examples=40, deadline=None)
@given(
    people=st.integers(1, 2),
    steps=st.lists(
        st.tuples(st.sampled_from(["take", "skip", "confirm", "undo", "renew", "late"]), st.sampled_from(PEOPLE)), max_size=30
    ),
)
def test_no_article_is_open_at_two_people_and_no_answer_is_lost(people: int, steps: list[tuple[str, str]]) -> None:
    """Random steps, compared with a simple model of who holds and who answered which article. `late` expires all leases."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        store = with_clock(fill(Path(folder), 3, people), clock)
        has: dict[str, int] = {}
        said: dict[str, list[int]] = {person: [] for person in PEOPLE}
        seen: dict[str, int] = {}
        for step, person in steps:
            if step == "take":
                held = take(store, person)
                wanting = [n for n in (1, 2, 3) if sum(n in own for own in said.values()) < people]
                if held is None:
                    assert all(n in said[person] or n in has.values() for n in wanting)
                    continue
                assert held.number in wanting and held.number not in said[person]
                assert has.get(person, held.number) == held.number
                assert held.number not in [n for other, n in has.items() if other != person]
                has[person] = seen[person] = held.number
            elif step == "late":
                clock.seconds += LEASE_SECONDS
                has.clear()
            elif step == "undo":
                if not said[person]:
                    with refused("nothing_to_undo"):
                        undo(store, person)
                elif said[person][-1] in has.values():
                    with refused("undo_taken"):
                        undo(store, person)
                else:
                    held = undo(store, person)
                    assert held.number == said[person].pop() and held.before == ANSWER
                    has[person] = seen[person] = held.number
            elif person in seen:
                number = seen[person]
                taken = number in [n for other, n in has.items() if other != person]
                done = number in said[person] or sum(number in own for own in said.values()) >= people
                if step == "skip":
                    skip(store, person, number)
                    if has.get(person) == number:
                        del has[person]
                elif step == "renew" and has.get(person, number) != number:
                    # The person holds another article by now, and keeps it.
                    renew(store, person, number)
                elif taken or done:
                    with refused("answered" if number in said[person] else "gone"):
                        confirm(store, person, number, ANSWER) if step == "confirm" else renew(store, person, number)
                elif step == "renew":
                    renew(store, person, number)
                    has[person] = number
                else:
                    confirm(store, person, number, ANSWER)
                    said[person].append(number)
                    if has.get(person) == number:
                        del has[person]
            status = store.status()
            assert (status.articles, status.held) == (3, len(has))
            assert status.people == {person: len(own) for person, own in said.items() if own}
        clock.seconds += LEASE_SECONDS
        for n in range(3 * people):
            # New reviewers get all remaining articles.
            while (held := take(store, f"new {n}")) is not None:
                confirm(store, f"new {n}", held.number, ANSWER)
        assert store.status().left == 0
        assert store.status().reviews == 3 * people


def test_threads_share_the_queue_without_conflict(tmp_path: Path) -> None:
    store = fill(tmp_path, 24)

    def work(person: str) -> list[int]:
        done = []
        while held := take(store, person):
            confirm(store, person, held.number, ANSWER)
            done.append(held.number)
        return done

    with ThreadPoolExecutor(6) as pool:
        found = [n for own in pool.map(work, [f"p{i}" for i in range(6)]) for n in own]
    assert sorted(found) == list(range(1, 25))


def test_many_who_take_at_once_get_different_articles(tmp_path: Path) -> None:
    store = fill(tmp_path, 8)
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda i: take(store, f"p{i}"), range(8)))
    assert len({h.number for h in held if h}) == 8
    assert take(store, "one more") is None and store.status().held == 8


def test_processes_share_the_queue_without_conflict(tmp_path: Path) -> None:
    store = fill(tmp_path, 30)
    processes = [worker(store, person) for person in PEOPLE]
    found = [int(n) for process in processes for n in process.communicate(timeout=120)[0].split()]
    assert sorted(found) == list(range(1, 31))
    assert sum(store.status().people.values()) == 30


def test_answers_confirmed_before_a_kill_are_kept(tmp_path: Path) -> None:
    store = fill(tmp_path, 400)
    process = worker(store, "Ani")
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    told += [int(n) for n in process.communicate(timeout=60)[0].split()]
    again = open_store(tmp_path)
    kept = again.status().people["Ani"]
    # The last one may be confirmed but not printed.
    assert len(told) <= kept <= len(told) + 1
    with again.reading() as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert {n for (n,) in db.execute("SELECT article FROM reviews")} >= set(told)
    assert again.status().left == 400 - kept
    late = Clock()
    late.seconds = again.now() + LEASE_SECONDS + 1
    assert take(with_clock(again, late), "Budi") is not None


def test_a_skipped_article_goes_to_others_and_comes_back_last(tmp_path: Path) -> None:
    store = fill(tmp_path, 2)
    first = take(store, "Ani")
    assert first is not None
    skip(store, "Ani", first.number)
    second = take(store, "Ani")
    assert second is not None and second.number != first.number
    other = take(store, "Budi")
    assert other is not None and other.number == first.number
    skip(store, "Budi", other.number)
    confirm(store, "Ani", second.number, ANSWER)
    back = take(store, "Ani")
    assert back is not None and back.number == first.number


def test_work_renews_the_lease_and_a_late_answer_is_accepted_if_the_article_is_free(tmp_path: Path) -> None:
    clock = Clock()
    store = with_clock(fill(tmp_path, 1), clock)
    held = take(store, "Ani")
    assert held is not None
    for _ in range(3):
        clock.seconds += LEASE_SECONDS - 1
        renew(store, "Ani", held.number)
    assert take(store, "Budi") is None
    clock.seconds += LEASE_SECONDS + 1
    confirm(store, "Ani", held.number, ANSWER)
    assert reviewer_progress(store, "Ani") == leases.ReviewerProgress(1, 0)


def test_an_undone_answer_stays_in_the_database(tmp_path: Path) -> None:
    store = fill(tmp_path, 1)
    held = take(store, "Ani")
    assert held is not None
    confirm(store, "Ani", held.number, ANSWER)
    undo(store, "Ani")
    assert store.status().reviews == 0 and list(store.reviews()) == []
    confirm(store, "Ani", held.number, ANSWER)
    with store.reading() as db:
        assert db.execute("SELECT count(*), count(undone) FROM reviews").fetchone() == (2, 1)
    assert len(list(store.reviews())) == 1


def test_a_text_is_queued_once_and_ids_do_not_clash(tmp_path: Path) -> None:
    store = fill(tmp_path, 2)
    known, other = article(1), article(7)
    respaced = type(known)(id="z", body=known.body.replace(" ", "  "))
    renamed = type(known)(id="a1", body=other.body)
    scored = [(one, analysis(store.taxonomy, 0)) for one in (known, respaced, renamed)]
    assert store.add(scored, THRESHOLDS) == 1
    ids = {take(store, f"p{i}").article.id for i in range(3)}  # type: ignore[union-attr]
    assert {"a0", "a1"} < ids and next(iter(ids - {"a0", "a1"})).startswith("a1-")


def test_a_rare_label_comes_up_and_the_most_doubtful_come_first() -> None:
    many = [
        (hash_text(f"x{i}"), {"topics: a": 0.9 - i / 1000, "topics: b": 0.0001, "stance": 0.3, "sentiment": 0.3})
        for i in range(300)
    ]
    rare = (hash_text("rare 1"), {"topics: a": 0.0, "topics: b": 0.02, "stance": 0.0, "sentiment": 0.0})
    turns = order_queue([*many, rare])
    assert sorted(t.index for t in turns) == list(range(301))
    if turns[[t.index for t in turns].index(300)].reason != CHANCE:
        assert 300 in [t.index for t in turns[:12]]
    for_a = [t.index for t in turns if t.reason == "topics: a"]
    assert for_a == sorted(for_a)
    share = sum(t.reason == CHANCE for t in turns[:100]) / 100
    assert 0.15 <= share <= 0.25


@given(
    st.lists(
        st.fixed_dictionaries(dict.fromkeys(["topics: a", "topics: b", "stance", "sentiment"], st.floats(0, 1))), max_size=40
    )
)
def test_every_article_has_one_turn(doubts: list[dict[str, float]]) -> None:
    turns = order_queue([(hash_text(str(i)), own) for i, own in enumerate(doubts)])
    assert sorted(t.index for t in turns) == list(range(len(doubts)))


def test_an_answer_must_follow_the_taxonomy() -> None:
    taxonomy, sentences = load_taxonomy(), ("Satu.", "Dua.")

    def labels(topics: object, stance: object, sentiment: object) -> dict[str, object]:
        return {"topics": topics, "stance": stance, "sentiment": sentiment}

    answer = check_answer(taxonomy, labels(["terrorism", "censorship"], "oppose", "negative"), [1, 0, 1], sentences)
    assert answer.labels["topics"] == ("censorship", "terrorism") and answer.sentences == sentences
    again = check_answer(taxonomy, labels([], "none", "negative"), [1, 0], ("Sama.", "Sama."))
    assert again.sentences == ("Sama.",)
    for given_, marked, key, task in (
        (labels(["x"], "oppose", "negative"), [], "unknown_label", "topics"),
        (labels([], None, "negative"), [], "unchosen", "stance"),
        (labels([], "none", ["negative"]), [], "unchosen", "sentiment"),
        (labels([[]], "none", "negative"), [], "unknown_label", "topics"),
        (labels([], "oppose", "negative"), [], "default_not_chosen", "stance"),
        (labels(None, "none", "negative"), [2], "unknown_sentence", None),
        (labels(None, "none", "negative"), [True], "unknown_sentence", None),
        (labels(None, "none", "negative"), ["0"], "unknown_sentence", None),
    ):
        with pytest.raises(ReviewError) as caught:
            check_answer(taxonomy, given_, marked, sentences)
        assert (caught.value.key, caught.value.task) == (key, task)


def test_a_name_is_short_text() -> None:
    assert check_name("  Sari \n Dewi\u202e ") == "Sari Dewi"
    assert check_name("é" * 60) == check_name("e\u0301" * 60)
    for name, key in (
        (None, "no_name"),
        (" \x00", "no_name"),
        (7, "no_name"),
        ("a" * 61, "long_name"),
        ("a" * 10**6, "long_name"),
    ):
        with refused(key):
            check_name(name)


def test_an_unusable_folder_is_one_sentence_with_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taxonomy = load_taxonomy()
    with pytest.raises(ReviewError, match="fill it with: sorot feedback add"):
        open_store(tmp_path / "nowhere")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / schema.FILE).write_text("no database, but long enough to be taken for one " * 40)
    with pytest.raises(ReviewError, match="is not a database; name another folder"):
        open_store(tmp_path / "text")
    (tmp_path / "dir" / schema.FILE).mkdir(parents=True)
    with pytest.raises(ReviewError, match="cannot be opened; give this account the right"):
        open_store(tmp_path / "dir")
    (tmp_path / "theirs").mkdir()
    with sqlite3.connect(tmp_path / "theirs" / schema.FILE) as db:
        db.execute("CREATE TABLE mine (x)")
    for make in (open_store, lambda folder: create_store(folder, taxonomy)):
        with pytest.raises(ReviewError, match="was not made by sorot feedback"):
            make(tmp_path / "theirs")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReviewError, match="check the path"):
        create_store(tmp_path / "file", taxonomy)
    store = fill(tmp_path / "ours", 1)
    with sqlite3.connect(store.path) as db:
        db.execute("PRAGMA user_version = 9")
    with pytest.raises(ReviewError, match="has version 9 of the tables, this sorot reads version 4"):
        open_store(tmp_path / "ours")
    with sqlite3.connect(store.path) as db:
        db.execute("PRAGMA user_version = 4")
    first, *rest = taxonomy.tasks
    five = first.model_copy(update={"labels": (*first.labels, Label(key="other", name_en="Other"))})
    for tasks in ((five, *rest), tuple(rest[1:]), (*taxonomy.tasks, five.model_copy(update={"key": "frame", "column": None}))):
        with pytest.raises(ReviewError, match="is for other labels than the model's"):
            open_store(tmp_path / "ours", Taxonomy(tasks=tasks))
    free = rest[0].model_copy(update={"default": None, "without": None})
    with pytest.raises(ReviewError, match=r"has other rules for stance than the model \(one label, none without topics\)"):
        open_store(tmp_path / "ours", Taxonomy(tasks=(first, free, *rest[1:])))
    store.path.rename(tmp_path / "moved")
    with pytest.raises(ReviewError, match="is not there any more"):
        take(store, "Ani")
    assert not store.path.exists()
    real = schema.connect

    def small(path: Path) -> sqlite3.Connection:
        db = real(path)
        db.execute("PRAGMA max_page_count = 20")
        return db

    full = fill(tmp_path / "full", 1)
    monkeypatch.setattr(schema, "connect", small)
    with pytest.raises(ReviewError, match="the disk is full; free space and try again"):
        full.add([(article(i), analysis(taxonomy, i)) for i in range(2, 500)], THRESHOLDS)
    monkeypatch.undo()
    assert full.status().articles == 1


def test_a_clock_set_back_holds_no_article(tmp_path: Path) -> None:
    clock = Clock()
    store = with_clock(fill(tmp_path, 1, 1), clock)
    assert take(store, "Ani") is not None
    assert take(store, "Budi") is None
    clock.seconds -= 86_400
    assert take(store, "Budi") is not None
