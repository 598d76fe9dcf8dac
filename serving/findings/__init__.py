"""What a scored corpus shows: its numbers with their error, reports and queries."""
