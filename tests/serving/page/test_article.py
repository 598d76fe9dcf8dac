"""What the tab of one article says in a sentence, and which files it takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sorot.data.article import Article
from sorot.data.taxonomy import Value
from sorot.serving.limits import DEFAULT_LIMITS, Limits
from sorot.serving.model.analysis import Analysis
from sorot.serving.model.scorer import Scorer
from sorot.serving.page.article.uploaded_file import UploadedFileError, looks_like_page, read_uploaded_file
from sorot.serving.page.article.words import article_text
from sorot.serving.page.common.verdict import verdict_sentence
from sorot.serving.words.language import format_percent

BODY = "Pemerintah memblokir situs judi daring. Warga mengkritik kebijakan itu."
TOPICS = {"censorship": 0.93, "terrorism": 0.71, "platform_regulation": 0.02}


def labels(*topics: str, stance: str = "none") -> dict[str, Value]:
    return {"topics": topics, "stance": stance, "sentiment": "negative"}


@pytest.fixture(scope="module")
def analysis(tiny_scorer: Scorer) -> Analysis:
    found = tiny_scorer.score([Article(id="1", body=BODY, language="id")])[0]
    probabilities = {
        "topics": TOPICS,
        "stance": {"support": 0.1, "oppose": 0.64, "neutral": 0.2, "none": 0.06},
        "sentiment": {"positive": 0.1, "neutral": 0.09, "negative": 0.81},
    }
    return replace(found, probabilities=probabilities, labels=labels("censorship", stance="oppose"))


def test_one_topic(tiny_scorer: Scorer, analysis: Analysis) -> None:
    assert verdict_sentence(analysis, tiny_scorer.taxonomy, "id") == (
        "Menurut model, artikel ini tentang penyensoran (93\u00a0%); "
        "sikap terhadap tindakan pemerintah: menentang (64\u00a0%); nada: negatif (81\u00a0%)."
    )
    assert verdict_sentence(analysis, tiny_scorer.taxonomy, "en") == (
        "According to the model, this article is about censorship (93%); "
        "stance toward the government action: opposes (64%); tone: negative (81%)."
    )


def test_several_topics_and_no_stance(tiny_scorer: Scorer, analysis: Analysis) -> None:
    two = replace(analysis, labels=labels("censorship", "terrorism"))
    assert "penyensoran (93\u00a0%) dan terorisme (71\u00a0%); tanpa sikap" in verdict_sentence(two, tiny_scorer.taxonomy, "id")
    three = replace(analysis, labels=labels(*TOPICS, stance="oppose"))
    assert "terrorism (71%), and platform regulation (2%)" in verdict_sentence(three, tiny_scorer.taxonomy, "en")


def test_no_topic_names_the_likeliest_and_says_nothing_of_a_stance(tiny_scorer: Scorer, analysis: Analysis) -> None:
    said = verdict_sentence(replace(analysis, labels=labels()), tiny_scorer.taxonomy, "en")
    assert said == "Outside all three topics (nearest: censorship, 93%); tone: negative (81%)."


def test_a_percentage_is_never_more_certain_than_the_model() -> None:
    assert [format_percent(p, "en") for p in (0.9999, 1.0, 0.001, 0.0, 0.5)] == [">\u00a099%", "100%", "<\u00a01%", "0%", "50%"]


@pytest.mark.parametrize(
    "text, page",
    [
        ("<!DOCTYPE html><html><body>", True),
        ("\n<!-- arsip -->\n<HTML lang=id>", True),
        ("<?xml version='1.0'?> <html>", True),
        ("<p>Pemerintah memblokir situs.</p>", False),
        ("Kata <html> ada di kalimat ini.", False),
    ],
)
def test_the_source_of_a_page_is_told_from_a_text(text: str, page: bool) -> None:
    assert looks_like_page(text) is page


def test_every_phrase_stands_in_both_languages() -> None:
    assert all(set(said) == {"id", "en"} and all(said.values()) for said in article_text.texts.values())


@pytest.mark.parametrize("name, html", [("a.txt", False), ("a.HTML", True), ("a.htm", True)])
def test_a_file_is_read_and_left_to_who_uploaded_the_same(tmp_path: Path, name: str, html: bool) -> None:
    kept = tmp_path / "folder" / name
    kept.parent.mkdir()
    kept.write_bytes("caf\u00e9 di Jakarta".encode("cp1252"))
    dropped = read_uploaded_file(str(kept), "id", DEFAULT_LIMITS)
    assert dropped.text == "caf\u00e9 di Jakarta" and dropped.html is html
    assert read_uploaded_file(str(kept), "en", DEFAULT_LIMITS) == dropped


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("a.pdf", b"teks", "bukan .txt atau .html"),
        ("a.txt", bytes(500), "bukan teks"),
        ("a.txt", b"a" * 800_001, "800.000 byte"),
        ("a.html", b"a" * 2_000_001, "2.000.000 byte"),
    ],
)
def test_what_cannot_be_taken_is_told(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    kept = tmp_path / "folder" / name
    kept.parent.mkdir()
    kept.write_bytes(content)
    with pytest.raises(UploadedFileError, match=said):
        read_uploaded_file(str(kept), "id", DEFAULT_LIMITS)


@pytest.mark.parametrize("upload", [None, 3, ["a.txt"], "", "/nowhere/a.txt"])
def test_what_is_no_upload_is_told_plainly(upload: object) -> None:
    with pytest.raises(UploadedFileError):
        read_uploaded_file(upload, "en", DEFAULT_LIMITS)


def test_limits_of_the_service_hold_for_a_dropped_file(tiny_scorer: Scorer, tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    from sorot.serving.page.app import build_page

    limits = Limits(characters=1_000, html_characters=5_000)
    drop = next(f.fn for f in build_page(tiny_scorer, limits=limits).fns.values() if f.fn and f.fn.__name__ == "drop")
    kept = tmp_path / "a.html"
    for paragraphs, said in (
        (5, "label-chip"),
        (30, "lebih panjang dari 1.000 karakter"),
        (100, "lebih besar dari 5.000 byte"),
    ):
        body = "".join(f"<p>{number}. {BODY}</p>" for number in range(paragraphs))
        kept.write_text(f"<html><body><article>{body}</article></body></html>", encoding="utf-8")
        assert said in drop(str(kept), "id")[3], paragraphs
