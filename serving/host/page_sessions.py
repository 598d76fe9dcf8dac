"""Deletes what Gradio stores for a visitor soon after the last call. By default it keeps pasted text until 10,000 others came."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import gradio as gr

SWEEP_SECONDS = 1.0


class Sessions:
    """The visitors whose page is open; an open page holds a heartbeat stream."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def __contains__(self, session: str) -> bool:
        return self._open[session] > 0

    @contextmanager
    def opened(self, session: str | None) -> Iterator[None]:
        """Counts the page as open while the context lasts. None stands for a request without such a stream."""
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


async def sweep_sessions(page: gr.Blocks, sessions: Sessions, seconds: float) -> None:
    """Forget visitors `seconds` after their last call unless their page is open. Runs until cancelled."""
    while True:
        await asyncio.sleep(min(SWEEP_SECONDS, seconds))
        forget_idle_sessions(page, sessions, seconds)


def forget_idle_sessions(page: gr.Blocks, sessions: Sessions, seconds: float) -> None:
    """Delete component values and unfetched answers of idle visitors. Must run in the event loop."""
    holder, queue = page.state_holder, page._queue
    cutoff = datetime.now() - timedelta(seconds=seconds)
    for session, last_used in list(holder.time_last_used.items()):
        if session in sessions:
            # Gradio drops the least recently used session when there are too many: keep it from being an open one.
            holder.update(session)
        elif last_used < cutoff and not _has_pending(queue, session):
            holder.delete_state(session)
            with holder.lock:
                holder.session_data.pop(session, None)
                holder.time_last_used.pop(session, None)
    for session in {*queue.pending_event_ids_session, *queue.pending_messages_per_session}:
        if session not in holder and session not in sessions and not _has_pending(queue, session):
            queue.pending_event_ids_session.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)


def _has_pending(queue: gr.queueing.Queue, session: str) -> bool:
    """Whether a call of this visitor is still queued or running."""
    return any(event in queue.event_ids_to_events for event in queue.pending_event_ids_session.get(session, ()))
