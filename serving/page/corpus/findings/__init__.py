"""Findings over the filtered corpus: shares with their error, who is quoted, stories, and the report."""
