"""Reviews of any taxonomy: queue, answers, store and export are built from its tasks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sorot.data.labels.records import read_labelled, validate_labelled
from sorot.data.taxonomy import Taxonomy, Value
from sorot.serving.review.errors import ReviewError
from sorot.serving.review.export import write_records
from sorot.serving.review.leases import confirm, take, undo
from sorot.serving.review.queue import CHANCE, find_doubts, order_queue
from sorot.serving.review.reviewer_answer import check_answer
from sorot.serving.review.store import hash_text, open_store
from tests.serving.reviewing import analysis, fill, thresholds
from tests.taxonomies import ALL, two_many


@pytest.fixture(params=ALL)
def taxonomy(request: pytest.FixtureRequest) -> Taxonomy:
    make: Callable[[], Taxonomy] = ALL[request.param]
    return make()


def last_labels(taxonomy: Taxonomy) -> dict[str, Value]:
    """An answer that differs from the invented analyses: of each task the last label."""
    return {task.key: task.keys[-1:] if task.many else task.keys[-1] for task in taxonomy.tasks}


def test_an_answer_goes_through_the_store_and_comes_out_as_a_record(taxonomy: Taxonomy, tmp_path: Path) -> None:
    store = fill(tmp_path / "reviews", 3, taxonomy=taxonomy)
    labels = last_labels(taxonomy)
    held = take(store, "Ani")
    assert held is not None and held.guess.labels == analysis(taxonomy, 0).labels
    sent = {task: list(value) if isinstance(value, tuple) else value for task, value in labels.items()}
    answer = check_answer(taxonomy, sent, [0], (held.article.body.split(". ")[0] + ".",))
    confirm(store, "Ani", held.number, answer)
    assert undo(store, "Ani").before == answer
    confirm(store, "Ani", held.number, answer)
    out = tmp_path / "out.jsonl"
    assert write_records(open_store(store.path.parent, taxonomy), out) == 1
    assert validate_labelled(out, taxonomy) == []
    [record] = read_labelled(out, taxonomy)
    assert record.labels == labels and record.evidence == answer.sentences[0]


def test_every_label_and_task_has_a_doubt_and_a_share(taxonomy: Taxonomy) -> None:
    doubts = find_doubts(analysis(taxonomy, 1), thresholds(taxonomy), taxonomy)
    expected = [f"{task.key}: {label}" for task in taxonomy.many_tasks for label in task.keys]
    expected += [task.key for task in taxonomy.one_tasks]
    assert set(doubts) == set(expected) and all(0 <= doubt <= 1 for doubt in doubts.values())
    articles = [(hash_text(f"x{i}"), find_doubts(analysis(taxonomy, i), thresholds(taxonomy), taxonomy)) for i in range(400)]
    reasons = [turn.reason for turn in order_queue(articles)[:200]]
    assert set(reasons) == {*expected, CHANCE}
    assert 0.15 <= reasons.count(CHANCE) / 200 <= 0.25
    for task in taxonomy.many_tasks:
        share = sum(reason.startswith(f"{task.key}: ") for reason in reasons) / 200
        assert share == pytest.approx(0.4 / len(taxonomy.many_tasks), abs=0.03)
    for task in taxonomy.one_tasks:
        assert reasons.count(task.key) / 200 == pytest.approx(0.4 / len(taxonomy.one_tasks), abs=0.03)


def test_a_default_must_be_chosen_where_its_task_has_no_label() -> None:
    taxonomy = two_many()
    with pytest.raises(ReviewError, match="without a label of harms, blame is no") as caught:
        check_answer(taxonomy, {"actors": ["state"], "harms": [], "blame": "yes"}, [], ())
    assert (caught.value.key, caught.value.task) == ("default_not_chosen", "blame")
    answer = check_answer(taxonomy, {"actors": [], "harms": ["other", "speech"], "blame": "yes"}, [], ())
    assert answer.labels == {"actors": (), "harms": ("speech", "other"), "blame": "yes"}


def test_a_doubt_counts_as_far_as_the_task_it_depends_on_has_a_label() -> None:
    taxonomy = two_many()
    sure = analysis(taxonomy, 1)
    sure.probabilities["blame"] = {"yes": 0.5, "no": 0.5}
    sure.probabilities["harms"] = {"privacy": 0.1, "speech": 0.25, "other": 0.0}
    assert find_doubts(sure, thresholds(taxonomy), taxonomy)["blame"] == pytest.approx(0.25)
