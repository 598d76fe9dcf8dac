"""Error messages of the page: one sentence, never the pasted text."""

from __future__ import annotations

import functools
import os
import traceback
from collections.abc import Callable
from types import SimpleNamespace
from typing import ParamSpec, TypeVar

import gradio as gr
from gradio import queueing, route_utils, routes

from sorot.data.errors import TRACEBACK, SorotError
from sorot.serving.page.common.words import page_text
from sorot.serving.words.language import LANGUAGES

P = ParamSpec("P")
R = TypeVar("R")


def show_errors(handler: Callable[P, R]) -> Callable[P, R]:
    """Wrap a handler: the page shows the message of a typed error, and only the class name of any other.

    Gradio prints the traceback of what a handler raises, and a traceback may hold the article.
    """

    @functools.wraps(handler)
    def wrapped(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return handler(*arguments, **named)
        except gr.Error:
            raise
        except SorotError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            # A handler does not know the page's language.
            said = " / ".join(page_text("internal", language, name=type(error).__name__) for language in LANGUAGES)
            raise gr.Error(said, print_exception=False) from None

    return wrapped


def silence_gradio_tracebacks() -> None:
    """Have Gradio print no traceback of its own: it quotes all inputs where one is wrong, before any handler is asked."""

    def print_exc() -> None:
        if os.environ.get(TRACEBACK):
            traceback.print_exc()

    for module in (queueing, routes, route_utils):
        module.traceback = SimpleNamespace(print_exc=print_exc)
