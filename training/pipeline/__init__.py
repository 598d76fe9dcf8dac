"""A training run: its steps, their cache, and a dry run."""
