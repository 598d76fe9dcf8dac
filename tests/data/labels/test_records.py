from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.data.labels.duplicates import group_duplicates
from sorot.data.labels.records import LabelError, LabelledArticle, read_labelled, validate_labelled
from sorot.data.labels.splits import hold_out
from sorot.data.reading.readers import read_articles
from sorot.data.taxonomy import Taxonomy, TaxonomyError, load_taxonomy
from sorot.data.text.dates import parse_date

GOOD = {
    "id": "a",
    "title": "Judul",
    "text": "Situs itu diblokir.",
    "topics": ["censorship"],
    "stance": "oppose",
    "sentiment": "negative",
    "evidence": "diblokir",
}


def write(path: Path, *records: object) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), encoding="utf-8")
    return path


def test_labels_without_texts_take_them_from_the_articles_of_the_same_id(tmp_path: Path) -> None:
    bare = {key: GOOD[key] for key in ("id", "topics", "stance", "sentiment")}
    labels = write(tmp_path / "labels.jsonl", bare, {**GOOD, "id": "own"})
    texts = write(
        tmp_path / "texts.jsonl",
        {"id": "a", "text": "Situs berita diblokir.", "title": "Blokir", "topics": [], "group": "g1"},
        "{",
        {"id": "z"},
    )
    taxonomy = load_taxonomy()
    first, second = read_labelled(labels, taxonomy, texts)
    # The article is taken, what another annotator thought of it is not.
    assert (first.article.body, first.article.title, first.group) == ("Situs berita diblokir.", "Blokir", "g1")
    assert first.labels["topics"] == ("censorship",)
    assert second.article.body == GOOD["text"]
    assert validate_labelled(labels, taxonomy, texts) == []
    assert validate_labelled(labels, taxonomy) == [f"{labels}:1: no text; give the article's body under 'text'"]
    stray = write(tmp_path / "stray.jsonl", {**bare, "id": "b"})
    with pytest.raises(LabelError, match=r"stray.jsonl:1: no article 'b' in .*texts.jsonl"):
        read_labelled(stray, taxonomy, texts)


def test_the_shipped_taxonomy_names_and_defines_every_label_in_two_languages() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.task("topics").keys == ("censorship", "terrorism", "platform_regulation")
    assert taxonomy.columns()["sentiment"] == slice(7, 10)
    for task in taxonomy.tasks:
        assert task.name_id and task.name_en
        assert all(e.name_id and e.name_en and e.definition_id and e.definition_en for e in task.labels)
    assert Taxonomy.from_dict(taxonomy.to_dict()) == taxonomy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("topics = 3", "topics"),
        ("a = [", "not valid TOML"),
        ('colour = "red"', "colour"),
    ],
)
def test_a_wrong_taxonomy_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "t.toml"
    path.write_text(text)
    with pytest.raises(TaxonomyError, match=message):
        load_taxonomy(path)
    with pytest.raises(TaxonomyError, match="no such taxonomy"):
        load_taxonomy(tmp_path / "absent.toml")


def test_labelled_records_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", GOOD, {"text": "Hanya sentimen.", "sentiment": "neutral"})
    first, second = read_labelled(path, load_taxonomy())
    assert (first.labels["topics"], first.labels["stance"], first.article.title) == (("censorship",), "oppose", "Judul")
    assert (second.labels, second.article.id) == ({"topics": None, "stance": None, "sentiment": "neutral"}, "a-2")


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a JSON object"),
        (GOOD | {"text": " "}, "no text"),
        (GOOD | {"topics": ["sport"]}, "unknown label 'sport' in topics; use censorship, terrorism, platform_regulation"),
        (GOOD | {"topics": ["censorship"] * 2}, "a label is listed twice in topics"),
        (GOOD | {"topics": "censorship"}, "must be a list"),
        (GOOD | {"stance": "against"}, "unknown stance 'against'"),
        (GOOD | {"sentiment": "sad"}, "unknown sentiment 'sad'"),
        (GOOD | {"topics": []}, "though topics is empty; use 'none'"),
    ],
)
def test_a_wrong_record_is_named_by_file_and_line(tmp_path: Path, record: object, message: str) -> None:
    path = write(tmp_path / "a.jsonl", GOOD, record)
    [mistake] = validate_labelled(path, load_taxonomy())
    assert mistake.startswith(f"{path}:2: ") and message in mistake
    with pytest.raises(LabelError) as error:
        read_labelled(path, load_taxonomy())
    assert str(error.value) == mistake


