"""Checks in the manner of CheckList: the changes themselves, and how a scorer's answers to them are counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sorot.data.article import Article
from sorot.data.cleaning.clean import clean_article
from sorot.data.taxonomy import Taxonomy, Value, load_taxonomy
from sorot.serving.model.analysis import Analysis
from sorot.training.measure.checks.check_tables import CheckError, Expectation, SwapName, load_tables
from sorot.training.measure.checks.invariance import Check, check_articles, make_checks, run_checks, wilson
from sorot.training.measure.checks.perturbations import (
    add_boilerplate,
    add_paragraph,
    add_typos,
    paraphrase,
    swap_names,
    upper_case,
)
from tests.taxonomies import two_many

TABLES = load_tables()
TAXONOMY = load_taxonomy()
TEXT = (
    'Pemerintah memblokir Telegram di seluruh Indonesia pada pekan lalu karena konten terlarang. "Ini perlu," kata Rudiantara.\n\n'
    "Johnny G. Plate mengatakan Telegram tidak menanggapi surat. Johnny berharap Telegram segera datang, tulis Kompas.com."
)
ARTICLE = Article(id="a", title="Telegram Diblokir, Golkar Setuju", body=TEXT, language="id")


class WordScorer:
    """The first label of every task is likely in articles that hold a word."""

    def __init__(self, word: str, taxonomy: Taxonomy = TAXONOMY) -> None:
        self.word, self.taxonomy = word, taxonomy

    def score(self, articles: Sequence[Article]) -> list[Analysis]:
        return [self._analyse(a) for a in articles]

    def _analyse(self, article: Article) -> Analysis:
        withheld = "empty" if not article.body else None
        p = 0.9 if self.word in article.body else 0.2
        labels: dict[str, Value] = {}
        probabilities: dict[str, dict[str, float]] = {}
        for task in self.taxonomy.tasks:
            first, *rest = task.keys
            own = {first: p, **dict.fromkeys(rest, 0.1 if task.many else (1 - p) / len(rest))}
            probabilities[task.key] = own
            labels[task.key] = tuple(k for k, q in own.items() if q > 0.5) if task.many else max(own, key=own.__getitem__)
        if withheld:
            nothing: dict[str, Value] = {task.key: () if task.many else None for task in self.taxonomy.tasks}
            return Analysis(nothing, {}, {}, (), (), 0, 0, None, "word", withheld)
        return Analysis(labels, probabilities, {}, (), (), 1, 1, "id", "word")


def test_the_shipped_tables_are_as_large_as_they_should_be() -> None:
    sizes = {kind: len(names) for kind, names in TABLES.swaps.items()}
    assert sizes["officials"] >= 30 and sizes["parties"] >= 9 and sizes["platforms"] >= 20 and sizes["outlets"] >= 30
    assert all(name.office for name in TABLES.swaps["officials"])
    for names in TABLES.swaps.values():
        forms = [form for name in names for form in (name.name, *name.also)]
        assert len(set(forms)) == len(forms)
    lefts = [left for left, _ in TABLES.paraphrase.pairs]
    assert len(set(lefts)) == len(lefts) >= 60
    assert {check.name for check in make_checks(TABLES)} >= {"swap parties", "typos", "upper case", "boilerplate", "paraphrase"}
    for entry in TABLES.directional:
        assert all(e.label in TAXONOMY.task(e.task).keys for e in entry.expect)


def test_a_swapped_name_is_another_of_its_kind_the_same_one_throughout() -> None:
    change = swap_names(TABLES.swaps["platforms"], 0)
    swapped = change(ARTICLE)
    assert swapped is not None and swapped.title is not None
    other = swapped.title.removesuffix(" Diblokir, Golkar Setuju")
    assert other in {name.name for name in TABLES.swaps["platforms"]} - {"Telegram"}
    assert swapped.body == TEXT.replace("Telegram", other)
    assert change(ARTICLE) == swapped
    assert swap_names(TABLES.swaps["outlets"], 0)(replace(ARTICLE, body="Tanpa nama.")) is None


def test_later_mentions_and_other_spellings_of_a_name_go_with_it() -> None:
    swapped = swap_names(TABLES.swaps["officials"], 1)(ARTICLE)
    assert swapped is not None
    assert not re.search("Rudiantara|Johnny|Plate", swapped.body)
    # A short form alone may be anybody's.
    assert swap_names(TABLES.swaps["officials"], 1)(replace(ARTICLE, title=None, body="Johnny pergi ke pasar.")) is None


def test_only_whole_names_are_swapped_and_two_never_become_one() -> None:
    names = (SwapName(name="Alpha"), SwapName(name="Beta"), SwapName(name="Gamma"))
    text = "Alpha dan Beta serta Gamma. Alphanya, alpha.com, Alpha.com dan anti-Alpha tetap."
    for seed in range(8):
        swapped = swap_names(names, seed)(Article(id="x", body=text))
        assert swapped is not None
        first = re.findall(r"\w+", swapped.body)[:5:2]
        assert sorted(first) == ["Alpha", "Beta", "Gamma"] and all(
            a != b for a, b in zip(first, ["Alpha", "Beta", "Gamma"], strict=True)
        )
        assert swapped.body.endswith("Alphanya, alpha.com, Alpha.com dan anti-Alpha tetap.")


def test_typos_are_few_seeded_and_within_words() -> None:
    words = ["pemerintah", "memblokir", "situs", "di", "itu"] * 200
    article = Article(id="t", body=" ".join(words))
    spoiled = add_typos(0.1, 3)(article)
    assert spoiled is not None and add_typos(0.1, 3)(article) == spoiled != add_typos(0.1, 4)(article)
    changed = [(a, b) for a, b in zip(words, spoiled.body.split(), strict=True) if a != b]
    assert 0.05 < len(changed) / 600 < 0.15
    for a, b in changed:
        assert (a[0], a[-1]) == (b[0], b[-1]) and len(a) >= 4
        assert len(b) == len(a) - 1 or sorted(a) == sorted(b)


def test_paraphrases_keep_capitals_and_change_each_word_once() -> None:
    change = paraphrase(
        [("tidak", "tak"), ("tak", "tidak"), ("karena", "lantaran"), ("karena itu", "sebab itu"), (", kata", ", ujar")]
    )
    text = "Tidak bisa, tak mau, karena takut. Karena itu ia pergi, kata dia. Ketidakadilan."
    changed = change(Article(id="p", body=text))
    assert changed is not None
    assert changed.body == "Tak bisa, tidak mau, lantaran takut. Sebab itu ia pergi, ujar dia. Ketidakadilan."
    assert paraphrase(TABLES.paraphrase.pairs)(ARTICLE) is not None
    assert change(Article(id="p", body="Cuaca cerah.")) is None


def test_capitals_and_an_added_paragraph() -> None:
    assert upper_case(ARTICLE) == replace(ARTICLE, title="TELEGRAM DIBLOKIR, GOLKAR SETUJU", body=TEXT.upper())
    added = add_paragraph(["Warga menolak.", "Warga setuju."], 0)(ARTICLE)
    assert (
        added is not None
        and added.body.startswith(TEXT)
        and added.body[len(TEXT) :] in ("\n\nWarga menolak.", "\n\nWarga setuju.")
    )


def test_boilerplate_goes_through_cleaning_as_in_service() -> None:
    article = replace(
        ARTICLE,
        body="\n\n".join([TEXT, *(f"{s} Warga lain mengatakan hal yang sama kepada wartawan." for s in TEXT.split("\n\n"))]),
    )
    wrapped = add_boilerplate(TABLES.boilerplate)(article)
    assert wrapped is not None and wrapped.removed
    assert wrapped.body == clean_article(article).body


def test_a_scorer_that_reads_names_fails_their_check_and_no_other() -> None:
    articles = [replace(ARTICLE, id=str(i), body=f"{TEXT} Artikel {i}.") for i in range(30)]
    found = {
        (r.check, r.task): r for r in run_checks(WordScorer("Telegram"), articles, make_checks(TABLES), 0.05, lambda _: None)
    }
    swapped = found["swap platforms", "topics"]
    assert (swapped.articles, swapped.failed, swapped.share) == (30, 30, 1.0)
    assert swapped.interval == wilson(30, 30) and swapped.interval[0] > 0.85
    assert swapped.change == pytest.approx(0.7 / len(TAXONOMY.task("topics").keys))
    for check in ("swap officials", "swap outlets", "paraphrase", "boilerplate"):
        assert [found[check, task].failed for task in TAXONOMY.keys] == [0, 0, 0] and found[check, "topics"].articles == 30
    assert found["upper case", "topics"].share == 1.0


def test_what_moves_the_wrong_way_is_counted_and_no_other() -> None:
    first = TAXONOMY.task("stance").keys[0]
    up, down = (Expectation(task="stance", label=first, direction=d) for d in ("not_up", "not_down"))
    check = Check("praise", "directional", add_paragraph(["Warga memuji langkah itu."], 0), (up, down))
    articles = [replace(ARTICLE, id=str(i)) for i in range(10)]
    rising, falling = run_checks(WordScorer("memuji"), articles, [check], 0.05, lambda _: None)
    assert (rising.share, falling.share) == (1.0, 0.0)
    assert rising.change == pytest.approx(0.7) and rising.label == first
    [tolerated, _] = run_checks(WordScorer("memuji"), articles, [check], 0.8, lambda _: None)
    assert tolerated.failed == 0
    # No article was found to be on a topic, so where one is needed none is left.
    [none, _] = run_checks(WordScorer("memuji"), articles, [replace(check, needs="topics")], 0.05, lambda _: None)
    assert (none.articles, none.skipped) == (0, "it applies to no article")


def test_a_label_that_the_taxonomy_lacks_is_left_out_with_a_word() -> None:
    raw = TAXONOMY.to_dict()
    for task in raw["tasks"]:
        if "default" in task:
            del task["default"], task["without"]
            for label in task["labels"]:
                label["key"] = f"sikap_{label['key']}"
    other = Taxonomy.from_dict(raw)
    results = run_checks(WordScorer("Telegram", other), [ARTICLE] * 3, make_checks(TABLES), 0.05, lambda _: None)
    skipped = [r for r in results if r.kind == "directional" and r.task == "stance"]
    assert skipped and all(r.skipped == f"the taxonomy has no stance '{r.label}'" for r in skipped)
    assert all(r.skipped is None for r in results if r.kind == "directional" and r.task == "sentiment")


def test_a_task_that_the_taxonomy_lacks_is_left_out_with_a_word() -> None:
    results = run_checks(WordScorer("Telegram", two_many()), [ARTICLE] * 3, make_checks(TABLES), 0.05, lambda _: None)
    assert {r.skipped for r in results if r.kind == "directional"} >= {"the taxonomy has no task 'topics'"}
    assert {r.task for r in results if r.kind == "invariance"} == set(two_many().keys)
    assert all(r.articles == 3 for r in results if r.check == "upper case")


def test_withheld_articles_take_no_part_and_withheld_changes_fail() -> None:
    emptied = Check("empty", "invariance", lambda article: replace(article, body=""))
    results = run_checks(WordScorer("Telegram"), [ARTICLE, Article(id="e", body="")], [emptied], 0.05, lambda _: None)
    assert [(r.articles, r.failed, r.change) for r in results] == [(1, 1, 0.0)] * 3
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_shipped_checks_as_rows_of_a_report() -> None:
    said: list[str] = []
    rows = check_articles(WordScorer("Telegram"), [ARTICLE], said.append)
    assert {"check", "kind", "task", "label", "articles", "failed", "share", "interval", "change", "skipped"} == rows[0].keys()
    assert any("typos" in line for line in said)


def test_a_wrong_table_is_named_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "checks.toml"
    with pytest.raises(CheckError, match="no such table of checks; name an existing one"):
        load_tables(path)
    path.write_text("tolerance = 2\n", encoding="utf-8")
    with pytest.raises(CheckError, match="tolerance"):
        load_tables(path)
    path.write_text("tolerance = \n", encoding="utf-8")
    with pytest.raises(CheckError, match="not valid TOML"):
        load_tables(path)
