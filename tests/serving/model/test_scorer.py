from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.taxonomy import Taxonomy
from sorot.data.text.windows import unshout
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.bundle import BundleError, load_bundle
from sorot.serving.model.evidence import choose_evidence
from sorot.serving.model.scorer import Scorer
from tests.tiny_bundle import WORDS, build_bundle

SENTENCE = "pemerintah memblokir situs judi daring di jakarta ."
LONG = "\n\n".join(["Pemerintah memblokir situs judi daring. Polisi menangkap terduga teroris di jakarta."] * 12)


def article(body: str, title: str | None = None) -> Article:
    return Article(id="a", body=body, title=title, language="id")


def summed(analysis: Analysis, scorer: Scorer) -> dict[tuple[str, str], float]:
    """Contributions of all sentences plus bias, by task and label."""
    totals: dict[tuple[str, str], float] = {
        (task.key, label): scorer.manifest.bias[task.key][k]
        for task in scorer.taxonomy.tasks
        for k, label in enumerate(task.keys)
    }
    for piece in analysis.contributions:
        totals[piece.task, piece.label] += piece.contribution
    return totals


def assert_exact(analysis: Analysis, scorer: Scorer) -> None:
    for (task, label), total in summed(analysis, scorer).items():
        assert total == pytest.approx(analysis.logits[task][label], abs=1e-4)


def test_evidence_is_the_same_whether_all_contributions_are_wanted_or_not(tiny_scorer: Scorer) -> None:
    articles = [article(LONG, title="Kementerian menilai aturan platform digital"), article(SENTENCE), article("")]
    for whole, few in zip(tiny_scorer.score(articles), tiny_scorer.score_each(articles, contributions=False), strict=True):
        assert few == replace(whole, contributions=()) and (whole.contributions or not whole.n_tokens)
        assigned: list[tuple[str, str]] = list(dict.fromkeys((e.task, e.label) for e in whole.evidence))
        assert choose_evidence(whole.contributions, assigned) == whole.evidence


def test_contributions_add_up_to_the_logits(tiny_scorer: Scorer) -> None:
    [analysis] = tiny_scorer.score([article(LONG, title="Kementerian menilai aturan platform digital")])
    assert analysis.n_windows > 1
    assert_exact(analysis, tiny_scorer)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), min_size=1, max_size=12))
def test_contributions_add_up_for_any_article(tiny_scorer: Scorer, sentences: list[list[str]]) -> None:
    body = "\n".join(" ".join(words) for words in sentences)
    [analysis] = tiny_scorer.score([article(body)])
    assume(analysis.withheld is None)
    assert_exact(analysis, tiny_scorer)


def test_sentences_in_capitals_are_read_like_others(tiny_scorer: Scorer) -> None:
    calm = "Pemerintah memblokir situs judi daring. Polisi menangkap terduga teroris di jakarta."
    loud, quiet = tiny_scorer.score([article(calm.upper(), title=SENTENCE.upper()), article(calm, title=SENTENCE.capitalize())])
    assert loud.logits == quiet.logits
    assert {piece.sentence for piece in loud.contributions} == {
        SENTENCE.upper(), *(f"{part}." for part in calm.upper().rstrip(".").split(". "))
    }  # fmt: skip


def test_a_few_words_in_capitals_stay_as_they_are() -> None:
    for text in ("KPK OTT DPRD", "Polisi menangkap TERDUGA TERORIS DI JAKARTA", "12 34 56 78", ""):
        assert unshout(text) == text


def test_windows_do_not_change_a_result_that_depends_on_tokens_alone(tmp_path: Path, tiny_scorer: Scorer) -> None:
    whole = Scorer.load(build_bundle(tmp_path / "wide", max_tokens=512))
    [cut], [uncut] = tiny_scorer.score([article(LONG)]), whole.score([article(LONG)])
    assert (cut.n_windows > 1, uncut.n_windows) == (True, 1)
    assert cut.n_tokens == uncut.n_tokens
    for task in whole.taxonomy.keys:
        assert cut.logits[task] == pytest.approx(uncut.logits[task], abs=1e-4)


def test_an_article_scores_the_same_alone_and_among_others(tiny_scorer: Scorer) -> None:
    others = [article(LONG), article("cuaca cerah hari ini ."), article("")]
    alone = tiny_scorer.score([article(SENTENCE)])[0]
    among = tiny_scorer.score([others[0], article(SENTENCE), *others[1:]])[1]
    assert alone == among


