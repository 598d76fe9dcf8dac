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
        self._answers: dict[str, int] = {}
        send = self._queue.send_message

        def send_and_count(event: Event, event_message: EventMessage) -> None:
            output = getattr(event_message, "output", None)
            if output is not None:
                self._answers[event._id] = self._answers.get(event._id, 0) + count_bytes(output)
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
        """Bytes of answers by session. Gradio strikes an answer off its list once it is sent."""
        listed = self._queue.pending_event_ids_session
        known = {event for events in listed.values() for event in events}
        self._answers = {event: size for event, size in self._answers.items() if event in known}
        return {session: sum(self._answers.get(event, 0) for event in events) for session, events in listed.items()}

    def _forget_largest(self) -> None:
        """While answers are more than all may be, drop those of the session with most, an open page's last."""
        if sum(self._answers.values()) <= self._most:
            return
        sizes = self._unfetched()
        for session in sorted(sizes, key=lambda s: (s in self._sessions, -sizes[s])):
            if sum(self._answers.values()) <= self._most:
                return
            for event in self._queue.pending_event_ids_session.pop(session, ()):
                self._answers.pop(event, None)
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
