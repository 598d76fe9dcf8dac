"""Experiment trackers, which receive the Trainer's log: check that they are installed, and name one that fails to start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any

from transformers import Trainer
from transformers.integrations import get_reporting_integration_callbacks

from sorot.training.recipe import RecipeError


def require_trackers(trackers: Sequence[str]) -> None:
    """Raise RecipeError for a tracker that the Trainer does not know or that is not installed; called before hours of work."""
    for tracker in trackers:
        try:
            get_reporting_integration_callbacks([tracker])
        except ValueError as error:
            raise RecipeError(f"train.trackers: {error}") from error
        modules = ("tensorboard", "tensorboardX") if tracker == "tensorboard" else (tracker,)
        if not any(find_spec(module) for module in modules):
            raise RecipeError(f"train.trackers: {tracker} is not installed; run: pip install {tracker}")


def explain_tracker_errors(trainer: Trainer, trackers: Sequence[str]) -> None:
    """Turn any error that a tracker raises at the start of training into a RecipeError that names the tracker.

    Other errors stay unchanged.
    """
    for tracker in trackers:
        kinds = tuple(get_reporting_integration_callbacks([tracker]))
        for callback in trainer.callback_handler.callbacks:
            if isinstance(callback, kinds):
                callback.on_train_begin = partial(_start, tracker, callback.on_train_begin)


def _start(tracker: str, start: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    try:
        return start(*arguments, **options)
    except Exception as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise RecipeError(f"train.trackers: {tracker} cannot start ({reason}); change its setup or remove it") from error