def test_probabilities_follow_from_logits_temperature_and_threshold(tiny_scorer: Scorer) -> None:
    [analysis] = tiny_scorer.score([article(SENTENCE)])
    for task in tiny_scorer.taxonomy.keys:
        scaled = np.array(list(analysis.logits[task].values())) / tiny_scorer.manifest.temperatures[task]
        expected = 1 / (1 + np.exp(-scaled)) if task == "topics" else np.exp(scaled) / np.exp(scaled).sum()
        assert list(analysis.probabilities[task].values()) == pytest.approx(expected.tolist(), abs=1e-5)
    assert analysis.labels["topics"] == tuple(t for t, p in analysis.probabilities["topics"].items() if p >= 0.5)


def test_without_a_topic_the_stance_is_the_taxonomys_default(tmp_path: Path) -> None:
    folder = build_bundle(tmp_path / "strict")
    raw = json.loads((folder / "manifest.json").read_text())
    raw["bias"]["topics"] = [-1000.0] * len(raw["bias"]["topics"])
    (folder / "manifest.json").write_text(json.dumps(raw))
    [analysis] = Scorer.load(folder).score([article(SENTENCE)])
    assert (analysis.labels["topics"], analysis.labels["stance"]) == ((), "none")
    assert {e.task for e in analysis.evidence} <= {"sentiment"}


def test_evidence_points_into_the_body(tiny_scorer: Scorer) -> None:
    [analysis] = tiny_scorer.score([article(LONG, title="Polisi menangkap terduga teroris")])
    assert analysis.evidence
    for piece in analysis.evidence:
        assert piece.contribution > 0
        if piece.start is not None:
            assert LONG[piece.start : piece.end] == piece.sentence


def test_foreign_and_empty_articles_get_no_labels(tiny_scorer: Scorer) -> None:
    english = "The government has blocked access to several websites after a ruling on Tuesday, officials said in the capital."
    foreign, empty = tiny_scorer.score([Article(id="e", body=english), Article(id="x", body="")])
    assert (foreign.withheld, foreign.language, foreign.labels["stance"], foreign.probabilities) == ("language", "en", None, {})
    assert (empty.withheld, empty.labels["topics"], empty.n_tokens) == ("empty", (), 0)


def test_another_taxonomy_needs_no_code(tmp_path: Path) -> None:
    def labels(*keys: str) -> list[dict[str, str]]:
        return [{"key": k, "name_id": k, "name_en": k} for k in keys]

    taxonomy = Taxonomy.from_dict(
        {
            "topics": labels("banjir", "gempa", "kabut", "longsor", "erupsi"),
            "stance": labels("pro", "kontra"),
            "sentiment": labels("baik", "buruk"),
        }
    )
    scorer = Scorer.load(build_bundle(tmp_path / "five", taxonomy))
    [analysis] = scorer.score([article(SENTENCE)])
    assert list(analysis.probabilities["topics"]) == ["banjir", "gempa", "kabut", "longsor", "erupsi"]
    assert analysis.labels["stance"] in ("pro", "kontra")
    assert_exact(analysis, scorer)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "wide.safetensors"])
def test_a_tampered_or_incomplete_bundle_is_refused(tmp_path: Path, tiny_bundle: Path, name: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny_bundle, folder)
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(BundleError, match=f"{name}.*restore the bundle"):
        load_bundle(folder)
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"{name}.*missing"):
        load_bundle(folder)


def test_a_bundle_must_be_a_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such bundle folder"):
        load_bundle(tmp_path / "nowhere")
    with pytest.raises(BundleError, match=r"no manifest\.json"):
        load_bundle(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 2}')
    with pytest.raises(BundleError, match="not a manifest"):
        load_bundle(tmp_path)


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path, tiny_bundle: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny_bundle, folder)
    raw = json.loads((folder / "manifest.json").read_text())
    raw["files"]["../outside"] = "0"
    (folder / "manifest.json").write_text(json.dumps(raw))
    with pytest.raises(BundleError, match="not in its folder"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("https://kabar.example/berita/12345-judul", "address"),
        ("www.kabar.com/1", "address"),
        ("12345 67890", "numbers"),
        ("17/07/2017 10:00", "numbers"),
        ("Situs judi diblokir lagi", "short"),
        ("Diblokir https://kabar.example/a-b-c-d-e-f", "short"),
        ("Kominfo blokir situs judi daring lagi", None),
    ],
)
def test_a_text_that_says_too_little_gets_no_labels(tiny_scorer: Scorer, body: str, reason: str | None) -> None:
    [analysis] = tiny_scorer.score([article(body)])
    assert analysis.withheld == reason
    if reason:
        assert analysis.probabilities == {} and analysis.labels["stance"] is None
    [titled] = tiny_scorer.score([article(body, title="Pemerintah memblokir situs judi daring hari ini")])
    assert titled.withheld is None
