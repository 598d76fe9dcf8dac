"""A loaded model: what `sorot.load` gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sorot.data.article import Article
from sorot.serving.front_door.checks import WrongTypeError, input_names, kind_of
from sorot.serving.front_door.texts import as_article

if TYPE_CHECKING:
    import pandas as pd

    from sorot.data.taxonomy import Taxonomy
    from sorot.serving.batch.summary import Summary
    from sorot.serving.model.analysis import Analysis
    from sorot.serving.model.scorer import Scorer

REPR_CHARACTERS = 280


@dataclass(frozen=True, slots=True, repr=False)
class Model:
    """A loaded model."""

    scorer: Scorer

    @property
    def name(self) -> str:
        """Name and version, as written in every row."""
        return self.scorer.model

    @property
    def taxonomy(self) -> Taxonomy:
        """The tasks and labels that this model knows."""
        return self.scorer.taxonomy

    def __repr__(self) -> str:
        return f"Model({self.name!r}, tasks: {', '.join(self.taxonomy.keys)})"[:REPR_CHARACTERS]

    def analyze(
        self,
        article: str | Article,
        *,
        title: str | None = None,
        outlet: str | None = None,
        html: bool | None = None,
        clean: bool = True,
    ) -> Analysis:
        """The labels of one text, HTML page or `Article`, with probabilities and evidence.

        Menus, related links and the like are taken out first unless `clean` is False. `title` and `outlet` replace those
        found in the text. `html` says whether a text is HTML; by default it is recognised by its first tag.

        Raises sorot.data.prepare.UnreadableTextError if a text holds no article, and WrongTypeError for other types.
        """
        return self.scorer.score([as_article(article, title=title, outlet=outlet, html=html, clean=clean)])[0]

    def analyze_many(self, articles: Iterable[str | Article], *, clean: bool = True) -> Iterator[Analysis]:
        """The analysis of each text, HTML page or `Article`, in order, as the loop asks for them.

        A text that holds no article gets no labels: its `withheld` is 'empty'. Raises WrongTypeError for other types.
        """
        if isinstance(articles, str | bytes | Article) or not isinstance(articles, Iterable):
            raise WrongTypeError(f"analyze_many takes several texts or articles, not {kind_of(articles)}; give one to analyze")
        return self._analyze_many(articles, clean=clean)

    def _analyze_many(self, articles: Iterable[str | Article], *, clean: bool) -> Iterator[Analysis]:
        from sorot.serving.batch.units import UNIT_CHARACTERS, UNIT_ROWS, cut_runs

        for run in cut_runs((_article_or_empty(article, clean=clean) for article in articles), UNIT_ROWS, UNIT_CHARACTERS):
            yield from self.scorer.score_each(run)

    def score_frame(
        self,
        frame: pd.DataFrame,
        *,
        text: str | None = None,
        title: str | None = None,
        outlet: str | None = None,
        date: str | None = None,
        clean: bool = True,
        with_body: bool = False,
        keep: bool | Collection[str] = True,
    ) -> pd.DataFrame:
        """A new table: the rows of `frame` with their scores.

        It has the index of `frame`, its columns (all by default, none with `keep=False`, or those that `keep` names), the
        label, probability and evidence columns that `sorot score` writes, and `reject`: why a row has no scores, else None.
        A column of `frame` with the name of a score is kept as NAME_input.

        `text`, `title`, `outlet` and `date` name columns: None finds one by its usual names, an empty string skips the
        field. `clean` is as in `analyze`; `with_body` adds the cleaned text, in which start and end of evidence count.

        Raises WrongTypeError if `frame` is no DataFrame, and sorot.data.errors.InputError for columns that are not there.
        """
        from sorot.data.reading.columns import Columns
        from sorot.serving.front_door.frames import score_table

        columns = Columns(text, title, outlet, date, url="", id="")
        return score_table(self.scorer, frame, columns, clean=clean, with_body=with_body, keep=keep)

    def with_thresholds(self, table: pd.DataFrame, thresholds: Mapping[str, Any]) -> pd.DataFrame:
        """A copy of a table from `score_frame` or of this model's output, with the labels that hold at other thresholds.

        `thresholds` holds the ones to move, as in `Analysis.with_thresholds`. Evidence is narrowed to labels that hold; for
        a label that did not hold before, the table has none. Raises WrongTypeError if `table` is no DataFrame,
        sorot.data.errors.InputError if it lacks columns, and sorot.serving.model.labels.ThresholdError for thresholds that
        do not fit.
        """
        from sorot.serving.front_door.frames import move_table

        return move_table(self.scorer, table, thresholds)

    def score_files(
        self,
        inputs: str | PathLike[str] | Iterable[str | PathLike[str]],
        output: str | PathLike[str],
        *,
        text: str | None = None,
        title: str | None = None,
        outlet: str | None = None,
        date: str | None = None,
        url: str | None = None,
        id: str | None = None,
        clean: bool = True,
        with_body: bool = False,
        limit: int | None = None,
        sample: float | None = None,
        gate: bool = False,
        quotes: bool = False,
        stories: bool = False,
        keep_columns: bool = False,
        workers: int = 1,
    ) -> Summary:
        """Score files, folders, patterns and addresses into one output, as `sorot score` does; returns counts and paths.

        `output` is a .jsonl, .csv, .parquet or .duckdb file, or a folder/ of parts. Rows that cannot be read go to
        OUTPUT.rejects.jsonl. A run that was stopped resumes with the same call, and one that is finished does nothing.

        Column options are as in `sorot.read`. `limit` scores only the first rows, `sample` a random share, such as 0.01,
        always the same one of the same input. With `gate` the encoder reads only articles that may be on a topic. `quotes`
        adds who says what, `stories` the groups of one text and of one event, for which the input is read twice. With
        `keep_columns` the other columns of the input follow those of the output.
        With more than one of `workers`, processes are started: then call this below `if __name__ == "__main__":`.

        Raises sorot.data.errors.InputError and sorot.serving.output.target.OutputError.
        """
        from sorot.data.reading.columns import Columns
        from sorot.serving.batch.engines.processes import ProcessEngine
        from sorot.serving.batch.run import score_files as run
        from sorot.serving.batch.units import ScoreOptions
        from sorot.serving.findings.stories.columns import find_group_columns
        from sorot.serving.output.target import parse_target

        names = input_names(inputs)
        if not isinstance(output, str | PathLike):
            raise WrongTypeError(f"output is the name of a file or folder, such as 'out.parquet', not {kind_of(output)}")
        options = ScoreOptions(
            Columns(text, title, outlet, date, url, id, keep=keep_columns), clean, with_body, limit, sample, gate, quotes
        )
        engine = ProcessEngine(self.scorer, workers) if workers > 1 else None
        grouping = partial(find_group_columns, clean=clean, workers=workers) if stories else None
        return run(self.scorer, names, parse_target(str(output)), options, engine=engine, grouping=grouping)


def load(
    source: str | PathLike[str] | None = None,
    *,
    revision: str | None = None,
    download: bool = False,
    threads: int | None = None,
) -> Model:
    """Load a model: the shipped one by default, a bundle folder, or a model on the Hugging Face Hub ('user/name').

    A hub model is taken from the local cache, at `revision` if given; it is fetched only with `download=True`. `threads`
    limits the processor threads; all cores by default.

    Raises sorot.serving.model.bundle.BundleError if the bundle is missing, incomplete or altered.
    """
    from sorot.serving.front_door.hub import find_snapshot, is_hub_id
    from sorot.serving.model.bundle import BundleError
    from sorot.serving.model.scorer import Scorer

    if source is not None and not isinstance(source, str | PathLike):
        raise WrongTypeError(f"a model is a folder or the name of a Hugging Face model, not {kind_of(source)}")
    if isinstance(source, str) and is_hub_id(source) and not Path(source).is_dir():
        source = find_snapshot(source, revision, download=download)
    elif revision is not None or download:
        raise BundleError(f"{source or 'the shipped model'}: revision and download are for Hugging Face models; leave them out")
    elif source is not None and not Path(source).is_dir():
        raise BundleError(f"{source}: no such bundle folder; give one, or the name of a Hugging Face model, such as 'user/name'")
    return Model(Scorer.load(None if source is None else Path(source), threads))


def score_files(
    inputs: str | PathLike[str] | Iterable[str | PathLike[str]],
    output: str | PathLike[str],
    *,
    model: Model | str | PathLike[str] | None = None,
    **options: Any,
) -> Summary:
    """Score files into one output with the shipped model, or with `model`, loaded or named; options as in `Model.score_files`."""
    return (model if isinstance(model, Model) else load(model)).score_files(inputs, output, **options)


def _article_or_empty(given: object, *, clean: bool) -> Article:
    from sorot.data.prepare import UnreadableTextError

    try:
        return as_article(given, clean=clean)
    except UnreadableTextError:
        return Article(id="text", body="")
