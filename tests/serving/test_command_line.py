from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.serving.command import GOOD, lines, run

COLUMNS = [
    "id",
    "source",
    "row",
    "title",
    "outlet",
    "published",
    "url",
    "topics",
    "p_censorship",
    "p_terrorism",
    "p_platform_regulation",
    "stance",
    "stance_set",
    "p_stance_support",
    "p_stance_oppose",
    "p_stance_neutral",
    "p_stance_none",
    "sentiment",
    "sentiment_set",
    "p_sentiment_positive",
    "p_sentiment_neutral",
    "p_sentiment_negative",
    "evidence",
    "n_tokens",
    "n_windows",
    "language",
    "withheld",
    "model",
]


@pytest.fixture
def mess(tmp_path: Path) -> Path:
    """A folder of what users have: good files, and every kind of bad one."""
    folder = tmp_path / "mess"
    folder.mkdir()
    (folder / "01-good.txt").write_text(GOOD, encoding="utf-8")
    (folder / "02-empty.txt").write_bytes(b"")
    (folder / "03-binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "04-long.txt").write_text(GOOD + " " + "situs judi daring " * 20_000, encoding="utf-8")
    (folder / "05-nul.txt").write_bytes(b"Pemerintah memblokir\x00 situs judi daring di Jakarta hari ini.")
    (folder / "06-rows.jsonl").write_bytes(
        b"\n".join(
            [
                json.dumps(
                    {
                        "judul": "Situs judi",
                        "isi": GOOD,
                        "media": "Kabar",
                        "tautan": "https://kabar.id/1",
                        "tanggal": "17 Juli 2017 21:24 WIB",
                    }
                ).encode(),
                b'{"isi": "putus',
                b'{"isi": "situs \\ud83d judi daring di jakarta"}',
                b'{"isi": null}',
                b"[1, 2]",
                b'{"apa": "tanpa teks"}',
            ]
        )
    )
    (folder / "07-broken.parquet").write_bytes(b"PAR1 and then nothing of use")
    (folder / "08-english.txt").write_text(
        "The government has blocked access to several websites after a court ruling on Tuesday, officials said.", encoding="utf-8"
    )
    (folder / "09-malay.txt").write_text(
        "Kerajaan Malaysia hari ini mengumumkan bahawa pihak polis telah menahan lima orang kerana disyaki terlibat dalam kes "
        "penipuan di bandar itu. Menteri berkata beliau akan memperkenalkan akta baharu bagi mengawal selia media sosial.",
        encoding="utf-8",
    )
    with gzip.open(folder / "10-packed.csv.gz", "wt", encoding="utf-8") as file:
        file.write("id,teks\nsatu,warga mengkritik kebijakan itu di jakarta\ndua,a,b\n")
    return folder


def test_every_good_row_is_scored_and_every_bad_one_named(
    mess: Path, tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    assert run(monkeypatch, "score", mess, "-o", out, "--bundle", tiny_bundle) == 0
    rows = {(Path(str(r["source"])).name, r["row"]): r for r in lines(out)}
    assert set(rows) == {
        ("01-good.txt", 1), ("04-long.txt", 1), ("05-nul.txt", 1), ("06-rows.jsonl", 1), ("06-rows.jsonl", 3),
        ("08-english.txt", 1), ("09-malay.txt", 1), ("10-packed.csv.gz", 2),
    }  # fmt: skip
    assert int(str(rows["04-long.txt", 1]["n_tokens"])) > 60_000
    assert rows["06-rows.jsonl", 1]["published"] == "2017-07-17T21:24:00+07:00"
    assert [rows["06-rows.jsonl", n]["url"] for n in (1, 3)] == ["https://kabar.id/1", None]
    assert [rows[name, 1]["language"] for name in ("08-english.txt", "09-malay.txt")] == ["en", "ms"]
    assert rows["08-english.txt", 1]["stance"] is None
    rejects = {(Path(str(r["source"])).name, r["row"]): str(r["reason"]) for r in lines(tmp_path / "out.jsonl.rejects.jsonl")}
    assert set(rejects) == {
        ("02-empty.txt", None), ("03-binary.txt", None), ("06-rows.jsonl", 2), ("06-rows.jsonl", 4), ("06-rows.jsonl", 5),
        ("06-rows.jsonl", 6), ("07-broken.parquet", None), ("10-packed.csv.gz", 3),
    }  # fmt: skip
    assert "not valid JSON" in rejects["06-rows.jsonl", 2]
    assert "header has 2" in rejects["10-packed.csv.gz", 3]


def test_the_three_formats_hold_the_same(mess: Path, tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    formulas = {"id": "-12", "judul": "=SUM(A1:A9)", "media": "@kabar", "isi": "+62 situs judi daring di jakarta , = dan -"}
    (mess / "-11-formulas.jsonl").write_text(json.dumps(formulas), encoding="utf-8")
    outs = {suffix: tmp_path / f"out.{suffix}" for suffix in ("jsonl", "csv", "parquet")}
    monkeypatch.chdir(mess)
    inputs = [*sorted(p.name for p in mess.iterdir() if p.name[0] != "-"), "--", "-11-formulas.jsonl"]
    for out in outs.values():
        assert run(monkeypatch, "score", "-o", out, "--bundle", tiny_bundle, "--with-body", *inputs) == 0
    rows = lines(outs["jsonl"])
    table = pq.read_table(outs["parquet"])
    assert table.column_names == list(rows[0]) == [*COLUMNS, "body"]
    assert table.to_pylist() == rows
    with outs["csv"].open(encoding="utf-8", newline="") as file:
        flat = list(csv.DictReader(file))
    assert list(flat[0]) == [*COLUMNS, "body"]
    assert flat == [{name: as_csv(name, value) for name, value in row.items()} for row in rows]
    last = flat[-1]
    assert (last["title"], last["outlet"], last["body"]) == ("'=SUM(A1:A9)", "'@kabar", "'" + formulas["isi"])
    assert (last["id"], last["source"], last["row"]) == ("'-12", "'-11-formulas.jsonl", "1")


def as_csv(name: str, value: object) -> str:
    """A value of JSONL as CSV has it: the only differences that the formats may have."""
    if value is None:
        return ""
    if name in ("topics", "stance_set", "sentiment_set"):
        return ";".join(value)  # type: ignore[arg-type]
    if name == "evidence":
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    free = name in ("id", "source", "title", "outlet", "url", "body")
    return "'" + text if free and len(text) > 1 and text[0] in "=+-@\t\r" else text


def test_a_table_of_short_texts(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "tweets.csv", tmp_path / "out.csv"
    source.write_text('kicauan,label\n"cuaca cerah, hari ini",1\n=situs judi,0\n', encoding="utf-8")
    assert run(monkeypatch, "score", source, "-o", out, "--text-column", "kicauan", "--bundle", tiny_bundle) == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert [(r["id"], r["title"]) for r in csv.DictReader(file)] == [("tweets-2", ""), ("tweets-3", "")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "nowhere.csv", "-o", "out.jsonl"], "nowhere.csv: no such file or folder"),
        (["score", "in.csv", "-o", "out.xlsx"], "out.xlsx: cannot tell the format"),
        (["score", "in.csv", "-o", "absent/out.csv"], "does not exist; make it first"),
        (
            ["score", "in.csv", "-o", "out.csv", "--text-column", "isi"],
            "there is no column 'isi'; the columns are 'judul', 'angka'",
        ),
        (["score", "in.csv", "-o", "out.csv"], "name it with --text-column"),
        (["score", "in.csv", "-o", "out.csv", "--bundle", "nothing"], "nothing: no such bundle folder"),
        (["clean", "nowhere.txt"], "nowhere.txt: no such file"),
    ],
)
def test_what_stops_a_run_is_one_sentence(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("judul,angka\na,1\n", encoding="utf-8")
    if arguments[0] == "score" and "--bundle" not in arguments:
        arguments = [*arguments, "--bundle", str(tiny_bundle)]
    assert run(monkeypatch, *arguments) == 2
    error = capfd.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not list(tmp_path.glob("out.*")) and not list(tmp_path.glob(".*.part"))


def test_clean_prints_one_object_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.txt").write_text("MEDAN, KABAR.COM - " + GOOD + " " + GOOD, encoding="utf-8")
    assert run(monkeypatch, "clean", tmp_path / "b.txt", tmp_path / "a.txt", "--json") == 0
    first, second = map(json.loads, capfd.readouterr().out.splitlines())
    assert (first["body"], first["place"]) == (GOOD, None)
    assert (second["place"], second["outlet"], second["removed"][0]["kind"]) == ("MEDAN", "KABAR.COM", "dateline")
    assert first["language"] == second["language"] == "id"


def test_clean_for_people_names_sources_and_what_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [
        {"catatan": "MEDAN, KABAR.COM - " + GOOD + " " + GOOD, "nama": "Situs judi ditutup"},
        {"catatan": GOOD, "nama": None},
        {"nama": "tanpa teks"},
    ]
    arguments = ["clean", "in.jsonl", "--text-column", "catatan"]
    Path("in.jsonl").write_text("\n".join(json.dumps({"nama": None} | r) for r in rows), encoding="utf-8")
    assert run(monkeypatch, *arguments, "--title-column", "nama") == 0
    out, error = capfd.readouterr()
    assert out.startswith(
        "==> in.jsonl:1 <==\ntitle: Situs judi ditutup\noutlet: KABAR.COM\nplace: MEDAN\nlanguage: id\nremoved, dateline:\n  MEDAN,"
    )
    assert "==> in.jsonl:2 <==\nlanguage: id\n\n" + GOOD in out
    assert "in.jsonl:3: there is no column 'catatan'" in error
    Path("one.txt").write_text(GOOD, encoding="utf-8")
    assert run(monkeypatch, "clean", "one.txt") == 0
    assert "==>" not in capfd.readouterr().out


class Terminal(io.TextIOWrapper):
    """A stream that says that a person reads it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("kind", "encoding", "arrow"), [(io.TextIOWrapper, "utf-8", "\u2192"), (Terminal, "cp1252", "\\u2192")])
def test_a_character_that_the_output_cannot_hold_ends_no_command(
    kind: type[io.TextIOWrapper],
    encoding: str,
    arrow: str,
    tmp_path: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("\u2192.txt").write_text(f"\u2192 \u2018{GOOD}\u2019", encoding="utf-8")
    Path("\u2192.csv").write_text("isi\n", encoding="utf-8")

    def printed(*arguments: object) -> list[str]:
        """Standard output and error of a machine whose encoding has quotes, but no arrows."""
        streams = {name: kind(io.BytesIO(), "cp1252") for name in ("stdout", "stderr")}
        with monkeypatch.context() as patch:
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            assert run(patch, *arguments) == (1 if "\u2192.csv" in arguments else 0)
        for stream in streams.values():
            stream.flush()
        return [stream.buffer.getvalue().decode(encoding) for stream in streams.values()]  # type: ignore[attr-defined]

    assert f"{arrow} \u2018{GOOD}\u2019" in printed("clean", "\u2192.txt")[0]
    assert f'"body": "{arrow} \u2018{GOOD}\u2019"' in printed("clean", "\u2192.txt", "--json")[0]
    assert f"{arrow}.csv: the file holds no rows" in printed("clean", "\u2192.csv")[1]
    out, error = printed("score", "\u2192.txt", "-o", "\u2192.jsonl", "--bundle", tiny_bundle, "--json")
    assert f'"output": "{arrow}.jsonl"' in out and f"written to {arrow}.jsonl" in error


def test_clean_fails_only_where_nothing_could_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.jsonl").write_text("{\n[1]\n", encoding="utf-8")
    Path("none.jsonl").write_text("\n\n", encoding="utf-8")
    assert run(monkeypatch, "clean", "bad.jsonl", "--json") == 1
    out, error = capfd.readouterr()
    rejects = [json.loads(line) for line in out.splitlines()]
    assert [list(reject) for reject in rejects] == [["source", "row", "reason"]] * 2 and [r["row"] for r in rejects] == [1, 2]
    assert "not valid JSON" in rejects[0]["reason"]
    assert "bad.jsonl:1: not valid JSON" in error
    assert run(monkeypatch, "clean", "none.jsonl") == 1
    assert "none.jsonl: the file holds no rows" in capfd.readouterr().err


def test_the_version_names_package_and_model(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tiny_bundle: Path
) -> None:
    monkeypatch.setattr("sorot.serving.model.bundle.SHIPPED", tiny_bundle)
    assert run(monkeypatch, "--version") == 0
    assert capfd.readouterr().out == f"sorot {version('sorot')}, model tiny-0\n"
    monkeypatch.setattr("sorot.serving.model.bundle.SHIPPED", tiny_bundle / "absent")
    assert run(monkeypatch, "--version") == 0
    assert "without a model: " in capfd.readouterr().out


@pytest.mark.parametrize("traceback", [False, True])
def test_an_unexpected_error_is_one_sentence(
    traceback: bool, tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of\nnothing")

    monkeypatch.setattr("sorot.serving.batch.run.open_output", fail)
    monkeypatch.setenv("SOROT_TRACEBACK", "1" if traceback else "")
    source = tmp_path / "in.txt"
    source.write_text(GOOD, encoding="utf-8")
    assert run(monkeypatch, "score", source, "-o", tmp_path / "out.csv", "--bundle", tiny_bundle) == 70
    error = capfd.readouterr().err
    assert error.endswith(
        "sorot: internal error: ZeroDivisionError: of nothing; run again with SOROT_TRACEBACK=1 to see where, and report it\n"
    )
    assert ("Traceback" in error) == traceback
    # What was scored is kept for the next try.
    assert sorted(p.name for p in tmp_path.rglob("*")) == [".out.csv.parts", "000000000.jsonl", "in.txt", "run.json"]


def test_validate_names_every_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "labels.jsonl"
    good = {"id": "1", "text": GOOD, "topics": ["censorship"], "stance": "support", "sentiment": "positive"}
    path.write_text(json.dumps(good) + "\n")
    assert run(monkeypatch, "validate", path) == 0
    assert capfd.readouterr().out == f"{path}: 1 records, no mistake\n"
    wrong = {"id": "1", "text": GOOD, "topics": ["sensor"], "stance": "pro", "evidence": "tidak ada"}
    path.write_text(f"{json.dumps(good)}\n{json.dumps(wrong)}\n{{\n")
    assert run(monkeypatch, "validate", path) == 1
    error = capfd.readouterr().err
    assert f"{path}:2: unknown label 'sensor' in topics; use censorship, terrorism, platform_regulation\n" in error
    assert f"{path}:2: unknown stance 'pro'" in error
    assert f"{path}:3: not valid JSON" in error


def test_the_base_room_loads_quickly_and_without_torch() -> None:
    code = (
        "import time; t = time.process_time(); import sorot.serving.model.scorer, sorot.serving.cli, sys; "
        "print(time.process_time() - t, [m for m in ('torch', 'transformers', 'gradio', 'sklearn', 'pandas') if m in sys.modules])"
    )
    seconds, loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(
        " ", 1
    )
    assert loaded.strip() == "[]"
    # Under a second on a quiet machine; processor time, and a loose bound, because tests share it.
    assert float(seconds) < 3
