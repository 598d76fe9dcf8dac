"""What a corpus shows beyond its single articles."""
