"""The Corpus tab."""
