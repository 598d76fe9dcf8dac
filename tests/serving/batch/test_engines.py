"""Every engine gives the same bytes; a process that ends costs nothing, or the one article at which it ends."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sorot.data.article import Article
from sorot.serving.batch.engines import processes
from sorot.serving.batch.engines.engine import ChunkResult
from sorot.serving.batch.engines.processes import ProcessEngine
from sorot.serving.batch.engines.ray_data import RayEngine
from sorot.serving.batch.engines.ray_units import COLUMN, plan_units
from sorot.serving.batch.parts import Parts
from sorot.serving.batch.run import ProgressUpdate, score_files
from sorot.serving.batch.scoring import Scored, score_items
from sorot.serving.batch.units import BatchInput, Planned, ScoreOptions
from sorot.serving.model.manifest import MANIFEST_FILE
from sorot.serving.model.scorer import Scorer
from tests.serving.command import lines, run, summary
from tests.tiny_bundle import WORDS, build_bundle

POISON = "racun"
ROOT = Path(__file__).parents[3]


def write_input(path: Path, rows: int = 40, *, poison: int | None = None) -> None:
    """Articles of a few words, every fifth the text of an earlier one, and a broken line."""
    numbers = [n if n % 5 else n // 2 for n in range(rows)]
    texts = [" ".join(WORDS[n % 7 : n % 7 + 6]) + f" nomor {n} ." for n in numbers]
    if poison is not None:
        texts[poison] += f" {POISON}"
    told = [json.dumps({"isi": text, "media": f"media {n}"}) for n, text in enumerate(texts)]
    told[3] = "{"
    path.write_text("\n".join(told) + "\n", encoding="utf-8")


def poisoned(model: tuple[str, str], items: tuple[Planned, ...], options: ScoreOptions) -> Scored:
    """Ends the process at the poisonous article, as running out of memory would."""
    if any(isinstance(item, Article) and POISON in item.body for item in items):
        os.kill(os.getpid(), signal.SIGKILL)
    return _score(model, items, options)


_score = processes._score


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and units and slices that are small."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sorot.serving.batch.units.UNIT_ROWS", 8)
    monkeypatch.setattr("sorot.serving.batch.engines.processes.CHUNK_ARTICLES", 3)
    return tmp_path


def test_processes_give_the_bytes_of_this_one_and_repeats_are_not_scored_again(folder: Path, tiny_scorer: Scorer) -> None:
    write_input(folder / "in.jsonl")
    here = score_files(tiny_scorer, ["in.jsonl"], Path("here.jsonl"))
    there = score_files(tiny_scorer, ["in.jsonl"], Path("there.jsonl"), engine=ProcessEngine(tiny_scorer, 2, short=0))
    assert (folder / "here.jsonl").read_bytes() == (folder / "there.jsonl").read_bytes()
    assert (folder / "here.jsonl.rejects.jsonl").read_bytes() == (folder / "there.jsonl.rejects.jsonl").read_bytes()
    assert (here.articles, here.rejects, there.repeats) == (39, 1, here.repeats) and here.repeats > 0


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=20), st.integers(1, 5))
def test_a_repeat_has_the_labels_of_its_text_whatever_the_units(tiny_scorer: Scorer, texts: list[int], unit: int) -> None:
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr("sorot.serving.batch.units.UNIT_ROWS", unit)
        scored: list[str] = []
        whole = Scorer.score_each

        def watched(self: Scorer, articles: list[object], **named: bool) -> object:
            scored.extend(article.body for article in articles)  # type: ignore[attr-defined]
            return whole(self, articles, **named)  # type: ignore[arg-type]

        patch.setattr(Scorer, "score_each", watched)
        rows = [{"isi": " ".join(WORDS[t : t + 5]) + " .", "media": f"media {n}"} for n, t in enumerate(texts)]
        Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        found = score_files(tiny_scorer, ["in.jsonl"], Path("out.jsonl"))
        assert sorted(scored) == sorted(set(scored)) and found.repeats == len(texts) - len(set(texts))
        out = lines(Path("out.jsonl"))
        assert [(row["row"], row["outlet"]) for row in out] == [(n + 1, f"media {n}") for n in range(len(texts))]
        labels = [{k: v for k, v in row.items() if k not in ("id", "row", "outlet")} for row in out]
        assert all(labels[n] == labels[texts.index(t)] for n, t in enumerate(texts))


def test_a_process_that_is_killed_costs_nothing(folder: Path, tiny_scorer: Scorer) -> None:
    write_input(folder / "in.jsonl")
    score_files(tiny_scorer, ["in.jsonl"], Path("here.jsonl"))
    killed: list[int] = []

    def kill(_: ProgressUpdate) -> None:
        for process in multiprocessing.active_children()[: 1 - len(killed)]:
            killed.append(process.pid or 0)
            process.kill()

    score_files(tiny_scorer, ["in.jsonl"], Path("there.jsonl"), engine=ProcessEngine(tiny_scorer, 2, short=0), advance=kill)
    assert len(killed) == 1 and (folder / "here.jsonl").read_bytes() == (folder / "there.jsonl").read_bytes()


def test_an_article_that_ends_every_process_is_a_reject_and_takes_no_other_along(
    folder: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_input(folder / "in.jsonl", 12, poison=7)
    monkeypatch.setattr(processes, "_score", poisoned)
    score_files(tiny_scorer, ["in.jsonl"], Path("out.jsonl"), engine=ProcessEngine(tiny_scorer, 2, short=0))
    assert [row["row"] for row in lines(folder / "out.jsonl")] == [n for n in range(1, 13) if n not in (4, 8)]
    [broken, poison] = lines(folder / "out.jsonl.rejects.jsonl")
    assert broken["row"] == 4 and poison["row"] == 8 and "the process that scored it ended twice" in str(poison["reason"])


def test_another_model_in_the_same_place_is_not_mixed_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    bundle = build_bundle(folder / "tiny")
    write_input(folder / "in.jsonl")
    begin = processes._Pool._start

    def replaced(pool: processes._Pool) -> object:
        manifest = bundle / MANIFEST_FILE
        manifest.write_text(manifest.read_text() + "\n")
        return begin(pool)

    monkeypatch.setattr(processes._Pool, "_start", replaced)
    assert run(monkeypatch, "score", "in.jsonl", "-o", "out.jsonl", "--bundle", bundle, "--workers", 1) == 2
    assert "the model changed while it was scoring" in capfd.readouterr().err


def start(folder: Path, bundle: Path) -> tuple[subprocess.Popen[str], list[str]]:
    """A run of the command in two processes that has kept its first part, and its arguments."""
    write_input(folder / "in.jsonl", 4000)
    # What is to start processes has to be a file with its own work under a condition.
    # It hears Ctrl-C as from a terminal, though the tests run in the background, where shells have it ignored.
    program = (
        "import signal\n"
        "from sorot.serving.cli import main\n"
        "if __name__ == '__main__':\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "    main()\n"
    )
    (folder / "program.py").write_text(program)
    arguments = ["score", "in.jsonl", "-o", "out.jsonl", "--bundle", str(bundle), "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "program.py", *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    while not list(folder.glob(".out.jsonl.parts/*.jsonl")) and process.poll() is None:
        time.sleep(0.01)
    return process, arguments


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="tells children by /proc, which this system has not")
def test_no_process_outlives_a_run_that_is_killed(folder: Path, tiny_bundle: Path) -> None:
    process, _ = start(folder, tiny_bundle)
    children = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    process.kill()
    process.wait()
    assert children
    patience = time.monotonic() + 20
    while any(_is_alive(pid) for pid in children) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not any(_is_alive(pid) for pid in children)


def _is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_ctrl_c_stops_and_says_how_to_go_on(folder: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process, arguments = start(folder, tiny_bundle)
    # As a terminal does: to all processes at once.
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "what was scored is kept in .out.jsonl.parts; the same command resumes from there" in said and "Traceback" not in said
    monkeypatch.setattr("sorot.serving.batch.units.UNIT_ROWS", 128)
    assert run(monkeypatch, *arguments, "--json") == 0
    assert len(lines(folder / "out.jsonl")) == 3999


def test_ray_gives_the_same_bytes_and_goes_on_with_what_is_there(
    folder: Path, tiny_bundle: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("ray.data", reason="Ray is not installed: pip install 'sorot[ray]'")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr("sorot.serving.batch.units.UNIT_ROWS", 128)
    write_input(folder / "in.jsonl", 300)
    (folder / "in.csv").write_text("isi\n" + "Situs itu dibuka.\n" * 300, encoding="utf-8")
    inputs = ["in.jsonl", "in.csv"]
    score_files(tiny_scorer, inputs, Path("here.jsonl"))
    assert len({row["id"] for row in lines(folder / "here.jsonl")}) == 599

    class Stop(BaseException):
        """Ends a run after its first unit."""

    def stop(_: ProgressUpdate) -> None:
        if list(folder.glob(".out.jsonl.parts/*.jsonl")):
            raise Stop

    with pytest.raises(Stop):
        score_files(tiny_scorer, inputs, Path("out.jsonl"), advance=stop)
    arguments = ("--engine", "ray", "--workers", 1, "--bundle", tiny_bundle, "--json")
    assert run(monkeypatch, "score", *inputs, "-o", "out.jsonl", *arguments) == 0
    said = capfd.readouterr()
    assert summary(said.out)["resumed"] == 128 and "in.csv: text = isi" in said.err
    assert (folder / "here.jsonl").read_bytes() == (folder / "out.jsonl").read_bytes()
    assert (folder / "here.jsonl.rejects.jsonl").read_bytes() == (folder / "out.jsonl.rejects.jsonl").read_bytes()
    assert run(monkeypatch, "score", "-", "-o", "other.jsonl", *arguments) == 2
    assert "standard input cannot be read on a cluster" in capfd.readouterr().err


def test_a_local_ray_answers_only_who_has_the_token_of_the_run(folder: Path, tiny_bundle: Path) -> None:
    (folder / "ray").mkdir()
    (folder / "ray" / "data.py").write_text("")
    (folder / "ray" / "__init__.py").write_text(
        "import os\nmode, token = os.environ['RAY_AUTH_MODE'], os.environ['RAY_AUTH_TOKEN']\n"
        "def is_initialized():\n    return False\n"
        "def init(**options):\n    raise RuntimeError(f'{mode} of {len(token)}')\n"
    )
    write_input(folder / "in.jsonl")
    begin = [sys.executable, "-c", "from sorot.serving.cli import main; main()", "score", "in.jsonl", "-o", "out.jsonl"]
    path = os.pathsep.join([str(folder), str(ROOT)])
    environment = {key: value for key, value in os.environ.items() if not key.startswith("RAY_")} | {"PYTHONPATH": path}
    ended = subprocess.run(
        [*begin, "--engine", "ray", "--bundle", str(tiny_bundle)], env=environment, cwd=folder, capture_output=True, text=True
    )
    assert ended.returncode == 2 and "no Ray cluster answers (token of 64)" in ended.stderr


@dataclass(frozen=True)
class Elsewhere:
    """Plans an input as Ray's workers do, in a folder of their own, and scores it here."""

    scorer: Scorer
    folder: Path

    def run(self, source: BatchInput, parts: Parts) -> Generator[ChunkResult, None, None]:
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            tables = list(plan_units(source, parts.heads(), str(here)))
        finally:
            os.chdir(here)
        for plan in (pickle.loads(row) for table in tables for row in table[COLUMN].to_pylist()):
            yield ChunkResult(plan, score_items(self.scorer, plan.items, source.options), last=True)


def test_an_earlier_output_is_no_input_of_a_worker_in_another_folder(folder: Path, tiny_scorer: Scorer) -> None:
    write_input(folder / "in.jsonl", 6)
    (folder / "elsewhere").mkdir()
    for _ in range(2):
        (folder / "out.csv.run.json").unlink(missing_ok=True)
        engine = Elsewhere(tiny_scorer, folder / "elsewhere")
        # The input absolute, the output not.
        found = score_files(tiny_scorer, [str(folder)], Path("out.csv"), ScoreOptions(with_body=True), engine=engine)
        assert (found.articles, found.rejects) == (5, 1)


def test_what_ray_cannot_do_is_one_sentence(folder: Path, tiny_scorer: Scorer) -> None:
    write_input(folder / "in.jsonl", 5)
    engine = RayEngine(tiny_scorer, 1, "127.0.0.1:1")
    pytest.importorskip("ray.data", reason="Ray is not installed: pip install 'sorot[ray]'")
    with pytest.raises(Exception, match="no Ray cluster answers") as error:
        score_files(tiny_scorer, ["in.jsonl"], Path("out.jsonl"), engine=engine)
    assert len(str(error.value).splitlines()) == 1
