"""SQL over a scored corpus: four tables, three forms of an answer, and no way to anything else."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sorot.data.taxonomy import Taxonomy, load_taxonomy
from sorot.serving.findings.query.printing import print_csv, print_json, print_table
from sorot.serving.findings.query.run import QueryError, run_query
from tests.serving.command import run
from tests.serving.findings.report.planted import plant_groups, plant_rows, write_scored


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="module")
def scored(taxonomy: Taxonomy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # DuckDB takes brackets in a name for a pattern.
    path = tmp_path_factory.mktemp("scored") / "berita [1].parquet"
    return write_scored(path, plant_groups(plant_rows(taxonomy, 12), taxonomy), taxonomy)


def answers(path: Path, sql: str, taxonomy: Taxonomy) -> list[tuple[object, ...]]:
    with run_query(path, sql, taxonomy) as answer:
        return list(answer.rows)


def test_the_four_tables(scored: Path, taxonomy: Taxonomy) -> None:
    assert answers(scored, "SELECT count(*), min(published_day)::VARCHAR FROM articles", taxonomy) == [(12, "2024-01-01")]
    assert answers(scored, "SELECT sentence FROM evidence WHERE id = 'artikel-0' LIMIT 1", taxonomy) == [("Bukti 0.",)]
    assert answers(scored, "SELECT speaker, count(*) FROM quotes GROUP BY 1 ORDER BY 2 DESC", taxonomy) == [
        ("Rina Sari", 8),
        ("Budi", 4),
    ]
    assert answers(scored, "SELECT count(*), max(articles), max(outlets) FROM stories", taxonomy) == [(6, 2, 2)]


def test_tables_are_empty_without_their_columns(taxonomy: Taxonomy, tmp_path: Path) -> None:
    path = write_scored(tmp_path / "rows.jsonl", plant_rows(taxonomy, 3), taxonomy)
    assert answers(path, "SELECT (SELECT count(*) FROM quotes), (SELECT count(*) FROM stories)", taxonomy) == [(0, 0)]


@pytest.mark.parametrize(
    "sql",
    [
        "COPY articles TO 'out.csv'",
        "SELECT 1; SELECT 2",
        "ATTACH 'other.duckdb'",
        "SET threads = 1",
        "INSTALL httpfs",
        "EXPORT DATABASE 'out'",
        "SELECT * FROM read_text('{other}')",
        "SELECT * FROM '{other}'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "SELECT * FROM taxonomy",
        "SELECT no_such_column FROM articles",
        "SELEC 1",
        "",
    ],
)
def test_nothing_else_can_be_read_or_written(sql: str, scored: Path, taxonomy: Taxonomy, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(QueryError) as caught:
        answers(scored, sql.format(other=other, folder=tmp_path), taxonomy)
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]


def test_forms_of_an_answer() -> None:
    columns, rows = ("name", "n", "name"), [("kursi panjang", 7, None), ("=1+1", 120, [1, {"a": 2}])]
    table, table_csv, objects = io.StringIO(), io.StringIO(), io.StringIO()
    assert print_table(columns, rows, table) == print_csv(columns, rows, table_csv) == print_json(columns, rows, objects) == 2
    assert table.getvalue().splitlines() == [
        "name             n  name",
        "-------------  ---  -------------",
        "kursi panjang    7",
        '=1+1           120  [1, {"a": 2}]',
    ]
    assert list(csv.reader(io.StringIO(table_csv.getvalue())))[1:] == [
        ["kursi panjang", "7", ""],
        ["'=1+1", "120", '[1, {"a": 2}]'],
    ]
    assert json.loads(objects.getvalue().splitlines()[1]) == {"name": "=1+1", "n": 120, "name_2": [1, {"a": 2}]}


def test_the_command(
    scored: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "query", scored, "SELECT count(*) AS n FROM articles", "--json", "--bundle", tiny_bundle) == 0
    assert capsys.readouterr().out == '{"n": 12}\n'
    assert run(monkeypatch, "query", scored, "DROP VIEW articles", "--bundle", tiny_bundle) == 2
    assert "a query is one SELECT" in capsys.readouterr().err
