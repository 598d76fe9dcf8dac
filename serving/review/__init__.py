"""Articles that people review: queued by the model's doubt, kept in a folder, exported for retraining."""
