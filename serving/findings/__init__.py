"""What a scored corpus shows, with its error: shares, changes, drift, audit samples."""
