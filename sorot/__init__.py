"""Sorot: topics, stance, sentiment and the sentences that show them, for Indonesian news as it was scraped."""
