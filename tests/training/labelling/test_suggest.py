"""`sorot suggest`: which articles it chooses and leaves out, and that its file can be filled in."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.labels.records import read_labelled
from sorot.data.taxonomy import Taxonomy, load_taxonomy
from sorot.training.labelling.selection import choose, rank, restrict
from tests.serving.command import lines, run
from tests.taxonomies import two_many, with_frame, without_stance
from tests.tiny_bundle import WORDS

TAXONOMY = load_taxonomy()
TASKS = TAXONOMY.keys


def thresholds(*values: float) -> dict[str, dict[str, float]]:
    """The same threshold for every label of the first task, or one for each."""
    keys = TAXONOMY.task("topics").keys
    return {"topics": dict(zip(keys, values * len(keys) if len(values) == 1 else values, strict=True))}


def texts(n: int, seed: int = 0) -> list[str]:
    """Articles of the words that the small bundle knows, hardly any five of them in the same order."""
    rng = random.Random(seed)
    return [" ".join(rng.choices([w for w in WORDS if w.isalpha()], k=40)).capitalize() + "." for _ in range(n)]


def write_corpus(path: Path, bodies: list[str]) -> Path:
    records = [{"id": f"{path.stem}{i}", "title": f"Judul {i}", "text": body} for i, body in enumerate(bodies)]
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def probabilities(rng: np.random.Generator, n: int) -> dict:
    taxonomy = load_taxonomy()
    columns = {t: len(taxonomy.task(t).keys) for t in TASKS}
    spread = {t: rng.dirichlet(np.ones(k), n) for t, k in columns.items() if t != "topics"}
    return {"topics": rng.random((n, columns["topics"])), **spread}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 120), st.integers(1, 70), st.integers(0, 2**32), st.booleans())
def test_the_choice_is_of_n_different_articles(articles: int, n: int, seed: int, alike: bool) -> None:
    rng = np.random.default_rng(seed)
    features = np.zeros((articles, 2)) if alike else rng.normal(size=(articles, 5))
    strata = rank(TAXONOMY, probabilities(rng, articles), thresholds(0.4), n, rng)
    assert sum(s.quota for s in strata) == n
    picks = choose(strata, features, n, np.random.default_rng(seed))
    indices = [p.index for p in picks]
    assert len(indices) == len(set(indices)) == min(n, articles)
    assert set(indices) <= set(range(articles))
    assert [p.index for p in choose(strata, features, n, np.random.default_rng(seed))] == indices
    # Over a part of the articles, the choice is of that part.
    kept = np.flatnonzero(rng.random(articles) < 0.5)
    part = choose(restrict(strata, kept), features[kept], n, np.random.default_rng(seed))
    assert len({p.index for p in part}) == len(part) <= min(n, len(kept))
    assert all(p.index < len(kept) for p in part)


def test_a_rare_topic_comes_up_and_the_confident_do_not() -> None:
    """Five of 2,000 articles are near the threshold of topic 2; a random choice of 50 would hardly have one of them."""
    rng = np.random.default_rng(1)
    n = 2000
    scores = probabilities(rng, n)
    scores["topics"] = np.full((n, 3), 0.001) * rng.uniform(0.5, 1, (n, 3))
    rare = rng.choice(n, 5, replace=False)
    scores["topics"][rare, 2] = [0.3, 0.5, 0.6, 0.9, 0.95]
    picks = choose(rank(TAXONOMY, scores, thresholds(0.5, 0.5, 0.4), 50, rng), rng.normal(size=(n, 8)), 50, rng)
    for_rare = {p.index for p in picks if p.stratum and p.stratum.label == TAXONOMY.task("topics").keys[2]}
    assert len(for_rare) == 7 or len(for_rare) == 6
    # They are a sixth of what is drawn from at most; that several come is no luck.
    assert len({p.index for p in picks} & set(rare)) >= 1
    margin = {t: np.sort(scores[t], axis=1)[:, -1] - np.sort(scores[t], axis=1)[:, -2] for t in TASKS[1:]}
    for pick in picks:
        if pick.stratum and pick.stratum.task in margin:
            assert margin[pick.stratum.task][pick.index] < np.quantile(margin[pick.stratum.task], 0.1)
    assert sum(p.stratum is not None and p.stratum.task is None for p in picks) == 10


@pytest.mark.parametrize("taxonomy", [without_stance(), with_frame(), two_many()])
def test_every_label_and_task_of_any_taxonomy_gets_its_share(taxonomy: Taxonomy) -> None:
    rng = np.random.default_rng(4)
    scores = {task.key: rng.dirichlet(np.ones(len(task.keys)), 400) for task in taxonomy.tasks}
    halves = {task.key: dict.fromkeys(task.keys, 0.5) for task in taxonomy.many_tasks}
    strata = rank(taxonomy, scores, halves, 100, rng)
    wanted = {(task.key, label) for task in taxonomy.many_tasks for label in task.keys}
    assert {(s.task, s.label) for s in strata[1:]} == wanted | {(task.key, None) for task in taxonomy.one_tasks}
    assert sum(s.quota for s in strata) == 100 and strata[0].quota == 20 and all(s.quota > 0 for s in strata)


def test_a_batch_is_diverse() -> None:
    """All articles are equally uncertain, nine of ten of them one story: the batch has others as well."""
    rng = np.random.default_rng(2)
    scores = {t: np.full((400, k), 1 / k) for t, k in (("topics", 3), ("stance", 4), ("sentiment", 3))}
    features = np.zeros((400, 40))
    features[:, 0] = 1
    for place, article in enumerate(range(0, 400, 10)):
        features[article] = np.eye(40)[place]
    picks = choose(rank(TAXONOMY, scores, thresholds(0.5), 50, rng), features, 50, rng)
    chosen = [p.index for p in picks if p.stratum and p.stratum.task == "stance"]
    assert np.mean([i % 10 == 0 for i in chosen]) > 0.2


def test_the_random_share_is_random(seeds: int = 300) -> None:
    """Whatever the scores, each article is as often in the random share as any other."""
    rng = np.random.default_rng(3)
    scores = probabilities(rng, 30)
    counts = np.zeros(30)
    for seed in range(seeds):
        strata = rank(TAXONOMY, scores, thresholds(0.5), 10, np.random.default_rng(seed))
        picks = choose(strata, np.zeros((30, 1)), 10, np.random.default_rng(seed))
        counts[[p.index for p in picks if p.stratum and p.stratum.task is None]] += 1
    assert counts.sum() == 2 * seeds
    assert counts.max() < 2.2 * counts.mean() and counts.min() > 0.3 * counts.mean()


def test_records_can_be_filled_and_hold_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_bundle: Path
) -> None:
    bodies = texts(60)
    again = [f"{bodies[i]} Sekali lagi." for i in range(20)]
    corpus = write_corpus(tmp_path / "corpus.jsonl", [*bodies, *again])
    done = [{"text": bodies[i], "sentiment": "neutral", "id": f"elsewhere{i}"} for i in range(30, 40)]
    done.append({"text": "Teks yang lain.", "sentiment": "neutral", "id": "corpus50"})
    labelled = tmp_path / "done.jsonl"
    labelled.write_text("".join(json.dumps(r) + "\n" for r in done), encoding="utf-8")
    out = tmp_path / "next.jsonl"
    call = ["suggest", corpus, "--bundle", tiny_bundle, "-n", 40, "--labelled", labelled]
    assert run(monkeypatch, *call, "--out", out) == 0
    assert "chosen for the random share: 8" in capsys.readouterr().err
    records = lines(out)
    numbers = [int(str(r["id"]).removeprefix("corpus")) for r in records]
    assert len(set(numbers)) == 40
    assert len({i % 60 for i in numbers}) == 40, "no near-duplicates"
    assert not {i % 60 for i in numbers} & {*range(30, 40), 50}, "nothing that is labelled"
    assert all(r["topics"] is r["stance"] is r["sentiment"] is None and "gives topics" in str(r["note"]) for r in records)
    assert {r["source"] for r in records} <= {f"{corpus}:{i + 1}" for i in range(80)}
    # Readable as it is, and `validate` names the labels that are missing, and nothing else.
    taxonomy = load_taxonomy()
    assert len(read_labelled(out, taxonomy)) == 40
    assert run(monkeypatch, "validate", out) == 1
    complaints = capsys.readouterr().err.splitlines()
    assert len(complaints) == 40
    assert all("no label; give at least one of topics, stance, sentiment" in line for line in complaints)
    filled = [{**r, "topics": ["terrorism"], "stance": "support", "sentiment": "neutral"} for r in records]
    out.write_text("".join(json.dumps(r) + "\n" for r in filled), encoding="utf-8")
    assert run(monkeypatch, "validate", out) == 0
    # It holds labels now, and is not written over.
    assert run(monkeypatch, *call, "--out", out) == 2
    assert "name another file" in capsys.readouterr().err
    assert lines(out) == filled
    # Filled, it is what the next suggestion leaves out: there is less left than wanted, and that is said.
    assert run(monkeypatch, *call, "--labelled", out) == 0
    rest, messages = capsys.readouterr()
    assert len(rest.splitlines()) == 9
    assert "9 articles instead of 40" in messages


def test_the_seed_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_bundle: Path
) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl", texts(40, seed=1))
    found = []
    for seed in (5, 5, 6):
        capsys.readouterr()
        assert run(monkeypatch, "suggest", corpus, "--bundle", tiny_bundle, "-n", 10, "--seed", seed) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1] != found[2]


def test_same_ids_of_different_articles_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path
) -> None:
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        write_corpus(folder / "x.jsonl", texts(3, seed=ord(name)))
    out = tmp_path / "out.jsonl"
    files = tmp_path / "a" / "x.jsonl", tmp_path / "b" / "x.jsonl"
    assert run(monkeypatch, "suggest", *files, "--bundle", tiny_bundle, "-n", 6, "--out", out) == 0
    assert len({r["id"] for r in lines(out)}) == 6


def test_wrong_calls_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_bundle: Path
) -> None:
    english = tmp_path / "en.jsonl"
    english.write_text(
        json.dumps({"id": "1", "text": "The government has blocked a number of websites this week. " * 5}), "utf-8"
    )
    for corpus, part in (("-", "save it as a file"), (english, "withheld (language): 1"), (tmp_path / "none", "no such file")):
        assert run(monkeypatch, "suggest", corpus, "--bundle", tiny_bundle) == 2
        assert part in capsys.readouterr().err
