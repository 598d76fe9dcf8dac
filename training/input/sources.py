"""From a recipe's data section to labelled articles: labelled records, and public sets such as SmSA and NusaX."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from sorot.data.article import Article, Reject
from sorot.data.labels.duplicates import EDITED, near_any
from sorot.data.labels.records import LabelledArticle, read_labelled
from sorot.data.labels.splits import hold_out
from sorot.data.prepare import prepare
from sorot.data.reading.columns import Columns
from sorot.data.reading.readers import read_file
from sorot.data.taxonomy import Taxonomy
from sorot.data.toml_files import read_toml
from sorot.serving.model.manifest import Fingerprint
from sorot.training.input.labelled_sets import download_set, is_hub_id, is_labelled_set, read_labelled_set, set_digest
from sorot.training.recipe import DataSection, Recipe, RecipeError

PUBLIC_SETS = Path(__file__).with_name("public_sets.toml")


@dataclass(frozen=True, slots=True)
class RunData:
    """Training and development articles, `dev` by file name, with fingerprints and what was left out, in words.

    `calibration` holds the articles of the recipe's calibration files with their own
    fingerprints, as the trained encoder does not depend on them; `guarded` the words of all held-out articles.
    """

    train: tuple[LabelledArticle, ...]
    dev: dict[str, tuple[LabelledArticle, ...]]
    fingerprints: dict[str, Fingerprint]
    notes: tuple[str, ...]
    guarded: frozenset[str]
    calibration: tuple[LabelledArticle, ...] = ()
    calibration_fingerprints: dict[str, Fingerprint] = field(default_factory=dict)


def load_run_data(recipe: Recipe, taxonomy: Taxonomy) -> RunData:
    """Read all files of a recipe. Training rows that `never_train_on` and `never_train_near` forbid are dropped.

    Raises RecipeError when a file that is not optional is absent, sorot.data.labels.records.LabelError when a record is wrong.
    """
    notes: list[str] = []
    prints: dict[str, Fingerprint] = {}
    train: list[LabelledArticle] = []
    held_out = [*recipe.dev.never_train_on, *recipe.dev.never_train_near, *recipe.dev.paths]
    guarded = guarded_texts([*held_out, *(section.path for section in recipe.calibration)], taxonomy)
    forbidden = [r.article for r in _held_out_rows(recipe.dev.never_train_near, taxonomy)]
    for section in recipe.data:
        for path in _present(section, notes):
            rows = _section_rows(section, path, taxonomy)
            kept = [r for r in rows if words_of(r.article) not in guarded]
            if len(kept) < len(rows):
                notes.append(f"{path}: {len(rows) - len(kept)} rows left out, their text stands in a held-out file")
            if forbidden:
                near = near_any([r.article for r in kept], forbidden, threshold=EDITED)
                if any(near):
                    notes.append(f"{path}: {sum(near)} rows left out, nearly the same as one that they must not be near")
                kept = [r for r, out in zip(kept, near, strict=True) if not out]
            prints[_free_name(path, prints)] = Fingerprint(sha256=set_digest(path), rows=len(kept))
            train += kept
    dev: dict[str, tuple[LabelledArticle, ...]] = {}
    for path in (Path(p) for p in recipe.dev.paths):
        if path.is_file():
            dev[path.stem] = tuple(read_rows(path, "labelled", taxonomy))
            prints[_free_name(path, prints)] = Fingerprint(sha256=set_digest(path), rows=len(dev[path.stem]))
    if not dev:
        held, rest = hold_out(train, fraction=recipe.dev.fraction, seed=recipe.train.seed)
        notes.append(f"no development file found: {len(held)} training articles held out to choose by")
        dev, train = {"held_out": tuple(held)}, list(rest)
    calibration: list[LabelledArticle] = []
    calibration_prints: dict[str, Fingerprint] = {}
    for section in recipe.calibration:
        for path in _present(section, notes):
            rows = _section_rows(section, path, taxonomy)
            calibration += rows
            calibration_prints[_free_name(path, {**prints, **calibration_prints})] = Fingerprint(
                sha256=set_digest(path), rows=len(rows)
            )
    return RunData(tuple(train), dev, prints, tuple(notes), guarded, tuple(calibration), calibration_prints)


def file_digests(recipe: Recipe) -> dict[str, str]:
    """SHA-256 of every file that a recipe reads, those that are there."""
    sections = (*recipe.data, *recipe.calibration)
    own = (recipe.dev.paths, recipe.dev.never_train_on, recipe.dev.never_train_near)
    names = [*(name for group in own for name in group), *(section.texts for section in sections if section.texts)]
    paths = [Path(name) for name in names] + [path for section in sections for path in _present(section, [])]
    return {path.as_posix(): set_digest(path) for path in paths if is_labelled_set(path)}


def _section_rows(section: DataSection, path: Path, taxonomy: Taxonomy) -> list[LabelledArticle]:
    """Rows of one of a section's files, weighted as the section says."""
    rows = read_rows(path, section.format, taxonomy, Path(section.texts) if section.texts else None)
    return [replace(r, weight=section.weight, repeat=section.repeat, wide=section.wide) for r in rows]


