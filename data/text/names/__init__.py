"""Finding names of people in a text."""
