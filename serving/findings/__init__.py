"""What a scored corpus shows: its numbers, reports and queries."""
