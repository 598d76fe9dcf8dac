"""Continued masked-language pretraining."""
