"""Training runs: steps, step cache and dry run."""
