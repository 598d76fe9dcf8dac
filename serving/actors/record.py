"""The JSON form of an article's actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sorot.data.article import Article
from sorot.serving.actors.corpus import count_quoted
from sorot.serving.actors.mention import Mention
from sorot.serving.names.table import shipped_actors
from sorot.serving.quotes.find import find_quotes


def actors_record(article: Article, mentions: Sequence[Mention]) -> dict[str, Any]:
    """An article's actors in the order of their first mention, each with its mentions and the number of its quotes."""
    quoted = count_quoted(find_quotes(article.title, article.body), mentions, shipped_actors())
    actors: dict[str, dict[str, Any]] = {}
    for one in mentions:
        actor = actors.setdefault(
            one.actor, {"actor": one.actor, "name": one.name, "type": one.type, "quoted": quoted[one.actor], "mentions": []}
        )
        actor["mentions"].append({"start": one.start, "end": one.end, "text": one.text})
    return {"id": article.id, "body": article.body, "actors": list(actors.values())}


def rename_people(record: dict[str, Any], joined: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The record with people joined over the corpus; `joined` maps an id to the id and name of the longer name."""
    actors: dict[str, dict[str, Any]] = {}
    for actor in record["actors"]:
        key, name = joined.get(actor["actor"], (actor["actor"], actor["name"]))
        if key not in actors:
            actors[key] = {**actor, "actor": key, "name": name}
        else:
            actors[key]["quoted"] += actor["quoted"]
            actors[key]["mentions"] += actor["mentions"]
    return {**record, "actors": list(actors.values())}
