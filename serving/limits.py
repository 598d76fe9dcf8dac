"""Limits of the service."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sorot.data.budget import SERVICE_BUDGET, Budget

# The longest character in UTF-8, UTF-16 and UTF-32.
CHARACTER_BYTES = 4
# No service accepts larger batches.
MOST_ARTICLES = 4096


class Limits(BaseModel):
    """The limits of one service; callers read them from GET /v1/model."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    body_bytes: int = Field(default=8_000_000, ge=1, description="Bytes per request body.")
    characters: int = Field(
        default=SERVICE_BUDGET.characters, ge=1, description="Characters per article, as text or found in HTML."
    )
    html_characters: int = Field(default=2_000_000, ge=1, description="Characters of HTML source per page.")
    sentences: int = Field(
        default=5_000, ge=1, description="Sentences per article; and in all articles of a request that asks for contributions."
    )
    articles: int = Field(default=64, ge=1, le=MOST_ARTICLES, description="Articles per batch.")
    queue: int = Field(default=256, ge=1, description="Articles accepted and not yet answered, over all callers.")
    batch_tokens: int = Field(
        default=8_192, ge=1, description="Estimated tokens scored together; a longer article is scored alone."
    )
    article_seconds: int = Field(
        default=int(SERVICE_BUDGET.seconds), ge=1, description="Seconds of CPU time to read and clean one article."
    )
    article_memory: int = Field(
        default=SERVICE_BUDGET.memory, ge=50_000_000, description="Bytes of memory to read and clean one article."
    )
    waiting_bytes: int = Field(
        default=64_000_000, ge=1, description="Bytes of all requests that were received and not yet answered."
    )
    answer_seconds: float = Field(default=60.0, gt=0, description="Seconds for an answer, once the body has arrived.")
    body_seconds: float = Field(default=20.0, gt=0, description="Seconds for a request body to arrive.")
    rate: int = Field(default=600, ge=1, description="POST requests per minute and token.")
    streams: int = Field(default=256, ge=1, description="Open GET requests per token.")
    sessions: int = Field(default=200, ge=1, description="Visitors of the page stored at once.")
    session_seconds: float = Field(
        default=600.0, gt=0, description="Seconds a visitor is stored after the last call, once the page is closed."
    )
    stop_seconds: float = Field(default=10.0, gt=0, description="Seconds to answer queued articles when the service stops.")

    @model_validator(mode="after")
    def _check(self) -> Limits:
        if self.articles > self.queue:
            raise ValueError("articles must not exceed queue: a batch has to fit into it")
        if self.body_bytes > self.waiting_bytes:
            raise ValueError("body_bytes must not exceed waiting_bytes: a body has to fit into it")
        return self

    @property
    def budget(self) -> Budget:
        """The budget of one article; that of a whole file grows with it."""
        file_seconds = self.article_seconds * SERVICE_BUDGET.file_seconds / SERVICE_BUDGET.seconds
        return replace(
            SERVICE_BUDGET,
            characters=self.characters,
            seconds=float(self.article_seconds),
            file_seconds=file_seconds,
            memory=self.article_memory,
        )

    @property
    def upload_bytes(self) -> int:
        """Bytes per uploaded file: more than the page reads, so that the page itself can refuse a larger one."""
        return 4 * self.body_bytes

    @property
    def held_bytes(self) -> int:
        """Bytes of all uploaded files that are stored at once."""
        return 64 * self.upload_bytes


DEFAULT_LIMITS = Limits()
