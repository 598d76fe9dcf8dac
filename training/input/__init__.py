"""Training input: labelled articles by recipe, token batches, label counts."""
