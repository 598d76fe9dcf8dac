"""Labels of other tools become labelled records and back: every tool's variants, names, and a round trip."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sorot.data.labels.convert import choose_tools, convert_labels
from sorot.data.labels.exchange.found import ExchangeError
from sorot.data.labels.exchange.tools import Tool, guess_tool
from sorot.data.labels.records import LabelError, read_labelled, validate_labelled
from sorot.data.taxonomy import Taxonomy, load_taxonomy
from tests.serving.command import run

TAXONOMY = load_taxonomy()
TEXT = "Situs kabar diblokir. Warga 😀 protes keras."
TOOLS = [tool for tool in Tool if tool is not Tool.SOROT]


def records_of(path: Path, *pairs: str) -> list[dict[str, Any]]:
    """The labelled records of a file whose format is guessed."""
    source, target = choose_tools(path, "out.jsonl", TAXONOMY, None, None)
    assert target is Tool.SOROT
    return [json.loads(line) for line in convert_labels(path, source, target, TAXONOMY, pairs).text.splitlines()]


def write(path: Path, *rows: object) -> Path:
    text = json.dumps(rows) if path.suffix == ".json" else "".join(json.dumps(row) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path


def test_an_export_of_doccano_is_named_and_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "all.jsonl", {"id": 4, "text": TEXT, "label": ["censorship", "Menentang"], "Comments": ["jelas"]})
    out = tmp_path / "all.sorot.jsonl"
    assert run(monkeypatch, "validate", path) == 1
    message = capfd.readouterr().err
    assert message.startswith(f"{path}: is an export of doccano") and message.endswith(f"sorot convert {path} -o {out}\n")
    with pytest.raises(LabelError, match="an export of doccano"):
        read_labelled(path, TAXONOMY)
    assert run(monkeypatch, "convert", path, "-o", out) == 0
    assert capfd.readouterr().err == f"1 records in {out}, from doccano to sorot\n"
    assert json.loads(out.read_text()) == {
        "id": 4, "text": TEXT, "topics": ["censorship"], "stance": "oppose", "note": "jelas",
    }  # fmt: skip
    assert validate_labelled(out, TAXONOMY) == []
    assert run(monkeypatch, "convert", path, "-o", out) == 2 and "exists already" in capfd.readouterr().err


SPAN = {"task": "stance", "label": "oppose", "sentence": "diblokir"}
CHOSEN = {"text": TEXT, "topics": ["censorship"], "stance": "oppose"}


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("spans.jsonl", [{"text": TEXT, "label": [[12, 20, "oppose"]]}], {"stance": "oppose", "evidence": [SPAN]}),
        (
            "entities.jsonl",
            [{"data": TEXT, "labels": ["Penyensoran"], "entities": [{"label": "oppose", "start_offset": 12, "end_offset": 20}]}],
            CHOSEN | {"evidence": [SPAN]},
        ),
        ("cats.jsonl", [{"text": TEXT, "cats": {"censorship": 1, "terrorism": 0, "stance/oppose": 1}}], CHOSEN),
        (
            "studio.json",
            [
                {
                    "id": 3,
                    "data": {"teks": TEXT, "judul": "Blokir"},
                    "annotations": [
                        {
                            "completed_by": {"email": "a@b.id"},
                            "result": [
                                {"from_name": "topics", "type": "choices", "value": {"choices": ["Penyensoran"]}},
                                {"from_name": "stance", "type": "choices", "value": {"choices": ["oppose"]}},
                                # Places counted by a browser: an emoji is two characters there.
                                {"from_name": "ev", "type": "labels",
                                 "value": {"start": 31, "end": 37, "text": "protes", "labels": ["stance/oppose"]}},
                            ],
                        }
                    ],
                }
            ],
            CHOSEN | {"title": "Blokir", "annotator": "a@b.id", "evidence": [SPAN | {"sentence": "protes"}]},
        ),
        (
            "min.json",
            [{"text": TEXT, "id": 1, "topics": {"choices": ["censorship"]}, "stance": "oppose", "annotator": 2,
              "annotation_id": 9, "lead_time": 3.2, "created_at": "2026-01-01", "ev": [{"start": 12, "end": 20, "labels": ["oppose"]}]}],
            CHOSEN | {"annotator": "2", "evidence": [SPAN]},
        ),
        (
            "argilla1.json",
            [{"fields": {"text": TEXT}, "responses": [
                {"user_id": "u", "status": "submitted", "values": {"topics": {"value": ["censorship"]}, "stance": {"value": "oppose"}}},
                {"user_id": "v", "status": "discarded", "values": {"topics": {"value": ["terrorism"]}}}], "suggestions": []}],
            CHOSEN | {"annotator": "u"},
        ),
        (
            "argilla2.json",
            [{"id": "7", "fields": {"text": TEXT}, "suggestions": {"topics": {"value": ["terrorism"]}}, "vectors": {}, "responses": {
                "topics": [{"value": ["censorship"], "user_id": "u"}], "stance": [{"value": "oppose", "user_id": "u"}],
                "spans": [{"value": [{"start": 12, "end": 20, "label": "oppose"}], "user_id": "u"}]}}],
            CHOSEN | {"id": "7", "annotator": "u", "evidence": [SPAN]},
        ),
        (
            "argilla-flat.json",
            [{"id": "7", "status": "completed", "text": TEXT, "topics.responses": [["censorship"], ["terrorism"]],
              "topics.responses.users": ["u", "v"], "topics.responses.status": ["submitted", "draft"],
              "stance.responses": ["oppose"], "stance.responses.users": ["u"], "stance.responses.status": ["submitted"]}],
            CHOSEN | {"annotator": "u"},
        ),
        (
            "prodigy.jsonl",
            [{"text": TEXT, "options": [{"id": 1, "text": "Penyensoran"}, {"id": 2, "text": "Menentang"}], "accept": [1, 2],
              "answer": "accept", "_annotator_id": "rina", "spans": [{"start": 12, "end": 20, "label": "oppose"}]}],
            CHOSEN | {"annotator": "rina", "evidence": [SPAN]},
        ),
    ],
)  # fmt: skip
def test_what_tools_write_is_read(name: str, rows: list[object], expected: dict[str, object], tmp_path: Path) -> None:
    [record] = records_of(write(tmp_path / name, *rows))
    assert record | expected == record
    assert validate_labelled(write(tmp_path / "again.jsonl", record), TAXONOMY) == []


def test_tables_name_tasks_in_any_language_and_tell_none_from_unlabelled(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('teks;Topik;stance\n"Situs; diblokir";[];Tidak ada\nCuaca cerah;;\n', encoding="utf-8")
    path.write_text(path.read_text().replace("Topik;stance", "Topik;Stance"), encoding="utf-8")
    assert [(r["text"], r.get("topics"), r.get("stance")) for r in records_of(path)] == [
        ("Situs; diblokir", [], "none"), ("Cuaca cerah", None, None),
    ]  # fmt: skip


def test_several_annotators_become_several_records_of_one_group(tmp_path: Path) -> None:
    answers = [
        {"completed_by": who, "result": [{"from_name": "sentiment", "type": "choices", "value": {"choices": [label]}}]}
        for who, label in ((1, "negative"), (2, "neutral"))
    ]
    first, second = records_of(write(tmp_path / "a.json", {"id": 5, "data": {"text": TEXT}, "annotations": answers}))
    assert (first["annotator"], first["sentiment"], second["annotator"], second["sentiment"]) == ("1", "negative", "2", "neutral")
    assert first["group"] == second["group"] and first["id"] != second["id"]


def test_unknown_and_ambiguous_labels_are_one_sentence_and_mapped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"text": TEXT, "label": ["kontra", "neutral", "ORG"]})
    with pytest.raises(
        ExchangeError, match=r"'kontra', 'neutral' \(in stance and sentiment\), 'ORG' .*there are topics/censorship"
    ):
        records_of(path)
    [record] = records_of(path, "kontra=stance/oppose", "neutral=sentiment/Netral", "ORG=")
    assert (record["stance"], record["sentiment"]) == ("oppose", "neutral")
    for pair in ("kontra", "kontra=lawan"):
        with pytest.raises(ExchangeError, match="--map"):
            records_of(path, pair)


def test_a_bad_row_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    good = {"text": TEXT, "accept": ["censorship"], "answer": "accept"}
    path = write(
        tmp_path / "a.jsonl", good, good | {"answer": "ignore"}, good | {"spans": [{"start": 5, "end": 999, "label": "oppose"}]}
    )
    path.write_text(
        path.read_text() + '{"text": \n[1]\n' + json.dumps({"answer": "accept", "accept": []}) + "\n", encoding="utf-8"
    )
    out = tmp_path / "out.jsonl"
    assert run(monkeypatch, "convert", path, "-o", out) == 0
    messages = capfd.readouterr().err.splitlines()
    assert [line.split(":")[1] for line in messages[:-1]] == ["2", "3", "4", "5", "6"]
    assert "answered 'ignore'" in messages[0] and "marks characters 5 to 999" in messages[1] and "no text" in messages[4]
    assert len(out.read_text().splitlines()) == 1
    absent = tmp_path / "absent.jsonl"
    assert run(monkeypatch, "convert", absent, "-o", tmp_path / "o.jsonl") == 2
    assert "no such file" in capfd.readouterr().err


def test_a_task_may_be_called_as_a_tool_calls_its_keys(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"text": TEXT, "answer": "ya"})
    assert guess_tool(path, TAXONOMY) is Tool.PRODIGY
    tasks = [{"key": "answer", "kind": "one", "labels": [{"key": "ya"}, {"key": "tidak"}]}]
    assert guess_tool(path, Taxonomy.from_dict({"tasks": tasks})) is Tool.SOROT


def keys_of(task: str) -> st.SearchStrategy[Any]:
    found = TAXONOMY.task(task)
    many = st.lists(st.sampled_from(found.keys), unique=True)
    return st.none() | (many if found.many else st.sampled_from(found.keys))


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip)


@st.composite
def labelled(draw: st.DrawFn) -> dict[str, Any]:
    """A record whose evidence shows labels that hold."""
    sentences = draw(st.lists(WORDS, min_size=1, max_size=4))
    record: dict[str, Any] = {
        "id": draw(WORDS | st.integers(0, 99)),
        "title": draw(st.none() | WORDS),
        "text": " ".join(sentences),
    }
    record["topics"] = draw(keys_of("topics"))
    record["stance"] = "none" if record["topics"] == [] else draw(keys_of("stance"))
    record["sentiment"] = draw(keys_of("sentiment"))
    held = [(t, k) for t in TAXONOMY.keys for k in ([record[t]] if isinstance(record[t], str) else record[t] or [])]
    if held:
        places = st.sampled_from([*sentences, *([record["title"]] if record["title"] else [])])
        marks = draw(st.lists(st.tuples(st.sampled_from(held), places), max_size=4))
        record["evidence"] = [{"task": t, "label": k, "sentence": s} for (t, k), s in marks] or draw(WORDS)
    record["annotator"] = draw(st.none() | WORDS)
    return record


def meaning(record: dict[str, Any]) -> tuple[object, ...]:
    evidence = record.get("evidence")
    marks = {(e["task"], e["label"], e["sentence"]) for e in evidence} if isinstance(evidence, list) else evidence
    return record["text"], *(record.get(task) for task in TAXONOMY.keys), marks, record.get("annotator")


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(labelled(), min_size=1, max_size=3))
def test_a_round_trip_gives_the_same_labels_and_evidence(tool: Tool, records: list[dict[str, Any]], tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *records)
    done = convert_labels(source, Tool.SOROT, tool, TAXONOMY)
    assert done.rejects == ()
    there = tmp_path / ("there.csv" if tool is Tool.CSV else "there.json")
    there.write_bytes(done.text.encode())
    assert guess_tool(there, TAXONOMY) is tool
    assert list(map(meaning, records_of(there))) == list(map(meaning, records))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.jsonl", {"text": TEXT, "_timestamp": 1700000000, "options": [], "accept": ["censorship"], "answer": "accept"}, None),
        (
            "b.json",
            [
                {
                    "text": TEXT,
                    "topics": {"choices": ["censorship"]},
                    "annotator": 1,
                    "annotation_id": 2,
                    "created_at": "2025-03-01T08:00:00Z",
                }
            ],
            None,
        ),
        ("c.csv", f'text,topics,annotation_id,created_at\n"{TEXT}",censorship,2,2025-03-01T08:00:00Z\n', None),
        ("d.csv", f'text,topics,created_at\n"{TEXT}",censorship,2025-03-01\n', "2025-03-01"),
    ],
)
def test_when_a_task_was_answered_is_no_date_of_the_article(
    tmp_path: Path, name: str, text: object, expected: str | None
) -> None:
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text) + "\n")
    [record] = records_of(path)
    assert record.get("date") == expected and record["topics"] == ["censorship"]


def test_a_column_for_each_label(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'text,censorship,Terorisme,oppose\n"{TEXT}",1,0,1\n"{TEXT}",0,0,0\n')
    assert [record.get("topics") for record in records_of(path)] == [["censorship"], []]


def test_the_shares_of_spacy(tmp_path: Path) -> None:
    row = {"text": TEXT, "cats": {"censorship": 0.9, "terrorism": 0.1}, "answer": "accept"}
    assert records_of(write(tmp_path / "a.jsonl", row))[0]["topics"] == ["censorship"]
