"""Bounds what the page's queue holds, by bytes: calls that wait, and answers that nobody has fetched."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.queueing import Event
from gradio.server_messages import EventMessage

from sorot.serving.host.page_sessions import Sessions
from sorot.serving.limits import Limits
from sorot.serving.service.problems import RefusedError

# A visitor's share: some dozen answers.
SESSION_PART = 8
TOO_MANY_WAIT = RefusedError(429, "too many calls of the page wait; try again in some seconds", retry_after=5)
FETCH_FIRST = RefusedError(429, "answers of earlier calls were not fetched; fetch them, or open the page again", retry_after=5)


class PageQueue:
    """Counts the bytes in the queue of a page; half of `waiting_bytes` for calls, as much for answers."""

    def __init__(self, page: gr.Blocks, sessions: Sessions, limits: Limits) -> None:
        self._queue, self._sessions = page._queue, sessions
        self._most = limits.waiting_bytes // 2
        # Bytes of messages by their id; what was fetched since is struck off when they are summed.
        self._sizes: dict[int, int] = {}
        send = self._queue.send_message

        def send_and_count(event: Event, event_message: EventMessage) -> None:
            # Calls of a forgotten session may still run: nobody can fetch their answers.
            if event.session_hash not in self._queue.pending_messages_per_session:
                return
            self._sizes[id(event_message)] = count_bytes(getattr(event_message, "output", None))
            send(event, event_message)
            self._forget_largest()

        self._queue.send_message = send_and_count

    def refusal(self, session: str | None, n_bytes: int) -> RefusedError | None:
        """Why another call of so many bytes is not taken now; None if it is."""
        waiting = sum(count_bytes(event.data.data) for event in list(self._queue.event_ids_to_events.values()) if event.data)
        if waiting + n_bytes > self._most:
            return TOO_MANY_WAIT
        if session is not None and self._unfetched().get(session, 0) > self._most // SESSION_PART:
            return FETCH_FIRST
        return None

    def _unfetched(self) -> dict[str, int]:
        """Bytes of messages by session. Gradio takes a message off the session's queue when it sends it."""
        held = {
            session: [id(message) for message in messages._queue]
            for session, messages in self._queue.pending_messages_per_session.items()
        }
        self._sizes = {one: self._sizes[one] for ids in held.values() for one in ids if one in self._sizes}
        return {session: sum(self._sizes.get(one, 0) for one in ids) for session, ids in held.items()}

    def _forget_largest(self) -> None:
        """While answers are more than all may be, drop those of the session with most, an open page's last."""
        if sum(self._sizes.values()) <= self._most:
            return
        sizes = self._unfetched()
        total = sum(sizes.values())
        for session in sorted(sizes, key=lambda s: (s in self._sessions, -sizes[s])):
            if total <= self._most:
                return
            total -= sizes[session]
            self._queue.pending_event_ids_session.pop(session, None)
            self._queue.pending_messages_per_session.pop(session, None)


def count_bytes(value: Any) -> int:
    """About the size of a JSON value: its characters, and some bytes a value."""
    total, pending = 0, [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, list | tuple):
            pending += one
        total += 64
    return total
