"""The Article tab."""
