"""The report: planted facts are found, every number of the text is in the JSON, texts stay texts, gaps are said."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from sorot.data.errors import SorotError
from sorot.data.taxonomy import Language
from sorot.serving.findings.report.findings import Findings
from sorot.serving.findings.report.gather.findings_of import gather_findings
from sorot.serving.findings.report.write import ReportFormat, report_bytes
from sorot.serving.model.bundle import Bundle, load_bundle
from tests.serving.command import run
from tests.serving.findings.report.planted import plant_groups, plant_rows, write_scored

FORMATS = ("rows.parquet", "rows.csv", "rows.jsonl", "rows.duckdb", "parts/")


@pytest.fixture(scope="module")
def bundle(tiny_bundle: Path) -> Bundle:
    return load_bundle(tiny_bundle)


@pytest.fixture(scope="module")
def planted(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = plant_groups(plant_rows(bundle.taxonomy), bundle.taxonomy)
    return write_scored(tmp_path_factory.mktemp("planted") / "rows.parquet", rows, bundle.taxonomy)


@pytest.fixture(scope="module")
def findings(planted: Path, bundle: Bundle) -> Findings:
    return gather_findings(planted, bundle)


def text_of(findings: Findings, bundle: Bundle, language: Language, form: ReportFormat) -> str:
    return report_bytes(findings, bundle.taxonomy, language, form).decode()


class Page(HTMLParser):
    """What a reader sees of a page, the addresses that it links or loads, and its element names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.elements: list[str] = []
        self.ids: list[str] = []
        self.json = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self._inside.append(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("href", "src", "srcset", "action", "data"):
                self.loads.append(value or "")
            elif name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self._inside:
            self.json += data
        elif "style" not in self._inside:
            self.texts.append(data)


def test_planted_facts_are_found(findings: Findings, bundle: Bundle) -> None:
    corpus = findings.corpus
    assert (corpus.articles, corpus.outlets, corpus.stories, corpus.unit) == (120, 3, 60, "week")
    assert (corpus.first_day, corpus.last_day) == ("2024-01-01", "2024-02-14")
    assert findings.missing == ()
    gate = bundle.taxonomy.gate_task
    assert gate is not None
    attention = next(own for own in findings.tasks if own.task == gate.key)
    # Every second article, and all of Loreng's, which are every third.
    first = attention.overall.of_label(gate.keys[0])
    assert first.n == 80 and first.band is not None
    assert first.band.low < 80 / 120 < first.band.high
    assert sum(group.of for group in attention.periods) == 120
    assert {group.name: group.of_label(gate.keys[0]).n for group in attention.outlets}["Loreng"] == 40
    assert {(s.outlet, s.label) for s in findings.standouts if s.task == gate.key} == {("Loreng", gate.keys[0])}
    assert findings.quoted is not None
    assert findings.quoted.speakers[0].name == "Rina Sari"
    assert sum(speaker.quotes for speaker in findings.quoted.speakers) == findings.quoted.quotes == 80
    assert findings.copies is not None
    assert (findings.copies.groups, findings.copies.share.n) == (6, 12)
    words = {own.outlet: [w.word for w in own.words] for own in findings.words}
    assert words["Loreng"][0] == "terang" and words["Nusa Raya"][0] == "kelam"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_numbers(form: str, findings: Findings, bundle: Bundle, tmp_path: Path) -> None:
    rows = plant_groups(plant_rows(bundle.taxonomy), bundle.taxonomy)
    scored = write_scored(tmp_path / form.rstrip("/"), rows, bundle.taxonomy, f"{tmp_path}/{form}")
    found, expected = gather_findings(scored, bundle).to_dict(), findings.to_dict()
    for one in (found, expected):
        del one["origin"]["sha256"], one["origin"]["data"], one["origin"]["run"]
    assert found == expected


def test_the_first_of_a_copied_pair_is_named_only_where_hours_tell(bundle: Bundle, tmp_path: Path) -> None:
    rows = plant_groups(plant_rows(bundle.taxonomy, 6), bundle.taxonomy)
    moments = (
        ("a", "Nusa Raya", "2024-01-02T09:00:00+07:00"), ("a", "Loreng", "2024-01-02T09:30:00+08:00"),
        ("b", "Nusa Raya", "2024-01-02"), ("b", "Loreng", "2024-01-02T08:00:00+07:00"),
        ("alone", "Loreng", "2024-01-02"), (None, "Loreng", None),
    )  # fmt: skip
    for row, (copy, outlet, published) in zip(rows, moments, strict=True):
        row |= {"copy": copy, "outlet": outlet, "published": published}
    copies = gather_findings(write_scored(tmp_path / "rows.jsonl", rows, bundle.taxonomy), bundle).copies
    assert copies is not None
    # 9.30 in Makassar is 8.30 in Jakarta; an article that has only a day may be the first.
    assert {group.name: group.first for group in copies.largest} == {"a": "Loreng", "b": None}


def numbers_in(text: str, language: Language) -> set[tuple[float, int, bool]]:
    """Numbers of a text: value, decimal places, and whether a percent sign follows."""
    thousands, point = (".", ",") if language == "id" else (",", ".")
    found = set()
    for match in re.finditer(rf"(\d+(?:\{thousands}\d{{3}})*)(?:\{point}(\d+))?(\s?%)?", text):
        whole, decimals, percent = match.groups()
        value = float(whole.replace(thousands, "") + (f".{decimals}" if decimals else ""))
        found.add((value, len(decimals or ""), bool(percent)))
    return found


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("form", ["html", "md"])
def test_every_number_of_the_text_is_in_the_json(
    form: ReportFormat, language: Language, findings: Findings, bundle: Bundle
) -> None:
    known = leaves(json.loads(text_of(findings, bundle, language, "json")))
    text = text_of(findings, bundle, language, form)
    if form == "html":
        text = "\n".join(Page(text).texts)
    text = re.sub(r"\\(.)", r"\1", unescape(text)).replace("\u00a0", " ")
    # Days, names, versions and hashes are texts of the JSON; years and standards of the method are literature.
    for leaf in sorted({leaf for leaf in known if isinstance(leaf, str) and re.search(r"\d", leaf)}, key=len, reverse=True):
        text = text.replace(leaf, " ")
    text = re.sub(r"SHA-256|Wilson 1927|Quinn 2008|https?://\S+", " ", text)
    numbers = [leaf for leaf in known if isinstance(leaf, int | float) and not isinstance(leaf, bool)]
    rounded = {(round(leaf, digits), digits, False) for leaf in numbers for digits in range(3)}
    # '< 1 %' and '> 99 %' stand for shares that are not quite none or all.
    rounded |= {(min(99, max(1, round(100 * leaf))) if 0 < leaf < 1 else round(100 * leaf), 0, True) for leaf in numbers}
    # The sum of what was withheld, and numbered headings of nothing else.
    found = numbers_in(text, language)
    assert len(found) > 40
    assert found - rounded == set()


def test_html_is_one_file_that_asks_for_nothing(findings: Findings, bundle: Bundle) -> None:
    html = text_of(findings, bundle, "id", "html")
    page = Page(html)
    assert page.loads == [] and "@import" not in html and "url(http" not in html
    assert page.elements.count("script") == 1
    assert json.loads(page.json) == json.loads(text_of(findings, bundle, "id", "json"))
    assert len(page.ids) == len(set(page.ids))
    # Every chart has a title, a description, and its numbers in a table beside it.
    charts = page.elements.count("figure")
    assert charts > 5 and html.count("<desc") == charts
    assert all(svg.find("{*}title") is not None for svg in charts_of(html))
    assert len(html) < 3_000_000


def charts_of(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(r'<svg class="chart".*?</svg>', html, re.DOTALL)]


@pytest.mark.parametrize("form", ["html", "md", "xlsx", "json"])
def test_the_same_input_gives_the_same_bytes(form: ReportFormat, planted: Path, bundle: Bundle) -> None:
    first, second = (report_bytes(gather_findings(planted, bundle), bundle.taxonomy, "id", form) for _ in range(2))
    assert first == second


HOSTILE = '</script><img src=x onerror=alert(1)> & "x" [a](javascript:b) | `c`'


def test_texts_of_others_stay_texts(bundle: Bundle, tmp_path: Path) -> None:
    rows = plant_groups(plant_rows(bundle.taxonomy, 40), bundle.taxonomy)
    for at, row in enumerate(rows):
        row |= {
            "title": HOSTILE,
            "outlet": f"{HOSTILE} {at % 2}",
            "url": "javascript:alert(1)" if at % 2 else "https://a.example/ <x>",
        }
        row["evidence"] = [e | {"sentence": HOSTILE} for e in row["evidence"]]
        row["quotes"] = [q | {"speaker": HOSTILE} for q in row["quotes"]]
    found = gather_findings(write_scored(tmp_path / "rows.csv", rows, bundle.taxonomy), bundle, title=HOSTILE)
    page = Page(text_of(found, bundle, "id", "html"))
    assert "img" not in page.elements and page.elements.count("script") == 1
    assert json.loads(page.json)["title"] == HOSTILE
    assert all(link.startswith(("#", "https://")) for link in page.links)
    assert any(HOSTILE in text for text in page.texts)
    markdown = text_of(found, bundle, "en", "md")
    assert not re.search(r"(?<!\\)(<img|\[a\]|`c`)", markdown)
    assert "(<https://a.example/%20%3Cx%3E>)" in markdown


def test_a_workbook_has_a_sheet_for_each_table_and_no_formula(findings: Findings, bundle: Bundle) -> None:
    from python_calamine import CalamineWorkbook

    content = report_bytes(findings, bundle.taxonomy, "en", "xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names[0] == "Findings" and len(book.sheet_names) > 8
    rows = book.get_sheet_by_name("Topics: whole corpus".translate({ord(":"): " "}).replace("  ", " ")).to_python()
    assert rows[0] == ["Label", "Articles", "Share", "Share, low", "Share, high", "Stories"]
    assert rows[1][1] == 80 and rows[1][2] == pytest.approx(2 / 3)
    with ZipFile(BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_what_is_missing_is_said(bundle: Bundle, tmp_path: Path) -> None:
    rows = [row | {"published": None, "outlet": None} for row in plant_rows(bundle.taxonomy, 3)]
    for row in rows:
        del row["body"]
    found = gather_findings(write_scored(tmp_path / "rows.csv", rows, bundle.taxonomy), bundle)
    assert found.missing == ("dates", "outlets", "body", "quotes", "story", "copy")
    text = text_of(found, bundle, "en", "md")
    for said in (
        "No article has a date",
        "No article has an outlet",
        "holds no quotes",
        "column story",
        "column copy",
        "This corpus is small",
    ):
        assert said in text
    assert "\ufffd" not in text and "None" not in text and "nan" not in text.lower().split()


def test_articles_without_labels_alone_are_said(bundle: Bundle, tmp_path: Path) -> None:
    rows = plant_rows(bundle.taxonomy, 3)
    for row in rows:
        row |= {"withheld": "language", "evidence": []}
        for task in bundle.taxonomy.tasks:
            row |= {task.key: [] if task.many else None} | {task.column_of(key): None for key in task.keys}
    found = gather_findings(write_scored(tmp_path / "rows.jsonl", rows, bundle.taxonomy), bundle)
    assert (found.corpus.withheld, found.corpus.judged) == ({"language": 3}, 0)
    assert "No article has labels" in text_of(found, bundle, "en", "md")


def test_what_is_no_scored_corpus_is_one_sentence(bundle: Bundle, tmp_path: Path) -> None:
    rows = plant_rows(bundle.taxonomy, 4)
    two = [row | {"model": f"tiny-{at % 2}"} for at, row in enumerate(rows)]
    rejects = tmp_path / "a.parquet.rejects.jsonl"
    rejects.write_text('{"source": "a", "row": 1, "reason": "b"}\n', encoding="utf-8")
    listed = tmp_path / "rejects.jsonl"
    listed.write_bytes(rejects.read_bytes())
    empty = write_scored(tmp_path / "none.csv", rows, bundle.taxonomy)
    empty.write_text(empty.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 no")
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").touch()
    cases = {
        write_scored(tmp_path / "two.jsonl", two, bundle.taxonomy): "scored by tiny-0 and tiny-1",
        empty: "holds no articles",
        rejects: "lists what could not be scored; name the scored file beside it, a.parquet",
        listed: "has no column 'id'",
        broken: "cannot be read as a scored corpus",
        tmp_path / "empty": "holds no parts",
        tmp_path / "a.txt": "is no output of sorot score",
        tmp_path / "nowhere.csv": "no such file",
    }
    for path, sentence in cases.items():
        with pytest.raises(SorotError, match=re.escape(sentence)) as caught:
            gather_findings(path, bundle)
        assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_the_command_writes_what_the_suffix_says(
    planted: Path, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "laporan.md"
    options = ("--bundle", tiny_bundle, "--language", "en", "--title", "Weeks")
    assert run(monkeypatch, "report", planted, "-o", output, *options) == 0
    assert output.read_text(encoding="utf-8").startswith("# Weeks\n")
    refused = (
        (tmp_path, "is a folder"),
        (planted, "is the scored corpus itself"),
        (tmp_path / "no" / "a.html", "does not exist"),
    )
    for target, sentence in refused:
        assert run(monkeypatch, "report", planted, "-o", target, *options) == 2
        assert sentence in capsys.readouterr().err
