"""Review of articles by people: a queue ordered by the model's doubt, a folder of answers, an export for training."""
