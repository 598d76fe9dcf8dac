"""No template of the page can put a text into the page that is more than text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

import sorot.serving.page as page
from sorot.serving.page.common.templates import notice_html, render

ROOM = Path(page.__file__).parent
TEMPLATES = sorted(ROOM.rglob("*.j2"))
MACRO = re.compile(r"\{\{-?\s*\w+\([^{}]*\)\s*-?\}\}")
ADDRESS = re.compile(r'(?:href|action|formaction|srcdoc)="[^"]*$')


def without_expressions(text: str) -> str:
    """The same length of text in which quotes within {{ }} and {% %} cannot be taken for those of an attribute."""
    return re.sub(r"\{[{%].*?[%}]\}", lambda m: m[0].replace('"', "'").replace("<", " ").replace(">", " "), text, flags=re.S)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOM).as_posix())
def test_every_value_is_escaped_where_it_stands(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|<script|\son[a-z]+=", text)
    plain = without_expressions(text)
    for tag in re.finditer(r"<[a-z][^<>]*>", plain):
        for expression in re.finditer(r"\{\{", tag[0]):
            before = tag[0][: expression.start()]
            # Escaping keeps a value inside quotes, and nowhere else in a tag; a macro's own attributes are checked where it stands.
            assert before.count('"') % 2 == 1 or MACRO.match(tag[0][expression.start() :]), tag[0]
            # A handler gives a web address only where it begins with http.
            checked = tag[0][expression.start() :].startswith("{{ web_address }}")
            assert checked or not ADDRESS.search(before), f"escaping does not stop javascript: in {tag[0]}"


def test_only_templates_make_markup() -> None:
    makers = {
        p.relative_to(ROOM).as_posix() for p in ROOM.rglob("*.py") if re.search(r"\bMarkup\(", p.read_text(encoding="utf-8"))
    }
    assert makers == {"common/templates.py", "corpus/view.py"}


@given(st.text(alphabet=st.sampled_from("<>&\"'`a/=!-; \n{}%"), max_size=40))
def test_a_hostile_text_stays_text(text: str) -> None:
    shown = notice_html(text)
    inside = shown[shown.index(">") + 1 : shown.rindex("<")]
    assert "<" not in inside and ">" not in inside and '"' not in inside


def test_a_missing_value_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        render("article/removed.html.j2", removed=[])
