"""Trainable models: the text encoder, the token heads on it, the linear part, and fine-tuning."""
