"""How much the service takes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

# UTF-8 and its kin have no longer ones.
CHARACTER_BYTES = 4


class Limits(BaseModel):
    """The bounds of one service; GET /v1/model tells them to callers."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    body_bytes: int = Field(default=8_000_000, ge=1, description="of a request's body")
    characters: int = Field(default=200_000, ge=1, description="of one article's text, also where it was found in HTML")
    html_characters: int = Field(default=2_000_000, ge=1, description="of one page's HTML source")
    sentences: int = Field(
        default=5_000, ge=1, description="of one article; and of all articles whose contributions one request asks for"
    )
    articles: int = Field(default=64, ge=1, description="of one batch")
    queue: int = Field(default=256, ge=1, description="articles that are taken and not yet answered, over all callers")
    batch_tokens: int = Field(
        default=8_192, ge=1, description="that are scored together, estimated; a longer article is scored alone"
    )
    body_seconds: float = Field(default=20.0, gt=0, description="for a request's body to arrive")
    rate: int = Field(default=600, ge=1, description="POST requests a minute with one token")
    streams: int = Field(default=256, ge=1, description="GET requests that are open at once with one token")
    sessions: int = Field(default=200, ge=1, description="visitors of the page that are remembered at once")
    session_seconds: float = Field(
        default=600.0, gt=0, description="that a visitor is remembered after the last call, once the page is closed"
    )
    stop_seconds: float = Field(default=10.0, gt=0, description="for what is queued to be answered when the service stops")

    @model_validator(mode="after")
    def _check(self) -> Limits:
        if self.articles > self.queue:
            raise ValueError("a batch may not hold more articles than the queue")
        return self

    @property
    def upload_bytes(self) -> int:
        """Of a file for the page: more than the page reads, so that it can say itself what to do with a larger one."""
        return 4 * self.body_bytes

    @property
    def held_bytes(self) -> int:
        """Of all files for the page that are there at once."""
        return 64 * self.upload_bytes


DEFAULT_LIMITS = Limits()
