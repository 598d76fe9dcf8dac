"""What `import sorot` offers, as a user of scripts and notebooks meets it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sorot
from sorot.data.errors import InputError
from sorot.data.prepare import UnreadableTextError
from sorot.data.taxonomy import held
from sorot.serving.front_door.reading import WARNED_REJECTS, RejectWarning
from sorot.serving.model.bundle import SHIPPED, BundleError, load_bundle
from sorot.serving.model.labels import ThresholdError
from tests import taxonomies
from tests.tiny_bundle import build_bundle

TEXT = "Pemerintah memblokir situs judi daring di Jakarta. Kementerian menilai aturan platform digital baru itu baik sekali."
OTHER = "Polisi menangkap terduga teroris di Jakarta. Warga mengkritik kebijakan itu."
ENGLISH = "The government blocked the site and everyone in the whole country was very upset about this today."
PARAGRAPHS = "".join(f"<p>{TEXT} Warga nomor {n} mendukung kebijakan itu.</p>" for n in range(4))
PAGE = f"<!DOCTYPE html>\n<html><head><title>Blokir</title></head><body><nav>Beranda</nav><article>{PARAGRAPHS}</article></body></html>"


@pytest.fixture(scope="module")
def model(tiny_bundle: Path) -> sorot.Model:
    return sorot.load(tiny_bundle)


def python(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_every_public_name_is_quick_and_loads_no_heavy_library() -> None:
    code = """
