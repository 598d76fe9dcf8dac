"""Trackers, which the Trainer tells its log to: whether they are there, and whose fault it is where one does not begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any

from transformers import Trainer
from transformers.integrations import get_reporting_integration_callbacks

from sorot.training.recipe import RecipeError


def require_trackers(trackers: Sequence[str]) -> None:
    """Raise RecipeError for a tracker that the Trainer does not know or that is not installed, before hours of work."""
    for tracker in trackers:
        try:
            get_reporting_integration_callbacks([tracker])
        except ValueError as error:
            raise RecipeError(f"train.trackers: {error}") from error
        modules = ("tensorboard", "tensorboardX") if tracker == "tensorboard" else (tracker,)
        if not any(find_spec(module) for module in modules):
            raise RecipeError(f"train.trackers: {tracker} is not installed; run: pip install {tracker}")


def name_trackers(trainer: Trainer, trackers: Sequence[str]) -> None:
    """Have what a tracker raises when training begins be a RecipeError that names it; all other errors stay as they are."""
    for tracker in trackers:
        kinds = tuple(get_reporting_integration_callbacks([tracker]))
        for callback in trainer.callback_handler.callbacks:
            if isinstance(callback, kinds):
                callback.on_train_begin = partial(_begin, tracker, callback.on_train_begin)


def _begin(tracker: str, begin: Callable[..., Any], *given: Any, **named: Any) -> Any:
    try:
        return begin(*given, **named)
    except Exception as error:
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        raise RecipeError(f"train.trackers: {tracker} cannot begin ({why}); set it up otherwise, or leave it out") from error
