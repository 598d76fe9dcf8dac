"""Sentences about tasks; the functions live in `sorot.serving.words`, which reports use too."""

from sorot.serving.words.task_words import capitalised, default_text, enumerate_names, inside, task_text

__all__ = ["capitalised", "default_text", "enumerate_names", "inside", "task_text"]
