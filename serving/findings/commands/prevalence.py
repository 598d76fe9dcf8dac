"""The command `sorot prevalence`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sorot.data.messages import print_lines, print_message
from sorot.serving.findings.commands.options import AsJson, Scored, open_corpus
from sorot.serving.findings.commands.tables import aligned
from sorot.serving.findings.periods import Period
from sorot.serving.options import BundleOption

if TYPE_CHECKING:
    from sorot.serving.findings.estimates.estimate import Estimate
    from sorot.serving.findings.prevalence import Prevalence
    from sorot.serving.findings.trends import Break

MARK = "*"


def prevalence_command(
    scored: Scored,
    by: Annotated[Period | None, typer.Option(help="Divide by period of publication, and look for breaks.")] = None,
    per: Annotated[str | None, typer.Option(help="Divide by outlet, or by the labels of a task, such as topics.")] = None,
    audit: Annotated[Path | None, typer.Option(help="Labels that people gave to a sample of sorot audit-sample.")] = None,
    sample: Annotated[Path | None, typer.Option(help="That sample, if the labels do not say how they were drawn.")] = None,
    bundle: BundleOption = None,
    as_json: AsJson = False,
) -> None:
    """Estimate how often each label holds in a scored corpus, with 95 % bands.

    Without --audit the model's errors are assumed to be those on its development
    articles. With --audit nothing is assumed of them. Bands hold the errors and
    the chance of what was published; copies of a story count once if there is
    a column `story`.
    """
    from sorot.serving.findings.audit_labels import read_audit
    from sorot.serving.findings.errors import FindingsError
    from sorot.serving.findings.prevalence import prevalence
    from sorot.serving.findings.trends import label_breaks

    if sample is not None and audit is None:
        raise FindingsError("--sample says how labels were drawn; name the labels with --audit")
    corpus, loaded, other = open_corpus(scored, bundle)
    if other:
        print_message(f"{other}; its errors are unknown here")
    confusion = None if other else loaded.manifest.confusion
    labels = read_audit(audit, sample, corpus) if audit is not None else None
    found = prevalence(corpus, confusion, by=by, per=per, audit=labels)
    breaks = label_breaks(corpus, by, confusion, labels) if by is not None and per is None else ()
    if as_json:
        typer.echo(json.dumps(found.to_dict() | {"breaks": [one.to_dict() for one in breaks]}, ensure_ascii=False))
        return
    for line in (*_table(found), *_break_lines(breaks)):
        typer.echo(line)
    print_lines(_remarks(found))


def _table(found: Prevalence) -> list[str]:
    cell = [name for name, shown in (("period", found.by), ("group", found.per)) if shown]
    head = [*cell, "label", "of", "n", "by model", "share", "95 % band"]
    rows = [[*(str(getattr(e, name)) for name in cell), *_values(e)] for e in found.estimates]
    return list(aligned(head, rows, frozenset(range(len(cell) + 2, len(head)))))


def _values(e: Estimate) -> list[str]:
    share = f"{100 * e.share:.1f} %"
    return [
        f"{e.task}: {e.label}",
        f"with {e.among}" if e.among else "all",
        f"{e.n}{MARK if e.small else ' '}",
        f"{100 * e.uncorrected:.1f} %",
        share,
        f"{100 * e.low:.1f} to {100 * e.high:.1f}",
    ]


def _break_lines(breaks: tuple[Break, ...]) -> list[str]:
    return [
        f"from {one.period} on {one.task}: {one.label} {_span(one.after)}, before {_span(one.before)} "
        f"(in {one.support:.0%} of resamples)"
        for one in breaks
    ]


def _span(e: Estimate) -> str:
    return f"{100 * e.share:.1f} % [{100 * e.low:.1f}, {100 * e.high:.1f}]"


def _remarks(found: Prevalence) -> list[str]:
    notes = list(dict.fromkeys(f"{e.note}" for e in found.estimates))
    if any(e.small for e in found.estimates):
        notes.append(f"{MARK} fewer than 30 articles")
    return [*notes, *found.notes]
