"""The page's HTML: every text goes through a template that escapes it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

PAGE_FOLDER = Path(__file__).parent.parent


def render(template: str, **values: object) -> Markup:
    """The HTML of a template of the page, by its path such as 'article/verdict.html.j2'; every value is escaped.

    Raises jinja2.UndefinedError for a value that the template needs and did not get.
    """
    return Markup(_environment().get_template(template).render(values).strip())


def notice_html(message: str) -> str:
    """A sentence that says why there is no result, or what to note about it."""
    return render("common/notice.html.j2", message=message)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGE_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
