from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from serving.cli import main

GOOD = "Pemerintah memblokir situs judi daring di Jakarta. Kementerian menilai aturan platform digital baru itu baik sekali."
COLUMNS = [
    "id",
    "source",
    "row",
    "title",
    "outlet",
    "published",
    "topics",
    "p_censorship",
    "p_terrorism",
    "p_platform_regulation",
    "stance",
    "p_stance_support",
    "p_stance_oppose",
    "p_stance_neutral",
    "p_stance_none",
    "sentiment",
    "p_sentiment_positive",
    "p_sentiment_neutral",
    "p_sentiment_negative",
    "evidence",
    "n_tokens",
    "n_windows",
    "language",
    "model",
]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit code of the command line."""
    monkeypatch.setattr(sys, "argv", ["sorot", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
        raise SystemExit(0)
    return int(stop.value.code or 0)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


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
                json.dumps({"judul": "Situs judi", "isi": GOOD, "media": "Kabar", "tanggal": "17 Juli 2017 21:24 WIB"}).encode(),
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
    outs = {suffix: tmp_path / f"out.{suffix}" for suffix in ("jsonl", "csv", "parquet")}
    for out in outs.values():
        assert run(monkeypatch, "score", mess, "-o", out, "--bundle", tiny_bundle) == 0
    rows = lines(outs["jsonl"])
    table = pq.read_table(outs["parquet"])
    assert table.column_names == list(rows[0]) == COLUMNS
    assert table.to_pylist() == rows
    with outs["csv"].open(encoding="utf-8", newline="") as file:
        flat = list(csv.DictReader(file))
    assert list(flat[0]) == COLUMNS
    assert [r["topics"] for r in flat] == [";".join(r["topics"]) for r in rows]  # type: ignore[arg-type]
    assert [json.loads(r["evidence"]) for r in flat] == [r["evidence"] for r in rows]


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
        (["score", "in.csv", "-o", "out.csv", "--bundle", "nothing"], "nothing: there is no such bundle folder"),
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
    assert f"{path}:2: unknown topic 'sensor'; use censorship, terrorism, platform_regulation\n" in error
    assert f"{path}:2: unknown stance 'pro'" in error
    assert f"{path}:3: not valid JSON" in error


def test_the_base_room_loads_quickly_and_without_torch() -> None:
    code = (
        "import time; t = time.perf_counter(); import serving.scorer, serving.cli, sys; "
        "print(time.perf_counter() - t, [m for m in ('torch', 'transformers', 'gradio', 'sklearn', 'pandas') if m in sys.modules])"
    )
    seconds, loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(
        " ", 1
    )
    assert loaded.strip() == "[]"
    # A second on a quiet machine; the bound is loose because tests share it.
    assert float(seconds) < 5