def _present(section: DataSection, notes: list[str]) -> list[Path]:
    """The files of a section; where an optional one is absent, `notes` says so and nothing is left."""
    found = sorted(Path().glob(section.path)) if "*" in section.path else [Path(section.path)]
    if section.download and is_hub_id(found[0]):
        download_set(found[0])
    paths = [p for p in found if is_labelled_set(p)]
    absent = section.path if not paths else section.texts if section.texts and not Path(section.texts).is_file() else None
    if absent and not section.optional:
        raise RecipeError(f"{absent}: no such file; correct the path in the recipe or set optional = true")
    if absent:
        notes.append(f"{absent} is absent: done without it")
    return [] if absent else paths


def read_rows(path: Path, kind: str, taxonomy: Taxonomy, texts: Path | None = None) -> list[LabelledArticle]:
    """Rows of one file, cleaned as they are in service; `texts` holds the articles of labels that come without."""
    if kind == "labelled":
        return [replace(r, article=prepare(r.article, detect=False)) for r in read_labelled_set(path, taxonomy, texts)]
    if kind == "short":
        return _short_rows(path, texts, taxonomy)
    with path.open(encoding="utf-8", newline="") as file:
        if kind == "smsa":
            reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            pairs = [(row[0], row[1]) for row in reader if len(row) == 2]
        else:
            pairs = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    task = public_task(kind)
    if task not in taxonomy.keys:
        raise RecipeError(f"{path}: its labels are for the task {task}, which the taxonomy lacks; leave the file out")
    known = set(taxonomy.task(task).keys)
    wrong = sorted({label for _, label in pairs} - known)
    if wrong:
        raise RecipeError(f"{path}: {task} {', '.join(wrong)} is not in the taxonomy ({', '.join(sorted(known))})")
    return [
        LabelledArticle(
            article=Article(id=f"{path.stem}-{row}", body=text),
            labels={task: label},
        )
        for row, (text, label) in enumerate(pairs, 1)
    ]  # fmt: skip


class _PublicSet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    task: str


class _PublicSets(RootModel[dict[str, _PublicSet]]):
    """Public sets by their name."""


def public_task(name: str) -> str:
    """The key of the task that a public set is labelled for."""
    return read_toml(PUBLIC_SETS, _PublicSets, RecipeError, kind="table of public sets").root[name].task


def _short_rows(path: Path, texts: Path | None, taxonomy: Taxonomy) -> list[LabelledArticle]:
    """Labels of short texts, each the title of the article of the same id, or its text where it has no title.

    In lower case, as the texts of SmSA are, beside which they are learned.
    """
    if texts is None:
        raise RecipeError(f"{path}: the format 'short' has labels alone; name the file of their texts by the key texts")
    articles = (item for item in read_file(texts, Columns()) if not isinstance(item, Reject))
    bodies = {article.id: {"text": (article.title or article.body).strip().lower()} for article in articles}
    return read_labelled(path, taxonomy, bodies)


def _free_name(path: Path, taken: Collection[str]) -> str:
    return path.as_posix() if path.name in taken else path.name


def words_of(article: Article) -> str:
    """The words of an article's body, to know a text again whatever its punctuation and case."""
    return " ".join(re.findall(r"\w+", article.body.lower()))


def guarded_texts(paths: Iterable[str], taxonomy: Taxonomy) -> frozenset[str]:
    """The words of all articles of held-out files, those that are there."""
    return frozenset(words_of(row.article) for row in _held_out_rows(paths, taxonomy))


def _held_out_rows(paths: Iterable[str], taxonomy: Taxonomy) -> list[LabelledArticle]:
    """All rows of held-out files, those that are there."""
    present = [path for path in map(Path, paths) if path.is_file()]
    kinds = {".tsv": "smsa", ".csv": "nusax"}
    return [row for path in present for row in read_rows(path, kinds.get(path.suffix, "labelled"), taxonomy)]
