"""The commands `sorot tokens add|list|revoke`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sorot.data.messages import print_message
from sorot.serving.host.token_file import add_token, read_token_file, revoke_token

tokens_app = typer.Typer(
    help="Access tokens for sorot serve --token-file. Changes count within a second, without a restart.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="Whose token it is.")]
File = Annotated[Path, typer.Option("--file", help="The file of tokens, which holds their hashes.")]


@tokens_app.command()
def add(
    name: Name,
    file: File,
    days: Annotated[float | None, typer.Option(min=0.001, help="Days until it ends; never by default.")] = None,
) -> None:
    """Make a token and print it. It cannot be shown again."""
    token = add_token(file, name, days)
    print_message(f"added {name} to {file}; the token is shown only now")
    print(token)


@tokens_app.command("list")
def list_tokens(file: File, as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Names, times and states of all tokens."""
    rows = [
        {
            "name": entry.name,
            "state": entry.state(),
            "created": entry.created.isoformat(),
            "expires": entry.expires.isoformat() if entry.expires else None,
        }
        for entry in read_token_file(file).values()
    ]
    if as_json:
        print(json.dumps({"tokens": rows}))
        return
    for row in rows:
        print(
            f"{row['name']}  {row['state']}  created {row['created']}  {'ends ' + row['expires'] if row['expires'] else 'no end'}"
        )


@tokens_app.command()
def revoke(name: Name, file: File) -> None:
    """Take a token out of use."""
    revoke_token(file, name)
    print_message(f"revoked {name}")
