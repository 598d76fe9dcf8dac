"""The command `sorot pretrain`; it joins `sorot` through the entry points in pyproject.toml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sorot.training.commands.extra import need_extra


def pretrain_command(
    recipe: Annotated[Path, typer.Argument(help="Recipe file; training/pretrain_recipe.py has its keys.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print folder and losses as JSON on standard output.")] = False,
) -> None:
    """Go on pretraining an encoder by masked words of unlabelled articles.

    The folder it writes is what the key name in the section encoder of a recipe for sorot train takes.
    Train with it and without it: the development split says which to keep.
    An interrupted run goes on where it was by the same command.
    """
    need_extra()
    from sorot.training.pretrain_recipe import load_pretrain_recipe
    from sorot.training.pretraining.pretrain import continue_pretraining

    done = continue_pretraining(load_pretrain_recipe(recipe), lambda text: typer.echo(text, err=True))
    if as_json:
        typer.echo(json.dumps({"encoder": str(done.folder), "held_out_loss": {"before": done.before, "after": done.after}}))
    else:
        typer.echo(f"encoder: {done.folder}, masked loss on held-out articles {done.before:.4f} before, {done.after:.4f} after")
