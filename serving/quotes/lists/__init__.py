"""The lists of words that the rules look for."""
