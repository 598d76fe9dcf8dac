"""`sorot audit` and `sorot suggest`; they join `sorot` through the entry points in pyproject.toml."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sorot.data.errors import SorotError
from sorot.data.messages import print_message
from sorot.training.commands.extra import need_extra

if TYPE_CHECKING:
    from sorot.training.labelling.agreement import AgreementValue
    from sorot.training.labelling.audit import Audit

LABEL_PACKAGES = ("sklearn", "datasketch", "cleanlab", "krippendorff")
MAX_WIDTH = 400
Texts = Annotated[Path | None, typer.Option(help="JSONL of the articles that records without a text belong to.")]


class ExistingFileError(SorotError):
    """The output file exists already."""


def audit_command(
    files: Annotated[list[Path], typer.Argument(help="Labelled JSONL files, .gz or not.")],
    taxonomy: Annotated[Path | None, typer.Option(help="Taxonomy file; the one of the package by default.")] = None,
    texts: Texts = None,
    n: Annotated[int, typer.Option("-n", min=1, help="Show this many suspects, and as many conflicts.")] = 50,
    seed: Annotated[int, typer.Option(help="Seed of the folds.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
) -> None:
    """Rank labels that are probably wrong, list near-duplicates with different labels, and measure agreement.

    The rank is by confident learning: each label is compared with a quick model that saw
    neither the article nor a near-duplicate of it. Read a suspect before changing it.

    Annotators are compared on articles labelled by several of them, or in several files:
    Cohen's kappa of each pair, Krippendorff's alpha over all.
    """
    need_extra(LABEL_PACKAGES)
    from sorot.data.labels.records import LabelError
    from sorot.data.taxonomy import load_taxonomy
    from sorot.training.input.sources import read_rows
    from sorot.training.labelling.audit import audit_rows

    known = load_taxonomy(taxonomy)
    rows = [row for path in files for row in read_rows(path, "labelled", known, texts)]
    if not rows:
        raise LabelError(f"{', '.join(map(str, files))}: no labelled records; name a file that holds some")
    found = audit_rows(rows, known, seed=seed, say=print_message)
    if as_json:
        typer.echo(json.dumps(_as_dict(found, n), ensure_ascii=False))
    else:
        _print_audit(found, n)


def suggest_command(
    corpus: Annotated[list[str], typer.Argument(help="Files, folders or patterns, as for score.")],
    n: Annotated[int, typer.Option("-n", min=1, help="How many articles to suggest.")] = 50,
    bundle: Annotated[Path | None, typer.Option(help="Folder of the model to use; the shipped one by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write; standard output by default.")] = None,
    labelled: Annotated[list[Path] | None, typer.Option(help="Labelled JSONL file whose articles are left out.")] = None,
    texts: Texts = None,
    seed: Annotated[int, typer.Option(help="Seed of what is drawn at random.")] = 0,
) -> None:
    """Choose the articles of CORPUS that are most worth labelling: uncertain, different, for every label, some at random.

    They come as labelled records with every task null, to be filled in; the note says why
    each was chosen and which labels the model finds most probable.
    """
    need_extra(LABEL_PACKAGES)
    if out is not None and out.exists():
        raise ExistingFileError(f"{out}: exists already and may hold labels; name another file, or move that one away")
    from sorot.serving.model.scorer import Scorer
    from sorot.training.input.sources import read_rows
    from sorot.training.labelling.suggest import describe_counts, record_line, suggest_records

    scorer = Scorer.load(bundle)
    known = [row for path in labelled or [] for row in read_rows(path, "labelled", scorer.taxonomy, texts)]
    found = suggest_records(scorer, corpus, n, labelled=known, seed=seed, say=print_message)
    lines = [record_line(record) for record in found.records]
    if out is None:
        for line in lines:
            typer.echo(line)
    else:
        with out.open("x", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    print_message(f"chosen for {describe_counts(found.reasons)}")
    print_message(f"left out: {describe_counts(found.left_out)}")
    if len(lines) < n:
        print_message(f"{len(lines)} articles instead of {n}: no others differ from one another and from labelled ones")


def _as_dict(found: Audit, n: int) -> dict[str, object]:
    """JSON-ready: all counts, and the first n suspects and conflicts."""
    whole = asdict(found)
    counts = {"suspects_found": len(found.suspects), "conflicts_found": len(found.conflicts)}
    return {**whole, **counts, "suspects": whole["suspects"][:n], "conflicts": whole["conflicts"][:n]}


def _print_audit(found: Audit, n: int) -> None:
    for note in found.notes:
        print_message(note)
    audited = ", ".join(f"{task} of {count}" for task, count in found.audited.items()) or "nothing"
    _print_table(
        f"{len(found.suspects)} suspected labels ({audited} articles audited)" + _shown(len(found.suspects), n),
        ("place", "id", "task", "given", "suggested", "quality", "flagged", "title"),
        [
            (
                f"{s.source.file}:{s.source.row}", s.id, s.task, _labels(s.given), _labels(s.suggested),
                f"{s.quality:.3f}", "yes" if s.flagged else "", s.title,
            )
            for s in found.suspects[:n]
        ],
    )  # fmt: skip
    _print_table(
        f"{len(found.conflicts)} near-duplicates with different labels" + _shown(len(found.conflicts), n),
        ("task", "words", "place", "id", "label"),
        [
            (c.task, "the same" if c.identical else "nearly", f"{m.source.file}:{m.source.row}", m.id, _labels(m.labels))
            for c in found.conflicts[:n]
            for m in c.members
        ],
    )
    rows = []
    for question in found.agreement:
        rows.append((question.question, "alpha", "all", "", *_measured(question.alpha)))
        for pair in question.pairs:
            between = f"{pair.first} and {pair.second}"
            rows.append((question.question, "kappa", between, f"{pair.equal:.3f}", *_measured(pair.kappa)))
    if rows:
        _print_table("agreement", ("question", "measure", "between", "equal", "value", "95 % interval", "articles"), rows)


def _print_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print an aligned table; without rows, its title alone."""
    from rich.console import Console
    from rich.text import Text

    from sorot.training.commands.plain_table import narrow_table

    if not rows:
        typer.echo(title)
        return
    table = narrow_table(title, columns, [name for name in columns if name in ("quality", "equal", "value", "articles")])
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console()
    # Without a terminal there is no width to fit, and every row stays on one line.
    (console if console.is_terminal else Console(width=MAX_WIDTH)).print(table)


def _measured(measure: AgreementValue) -> tuple[str, str, str]:
    if measure.value is None or measure.interval is None:
        return "", "all answers alike", str(measure.units)
    low, high = measure.interval
    return f"{measure.value:.3f}", f"{low:.3f} to {high:.3f}", str(measure.units)


def _labels(labels: tuple[str, ...]) -> str:
    return ", ".join(labels) or "(no label)"


def _shown(found: int, n: int) -> str:
    return f", the first {n} shown" if found > n else ""
