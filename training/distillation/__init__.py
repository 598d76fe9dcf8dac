"""Learning from a larger model: soft labels on unlabelled articles, a shorter encoder."""