def test_evidence_of_labels_without_texts_gives_the_place_of_a_sentence(tmp_path: Path) -> None:
    taxonomy = load_taxonomy()
    texts = write(tmp_path / "texts.jsonl", {"id": "a", "text": "Situs itu diblokir. Warga protes."})
    label = {"id": "a", "topics": ["censorship"], "stance": "oppose", "sentiment": "negative"}
    mark = {"task": "stance", "label": "oppose", "start": 20, "end": 33}
    labels = write(tmp_path / "labels.jsonl", label | {"evidence": [mark]})
    [row] = read_labelled(labels, taxonomy, texts)
    assert [(m.task, m.label, m.sentence) for m in row.marks] == [("stance", "oppose", "Warga protes.")]
    assert validate_labelled(labels, taxonomy, texts) == []
    beyond = write(tmp_path / "beyond.jsonl", label | {"evidence": [mark | {"end": 34}]})
    with pytest.raises(LabelError, match='"start" and "end" inside the text'):
        read_labelled(beyond, taxonomy, texts)


def test_texts_are_mended_as_those_that_are_read_to_be_scored(tmp_path: Path) -> None:
    spoilt = {
        "text": "Menteri: â€œSitus itu\r\ndiblokir\ud83d.â€\x9d",
        "title": "Blokir\x00 â€œjudiâ€\x9d",
        "outlet": "Kabar\ud83d",
        "evidence": "â€œSitus itu\r\ndiblokir\ud83d",
        "evidence_sentences": ["Menteri: â€œSitus itu\r\ndiblokir\ud83d.â€\x9d"],
    }
    path, taxonomy = write(tmp_path / "a.jsonl", GOOD | spoilt), load_taxonomy()
    [served] = read_articles([str(path)])
    [record] = read_labelled(path, taxonomy)
    lone = "\ufffd" * 3
    assert isinstance(served, Article)
    assert served.body == record.article.body == f"Menteri: “Situs itu\ndiblokir{lone}.”"
    assert (served.title, served.outlet) == (record.article.title, record.article.outlet) == ("Blokir “judi”", f"Kabar{lone}")
    assert record.evidence == f"“Situs itu\ndiblokir{lone}" and record.evidence in record.article.body
    assert validate_labelled(path, taxonomy) == []
    # Copied from where it was shown mended, it is verbatim all the same.
    mended = {"evidence": record.evidence, "evidence_sentences": [record.article.body]}
    assert validate_labelled(write(path, GOOD | spoilt | mended), taxonomy) == []
    assert "no text" in validate_labelled(write(path, GOOD | {"text": "\x00", "evidence": ""}), taxonomy)[0]


def test_validation_also_minds_ids_and_evidence(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", GOOD, GOOD, GOOD | {"id": "b", "evidence": "dibuka"})
    mistakes = validate_labelled(path, load_taxonomy())
    assert ["stands already on line 1" in mistakes[0], "not a verbatim stretch" in mistakes[1]] == [True, True]
    with pytest.raises(LabelError, match="cannot be read"):
        read_labelled(tmp_path / "absent.jsonl", load_taxonomy())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"evidence": ["diblokir"]}, "evidence must be text"),
        ({"title": 5}, "title must be text"),
        ({"outlet": {"nama": "Kabar"}}, "outlet must be text"),
        ({"url": True}, "url must be text"),
        ({"date": ["2017"]}, "date must be text or a number"),
        ({"group": {}}, "group must be text or a number"),
        ({"stance": ["oppose"]}, "stance must be one of"),
        ({"topics": [["censorship"]]}, "topics must be a list of"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_mistake_and_no_crash(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = write(tmp_path / "a.jsonl", GOOD | change)
    [mistake] = validate_labelled(path, load_taxonomy())
    assert mistake.startswith(f"{path}:1: ") and message in mistake
    with pytest.raises(LabelError, match=message):
        read_labelled(path, load_taxonomy())


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (GOOD | {"sentimen": "negative"}, "unknown key 'sentimen'; write 'sentiment' if that is meant"),
        (GOOD | {"x" * 99: 1}, "unknown key 'xxx"),
        ({"text": "Tanpa label."}, "no label; give at least one of topics, stance, sentiment"),
        (GOOD | {"date": "entah kapan"}, "date 'entah kapan' cannot be read"),
    ],
)
def test_validation_is_stricter_than_training(tmp_path: Path, record: object, message: str) -> None:
    path = write(tmp_path / "a.jsonl", record)
    [mistake] = validate_labelled(path, load_taxonomy())
    assert mistake.startswith(f"{path}:1: ") and message in mistake
    assert len(read_labelled(path, load_taxonomy())) == 1


