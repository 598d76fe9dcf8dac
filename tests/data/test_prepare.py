"""The one way in for every article."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.prepare import prepare
from tests.test_rooms import EDGES

DUMP = (Path(__file__).parents[2] / "serving/page/article/examples/4-dump.txt").read_text(encoding="utf-8")
MISREAD = DUMP.replace("mengaku lega", "mengaku â€œlegaâ€\u009d")


def test_an_article_is_repaired_cleaned_and_has_its_language() -> None:
    article = prepare(Article(id="1", body=MISREAD))
    assert "Dilihat" not in article.body and "mengaku “lega”" in article.body
    assert any("Dilihat" in removed.text for removed in article.removed)
    assert article.language == "id"


def test_steps_can_be_switched_off_and_a_known_language_is_kept() -> None:
    raw = prepare(Article(id="1", body=MISREAD, language="ms"), clean=False)
    assert "Dilihat" in raw.body and raw.language == "ms"
    assert prepare(Article(id="1", body=MISREAD), detect=False).language is None


@given(st.text(max_size=400), st.none() | st.text(max_size=60))
def test_repair_and_language_are_the_same_the_second_time(body: str, title: str | None) -> None:
    once = prepare(Article(id="1", body=body, title=title), clean=False)
    assert prepare(once, clean=False) == once


def test_there_is_no_other_way_in() -> None:
    cleaning = [name for name, targets in EDGES.items() if "sorot.data.cleaning.clean" in targets]
    detecting = [name for name, targets in EDGES.items() if "sorot.data.text.language" in targets]
    assert cleaning == ["sorot.data.prepare"]
    # The scorer detects the language of articles that pass the gate, if nobody has before.
    assert detecting == ["sorot.data.prepare", "sorot.serving.model.scorer"]
