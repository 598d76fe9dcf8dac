"""Answers of the page that nobody fetches: of visitors without end, and of calls that outlive their visitor."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("gradio")
import gradio as gr
from gradio.queueing import Event
from gradio.server_messages import ProcessCompletedMessage

from sorot.serving.host.page_queue import PageQueue
from sorot.serving.host.page_sessions import Sessions
from sorot.serving.limits import Limits

# Half of it is for answers.
LIMITS = Limits(waiting_bytes=1_000_000, body_bytes=1_000_000)
ANSWER = "a" * 50_000


def make_page() -> tuple[gr.Blocks, Sessions]:
    with gr.Blocks() as page:
        gr.Button("Analisis").click(lambda: None)
    sessions = Sessions()
    PageQueue(page, sessions, LIMITS)
    return page, sessions


def answer(page: gr.Blocks, session: str) -> None:
    """A call's answer, as Gradio puts it into the visitor's queue."""
    event = Event(session, page.fns[0], None, None)  # type: ignore[arg-type]
    page._queue.send_message(event, ProcessCompletedMessage(output={"data": [ANSWER]}, success=True))


def unfetched(page: gr.Blocks) -> dict[str, int]:
    return {session: messages.qsize() for session, messages in page._queue.pending_messages_per_session.items()}


def test_all_visitors_together_have_a_bound_and_open_pages_go_last() -> None:
    page, sessions = make_page()
    with sessions.opened("terbuka"):
        for session in ("terbuka", *(f"lewat{n}" for n in range(100))):
            page._queue.pending_messages_per_session[session] = asyncio.Queue()
            answer(page, session)
    held = unfetched(page)
    assert held["terbuka"] == 1 and 5 <= sum(held.values()) <= 10


def test_a_forgotten_visitors_late_answer_is_dropped() -> None:
    page, _ = make_page()
    answer(page, "lupa")
    assert unfetched(page) == {}


def test_what_was_fetched_does_not_count() -> None:
    page, _ = make_page()
    messages: asyncio.Queue[object] = asyncio.Queue()
    page._queue.pending_messages_per_session["rajin"] = messages
    for _ in range(100):
        answer(page, "rajin")
        messages.get_nowait()
    answer(page, "rajin")
    assert unfetched(page) == {"rajin": 1}
