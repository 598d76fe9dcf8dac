"""A model bundle in, analyses out. Never imports `training` or torch."""