def test_validation_minds_ids_only_where_there_are_some(tmp_path: Path) -> None:
    bare = {"text": "Situs itu dibuka.", "sentiment": "neutral"}
    assert validate_labelled(write(tmp_path / "a.jsonl", bare, bare, bare | {"id": ""}), load_taxonomy()) == []


def test_validation_of_what_is_no_plain_jsonl(tmp_path: Path) -> None:
    path, taxonomy = tmp_path / "a.jsonl", load_taxonomy()
    path.write_bytes(b"\n \n")
    assert validate_labelled(path, taxonomy) == [f"{path}: holds no records; write one JSON object a line"]
    good = json.dumps(GOOD).encode()
    path.write_bytes(b"\xef\xbb\xbf" + good)
    assert validate_labelled(path, taxonomy) == []
    path.write_bytes(good + b'\n{"text": "caf\xe9"}\n' + b"[" * 100_000 + b'\n{"id": ' + b"[" * 900 + b"]" * 900 + b"}\n")
    second, third, *fourth = validate_labelled(path, taxonomy)
    assert second == f"{path}:2: not UTF-8; save the file as UTF-8"
    assert third.startswith(f"{path}:3: nested too deeply")
    assert fourth and all(mistake.startswith(f"{path}:4: ") for mistake in fourth)


def test_what_stands_in_the_texts_alone_is_no_mistake_of_the_labels(tmp_path: Path) -> None:
    labels = write(tmp_path / "labels.jsonl", {"id": "a", "sentiment": "neutral"})
    texts = write(tmp_path / "texts.jsonl", {"id": "a", "text": "Situs itu dibuka.", "date": "entah", "lain": 1})
    assert validate_labelled(labels, load_taxonomy(), texts) == []
    assert "no article without an id" in validate_labelled(write(tmp_path / "b.jsonl", {}), load_taxonomy(), texts)[0]


def rows_of(groups: list[int], topics: list[bool]) -> list[LabelledArticle]:
    return [
        LabelledArticle(
            Article(id=str(i), body="x", outlet=f"o{g % 3}", published=parse_date(f"{2015 + g % 5}-01-01")),
            {"topics": ("censorship",) if t else (), "stance": "neutral" if t else "none", "sentiment": "neutral"},
            group=str(g) if g else None,
        )
        for i, (g, t) in enumerate(zip(groups, topics, strict=True))
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=120), st.integers(0, 5))
def test_splits_never_part_a_group_and_lose_nothing(spec: list[tuple[int, bool]], seed: int) -> None:
    rows = rows_of([g for g, _ in spec], [t for _, t in spec])
    held, rest = hold_out(rows, fraction=0.3, seed=seed)
    assert sorted(r.article.id for r in held + rest) == sorted(r.article.id for r in rows)
    assert not {r.group for r in held} & {r.group for r in rest} - {None}


def test_a_random_split_is_stratified_and_repeatable() -> None:
    rows = rows_of([0] * 200, [i % 4 == 0 for i in range(200)])
    held, _rest = hold_out(rows, fraction=0.2, seed=1)
    assert len(held) == 40 and sum(r.labels["topics"] == ("censorship",) for r in held) == 10
    assert hold_out(rows, fraction=0.2, seed=1)[0] == held
    assert hold_out(rows, fraction=0.2, seed=2)[0] != held


def test_near_duplicates_share_a_group() -> None:
    text = " ".join(f"kata{i}" for i in range(120))
    articles = [
        Article("a", text),
        Article("b", "sama sekali lain " * 3 + "dari yang pertama"),
        Article("c", text + " tambahan akhir"),
    ]
    assert group_duplicates(articles) == ["a", "b", "a"]
    assert group_duplicates([replace(articles[0], id="x")]) == ["x"]
