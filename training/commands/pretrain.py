"""The command `sorot pretrain`; it joins `sorot` through the entry points in pyproject.toml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.training.commands.extra import need_extra


def pretrain_command(
    recipe: Annotated[Path, typer.Argument(help="Recipe file; training/pretrain_recipe.py has its keys.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print folder and losses as JSON on standard output.")] = False,
) -> None:
    """Continue the pretraining of an encoder on unlabelled articles, by predicting masked words.

    Name the folder it writes as encoder.name in a recipe for sorot train. Train with it
    and without it, and keep the one that is better on the development split.
    The same command continues an interrupted run.
    """
    need_extra()
    from sorot.training.pretrain_recipe import load_pretrain_recipe
    from sorot.training.pretraining.pretrain import continue_pretraining

    done = continue_pretraining(load_pretrain_recipe(recipe), print_message)
    if as_json:
        typer.echo(json.dumps({"encoder": str(done.folder), "held_out_loss": {"before": done.before, "after": done.after}}))
    else:
        typer.echo(f"encoder: {done.folder}, masked loss on held-out articles {done.before:.4f} before, {done.after:.4f} after")
