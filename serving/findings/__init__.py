"""What a corpus shows beyond its single articles: numbers with their error, copies and stories, reports and queries."""
