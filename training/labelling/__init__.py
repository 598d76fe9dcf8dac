"""Label quality and what to label next."""