import sys, time
from sorot import *
print(time.process_time())
print([name for name in ("onnxruntime", "tokenizers", "gradio", "torch", "pandas", "pyarrow", "dateparser") if name in sys.modules])
"""
    seconds, loaded = python(code).splitlines()
    assert loaded == "[]"
    # About 0.4 on a quiet machine, the interpreter's own start included.
    assert float(seconds) < 1.5


def test_public_names_are_listed_and_a_wrong_one_names_them() -> None:
    assert all(hasattr(sorot, name) for name in sorot.__all__)
    assert set(sorot.__all__) <= set(dir(sorot))
    assert re.match(r"\d+\.\d+", sorot.__version__)
    with pytest.raises(AttributeError, match=r"'analyse'; it offers .*load"):
        sorot.analyse  # noqa: B018


# Loading


def test_load_gives_the_shipped_bundle_a_folder_and_says_which(tiny_bundle: Path, model: sorot.Model) -> None:
    shipped = sorot.load()
    assert shipped.name.startswith("sorot-")
    assert shipped.scorer.bundle.path == SHIPPED
    assert model.name == "tiny-0" and repr(model) == "Model('tiny-0', tasks: topics, stance, sentiment)"
    assert sorot.load(str(tiny_bundle)).taxonomy == model.taxonomy
    with pytest.raises(BundleError, match="no such bundle folder; give one, or the name of"):
        sorot.load("./no/such/folder")
    with pytest.raises(TypeError, match="a model is a folder or the name of a Hugging Face model, not int"):
        sorot.load(3)  # type: ignore[arg-type]
    with pytest.raises(BundleError, match="revision and download are for Hugging Face models"):
        sorot.load(tiny_bundle, revision="main")


# Reading


def test_read_gives_articles_of_names_patterns_folders_and_lists(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"isi,judul\n{TEXT},Satu\n{OTHER},Dua\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    for inputs in (tmp_path, str(tmp_path), [tmp_path / "a.csv", tmp_path / "b.txt"], f"{tmp_path}/*.*"):
        articles = list(sorot.read(inputs))
        assert [article.body for article in articles] == [TEXT, OTHER, TEXT]
        assert [article.title for article in articles] == ["Satu", "Dua", None]
    assert [a.body for a in sorot.read(tmp_path / "a.csv", text="judul", title="")] == ["Satu", "Dua"]
    with pytest.raises(InputError, match="no such file or folder"):
        list(sorot.read(tmp_path / "c.csv"))


def test_read_decides_about_rejects_as_asked(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    rows = [TEXT, *[""] * (WARNED_REJECTS + 3), OTHER]
    pd.DataFrame({"isi": rows, "judul": "x"}).to_csv(source, index=False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert [article.body for article in sorot.read(source)] == [TEXT, OTHER]
    messages = [str(warning.message) for warning in caught if warning.category is RejectWarning]
    assert len(messages) == WARNED_REJECTS + 1
    assert messages[0] == f"{source}, row 3: no text in column 'isi'" and messages[-1] == "3 more rows or files could not be read"
    # The warning points at the caller's own line.
    assert {warning.filename for warning in caught} == {__file__}
    rejects: list[sorot.Reject] = []
    assert len(list(sorot.read(source, on_reject=rejects.append))) == 2
    assert [reject.row for reject in rejects] == list(range(3, 3 + WARNED_REJECTS + 3))
    with pytest.raises(InputError, match=r"row 3: no text in column 'isi'"):
        list(sorot.read(source, on_reject="raise"))
    with pytest.raises(TypeError, match=r"on_reject is 'warn', 'raise' or a function that takes a sorot.Reject, not 'skip'"):
        sorot.read(source, on_reject="skip")  # type: ignore[arg-type]


def test_messages_of_the_readers_name_the_python_argument(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as stop:
        list(sorot.read(tmp_path / "x.csv"))
    assert "--" not in str(stop.value) and str(stop.value).endswith("name it with text=")


@pytest.mark.parametrize("inputs", [3, None, b"corpus", [3], pd.DataFrame({"a": [1]})])
def test_wrong_inputs_are_one_sentence(inputs: object, model: sorot.Model, tmp_path: Path) -> None:
    if isinstance(inputs, pd.DataFrame):
        inputs = inputs["a"]
    for call in (lambda: sorot.read(inputs), lambda: model.score_files(inputs, tmp_path / "out.csv")):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"^inputs are names of files, folders or patterns, such as 'corpus/\*.csv'") as stop:
            call()
        assert isinstance(stop.value, sorot.SorotError) and "\n" not in str(stop.value)


# One article


def test_clean_takes_texts_pages_and_articles_and_is_idempotent() -> None:
    dump = f"Beranda\nNasional\n\n{TEXT}\n\nBaca juga: Warga mengkritik"
    article = sorot.clean(dump, title="Judul", outlet="Kabar")
    assert article.body == TEXT and article.title == "Judul" and article.outlet == "Kabar" and article.language == "id"
    assert [removed.kind for removed in article.removed] and sorot.clean(article) == article
    page = sorot.clean(PAGE)
    assert "<p>" not in page.body and page.body.startswith(TEXT)
    with pytest.raises(UnreadableTextError, match="the text is empty"):
        sorot.clean("  ")


@pytest.mark.parametrize("page", [PAGE, PARAGRAPHS, f"<!-- x -->\n<div class='a'>{PARAGRAPHS}</div>", "\ufeff" + PAGE.lower()])
def test_html_is_recognised(page: str) -> None:
    assert "<" not in sorot.clean(page).body


@pytest.mark.parametrize("text", [f"<penulis> {TEXT}", f"5 < 6 dan 7 > 6. {TEXT}", f"a <b dan c> d. {TEXT}"])
def test_text_with_stray_signs_is_no_html(text: str) -> None:
    assert "<" in sorot.clean(text).body


@pytest.mark.parametrize(
    "text", [f"<b>Pasar</b> itu buka. {TEXT}", f"<p> Pasar itu buka. {TEXT}", f"Pasar itu buka. {TEXT} </p>"]
)
def test_stray_tags_reach_neither_the_model_nor_the_evidence(text: str) -> None:
    assert sorot.clean(text).body == f"Pasar itu buka. {TEXT}"


def test_html_can_be_said_either_way(model: sorot.Model) -> None:
    # A text with tags that is no page is read whole, without looking for an article in it.
    assert model.analyze(PARAGRAPHS, html=False).article.body == "\n\n".join(re.findall("<p>(.*?)</p>", PARAGRAPHS))
    with pytest.raises(UnreadableTextError):
        model.analyze("<penulis>", html=True)


def test_comments_that_never_end_take_no_time() -> None:
    assert sorot.clean("<!-- x --> " * 20_000 + TEXT).body == TEXT


def test_analyze_cleans_by_default(model: sorot.Model) -> None:
    dump = f"Beranda\nNasional\n\n{TEXT}\n\nBaca juga: Warga mengkritik"
    analysis = model.analyze(dump)
    assert analysis.article.body == TEXT
    assert analysis.logits == model.analyze(TEXT).logits == model.analyze(sorot.clean(dump)).logits
    assert model.analyze(dump, clean=False).article.body == dump
    given = sorot.Article(id="7", body=TEXT, outlet="Kabar")
    assert model.analyze(given, title="Judul").article == sorot.Article("7", TEXT, "Judul", "Kabar", language="id")


@pytest.mark.parametrize(
    ("given", "cure"),
    [
        (3, "not int; give the text as a string"),
        (None, "not None; give the text"),
        (float("nan"), "not float; give"),
        (b"teks", "not bytes; decode it first"),
        ([TEXT], "not list; give one at a time, or several to analyze_many"),
        (Path("a.txt"), "; read files with sorot.read"),
        (pd.DataFrame(), "not pandas DataFrame; score a DataFrame with score_frame"),
    ],
)
def test_a_wrong_type_is_one_sentence(given: object, cure: str, model: sorot.Model) -> None:
    for call in (model.analyze, sorot.clean):
        with pytest.raises(TypeError) as stop:
            call(given)  # type: ignore[operator]
        assert str(stop.value).startswith("an article is a text, HTML or a sorot.Article, not ") and cure in str(stop.value)


def test_analyze_many_is_in_order_and_one_empty_text_costs_no_other(model: sorot.Model) -> None:
    given = [TEXT, " ", sorot.Article("2", OTHER), PAGE]
    found = list(model.analyze_many(iter(given)))
    assert [analysis.withheld for analysis in found] == [None, "empty", None, None]
    assert found[2] == model.analyze(OTHER) and found[0] == model.analyze(TEXT)
    for wrong in (TEXT, 3):
        with pytest.raises(TypeError, match="analyze_many takes several texts or articles"):
            model.analyze_many(wrong)  # type: ignore[arg-type]


def test_analyze_many_reads_no_further_than_asked(model: sorot.Model) -> None:
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield TEXT

    assert next(model.analyze_many(endless())).article.body == TEXT  # type: ignore[arg-type]
    assert taken < 1_000


# Results


def test_an_analysis_shows_itself_shortly_and_by_task(model: sorot.Model) -> None:
    analysis = model.analyze(f"{TEXT} " * 200)
    assert len(repr(analysis)) < 300
    for task in model.taxonomy.tasks:
        assert analysis[task.key] == analysis.labels[task.key]
        assert f"{task.key}=" in repr(analysis)
    assert "withheld='language'" in repr(model.analyze(ENGLISH))
    with pytest.raises(KeyError, match="is no task of this model; its tasks are"):
        analysis["mood"]


def test_articles_and_summaries_show_themselves_shortly(model: sorot.Model, tmp_path: Path) -> None:
    article = sorot.clean(f"{TEXT} " * 200, title="Judul " * 50)
    assert len(repr(article)) < 300 and f"{len(article.body)} characters, language='id'" in repr(article)
    (tmp_path / "in.txt").write_text(TEXT, encoding="utf-8")
    summary = model.score_files(tmp_path / "in.txt", tmp_path / "out.csv")
    assert repr(summary).startswith("Summary(1 articles, 0 rejects, ") and str(tmp_path / "out.csv") in repr(summary)
    assert len(repr(model)) < 300


def test_to_dict_is_json_and_holds_every_task(model: sorot.Model) -> None:
    analysis = model.analyze(TEXT, title="Blokir")
    plain = json.loads(json.dumps(analysis.to_dict()))
    assert plain == analysis.to_dict()
    for task in model.taxonomy.tasks:
        assert plain[task.key] == (list(held(analysis[task.key])) if task.many else analysis[task.key])
        assert plain["probabilities"][task.key] == analysis.probabilities[task.key]
    assert [e["sentence"] for e in plain["evidence"]] == [e.sentence for e in analysis.evidence]
    assert "contributions" not in plain and len(analysis.to_dict(contributions=True)["contributions"]) == len(
        analysis.contributions
    )


def test_html_highlights_the_evidence_and_escapes_the_article() -> None:
    nasty = "Pemerintah memblokir situs <script>alert(1)</script> judi & daring di Jakarta. Warga mengkritik kebijakan itu."
    # Given as an article and not cleaned, it is not looked through for markup.
    analysis = sorot.load().analyze(sorot.Article("1", nasty, "<img src=x onerror=alert(1)>"), clean=False)
    html = analysis._repr_html_()
    assert html is not None and "<script" not in html and "<img" not in html and "&lt;script&gt;" in html
    marked = {
        re.sub(r"&lt;", "<", m).replace("&gt;", ">").replace("&amp;", "&") for m in re.findall(r"<mark[^>]*>(.*?)</mark>", html)
    }
    assert marked == {e.sentence for e in analysis.evidence}
    for task, label in {(e.task, e.label) for e in analysis.evidence}:
        assert analysis.basis is not None
        assert analysis.basis.taxonomy.task(task).label(label).name("en") in html
    # All of the text is there, in order.
    plain = re.sub(r"<sup.*?</sup>|<[^>]*>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert nasty in plain
    withheld = sorot.load().analyze(ENGLISH)._repr_html_()
    assert withheld is not None and "withheld: language" in withheld and "<mark" not in withheld


def scored_with(bundle: Path, folder: Path, thresholds: dict[str, dict[str, float]]) -> sorot.Model:
    """A model of the same bundle, with other thresholds in its manifest."""
    copied = build_bundle(folder)
    manifest = json.loads((bundle / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps(manifest | {"thresholds": thresholds}))
    return sorot.load(copied)


@pytest.mark.parametrize("value", [0.0, 0.3, 0.7, 1.0])
def test_moved_thresholds_give_what_a_model_with_them_gives(
    value: float, tiny_bundle: Path, tmp_path: Path, model: sorot.Model
) -> None:
    thresholds = {task.key: dict.fromkeys(task.keys, value) for task in model.taxonomy.many_tasks}
    other = scored_with(tiny_bundle, tmp_path / "other", thresholds)
    for text in (TEXT, OTHER, ENGLISH):
        moved, expected = model.analyze(text).with_thresholds(thresholds), other.analyze(text)
        assert moved == expected
        # The thresholds stay with the result: moved back, it is the first one again.
        assert moved.with_thresholds(load_bundle(tiny_bundle).manifest.thresholds) == model.analyze(text)
    frame = pd.DataFrame({"isi": [TEXT, OTHER, ENGLISH, None]})
    table, expected_table = model.with_thresholds(model.score_frame(frame), thresholds), other.score_frame(frame)
    for task in model.taxonomy.tasks:
        assert table[task.key].tolist() == expected_table[task.key].tolist()
    for found, wanted in zip(table["evidence"], expected_table["evidence"], strict=True):
        assert all(e in wanted for e in found)


def test_thresholds_may_be_given_by_label_by_task_and_by_both(model: sorot.Model) -> None:
    analysis = model.analyze(TEXT)
    task = model.taxonomy.many_tasks[0]
    first = task.keys[0]
    for given in ({first: 0}, {task.key: {first: 0}}):
        assert first in held(analysis.with_thresholds(given)[task.key])
    assert analysis.with_thresholds({task.key: 0})[task.key] == task.keys
    assert analysis.with_thresholds({}) == analysis
    for wrong, message in (
        ({"mood": 0.5}, "'mood' is no task or label with a threshold; these are"),
        ({task.key: {"mood": 0.5}}, f"'mood' is no label of {task.key} with a threshold"),
        ({model.taxonomy.one_tasks[0].key: 0.5}, "is no task or label with a threshold"),
        ({first: 7}, f"the threshold of {first} is 7; give a number from 0 to 1"),
        ({first: "half"}, "is 'half'; give a number"),
    ):
        with pytest.raises(ThresholdError, match=re.escape(message)):
            analysis.with_thresholds(wrong)


# Tables


def test_score_frame_keeps_index_and_columns_and_gives_what_analyze_gives(model: sorot.Model) -> None:
    frame = pd.DataFrame({"isi": [TEXT, OTHER], "judul": ["Satu", None], "kode": [7, 8]}, index=["x", "y"])
    before = frame.copy()
    table = model.score_frame(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert list(table.index) == ["x", "y"] and list(table.columns[:3]) == ["isi", "judul", "kode"]
    assert table["kode"].tolist() == [7, 8] and table["reject"].tolist() == [None, None]
    for (_, row), analysis in zip(
        table.iterrows(), model.analyze_many([model.analyze(TEXT, title="Satu").article, OTHER]), strict=True
    ):
        for task in model.taxonomy.tasks:
            assert row[task.key] == (list(held(analysis[task.key])) if task.many else analysis[task.key])
            for key in task.keys:
                assert row[task.column_of(key)] == pytest.approx(analysis.probabilities[task.key][key], abs=1e-6)
        assert [e["sentence"] for e in row["evidence"]] == [e.sentence for e in analysis.evidence]
        assert row["n_tokens"] == analysis.n_tokens and row["model"] == model.name


def test_score_frame_has_the_columns_of_the_output(model: sorot.Model, tmp_path: Path) -> None:
    pd.DataFrame({"isi": [TEXT, OTHER]}).to_csv(tmp_path / "in.csv", index=False)
    model.score_files(tmp_path / "in.csv", tmp_path / "out.parquet")
    written = pd.read_parquet(tmp_path / "out.parquet")
    table = model.score_frame(pd.read_csv(tmp_path / "in.csv"), keep=False)
    names = [name for name in table.columns if name != "reject"]
    assert names == list(written.columns[list(written.columns).index(model.taxonomy.keys[0]) :])
    for name in names:
        if written[name].dtype.kind in "fi":
            assert table[name].tolist() == written[name].tolist(), name


def test_a_row_without_text_has_its_reason_and_costs_no_other(model: sorot.Model) -> None:
    texts = [TEXT, None, float("nan"), pd.NA, "", 5, ENGLISH, OTHER]
    table = model.score_frame(pd.DataFrame({"isi": texts}, index=range(10, 18)))
    reasons = table["reject"].tolist()
    assert [bool(reason) for reason in reasons] == [False, True, True, True, True, True, False, False]
    assert reasons[1] == "no text in column 'isi'" and "holds int, not text" in reasons[5] and "--" not in reasons[5]
    assert table["withheld"].tolist()[6] == "language"
    many, one = model.taxonomy.many_tasks[0], model.taxonomy.one_tasks[0]
    assert table[many.key].tolist()[1] == [] and table[one.key].tolist()[1] is None
    assert table[many.column_of(many.keys[0])].isna().tolist() == [False, True, True, True, True, True, True, False]
    assert table["n_tokens"].isna().sum() == 5


def test_cells_of_every_kind_are_read(model: sorot.Model) -> None:
    expected = model.score_frame(pd.DataFrame({"isi": [TEXT]}), keep=False)["n_tokens"].tolist()
    for cell in (TEXT.encode(), np.str_(TEXT), np.array(TEXT.split("\n"), dtype=object), [TEXT]):
        assert model.score_frame(pd.DataFrame({"isi": [cell]}), keep=False)["n_tokens"].tolist() == expected
    for dtype in ("category", "string", "object"):
        assert model.score_frame(pd.DataFrame({"isi": pd.Series([TEXT], dtype=dtype)}))["n_tokens"].tolist() == expected
    dated = pd.DataFrame({"isi": [TEXT, TEXT], "tanggal": [pd.Timestamp("2024-03-04"), pd.NaT]})
    assert model.score_frame(dated)["reject"].tolist() == [None, None]


def test_own_columns_with_the_name_of_a_score_stay_under_another_name(model: sorot.Model) -> None:
    task = model.taxonomy.one_tasks[0].key
    table = model.score_frame(pd.DataFrame({"isi": [TEXT], task: ["mine"], "reject": ["mine too"]}))
    assert table[f"{task}_input"].tolist() == ["mine"] and table["reject_input"].tolist() == ["mine too"]
    assert table[task].tolist() != ["mine"] and table["reject"].tolist() == [None]
    again = model.score_frame(table)
    assert again.columns.is_unique and again[f"{task}_input"].tolist() == ["mine"]
    assert again[f"{task}_input_input"].tolist() == table[task].tolist()


def test_columns_of_a_frame_are_chosen_as_asked(model: sorot.Model) -> None:
    frame = pd.DataFrame({"a": [TEXT], "b": [OTHER], 3: [1], "title": ["x"]})
    assert list(model.score_frame(frame, text="a", keep=["b"]).columns[:2]) == ["b", model.taxonomy.keys[0]]
    assert list(model.score_frame(frame, text="a", keep=False).columns[:1]) == [model.taxonomy.keys[0]]
    assert model.score_frame(frame, text="b", title="", keep=False)["n_tokens"].tolist() == [model.analyze(OTHER).n_tokens]
    assert model.score_frame(frame, text="a", with_body=True)["body"].tolist() == [TEXT]
    for call, message in (
        (lambda: model.score_frame(frame), "no column looks like an article's text among 'a', 'b', 'title'; name it with text="),
        (lambda: model.score_frame(frame, text="c"), "the table: there is no column 'c'"),
        (lambda: model.score_frame(frame, text="a", keep=["c"]), "the table has no column 'c'"),
        (lambda: model.score_frame(pd.DataFrame([[1, 2]], columns=["isi", "isi"])), "two columns with the name 'isi'"),
        (lambda: model.with_thresholds(frame, {}), "so it was not scored by this model; score it with score_frame"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            call()


def test_an_empty_frame_gives_an_empty_table_with_all_columns(model: sorot.Model) -> None:
    table = model.score_frame(pd.DataFrame({"isi": pd.Series([], dtype=object)}))
    assert len(table) == 0 and model.taxonomy.keys[0] in table.columns and "reject" in table.columns


@pytest.mark.parametrize("wrong", [[TEXT], pd.Series([TEXT]), 3, None])
def test_a_wrong_frame_is_one_sentence(wrong: object, model: sorot.Model) -> None:
    with pytest.raises(TypeError, match=r"^score_frame takes a (pandas )?DataFrame, not "):
        model.score_frame(wrong)  # type: ignore[arg-type]


def test_without_pandas_the_sentence_says_how_to_get_it(model: sorot.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(InputError, match="score_frame needs pandas; add it with: pip install pandas"):
        model.score_frame([TEXT])  # type: ignore[arg-type]


# Files


def test_score_files_does_what_the_command_does(model: sorot.Model, tiny_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f"isi,judul\n{TEXT},Satu\n,Kosong\n{OTHER},Dua\n", encoding="utf-8")
    summary = model.score_files(source, tmp_path / "by_model.csv")
    assert (summary.articles, summary.rejects, summary.output) == (2, 1, str(tmp_path / "by_model.csv"))
    for chosen in (model, tiny_bundle, str(tiny_bundle)):
        out = tmp_path / f"by_{type(chosen).__name__}.csv"
        sorot.score_files([source], out, model=chosen)
        assert out.read_bytes() == (tmp_path / "by_model.csv").read_bytes()
    arguments = ["sorot", "score", str(source), "-o", str(tmp_path / "cli.csv"), "--bundle", str(tiny_bundle)]
    code = f"import sys; sys.argv = {arguments}; from sorot.serving.cli import main; main()"
    assert python(code) == ""
    assert (tmp_path / "cli.csv").read_bytes() == (tmp_path / "by_model.csv").read_bytes()
    assert model.score_files(source, tmp_path / "by_model.csv").repeated
    assert model.score_files(source, tmp_path / "one.jsonl", limit=1, text="judul").articles == 1
    with pytest.raises(TypeError, match=r"output is the name of a file or folder, such as 'out.parquet', not None"):
        model.score_files(source, None)  # type: ignore[arg-type]


# Other taxonomies


@pytest.mark.parametrize("name", taxonomies.ALL)
def test_the_front_door_works_with_any_taxonomy(name: str, tmp_path: Path) -> None:
    taxonomy = taxonomies.ALL[name]()
    model = sorot.load(build_bundle(tmp_path / "bundle", taxonomy))
    analysis = model.analyze(TEXT, title="Blokir")
    html = analysis._repr_html_()
    assert html is not None and len(repr(analysis)) < 300
    for task in taxonomy.tasks:
        assert f"{task.key}=" in repr(analysis) and task.name("en") in html
        assert analysis.to_dict()[task.key] == (list(held(analysis[task.key])) if task.many else analysis[task.key])
        if task.many:
            assert analysis.with_thresholds({task.key: 0})[task.key] == task.keys
            assert analysis.with_thresholds({task.key: 1.0})[task.key] == ()
    table = model.score_frame(pd.DataFrame({"isi": [TEXT, None]}), title="")
    plain = model.analyze(TEXT)
    for task in taxonomy.tasks:
        assert table[task.key].tolist()[0] == (list(held(plain[task.key])) if task.many else plain[task.key])
        assert table[[task.column_of(key) for key in task.keys]].notna().all(axis=1).tolist() == [True, False]
    moved = model.with_thresholds(table, {task.key: 0 for task in taxonomy.many_tasks})
    assert [moved[task.key].tolist()[0] for task in taxonomy.many_tasks] == [list(task.keys) for task in taxonomy.many_tasks]
