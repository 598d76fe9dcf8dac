"""What Gradio remembers of visitors, and when it is forgotten: it would keep what was pasted until 10,000 others had come."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import gradio as gr

SWEEP_SECONDS = 1.0


class Sessions:
    """The visitors whose page is open: it holds a stream as long as it is."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def __contains__(self, session: str) -> bool:
        return self._open[session] > 0

    @contextmanager
    def opened(self, session: str | None) -> Iterator[None]:
        """A page is open while the context is; None for a request that is no such stream."""
        if session is None:
            yield
            return
        self._open[session] += 1
        try:
            yield
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]


async def forget_for_ever(page: gr.Blocks, sessions: Sessions, seconds: float) -> None:
    """Until it is cancelled: forget visitors `seconds` after their last call, unless their page is open."""
    while True:
        await asyncio.sleep(min(SWEEP_SECONDS, seconds))
        forget(page, sessions, seconds)


def forget(page: gr.Blocks, sessions: Sessions, seconds: float) -> None:
    """Forget once, in the loop: what components held, and answers that nobody has fetched."""
    holder, queue = page.state_holder, page._queue
    before = datetime.now() - timedelta(seconds=seconds)
    for session, used in list(holder.time_last_used.items()):
        if session in sessions:
            # Where there are too many, the one that was used longest ago goes: let that be one whose page is closed.
            holder.update(session)
        elif used < before and not _waited_for(queue, session):
            holder.delete_state(session)
            with holder.lock:
                holder.session_data.pop(session, None)
                holder.time_last_used.pop(session, None)
    for session in {*queue.pending_event_ids_session, *queue.pending_messages_per_session}:
        if session not in holder and session not in sessions and not _waited_for(queue, session):
            queue.pending_event_ids_session.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)


def _waited_for(queue: gr.queueing.Queue, session: str) -> bool:
    """Whether something is still being worked on for a visitor."""
    return any(event in queue.event_ids_to_events for event in queue.pending_event_ids_session.get(session, ()))
