"""Every template of the page escapes the text it is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.exceptions import UndefinedError

from sorot.serving.page.common.templates import PAGE_FOLDER, notice_html, render

HOSTILE = "<script>alert(1)</script>"
TEMPLATES = sorted(str(path.relative_to(PAGE_FOLDER)) for path in PAGE_FOLDER.rglob("*.j2"))


def test_a_value_is_escaped_and_a_missing_one_is_an_error() -> None:
    assert HOSTILE not in notice_html(HOSTILE) and "&lt;script&gt;" in notice_html(HOSTILE)
    with pytest.raises(UndefinedError):
        render("common/notice.html.j2")


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_switches_escaping_off(template: str) -> None:
    source = (PAGE_FOLDER / template).read_text(encoding="utf-8")
    tree: Any = Environment(loader=FileSystemLoader(PAGE_FOLDER)).parse(source)
    assert not {found.name for found in tree.find_all(nodes.Filter)} & {"safe", "forceescape"}
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier))


def test_views_make_no_html_of_their_own() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in Path(PAGE_FOLDER).rglob("*.py")}
    assert not [path.name for path, source in sources.items() if "</" in source and path.name not in ("tab.py", "card.py")]
