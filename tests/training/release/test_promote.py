"""`sorot promote` and `sorot rollback` on small bundles: the one in service labels its test files without a mistake."""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sorot.data.article import Article
from sorot.data.cleaning.clean import clean_article
from sorot.serving.model.bundle import load_bundle, sha256
from sorot.serving.model.scorer import Scorer
from sorot.training.release import promote as promote_module
from sorot.training.release.registry import read_registry, write_registry
from sorot.training.release.release_lock import only_release
from tests.serving.command import run
from tests.tiny_bundle import WORDS

pytestmark = pytest.mark.usefixtures("workplace")
SERVED = Path("serving/bundle")
REGISTRY = Path("model_cards/registry.json")
GATE = """# a comment that stays
registry = "model_cards/registry.json"
keep = "kept"
pinned = "pinned.jsonl"

[[test]]
path = "news.jsonl"

[[test]]
path = "absent.jsonl"
optional = true

[floor.{corpus}] # another
topics = 0.9
stance = 0.9
sentiment = 0.9
"""


def write_articles(path: Path, scorer: Scorer, n: int, seed: int) -> None:
    """Articles of random words, with the labels that a model gives them."""
    rng = random.Random(seed)
    records: list[dict[str, Any]] = []
    while len(records) < n:
        text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(25, 40)))
        [found] = scorer.score([clean_article(Article(id="a", body=text))])
        if found.withheld is None:
            labels = {
                "topics": list(found.labels["topics"]),
                "stance": found.labels["stance"],
                "sentiment": found.labels["sentiment"],
            }
            records.append({"id": f"{seed}-{len(records)}", "text": text, "outlet": f"o{len(records) % 2}", **labels})
    path.write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory, tiny_scorer: Scorer) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    write_articles(folder / "pinned.jsonl", tiny_scorer, 40, 1)
    write_articles(folder / "news.jsonl", tiny_scorer, 50, 2)
    return folder


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, articles: Path, tiny_bundle: Path) -> Path:
    """A project's folder, the working directory, with the small bundle in service as tiny-0."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for file in articles.iterdir():
        shutil.copy(file, tmp_path)
    (tmp_path / "gate.toml").write_text(GATE.format(corpus=sha256(tmp_path / "pinned.jsonl")), encoding="utf-8")
    (tmp_path / "model_cards").mkdir()
    shutil.copytree(tiny_bundle, SERVED)
    return tmp_path


def same(raw: dict[str, Any]) -> None:
    raw["created"] = "2026-02-02T00:00:00+00:00"


def one_sentiment(raw: dict[str, Any]) -> None:
    """Whatever the article says, its sentiment is the first."""
    raw["bias"]["sentiment"][0] += 100.0


def make_bundle(name: str, change: Callable[[dict[str, Any]], None], version: str = "1", of: Path = SERVED) -> Path:
    """The small bundle with other numbers in its manifest."""
    folder = Path(shutil.copytree(of, name))
    raw = json.loads((folder / "manifest.json").read_text())
    raw["version"] = version
    change(raw)
    (folder / "manifest.json").write_text(json.dumps(raw))
    load_bundle(folder)
    return folder


def tree(folder: Path = Path()) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def version() -> str:
    return load_bundle(SERVED).manifest.version


def act(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    return run(monkeypatch, *arguments, "--gate", "gate.toml")


def test_a_worse_bundle_is_refused_with_the_table_that_says_why(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    worse = make_bundle("worse", one_sentiment)
    before = tree()
    assert act(monkeypatch, "promote", worse) == 1
    said = capfd.readouterr()
    assert "absent.jsonl is absent" in said.err and "scoring news.jsonl (50 articles) with tiny-1" in said.err
    assert "refused: sentiment is significantly worse on all articles (90 articles)" in said.err
    assert "refused: sentiment is significantly worse on file news.jsonl (50 articles)" in said.err
    assert "topics is" not in said.err and "nothing was changed" in said.err
    rows = [line for line in said.out.splitlines() if " all " in line]
    assert ["worse" in row for row in rows] == ["sentiment" in row for row in rows] and len(rows) == 3
    assert "worst slice: sentiment on " in said.out and "(worse)" in said.out
    assert tree() == before

    assert act(monkeypatch, "promote", worse, "--json") == 1
    record = json.loads(capfd.readouterr().out)
    assert record["status"] == "refused" and record["worst_slice"]["verdict"] == "worse"
    assert {task["task"]: task["verdict"] == "worse" for task in record["tasks"]} == {
        "topics": False,
        "stance": False,
        "sentiment": True,
    }
    assert tree() == before


def test_one_that_is_no_worse_passes_and_the_registry_says_by_what(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    candidate, old = make_bundle("candidate", same), tree(SERVED)
    assert act(monkeypatch, "promote", candidate, "--json") == 0
    assert json.loads(capfd.readouterr().out)["action"] == "promote"
    assert tree(SERVED) == tree(candidate) and tree(Path("kept/tiny-0")) == old
    adopted, release = read_registry(REGISTRY).releases
    # The one that was in service before there was a registry is put into it, or there would be no way back.
    assert (adopted.action, adopted.version, release.action, release.version) == ("adopt", "0", "promote", "1")
    assert release.reason == "nothing significantly worse than tiny-0"
    assert release.manifest_sha256 == sha256(SERVED / "manifest.json")
    assert release.files == load_bundle(SERVED).manifest.files
    assert release.metrics["news.jsonl"].sha256 == sha256(Path("news.jsonl"))
    assert release.metrics["pinned.jsonl"].articles == 40 and release.metrics["pinned.jsonl"].macro_f1["stance"] == 1.0
    assert release.comparison is not None and release.comparison.current_manifest_sha256 == adopted.manifest_sha256
    assert [d.difference for d in release.comparison.tasks] == [0, 0, 0] and release.comparison.slices > 0

    before = tree()
    assert act(monkeypatch, "promote", candidate) == 0
    assert "in service already: tiny-1, so nothing was done" in capfd.readouterr().err
    assert tree() == before


def test_force_needs_a_reason_and_is_recorded_and_rollback_undoes_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("gate.toml").write_text(Path("gate.toml").read_text().replace("0.9", "0.0"))
    worse, old = make_bundle("worse", one_sentiment), tree(SERVED)
    assert act(monkeypatch, "promote", worse, "--force", " ") == 2
    assert "--force needs a reason" in capfd.readouterr().err
    assert act(monkeypatch, "promote", worse, "--force", "the old one names persons") == 0
    forced = read_registry(REGISTRY).releases[-1]
    assert (forced.action, forced.reason) == ("force", "the old one names persons")
    assert forced.comparison is not None and forced.comparison.worst_slice is not None
    assert forced.comparison.worst_slice.verdict == "worse"
    assert tree(SERVED) == tree(worse)

    assert act(monkeypatch, "rollback", "--reason", "readers complained", "--json") == 0
    assert json.loads(capfd.readouterr().out.splitlines()[-1])["version"] == "0"
    assert tree(SERVED) == old
    registry = read_registry(REGISTRY)
    assert [r.action for r in registry.releases] == ["adopt", "force", "rollback"]
    assert registry.releases[-1].reason == "readers complained"
    # There was none before that one, and the one taken back can come again, from where it was kept.
    assert act(monkeypatch, "rollback") == 2
    assert "names no release before" in capfd.readouterr().err
    assert act(monkeypatch, "promote", "kept/tiny-1", "--force", "they got used to it") == 0
    assert tree(SERVED) == tree(worse)


def test_rollbacks_go_further_and_further_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in "123":
        assert act(monkeypatch, "promote", make_bundle(f"b{number}", same, number), "--on", "news.jsonl") == 0
    found = []
    for _ in range(2):
        assert act(monkeypatch, "rollback") == 0
        found.append(version())
    assert found == ["2", "1"]
    assert act(monkeypatch, "promote", make_bundle("b4", same, "4"), "--on", "news.jsonl") == 0
    assert act(monkeypatch, "rollback") == 0
    assert version() == "1"


def test_where_none_is_in_service_the_first_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_bundle("first", same)
    shutil.rmtree(SERVED)
    assert act(monkeypatch, "promote", first) == 0
    [release] = read_registry(REGISTRY).releases
    assert (release.action, release.reason, release.comparison) == ("promote", "first release", None)
    assert tree(SERVED) == tree(first)


def test_a_version_is_one_bundle(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    again, before = make_bundle("again", same, version="0"), tree(SERVED)
    assert act(monkeypatch, "promote", again, "--force", "never mind") == 2
    assert "tiny-0 stands in model_cards/registry.json with other hashes; raise the version" in capfd.readouterr().err
    assert tree(SERVED) == before and not REGISTRY.exists()


def test_a_floor_falls_by_its_own_flag_alone(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    worse = make_bundle("worse", one_sentiment)
    before = tree()
    assert act(monkeypatch, "promote", worse, "--force", "worth it") == 1
    assert tree() == before
    said = capfd.readouterr().err
    assert "on pinned.jsonl, below its floor of 0.900, which --lower-floor alone lowers" in said and "stance scores" not in said
    assert act(monkeypatch, "promote", worse, "--lower-floor") == 1
    assert tree() == before
    assert act(monkeypatch, "promote", worse, "--force", "worth it", "--lower-floor") == 0
    text = Path("gate.toml").read_text()
    [floor] = tomllib.loads(text)["floor"].values()
    scores = read_registry(REGISTRY).releases[-1].metrics["pinned.jsonl"].macro_f1
    assert floor["sentiment"] == pytest.approx(scores["sentiment"] - 0.03, abs=0.001)
    assert (floor["topics"], floor["stance"]) == (0.9, 0.9)
    assert "# a comment that stays" in text and "# another" in text


def test_another_corpus_needs_another_floor(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    candidate = make_bundle("candidate", same)
    Path("pinned.jsonl").write_text(Path("news.jsonl").read_text())
    assert act(monkeypatch, "promote", candidate, "--force", "x") == 2
    assert "pinned.jsonl: there is no floor for this file" in capfd.readouterr().err
    assert act(monkeypatch, "promote", candidate, "--lower-floor") == 0
    assert "floor of topics set to 0.970" in read_registry(REGISTRY).releases[-1].reason
    floors = tomllib.loads(Path("gate.toml").read_text())["floor"]
    assert floors[sha256(Path("pinned.jsonl"))] == {"topics": 0.97, "stance": 0.97, "sentiment": 0.97} and len(floors) == 2


def test_a_swap_that_was_cut_off_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    candidate, old = make_bundle("candidate", same), tree(SERVED)
    rename = Path.rename

    def cut_off(self: Path, target: Path) -> Path:
        if self.name == ".bundle.new":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as cut:
        cut.setattr(Path, "rename", cut_off)
        assert act(cut, "promote", candidate) == 130
    assert not SERVED.exists() and not REGISTRY.exists()
    # What was in service is there again, so that the next is compared with it and is no first release.
    worse = make_bundle("worse", one_sentiment, "9", candidate)
    assert act(monkeypatch, "promote", worse) == 1
    assert tree(SERVED) == old and [p.name for p in SERVED.parent.iterdir()] == ["bundle"]
    assert act(monkeypatch, "promote", candidate) == 0
    assert [r.version for r in read_registry(REGISTRY).releases] == ["0", "1"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda: shutil.rmtree("kept/tiny-0"), "kept/tiny-0: the files of tiny-0 are gone; put that bundle there"),
        (lambda: Path("kept/tiny-0/model.onnx").write_bytes(b"x"), "model.onnx: altered"),
        (
            lambda: Path("kept/tiny-0/manifest.json").write_text("{}"),
            "holds another bundle than the tiny-0 of model_cards/registry.json",
        ),
    ],
)
def test_a_rollback_to_files_that_are_not_those_released_changes_nothing(
    spoil: Callable[[], object], message: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert act(monkeypatch, "promote", make_bundle("candidate", same)) == 0
    spoil()
    before = tree()
    assert act(monkeypatch, "rollback") == 2
    assert message in capfd.readouterr().err
    assert tree() == before


def test_a_damaged_bundle_in_service_can_be_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    old = tree(SERVED)
    assert act(monkeypatch, "promote", make_bundle("candidate", same)) == 0
    (SERVED / "model.onnx").write_bytes(b"x")
    assert act(monkeypatch, "rollback") == 0
    assert tree(SERVED) == old and not Path("kept/tiny-1").exists()


def test_the_registry_comes_back_as_it_was_written_and_refuses_what_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    candidate = make_bundle("candidate", same)
    assert act(monkeypatch, "promote", candidate) == 0
    registry, text = read_registry(REGISTRY), REGISTRY.read_text()
    write_registry(registry, REGISTRY)
    assert REGISTRY.read_text() == text and read_registry(REGISTRY) == registry
    raw = json.loads(text)
    raw["releases"][0]["mood"] = "good"
    REGISTRY.write_text(json.dumps(raw))
    assert act(monkeypatch, "rollback") == 2
    assert "releases.0.mood: Extra inputs are not permitted" in capfd.readouterr().err


@pytest.mark.parametrize("command", [("promote", "candidate"), ("rollback",)])
def test_one_release_at_a_time(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    make_bundle("candidate", same)
    before = tree()
    with only_release(SERVED, REGISTRY):
        assert act(monkeypatch, *command) == 2
    assert "another promote or rollback is running; wait for it" in capfd.readouterr().err
    assert tree() == before


def test_a_comparison_with_what_is_no_longer_in_service_counts_for_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    candidate, other = make_bundle("candidate", same), make_bundle("other", same, "7")
    compare = promote_module._compare

    def slow(*given: Any) -> Any:
        found = compare(*given)
        shutil.rmtree(SERVED)
        shutil.copytree(other, SERVED)
        return found

    monkeypatch.setattr(promote_module, "_compare", slow)
    assert act(monkeypatch, "promote", candidate) == 2
    assert "changed while the new one was measured; run again" in capfd.readouterr().err
    assert version() == "7" and not REGISTRY.exists()


@pytest.mark.parametrize("name", ["../other", "a/b", ".hidden", "", "a\\b", "a b"])
def test_a_bundle_is_not_named_by_a_path(name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(SERVED, "candidate"))
    Path("other").mkdir()
    raw = json.loads((folder / "manifest.json").read_text())
    for key in ("name", "version"):
        (folder / "manifest.json").write_text(json.dumps(raw | {key: name}))
        assert act(monkeypatch, "promote", folder) == 2
        assert f"manifest.json: not a manifest that this version reads (1 mistake, first: {key}: " in capfd.readouterr().err
    assert Path("other").is_dir() and version() == "0"
